"""Working hours (PJ-08): only working days, only working hours, and back again to the moment when they have passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.control.calc.days import days_waiting, free_days
from ronghe.domain.control.calc.hours import (
    SHIPPED_HOURS,
    DayHours,
    after_working,
    in_days,
    in_hours,
    spread,
    working_seconds,
)
from ronghe.kernel.calendar.moments import SHANGHAI

HOUR = 3600
DAY = 8 * HOUR


def weekday(day: date) -> bool:
    return day.weekday() < 5


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """September 2026: the 14th is a Monday."""
    return datetime(2026, 9, day, hour, minute, tzinfo=SHANGHAI)


def worked(begin, end, hours=SHIPPED_HOURS):
    return working_seconds(begin, end, hours=hours, works_on=weekday, zone=SHANGHAI)


@pytest.mark.parametrize(
    ("begin", "end", "seconds"),
    [
        (at(14, 8, 30), at(14, 18), DAY),
        (at(14, 0), at(15, 0), DAY),
        (at(14, 11), at(14, 14), int(1.5 * HOUR)),
        (at(14, 12, 10), at(14, 13, 20), 0),
        (at(18, 17), at(21, 9, 30), 2 * HOUR),
        (at(19, 9), at(20, 18), 0),
        (at(14, 18), at(14, 8, 30), 0),
        (at(14, 8, 30), at(15, 18), 2 * DAY),
    ],
)
def test_pj_08_only_working_hours_count(begin, end, seconds):
    assert worked(begin, end) == seconds


def test_the_zone_of_the_moment_does_not_matter():
    assert worked(at(14, 8, 30).astimezone(UTC), at(14, 18).astimezone(UTC)) == DAY


def test_a_unit_has_its_own_hours():
    early = DayHours(time(7), time(15), time(11), time(11, 30))
    assert worked(at(14, 0), at(15, 0), early) == int(7.5 * HOUR)
    assert early.is_sound
    assert not DayHours(time(18), time(8)).is_sound


@given(st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60))
def test_two_stretches_make_one(first, second, third):
    begin, middle, end = sorted(at(1, 0) + timedelta(minutes=n) for n in (first, second, third))
    assert worked(begin, middle) + worked(middle, end) == worked(begin, end)


@given(st.integers(0, 10 * 24 * 60), st.integers(1, 15 * DAY))
def test_the_due_moment_is_the_first_at_which_the_time_has_passed(minutes, seconds):
    begin = at(1, 0) + timedelta(minutes=minutes)
    due = after_working(begin, seconds, hours=SHIPPED_HOURS, works_on=weekday, zone=SHANGHAI)

    assert worked(begin, due) == seconds
    assert worked(begin, due - timedelta(seconds=1)) == seconds - 1


def test_two_days_from_monday_morning_end_on_tuesday_evening():
    due = after_working(at(14, 7, 40), 2 * DAY, hours=SHIPPED_HOURS, works_on=weekday, zone=SHANGHAI)
    assert due == at(15, 18)


def test_a_calendar_without_work_ends_the_search():
    due = after_working(at(14, 8), DAY, hours=SHIPPED_HOURS, works_on=lambda _day: False, zone=SHANGHAI)
    assert due == at(14, 8) + timedelta(days=800)


def test_words_are_rounded_half_up():
    assert in_hours(5418) == Decimal("1.51")
    assert in_days(DAY * 2, SHIPPED_HOURS) == Decimal("2.0")
    assert in_days(DAY * 5 // 4, SHIPPED_HOURS) == Decimal("1.3")


@pytest.mark.parametrize(
    ("seconds", "found"), [([], (0, None, None, None)), ([5], (1, 5, 5, 5)), ([4, 1, 3, 2], (4, 2, 4, 4)),
                           (range(1, 11), (10, 5, 9, 10)), (range(1, 12), (11, 6, 10, 11))],
)  # fmt: skip
def test_a_spread_is_made_of_reviews_that_were(seconds, found):
    told = spread(seconds)
    assert (told.count, told.median, told.ninetieth, told.longest) == found


TODAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("begun", "incidents", "until", "days"),
    [
        (None, [], None, None),
        (date(2026, 9, 15), [], None, None),
        (TODAY, [], None, 1),
        (date(2026, 9, 1), [], None, 14),
        (date(2026, 9, 1), [TODAY], None, 0),
        (date(2026, 9, 1), [date(2026, 9, 3), date(2026, 9, 10)], None, 4),
        (date(2026, 9, 1), [], date(2026, 9, 10), 10),
        (date(2026, 9, 1), [date(2026, 9, 3), date(2026, 9, 12)], date(2026, 9, 10), 7),
    ],
)
def test_free_days_are_counted_from_the_last_incident(begun, incidents, until, days):
    assert free_days(begun, incidents, TODAY, until=until) == days


def test_days_waiting():
    assert days_waiting(None, None, TODAY) == 0
    assert days_waiting(date(2026, 8, 22), None, TODAY) == 23
    assert days_waiting(date(2026, 8, 22), date(2026, 9, 1), TODAY) == 10
    assert days_waiting(date(2026, 9, 20), None, TODAY) == 0
