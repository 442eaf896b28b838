"""Working time: moments are whole minutes since `EPOCH` by the site's clock, durations are minutes that are worked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

Shifts = tuple[tuple[int, int], ...]
"""The parts of a day that are worked, in minutes of the day, in order; empty on a day off."""

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - the site's own clock, which keeps no summer time
EPOCH_DAY = EPOCH.date()
DAY = 1440
LAST_DAY = (date(2099, 12, 31) - EPOCH_DAY).days
STEP_DAYS = 512
"""So many days are looked up at once when a plan runs on."""


class NoWorkingTime(DomainError):
    code = "schedule_no_working_time"
    sentence = N_("日历“%(calendar)s”里没有足够的工作时间，排不出计划。请检查工作日和停工日。")
    status = 422


def minute_of(moment: datetime) -> int:
    """Return an aware moment as minutes by the site's clock."""
    return naive_minute(moment.astimezone(SHANGHAI).replace(tzinfo=None))


def naive_minute(moment: datetime) -> int:
    """Return a moment without a zone, as files keep it, in minutes."""
    return int((moment - EPOCH) // timedelta(minutes=1))


def moment_at(minute: int) -> datetime:
    """Return the aware moment of a minute."""
    return naive_at(minute).replace(tzinfo=SHANGHAI)


def naive_at(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


def day_start(day: date) -> int:
    """Return the minute at which `day` begins."""
    return (day - EPOCH_DAY).days * DAY


def day_at(minute: int) -> date:
    return EPOCH_DAY + timedelta(days=minute // DAY)


def last_day_of(minute: int) -> date:
    """Return the day that a finish belongs to: midnight is the end of the day before."""
    return EPOCH_DAY + timedelta(days=(minute - 1) // DAY if minute % DAY == 0 else minute // DAY)


def clock_minute(at: time) -> int:
    return at.hour * 60 + at.minute


class WorkTime:
    """A calendar by the minute. `shifts_on` is asked once for each day from `from_on` on, as far as the plan runs.

    What lies before `from_on` counts as not worked.
    """

    def __init__(self, name: str, shifts_on: Callable[[date], Shifts], from_on: date) -> None:
        self.name = name
        self._shifts_on = shifts_on
        self._first = (from_on - EPOCH_DAY).days
        self._days: list[Shifts] = []
        self._before: list[int] = [0]
        """Worked minutes before each day looked up so far, and at the end in all."""

    def shifts_on(self, day: date) -> Shifts:
        place = (day - EPOCH_DAY).days - self._first
        return self._day(place) if place >= 0 else ()

    def is_working(self, day: date) -> bool:
        return bool(self.shifts_on(day))

    def begin_of(self, day: date) -> int:
        """Return when work begins on `day`; on a day off, when it would on the next one worked."""
        shifts = self.shifts_on(day) or self._shifts_near(day)
        return day_start(day) + shifts[0][0]

    def end_of_day(self, day: date) -> int:
        """Return when work ends on `day`; on a day off, when it would on the next one worked."""
        shifts = self.shifts_on(day) or self._shifts_near(day)
        return day_start(day) + shifts[-1][1]

    def _shifts_near(self, day: date) -> Shifts:
        return self.shifts_on(day_at(self.next_work(max(day_start(day), self._first * DAY))))

    def worked_before(self, minute: int) -> int:
        """Return how many minutes are worked from the calendar's begin up to `minute`."""
        place, rest = minute // DAY - self._first, minute % DAY
        if place < 0:
            return 0
        total = 0
        for begin, end in self._day(place):
            if rest <= begin:
                break
            total += min(rest, end) - begin
        return self._before[place] + total

    def between(self, earlier: int, later: int) -> int:
        """Return the worked minutes from one moment to another, negative where the second lies before the first."""
        return self.worked_before(later) - self.worked_before(earlier)

    def days_between(self, first: date, last: date) -> int:
        """Return how many days are worked from `first` to `last`, both included."""
        return sum(self.is_working(first + timedelta(days=number)) for number in range((last - first).days + 1))

    def end_of(self, worked: int) -> int:
        """Return the earliest moment by which `worked` minutes are over: the end of a shift rather than the next begin."""
        if worked <= 0:
            return self.start_of(0)
        self._reach(worked)
        place = bisect_left(self._before, worked) - 1
        left = worked - self._before[place]
        for begin, end in self._days[place]:
            if left <= end - begin:
                return (self._first + place) * DAY + begin + left
            left -= end - begin
        raise AssertionError(worked)

    def start_of(self, worked: int) -> int:
        """Return the moment at which the next minute after `worked` ones is worked: the begin of a shift."""
        worked = max(worked, 0)
        self._reach(worked + 1)
        place = bisect_right(self._before, worked) - 1
        left = worked - self._before[place]
        for begin, end in self._days[place]:
            if left < end - begin:
                return (self._first + place) * DAY + begin + left
            left -= end - begin
        raise AssertionError(worked)

    def next_work(self, minute: int) -> int:
        """Return `minute` where it is worked, else when work begins again."""
        return self.start_of(self.worked_before(minute))

    def touching(self, minute: int) -> int:
        """Return `minute` where it is worked or ends a shift, else when work begins again; for what takes no time."""
        for begin, end in self.shifts_on(day_at(minute)):
            if begin <= minute % DAY <= end:
                return minute
        if minute % DAY == 0 and any(end == DAY for _begin, end in self.shifts_on(last_day_of(minute))):
            return minute
        return self.next_work(minute)

    def add(self, minute: int, worked: int) -> int:
        """Return the moment after `worked` minutes; before `minute` where it is negative."""
        if worked == 0:
            return minute
        total = self.worked_before(minute) + worked
        return self.end_of(total) if worked > 0 else self.start_of(total)

    def _day(self, place: int) -> Shifts:
        while place >= len(self._days):
            self._extend()
        return self._days[place]

    def _reach(self, worked: int) -> None:
        while self._before[-1] < worked:
            self._extend()

    def _extend(self) -> None:
        begin = self._first + len(self._days)
        if begin > LAST_DAY:
            raise NoWorkingTime(calendar=self.name)
        for number in range(begin, begin + STEP_DAYS):
            shifts = self._shifts_on(EPOCH_DAY + timedelta(days=number))
            self._days.append(shifts)
            self._before.append(self._before[-1] + sum(end - start for start, end in shifts))


def shifts_from(pairs: Sequence[Sequence[int]]) -> Shifts:
    """Return stored pairs of minutes as shifts."""
    return tuple((int(begin), int(end)) for begin, end in pairs)
