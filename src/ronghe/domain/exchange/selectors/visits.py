"""Visits as an actor may see them, figures side by side, what was taken home and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from ronghe.domain.exchange.calc.figures import gap, gap_percent, is_reached, plain, share
from ronghe.domain.exchange.enums import Better, PracticeState, VisitState
from ronghe.domain.exchange.models import BenchmarkLine, LearningVisit, Practice
from ronghe.domain.exchange.rules import SEE_PRACTICE, SEE_VISIT
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.access.listing import Listed, list_seen

OPEN, DUE = PracticeState.OPEN.value, "due"


def visits_seen_by(actor: Person, at: datetime) -> QuerySet[LearningVisit]:
    """Return the visits that `actor` may see: to be cut to one or a few."""
    rows = SEE_VISIT.narrow(actor, LearningVisit.objects.all(), at=at, walk=True)
    return rows.select_related("body", "host_body", "host_unit", "lead", "activity", "answered_by").order_by(
        "-day", "-pk"
    )


def list_visits(
    actor: Person, at: datetime, *, words: str = "", direction: str = "", state: str = "", year: int | None = None,
    page: int = 1, size: int = 20,
) -> Listed[LearningVisit]:  # fmt: skip
    """Return one page of the visits that `actor` may see, the latest first; each with `taken`, `used` and `open`."""
    rows = LearningVisit.objects.select_related("body", "host_body", "lead")
    if words:
        rows = rows.filter(
            Q(purpose__icontains=words) | Q(host_name__icontains=words) | Q(body__name__icontains=words)
            | Q(practices__title__icontains=words)
        ).distinct()  # fmt: skip
    if direction:
        rows = rows.filter(direction=direction)
    if state:
        rows = rows.filter(state=state)
    if year is not None:
        rows = rows.filter(day__year=year)
    used = Q(practices__state__in=[PracticeState.ADOPTED, PracticeState.PARTLY])
    rows = rows.annotate(
        taken=Count("practices", distinct=True),
        used=Count("practices", filter=used, distinct=True),
        waiting=Count("practices", filter=Q(practices__state=PracticeState.OPEN), distinct=True),
        went=Count("people", distinct=True),
    )
    return list_seen(SEE_VISIT, actor, rows, order_by=("-day",), at=at, page=page, size=size)


@dataclass(frozen=True, slots=True)
class BenchmarkView:
    """An indicator with its gap: positive where the other side is better."""

    line: BenchmarkLine
    gap: Decimal
    percent: Decimal | None
    is_reached: bool | None

    @property
    def is_behind(self) -> bool:
        return self.gap > 0

    @property
    def distance(self) -> Decimal:
        return abs(self.gap)

    @property
    def texts(self) -> dict[str, str]:
        """The figures as they were typed, without idle zeros."""
        line = self.line
        figures = {"ours": line.ours, "theirs": line.theirs, "target": line.target, "actual": line.actual}
        return {name: plain(value) for name, value in figures.items()} | {"distance": plain(self.distance)}


def benchmarks_of(lines: Iterable[BenchmarkLine]) -> list[BenchmarkView]:
    """Return the indicators with what is computed of them, in their order."""
    views = []
    for line in lines:
        is_up = line.better == Better.UP
        views.append(
            BenchmarkView(
                line, gap(line.ours, line.theirs, is_up=is_up), gap_percent(line.ours, line.theirs, is_up=is_up),
                is_reached(line.target if line.target is not None else line.theirs, line.actual, is_up=is_up),
            )
        )  # fmt: skip
    return views


def practices_seen_by(actor: Person, at: datetime) -> QuerySet[Practice]:
    """Return the practices that `actor` may see: to be cut to one or a few."""
    rows = SEE_PRACTICE.narrow(actor, Practice.objects.all(), at=at, walk=True)
    return rows.select_related("visit__body", "visit__activity", "owner", "settled_by", "shown_to").order_by(
        "-taken_at"
    )


def list_practices(
    actor: Person,
    at: datetime,
    *,
    words: str = "",
    state: str = "",
    offered: bool = False,
    page: int = 1,
    size: int = 20,
) -> Listed[Practice]:
    """Return one page of the practices that `actor` may see, the latest first; `state` may be `due`: overdue answers."""
    rows = Practice.objects.select_related("visit__body", "owner")
    if words:
        rows = rows.filter(
            Q(title__icontains=words) | Q(text__icontains=words) | Q(visit__host_name__icontains=words)
            | Q(said__icontains=words)
        )  # fmt: skip
    if state == DUE:
        rows = rows.filter(state=PracticeState.OPEN, due_on__lte=local_day(at))
    elif state:
        rows = rows.filter(state=state)
    if offered:
        rows = rows.filter(is_offered=True)
    return list_seen(SEE_PRACTICE, actor, rows, order_by=("-taken_at",), at=at, page=page, size=size)


@dataclass(frozen=True, slots=True)
class Adoption:
    """How many practices were taken home, are used, are not, and wait; `rate` is of those that were answered."""

    taken: int
    used: int
    partly: int
    refused: int
    waiting: int

    @property
    def rate(self) -> Decimal | None:
        return share(self.used + self.partly, self.used + self.partly + self.refused)


def adoption_of(actor: Person, at: datetime) -> Adoption:
    """Return what became of everything taken home, as far as `actor` sees it: one read."""
    rows: Any = SEE_PRACTICE.narrow(actor, Practice.objects.all(), at=at).order_by()
    sums = rows.aggregate(
        taken=Count("pk"),
        used=Count("pk", filter=Q(state=PracticeState.ADOPTED)),
        partly=Count("pk", filter=Q(state=PracticeState.PARTLY)),
        refused=Count("pk", filter=Q(state=PracticeState.NOT_ADOPTED)),
        waiting=Count("pk", filter=Q(state=PracticeState.OPEN)),
    )
    return Adoption(**sums)


def practices_waiting(actor: Person, at: datetime) -> QuerySet[Practice]:
    """Return the practices whose owner is `actor` and whose day of answering has come."""
    return Practice.objects.filter(owner=actor, state=PracticeState.OPEN, due_on__lte=local_day(at)).exclude(
        visit__state=VisitState.CALLED_OFF
    )
