from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.schedule.calc.worktime import NoWorkingTime, WorkTime, day_at, last_day_of, minute_of, moment_at
from tests.domain.schedule.calc.making import MONDAY, SHIFTS, every_day, minute, week


@pytest.mark.parametrize(("start", "worked", "finish"), [
    ("2026-03-02T08:00", 480, "2026-03-02T17:00"),  # a day is over at its end, not at the next begin
    ("2026-03-02T08:00", 481, "2026-03-03T08:01"),
    ("2026-03-02T08:00", 240, "2026-03-02T12:00"),
    ("2026-03-02T13:00", 480, "2026-03-03T12:00"),
    ("2026-03-06T08:00", 960, "2026-03-09T17:00"),  # over a weekend
    ("2026-03-07T10:00", 480, "2026-03-09T17:00"),  # from a day off
    ("2026-03-09T17:00", -480, "2026-03-09T08:00"),
    ("2026-03-09T08:00", -480, "2026-03-06T08:00"),
    ("2026-03-09T08:00", 0, "2026-03-09T08:00"),
])  # fmt: skip
def test_worked_minutes_are_added_and_taken_away(start, worked, finish):
    assert week().add(minute(start), worked) == minute(finish)


@pytest.mark.parametrize(("at", "is_point", "found"), [
    ("2026-03-06T17:00", False, "2026-03-09T08:00"), ("2026-03-06T17:00", True, "2026-03-06T17:00"),
    ("2026-03-06T12:00", False, "2026-03-06T13:00"), ("2026-03-06T12:30", True, "2026-03-06T13:00"),
    ("2026-03-07T09:00", True, "2026-03-09T08:00"), ("2026-03-06T09:10", False, "2026-03-06T09:10"),
])  # fmt: skip
def test_what_takes_no_time_may_stand_at_the_end_of_a_shift(at, is_point, found):
    calendar = week()
    assert (calendar.touching if is_point else calendar.next_work)(minute(at)) == minute(found)


def test_days_off_are_left_out():
    calendar = week(off=frozenset({date(2026, 4, 6)}))
    assert calendar.add(minute("2026-04-03T17:00"), 480) == minute("2026-04-07T17:00")
    assert calendar.days_between(date(2026, 4, 3), date(2026, 4, 7)) == 2
    assert calendar.between(minute("2026-04-03T08:00"), minute("2026-04-07T17:00")) == 960
    assert calendar.between(minute("2026-04-07T17:00"), minute("2026-04-03T08:00")) == -960


def test_a_day_off_lends_the_hours_of_the_next_day_worked():
    assert week().begin_of(date(2026, 3, 7)) == minute("2026-03-07T08:00")
    assert week().end_of_day(date(2026, 3, 8)) == minute("2026-03-08T17:00")


def test_a_calendar_without_work_is_refused_and_not_walked_for_ever():
    with pytest.raises(NoWorkingTime) as refused:
        WorkTime("停工", lambda _day: (), MONDAY).add(minute("2026-03-02T08:00"), 1)
    assert "停工" in str(refused.value)


def test_midnight_ends_the_day_before():
    all_day = WorkTime("连续", lambda _day: ((0, 1440),), date(2026, 1, 1))
    finish = all_day.add(minute("2026-03-02T00:00"), 1440)
    assert finish == minute("2026-03-03T00:00")
    assert (last_day_of(finish), day_at(finish)) == (MONDAY, date(2026, 3, 3))
    assert all_day.touching(finish) == finish


def test_moments_of_the_site_are_those_of_shanghai():
    at = minute("2026-03-02T08:00")
    assert moment_at(at).isoformat() == "2026-03-02T08:00:00+08:00"
    assert minute_of(moment_at(at)) == at


def test_every_working_minute_is_found_again():
    calendar = every_day()
    for worked in range(0, 5000, 37):
        assert calendar.worked_before(calendar.start_of(worked)) == worked
        assert calendar.worked_before(calendar.end_of(worked)) == worked
    assert calendar.shifts_on(MONDAY) == SHIFTS
