"""Figures are whole or exact; shares are rounded once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ronghe.domain.campaigns.calc.figures import Counts, changes_between, share, span_before, sum_of


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(0, 0, None), (0, 3, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (3, 3, "100.0")],
)
def test_a_share_has_one_decimal_half_up(part, whole, expected):
    assert share(part, whole) == (None if expected is None else Decimal(expected))


def test_waived_duties_are_not_owed():
    counts = Counts({"duties_done": 3, "duties_late": 1, "duties_missed": 1, "duties_open": 2, "duties_waived": 9})
    assert (counts.duties_met, counts.duties_owed) == (4, 7)


def test_counts_add_up_and_what_nobody_counted_is_nought():
    total = sum_of([Counts({"tasks": 2}), Counts({"tasks": 1, "visits": 4})])
    assert (total["tasks"], total["visits"], total["present"]) == (3, 4, 0)


def test_before_and_after_are_compared_in_points_where_both_are_there():
    before = Counts({"duties_done": 1, "duties_missed": 1, "present": 3, "expected": 4})
    after = Counts({"duties_done": 3, "duties_late": 1, "present": 4, "expected": 4, "tasks": 2, "solved": 1})
    changes = changes_between(before, after)
    assert (changes.on_time.before, changes.on_time.after, changes.on_time.gain) == (
        Decimal("50.0"), Decimal("75.0"), Decimal("25.0"),
    )  # fmt: skip
    assert changes.present.gain == Decimal("25.0")
    assert (changes.solved.before, changes.solved.gain) == (None, None)


def test_before_is_as_long_as_after():
    assert span_before(date(2026, 7, 1), date(2026, 7, 31)) == (date(2026, 6, 1), date(2026, 7, 1))
