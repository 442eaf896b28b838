"""Working-day arithmetic: deadlines, shifts and counts on any working calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

SEARCH_DAYS = 800
"""How far to look for a working day before giving up: longer than any shut-down that will end."""


class NoWorkingDay(DomainError):
    """The calendar has no working day within reach, as of a site shut for good."""

    code = "no_working_day"
    sentence = N_("从 %(day)s 起两年内日历上没有工作日，请先核对停工安排。")


class DayUnit(StrEnum):
    """What a number of days counts."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How a period of days is counted; the default is section 0 of the rule book, a unit may set its own."""

    counts_first_day: bool = False
    moves_off_free_days: bool = True
    """A period that would end on a day not worked ends on the next working day."""


def next_working_day(calendar: WorkCalendar, day: date) -> date:
    """Return `day` itself if it is worked, else the first working day after it.

    :raises NoWorkingDay: none within reach
    """
    return _search(calendar, day, DAY)


def previous_working_day(calendar: WorkCalendar, day: date) -> date:
    """Return `day` itself if it is worked, else the last working day before it.

    :raises NoWorkingDay: none within reach
    """
    return _search(calendar, day, -DAY)


def add_working_days(calendar: WorkCalendar, day: date, count: int) -> date:
    """Return the `count`-th working day after `day` (before it where negative); `day` itself for zero.

    :raises NoWorkingDay: none within reach
    """
    step = DAY if count > 0 else -DAY
    for _number in range(abs(count)):
        day = _search(calendar, day + step, step)
    return day


def working_days_in(calendar: WorkCalendar, span: DaySpan) -> int:
    """Return how many days of the span are worked."""
    return sum(1 for day in span if calendar.is_working(day))


def last_day_of(
    calendar: WorkCalendar, from_on: date, days: int, unit: DayUnit, rule: DeadlineRule | None = None
) -> date:
    """Return the last day of a period of `days` that is set in motion on `from_on`.

    Fifteen working days from a letter served on Monday 2 March end on Monday 23 March: the day of service
    is not counted (section 0).

    :raises NoWorkingDay: the calendar has no working day within reach
    """
    rule = rule or DeadlineRule()
    before = from_on - DAY if rule.counts_first_day else from_on
    if unit is DayUnit.WORKING:
        return add_working_days(calendar, before, days)
    last = before + timedelta(days=days)
    return next_working_day(calendar, last) if rule.moves_off_free_days else last


def _search(calendar: WorkCalendar, day: date, step: timedelta) -> date:
    for number in range(SEARCH_DAYS):
        if calendar.is_working(day + number * step):
            return day + number * step
    raise NoWorkingDay(day=day)
