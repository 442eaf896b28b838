"""Ends of terms, reminders and shifts (PE-04, PE-05, PE-06)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.elections.calc.terms import add_months, due_word, is_shift_allowed, regular_end


@pytest.mark.parametrize(
    ("kind", "years"),
    [("committee", 5), ("general_branch", 3), ("branch", 3), ("joint_branch", 3), ("union_committee", 5),
     ("union_branch", 3), ("league_committee", 3), ("league_branch", 2)],
)  # fmt: skip
def test_pe_04_terms_by_kind(kind, years):
    assert regular_end(kind, date(2024, 2, 29)) == date(2024 + years, 2, 28)


@pytest.mark.parametrize(
    ("ends_on", "word"),
    [
        (None, "missing"),
        (date(2026, 9, 13), "overdue"),
        (date(2026, 9, 14), "overdue"),
        (date(2026, 9, 15), "one_month"),
        (date(2026, 10, 14), "one_month"),
        (date(2026, 10, 15), "three_months"),
        (date(2026, 12, 14), "three_months"),
        (date(2026, 12, 15), "six_months"),
        (date(2027, 3, 14), "six_months"),
        (date(2027, 3, 15), "running"),
    ],
)
def test_pe_06_reminders_six_three_and_one_month_before_and_after_the_end(ends_on, word):
    assert due_word(ends_on, date(2026, 9, 14), remind_months=6) == word


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [(date(2025, 6, 14), False), (date(2025, 6, 15), True), (date(2027, 6, 15), True), (date(2027, 6, 16), False)],
)
def test_pe_05_a_year_at_most_either_way(wanted, allowed):
    assert is_shift_allowed(date(2026, 6, 15), wanted, most_months=12) == allowed


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(-60, 60))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = add_months(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
