"""Working hours between two moments: what a design review takes is told in these (PJ-08)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

_HOUR = 3600
_PLACES = Decimal("0.01")
_TENTH = Decimal("0.1")
_SEARCHED_DAYS = 800


@dataclass(frozen=True, slots=True)
class DayHours:
    """When a unit works: from `begins` to `ends` without the break. The shipped day is of eight hours."""

    begins: time = time(8, 30)
    ends: time = time(18, 0)
    break_from: time = time(12, 0)
    break_until: time = time(13, 30)

    @property
    def seconds(self) -> int:
        return sum(_seconds(until) - _seconds(since) for since, until in self.spans)

    @property
    def spans(self) -> tuple[tuple[time, time], tuple[time, time]]:
        return (self.begins, self.break_from), (self.break_until, self.ends)

    @property
    def is_sound(self) -> bool:
        return self.begins < self.break_from <= self.break_until < self.ends


SHIPPED_HOURS = DayHours()


def working_seconds(
    begin: datetime, end: datetime, *, hours: DayHours, works_on: Callable[[date], bool], zone: ZoneInfo
) -> int:
    """Return the seconds between two moments that lie in working hours of working days; nought where `end` is first."""
    since, until = begin.astimezone(zone), end.astimezone(zone)
    total, day = 0, since.date()
    while day <= until.date():
        if works_on(day):
            for opens, closes in hours.spans:
                first = max(since, datetime.combine(day, opens, zone))
                last = min(until, datetime.combine(day, closes, zone))
                total += max(0, int((last - first).total_seconds()))
        day += timedelta(days=1)
    return total


def after_working(
    begin: datetime, seconds: int, *, hours: DayHours, works_on: Callable[[date], bool], zone: ZoneInfo
) -> datetime:
    """Return the moment at which so many seconds of working time have passed since `begin`.

    A calendar on which nothing is worked for two years ends the search there.
    """
    since, left = begin.astimezone(zone), seconds
    for number in range(_SEARCHED_DAYS):
        day = since.date() + timedelta(days=number)
        if not works_on(day):
            continue
        for opens, closes in hours.spans:
            first = max(since, datetime.combine(day, opens, zone))
            last = datetime.combine(day, closes, zone)
            held = int((last - first).total_seconds())
            if held >= left > 0:
                return first + timedelta(seconds=left)
            left -= max(0, held)
    return since + timedelta(days=_SEARCHED_DAYS)


def in_hours(seconds: int) -> Decimal:
    """Return seconds as hours, rounded half up to two places."""
    return (Decimal(seconds) / _HOUR).quantize(_PLACES, rounding=ROUND_HALF_UP)


def in_days(seconds: int, hours: DayHours) -> Decimal:
    """Return seconds as working days of the unit, rounded half up to one place."""
    return (Decimal(seconds) / hours.seconds).quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds of many reviews: how many, the middle one, what nine in ten stay within, the longest."""

    count: int = 0
    median: int | None = None
    ninetieth: int | None = None
    longest: int | None = None


def spread(seconds: Iterable[int]) -> Spread:
    """Return what many say together; of an even count the lower of the two in the middle, for a review that was."""
    taken = sorted(seconds)
    if not taken:
        return Spread()
    return Spread(len(taken), taken[(len(taken) - 1) // 2], taken[-(-len(taken) * 9 // 10) - 1], taken[-1])


def _seconds(moment: time) -> int:
    return moment.hour * _HOUR + moment.minute * 60 + moment.second
