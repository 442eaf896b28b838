"""Times that may be booked: weekly hours cut into visits, without days off, days away and what is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ronghe.kernel.calendar.moments import moment_of

SATURDAY = 6


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """From `starts` until `ends` on an ISO weekday, in visits of `minutes` each; a rest shorter than one is left."""

    id: int
    weekday: int
    starts: time
    ends: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One time to be booked, of the hours `hours_id`."""

    starts_at: datetime
    ends_at: datetime
    hours_id: int


@dataclass(frozen=True, slots=True)
class Span:
    """Time from a moment until a moment, not included."""

    starts_at: datetime
    ends_at: datetime


def free_slots(
    hours: Iterable[WeeklyHours], days: Sequence[date], *, is_working: Callable[[date], bool],
    is_away: Callable[[date], bool], taken: Sequence[Span] = (), after: datetime,
) -> list[Slot]:  # fmt: skip
    """Return what may be booked on `days` after a moment, the earliest first.

    A holiday that falls on Monday to Friday has no hours; hours set for a weekend hold on every weekend.
    """
    weekly = list(hours)
    found = [
        slot
        for day in days
        if not is_away(day)
        for one in weekly
        if one.weekday == day.isoweekday() and (is_working(day) or day.isoweekday() >= SATURDAY)
        for slot in _cut(one, day)
        if slot.starts_at > after and not any(overlap(slot, span) for span in taken)
    ]
    return sorted(found, key=lambda slot: (slot.starts_at, slot.hours_id))


def overlap(one: Slot | Span, other: Slot | Span) -> bool:
    """Tell whether two times share a minute; what follows at once does not."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def hours_clash(one: WeeklyHours, others: Iterable[WeeklyHours]) -> bool:
    """Tell whether the hours share a minute of the week with any of `others`."""
    return any(one.weekday == other.weekday and one.starts < other.ends and other.starts < one.ends for other in others)


def _cut(hours: WeeklyHours, day: date) -> Iterable[Slot]:
    lasts = timedelta(minutes=hours.minutes)
    begins, ends = moment_of(day, hours.starts), moment_of(day, hours.ends)
    while begins + lasts <= ends:
        yield Slot(begins, begins + lasts, hours.id)
        begins += lasts
