"""协作区: proposed, agreed, approved, started, evaluated and dissolved; who takes part, and who answers for what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Page, page_answer
from ronghe.api.v1.zone_keeping import router as keeping
from ronghe.api.v1.zone_keeping import zone_seen
from ronghe.api.v1.zone_shapes import (
    ZoneAdvice,
    ZoneAnswer,
    ZoneApproval,
    ZoneArchive,
    ZoneChangeRequest,
    ZoneComment,
    ZoneDissolutionRequest,
    ZoneEnding,
    ZoneEvaluationRequest,
    ZoneFiguresAnswer,
    ZoneParameterRequest,
    ZoneParameterRow,
    ZoneProposal,
    ZoneReasonRequest,
    ZoneRow,
    ZoneStart,
    zone_answer,
)
from ronghe.api.v1.zone_sheets import router as sheets
from ronghe.domain.appraisal.selectors.zones import final_score_of
from ronghe.domain.org.enums import PARTY_KINDS, WORKING_KINDS
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.rhythm.selectors.zone_endings import left_open
from ronghe.domain.zones.enums import AdviceParameter, ZoneMode, ZoneState
from ronghe.domain.zones.models import (
    CollaborationZone,
    ParticipatingUnit,
    ZoneDissolution,
)
from ronghe.domain.zones.rules import FOUND_ZONE
from ronghe.domain.zones.selectors import (
    list_zones,
)
from ronghe.domain.zones.selectors.advice import advice_for, parameter_rows
from ronghe.domain.zones.selectors.endings import what_ends
from ronghe.domain.zones.selectors.figures import zone_figures
from ronghe.domain.zones.selectors.records import archive_of
from ronghe.domain.zones.services.dissolving import dissolve_zone
from ronghe.domain.zones.services.evaluating import comment_evaluation, evaluate_zone
from ronghe.domain.zones.services.founding import (
    agree_zone,
    approve_zone,
    change_zone,
    propose_zone,
    return_zone,
    start_zone,
    withdraw_zone,
)
from ronghe.domain.zones.services.parameters import set_parameter

router = Router(tags=["zones"])
router.add_router("", keeping)
router.add_router("", sheets)
SPONSORS = PARTY_KINDS - WORKING_KINDS


@router.get("/", response=Page[ZoneRow], summary="协作区清单", operation_id="zones_list")
def zone_list(
    request: HttpRequest, q: str = Query("", max_length=80), state: ZoneState | None = None, mode: ZoneMode | None = None,
    sponsor: int | None = Query(None, ge=1, le=2**62), page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    listed = list_zones(
        actor_of(request), timezone.now(), words=q, state=state or "", mode=mode or "", sponsor=sponsor, page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    return page_answer(listed)


@router.get("/figures", response=ZoneFiguresAnswer, summary="协作区总览", operation_id="zones_figures")
def zone_figures_(request: HttpRequest) -> Any:
    now = timezone.now()
    return zone_figures(actor_of(request), now, local_day(now))


@router.get("/advice", response=ZoneAdvice, summary="建区方式的建议", operation_id="zones_advice")
def zone_advice(
    request: HttpRequest, sponsor: int = Query(..., ge=1, le=2**62),
    projects: list[int] = Query(..., min_length=1, max_length=50),  # noqa: B008 - as ninja declares a parameter
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(_sponsors(actor, now), pk=sponsor)
    found = [get_object_or_404(projects_seen_by(actor, now), pk=pk) for pk in projects]
    return advice_for(found, body, local_day(now))


@router.get(
    "/parameters/{body_id}", response=list[ZoneParameterRow], summary="建区建议的参数", operation_id="zones_parameters"
)
def zone_parameters(request: HttpRequest, body_id: int) -> Any:
    now = timezone.now()
    return parameter_rows(get_object_or_404(_sponsors(actor_of(request), now), pk=body_id))


@router.put(
    "/parameters/{body_id}/{name}", response=list[ZoneParameterRow], summary="改建区建议的一个参数",
    operation_id="zones_parameter_set",
)  # fmt: skip
def zone_parameter_set(request: HttpRequest, body_id: int, name: AdviceParameter, data: ZoneParameterRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(_sponsors(actor, now), pk=body_id)
    set_parameter(body=body, name=name, value=data.value, actor=actor, at=now)
    return parameter_rows(body)


@router.post("/", response={201: ZoneAnswer}, summary="拟建协作区", operation_id="zones_propose")
def zone_propose(request: HttpRequest, data: ZoneProposal) -> Any:
    actor, now = actor_of(request), timezone.now()
    sponsor = get_object_or_404(_sponsors(actor, now), pk=data.sponsor)
    projects = [get_object_or_404(projects_seen_by(actor, now), pk=pk) for pk in dict.fromkeys(data.projects)]
    given = {**data.dict(), "sponsor": sponsor, "projects": projects}
    return Status(201, zone_answer(propose_zone(actor=actor, at=now, **given), now))


@router.get("/{zone_id}", response=ZoneAnswer, summary="一个协作区", operation_id="zones_detail")
def zone_detail(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return zone_answer(zone_seen(request, zone_id, now), now)


@router.patch("/{zone_id}", response=ZoneAnswer, summary="改协作区的名称、任务、地点", operation_id="zones_change")
def zone_change(request: HttpRequest, zone_id: int, data: ZoneChangeRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    sent = data.dict(exclude_unset=True).items()
    changes = {name: value for name, value in sent if value is not None or name == "place"}
    return zone_answer(change_zone(zone=zone, actor=actor_of(request), at=now, **changes), now)


@router.post("/{zone_id}/agree", response=ZoneAnswer, summary="各方同意建区", operation_id="zones_agree")
def zone_agree(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return zone_answer(agree_zone(zone=zone_seen(request, zone_id, now), actor=actor_of(request), at=now), now)


@router.post("/{zone_id}/return", response=ZoneAnswer, summary="退回建区申请", operation_id="zones_return")
def zone_return(request: HttpRequest, zone_id: int, data: ZoneReasonRequest) -> Any:
    now = timezone.now()
    zone = return_zone(zone=zone_seen(request, zone_id, now), reason=data.reason, actor=actor_of(request), at=now)
    return zone_answer(zone, now)


@router.post("/{zone_id}/withdraw", response=ZoneAnswer, summary="撤回建区申请", operation_id="zones_withdraw")
def zone_withdraw(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return zone_answer(withdraw_zone(zone=zone_seen(request, zone_id, now), actor=actor_of(request), at=now), now)


@router.post("/{zone_id}/approve", response=ZoneAnswer, summary="批准建区", operation_id="zones_approve")
def zone_approve(request: HttpRequest, zone_id: int, data: ZoneApproval) -> Any:
    now = timezone.now()
    zone = approve_zone(
        zone=zone_seen(request, zone_id, now), approval_ref=data.approval_ref, actor=actor_of(request), at=now
    )
    return zone_answer(zone, now)


@router.post("/{zone_id}/start", response=ZoneAnswer, summary="启动协作区", operation_id="zones_start")
def zone_start(request: HttpRequest, zone_id: int, data: ZoneStart) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit = get_object_or_404(units_seen_by(actor, now), pk=data.office_below)
    zone = start_zone(zone=zone_seen(request, zone_id, now), office_below=unit, since=data.since, actor=actor, at=now)
    return zone_answer(zone, now)


@router.post("/{zone_id}/evaluate", response=ZoneAnswer, summary="评估协作区", operation_id="zones_evaluate")
def zone_evaluate(request: HttpRequest, zone_id: int, data: ZoneEvaluationRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    score = final_score_of(zone.body_id) if zone.body_id is not None else None
    quoted: dict[str, Any] = {}
    if score is not None:
        run, result = score
        quoted = {"score": result.score, "grade": result.grade or "", "score_source": f"#{run.pk} {run.period}"}
    evaluate_zone(zone=zone, actor=actor_of(request), at=now, **data.dict(), **quoted)
    return zone_answer(zone, now)


@router.post(
    "/{zone_id}/parties/{party_id}/comment",
    response={201: ZoneComment},
    summary="对评估提意见",
    operation_id="zones_comment",
)
def zone_comment(request: HttpRequest, zone_id: int, party_id: int, data: ZoneComment) -> Any:
    now = timezone.now()
    rows = ParticipatingUnit.objects.select_related("zone", "unit").filter(zone=zone_seen(request, zone_id, now))
    party = get_object_or_404(rows, pk=party_id)
    return Status(201, comment_evaluation(party=party, text=data.text, actor=actor_of(request), at=now))


@router.get("/{zone_id}/ending", response=ZoneEnding, summary="解散会带来什么", operation_id="zones_ending")
def zone_ending(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    FOUND_ZONE.require(actor_of(request), zone, at=now)
    going, left = what_ends(zone), left_open(zone)
    return {
        "ends": going.counts, "in_the_way": going.in_the_way, "unsettled": going.unsettled,
        "going_on": len(left.going_on), "planned": len(left.planned), "tasks": len(left.tasks),
    }  # fmt: skip


@router.post("/{zone_id}/dissolve", response=ZoneArchive, summary="解散协作区", operation_id="zones_dissolve")
def zone_dissolve(request: HttpRequest, zone_id: int, data: ZoneDissolutionRequest) -> Any:
    now = timezone.now()
    zone = zone_seen(request, zone_id, now)
    dissolve_zone(zone=zone, actor=actor_of(request), at=now, **data.dict())
    return _archive(zone)


@router.get("/{zone_id}/archive", response=ZoneArchive, summary="协作区存档", operation_id="zones_archive")
def zone_archive(request: HttpRequest, zone_id: int) -> Any:
    return _archive(zone_seen(request, zone_id, timezone.now()))


def _archive(zone: CollaborationZone) -> dict[str, Any]:
    dissolution = ZoneDissolution.objects.filter(zone=zone).first()
    return {
        "dissolved_on": zone.dissolved_on, "reason": dissolution.reason if dissolution is not None else "",
        "kept": archive_of(zone),
    }  # fmt: skip


def _sponsors(actor: Person, now: datetime) -> Any:
    return bodies_seen_by(actor, now).filter(kind__in=SPONSORS)
