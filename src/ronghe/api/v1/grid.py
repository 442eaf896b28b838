"""网格: coverage and its gaps, named members, requests on their way up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.grid.calc.kinds import KINDS
from ronghe.domain.grid.calc.levels import Terms
from ronghe.domain.grid.enums import GridLevel, RequestKind, RequestState
from ronghe.domain.grid.models import GridRequest
from ronghe.domain.grid.rules import NAME_MEMBERS, RAISE_REQUEST
from ronghe.domain.grid.selectors.coverage import Coverage, FoundGap, coverage
from ronghe.domain.grid.selectors.liaisons import BodyNaming, naming_of
from ronghe.domain.grid.selectors.requests import list_requests, raiser_shown, requests_seen_by, story_of
from ronghe.domain.grid.selectors.settings import bodies_setting, terms_of
from ronghe.domain.grid.services import requests as services
from ronghe.domain.grid.services.gaps import dismiss_gap, give_gap_tasks
from ronghe.domain.grid.services.liaisons import accept_naming, name_member
from ronghe.domain.grid.services.settings import change_settings
from ronghe.domain.org.enums import PARTY_KINDS
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import person_seen_by

router = Router(tags=["grid"])


class GapAnswer(Schema):
    key: str = Field(description="缺口的编号，处理时用")
    code: str = Field(description="哪种缺口")
    severity: str = Field(description="failed 须补；attention 提示")
    rule: str = Field(description="依据的规则编号")
    place: str
    above: str = Field(description="上级党组织")
    body: int = Field(description="管这一处的党组织编号")
    title: str
    situation: str
    suggestion: str
    figures: dict[str, Any]
    dismissed_until: date | None = Field(description="暂不处理到哪天")
    task: int | None = Field(description="已派发的任务编号")


class CoverageAnswer(Schema):
    day: date
    members: int
    employees: int
    named_employees: int = Field(description="有联系党员的职工")
    teams: int
    covered_teams: int = Field(description="有党员的班组")
    branches: int
    sized_branches: int = Field(description="人数在规定内的党支部")
    stations: dict[str, int] = Field(description="按值守方式分的班站数")
    distribution: list[int] = Field(description="每名党员联系职工不足 1、1–2、2–3、3–4、4–5、5 起的班组数")
    open_requests: int
    late_requests: int
    gaps: list[GapAnswer]
    gap_count: int = Field(description="缺口总数，超过 500 时清单只列前 500 处")


class DismissGridRequest(Schema):
    gap: str
    reason: str = Field(max_length=200)
    until: date


class GapTaskRequest(Schema):
    gaps: list[str]
    due_at: AwareDatetime = Field(description="期限，须带时区")


class GapTaskAnswer(Schema):
    gap: str
    task: int
    assignee: Named


class NamingRow(Schema):
    employee: Named
    member: Named
    is_new: bool = Field(description="还没有生效")


class NamingAnswer(Schema):
    body: Named
    most: int = Field(description="每名党员最多联系几人")
    digest: str = Field(description="整体确认时带上")
    pairs: list[NamingRow]
    left: list[Named] = Field(description="没有党员可联系的职工")


class AcceptRequest(Schema):
    digest: str


class TermsShape(Schema):
    """Days are working days; clocks that run stay as they are."""

    employees_per_member: int = Field(ge=1, le=30, description="每名党员最多联系职工几人")
    member_days: int = Field(ge=1, le=60, description="联系党员几个工作日答复")
    branch_days: int = Field(ge=1, le=60)
    general_branch_days: int = Field(ge=1, le=60)
    committee_days: int = Field(ge=1, le=60)


class NameRequest(Schema):
    employee: int
    member: int


class RequestRow(Schema):
    id: int
    kind: RequestKind
    text: str
    state: RequestState = Field(description="waiting 待答复；answered 已答复；solved 已解决；withdrawn 已撤回")
    level: GridLevel
    body: Named
    raiser: Named | None = Field(description="不具名时为空")
    raised_at: datetime
    due_on: date = Field(description="这一级答复的最后一天")
    is_overdue: bool


class StepAnswer(Schema):
    number: int
    act: str
    level: str
    body: Named
    by: Named | None = Field(description="到时限自动上行、不具名时为空")
    text: str | None
    at: datetime


class RequestAnswer(RequestRow):
    answer: str | None
    answered_by: Named | None
    answered_at: datetime | None
    task: int | None
    steps: list[StepAnswer]


class RaiseRequest(Schema):
    kind: RequestKind
    text: str = Field(min_length=1, max_length=500)
    is_anonymous: bool = Field(False, description="不让联系党员以上的知道是谁")
    raiser: int | None = Field(None, description="替谁反映；不写就是本人")


class TextRequest(Schema):
    text: str = Field(max_length=500)


class RequestTaskRequest(Schema):
    assignee: int
    due_at: AwareDatetime = Field(description="期限，须带时区")


MOST_GAPS = 500
ON_DAY = Query(None, description="看哪天；不写就是今天")


@router.get("/coverage", response=CoverageAnswer, summary="网格覆盖和缺口", operation_id="grid_coverage")
def grid_coverage(
    request: HttpRequest,
    body: int | None = Query(None, description="从哪个党组织看；不写就是您能看到的全部"),
    day: date | None = ON_DAY,
    kind: str | None = Query(None, description="只看这种缺口"),
) -> Any:
    found = _coverage(actor_of(request), body, day)
    rows = [row for row in found.found if kind not in KINDS or row.gap.kind.code == kind]
    figures = found.figures
    return {
        "day": found.state.day, "members": figures.members, "employees": figures.employees,
        "named_employees": figures.named, "teams": figures.teams, "covered_teams": figures.covered_teams,
        "branches": figures.branches, "sized_branches": figures.sized_branches,
        "stations": {
            "attended": figures.stations.attended, "sparse": figures.stations.sparse,
            "unattended": figures.stations.unattended, "unknown": figures.stations.unknown,
            "lacking_party_part": figures.stations.lacking,
        },
        "distribution": list(figures.distribution), "open_requests": figures.open_requests,
        "late_requests": figures.late_requests, "gaps": [_gap(row) for row in rows[:MOST_GAPS]], "gap_count": len(rows),
    }  # fmt: skip


@router.post("/gaps/dismiss", response=GapAnswer, summary="缺口暂不处理", operation_id="grid_gap_dismiss")
def gap_dismiss(request: HttpRequest, wanted: DismissGridRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    dismissal = dismiss_gap(
        coverage=coverage(actor, now), key=wanted.gap, reason=wanted.reason, until=wanted.until, actor=actor, at=now
    )
    return _gap(coverage(actor, now).by_key[dismissal.gap])


@router.post("/gaps/tasks", response={201: list[GapTaskAnswer]}, summary="派发补缺任务", operation_id="grid_gap_tasks")
def gap_tasks(request: HttpRequest, wanted: GapTaskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    given = give_gap_tasks(coverage=coverage(actor, now), keys=wanted.gaps, due_at=wanted.due_at, actor=actor, at=now)
    return Status(201, [{"gap": row.gap, "task": row.task_id, "assignee": named(row.task.assignee)} for row in given])


@router.get("/bodies/{body_id}/naming", response=NamingAnswer, summary="联系党员的编排", operation_id="grid_naming")
def naming(request: HttpRequest, body_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _naming(naming_of(_body(actor, now, body_id), timezone.localdate(now)))


@router.post(
    "/bodies/{body_id}/naming", response=NamingAnswer, summary="整体确认联系党员", operation_id="grid_naming_accept"
)
def naming_accept(request: HttpRequest, body_id: int, wanted: AcceptRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = _body(actor, now, body_id)
    accept_naming(body=body, digest=wanted.digest, actor=actor, at=now)
    return _naming(naming_of(body, timezone.localdate(now)))


@router.get(
    "/bodies/{body_id}/settings", response=TermsShape, summary="联系人数和答复时限", operation_id="grid_settings"
)
def settings_shown(request: HttpRequest, body_id: int) -> Any:
    now = timezone.now()
    body = get_object_or_404(bodies_setting(actor_of(request), now), pk=body_id)
    return terms_of(body.pk, timezone.localdate(now))


@router.put(
    "/bodies/{body_id}/settings",
    response=TermsShape,
    summary="定联系人数和答复时限",
    operation_id="grid_settings_change",
)
def settings_changed(request: HttpRequest, body_id: int, wanted: TermsShape) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_setting(actor, now), pk=body_id)
    change_settings(body=body, terms=Terms(**wanted.dict()), actor=actor, at=now)
    return terms_of(body.pk, timezone.localdate(now))


@router.post(
    "/bodies/{body_id}/named", response=NamingAnswer, summary="单独换一名联系党员", operation_id="grid_name_member"
)
def named_member(request: HttpRequest, body_id: int, wanted: NameRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = _body(actor, now, body_id)
    employee = get_object_or_404(person_seen_by(actor, now), pk=wanted.employee)
    member = get_object_or_404(person_seen_by(actor, now), pk=wanted.member)
    name_member(employee=employee, member=member, body=body, actor=actor, at=now)
    return _naming(naming_of(body, timezone.localdate(now)))


@router.get("/requests", response=Page[RequestRow], summary="诉求清单", operation_id="grid_requests")
def request_list(
    request: HttpRequest,
    state: RequestState | None = None,
    is_mine: bool = Query(False, description="只看我提的"),
    page: int = Query(1, ge=1),
) -> Any:
    actor, now = actor_of(request), timezone.now()
    filters = (Q(state=state) if state else Q()) & (Q(raiser=actor) if is_mine else Q())
    listed = list_requests(actor, now, filters=filters, page=page, size=PAGE_SIZE)
    day = timezone.localdate(now)
    return listed_answer(listed, lambda row: _row(row, actor, day))


@router.get("/requests/{request_id}", response=RequestAnswer, summary="一件诉求", operation_id="grid_request")
def request_detail(request: HttpRequest, request_id: int) -> Any:
    return _whole(_seen(actor_of(request), request_id), actor_of(request))


@router.post("/requests", response={201: RequestAnswer}, summary="提出诉求", operation_id="grid_request_raise")
def request_raise(request: HttpRequest, wanted: RaiseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    raiser = actor
    if wanted.raiser is not None and wanted.raiser != actor.pk:
        reached = RAISE_REQUEST.narrow(actor, Person.objects.select_related("unit"), at=now, walk=True)
        raiser = get_object_or_404(reached, pk=wanted.raiser)
    raised = services.raise_request(
        raiser=raiser, kind=wanted.kind, text=wanted.text, is_anonymous=wanted.is_anonymous, actor=actor, at=now
    )
    return Status(201, _whole(raised, actor))


@router.post(
    "/requests/{request_id}/answer", response=RequestAnswer, summary="答复诉求", operation_id="grid_request_answer"
)
def request_answer(request: HttpRequest, request_id: int, wanted: TextRequest) -> Any:
    actor = actor_of(request)
    found = _seen(actor, request_id)
    return _whole(services.answer_request(request=found, text=wanted.text, actor=actor, at=timezone.now()), actor)


@router.post("/requests/{request_id}/up", response=RequestAnswer, summary="转上一级", operation_id="grid_request_up")
def request_up(request: HttpRequest, request_id: int, wanted: TextRequest) -> Any:
    actor = actor_of(request)
    found = _seen(actor, request_id)
    return _whole(services.pass_up(request=found, note=wanted.text, actor=actor, at=timezone.now()), actor)


@router.post(
    "/requests/{request_id}/solved", response=RequestAnswer, summary="确认解决", operation_id="grid_request_solved"
)
def request_solved(request: HttpRequest, request_id: int) -> Any:
    actor = actor_of(request)
    return _whole(services.confirm_solved(request=_seen(actor, request_id), actor=actor, at=timezone.now()), actor)


@router.post(
    "/requests/{request_id}/reopen", response=RequestAnswer, summary="没有解决，交上一级",
    operation_id="grid_request_reopen",
)  # fmt: skip
def request_reopen(request: HttpRequest, request_id: int, wanted: TextRequest) -> Any:
    actor = actor_of(request)
    found = _seen(actor, request_id)
    return _whole(services.reopen_request(request=found, reason=wanted.text, actor=actor, at=timezone.now()), actor)


@router.post(
    "/requests/{request_id}/withdraw", response=RequestAnswer, summary="撤回诉求", operation_id="grid_request_withdraw"
)
def request_withdraw(request: HttpRequest, request_id: int) -> Any:
    actor = actor_of(request)
    return _whole(services.withdraw_request(request=_seen(actor, request_id), actor=actor, at=timezone.now()), actor)


@router.post(
    "/requests/{request_id}/task", response=RequestAnswer, summary="诉求转为任务", operation_id="grid_request_task"
)
def request_task(request: HttpRequest, request_id: int, wanted: RequestTaskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = _seen(actor, request_id)
    assignee = get_object_or_404(person_seen_by(actor, now), pk=wanted.assignee)
    services.make_request_task(request=found, assignee=assignee, due_at=wanted.due_at, actor=actor, at=now)
    return _whole(found, actor)


def _coverage(actor: Person, body: int | None, day: date | None) -> Coverage:
    now = timezone.now()
    chosen = None if body is None else get_object_or_404(PartyOrg, pk=body)
    return coverage(actor, now, body=chosen, day=day)


def _body(actor: Person, now: datetime, pk: int) -> PartyOrg:
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=PARTY_KINDS)
    return get_object_or_404(NAME_MEMBERS.narrow(actor, rows, at=now, walk=True), pk=pk)


def _seen(actor: Person, pk: int) -> GridRequest:
    return get_object_or_404(requests_seen_by(actor, timezone.now()), pk=pk)


def _gap(row: FoundGap) -> dict[str, Any]:
    gap = row.gap
    return {
        "key": gap.key, "code": gap.kind.code, "severity": gap.kind.severity, "rule": gap.kind.rule,
        "place": gap.place.name, "above": gap.place.above, "body": gap.place.body, "title": gap.title,
        "situation": gap.situation, "suggestion": gap.suggestion, "figures": dict(gap.figures),
        "dismissed_until": row.dismissal.until if row.dismissal else None, "task": row.task.task_id if row.task else None,
    }  # fmt: skip


def _naming(part: BodyNaming) -> dict[str, Any]:
    pairs = [
        {"employee": named(person), "member": named(member), "is_new": person.pk not in part.naming.kept}
        for member, people in part.rows()
        for person in people
    ]
    return {
        "body": named(part.body), "most": part.most, "digest": part.naming.digest, "pairs": pairs,
        "left": [named(person) for person in part.left],
    }  # fmt: skip


def _row(row: GridRequest, actor: Person, day: date) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "text": row.text, "state": row.state, "level": row.level,
        "body": named(row.body), "raiser": named(raiser_shown(row, actor)), "raised_at": row.raised_at,
        "due_on": row.due_on, "is_overdue": row.is_overdue(day),
    }  # fmt: skip


def _whole(row: GridRequest, actor: Person) -> dict[str, Any]:
    steps = [
        {"number": line.step.number, "act": line.step.act, "level": line.step.level, "body": named(line.step.body),
         "by": named(line.who), "text": line.step.text, "at": line.step.at}
        for line in story_of(row, actor)
    ]  # fmt: skip
    return {
        **_row(row, actor, timezone.localdate()), "answer": row.answer, "answered_by": named(row.answered_by),
        "answered_at": row.answered_at, "task": row.task_id, "steps": steps,
    }  # fmt: skip
