"""The benefit book of a zone, a body or a project: exact sums, by month, and each idea down to its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Min, Prefetch, Q, QuerySet

from ronghe.domain.benefits.calc.reckoning import DaysTotal, split, total_days, yuan
from ronghe.domain.benefits.enums import EntryKind, Stage
from ronghe.domain.benefits.models import BenefitCase, BookEntry, MeritShare, Reckoning, ReckoningLine, ScheduleGain
from ronghe.domain.benefits.rules import BENEFIT
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.rules import SEE_ITEM
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.db.tree import descendants

GIVEN_UP = ("refused", "withdrawn")
FIELDS = ("estimated", "approved", "realised", "verified", "reversed")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose book: a zone, a body with all below it, or a project; everything that the reader may see where none is named."""

    zone: CollaborationZone | None = None
    body: PartyOrg | None = None
    project: Project | None = None
    year: int | None = None

    @property
    def whose(self) -> CollaborationZone | PartyOrg | Project | None:
        return self.zone or self.body or self.project

    def items(self, actor: Person, at: datetime) -> QuerySet[WorkItem]:
        """Return the ideas of the book that `actor` may see."""
        rows = WorkItem.objects.filter(kind=BENEFIT.id)
        if self.zone is not None:
            rows = rows.filter(Q(zone=self.zone) | Q(body=self.zone.body_id))
        if self.body is not None:
            rows = rows.filter(body__in=descendants(PartyOrg, [self.body.pk], day=local_day(at)))
        if self.project is not None:
            rows = rows.filter(project=self.project)
        return SEE_ITEM.narrow(actor, rows, at=at)

    def holds(self, day: date | None) -> bool:
        return day is not None and (self.year is None or day.year == self.year)


@dataclass(slots=True)
class Sums:
    """Amounts in fen of what happened in a month, or in all."""

    estimated: int = 0
    approved: int = 0
    realised: int = 0
    verified: int = 0
    reversed: int = 0
    """Nought or below."""

    @property
    def net(self) -> int:
        return self.verified + self.reversed


@dataclass(frozen=True, slots=True)
class Book:
    """`months` are keyed by their first day, oldest first; `days` and `gains` are of what stands verified."""

    scope: Scope
    total: Sums
    months: list[tuple[date, Sums]]
    days: DaysTotal
    gains: list[ScheduleGain]
    ideas: int
    booked: int
    """Ideas that stand in the book."""


def book_of(scope: Scope, actor: Person, at: datetime) -> Book:
    """Return the sums of a book in four statements, however long it is."""
    items = scope.items(actor, at).order_by()
    total, months = Sums(), dict[date, Sums]()

    def add(name: str, day: date | None, fen: int | None) -> None:
        if fen is None or day is None or not scope.holds(day):
            return
        month = months.setdefault(day.replace(day=1), Sums())
        for sums in (total, month):
            setattr(sums, name, getattr(sums, name) + fen)

    cases = BenefitCase.objects.filter(item__in=items.values("pk")).values_list(
        "estimated_fen", "estimated_on", "approved_on", "realised_fen", "realised_on", "item__state"
    )
    for estimated, estimated_on, approved_on, realised, realised_on, state in cases:
        if state not in GIVEN_UP:
            add("estimated", estimated_on, estimated)
            add("approved", approved_on, estimated)
            add("realised", realised_on, realised)
    entries = BookEntry.objects.filter(item__in=items.values("pk")).values_list(
        "kind", "fen", "days", "booked_on", "item_id", "project_id"
    )
    days_by_idea: dict[tuple[int, int | None], int] = {}
    standing: dict[int, int] = {}
    for kind, fen, days, booked_on, item_id, project_id in entries:
        add(kind, booked_on, fen)
        if scope.holds(booked_on):
            days_by_idea[item_id, project_id] = days_by_idea.get((item_id, project_id), 0) + days
            standing[item_id] = standing.get(item_id, 0) + (1 if kind == EntryKind.VERIFIED else -1)
    gains = _gains(scope, {project for (_item, project) in days_by_idea if project is not None})
    counted = {gain.project_id: gain.days for gain in gains if _counts(gain, scope)}
    ideas = ((project, days) for (_item, project), days in days_by_idea.items())
    return Book(
        scope, total, sorted(months.items()), total_days(ideas, counted), gains, items.count(),
        sum(1 for count in standing.values() if count > 0),
    )  # fmt: skip


def _counts(gain: ScheduleGain, scope: Scope) -> bool:
    return gain.verified_at is not None and scope.holds(local_day(gain.verified_at))


