"""All obligations of many bodies as one table, for scoring from files.

Occurrences are unfolded once per mechanism and calendar; a body adds only which of them it owes and which were met.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ronghe.domain.obligations.calc.instances import ALWAYS, InForce, Instance
from ronghe.domain.obligations.calc.matching import Key, Met, Record, match
from ronghe.domain.obligations.calc.occurrences import Calendars, Occurrence, OccurrenceBook
from ronghe.domain.obligations.calc.states import state_on
from ronghe.domain.playbooks.calc.model import Mechanism, Playbook
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.kernel.calendar.calendars import EveryDayCalendar, statutory_calendar
from ronghe.kernel.calendar.periods import DAY, DaySpan

if TYPE_CHECKING:
    import pyarrow as pa

BODY_KIND_OF_LEVEL: Mapping[str, BodyKind] = {
    "committee": BodyKind.COMMITTEE,
    "general_branch": BodyKind.GENERAL_BRANCH,
    "branch": BodyKind.BRANCH,
    "group": BodyKind.PARTY_GROUP,
    "zone": BodyKind.COLLABORATION_ZONE,
    "unit": BodyKind.UNIT,
    "team": BodyKind.TEAM,
}
"""What owes mechanisms at each scoring level; members, posts, areas and contractors owe none."""


def default_calendars() -> Calendars:
    """Return the calendars where nothing else is known: a site without calendar works every day."""
    return Calendars(statutory_calendar(), EveryDayCalendar(), EveryDayCalendar())


@dataclass(frozen=True, slots=True)
class Owing:
    """A body that owes: its kind, since when, and its calendars (the default ones unless told)."""

    body: str
    kind: BodyKind
    in_force: InForce = ALWAYS
    calendars: Calendars | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """The occurrences that every body of one kind with the same calendars shares."""

    occurrences: tuple[Occurrence, ...]
    mechanisms: tuple[Mechanism, ...]
    """Parallel to `occurrences`."""
    first_row: int


@dataclass(slots=True)
class _Rows:
    """Row numbers into the shared occurrences, and who owes each."""

    shared: list[Occurrence] = field(default_factory=list)
    taken: array[int] = field(default_factory=lambda: array("q"))
    bodies: list[str] = field(default_factory=list)
    counts: array[int] = field(default_factory=lambda: array("q"))
    places: dict[Key, int] = field(default_factory=dict)
    """Where in the table an instance of a body with records stands."""


def obligation_table(
    playbook: Playbook,
    owing: Iterable[Owing],
    span: DaySpan,
    *,
    today: date,
    records: Iterable[Record] = (),
    waived: frozenset[Key] = frozenset(),
) -> pa.Table:
    """Return the obligations of `owing` within `span` as they stand on `today`.

    Columns: `body, mechanism, occurrence, window_from, due_on, grace_until, due_until, state, met_on, record`. The
    period that scores a row is the one in which its last day, the day before `due_until`, lies. Rows are ordered by
    the bodies as given, then by mechanism in file order, then by due day.
    """
    calendars = default_calendars()
    bodies = list(owing)
    by_body: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for body in record.bodies:
            by_body[body].append(record)
    waived_bodies = {body for body, _mechanism, _occurrence in waived}
    rows = _Rows()
    pages: dict[tuple[BodyKind, int], _Page] = {}
    book = OccurrenceBook()
    watched: list[Instance] = []
    for owes in bodies:
        own = owes.calendars or calendars
        name = (owes.kind, id(own))
        if name not in pages:
            pages[name] = _page(playbook.mechanisms_for(owes.kind), own, span, book, rows)
        is_watched = owes.body in by_body or owes.body in waived_bodies
        watched += _owe(owes, pages[name], rows, is_watched=is_watched)
    told = {record.id: record for found in by_body.values() for record in found}
    mechanisms = {mechanism.id: mechanism for mechanism in playbook.mechanisms}
    met = match(told.values(), watched, lambda instance: mechanisms[instance.mechanism], waived=waived)
    return _table(rows, met, waived, today)


def _page(
    mechanisms: Sequence[Mechanism], calendars: Calendars, span: DaySpan, book: OccurrenceBook, rows: _Rows
) -> _Page:
    found = [
        (occurrence, mechanism)
        for mechanism in mechanisms
        for occurrence in book.of(mechanism, calendars.named(mechanism.calendar), span)
    ]
    first_row = len(rows.shared)
    rows.shared += [occurrence for occurrence, _mechanism in found]
    return _Page(tuple(o for o, _m in found), tuple(m for _o, m in found), first_row)


def _owe(body: Owing, page: _Page, rows: _Rows, *, is_watched: bool) -> list[Instance]:
    """Add the rows of one body; return its instances where something could change their state."""
    owed = [
        number
        for number, (occurrence, mechanism) in enumerate(zip(page.occurrences, page.mechanisms, strict=True))
        if mechanism.rhythm
        and mechanism.is_owed_ungraded
        and body.in_force.owes(occurrence, mechanism.rhythm.partial_window)
    ]
    begin = len(rows.taken)
    rows.taken.extend(page.first_row + number for number in owed)
    rows.bodies.append(body.body)
    rows.counts.append(len(owed))
    if not is_watched:
        return []
    watched = [Instance(body.body, page.occurrences[number]) for number in owed]
    rows.places |= {instance.key: begin + place for place, instance in enumerate(watched)}
    return watched


def _table(rows: _Rows, met: Mapping[Key, Met], waived: frozenset[Key], today: date) -> pa.Table:
    import pyarrow as pa

    shared, taken = rows.shared, pa.array(rows.taken, pa.int64())
    states = [state_on(today, occurrence, met_on=None).value for occurrence in shared]
    columns: dict[str, Any] = {
        "body": pa.array(_repeated(rows.bodies, rows.counts), pa.string()),
        "mechanism": pa.array([o.mechanism for o in shared], pa.string()).take(taken),
        "occurrence": pa.array([o.key for o in shared], pa.string()).take(taken),
        "window_from": pa.array([o.window_from for o in shared], pa.date32()).take(taken),
        "due_on": pa.array([o.due_on for o in shared], pa.date32()).take(taken),
        "grace_until": pa.array([o.grace_until for o in shared], pa.date32()).take(taken),
        "due_until": pa.array([o.counts_on + DAY for o in shared], pa.date32()).take(taken),
    }
    state: list[str] = [states[number] for number in rows.taken]
    met_on: list[date | None] = [None] * len(state)
    record: list[str | None] = [None] * len(state)
    for key in waived & rows.places.keys():
        state[rows.places[key]] = state_on(today, shared[rows.taken[rows.places[key]]], met_on=None, is_waived=True)
    for key, found in met.items():
        place = rows.places[key]
        state[place] = state_on(today, found.instance.occurrence, met_on=found.on).value
        met_on[place], record[place] = found.on, found.record
    columns["state"] = pa.array(state, pa.string())
    columns["met_on"] = pa.array(met_on, pa.date32())
    columns["record"] = pa.array(record, pa.string())
    return pa.table(columns)


def _repeated(names: Sequence[str], counts: Sequence[int]) -> list[str]:
    return [name for name, count in zip(names, counts, strict=True) for _number in range(count)]
