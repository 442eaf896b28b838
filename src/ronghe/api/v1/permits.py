"""作业许可: permits from the request to the acceptance; the sites they are made out at are in `permit_sites`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.permit_shapes import (
    ConflictRow,
    ExtendRequest,
    GasRequest,
    GuardianRequest,
    LockRequest,
    MeasureRequest,
    PermitAnswer,
    PermitChange,
    PermitCodeRequest,
    PermitHandoverRequest,
    PermitNote,
    PermitPartGiven,
    PermitPersonRequest,
    PermitReason,
    PermitRequest,
    PermitRow,
    PermitSignRequest,
    PermitTextRequest,
    ReissueRequest,
    SiteCode,
    StopRequest,
)
from ronghe.api.v1.permit_sites import router as sites_router
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.documents import permit_document
from ronghe.domain.permits.enums import PermitKind, PermitState
from ronghe.domain.permits.models import Handover, Permit, PermitSite
from ronghe.domain.permits.selectors.permits import (
    conflicts_asked,
    list_permits,
    may_sign_as,
    permits_filtered,
    permits_seen_by,
    view_of,
)
from ronghe.domain.permits.selectors.sites import offices_of, people_offered, sites_to_request_at
from ronghe.domain.permits.services.codes import permit_code
from ronghe.domain.permits.services.handing import drop_handover, extend_permit, offer_handover, take_handover
from ronghe.domain.permits.services.requesting import (
    IsolationGiven,
    PartGiven,
    PermitText,
    RiskGiven,
    cancel_permit,
    change_permit,
    reissue_permit,
    reject_permit,
    request_permit,
    submit_permit,
)
from ronghe.domain.permits.services.securing import (
    check_measure,
    confirm_film,
    place_isolation,
    record_gas_test,
    remove_isolation,
)
from ronghe.domain.permits.services.signing import sign_permit
from ronghe.domain.permits.services.working import (
    activate_permit,
    complete_permit,
    name_coordinator,
    note_guardian,
    resume_permit,
    suspend_permit,
)
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["permits"])
router.add_router("", sites_router)
ACTS = {"submit": submit_permit, "activate": activate_permit, "resume": resume_permit, "film": confirm_film}
"""Acts that ask nothing but the permit."""


@router.get("", response=Page[PermitRow], summary="作业票清单", operation_id="permits_list")
def permit_list(
    request: HttpRequest, q: str = "", state: PermitState | None = None, kind: PermitKind | None = None,
    operation: str = "", site: int | None = None, mine: bool = False, live: bool = False, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor = actor_of(request)
    rows = permits_filtered(
        actor, words=q.strip(), state=state or "", kind=kind or "", operation=operation, site=site, mine=mine, live=live
    )
    return listed_answer(list_permits(actor, timezone.now(), rows, page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: PermitAnswer}, summary="申请作业票", operation_id="permits_request")
def permit_request(request: HttpRequest, wanted: PermitRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    site: PermitSite = get_object_or_404(sites_to_request_at(actor, now), pk=wanted.site)
    made = request_permit(
        site=site, operation=wanted.operation, text=_text(actor, now, wanted), parts=_parts(site, now, wanted.parts),
        risks=[RiskGiven(one.hazard, one.measure, one.step) for one in wanted.risks],
        isolations=[IsolationGiven(one.point, one.method, one.lock_no) for one in wanted.isolations],
        links=_links(actor, now, wanted.links), actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _whole(made, actor, now))


@router.get("/{int:permit_id}", response=PermitAnswer, summary="一张作业票", operation_id="permits_detail")
def permit_detail(request: HttpRequest, permit_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(_seen(actor, permit_id, now), actor, now)


@router.put("/{int:permit_id}", response=PermitAnswer, summary="更改作业票", operation_id="permits_change")
def permit_change(request: HttpRequest, permit_id: int, wanted: PermitChange) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    changed = change_permit(
        permit=permit, text=None if wanted.text is None else _text(actor, now, wanted.text),
        parts=None if wanted.parts is None else _parts(permit.site, now, wanted.parts),
        risks=None if wanted.risks is None else [RiskGiven(one.hazard, one.measure, one.step) for one in wanted.risks],
        isolations=None if wanted.isolations is None else [
            IsolationGiven(one.point, one.method, one.lock_no) for one in wanted.isolations
        ],
        links=None if wanted.links is None else _links(actor, now, wanted.links), actor=actor, at=now,
    )  # fmt: skip
    return _whole(changed, actor, now)


@router.get(
    "/{int:permit_id}/conflicts", response=list[ConflictRow], summary="与哪些作业冲突", operation_id="permits_conflicts"
)
def permit_conflicts(request: HttpRequest, permit_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return [
        {"rule": one.rule, "other": one.other, "words": one.words, "blocks": one.blocks, "is_issued": is_issued}
        for one, is_issued in conflicts_asked(_seen(actor, permit_id, now), now)
    ]


@router.get("/{int:permit_id}/print.{form}", summary="打印作业票", operation_id="permits_print")
def permit_print(request: HttpRequest, permit_id: int, form: PaperForm) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    return paper_answer(request, permit_document(view_of(permit, now), printed_on=local_day(now)), form, source=permit)


@router.get("/{int:permit_id}/code", response=SiteCode, summary="签字码", operation_id="permits_code")
def permit_sign_code(request: HttpRequest, permit_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return {"code": permit_code(_led(actor, permit_id, now), at=now)}


@router.post("/{int:permit_id}/sign", response=PermitAnswer, summary="签字", operation_id="permits_sign")
def permit_sign(request: HttpRequest, permit_id: int, wanted: PermitSignRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    sign_permit(
        permit=permit, role=wanted.role, digest=wanted.digest, office=wanted.office, code=wanted.code,
        place=wanted.place, actor=actor, at=now,
    )  # fmt: skip
    return _whole(_seen(actor, permit_id, now), actor, now)


@router.post("/{int:permit_id}/cancel", response=PermitAnswer, summary="取消", operation_id="permits_cancel")
def permit_cancel(request: HttpRequest, permit_id: int, wanted: PermitReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    done = cancel_permit(permit=_seen(actor, permit_id, now), reason=wanted.reason, actor=actor, at=now)
    return _whole(done, actor, now)


@router.post("/{int:permit_id}/reject", response=PermitAnswer, summary="不同意", operation_id="permits_reject")
def permit_reject(request: HttpRequest, permit_id: int, wanted: PermitReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    done = reject_permit(permit=_seen(actor, permit_id, now), reason=wanted.reason, actor=actor, at=now)
    return _whole(done, actor, now)


@router.post(
    "/{int:permit_id}/reissue", response={201: PermitAnswer}, summary="重新办票", operation_id="permits_reissue"
)
def permit_reissue(request: HttpRequest, permit_id: int, wanted: ReissueRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    made = reissue_permit(
        permit=_seen(actor, permit_id, now), starts_at=wanted.starts_at, ends_at=wanted.ends_at, reason=wanted.reason,
        actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _whole(made, actor, now))


@router.post("/{int:permit_id}/suspend", response=PermitAnswer, summary="叫停", operation_id="permits_suspend")
def permit_suspend(request: HttpRequest, permit_id: int, wanted: StopRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    return _whole(
        suspend_permit(permit=permit, reason=wanted.reason, note=wanted.note, actor=actor, at=now), actor, now
    )


@router.post(
    "/{int:permit_id}/guardian", response=PermitAnswer, summary="监护人到场、离场", operation_id="permits_guardian"
)
def permit_guardian(request: HttpRequest, permit_id: int, wanted: GuardianRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    return _whole(
        note_guardian(permit=permit, is_here=wanted.is_here, code=wanted.code, actor=actor, at=now), actor, now
    )


@router.post(
    "/{int:permit_id}/coordinator", response=PermitAnswer, summary="指定协调人", operation_id="permits_coordinator"
)
def permit_coordinator(request: HttpRequest, permit_id: int, wanted: PermitPersonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    person = _person(permit.site, wanted.person, now)
    return _whole(name_coordinator(permit=permit, person=person, actor=actor, at=now), actor, now)


@router.post("/{int:permit_id}/complete", response=PermitAnswer, summary="完工", operation_id="permits_complete")
def permit_complete(request: HttpRequest, permit_id: int, wanted: PermitNote) -> Any:
    actor, now = actor_of(request), timezone.now()
    done = complete_permit(permit=_seen(actor, permit_id, now), note=wanted.note, actor=actor, at=now)
    return _whole(done, actor, now)


@router.post("/{int:permit_id}/extend", response=PermitAnswer, summary="延期", operation_id="permits_extend")
def permit_extend(request: HttpRequest, permit_id: int, wanted: ExtendRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    done = extend_permit(permit=permit, until=wanted.until, code=wanted.code, note=wanted.note, actor=actor, at=now)
    return _whole(done, actor, now)


@router.post("/{int:permit_id}/gas", response=PermitAnswer, summary="记气体检测", operation_id="permits_gas")
def permit_gas(request: HttpRequest, permit_id: int, wanted: GasRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    record_gas_test(
        permit=permit, readings=wanted.readings, place=wanted.place, taken_at=wanted.taken_at,
        instrument=wanted.instrument, actor=actor, at=now,
    )  # fmt: skip
    return _whole(_seen(actor, permit_id, now), actor, now)


@router.post(
    "/{int:permit_id}/measures/{int:measure_id}",
    response=PermitAnswer,
    summary="确认措施",
    operation_id="permits_measure",
)
def permit_measure(request: HttpRequest, permit_id: int, measure_id: int, wanted: MeasureRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    row = get_object_or_404(permit.measures.select_related("permit__site"), pk=measure_id)
    check_measure(measure=row, state=wanted.state, note=wanted.note, actor=actor, at=now)
    return _whole(permit, actor, now)


@router.post(
    "/{int:permit_id}/isolations/{int:isolation_id}/place",
    response=PermitAnswer,
    summary="隔离",
    operation_id="permits_isolate",
)
def permit_isolate(request: HttpRequest, permit_id: int, isolation_id: int, wanted: LockRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    row = get_object_or_404(permit.isolations.select_related("permit__site"), pk=isolation_id)
    place_isolation(isolation=row, lock_no=wanted.lock_no, actor=actor, at=now)
    return _whole(permit, actor, now)


@router.post(
    "/{int:permit_id}/isolations/{int:isolation_id}/remove", response=PermitAnswer, summary="恢复隔离",
    operation_id="permits_restore",
)  # fmt: skip
def permit_restore(request: HttpRequest, permit_id: int, isolation_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    row = get_object_or_404(permit.isolations.select_related("permit__site"), pk=isolation_id)
    remove_isolation(isolation=row, actor=actor, at=now)
    return _whole(permit, actor, now)


@router.post("/{int:permit_id}/handovers", response=PermitAnswer, summary="交班", operation_id="permits_offer")
def permit_offer(request: HttpRequest, permit_id: int, wanted: PermitHandoverRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    offer_handover(
        permit=permit, role=wanted.role, to=_person(permit.site, wanted.person, now), note=wanted.note, card=wanted.card,
        card_until=wanted.card_until, actor=actor, at=now,
    )  # fmt: skip
    return _whole(permit, actor, now)


@router.post(
    "/{int:permit_id}/handovers/{int:handover_id}/take",
    response=PermitAnswer,
    summary="接班",
    operation_id="permits_take",
)
def permit_take(request: HttpRequest, permit_id: int, handover_id: int, wanted: PermitCodeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    taken = take_handover(handover=_offer(actor, permit_id, handover_id, now), code=wanted.code, actor=actor, at=now)
    return _whole(taken, actor, now)


@router.post(
    "/{int:permit_id}/handovers/{int:handover_id}/drop",
    response=PermitAnswer,
    summary="撤回交班",
    operation_id="permits_drop",
)
def permit_drop(request: HttpRequest, permit_id: int, handover_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    permit = _seen(actor, permit_id, now)
    drop_handover(handover=_offer(actor, permit_id, handover_id, now), actor=actor, at=now)
    return _whole(permit, actor, now)


@router.post(
    "/{int:permit_id}/{act}", response=PermitAnswer, summary="提交、开工、恢复、确认摄录", operation_id="permits_act"
)
def permit_act(request: HttpRequest, permit_id: int, act: str) -> Any:
    actor, now = actor_of(request), timezone.now()
    if act not in ACTS:
        raise NotFound
    return _whole(ACTS[act](permit=_seen(actor, permit_id, now), actor=actor, at=now), actor, now)


def _seen(actor: Person, key: int, now: datetime) -> Permit:
    found: Permit = get_object_or_404(permits_seen_by(actor, now), pk=key)
    return found


def _led(actor: Person, key: int, now: datetime) -> Permit:
    from ronghe.domain.permits.rules import LEAD_PERMIT

    permit = _seen(actor, key, now)
    LEAD_PERMIT.require(actor, permit, at=now)
    return permit


def _offer(actor: Person, permit_id: int, key: int, now: datetime) -> Handover:
    permit = _seen(actor, permit_id, now)
    found: Handover = get_object_or_404(permit.handovers.select_related("permit__site"), pk=key)
    return found


def _person(site: PermitSite, key: int, now: datetime) -> Person:
    found: Person = get_object_or_404(people_offered(site, now), pk=key)
    return found


def _parts(site: PermitSite, now: datetime, given: list[PermitPartGiven]) -> list[PartGiven]:
    return [PartGiven(one.role, _person(site, one.person, now), one.card, one.card_until) for one in given]


def _links(actor: Person, now: datetime, keys: list[int]) -> list[Permit]:
    return [_seen(actor, key, now) for key in dict.fromkeys(keys)]


def _text(actor: Person, now: datetime, wanted: PermitTextRequest) -> PermitText:
    given = {name: getattr(wanted, name) for name in PermitTextRequest.model_fields}
    contractor, parent = given.pop("contractor"), given.pop("parent")
    return PermitText(
        **given, contractor=get_object_or_404(AdminUnit, pk=contractor) if contractor is not None else None,
        parent=_seen(actor, parent, now) if parent is not None else None,
    )  # fmt: skip


def _row(one: Permit) -> dict[str, Any]:
    return {
        "id": one.pk, "number": one.number, "kind": one.kind, "operation": one.operation, "grade": one.grade,
        "what": one.what, "place": one.place, "area": one.area, "site": named(one.site), "state": one.state,
        "starts_at": one.starts_at, "ends_at": one.valid_until, "applicant": named(one.applicant),
    }  # fmt: skip


def _whole(permit: Permit, actor: Person, now: datetime) -> dict[str, Any]:
    view = view_of(permit, now)
    held = {row.office for row in offices_of(permit.site, now) if row.person_id == actor.pk}
    return {
        **_row(permit),
        "digest": permit.digest, "values": permit.values, "stop_reason": permit.stop_reason,
        "lacks": [{"code": one.code, "rule": one.rule, "text": str(one), "who": one.who} for one in view.lacks],
        "may_sign_as": may_sign_as(permit, view.parts, held, actor, view.picture.voided),
        "parts": [
            {"role": row.role, "person": named(row.person), "card": row.card, "card_until": row.card_until}
            for row in view.parts
        ],
        "risks": [
            {"step": row.step, "hazard": row.hazard, "measure": row.measure, "is_known": row.is_known} for row in view.risks
        ],
        "measures": [
            {"id": row.pk, "text": view.picture.operation.measure(row.text), "state": row.state, "note": row.note}
            for row in view.measures
        ],
        "isolations": view.isolations,
        "links": [{"id": one.pk, "name": f"{one.number} {one.what}"} for one in view.links],
        "signatures": [
            {"role": row.role, "office": row.office, "person": named(row.person), "signed_at": row.signed_at,
             "received_at": row.received_at, "way": row.way, "is_on_site": row.is_on_site,
             "stands": row.digest == permit.digest and not row.is_void, "void_rule": row.voiding.rule if row.is_void else ""}
            for row in view.signatures
        ],
        "gas_tests": view.tests,
        "handovers": [
            {"id": row.pk, "role": row.role, "giver": named(row.giver), "taker": named(row.taker), "note": row.note,
             "offered_at": row.offered_at, "taken_at": row.taken_at, "dropped_at": row.dropped_at}
            for row in view.handovers
        ],
        "steps": [
            {"step": row.step, "at": row.at, "by": named(row.by), "waited_for": row.waited_for, "minutes": row.minutes,
             "note": row.note}
            for row in view.steps
        ],
        "keep_until": permit.keep_until,
    }  # fmt: skip
