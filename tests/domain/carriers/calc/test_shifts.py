"""Quarters, rotas, and hours in a row: each boundary of the rest rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.carriers.calc.shifts import (
    Span,
    groups_for,
    hours_of,
    is_on_quarter,
    longest_row,
    next_quarter,
    rota,
    spans_from,
)
from ronghe.domain.carriers.calc.types import TEAMS, TYPES, reaches
from ronghe.domain.carriers.enums import CarrierType

EIGHT = datetime(2026, 1, 10, 8, 0)


def span(start: float, end: float) -> Span:
    return Span(EIGHT + timedelta(hours=start), EIGHT + timedelta(hours=end))


def test_a_moment_goes_to_the_next_quarter_and_one_on_a_quarter_stays():
    assert next_quarter(EIGHT) == EIGHT
    assert next_quarter(EIGHT + timedelta(seconds=1)) == EIGHT + timedelta(minutes=15)
    assert next_quarter(EIGHT + timedelta(minutes=59)) == EIGHT + timedelta(hours=1)
    assert [is_on_quarter(EIGHT + timedelta(minutes=n)) for n in (0, 14, 15, 45)] == [True, False, True, True]


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0.00"), (15, "0.25"), (735, "12.25"), (60 * 1000, "1000.00")])
def test_quarters_are_hours_exactly(minutes, hours):
    assert hours_of(minutes) == Decimal(hours)
    assert hours_of(minutes) * 60 == minutes


@pytest.mark.parametrize(("length", "groups"), [(12, 2), (8, 3), (6, 4), (24, 1), (7, 4)])
def test_people_are_divided_so_that_each_is_on_once_a_day(length, groups):
    assert groups_for(length) == groups


def test_a_rota_uses_everybody_and_takes_turns():
    on = rota([1, 2, 3, 4, 5, 6, 7], groups=3, shifts=6)

    assert sorted(person for shift in on[:3] for person in shift) == [1, 2, 3, 4, 5, 6, 7]
    assert on[3:] == on[:3]


def test_shifts_follow_each_other_without_a_gap():
    first, second, third = spans_from(EIGHT, length_hours=8, shifts=3)

    assert (first.ends_at, second.ends_at) == (second.starts_at, third.starts_at)
    assert third.ends_at == EIGHT + timedelta(days=1)


@pytest.mark.parametrize(
    ("spans", "hours"),
    [
        ([], 0),
        ([span(0, 12)], 12),
        ([span(0, 8), span(8, 12)], 12),
        ([span(0, 8), span(15.75, 20)], 12.25),  # 7:45 is no rest of eight hours
        ([span(0, 8), span(16, 20)], 8),  # eight is one
        ([span(0, 8), span(4, 10)], 10),  # two at once are counted once
        ([span(0, 4), span(0, 4)], 4),
        ([span(30, 32), span(0, 6)], 6),
    ],
)
def test_hours_in_a_row(spans, hours):
    assert longest_row(spans, rest_hours=8) == hours * 60


def test_every_type_is_declared_and_teams_alone_are_called():
    assert set(TYPES) == set(CarrierType.values)
    assert set(TEAMS) == {CarrierType.PIONEER_TEAM, CarrierType.COMMANDO_TEAM}


@pytest.mark.parametrize(
    ("actual", "direction", "kept"),
    [("30", "at_most", True), ("30.0001", "at_most", False), ("30", "at_least", True), ("29.9999", "at_least", False)],
)
def test_a_promised_number_includes_its_bound(actual, direction, kept):
    assert reaches(Decimal(actual), Decimal(30), direction) is kept
