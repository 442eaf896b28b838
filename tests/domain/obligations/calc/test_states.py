from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.obligations.calc.occurrences import occurrences
from ronghe.domain.obligations.calc.states import State, state_on
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.periods import read_period
from tests.domain.obligations.calc.making import mechanism

(SEPTEMBER,) = occurrences(
    mechanism(grace={"days": 5, "unit": "working"}), statutory_calendar(), read_period("2026-09").span
)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 8, 31), State.UPCOMING),
        (date(2026, 9, 1), State.DUE),
        (date(2026, 9, 30), State.DUE),
        (date(2026, 10, 13), State.DUE),
        (date(2026, 10, 14), State.MISSED),
    ],
)
def test_state_of_what_nobody_met_follows_the_dates(today, state):
    """C1; the grace of five working days after 30 September runs over National Day to 13 October."""
    assert state_on(today, SEPTEMBER, met_on=None) is state


@pytest.mark.parametrize(
    ("met_on", "state"),
    [(date(2026, 9, 1), State.DONE), (date(2026, 9, 30), State.DONE), (date(2026, 10, 1), State.LATE)],
)
def test_state_of_what_was_met_is_done_up_to_the_due_day_and_late_after_it(met_on, state):
    assert state_on(date(2027, 1, 1), SEPTEMBER, met_on=met_on) is state


def test_state_of_what_was_waived_is_waived_whatever_else():
    assert state_on(date(2027, 1, 1), SEPTEMBER, met_on=date(2026, 9, 1), is_waived=True) is State.WAIVED
