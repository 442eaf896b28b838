"""Straight lines over the ground."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ronghe.domain.partylife.calc.distance import Point, straight_line_km


def point(latitude, longitude):
    return Point(Decimal(latitude), Decimal(longitude))


@pytest.mark.parametrize(
    ("one", "two", "km"),
    [
        (point("46.5", "125"), point("46.5", "125"), "0.0"),
        (point("0", "0"), point("1", "0"), "111.2"),  # a degree of the meridian
        (point("60", "10"), point("60", "11"), "55.6"),  # half of it at sixty degrees north
        (point("0", "179.5"), point("0", "-179.5"), "111.2"),  # over the date line
        (point("39.9042", "116.4074"), point("31.2304", "121.4737"), "1067.3"),  # 北京 to 上海
    ],
)
def test_distances_are_told_to_a_tenth(one, two, km):
    assert straight_line_km(one, two) == Decimal(km)
    assert straight_line_km(two, one) == Decimal(km)
