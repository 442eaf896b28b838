"""How satisfied those are who asked: exact shares, and none of too few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

LEAST_RATINGS = 3


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`solved` of `count` said that it was solved; `mean` is of the scores. `None` below `LEAST_RATINGS`."""

    count: int
    solved: int | None
    share: Fraction | None
    mean: Fraction | None


def satisfaction_of(ratings: Sequence[tuple[int, bool]]) -> Satisfaction:
    """Return what the ratings (score 1 to 5, whether solved) say together."""
    if len(ratings) < LEAST_RATINGS:
        return Satisfaction(len(ratings), None, None, None)
    solved = sum(1 for _score, is_solved in ratings if is_solved)
    return Satisfaction(
        len(ratings), solved, Fraction(solved, len(ratings)),
        Fraction(sum(score for score, _is_solved in ratings), len(ratings)),
    )  # fmt: skip


def rounded(value: Fraction) -> Decimal:
    """Return a fraction to two places, half up: worked out exactly, rounded once."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
