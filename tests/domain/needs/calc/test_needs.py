"""Plain rules of needs: likeness of words, gains, satisfaction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.items.calc.doubles import LEAST, likeness, most_alike, pairs_of
from ronghe.domain.needs.calc.gains import gain_gaps, gain_in
from ronghe.domain.needs.calc.ratings import LEAST_RATINGS, rounded, satisfaction_of


def test_words_are_compared_by_pairs_of_signs():
    assert pairs_of("抄表要跑 OA系统 3号") == {"抄表", "表要", "要跑", "oa", "系统", "3", "号"}
    assert likeness(pairs_of("抄表"), pairs_of("抄表")) == 1
    assert likeness(pairs_of("抄表"), frozenset()) == 0


def test_the_most_alike_come_first_and_strangers_not_at_all():
    others = {1: "食堂的菜咸", 2: "抄表来回跑三个站太费时", 3: "抄表要跑三个站"}
    assert most_alike("抄表要跑三个站", others) == [3, 2]
    assert most_alike("抄表要跑三个站", dict.fromkeys(range(9), "抄表要跑三个站"), most=5) == [0, 1, 2, 3, 4]
    assert most_alike("", others) == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_never_above_one(one, other):
    first, second = pairs_of(one), pairs_of(other)
    assert likeness(first, second) == likeness(second, first) <= 1
    assert Fraction(1, 4) == LEAST


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, []),
        ({"gain_kind": "hours", "gain_before": "4", "gain_after": "0"}, []),
        ({"gain_kind": "hours"}, ["gain_before", "gain_after"]),
        ({"gain_before": "4"}, ["gain_kind", "gain_after"]),
        ({"gain_kind": "other", "gain_before": "4", "gain_after": "1"}, ["gain_unit"]),
    ],
)
def test_a_gain_is_told_whole_or_not_at_all(values, missing):
    assert [name for name, _why in gain_gaps(values)] == missing
    assert (gain_in(values) is None) == (bool(missing) or not values)


def test_a_gain_is_what_became_less():
    values = {"gain_kind": "cny", "gain_before": "100.10", "gain_after": "120"}
    assert gain_in(values).saved == Decimal("-19.90")


def test_satisfaction_is_shown_from_three_ratings_on():
    two, three = [(5, True), (4, True)], [(5, True), (4, True), (2, False)]
    assert satisfaction_of(two).share is None
    assert len(three) == LEAST_RATINGS
    assert satisfaction_of(three).share == Fraction(2, 3)
    assert satisfaction_of(three).mean == Fraction(11, 3)
    assert rounded(Fraction(200, 3)) == Decimal("66.67")
