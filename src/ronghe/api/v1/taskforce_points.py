"""项目攻关的难点: the four fixes, progress, the result, and how long each kind takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.enums import DifficultyKind, PointState
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.selectors import (
    PointLine,
    clock_by_kind,
    list_points,
    members_on,
    point_lines,
    points_seen_by,
)
from ronghe.domain.taskforces.services.points import (
    Fixes,
    fix_point,
    hand_over_point,
    note_progress,
    reopen_point,
    resolve_point,
)
from ronghe.kernel.errors import NotFound

router = Router(tags=["taskforces"])


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


class DifficultyClockRow(Schema):
    kind: DifficultyKind
    open: int
    overdue: int
    resolved: int
    handed_over: int
    median_hours: int | None
    longest_hours: int | None


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


@router.get("", response=Page[DifficultPointRow], summary="攻关难点清单", operation_id="taskforces_points")
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
    return listed_answer(listed, lambda point: point_of(lines[point.pk]))


@router.get(
    "/clock",
    response=list[DifficultyClockRow],
    summary="各类难点从提出到解决的用时",
    operation_id="taskforces_clock",
)
def point_clock(request: HttpRequest) -> Any:
    return [
        {name: getattr(row, name) for name in DifficultyClockRow.model_fields}
        for row in clock_by_kind(actor_of(request), timezone.now())
    ]


@router.get("/{point_id}", response=DifficultPointRow, summary="一个难点", operation_id="taskforces_point")
def point_detail(request: HttpRequest, point_id: int) -> Any:
    return point_row(_seen_point(actor_of(request), point_id))


@router.post("/{point_id}/fix", response=DifficultPointRow, summary="给难点四定", operation_id="taskforces_fix")
def point_fix(request: HttpRequest, point_id: int, wanted: FixesRequest) -> Any:
    actor = actor_of(request)
    point = _seen_point(actor, point_id)
    fixes = fixes_asked(point.task_force, wanted)
    return point_row(fix_point(point=point, fixes=fixes, actor=actor, at=timezone.now()))


@router.post("/{point_id}/notes", response=DifficultPointRow, summary="记进展", operation_id="taskforces_note")
def point_note(request: HttpRequest, point_id: int, wanted: ProgressRequest) -> Any:
    actor = actor_of(request)
    point = _seen_point(actor, point_id)
    note_progress(point=point, text=wanted.text, figure=wanted.figure, actor=actor, at=timezone.now())
    return point_row(point)


@router.post("/{point_id}/resolve", response=DifficultPointRow, summary="办结难点", operation_id="taskforces_resolve")
def point_resolve(request: HttpRequest, point_id: int, wanted: ResultRequest) -> Any:
    actor = actor_of(request)
    point = _seen_point(actor, point_id)
    resolve_point(point=point, result=wanted.result, actual=wanted.actual, actor=actor, at=timezone.now())
    return point_row(point)


@router.post("/{point_id}/reopen", response=DifficultPointRow, summary="重开难点", operation_id="taskforces_reopen")
def point_reopen(request: HttpRequest, point_id: int) -> Any:
    actor = actor_of(request)
    return point_row(reopen_point(point=_seen_point(actor, point_id), actor=actor, at=timezone.now()))


@router.post(
    "/{point_id}/hand-over", response=DifficultPointRow, summary="移交难点", operation_id="taskforces_hand_over"
)
def point_hand_over(request: HttpRequest, point_id: int, wanted: HandOverRequest) -> Any:
    actor = actor_of(request)
    return point_row(hand_over_point(point=_seen_point(actor, point_id), to=wanted.to, actor=actor, at=timezone.now()))


def _seen_point(actor: Person, point_id: int) -> DifficultPoint:
    return get_object_or_404(points_seen_by(actor, timezone.now()), pk=point_id)


def fixes_asked(force: TaskForce, wanted: FixesRequest) -> Fixes:
    """Return the four fixes as sent; whoever is not in the group is not found."""
    inside = {row.person_id: row.person for row in members_on(force, local_day(timezone.now()))}
    keys = {*wanted.duties, *([wanted.in_charge] if wanted.in_charge is not None else [])}
    if not keys <= inside.keys():
        raise NotFound
    return Fixes(
        duties=[(inside[key], wanted.duties.get(key, "")[:120]) for key in sorted(keys)],
        in_charge=inside.get(wanted.in_charge) if wanted.in_charge is not None else None, goal=wanted.goal,
        baseline=wanted.baseline, target=wanted.target, unit=wanted.unit, due_on=wanted.due_on,
    )  # fmt: skip


def point_row(point: DifficultPoint) -> dict[str, Any]:
    """Return one point with its four fixes."""
    return point_of(point_lines([point], local_day(timezone.now()))[0])


def point_of(line: PointLine) -> dict[str, Any]:
    """Return a point whose people and notes were read with others."""
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
