"""How the lines of a responsibility sheet stand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from ronghe.domain.decisions.calc.lines import State, periods_of, state_in, worst


@pytest.mark.parametrize(("rhythm", "count"), [("month", 12), ("quarter", 4), ("half", 2), ("once", 1)])
def test_the_periods_of_a_year_follow_each_other_without_a_gap(rhythm, count):
    periods = periods_of(2026, rhythm)

    assert len(periods) == count
    assert periods[0][0] == date(2026, 1, 1)
    assert periods[-1][1] == date(2027, 1, 1)
    assert all(until == first for (_from, until), (first, _until) in pairwise(periods))


@pytest.mark.parametrize(
    ("today", "state"),
    [(date(2026, 3, 31), State.UPCOMING), (date(2026, 4, 1), State.DUE), (date(2026, 6, 30), State.DUE),
     (date(2026, 7, 1), State.MISSED)],
)  # fmt: skip
def test_a_quarter_is_owed_from_its_first_day_to_its_last(today, state):
    assert state_in((date(2026, 4, 1), date(2026, 7, 1)), [], today) is state


def test_a_day_outside_the_period_does_not_meet_it():
    period = (date(2026, 4, 1), date(2026, 7, 1))
    outside = [period[0] - timedelta(days=1), period[1]]

    assert state_in(period, outside, date(2026, 7, 5)) is State.MISSED
    assert state_in(period, [*outside, date(2026, 6, 30)], date(2026, 7, 5)) is State.DONE


def test_the_worst_state_is_what_needs_attention_first():
    assert worst(["done", "due", "missed"]) is State.MISSED
    assert worst(["done", "late"]) is State.LATE
    assert worst([]) is State.UPCOMING


@pytest.mark.parametrize(
    ("since", "state"), [(date(2026, 6, 30), State.MISSED), (date(2026, 7, 1), State.WAIVED), (None, State.MISSED)]
)
def test_what_was_over_before_the_line_was_published_was_never_owed(since, state):
    assert state_in((date(2026, 4, 1), date(2026, 7, 1)), [], date(2026, 9, 1), since=since) is state
