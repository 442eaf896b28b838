"""One thing of a calendar, whoever gave it, and how what was met is shown with what met it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.periods import DaySpan

Key = tuple[str, int]
"""Kind and number: what names an entry on a page and in an address."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that stands on a day. `state` is one of the eight shapes, `word` says it in words."""

    kind: str
    pk: int
    uid: str
    """The same as long as the thing is the same thing, whatever its days; what a calendar elsewhere knows it by."""
    title: str
    body_id: int | None
    body: str
    day: date
    state: str
    word: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    window: DaySpan | None = None
    """The days on which a record is in time."""
    grace_until: date | None = None
    movable: DaySpan | None = None
    """The days to which it may be moved; nothing where it may not."""
    is_called_off: bool = False
    is_moved: bool = False
    sequence: int = 0
    revised_at: datetime | None = None
    met_by: Key | None = None
    meets: tuple[str, ...] = ()
    """Titles of the duties that this record met."""
    role: str = ""
    """Of a duty: the post that answers for it."""
    group: str = ""
    """Of a duty: its mechanism, a line of its own over time."""

    @property
    def key(self) -> Key:
        return (self.kind, self.pk)

    @property
    def order(self) -> tuple[date, time, str, str, int]:
        """By day, then all-day things, then by the hour."""
        begins = self.starts_at.astimezone(SHANGHAI).time() if self.starts_at else time.min
        return (self.day, begins, self.title, self.kind, self.pk)


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries in order, each duty that a record on the calendar met shown with that record alone."""
    found = list(entries)
    there = {entry.key for entry in found}
    meets: dict[Key, list[str]] = defaultdict(list)
    for entry in found:
        if entry.met_by in there and entry.met_by is not None:
            meets[entry.met_by].append(entry.title)
    shown = (entry for entry in found if entry.met_by is None or entry.met_by not in there)
    return sorted(
        (replace(entry, meets=tuple(meets[entry.key])) if entry.key in meets else entry for entry in shown),
        key=lambda entry: entry.order,
    )


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar with what stands on it."""

    on: date
    is_today: bool
    is_outside: bool
    """It belongs to the month before or after."""
    is_free: bool
    note: str
    """Name of the holiday, or what an extra working day makes up for."""
    is_made_up: bool
    entries: list[Entry] = field(default_factory=list)
    tint: str = ""
    """`window` or `grace`: how the day lies to the duty that is picked."""
    takes: bool = False
    """What is picked may be moved here."""
