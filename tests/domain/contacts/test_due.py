"""When the next visit is due, and what becomes of it from one period to the next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.contacts.calc.due import due_on, opens_on
from ronghe.kernel.calendar.periods import PeriodKind, period_around

CADENCES = st.sampled_from([PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR])
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("cadence", "since", "last", "due"),
    [
        (PeriodKind.MONTH, date(2026, 7, 1), None, date(2026, 7, 31)),
        (PeriodKind.MONTH, date(2026, 7, 2), None, date(2026, 8, 31)),
        (PeriodKind.MONTH, date(2026, 7, 30), date(2026, 7, 31), date(2026, 8, 31)),
        (PeriodKind.MONTH, date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 31)),
        (PeriodKind.QUARTER, date(2026, 2, 3), None, date(2026, 6, 30)),
        (PeriodKind.HALF, date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)),
        (PeriodKind.YEAR, date(2026, 1, 1), date(2026, 1, 1), date(2027, 12, 31)),
    ],
)
def test_a_visit_is_due_on_the_last_day_of_the_first_whole_period_without_one(cadence, since, last, due):
    assert due_on(cadence, since, last) == due


@given(cadence=CADENCES, since=DAYS)
def test_a_contact_owes_nothing_for_the_period_in_which_it_begins_unless_it_is_whole(cadence, since):
    due = due_on(cadence, since, None)

    assert due >= since
    assert opens_on(cadence, due) >= since
    assert (opens_on(cadence, due) - since).days < 366


@given(cadence=CADENCES, since=DAYS, after=st.integers(0, 900))
def test_a_visit_serves_its_own_period_and_the_next_one_is_due_after_it(cadence, since, after):
    visited = since + timedelta(days=after)

    due = due_on(cadence, since, visited)

    assert opens_on(cadence, due) == period_around(visited, cadence).span.until_on
    assert due_on(cadence, since, due) > due
