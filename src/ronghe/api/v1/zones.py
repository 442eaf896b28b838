"""协作区: proposed, agreed, approved, started, evaluated and dissolved; who takes part, and who answers for what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, page_answer
from ronghe.domain.appraisal.selectors.zones import final_score_of
from ronghe.domain.org.enums import PARTY_KINDS, WORKING_KINDS, PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by, units_seen_by
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.rhythm.selectors.zone_endings import left_open
from ronghe.domain.zones.calc.advice import Point
from ronghe.domain.zones.enums import ParticipantRole, SheetSide, SheetTopic, ZoneMode, ZoneState
from ronghe.domain.zones.models import (
    CollaborationZone,
    ParticipatingUnit,
    ResponsibilityLine,
    ShutDown,
    ZoneDissolution,
)
from ronghe.domain.zones.rules import FOUND_ZONE
from ronghe.domain.zones.selectors import (
    list_zones,
    participating_units,
    people_of,
    projects_of,
    shut_downs_of,
    zones_seen_by,
)
from ronghe.domain.zones.selectors.advice import advice_for
from ronghe.domain.zones.selectors.endings import what_ends
from ronghe.domain.zones.selectors.figures import zone_figures
from ronghe.domain.zones.selectors.people import posts_in
from ronghe.domain.zones.selectors.records import archive_of
from ronghe.domain.zones.selectors.safety import safety_of
from ronghe.domain.zones.selectors.sheet import lines_of
from ronghe.domain.zones.services.dissolving import dissolve_zone
from ronghe.domain.zones.services.evaluating import comment_evaluation, evaluate_zone
from ronghe.domain.zones.services.founding import (
    agree_zone,
    approve_zone,
    propose_zone,
    return_zone,
    start_zone,
    withdraw_zone,
)
from ronghe.domain.zones.services.parties import (
    add_participating_unit,
    add_project,
    change_party,
    end_participation,
    remove_project,
)
from ronghe.domain.zones.services.posts import appoint_in_zone, relieve_in_zone
from ronghe.domain.zones.services.sheet import add_line, change_line, draft_sheet, end_line
from ronghe.domain.zones.services.shut_downs import lift_shut_down, plan_shut_down

router = Router(tags=["zones"])
SPONSORS = PARTY_KINDS - WORKING_KINDS


class ZoneRow(Schema):
    id: int
    name: str
    purpose: str
    mode: ZoneMode = Field(description="project_based 项目共建；area_based 区域联建")
    state: ZoneState
    is_pilot: bool
    sponsor: Named
    body: Named | None = Field(description="共建党支部；启动后才有")
    started_on: date | None
    dissolved_on: date | None


class ZonePartyAnswer(Schema):
    id: int
    unit: Named
    role: ParticipantRole
    home_branch: Named | None
    contact: Named | None
    valid_from: date


class ZoneShutDown(Schema):
    id: int
    from_on: date
    until_on: date = Field(description="复工日，不含在停工期内")
    reason: str


class ZoneSafety(Schema):
    is_asked: bool = Field(description="两个以上单位作业（PC-08）")
    missing: list[int] = Field(description="没有签安全管理协议的单位")
    has_officer: bool
    is_complete: bool


class ZoneAnswer(ZoneRow):
    office: Named | None = Field(description="联合项目部")
    place: str | None
    approval_ref: str | None
    advised_mode: str
    mode_reason: str
    agreement: int | None = Field(description="意向书编号")
    projects: list[Named]
    parties: list[ZonePartyAnswer]
    shut_downs: list[ZoneShutDown]
    safety: ZoneSafety


class ZoneFiguresAnswer(Schema):
    zones: int
    running: int
    hosts: int = Field(description="属地单位")
    teams: int = Field(description="参建队伍")
    covered: int = Field(description="有协作区的重点项目")
    key_projects: int


class ZoneReason(Schema):
    point: Point
    speaks_for: ZoneMode
    number: int
    threshold: int


class ZoneAdvice(Schema):
    mode: ZoneMode
    alternative: ZoneMode
    reasons: list[ZoneReason]


class ZonePost(Schema):
    id: int
    person: Named
    role: PostRole


class ZoneLine(Schema):
    id: int
    topic: SheetTopic
    matter: str
    duty: str
    lead: SheetSide
    assists: list[SheetSide]
    person: Named | None
    due_on: date | None
    cadence: str
    mechanism: str = Field(description="对应范本里的制度；没有就空")


class ZoneEnding(Schema):
    ends: dict[str, int] = Field(description="随之结束的：范本、参加关系、任职、单位、回执、党小组")
    in_the_way: list[str]
    unsettled: int = Field(description="登记后没有编入的流动党员")
    going_on: int
    planned: int = Field(description="已安排的活动")
    tasks: int = Field(description="没办结的任务")


class ZoneKept(Schema):
    kind: str
    title: str
    count: int


class ZoneArchive(Schema):
    dissolved_on: date | None
    reason: str
    kept: list[ZoneKept]


class ZoneProposal(Schema):
    name: str = Field(max_length=80)
    projects: list[int] = Field(max_length=50)
    mode: ZoneMode
    mode_reason: str = Field("", max_length=200, description="与建议不同时必填")
    sponsor: int
    place: str | None = Field(None, max_length=80)
    purpose: str = Field("", max_length=120)
    is_pilot: bool = False


class ZoneReasonRequest(Schema):
    reason: str = Field(max_length=200)


class ZoneApproval(Schema):
    approval_ref: str = Field(max_length=80)


class ZoneStart(Schema):
    office_below: int
    since: date


class ZonePartyRequest(Schema):
    unit: int
    role: ParticipantRole
    since: date
    home_branch: int | None = None


class ZoneContactRequest(Schema):
    contact: int | None = Field(description="参加协作区的人；空为没有定")


class ZoneUntil(Schema):
    until: date


class ZoneProjectRequest(Schema):
    project: int


class ZonePostRequest(Schema):
    person: int
    role: PostRole


class ZoneShutDownRequest(Schema):
    from_on: date
    until_on: date
    reason: str = Field(max_length=80)


class ZoneResume(Schema):
    resume_on: date


class ZoneLineRequest(Schema):
    topic: SheetTopic
    matter: str = Field(max_length=80)
    duty: str = Field(max_length=200)
    lead: SheetSide
    assists: list[SheetSide] = Field(default_factory=list, max_length=4)
    person: int | None = None
    due_on: date | None = None
    cadence: str = Field("", max_length=40)


class ZoneEvaluationRequest(Schema):
    effects: str = Field(max_length=2000)
    problems: str = Field(max_length=2000)
    lessons: str = Field(max_length=2000)


class ZoneComment(Schema):
    text: str = Field(max_length=400)


class ZoneDissolutionRequest(Schema):
    reason: str = Field(max_length=200)
    call_off: bool = Field(False, description="已安排的活动一并取消")
    hand_over: bool = Field(False, description="没办结的任务移交主管党组织")


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


@router.post("/", response={201: ZoneAnswer}, summary="拟建协作区", operation_id="zones_propose")
def zone_propose(request: HttpRequest, data: ZoneProposal) -> Any:
    actor, now = actor_of(request), timezone.now()
    sponsor = get_object_or_404(_sponsors(actor, now), pk=data.sponsor)
    projects = [get_object_or_404(projects_seen_by(actor, now), pk=pk) for pk in dict.fromkeys(data.projects)]
    given = {**data.dict(), "sponsor": sponsor, "projects": projects}
    return Status(201, _answer(propose_zone(actor=actor, at=now, **given), now))


@router.get("/{zone_id}", response=ZoneAnswer, summary="一个协作区", operation_id="zones_detail")
def zone_detail(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return _answer(_seen(request, zone_id, now), now)


@router.post("/{zone_id}/agree", response=ZoneAnswer, summary="各方同意建区", operation_id="zones_agree")
def zone_agree(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return _answer(agree_zone(zone=_seen(request, zone_id, now), actor=actor_of(request), at=now), now)


@router.post("/{zone_id}/return", response=ZoneAnswer, summary="退回建区申请", operation_id="zones_return")
def zone_return(request: HttpRequest, zone_id: int, data: ZoneReasonRequest) -> Any:
    now = timezone.now()
    zone = return_zone(zone=_seen(request, zone_id, now), reason=data.reason, actor=actor_of(request), at=now)
    return _answer(zone, now)


@router.post("/{zone_id}/withdraw", response=ZoneAnswer, summary="撤回建区申请", operation_id="zones_withdraw")
def zone_withdraw(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return _answer(withdraw_zone(zone=_seen(request, zone_id, now), actor=actor_of(request), at=now), now)


@router.post("/{zone_id}/approve", response=ZoneAnswer, summary="批准建区", operation_id="zones_approve")
def zone_approve(request: HttpRequest, zone_id: int, data: ZoneApproval) -> Any:
    now = timezone.now()
    zone = approve_zone(
        zone=_seen(request, zone_id, now), approval_ref=data.approval_ref, actor=actor_of(request), at=now
    )
    return _answer(zone, now)


@router.post("/{zone_id}/start", response=ZoneAnswer, summary="启动协作区", operation_id="zones_start")
def zone_start(request: HttpRequest, zone_id: int, data: ZoneStart) -> Any:
    actor, now = actor_of(request), timezone.now()
    unit = get_object_or_404(units_seen_by(actor, now), pk=data.office_below)
    zone = start_zone(zone=_seen(request, zone_id, now), office_below=unit, since=data.since, actor=actor, at=now)
    return _answer(zone, now)


@router.post(
    "/{zone_id}/parties", response={201: ZonePartyAnswer}, summary="参建单位加入", operation_id="zones_party_add"
)
def party_add(request: HttpRequest, zone_id: int, data: ZonePartyRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    zone = _seen(request, zone_id, now)
    unit = get_object_or_404(units_seen_by(actor, now), pk=data.unit)
    branch = get_object_or_404(bodies_seen_by(actor, now), pk=data.home_branch) if data.home_branch else None
    party = add_participating_unit(
        zone=zone, unit=unit, role=data.role, since=data.since, home_branch=branch, actor=actor, at=now
    )
    return Status(201, party)


@router.post(
    "/{zone_id}/parties/{party_id}/contact",
    response=ZonePartyAnswer,
    summary="定联系人",
    operation_id="zones_party_contact",
)
def party_contact(request: HttpRequest, zone_id: int, party_id: int, data: ZoneContactRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    person = None
    if data.contact is not None:
        person = get_object_or_404(people_of(zone, local_day(now)), pk=data.contact)
    return change_party(party=_party(zone, party_id), contact=person, actor=actor_of(request), at=now)


@router.post(
    "/{zone_id}/parties/{party_id}/leave",
    response=ZonePartyAnswer,
    summary="参建单位退出",
    operation_id="zones_party_leave",
)
def party_leave(request: HttpRequest, zone_id: int, party_id: int, data: ZoneUntil) -> Any:
    now = timezone.now()
    party = _party(_seen(request, zone_id, now), party_id)
    return end_participation(party=party, until=data.until, actor=actor_of(request), at=now)


@router.post("/{zone_id}/projects", response=ZoneAnswer, summary="项目加入协作区", operation_id="zones_project_add")
def project_add(request: HttpRequest, zone_id: int, data: ZoneProjectRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    zone = _seen(request, zone_id, now)
    add_project(
        zone=zone, project=get_object_or_404(projects_seen_by(actor, now), pk=data.project), actor=actor, at=now
    )
    return _answer(zone, now)


@router.post(
    "/{zone_id}/projects/{project_id}/leave",
    response=ZoneAnswer,
    summary="项目退出协作区",
    operation_id="zones_project_leave",
)
def project_leave(request: HttpRequest, zone_id: int, project_id: int) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    row = get_object_or_404(zone.zone_projects.filter(valid_until=None), project_id=project_id)
    remove_project(row=row, actor=actor_of(request), at=now)
    return _answer(zone, now)


@router.get("/{zone_id}/posts", response=list[ZonePost], summary="两部的任职", operation_id="zones_posts")
def zone_posts(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return list(posts_in(_seen(request, zone_id, now), local_day(now)))


@router.post("/{zone_id}/posts", response={201: ZonePost}, summary="在协作区任职", operation_id="zones_appoint")
def zone_appoint(request: HttpRequest, zone_id: int, data: ZonePostRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    person = get_object_or_404(people_of(zone, local_day(now)), pk=data.person)
    return Status(201, appoint_in_zone(zone=zone, person=person, role=data.role, actor=actor_of(request), at=now))


@router.post(
    "/{zone_id}/posts/{post_id}/end", response=ZonePost, summary="免去协作区的职务", operation_id="zones_relieve"
)
def zone_relieve(request: HttpRequest, zone_id: int, post_id: int) -> Any:
    now = timezone.now()
    rows = posts_in(_seen(request, zone_id, now), local_day(now)).select_related("person", "body", "unit")
    return relieve_in_zone(post=get_object_or_404(rows, pk=post_id), actor=actor_of(request), at=now)


@router.post("/{zone_id}/shut-downs", response={201: ZoneShutDown}, summary="安排停工", operation_id="zones_shut_down")
def shut_down_plan(request: HttpRequest, zone_id: int, data: ZoneShutDownRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    return Status(201, plan_shut_down(zone=zone, actor=actor_of(request), at=now, **data.dict()))


@router.post(
    "/{zone_id}/shut-downs/{shut_down_id}/lift", response=ZoneShutDown, summary="提前复工", operation_id="zones_resume"
)
def shut_down_lift(request: HttpRequest, zone_id: int, shut_down_id: int, data: ZoneResume) -> Any:
    now = timezone.now()
    rows = ShutDown.objects.select_related("zone__sponsor", "zone__body").filter(zone=_seen(request, zone_id, now))
    row = get_object_or_404(rows, pk=shut_down_id)
    return lift_shut_down(shut_down=row, resume_on=data.resume_on, actor=actor_of(request), at=now)


@router.get("/{zone_id}/sheet", response=list[ZoneLine], summary="责任清单", operation_id="zones_sheet")
def zone_sheet(request: HttpRequest, zone_id: int, side: SheetSide | None = None) -> Any:
    return lines_of(_seen(request, zone_id, timezone.now()), side or "")


@router.post(
    "/{zone_id}/sheet/draft", response=list[ZoneLine], summary="按范本补齐责任清单", operation_id="zones_sheet_draft"
)
def sheet_draft(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    return draft_sheet(zone=_seen(request, zone_id, now), actor=actor_of(request), at=now)


@router.post("/{zone_id}/sheet", response={201: ZoneLine}, summary="责任清单写一条", operation_id="zones_line_add")
def line_add(request: HttpRequest, zone_id: int, data: ZoneLineRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    return Status(201, add_line(zone=zone, actor=actor_of(request), at=now, **_line_values(zone, data, now)))


@router.put("/{zone_id}/sheet/{line_id}", response=ZoneLine, summary="责任清单改一条", operation_id="zones_line_change")
def line_change(request: HttpRequest, zone_id: int, line_id: int, data: ZoneLineRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    return change_line(line=_line(zone, line_id), actor=actor_of(request), at=now, **_line_values(zone, data, now))


@router.post(
    "/{zone_id}/sheet/{line_id}/end", response=ZoneLine, summary="责任清单停用一条", operation_id="zones_line_end"
)
def line_end(request: HttpRequest, zone_id: int, line_id: int) -> Any:
    now = timezone.now()
    return end_line(line=_line(_seen(request, zone_id, now), line_id), actor=actor_of(request), at=now)


@router.post("/{zone_id}/evaluate", response=ZoneAnswer, summary="评估协作区", operation_id="zones_evaluate")
def zone_evaluate(request: HttpRequest, zone_id: int, data: ZoneEvaluationRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    score = final_score_of(zone.body_id) if zone.body_id is not None else None
    quoted: dict[str, Any] = {}
    if score is not None:
        run, result = score
        quoted = {"score": result.score, "grade": result.grade or "", "score_source": f"#{run.pk} {run.period}"}
    evaluate_zone(zone=zone, actor=actor_of(request), at=now, **data.dict(), **quoted)
    return _answer(zone, now)


@router.post(
    "/{zone_id}/parties/{party_id}/comment",
    response={201: ZoneComment},
    summary="对评估提意见",
    operation_id="zones_comment",
)
def zone_comment(request: HttpRequest, zone_id: int, party_id: int, data: ZoneComment) -> Any:
    now = timezone.now()
    rows = ParticipatingUnit.objects.select_related("zone", "unit").filter(zone=_seen(request, zone_id, now))
    party = get_object_or_404(rows, pk=party_id)
    return Status(201, comment_evaluation(party=party, text=data.text, actor=actor_of(request), at=now))


@router.get("/{zone_id}/ending", response=ZoneEnding, summary="解散会带来什么", operation_id="zones_ending")
def zone_ending(request: HttpRequest, zone_id: int) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    FOUND_ZONE.require(actor_of(request), zone, at=now)
    going, left = what_ends(zone), left_open(zone)
    return {
        "ends": going.counts, "in_the_way": going.in_the_way, "unsettled": going.unsettled,
        "going_on": len(left.going_on), "planned": len(left.planned), "tasks": len(left.tasks),
    }  # fmt: skip


@router.post("/{zone_id}/dissolve", response=ZoneArchive, summary="解散协作区", operation_id="zones_dissolve")
def zone_dissolve(request: HttpRequest, zone_id: int, data: ZoneDissolutionRequest) -> Any:
    now = timezone.now()
    zone = _seen(request, zone_id, now)
    dissolve_zone(zone=zone, actor=actor_of(request), at=now, **data.dict())
    return _archive(zone)


@router.get("/{zone_id}/archive", response=ZoneArchive, summary="协作区存档", operation_id="zones_archive")
def zone_archive(request: HttpRequest, zone_id: int) -> Any:
    return _archive(_seen(request, zone_id, timezone.now()))


def _answer(zone: CollaborationZone, now: datetime) -> dict[str, Any]:
    day = local_day(now)
    safety = safety_of(zone, day)
    return {
        **ZoneRow.from_orm(zone).dict(),
        "office": zone.office, "place": zone.place, "approval_ref": zone.approval_ref, "advised_mode": zone.advised_mode,
        "mode_reason": zone.mode_reason, "agreement": zone.agreement_id,
        "projects": [row.project for row in projects_of(zone, day)],
        "parties": list(participating_units(zone, day)),
        "shut_downs": list(shut_downs_of(zone)),
        "safety": {
            "is_asked": safety.is_asked, "missing": list(safety.missing), "has_officer": safety.has_officer,
            "is_complete": safety.is_complete,
        },
    }  # fmt: skip


def _archive(zone: CollaborationZone) -> dict[str, Any]:
    dissolution = ZoneDissolution.objects.filter(zone=zone).first()
    return {
        "dissolved_on": zone.dissolved_on, "reason": dissolution.reason if dissolution is not None else "",
        "kept": archive_of(zone),
    }  # fmt: skip


def _seen(request: HttpRequest, pk: int, now: datetime) -> CollaborationZone:
    return get_object_or_404(zones_seen_by(actor_of(request), now), pk=pk)


def _sponsors(actor: Person, now: datetime) -> Any:
    return bodies_seen_by(actor, now).filter(kind__in=SPONSORS)


def _party(zone: CollaborationZone, pk: int) -> ParticipatingUnit:
    rows = ParticipatingUnit.objects.select_related("zone__sponsor", "unit", "home_branch", "contact")
    return get_object_or_404(rows, pk=pk, zone=zone, valid_until=None)


def _line(zone: CollaborationZone, pk: int) -> ResponsibilityLine:
    rows = ResponsibilityLine.objects.select_related("zone__sponsor", "person")
    return get_object_or_404(rows, pk=pk, zone=zone, ended_on=None)


def _line_values(zone: CollaborationZone, data: ZoneLineRequest, now: datetime) -> dict[str, Any]:
    person = get_object_or_404(people_of(zone, local_day(now)), pk=data.person) if data.person is not None else None
    return {**data.dict(), "person": person}
