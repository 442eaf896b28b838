from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.calendar.calendars import EveryDayCalendar, ShutDown, SiteCalendar, statutory_calendar
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.calendar.workdays import (
    DayUnit,
    DeadlineRule,
    NoWorkingDay,
    add_working_days,
    last_day_of,
    next_working_day,
    previous_working_day,
    working_days_in,
)

STATUTORY = statutory_calendar()
days = st.dates(date(2020, 1, 1), date(2026, 6, 30))


def test_last_day_of_does_not_count_the_first_day():
    """Section 0: 15 working days of CA-05 from Monday 2 March 2026 end on Monday 23 March."""
    assert last_day_of(STATUTORY, date(2026, 3, 2), 15, DayUnit.WORKING) == date(2026, 3, 23)


def test_last_day_of_counts_the_first_day_where_the_unit_says_so():
    rule = DeadlineRule(counts_first_day=True)

    assert last_day_of(STATUTORY, date(2026, 3, 2), 15, DayUnit.WORKING, rule) == date(2026, 3, 20)


def test_last_day_of_five_working_days_passes_the_holiday_and_counts_the_make_up_day():
    """Section 0: National Day 2026 runs from 1 to 7 October and Saturday the 10th is worked."""
    assert last_day_of(STATUTORY, date(2026, 9, 30), 3, DayUnit.WORKING) == date(2026, 10, 10)


def test_last_day_of_calendar_days_moves_off_a_holiday():
    """Section 0: a period that ends on a free day moves to the next working day; just before, on, just after."""
    ends = [last_day_of(STATUTORY, date(2026, 9, day), 5, DayUnit.CALENDAR) for day in (25, 26, 27)]

    assert ends == [date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 8)]


def test_last_day_of_calendar_days_stays_where_the_unit_says_so():
    rule = DeadlineRule(moves_off_free_days=False)

    assert last_day_of(STATUTORY, date(2026, 9, 26), 5, DayUnit.CALENDAR, rule) == date(2026, 10, 1)


def test_next_and_previous_working_day_keep_a_worked_day():
    assert next_working_day(STATUTORY, date(2026, 9, 30)) == date(2026, 9, 30)
    assert previous_working_day(STATUTORY, date(2026, 9, 30)) == date(2026, 9, 30)
    assert next_working_day(STATUTORY, date(2026, 10, 1)) == date(2026, 10, 8)
    assert previous_working_day(STATUTORY, date(2026, 10, 7)) == date(2026, 9, 30)


def test_working_days_in_a_month_with_a_holiday():
    assert working_days_in(STATUTORY, DaySpan(date(2026, 10, 1), date(2026, 11, 1))) == 18


@given(days, st.integers(-40, 40))
def test_add_working_days_is_undone_by_its_opposite_from_a_worked_day(day, count):
    start = next_working_day(STATUTORY, day)

    assert add_working_days(STATUTORY, add_working_days(STATUTORY, start, count), -count) == start


@given(days, st.integers(0, 60))
def test_add_working_days_passes_exactly_that_many_worked_days(day, count):
    end = add_working_days(STATUTORY, day, count)

    assert working_days_in(STATUTORY, DaySpan(day + DAY, end + DAY)) == count


def test_a_site_shut_for_good_has_no_working_day():
    site = SiteCalendar(EveryDayCalendar(), (ShutDown(DaySpan(date(2026, 7, 1), date(2036, 1, 1)), "项目终止"),))

    with pytest.raises(NoWorkingDay):
        next_working_day(site, date(2026, 7, 1))
