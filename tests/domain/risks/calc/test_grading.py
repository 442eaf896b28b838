"""What happened raises a grade, never lowers it; the worst stays the worst."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.risks.calc.grading import next_review, raised_grade


@pytest.mark.parametrize(
    ("grade", "wanted", "found"),
    [(1, None, 2), (2, None, 3), (3, None, 4), (4, None, 4), (1, 4, 4), (1, 3, 3), (2, 2, 3), (3, 1, 4), (4, 1, 4)],
)
def test_a_grade_goes_up_by_one_or_to_what_is_wanted(grade, wanted, found):
    assert raised_grade(grade, wanted) == found


@given(st.integers(1, 4), st.none() | st.integers(1, 4))
def test_a_grade_never_falls_and_stays_a_grade(grade, wanted):
    found = raised_grade(grade, wanted)

    assert grade <= found <= 4
    assert found > grade or grade == 4


def test_a_review_is_due_by_the_grades_own_days():
    assert next_review(date(2026, 9, 14), "red", {"red": 30, "blue": 365}) == date(2026, 10, 14)
