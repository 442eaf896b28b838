"""Points, totals and places, exact. The best computed figure of a head has 100, the others in proportion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

FULL = Decimal(100)
FINE = Decimal("0.0001")
SHOWN = Decimal("0.01")


def points_of(values: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Return the points of a computed head; where nobody did anything nobody has any."""
    best = max(values.values(), default=Decimal(0))
    if best <= 0:
        return dict.fromkeys(values, Decimal(0))
    return {key: (max(value, Decimal(0)) * FULL / best).quantize(FINE, ROUND_HALF_UP) for key, value in values.items()}


def mean_of(marks: Sequence[Decimal], *, least: int) -> Decimal | None:
    """Return the mean of what the judges gave, once there are `least` of them."""
    if len(marks) < least:
        return None
    return (sum(marks, Decimal(0)) / len(marks)).quantize(FINE, ROUND_HALF_UP)


def total_of(points: Sequence[tuple[int, Decimal | None]]) -> Decimal:
    """Return the weighted total of (weight in percent, points); what is not judged yet has none."""
    found = sum((weight * (one or Decimal(0)) for weight, one in points), Decimal(0))
    return (found / 100).quantize(SHOWN, ROUND_HALF_UP)


def places_of(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """Return the places: equals share one, and as many places as they are fall out after it."""
    ordered = sorted(totals.values(), reverse=True)
    return {key: ordered.index(total) + 1 for key, total in totals.items()}
