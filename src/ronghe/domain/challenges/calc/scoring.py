"""What the panel's scores of a bid come to, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

TOP = 100
"""The most points on one criterion."""
_PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a bid got: the mean over the panel, `None` while nobody has scored it; first among equals has the lower rank."""

    bid: int
    score: Decimal | None
    scored_by: int
    rank: int | None


def weighted(points: Mapping[str, int], weights: Mapping[str, int]) -> Fraction:
    """Return one panelist's points over all criteria, weighted; weights sum to 100."""
    return sum((Fraction(points[name] * weight, TOP) for name, weight in weights.items()), Fraction(0))


def standings(scores: Mapping[int, Sequence[Mapping[str, int]]], weights: Mapping[str, int]) -> list[Standing]:
    """Return where each bid stands, best first; bids with equal scores share a rank.

    `scores` has for each bid the points of every panelist who scored it. The mean is rounded once, to two places.
    """
    means: dict[int, Fraction | None] = {}
    for bid, given in scores.items():
        sums = [weighted(points, weights) for points in given]
        means[bid] = sum(sums, Fraction(0)) / len(sums) if sums else None
    ordered = sorted(means, key=lambda bid: (means[bid] is None, -(means[bid] or 0), bid))
    return [
        Standing(
            bid, _rounded(mean) if (mean := means[bid]) is not None else None, len(scores[bid]),
            1 + sum(other is not None and other > mean for other in means.values()) if mean is not None else None,
        )
        for bid in ordered
    ]  # fmt: skip


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES, ROUND_HALF_UP)


def fits_weights(weights: Mapping[str, int]) -> bool:
    """Tell whether no weight is negative and all of them make 100."""
    return all(weight >= 0 for weight in weights.values()) and sum(weights.values()) == TOP


def fits_shares(shares: Sequence[int]) -> bool:
    """Tell whether the shares of the reward that hang on milestones make exactly 100."""
    return bool(shares) and all(share >= 0 for share in shares) and sum(shares) == TOP
