"""Weekly hours as times to be booked."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ronghe.domain.clinic.calc.slots import Span, WeeklyHours, free_slots, hours_clash
from ronghe.kernel.calendar.moments import SHANGHAI

MONDAY = date(2026, 9, 14)
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
MORNING = WeeklyHours(1, 2, time(9), time(10, 30), 30)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, 13 + day, hour, minute, tzinfo=SHANGHAI)


def slots(*hours, after=LONG_BEFORE, taken=(), working=True, away=()):
    return free_slots(
        hours, WEEK, is_working=lambda _day: working, is_away=lambda day: day in away, taken=taken, after=after
    )


def test_hours_are_cut_into_visits_and_a_rest_is_left():
    assert [slot.starts_at for slot in slots(MORNING)] == [at(2, 9), at(2, 9, 30), at(2, 10)]
    odd = WeeklyHours(1, 2, time(9), time(10, 29), 30)
    assert [slot.ends_at for slot in slots(odd)] == [at(2, 9, 30), at(2, 10)]
    assert slots(WeeklyHours(1, 2, time(9), time(9, 29), 30)) == []


def test_what_has_begun_is_not_offered():
    assert [slot.starts_at for slot in slots(MORNING, after=at(2, 9, 30))] == [at(2, 10)]
    assert len(slots(MORNING, after=at(2, 9) - timedelta(seconds=1))) == 3


def test_what_is_taken_leaves_what_follows_at_once():
    taken = [Span(at(2, 9, 30), at(2, 10))]
    assert [slot.starts_at for slot in slots(MORNING, taken=taken)] == [at(2, 9), at(2, 10)]
    long_one = [Span(at(2, 9, 29), at(2, 10, 1))]
    assert slots(MORNING, taken=long_one) == []


def test_days_off_and_days_away_have_no_hours_but_a_weekend_that_was_meant_has():
    saturday = WeeklyHours(2, 6, time(9), time(10), 60)
    assert slots(MORNING, working=False) == []
    assert [slot.hours_id for slot in slots(MORNING, saturday, working=False)] == [2]
    assert slots(MORNING, away=[date(2026, 9, 15)]) == []


def test_slots_come_in_their_order_whatever_the_order_of_hours():
    later, earlier = WeeklyHours(1, 3, time(9), time(10), 60), WeeklyHours(2, 1, time(15), time(16), 60)
    assert [slot.hours_id for slot in slots(later, earlier)] == [2, 1]


@pytest.mark.parametrize(
    ("starts", "ends", "weekday", "clashes"),
    [(time(10, 29), time(11), 2, True), (time(10, 30), time(11), 2, False), (time(8), time(9), 2, False),
     (time(8), time(9, 1), 2, True), (time(9), time(10), 3, False)],
)  # fmt: skip
def test_hours_that_share_a_minute_of_the_week_clash(starts, ends, weekday, clashes):
    assert hours_clash(WeeklyHours(0, weekday, starts, ends, 20), [MORNING]) is clashes
