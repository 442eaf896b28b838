"""How numbers, days and times are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ronghe.ui import formats

pytestmark = pytest.mark.usefixtures("zh")


def test_day_carries_its_weekday():
    assert formats.day(date(2026, 11, 21)) == "11月21日 周六"
    assert formats.day(date(2026, 11, 22)) == "11月22日 周日"
    assert formats.day(date(2026, 11, 21), "year") == "2026年11月21日"
    assert formats.day(date(2026, 11, 21), "short") == "11月21日"
    assert formats.day(None) == "—"


def test_day_in_english_is_sentence_case():
    with translation.override("en"):
        assert formats.day(date(2026, 11, 21)) == "21 Nov, Sat"
        assert formats.day(date(2026, 11, 21), "year") == "21 Nov 2026"


def test_moment_near_midnight_is_shown_in_shanghai():
    assert formats.moment_of(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == "11月21日 周六 23:59"
    assert formats.moment_of(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == "11月22日 周日 00:00"


def test_span_of_one_day_is_times():
    start = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert formats.span(start, datetime(2026, 11, 21, 8, 30, tzinfo=UTC)) == "08:30—16:30"
    assert formats.span(date(2026, 10, 8), date(2026, 11, 30)) == "10月8日—11月30日"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("92.345"), 2, "92.35"),
        (Decimal("92.3449"), 2, "92.34"),
        (Decimal("0.005"), 2, "0.01"),
        (Decimal(1284), None, "1,284"),
        (Decimal("-0.125"), 2, "-0.13"),
        (55, 1, "55.0"),
        (None, 2, "—"),
    ],
)
def test_exact_rounds_half_up_and_groups(value, places, text):
    assert formats.exact(value, places) == text


def test_signed_uses_a_true_minus():
    assert formats.signed(Decimal("1.45"), 2) == "+1.45"
    assert formats.signed(Decimal("-0.09"), 2) == "−0.09"
    assert formats.signed(0) == "0"


@pytest.mark.parametrize(("left", "words"), [(1, "还有 1 天"), (0, "今天到期"), (-1, "超期 1 天")])
def test_days_left_around_the_deadline(left, words):
    assert formats.days_left(left) == words


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_exact_without_places_loses_nothing(value):
    assert Decimal(formats.exact(value).replace(",", "")) == value
