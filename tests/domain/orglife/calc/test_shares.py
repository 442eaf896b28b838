"""Shares, halves, terms: on the boundary, just below and just above."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.orglife.calc.shares import (
    is_half_present,
    is_term,
    leaning,
    least_present,
    months_later,
    most_excellent,
)


@pytest.mark.parametrize(("members", "most"), [(0, 0), (2, 0), (3, 1), (8, 2), (9, 3), (10, 3), (11, 3), (12, 4)])
def test_pm_08_a_third_of_all_members_is_never_rounded_up(members, most):
    assert most_excellent(members, of=1, out_of=3) == most


@pytest.mark.parametrize(("members", "most"), [(9, 2), (10, 3), (13, 3), (14, 4)])
def test_pm_08_a_unit_may_set_another_share(members, most):
    assert most_excellent(members, of=3, out_of=10) == most


@pytest.mark.parametrize(
    ("present", "should", "enough"),
    [(4, 9, False), (5, 9, True), (3, 8, False), (4, 8, True), (5, 8, True), (0, 0, False)],
)
def test_pm_07_at_least_half_are_there(present, should, enough):
    assert is_half_present(present, should) is enough
    if should:
        assert (present >= least_present(should)) is enough


@pytest.mark.parametrize(
    ("counts", "place"), [([], None), ([0, 0, 0, 0], None), ([3, 1, 0, 0], 0), ([2, 2, 0, 0], 1), ([1, 0, 0, 2], 3)]
)
def test_marks_lean_to_the_grade_with_most_and_to_the_poorer_of_two_alike(counts, place):
    assert leaning(counts) == place


@pytest.mark.parametrize(
    ("until", "fits"),
    [
        (date(2027, 5, 20), False),
        (date(2027, 5, 21), True),
        (date(2027, 11, 21), True),
        (date(2027, 11, 22), False),
    ],
)
def test_a_term_is_half_a_year_to_a_year(until, fits):
    assert is_term(date(2026, 11, 21), until) is fits


def test_a_month_later_is_the_last_day_of_a_shorter_month():
    assert months_later(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
