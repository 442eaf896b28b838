"""Responsibility sheets as an actor may see them, and how each line stands: computed, never ticked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from ronghe.domain.decisions.calc.lines import State, periods_of, state_in, worst
from ronghe.domain.decisions.enums import Edition, Layer
from ronghe.domain.decisions.models import LineRecord, ResponsibilitySheet, SheetLine
from ronghe.domain.decisions.rules import SEE_SHEET
from ronghe.domain.decisions.selectors.rulebooks import mechanisms_of
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Person
from ronghe.kernel.calendar.moments import day_of

LAYERS = [layer.value for layer in Layer]
SHAPES = {
    State.MISSED: "failed", State.DUE: "due", State.LATE: "late", State.DONE: "done", State.WAIVED: "waived",
    State.UPCOMING: "upcoming",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that a line is to be done: its state, its last day, and what shows it."""

    state: State
    until: date
    obligation: int | None = None
    record: LineRecord | None = None

    @property
    def shape(self) -> str:
        return SHAPES[self.state]


@dataclass(slots=True)
class LineStanding:
    """A line with its slots of the year; `state` is what needs attention first."""

    line: SheetLine
    mechanism_title: str = ""
    slots: list[Slot] = field(default_factory=list)
    records: list[LineRecord] = field(default_factory=list)

    @property
    def state(self) -> State:
        begun = [slot.state for slot in self.slots if slot.state != State.UPCOMING]
        return worst(begun)

    @property
    def shape(self) -> str:
        return SHAPES[self.state]

    @property
    def done(self) -> int:
        return sum(slot.state in (State.DONE, State.LATE) for slot in self.slots)

    @property
    def begun(self) -> int:
        """How many slots have begun and are not waived: what can be asked for by today."""
        return sum(slot.state not in (State.UPCOMING, State.WAIVED) for slot in self.slots)

    @property
    def shapes(self) -> list[str]:
        return [slot.shape for slot in self.slots]

    @property
    def open_slot(self) -> Slot | None:
        return next((slot for slot in self.slots if slot.state == State.DUE), None)


def sheets_seen_by(actor: Person, at: datetime) -> QuerySet[ResponsibilitySheet]:
    """Return the sheets, of every year and version, that `actor` may see: the latest first."""
    seen = SEE_SHEET.narrow(actor, ResponsibilitySheet.objects.all(), at=at)
    rows = ResponsibilitySheet.objects.filter(pk__in=seen.order_by().values("pk"))
    rows = rows.select_related("body", "adopted_by").annotate(size=Count("lines"))
    return rows.order_by("-year", "body__name", "-number")


def lines_on(sheet: ResponsibilitySheet, today: date) -> list[LineStanding]:
    """Return the lines of a sheet by layer, each with how it stands: six reads, however many lines."""
    rows = sheet.lines.select_related("person", "sheet__body").order_by("pk")
    ordered = sorted(rows, key=lambda line: (LAYERS.index(line.layer), line.person.name, line.pk))
    return standings(ordered, today)


def lines_answered_by(person: Person, today: date, year: int) -> list[LineStanding]:
    """Return the lines in force that `person` answers for in a year, of whatever body: 我的责任清单."""
    rows = SheetLine.objects.filter(person=person, sheet__state=Edition.IN_FORCE, sheet__year=year)
    return standings(list(rows.select_related("person", "sheet__body").order_by("sheet__body__name", "pk")), today)


def lines_due(person: Person, at: datetime) -> QuerySet[SheetLine]:
    """Return the lines in force of the present year without a mechanism that `person` answers for."""
    year = at.year
    return SheetLine.objects.filter(person=person, sheet__state=Edition.IN_FORCE, sheet__year=year, mechanism="")