def _gains(scope: Scope, projects: set[int]) -> list[ScheduleGain]:
    asked = projects | ({scope.project.pk} if scope.project is not None else set())
    rows = ScheduleGain.objects.filter(project__in=asked, withdrawn_at=None)
    return list(rows.select_related("project", "entered_by", "verified_by").order_by("project__name", "pk"))


@dataclass(frozen=True, slots=True)
class Told:
    """One reckoning with its lines."""

    reckoning: Reckoning
    lines: list[ReckoningLine]


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea of the book down to its lines. `net` is what stands in the book in fen, `None` where nothing ever did."""

    item: WorkItem
    case: BenefitCase | None
    estimate: Told | None
    actual: Told | None
    entries: list[BookEntry] = field(default_factory=list)
    shares: list[tuple[MeritShare, int]] = field(default_factory=list)
    """With each one's part of the amount in fen: told, never booked."""

    @property
    def net(self) -> int | None:
        return sum(entry.fen for entry in self.entries) if self.entries else None

    @property
    def days(self) -> int | None:
        return sum(entry.days for entry in self.entries) if self.entries else None

    @property
    def saved(self) -> int | None:
        """What it saves as far as is known: booked, else realised, else estimated."""
        if self.entries:
            return self.net
        told = self.actual or self.estimate
        return told.reckoning.fen if told is not None else None


def ideas_listed(scope: Scope, actor: Person, at: datetime) -> QuerySet[WorkItem]:
    """Return the ideas of a book, project by project, the newest first: to be cut to a page."""
    rows = scope.items(actor, at)
    if scope.year is not None:
        on = Q(raised_at__year=scope.year)
        for name in ("estimated_on", "approved_on", "realised_on"):
            on |= Q(**{f"benefit__{name}__year": scope.year})
        booked = BookEntry.objects.filter(booked_on__year=scope.year).order_by().values("item_id")
        rows = rows.filter(on | Q(pk__in=booked))
    related = ("project", "zone", "body", "owner", "raised_by", "benefit")
    return rows.select_related(*related).order_by("project_id", "-raised_at", "-pk")


def with_lines(items: Sequence[WorkItem]) -> list[Idea]:
    """Return ideas with their newest reckonings, lines, entries and shares; four statements."""
    keys = [item.pk for item in items]
    lines = Prefetch("lines", ReckoningLine.objects.order_by("place"))
    newest: dict[tuple[int, str], Reckoning] = {}
    rows = Reckoning.objects.filter(item__in=keys).select_related("by").prefetch_related(lines).order_by("number")
    for row in rows:
        newest[row.item_id, row.stage] = row
    entries: dict[int, list[BookEntry]] = {}
    for entry in BookEntry.objects.filter(item__in=keys).select_related("by").order_by("at", "pk"):
        entries.setdefault(entry.item_id, []).append(entry)
    shares: dict[int, list[MeritShare]] = {}
    for share in MeritShare.objects.filter(item__in=keys).select_related("person").order_by("-percent", "pk"):
        shares.setdefault(share.item_id, []).append(share)
    return [_idea(item, newest, entries.get(item.pk, []), shares.get(item.pk, [])) for item in items]


def _idea(
    item: WorkItem, newest: dict[tuple[int, str], Reckoning], entries: list[BookEntry], shares: list[MeritShare]
) -> Idea:
    estimate, actual = _told(newest.get((item.pk, Stage.ESTIMATE))), _told(newest.get((item.pk, Stage.ACTUAL)))
    case: Any = getattr(item, "benefit", None)
    idea = Idea(item, case, estimate, actual, entries)
    parts = split(idea.saved or 0, [share.percent for share in shares]) if shares else []
    idea.shares.extend(zip(shares, parts, strict=True))
    return idea


def _told(reckoning: Reckoning | None) -> Told | None:
    return Told(reckoning, list(reckoning.lines.all())) if reckoning is not None else None


def years_of(actor: Person, at: datetime) -> list[int]:
    """Return the years from the first idea that `actor` may see to this one, the newest first."""
    rows = SEE_ITEM.narrow(actor, WorkItem.objects.filter(kind=BENEFIT.id), at=at).order_by()
    first = rows.aggregate(first=Min("raised_at"))["first"] or at
    return list(range(local_day(at).year, local_day(first).year - 1, -1))


def in_yuan(fen: int) -> str:
    """Return an amount as people read it: `550,000.00`."""
    return f"{yuan(fen):,.2f}"
