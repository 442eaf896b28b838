from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ronghe.domain.agreements.calc.months import months_later, next_review
from ronghe.domain.agreements.calc.progress import elapsed, is_forward, is_reached, progress, suggested

numbers = st.decimals(min_value=-(10**6), max_value=10**6, places=4)


@pytest.mark.parametrize(
    ("baseline", "target", "now", "better", "share"),
    [
        ("0", "6", "3", "up", "50"),
        ("0", "3", "1", "up", "33.3"),
        ("0", "3", "2", "up", "66.6"),
        ("10", "2", "4", "down", "75"),
        ("10", "2", "12", "down", "0"),
        ("10", "2", "0", "down", "100"),
        ("0", "100000", "99999", "up", "99.9"),
        ("0", "0", "0", "down", "100"),
        ("0", "0", "1", "down", "0"),
        ("95", "95", "96", "up", "100"),
    ],
)
def test_progress_is_the_share_of_the_way(baseline, target, now, better, share):
    found = progress(baseline=Decimal(baseline), target=Decimal(target), now=Decimal(now), better=better)

    assert found == Decimal(share)


@given(numbers, numbers, numbers, st.sampled_from(["up", "down"]))
def test_progress_is_full_exactly_where_the_target_is_reached(baseline, target, now, better):
    assume(is_forward(baseline=baseline, target=target, better=better))
    share = progress(baseline=baseline, target=target, now=now, better=better)

    assert 0 <= share <= 100
    assert (share == 100) == is_reached(target=target, now=now, better=better)


@pytest.mark.parametrize(
    ("day", "gone"),
    [
        (date(2026, 9, 1), Fraction(0)),
        (date(2026, 8, 1), Fraction(0)),
        (date(2026, 9, 6), Fraction(1, 2)),
        (date(2026, 9, 11), Fraction(1)),
        (date(2027, 1, 1), Fraction(1)),
    ],
)
def test_time_passes_from_the_first_day_to_the_due_day(day, gone):
    assert elapsed(starts_on=date(2026, 9, 1), due_on=date(2026, 9, 11), day=day) == gone


def test_a_goal_due_at_once_has_no_time_before_its_day():
    day = date(2026, 9, 1)

    assert elapsed(starts_on=day, due_on=day, day=day) == 1


@pytest.mark.parametrize(
    ("share", "gone", "verdict"),
    [
        (None, Fraction(1, 2), "unknown"),
        (Decimal(100), Fraction(0), "reached"),
        (Decimal(40), Fraction(1, 2), "on_track"),
        (Decimal("39.9"), Fraction(1, 2), "behind"),
    ],
)
def test_a_goal_may_lie_a_tenth_behind_the_calendar(share, gone, verdict):
    assert suggested(share=share, gone=gone) == verdict


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(9999, 12, 1), 3, date(9999, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day, months, later):
    assert months_later(day, months) == later


def test_the_last_review_is_due_on_the_last_day_and_none_after_it():
    last = date(2026, 12, 20)

    assert next_review(date(2026, 9, 14), months=3, last_day=last) == date(2026, 12, 14)
    assert next_review(date(2026, 12, 14), months=3, last_day=last) == last
    assert next_review(last, months=3, last_day=last) is None
