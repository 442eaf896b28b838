"""Where booked hours go when the activity moves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.rhythm.calc.shifting import Hours, shifted

NINE = datetime(2026, 9, 14, 9, 0)


def hours(begins: int, ends: int) -> Hours:
    return Hours(NINE + timedelta(minutes=begins), NINE + timedelta(minutes=ends))


@pytest.mark.parametrize(
    ("booked", "before", "after", "expected"),
    [
        (hours(0, 60), hours(0, 60), hours(120, 180), hours(120, 180)),
        (hours(-30, 90), hours(0, 60), hours(120, 180), hours(90, 210)),
        (hours(0, 60), hours(0, 60), hours(120, 240), hours(120, 240)),
        (hours(0, 60), None, hours(120, 240), hours(120, 240)),
        (hours(0, 30), hours(0, 120), hours(0, 90), hours(0, 90)),
        (hours(0, 31), hours(0, 120), hours(0, 90), hours(0, 1)),
    ],
    ids=["same hours", "around them", "longer", "no hours before", "nothing would be left", "a minute is left"],
)
def test_booked_hours_go_along(booked, before, after, expected):
    assert shifted(booked, before, after) == expected


MINUTES = st.integers(-600, 600)
SPANS = st.tuples(MINUTES, st.integers(1, 600)).map(lambda one: hours(one[0], one[0] + one[1]))


@given(booked=SPANS, before=SPANS, shift=MINUTES)
def test_there_and_back_is_where_it_stood(booked, before, shift):
    away = timedelta(minutes=shift)
    after = Hours(before.begins + away, before.ends + away)
    assert shifted(shifted(booked, before, after), after, before) == booked


@given(booked=SPANS, before=SPANS, after=SPANS)
def test_something_is_always_left(booked, before, after):
    moved = shifted(booked, before, after)
    assert moved.begins < moved.ends