def standings(lines: Sequence[SheetLine], today: date) -> list[LineStanding]:
    """Return how lines stand on a day, in their order; of a mechanism by its obligations, else by what was recorded."""
    found = [LineStanding(line) for line in lines]
    owed = _obligations(lines, today)
    recorded = _records(lines)
    begun = _published(lines)
    titles = _titles(lines, today)
    for standing in found:
        line = standing.line
        sheet = line.sheet
        if line.mechanism:
            standing.mechanism_title = titles.get((sheet.body_id, line.mechanism), line.mechanism)
            standing.slots = owed.get((sheet.body_id, sheet.year, line.mechanism), [])
            continue
        standing.records = recorded[sheet.body_id, sheet.year, line.key]
        days = [row.done_on for row in standing.records]
        since = begun.get((sheet.body_id, sheet.year, line.key))
        for first, until in periods_of(sheet.year, line.rhythm):
            shown = next((row for row in standing.records if first <= row.done_on < until), None)
            state = state_in((first, until), days, today, since=since)
            standing.slots.append(Slot(state, until, record=shown))
    return found


@dataclass(frozen=True, slots=True)
class Behind:
    """One person with what is not done of the own lines."""

    person: Person
    missed: int
    due: int
    lines: int


def who_is_behind(lines: Iterable[LineStanding]) -> list[Behind]:
    """Return each person of the lines, whoever misses most first."""
    by_person: dict[int, list[LineStanding]] = defaultdict(list)
    for standing in lines:
        by_person[standing.line.person_id].append(standing)
    found = [
        Behind(
            own[0].line.person,
            sum(slot.state == State.MISSED for standing in own for slot in standing.slots),
            sum(slot.state == State.DUE for standing in own for slot in standing.slots),
            len(own),
        )
        for own in by_person.values()
    ]
    return sorted(found, key=lambda row: (-row.missed, -row.due, row.person.name))


def _obligations(lines: Sequence[SheetLine], today: date) -> dict[tuple[int, int, str], list[Slot]]:
    wanted = {(line.sheet.body_id, line.sheet.year, line.mechanism) for line in lines if line.mechanism}
    found: dict[tuple[int, int, str], list[Slot]] = defaultdict(list)
    if not wanted:
        return found
    years = {year for _body, year, _mechanism in wanted}
    rows = Obligation.objects.counting_in(date(min(years), 1, 1), date(max(years) + 1, 1, 1)).filter(
        body_id__in={body for body, _year, _mechanism in wanted},
        mechanism__in={mechanism for _body, _year, mechanism in wanted},
    )
    dated: Any = rows.with_state(today).order_by("due_on", "pk")
    for row in dated:
        key = (row.body_id, row.counts_on.year, row.mechanism)
        if key in wanted:
            found[key].append(Slot(State(row.state), row.grace_until, obligation=row.pk))
    return found


def _records(lines: Sequence[SheetLine]) -> dict[tuple[int, int, int], list[LineRecord]]:
    own = [line for line in lines if not line.mechanism]
    found: dict[tuple[int, int, int], list[LineRecord]] = defaultdict(list)
    if own:
        rows = LineRecord.objects.filter(
            body__in={line.sheet.body_id for line in own}, year__in={line.sheet.year for line in own},
            key__in={line.key for line in own}, taken_back_at=None,
        )  # fmt: skip
        for row in rows.select_related("recorded_by").order_by("done_on", "pk"):
            found[row.body_id, row.year, row.key].append(row)
    return found


def _published(lines: Sequence[SheetLine]) -> dict[tuple[int, int, int], date]:
    """Return the day on which each line without mechanism was first published, in whatever version."""
    own = [line for line in lines if not line.mechanism]
    if not own:
        return {}
    rows = SheetLine.objects.filter(
        sheet__body__in={line.sheet.body_id for line in own}, sheet__year__in={line.sheet.year for line in own},
        key__in={line.key for line in own}, sheet__adopted_at__isnull=False,
    )  # fmt: skip
    first = rows.order_by().values_list("sheet__body_id", "sheet__year", "key").annotate(at=Min("sheet__adopted_at"))
    return {(body, year, key): day_of(at) for body, year, key, at in first}


def _titles(lines: Sequence[SheetLine], today: date) -> dict[tuple[int, str], str]:
    bodies = {line.sheet.body_id for line in lines if line.mechanism}
    return {(body, one.id): one.title.zh for body in sorted(bodies) for one in mechanisms_of(body, today)}
