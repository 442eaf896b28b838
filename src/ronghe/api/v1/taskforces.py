"""项目攻关临时党小组."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.playbooks.selectors.books import shelved_as
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.taskforces.calc.links import LONGEST
from ronghe.domain.taskforces.enums import DifficultyKind, ForceState, MemberPart, OutcomeKind, PointState
from ronghe.domain.taskforces.models import DifficultPoint, ForceMember, TaskForce
from ronghe.domain.taskforces.selectors import (
    PointLine,
    clock_by_kind,
    forces_seen_by,
    list_forces,
    list_points,
    may_be_asked,
    members_on,
    point_lines,
    points_seen_by,
)
from ronghe.domain.taskforces.services.outcomes import Figure, track_task_force, write_outcome
from ronghe.domain.taskforces.services.people import add_member, remove_member
from ronghe.domain.taskforces.services.points import (
    Fixes,
    fix_point,
    hand_over_point,
    note_progress,
    raise_point,
    reopen_point,
    resolve_point,
)
from ronghe.domain.taskforces.services.proposing import (
    approve_task_force,
    propose_task_force,
    return_task_force,
    submit_task_force,
    withdraw_task_force,
)
from ronghe.domain.taskforces.services.running import (
    call_off_task_force,
    close_task_force,
    describe_task_force,
    resume_task_force,
    start_task_force,
    wind_up_task_force,
)
from ronghe.domain.zones.selectors import zones_seen_by
from ronghe.kernel.errors import NotFound

router = Router(tags=["taskforces"])
ACTS = {
    "approve": approve_task_force, "submit": submit_task_force, "withdraw": withdraw_task_force,
    "call_off": call_off_task_force, "wind_up": wind_up_task_force, "resume": resume_task_force,
    "close": close_task_force,
}  # fmt: skip
"""Acts that ask nothing but the group."""


class TaskForceRow(Schema):
    id: int
    name: str
    project: Named
    parent: Named
    body: Named | None = Field(description="批准后才有")
    state: ForceState
    feature: str
    brand: str
    proposed_at: datetime


class TaskForceMemberRow(Schema):
    id: int
    person: Named
    part: MemberPart
    home: Named | None


class DifficultPointPerson(Schema):
    person: Named
    is_in_charge: bool
    duty: str


class DifficultPointRow(Schema):
    id: int
    task_force: Named
    number: int
    title: str
    kind: DifficultyKind
    state: PointState
    goal: str
    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None
    unit: str
    due_on: date | None
    people: list[DifficultPointPerson]
    missing: list[str] = Field(description="四定还缺哪几项：people、goal、duty、deadline")
    is_overdue: bool
    hours: int | None = Field(description="从提出到解决的整小时数")
    result: str


class TaskForceAnswer(TaskForceRow):
    base_place: str
    base_note: str
    members: list[TaskForceMemberRow]
    points: list[DifficultPointRow]


class DifficultyClockRow(Schema):
    kind: DifficultyKind
    open: int
    overdue: int
    resolved: int
    handed_over: int
    median_hours: int | None
    longest_hours: int | None


class TaskForceRequest(Schema):
    name: str = Field(max_length=60)
    project: int
    parent: int = Field(description="设在哪个党组织下面")
    leader: int
    guide: int | None = None
    people: list[int] = Field(default_factory=list, max_length=200)
    zone: int | None = None
    feature: str = Field("", max_length=120)
    brand: str = Field("", max_length=24)
    base_place: str = Field("", max_length=80)


class TaskForceReasonRequest(Schema):
    reason: str = Field(max_length=200)


class TaskForceStartRequest(Schema):
    playbook: str = Field("", max_length=64, description="范本的编号和版本，例如 yilong_4plus1@1；不写为不采用")


class TaskForceDescribeRequest(Schema):
    feature: str | None = Field(None, max_length=120)
    brand: str | None = Field(None, max_length=24)
    base_place: str | None = Field(None, max_length=80)
    base_note: str | None = Field(None, max_length=200)
    messenger_url: str | None = Field(None, max_length=LONGEST)


class TaskForceMemberRequest(Schema):
    person: int
    part: MemberPart = MemberPart.MEMBER


class TaskForceTrackRequest(Schema):
    day: date
    text: str = Field(max_length=400)


class FixesRequest(Schema):
    in_charge: int | None = None
    duties: dict[int, str] = Field(default_factory=dict, description="每个人的责任，按人员编号")
    goal: str = Field("", max_length=200)
    baseline: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    target: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    unit: str = Field("", max_length=12)
    due_on: date | None = None


class PointRequest(Schema):
    title: str = Field(max_length=80)
    kind: DifficultyKind
    text: str = Field("", max_length=400)
    fixes: FixesRequest | None = None


class ProgressRequest(Schema):
    text: str = Field(max_length=400)
    figure: Decimal | None = Field(None, max_digits=14, decimal_places=4)


class ResultRequest(Schema):
    result: str = Field(max_length=400)
    actual: Decimal | None = Field(None, max_digits=14, decimal_places=4)


class HandOverRequest(Schema):
    to: str = Field(max_length=400)


class OutcomeFigureShape(Schema):
    name: str = Field(min_length=1, max_length=40)
    after: Decimal = Field(max_digits=14, decimal_places=4)
    before: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    unit: str = Field("", max_length=12)


class OutcomeRequest(Schema):
    text: str = Field(max_length=2000)
    figures: list[OutcomeFigureShape] = Field(default_factory=list, max_length=10)


@router.get("", response=Page[TaskForceRow], summary="攻关党小组清单", operation_id="taskforces_list")
def force_list(
    request: HttpRequest, state: ForceState | None = None, project: int | None = None, q: str = "",
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    listed = list_forces(actor, now, words=q.strip(), state=state or "", project=project, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.post("", response={201: TaskForceAnswer}, summary="提出成立攻关党小组", operation_id="taskforces_propose")
def force_propose(request: HttpRequest, wanted: TaskForceRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict()
    project = get_object_or_404(projects_seen_by(actor, now), pk=given.pop("project"))
    parent = get_object_or_404(bodies_seen_by(actor, now), pk=given.pop("parent"))
    zone_id, guide_id = given.pop("zone"), given.pop("guide")
    zone = get_object_or_404(zones_seen_by(actor, now), pk=zone_id) if zone_id is not None else None
    force = propose_task_force(
        project=project, parent=parent, zone=zone, leader=_person(given.pop("leader")),
        guide=_person(guide_id) if guide_id is not None else None,
        people=[_person(key) for key in given.pop("people")], actor=actor, at=now, **given,
    )  # fmt: skip
    return Status(201, _whole(force))


@router.get("/points", response=Page[DifficultPointRow], summary="攻关难点清单", operation_id="taskforces_points")
def point_list(
    request: HttpRequest, kind: DifficultyKind | None = None, state: PointState | None = None, overdue: bool = False,
    mine: bool = False, q: str = "", page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    listed = list_points(
        actor, now, words=q.strip(), kind=kind or "", state=state or "", overdue=overdue, mine=mine, page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    lines = {line.point.pk: line for line in point_lines(list(listed.rows), local_day(now), with_notes=False)}
    return listed_answer(listed, lambda point: _point(lines[point.pk]))


@router.get(
    "/points/clock",
    response=list[DifficultyClockRow],
    summary="各类难点从提出到解决的用时",
    operation_id="taskforces_clock",
)
def point_clock(request: HttpRequest) -> Any:
    return [
        {name: getattr(row, name) for name in DifficultyClockRow.model_fields}
        for row in clock_by_kind(actor_of(request), timezone.now())
    ]


@router.get("/points/{point_id}", response=DifficultPointRow, summary="一个难点", operation_id="taskforces_point")
def point_detail(request: HttpRequest, point_id: int) -> Any:
    return _one_point(_seen_point(actor_of(request), point_id))


@router.post("/points/{point_id}/fix", response=DifficultPointRow, summary="给难点四定", operation_id="taskforces_fix")
def point_fix(request: HttpRequest, point_id: int, wanted: FixesRequest) -> Any:
    actor = actor_of(request)
    point = _seen_point(actor, point_id)
    fixes = _fixes(point.task_force, wanted)
    return _one_point(fix_point(point=point, fixes=fixes, actor=actor, at=timezone.now()))


@router.post("/points/{point_id}/notes", response=DifficultPointRow, summary="记进展", operation_id="taskforces_note")
def point_note(request: HttpRequest, point_id: int, wanted: ProgressRequest) -> Any:
    actor = actor_of(request)
    point = _seen_point(actor, point_id)
    note_progress(point=point, text=wanted.text, figure=wanted.figure, actor=actor, at=timezone.now())
    return _one_point(point)


@router.post(
    "/points/{point_id}/resolve", response=DifficultPointRow, summary="办结难点", operation_id="taskforces_resolve"
)
def point_resolve(request: HttpRequest, point_id: int, wanted: ResultRequest) -> Any:
    actor = actor_of(request)
    point = _seen_point(actor, point_id)
    resolve_point(point=point, result=wanted.result, actual=wanted.actual, actor=actor, at=timezone.now())
    return _one_point(point)


@router.post(
    "/points/{point_id}/reopen", response=DifficultPointRow, summary="重开难点", operation_id="taskforces_reopen"
)
def point_reopen(request: HttpRequest, point_id: int) -> Any:
    actor = actor_of(request)
    return _one_point(reopen_point(point=_seen_point(actor, point_id), actor=actor, at=timezone.now()))


@router.post(
    "/points/{point_id}/hand-over", response=DifficultPointRow, summary="移交难点", operation_id="taskforces_hand_over"
)
def point_hand_over(request: HttpRequest, point_id: int, wanted: HandOverRequest) -> Any:
    actor = actor_of(request)
    return _one_point(hand_over_point(point=_seen_point(actor, point_id), to=wanted.to, actor=actor, at=timezone.now()))


@router.get("/{force_id}", response=TaskForceAnswer, summary="一个攻关党小组", operation_id="taskforces_detail")
def force_detail(request: HttpRequest, force_id: int) -> Any:
    return _whole(_seen(actor_of(request), force_id))


@router.post("/{force_id}/return", response=TaskForceAnswer, summary="退回申请", operation_id="taskforces_return")
def force_return(request: HttpRequest, force_id: int, wanted: TaskForceReasonRequest) -> Any:
    actor = actor_of(request)
    force = _seen(actor, force_id)
    return _whole(return_task_force(force=force, reason=wanted.reason, actor=actor, at=timezone.now()))


@router.post("/{force_id}/start", response=TaskForceAnswer, summary="启动攻关", operation_id="taskforces_start")
def force_start(request: HttpRequest, force_id: int, wanted: TaskForceStartRequest) -> Any:
    actor = actor_of(request)
    shelved = shelved_as(wanted.playbook) if wanted.playbook else None
    if wanted.playbook and shelved is None:
        raise NotFound
    force = start_task_force(
        force=_seen(actor, force_id), playbook=shelved.playbook if shelved else None, actor=actor, at=timezone.now()
    )
    return _whole(force)


@router.post(
    "/{force_id}/describe", response=TaskForceAnswer, summary="改特色、品牌、阵地", operation_id="taskforces_describe"
)
def force_describe(request: HttpRequest, force_id: int, wanted: TaskForceDescribeRequest) -> Any:
    actor = actor_of(request)
    changes = {name: value for name, value in wanted.dict().items() if value is not None}
    return _whole(describe_task_force(force=_seen(actor, force_id), actor=actor, at=timezone.now(), **changes))


@router.post("/{force_id}/members", response=TaskForceAnswer, summary="编入一人", operation_id="taskforces_add_member")
def member_add(request: HttpRequest, force_id: int, wanted: TaskForceMemberRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    force = _seen(actor, force_id)
    bodies = [force.parent_id, *force.sides.values_list("body_id", flat=True)]
    person = get_object_or_404(may_be_asked(bodies, now), pk=wanted.person)
    add_member(force=force, person=person, part=wanted.part, actor=actor, at=now)
    return _whole(force)


@router.post(
    "/{force_id}/members/{member_id}/remove", response=TaskForceAnswer, summary="退出小组",
    operation_id="taskforces_remove_member",
)  # fmt: skip
def member_remove(request: HttpRequest, force_id: int, member_id: int) -> Any:
    actor = actor_of(request)
    force = _seen(actor, force_id)
    rows = ForceMember.objects.filter(task_force=force, valid_until=None).select_related("person", "task_force")
    remove_member(member=get_object_or_404(rows, pk=member_id), actor=actor, at=timezone.now())
    return _whole(force)


@router.post("/{force_id}/tracking", response=TaskForceAnswer, summary="记跟踪指导", operation_id="taskforces_track")
def force_track(request: HttpRequest, force_id: int, wanted: TaskForceTrackRequest) -> Any:
    actor = actor_of(request)
    force = _seen(actor, force_id)
    track_task_force(force=force, day=wanted.day, text=wanted.text, actor=actor, at=timezone.now())
    return _whole(force)


@router.post(
    "/{force_id}/points", response={201: DifficultPointRow}, summary="提出难点", operation_id="taskforces_raise"
)
def point_raise(request: HttpRequest, force_id: int, wanted: PointRequest) -> Status[Any]:
    actor = actor_of(request)
    force = _seen(actor, force_id)
    point = raise_point(
        force=force, title=wanted.title, kind=wanted.kind, text=wanted.text, actor=actor, at=timezone.now(),
        fixes=_fixes(force, wanted.fixes) if wanted.fixes is not None else None,
    )  # fmt: skip
    return Status(201, _one_point(point))


@router.post(
    "/{force_id}/outcomes/{kind}", response=TaskForceAnswer, summary="写成果", operation_id="taskforces_outcome"
)
def outcome_write(request: HttpRequest, force_id: int, kind: OutcomeKind, wanted: OutcomeRequest) -> Any:
    actor = actor_of(request)
    force = _seen(actor, force_id)
    figures = [Figure(one.name, one.after, one.before, one.unit) for one in wanted.figures]
    write_outcome(force=force, kind=kind, text=wanted.text, figures=figures, actor=actor, at=timezone.now())
    return _whole(force)


@router.post(
    "/{force_id}/acts/{act}", response=TaskForceAnswer, operation_id="taskforces_act",
    summary="批准、重新提交、撤回、取消、收尾、继续、结束",
)  # fmt: skip
def force_act(request: HttpRequest, force_id: int, act: str) -> Any:
    if act not in ACTS:
        raise NotFound
    actor = actor_of(request)
    return _whole(ACTS[act](force=_seen(actor, force_id), actor=actor, at=timezone.now()))


def _seen(actor: Person, force_id: int) -> TaskForce:
    return get_object_or_404(forces_seen_by(actor, timezone.now()), pk=force_id)


def _seen_point(actor: Person, point_id: int) -> DifficultPoint:
    return get_object_or_404(points_seen_by(actor, timezone.now()), pk=point_id)


def _person(key: int) -> Person:
    """Return somebody by id; the act itself refuses whoever is no member of the sides, absent and unseen alike."""
    return get_object_or_404(Person.objects.select_related("unit"), pk=key)


def _fixes(force: TaskForce, wanted: FixesRequest) -> Fixes:
    inside = {row.person_id: row.person for row in members_on(force, local_day(timezone.now()))}
    keys = {*wanted.duties, *([wanted.in_charge] if wanted.in_charge is not None else [])}
    if not keys <= inside.keys():
        raise NotFound
    return Fixes(
        duties=[(inside[key], wanted.duties.get(key, "")[:120]) for key in sorted(keys)],
        in_charge=inside.get(wanted.in_charge) if wanted.in_charge is not None else None, goal=wanted.goal,
        baseline=wanted.baseline, target=wanted.target, unit=wanted.unit, due_on=wanted.due_on,
    )  # fmt: skip


def _row(force: TaskForce) -> dict[str, Any]:
    return {
        "id": force.pk, "name": force.name, "project": named(force.project), "parent": named(force.parent),
        "body": {"id": force.body_id, "name": force.name} if force.body_id is not None else None,
        "state": force.state, "feature": force.feature, "brand": force.brand, "proposed_at": force.proposed_at,
    }  # fmt: skip


def _whole(force: TaskForce) -> dict[str, Any]:
    day = local_day(timezone.now())
    points = force.points.select_related("task_force").order_by("number")
    members = [
        {"id": row.pk, "person": named(row.person), "part": row.part, "home": named(row.home)}
        for row in members_on(force, day)
    ]
    return {
        **_row(force), "base_place": force.base_place, "base_note": force.base_note, "members": members,
        "points": [_point(line) for line in point_lines(list(points), day)],
    }  # fmt: skip


def _one_point(point: DifficultPoint) -> dict[str, Any]:
    return _point(point_lines([point], local_day(timezone.now()))[0])


def _point(line: PointLine) -> dict[str, Any]:
    point = line.point
    return {
        "id": point.pk, "task_force": named(point.task_force), "number": point.number, "title": point.title,
        "kind": point.kind, "state": point.state, "goal": point.goal, "baseline": point.baseline,
        "target": point.target, "actual": point.actual, "unit": point.unit, "due_on": point.due_on,
        "people": [
            {"person": named(row.person), "is_in_charge": row.is_in_charge, "duty": row.duty} for row in line.people
        ],
        "missing": [fix.value for fix in line.missing], "is_overdue": line.is_overdue, "hours": line.hours,
        "result": point.result,
    }  # fmt: skip
