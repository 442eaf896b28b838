"""How far two points on the ground are from each other, as the crow flies."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import asin, cos, radians, sin, sqrt

MEAN_RADIUS_KM = 6371
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees of latitude and longitude (WGS 84)."""

    latitude: Decimal
    longitude: Decimal


def straight_line_km(one: Point, two: Point) -> Decimal:
    """Return the straight-line distance along the ground in kilometres, to a tenth; roads are longer.

    The great circle on a ball: within half a per cent of the truth, which is nothing beside the detours of roads.
    """
    first, second = (radians(point.latitude) for point in (one, two))
    across = radians(two.longitude - one.longitude)
    part = sin((second - first) / 2) ** 2 + cos(first) * cos(second) * sin(across / 2) ** 2
    kilometres = 2 * MEAN_RADIUS_KM * asin(min(1, sqrt(part)))
    return Decimal(str(kilometres)).quantize(TENTH, ROUND_HALF_UP)
