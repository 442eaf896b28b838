"""Tallies, shares, and what keeps a process from being excellent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.control.calc.acceptance import (
    NOTHING,
    RatingTerms,
    Tally,
    rolled_up,
    share,
    why_not_excellent,
)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(276, 276, "100.0"), (275, 276, "99.6"), (2759, 2760, "99.9"), (0, 3, "0.0"), (1, 3, "33.3")],
)
def test_a_share_is_cut_so_that_less_than_all_is_never_a_hundred(part, whole, percent):
    assert share(part, whole) == Decimal(percent)


def test_a_share_of_nothing_is_unknown():
    assert share(0, 0) is None
    assert NOTHING.accepted_share is None
    assert not NOTHING.is_all_excellent


def test_accepted_and_excellent_are_never_mixed():
    tally = Tally(all=276, accepted=276, excellent=275, rated=276)

    assert (tally.accepted_share, tally.excellent_share) == (Decimal("100.0"), Decimal("99.6"))
    assert not tally.is_all_excellent
    assert Tally(all=276, accepted=276, excellent=276).is_all_excellent


def test_a_part_counts_everything_below_it():
    totals = rolled_up({3: Tally(all=4, accepted=1), 4: Tally(all=2)}, [(1, None), (2, 1), (3, 2), (4, 2), (5, None)])

    assert (totals[1], totals[2], totals[3], totals[5]) == (
        Tally(all=6, accepted=1), Tally(all=6, accepted=1), Tally(all=4, accepted=1), NOTHING,
    )  # fmt: skip


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.data())
def test_what_stands_on_top_is_the_sum_of_all(counts, data):
    parents = [(0, None), *((n, data.draw(st.integers(0, n - 1))) for n in range(1, len(counts)))]
    own = {part: Tally(all=count) for part, count in enumerate(counts)}

    assert rolled_up(own, parents)[0].all == sum(counts)


@pytest.mark.parametrize(
    ("terms", "measured", "passed", "reworks", "why"),
    [
        (RatingTerms(), 20, 18, 0, ""),
        (RatingTerms(), 20, 17, 0, "below"),
        (RatingTerms(), 0, 0, 0, ""),
        (RatingTerms(needs_measuring=True), 0, 0, 0, "unmeasured"),
        (RatingTerms(), 20, 20, 1, "reworked"),
        (RatingTerms(forgives_rework=True), 20, 20, 3, ""),
        (RatingTerms(Decimal("95.5")), 1000, 955, 0, ""),
        (RatingTerms(Decimal("95.5")), 1000, 954, 0, "below"),
    ],
)
def test_pj_06_what_keeps_a_process_from_being_excellent(terms, measured, passed, reworks, why):
    assert why_not_excellent(terms, measured=measured, passed=passed, reworks=reworks) == why
