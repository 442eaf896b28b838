"""The banner's arithmetic: the mean of the ratings of each office, exact, and which of them are highest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.0001")
POINTS = (5, 4, 3, 2, 1)
"""What the first five choices are worth; the sixth is 不了解 and counts nowhere."""


def mean_of(counts: Sequence[int], *, least: int) -> Decimal | None:
    """Return the mean of the ratings, half up to four places; `None` where fewer than `least` rated."""
    rated = sum(counts[: len(POINTS)])
    if rated < max(least, 1):
        return None
    total = sum(points * count for points, count in zip(POINTS, counts, strict=False))
    return (Decimal(total) / Decimal(rated)).quantize(PLACES, rounding=ROUND_HALF_UP)


def best_of(means: Mapping[int, Decimal | None]) -> frozenset[int]:
    """Return the keys of the highest mean: one, several where they are equal, none where nobody was rated enough."""
    known = {key: mean for key, mean in means.items() if mean is not None}
    top = max(known.values(), default=None)
    return frozenset(key for key, mean in known.items() if mean == top)
