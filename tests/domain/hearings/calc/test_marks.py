"""AP-04: four grades, exact scores, and whose weight goes where."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.hearings.calc.marks import GroupMarks, default_grades, grade_of, ranks_of, score_of

GRADES = default_grades([("good", "好"), ("fairly_good", "较好"), ("average", "一般"), ("poor", "差")])
counts = st.tuples(*[st.integers(0, 30)] * 4)


def marks(weight, *of):
    return GroupMarks(Decimal(weight), of or None)


def test_ap_04_the_score_is_the_weighted_mean_of_the_groups():
    score = score_of([marks(60, 1, 1, 0, 0), marks(40, 0, 0, 1, 1)], GRADES)

    assert score.value == Decimal("79.5000")
    assert score.shares == (Decimal("60.0000"), Decimal("40.0000"))


def test_the_weight_of_a_group_that_does_not_count_goes_to_the_others():
    hidden = score_of([marks(40), marks(20, 1, 0, 0, 0), marks(40, 0, 1, 0, 0)], GRADES)

    assert hidden.value == Decimal("90.0000")
    assert hidden.shares == (Decimal("0.0000"), Decimal("33.3333"), Decimal("66.6667"))


def test_without_any_group_there_is_no_score():
    assert score_of([marks(100), marks(0, 3, 0, 0, 0)], GRADES).value is None
    assert grade_of(None, GRADES) is None


@pytest.mark.parametrize(
    ("score", "code"),
    [("100", "good"), ("90", "good"), ("89.9999", "fairly_good"), ("80", "fairly_good"), ("79.9999", "average"),
     ("60", "average"), ("59.9999", "poor"), ("0", "poor")],
)  # fmt: skip
def test_ap_04_a_grade_begins_at_its_least_score(score, code):
    assert grade_of(Decimal(score), GRADES).code == code


def test_equal_scores_share_a_rank_and_the_next_one_is_skipped():
    scores = {1: Decimal(90), 2: Decimal(95), 3: Decimal(90), 4: None, 5: Decimal(70)}
    assert ranks_of(scores) == {2: 1, 1: 2, 3: 2, 5: 4}


@given(st.lists(st.tuples(st.integers(0, 100), counts), min_size=1, max_size=4))
def test_a_score_lies_between_the_poorest_and_the_best_mark(rows):
    score = score_of([GroupMarks(Decimal(weight), own) for weight, own in rows], GRADES).value

    assert score is None or Decimal(50) <= score <= Decimal(100)


@given(st.lists(st.tuples(st.integers(1, 100), counts), min_size=1, max_size=4), st.integers(2, 9))
def test_only_the_proportion_of_the_weights_matters(rows, factor):
    one = score_of([GroupMarks(Decimal(weight), own) for weight, own in rows], GRADES)
    other = score_of([GroupMarks(Decimal(weight) * factor, own) for weight, own in rows], GRADES)

    assert one == other
