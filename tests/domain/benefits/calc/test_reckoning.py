"""Money to the fen, shares that are whole, and days that are not added twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.benefits.calc.reckoning import (
    DaysTotal,
    LineIn,
    equal_shares,
    is_whole,
    split,
    total_days,
    total_fen,
    yuan,
)


def one(before, before_price, after, after_price):
    return LineIn("墙", "㎡", Decimal(before), Decimal(before_price), Decimal(after), Decimal(after_price))


@pytest.mark.parametrize(
    ("line", "fen"),
    [
        (one("7000", "100", "1500", "100"), 55_000_000), (one("1", "0.01", "0", "0"), 1),
        (one("0.001", "5.00", "0", "0"), 1), (one("0.001", "4.99", "0", "0"), 0),
        (one("0", "0", "2", "3.50"), -700), (one("999999999.999", "9999999.99", "0", "0"), 999_999_998_999_000_000),
    ],
)  # fmt: skip
def test_a_line_is_rounded_once_to_the_fen(line, fen):
    assert line.fen == fen


def test_a_total_is_the_sum_of_what_the_lines_show():
    third = one("0.333", "1.00", "0", "0")

    assert total_fen([third] * 3) == 3 * third.fen == 99
    assert yuan(99) == Decimal("0.99")


@pytest.mark.parametrize(
    ("percents", "whole"),
    [(["100"], True), (["50", "50"], True), (["33.33", "33.33", "33.34"], True), (["33.33", "33.33", "33.33"], False),
     (["100.01"], False), (["99.99"], False), (["100", "0"], False), (["120", "-20"], False), ([], False)],
)  # fmt: skip
def test_shares_are_whole_at_exactly_a_hundred(percents, whole):
    assert is_whole([Decimal(one) for one in percents]) is whole


@given(st.integers(1, 60))
def test_equal_shares_are_whole_and_differ_by_a_hundredth_at_most(count):
    shares = equal_shares(count)

    assert is_whole(shares)
    assert max(shares) - min(shares) <= Decimal("0.01")


@given(st.integers(-(10**12), 10**12), st.integers(1, 20))
def test_parts_of_an_amount_add_up_to_it(fen, count):
    parts = split(fen, equal_shares(count))

    assert sum(parts) == fen
    assert max(parts) - min(parts) <= abs(fen) // 1000 + 1


def test_days_of_one_project_are_not_added_twice():
    assert total_days([(1, 60)], {}) == DaysTotal(60, 0)
    assert total_days([(1, 60), (1, 30)], {}) == DaysTotal(0, 2)
    assert total_days([(1, 60), (1, 30)], {1: 70}) == DaysTotal(70, 0)
    assert total_days([(1, 60), (1, 0)], {}) == DaysTotal(60, 0)
    assert total_days([(1, 60), (2, 5), (None, 3), (None, 4)], {}) == DaysTotal(72, 0)
    assert total_days([], {1: 70}) == DaysTotal(70, 0)
