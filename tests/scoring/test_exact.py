from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.scoring.columns import quotient
from ronghe.scoring.exact import NotExact, divided, shown, text, units


@pytest.mark.parametrize(
    ("written", "expected"), [("88.5", 885_000), (88.5, 885_000), (3, 30_000), ("-0.0001", -1), (0.1, 1_000)]
)
def test_units_reads_what_is_written(written, expected):
    assert units(written) == expected


@pytest.mark.parametrize("written", ["0.00001", "abc", True, float("nan"), float("inf"), ""])
def test_units_refuses_what_is_not_exact(written):
    with pytest.raises(NotExact):
        units(written)


@pytest.mark.parametrize(
    ("number", "by", "expected"), [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (7, 2, 4), (0, 9, 0)]
)
def test_division_rounds_half_away_from_zero(number, by, expected):
    assert divided(number, by) == expected


@given(st.integers(-(2**62), 2**62), st.integers(1, 2**40))
def test_division_is_what_decimals_say(number, by):
    exact = (Decimal(number) / by).quantize(Decimal(1), ROUND_HALF_UP) if abs(number) < 2**40 else None

    assert exact is None or divided(number, by) == exact
    assert abs(2 * (divided(number, by) * by - number)) <= by


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(-(2**53), 2**53), st.integers(1, 2**53)), min_size=20, max_size=200))
def test_division_of_columns_is_division_of_numbers_up_to_2_to_the_53(pairs):
    table = ibis.memtable([{"n": number, "d": by} for number, by in pairs], schema={"n": "int64", "d": "int64"})

    found = ibis.duckdb.connect().to_pyarrow(quotient(table["n"], table["d"]).name("q")).to_pylist()

    assert found == [divided(number, by) for number, by in pairs]


@pytest.mark.parametrize(
    ("number", "expected"), [(891_000, "89.1"), (890_000, "89"), (-5_000, "-0.5"), (0, "0"), (906_667, "90.6667")]
)
def test_text_is_the_shortest_exact_decimal(number, expected):
    assert text(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("89.99", "89.99"),
        ("89.995", "89.9950"),  # 90.00 would stand on the other side of the edge
        ("89.9949", "89.99"),
        ("90", "90.00"),
        ("90.004", "90.0040"),  # 90.00 would no longer be over 90
        ("71.125", "71.13"),
    ],
)
def test_shown_has_two_places_and_four_where_two_would_hide_the_side_of_an_edge(number, expected):
    assert shown(units(number), edges=[units(90)]) == expected
