"""Difficult points: with their four fixes, across the groups that an actor sees, and the clock of each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.calc.clock import Clocked, clocked, hours_between
from ronghe.domain.taskforces.calc.fixes import Answering, Fix, met_target, missing_fixes, plain, reached
from ronghe.domain.taskforces.enums import OPEN_POINTS, DifficultyKind, PointState
from ronghe.domain.taskforces.models import DifficultPoint, PointPerson, ProgressNote
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.kernel.access.listing import Listed, list_seen


@dataclass(slots=True)
class PointLine:
    """A point as pages show it on a day: its people, its notes (latest first), and what it lacks."""

    point: DifficultPoint
    day: date
    people: list[PointPerson] = field(default_factory=list)
    notes: list[ProgressNote] = field(default_factory=list)

    @property
    def in_charge(self) -> Person | None:
        return next((row.person for row in self.people if row.is_in_charge), None)

    @property
    def missing(self) -> tuple[Fix, ...]:
        answering = [Answering(row.is_in_charge, row.duty) for row in self.people]
        return missing_fixes(answering, goal=self.point.goal, due_on=self.point.due_on)

    @property
    def is_overdue(self) -> bool:
        return self.point.is_open and self.point.due_on is not None and self.point.due_on < self.day

    @property
    def figure_now(self) -> Decimal | None:
        """What is measured now: where it ended, else what the latest note with a figure says."""
        if self.point.actual is not None:
            return self.point.actual
        return next((note.figure for note in self.notes if note.figure is not None), None)

    @property
    def now_text(self) -> str:
        return plain(self.figure_now)

    @property
    def percent(self) -> int | None:
        return reached(self.point.baseline, self.point.target, self.figure_now)

    @property
    def was_met(self) -> bool | None:
        return met_target(self.point.baseline, self.point.target, self.point.actual)

    @property
    def hours(self) -> int | None:
        """From raised to resolved; `None` while it is open or where it was handed over."""
        if self.point.state != PointState.RESOLVED or self.point.settled_at is None:
            return None
        return hours_between(self.point.raised_at, self.point.settled_at)


def points_seen_by(actor: Person, at: datetime) -> QuerySet[DifficultPoint]:
    """Return the points that `actor` may see, by group and number."""
    rows = SEE_POINT.narrow(actor, DifficultPoint.objects.all(), at=at)
    return rows.select_related("task_force__project", "task_force__body", "task_force__parent").order_by(
        "task_force_id", "number"
    )


def list_points(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", state: str = "", overdue: bool = False,
    mine: bool = False, page: int = 1, size: int = 50, order_by: Sequence[str] = ("-raised_at",),
) -> Listed[DifficultPoint]:  # fmt: skip
    """Return one page of the points that `actor` may see; `words` occur in the title or the group's name."""
    rows = _filtered(at, words=words, kind=kind, state=state, overdue=overdue).select_related("task_force__project")
    if mine:
        rows = rows.filter(pk__in=PointPerson.objects.filter(person=actor).order_by().values("point_id"))
    return list_seen(SEE_POINT, actor, rows, order_by=tuple(order_by), at=at, page=page, size=size)


def _filtered(at: datetime, *, words: str, kind: str, state: str, overdue: bool) -> QuerySet[DifficultPoint]:
    rows = DifficultPoint.objects.all()
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(task_force__name__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if overdue:
        rows = rows.filter(state__in=sorted(OPEN_POINTS), due_on__lt=local_day(at))
    return rows


def point_lines(points: Sequence[DifficultPoint], day: date, *, with_notes: bool = True) -> list[PointLine]:
    """Return the points with their people and notes, in their order: two reads, however many points; one without notes."""
    lines = {point.pk: PointLine(point, day) for point in points}
    people = PointPerson.objects.filter(point__in=lines).select_related("person")
    for row in people.order_by("-is_in_charge", "person__name", "pk"):
        lines[row.point_id].people.append(row)
    if not with_notes:
        return list(lines.values())
    for note in ProgressNote.objects.filter(point__in=lines).select_related("by").order_by("-at", "-pk"):
        lines[note.point_id].notes.append(note)
    return list(lines.values())


def missing_of(point: DifficultPoint) -> tuple[Fix, ...]:
    """Return which of the four fixes a point lacks (SD-03)."""
    return PointLine(point, local_day(point.raised_at), list(point.people.order_by("pk"))).missing


def clock_by_kind(actor: Person, at: datetime) -> list[Clocked]:
    """Return how long each kind of difficulty took, as far as `actor` sees points; kinds without any are left out."""
    day = local_day(at)
    rows: Any = SEE_POINT.narrow(actor, DifficultPoint.objects.all(), at=at).order_by()
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for row in rows.values_list("kind", "state", "due_on", "raised_at", "settled_at"):
        by_kind[row[0]].append(row[1:])
    return [_clocked(kind, by_kind[kind], day) for kind in DifficultyKind.values if by_kind[kind]]


def _clocked(kind: str, rows: list[Any], day: date) -> Clocked:
    hours = [hours_between(raised, settled) for state, _due, raised, settled in rows if state == PointState.RESOLVED]
    still = [due for state, due, _raised, _settled in rows if state in OPEN_POINTS]
    return clocked(
        kind, open_=len(still), overdue=sum(1 for due in still if due is not None and due < day), hours=hours,
        handed_over=sum(1 for row in rows if row[0] == PointState.HANDED_OVER),
    )  # fmt: skip


def owed_points(person: Person) -> QuerySet[DifficultPoint]:
    """Return the open points that `person` is in charge of, soonest first."""
    mine = PointPerson.objects.filter(person=person, is_in_charge=True).order_by().values("point_id")
    rows = DifficultPoint.objects.filter(pk__in=mine, state__in=sorted(OPEN_POINTS))
    return rows.select_related("task_force").order_by("due_on", "pk")
