"""What people type into a kind's fields, and how it is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.items.calc.fields import FieldSpec, FieldType, number_in, read_values

MONEY = FieldSpec("saved", "节约", FieldType.MONEY, unit="元")
WHOLE = FieldSpec("crew", "人数", FieldType.WHOLE)
TAGS = FieldSpec("tags", "标签", FieldType.SEVERAL, choices=(("a", "甲"), ("b", "乙")))


def why(spec, raw, **more):
    _values, problems = read_values([spec], {spec.id: raw}, **more)
    return [problem.why for problem in problems]


@pytest.mark.parametrize(
    ("spec", "raw", "expected"),
    [
        (MONEY, "550000", []),
        (MONEY, "0.01", []),
        (MONEY, "0.001", ["too_many_places"]),
        (MONEY, "999999999999.99", []),
        (MONEY, "1000000000000", ["too_large"]),
        (MONEY, "-1", ["negative"]),
        (MONEY, "NaN", ["no_number"]),
        (MONEY, "五十五万", ["no_number"]),
        (WHOLE, "12", []),
        (WHOLE, "12.5", ["too_many_places"]),
        (TAGS, ["b", "a"], []),
        (TAGS, ["c"], ["no_such_choice"]),
        (FieldSpec("day", "日期", FieldType.DAY), "2026-02-30", ["no_day"]),
        (FieldSpec("word", "词"), "字" * 120, []),
        (FieldSpec("word", "词"), "字" * 121, ["too_long"]),
        (FieldSpec("word", "词", is_required=True), "", ["missing"]),
        (FieldSpec("word", "词", is_required=True), "   ", ["missing"]),
    ],
)
def test_a_value_is_taken_or_refused_at_its_boundary(spec, raw, expected):
    assert why(spec, raw) == expected


def test_what_is_not_filled_in_is_left_out_unless_it_is_wanted_now():
    assert read_values([MONEY], {}) == ({}, [])
    assert why(MONEY, "", required={"saved"}) == ["missing"]


def test_several_choices_are_kept_in_the_order_of_the_declaration():
    assert read_values([TAGS], {"tags": ["b", "a"]})[0] == {"tags": ["a", "b"]}


@given(st.decimals(min_value=0, max_value=10**11, places=2, allow_nan=False))
def test_money_comes_back_as_it_was_typed(amount):
    values, problems = read_values([MONEY], {"saved": f"{amount:,}"})

    assert problems == []
    assert number_in(values, "saved") == Decimal(amount)
