"""Intervals: against published values, at the ends, and what always holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.scoring.exact import UNIT
from ronghe.scoring.intervals import Interval, mean_interval, share_interval

shares = st.integers(1, 5_000).flatmap(lambda count: st.tuples(st.integers(0, count * UNIT), st.just(count)))
marks = st.lists(st.integers(0, 100 * UNIT), min_size=2, max_size=60)


@pytest.mark.parametrize(
    ("met", "count", "low", "high"),
    [
        (7, 8, 5291, 9776),  # 52.9 % to 97.8 %
        (4, 4, 5101, 10_000),
        (3, 4, 3006, 9544),
        (0, 4, 0, 4899),
        (81, 263, 2553, 3662),
        (39, 40, 8712, 9956),
    ],
)
def test_a_share_has_wilsons_interval(met, count, low, high):
    assert share_interval(met * UNIT, count) == Interval(low, high)


def test_late_ones_may_count_half():
    assert share_interval(75_000, 8) == Interval(5977, 9934)


@pytest.mark.parametrize(("number", "count"), [(0, 0), (-1, 4), (40_001, 4)])
def test_what_is_no_share_is_refused(number, count):
    with pytest.raises(ValueError, match="no share"):
        share_interval(number, count)


@given(shares)
def test_a_share_lies_within_its_interval_and_the_interval_within_nothing_and_all(share):
    number, count = share
    found = share_interval(number, count)
    assert 0 <= found.low <= found.high <= UNIT
    assert found.low * count <= number + count
    assert found.high * count >= number - count


@given(st.integers(0, 20), st.integers(1, 20))
def test_more_chances_of_the_same_share_make_the_interval_narrower(met, more):
    count = 20
    few, many = (share_interval(met * times * UNIT, count * times) for times in (1, 1 + more))
    assert many.high - many.low < few.high - few.low


def test_a_mean_of_marks_has_students_interval():
    found = mean_interval([80 * UNIT, 85 * UNIT, 90 * UNIT], 100 * UNIT)
    assert found == Interval(725_783, 974_217)  # 85 ± 4.303 × 5 / √3


def test_one_mark_says_nothing_of_how_far_it_may_be_off():
    assert mean_interval([80 * UNIT], 100 * UNIT) is None
    assert mean_interval([80 * UNIT, 80 * UNIT], 100 * UNIT) == Interval(80 * UNIT, 80 * UNIT)


@given(marks)
def test_a_mean_lies_within_its_interval_whatever_the_order(found):
    interval = mean_interval(found, 100 * UNIT)
    assert interval.low * len(found) <= sum(found) + len(found)
    assert interval.high * len(found) >= sum(found) - len(found)
    assert interval == mean_interval(sorted(found), 100 * UNIT)
