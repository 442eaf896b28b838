"""How long a result is on public notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.calendar.workdays import add_working_days, working_days_in

PUBLICITY_WORKDAYS = 5
"""Working days of public notice where the unit set nothing else (`publicity_workdays`, PD-11; `publicity`, PP-05)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The days of a public notice, both included. It may be final from the day after `last_on`."""

    first_on: date
    last_on: date

    @property
    def over_on(self) -> date:
        return self.last_on + DAY

    def is_over(self, day: date) -> bool:
        return day > self.last_on

    def workdays_left(self, calendar: WorkCalendar, day: date) -> int:
        """Return how many working days of it are still to come after `day`'s begin, `day` included."""
        begin = max(day, self.first_on)
        return working_days_in(calendar, DaySpan(begin, self.over_on)) if begin <= self.last_on else 0


def notice_from(calendar: WorkCalendar, published_on: date, workdays: int = PUBLICITY_WORKDAYS) -> Notice:
    """Return the notice of a result published on `published_on`: that day is not counted (section 0 of the rule book).

    Five working days of what is published on Monday 16 November run from Tuesday 17 to Monday 23 (PD-11, PP-05).

    :raises NoWorkingDay: the calendar has no working day within reach
    """
    return Notice(add_working_days(calendar, published_on, 1), add_working_days(calendar, published_on, workdays))
