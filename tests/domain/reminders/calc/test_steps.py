from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.reminders.calc.steps import (
    USUAL,
    Dates,
    Step,
    Timing,
    To,
    days_ahead,
    receivers,
    rows_of_misses,
    step_on,
)

SEPTEMBER = Dates(date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 6))
ONE_DAY = Dates(date(2026, 9, 14), date(2026, 9, 14), date(2026, 9, 15))


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2026, 8, 31), None),
        (date(2026, 9, 1), Step.OPENED),
        (date(2026, 9, 22), Step.OPENED),
        (date(2026, 9, 23), Step.AHEAD),
        (date(2026, 9, 29), Step.AHEAD),
        (date(2026, 9, 30), Step.DUE_DAY),
        (date(2026, 10, 1), Step.OVERDUE),
        (date(2026, 10, 5), Step.OVERDUE),
        (date(2026, 10, 6), Step.MISSED),
        (date(2026, 10, 12), Step.MISSED),
        (date(2026, 10, 13), None),
    ],
)
def test_steps_follow_each_other_day_by_day(day, step):
    assert step_on(SEPTEMBER, day) is step


def test_what_falls_due_before_anybody_is_reminded_again_is_said_now():
    """30 September is due; whoever is next reminded on 8 October hears of it on the last working day before."""
    friday, sunday = date(2026, 9, 18), date(2026, 9, 20)
    weekend = Dates(date(2026, 9, 1), sunday, date(2026, 9, 24))

    assert step_on(weekend, friday) is Step.AHEAD
    assert step_on(weekend, friday, sunday) is Step.DUE_DAY


def test_daily_duty_is_spoken_of_only_once_it_is_missed():
    assert [step_on(ONE_DAY, ONE_DAY.due_on + timedelta(days=n)) for n in (-1, 0, 1)] == [None, None, Step.MISSED]


@pytest.mark.parametrize(("length", "days"), [(365, 7), (30, 7), (21, 7), (7, 2), (3, 1), (2, 0)])
def test_short_windows_are_spoken_of_later(length, days):
    assert days_ahead(length) == days


@pytest.mark.parametrize(("ahead", "day", "step"), [
    (0, date(2026, 9, 29), Step.OPENED), (0, date(2026, 9, 30), Step.DUE_DAY), (3, date(2026, 9, 26), Step.OPENED),
    (3, date(2026, 9, 27), Step.AHEAD), (10, date(2026, 9, 19), Step.OPENED), (10, date(2026, 9, 20), Step.AHEAD),
])  # fmt: skip
def test_the_playbook_says_how_many_days_ahead(ahead, day, step):
    assert step_on(SEPTEMBER, day, timing=Timing(ahead=ahead)) is step


@pytest.mark.parametrize(("spoken_of", "day", "step"), [
    (1, date(2026, 10, 6), Step.MISSED), (1, date(2026, 10, 7), None), (14, date(2026, 10, 19), Step.MISSED),
    (14, date(2026, 10, 20), None),
])  # fmt: skip
def test_the_playbook_says_how_long_what_was_missed_is_spoken_of(spoken_of, day, step):
    assert step_on(SEPTEMBER, day, timing=Timing(spoken_of=spoken_of)) is step


@pytest.mark.parametrize(("in_row", "reaches_superior"), [(1, False), (2, False), (3, True)])
def test_a_daily_duty_reaches_the_superior_once_missed_three_times_in_a_row(in_row, reaches_superior):
    assert (To.SUPERIOR in receivers(Step.MISSED, ONE_DAY, in_row=in_row)) is reaches_superior


def test_a_longer_row_is_told_to_the_superior_every_so_many_days():
    days = [date(2026, 9, 14) + timedelta(days=n) for n in range(6)]
    told = [To.SUPERIOR in receivers(Step.MISSED, Dates(d, d, d + timedelta(days=1)), in_row=9) for d in days]
    assert sum(told) == 2


@pytest.mark.parametrize("in_row", [4, 5])
def test_the_playbook_says_how_often_in_a_row(in_row):
    assert (To.SUPERIOR in receivers(Step.MISSED, ONE_DAY, in_row=in_row, timing=Timing(in_row=5))) is (in_row == 5)


def test_a_day_that_was_met_ends_a_row_and_a_day_without_a_duty_ends_none():
    friday, monday = date(2026, 9, 18), date(2026, 9, 21)
    days = [(date(2026, 9, 16), True), (date(2026, 9, 17), False), (friday, True), (monday, True)]

    assert rows_of_misses(days) == {date(2026, 9, 16): 1, friday: 1, monday: 2}


def test_each_step_reaches_further_than_the_one_before():
    assert [receivers(step, SEPTEMBER) for step in Step] == [
        (To.ANSWERER,), (To.ANSWERER,), (To.ANSWERER,), (To.ANSWERER, To.LEADS),
        (To.ANSWERER, To.LEADS, To.SUPERIOR),
    ]  # fmt: skip
    assert receivers(Step.MISSED, ONE_DAY) == (To.ANSWERER, To.LEADS)
    assert receivers(Step.OVERDUE, ONE_DAY) == ()


@given(length=st.integers(1, 400), grace=st.integers(0, 30), gaps=st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_steps_only_ever_go_forward(length, grace, gaps):
    """Whatever days are looked at, and however far ahead, nobody is told an earlier step after a later one."""
    first = date(2026, 1, 1)
    due = first + timedelta(days=length - 1)
    dates = Dates(first, due, due + timedelta(days=grace + 1))
    order, day, latest = list(Step), first - timedelta(days=2), -1
    for gap in gaps:
        step = step_on(dates, day, day + timedelta(days=gap))
        if step is not None:
            assert order.index(step) >= latest
            latest = order.index(step)
        day += timedelta(days=gap + 1)
    assert step_on(dates, dates.grace_until + timedelta(days=USUAL.spoken_of)) is None
