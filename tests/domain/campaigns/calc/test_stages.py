"""How stages stand, day by day (C8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.campaigns.calc.stages import Days, Standing, standing_on, summary_until
from ronghe.domain.playbooks.calc.model import Grace
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import DayUnit

JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
STAGE = Days(JULY, AUGUST, date(2026, 8, 15))
DAY = timedelta(days=1)


def standing(day, *, begun_on=JULY, stopped_on=None, is_done=False):
    return standing_on(day, STAGE, begun_on=begun_on, stopped_on=stopped_on, is_done=is_done)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (JULY - DAY, Standing.UPCOMING),
        (JULY, Standing.RUNNING),
        (AUGUST - DAY, Standing.RUNNING),
        (AUGUST, Standing.OWED),
        (STAGE.summary_until - DAY, Standing.OWED),
        (STAGE.summary_until, Standing.LATE),
    ],
)
def test_a_stage_runs_to_its_last_day_and_then_owes_its_summary(day, expected):
    assert standing(day) is expected
    assert standing(day, is_done=True) is Standing.DONE


@pytest.mark.parametrize(
    ("begun_on", "expected"),
    [
        (AUGUST - DAY, Standing.LATE),
        (AUGUST, Standing.SKIPPED),
        (SEPTEMBER, Standing.SKIPPED),
    ],
)
def test_whoever_joins_late_begins_with_the_stage_that_runs(begun_on, expected):
    assert standing(SEPTEMBER, begun_on=begun_on) is expected


def test_a_stage_that_is_joined_late_runs_from_joining():
    joined = date(2026, 7, 20)
    assert standing(joined - DAY, begun_on=joined) is Standing.UPCOMING
    assert standing(joined, begun_on=joined) is Standing.RUNNING


@pytest.mark.parametrize(
    ("stopped_on", "expected"),
    [
        (JULY, Standing.STOPPED),
        (JULY + DAY, Standing.OWED),
        (AUGUST + DAY, Standing.OWED),
    ],
)
def test_ended_early_a_begun_stage_wants_its_summary_and_another_is_off(stopped_on, expected):
    assert standing(AUGUST + DAY, stopped_on=stopped_on) is expected


def test_a_summary_is_in_time_for_ten_working_days():
    """The last day of July 2026 is a Friday; ten working days later it is 14 August."""
    calendar = statutory_calendar()
    assert summary_until(AUGUST, Grace(10, DayUnit.WORKING), calendar) == date(2026, 8, 15)
    assert summary_until(AUGUST, Grace(10, DayUnit.CALENDAR), calendar) == date(2026, 8, 11)
    assert summary_until(AUGUST, Grace(), calendar) == AUGUST
