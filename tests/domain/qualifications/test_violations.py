"""PC-16: which violations count at a review, wherever they were proven, and how many bar it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ronghe.domain.qualifications.calc.violations import Proven, bars_review, counting

DAY = date(2026, 9, 1)
BEFORE = DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("count", "grave", "limit", "barred"),
    [(0, False, 2, False), (1, False, 2, False), (2, False, 2, True), (3, False, 2, True), (1, True, 2, True),
     (2, False, 3, False), (3, False, 3, True), (5, True, None, False)],
)  # fmt: skip
def test_two_and_more_or_one_with_grave_results_bar_a_review_pc_16(count, grave, limit, barred):
    assert bars_review([Proven(DAY, grave)] * count, limit) is barred


def test_what_was_before_the_last_review_or_against_another_certificate_does_not_count():
    rows = [
        Proven(BEFORE, False, "1"), Proven(DAY, False, "2"), Proven(DAY, False, item=3, certificate="mine"),
        Proven(DAY, False, item=4, certificate="another"),
    ]  # fmt: skip

    assert [row.reference or row.item for row in counting(rows, "mine", DAY)] == ["2", 3]


@given(some.lists(some.tuples(some.integers(-3, 3), some.sampled_from(["", "mine", "another"])), max_size=9))
def test_counting_is_in_order_and_leaves_out_nothing_that_counts(made):
    rows = [Proven(DAY + timedelta(days=days), False, item=number, certificate=one) for number, (days, one) in
            enumerate(made)]  # fmt: skip
    found = counting(rows, "mine", DAY)

    assert [row.happened_on for row in found] == sorted(row.happened_on for row in found)
    assert {row.item for row in found} == {
        row.item for row in rows if row.happened_on >= DAY and row.certificate != "another"
    }
