"""项目攻关临时党小组."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.api.v1.taskforce_points import DifficultPointRow, PointRequest, fixes_asked, point_of, point_row
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.playbooks.selectors.books import shelved_as
from ronghe.domain.projects.selectors import projects_seen_by
from ronghe.domain.taskforces.calc.links import LONGEST
from ronghe.domain.taskforces.enums import ForceState, MemberPart, OutcomeKind
from ronghe.domain.taskforces.models import ForceMember, TaskForce
from ronghe.domain.taskforces.selectors import (
    forces_seen_by,
    list_forces,
    may_be_asked,
    members_on,
    point_lines,
)
from ronghe.domain.taskforces.services.outcomes import (
    Figure,
    add_outcome_file,
    set_mark,
    track_task_force,
    write_outcome,
)
from ronghe.domain.taskforces.services.people import add_member, remove_member
from ronghe.domain.taskforces.services.points import (
    raise_point,
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
from ronghe.domain.work.services.files import Upload, arrived_file
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


class TaskForceAnswer(TaskForceRow):
    base_place: str
    base_note: str
    members: list[TaskForceMemberRow]
    points: list[DifficultPointRow]


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
        fixes=fixes_asked(force, wanted.fixes) if wanted.fixes is not None else None,
    )  # fmt: skip
    return Status(201, point_row(point))


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
    "/{force_id}/files", response={201: TaskForceAnswer}, summary="附成果材料", operation_id="taskforces_outcome_file"
)
def outcome_file(request: HttpRequest, force_id: int, photo: File[list[UploadedFile]]) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    force = _seen(actor, force_id)
    for upload in photo:
        add_outcome_file(force=force, file=arrived_file(Upload(upload.name or "", upload)), actor=actor, at=now)
    return Status(201, _whole(force))


@router.post("/{force_id}/mark", response=TaskForceAnswer, summary="给品牌配图", operation_id="taskforces_mark")
def force_mark(request: HttpRequest, force_id: int, mark: File[UploadedFile]) -> Any:
    actor = actor_of(request)
    force, file = _seen(actor, force_id), arrived_file(Upload(mark.name or "", mark))
    return _whole(set_mark(force=force, file=file, actor=actor, at=timezone.now()))


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


def _person(key: int) -> Person:
    """Return somebody by id; the act itself refuses whoever is no member of the sides, absent and unseen alike."""
    return get_object_or_404(Person.objects.select_related("unit"), pk=key)


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
        "points": [point_of(line) for line in point_lines(list(points), day)],
    }  # fmt: skip
