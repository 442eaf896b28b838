"""What a checklist comes to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.inspections.calc.marking import GradeBand, Marked, grade_for, percentage, total

BANDS = [GradeBand("model", Decimal(95)), GradeBand("excellent", Decimal(90)), GradeBand("qualified", Decimal(70)),
         GradeBand("pending", Decimal(0))]  # fmt: skip
SHARES = st.integers(0, 100)


@given(st.lists(st.tuples(st.integers(1, 20), SHARES, st.booleans()), max_size=30))
def test_what_does_not_apply_changes_no_mark(rows):
    items = [Marked(Decimal(full), Decimal(full) * share / 100, applies) for full, share, applies in rows]

    mark, full = total(items)
    assert (mark, full) == total([one for one in items if one.applies])
    assert 0 <= mark <= full


@given(st.integers(1, 100), st.integers(1, 20), SHARES)
def test_the_same_share_of_less_is_the_same_percentage(first, second, share):
    whole = [
        Marked(Decimal(first), Decimal(first) * share / 100),
        Marked(Decimal(second), Decimal(second) * share / 100),
    ]
    less = [whole[0], Marked(Decimal(second), Decimal(0), applies=False)]
    assert percentage(*total(whole)) == percentage(*total(less)) == Decimal(share)


def test_of_nothing_there_is_no_percentage():
    assert percentage(*total([Marked(Decimal(5), Decimal(0), applies=False)])) is None
    assert grade_for(None, 0, BANDS) == "pending"


@pytest.mark.parametrize(
    ("percent", "grade"),
    [("95", "model"), ("94.99", "excellent"), ("90", "excellent"), ("89.99", "qualified"), ("70", "qualified"),
     ("69.99", "pending"), ("0", "pending")],
)  # fmt: skip
def test_rt_04_a_grade_begins_with_its_bound(percent, grade):
    assert grade_for(Decimal(percent), 0, BANDS) == grade


def test_rt_07_one_veto_leads_to_the_least():
    assert grade_for(Decimal(100), 1, BANDS) == "pending"


@pytest.mark.parametrize(
    ("before", "most", "grade"),
    [("pending", 1, "qualified"), ("pending", 2, "excellent"), ("pending", None, "model"), ("excellent", 1, "model"),
     ("", 1, "model")],
)  # fmt: skip
def test_rt_05_it_rises_by_no_more_than_so_many_steps(before, most, grade):
    assert grade_for(Decimal(100), 0, BANDS, before=before, rises_at_most=most) == grade


def test_rt_05_falling_has_no_bound():
    assert grade_for(Decimal(10), 0, BANDS, before="model", rises_at_most=1) == "pending"


def test_percentages_are_rounded_half_up():
    assert percentage(Decimal("66.665"), Decimal(100)) == Decimal("66.67")
