"""What the panel's points come to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.challenges.calc.scoring import fits_shares, fits_weights, standings

WEIGHTS = {"plan": 40, "ability": 25, "time": 20, "price": 15}


def flat(points):
    return dict.fromkeys(WEIGHTS, points)


def test_the_mean_is_exact_and_rounded_once():
    (standing,) = standings({1: [flat(80), flat(81), flat(81)]}, WEIGHTS)

    assert (standing.score, standing.scored_by, standing.rank) == (Decimal("80.67"), 3, 1)


def test_equal_bids_share_a_rank_and_unscored_ones_have_none():
    found = standings({1: [flat(70)], 2: [flat(70)], 3: [flat(60)], 4: []}, WEIGHTS)

    assert [(one.bid, one.rank) for one in found] == [(1, 1), (2, 1), (3, 3), (4, None)]


@pytest.mark.parametrize(
    ("weights", "fit"),
    [({"a": 60, "b": 40}, True), ({"a": 60, "b": 39}, False), ({"a": 60, "b": 41}, False), ({"a": 110, "b": -10}, False)],
)  # fmt: skip
def test_weights_make_a_hundred(weights, fit):
    assert fits_weights(weights) is fit


def test_shares_make_a_hundred():
    assert [fits_shares(shares) for shares in ([100], [40, 60], [], [40, 59], [120, -20])] == [
        True, True, False, False, False,
    ]  # fmt: skip


@given(st.lists(st.integers(0, 100), min_size=1, max_size=9))
def test_a_score_lies_between_the_lowest_and_the_highest(points):
    (standing,) = standings({1: [flat(one) for one in points]}, WEIGHTS)

    assert min(points) <= standing.score <= max(points)
