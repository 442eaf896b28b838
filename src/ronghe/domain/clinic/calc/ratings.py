"""What ratings say together: nothing where there are few, so that no single one can be told."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def shown_mean(scores: Sequence[int], least: int) -> Decimal | None:
    """Return the mean of scores from 1 to 5 to a tenth, rounded half up; `None` of fewer than `least`."""
    if len(scores) < max(least, 1):
        return None
    return (Decimal(sum(scores)) / len(scores)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
