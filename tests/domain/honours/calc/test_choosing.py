"""Who is chosen by votes, and which office is best: arithmetic alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.honours.calc.choosing import ByVotes, by_votes, suits
from ronghe.domain.honours.calc.ratings import best_of, mean_of
from ronghe.domain.honours.calc.terms import months_later


@pytest.mark.parametrize(
    ("votes", "cast", "quota", "expected"),
    [
        ({1: 5, 2: 4, 3: 3}, 5, 2, ByVotes(frozenset({1, 2}), frozenset(), 0)),
        ({1: 5, 2: 3, 3: 3}, 5, 2, ByVotes(frozenset({1}), frozenset({2, 3}), 1)),
        ({1: 2, 2: 3}, 6, 2, ByVotes(frozenset(), frozenset(), 0)),  # exactly half is not more than half
        ({1: 4}, 6, 2, ByVotes(frozenset({1}), frozenset(), 0)),
        ({}, 6, 2, ByVotes(frozenset(), frozenset(), 0)),
    ],
)
def test_more_than_half_and_the_most_first(votes, cast, quota, expected):
    assert by_votes(votes, cast=cast, quota=quota) == expected


@given(votes=st.dictionaries(st.integers(1, 20), st.integers(0, 9), max_size=8), quota=st.integers(1, 5))
def test_never_more_than_there_are_places_and_never_against_the_votes(votes, quota):
    result = by_votes(votes, cast=9, quota=quota)
    assert len(result.chosen) + result.left <= quota or not result.tied
    assert len(result.chosen) <= quota
    assert not result.tied or len(result.tied) > result.left
    outside = set(votes) - result.chosen - result.tied
    least = min((votes[key] for key in result.chosen), default=None)
    assert least is None or all(votes[key] <= least for key in outside)


def test_what_suits_the_votes():
    result = by_votes({1: 5, 2: 3, 3: 3}, cast=5, quota=2)
    assert suits(frozenset({1, 2}), result)
    assert suits(frozenset({1, 3}), result)
    assert not suits(frozenset({2, 3}), result)
    assert not suits(frozenset({1}), result)
    assert not suits(frozenset({1, 2, 3}), result)


def test_a_mean_is_of_those_who_know_the_office_and_needs_enough_of_them():
    assert mean_of([1, 1, 1, 0, 0, 9], least=3) == Decimal("4.0000")
    assert mean_of([1, 0, 1, 0, 1, 9], least=4) is None
    assert mean_of([2, 1, 0, 0, 0, 0], least=3) == Decimal("4.6667")


def test_the_best_are_one_or_several_or_nobody():
    assert best_of({1: Decimal(4), 2: Decimal(3), 3: None}) == {1}
    assert best_of({1: Decimal(4), 2: Decimal(4)}) == {1, 2}
    assert best_of({1: None}) == frozenset()


def test_a_term_ends_on_the_same_day_of_its_last_month():
    assert months_later(date(2026, 7, 1), 12) == date(2027, 7, 1)
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 1, 31), -2) == date(2025, 11, 30)
