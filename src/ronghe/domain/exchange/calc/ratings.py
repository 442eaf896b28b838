"""What listeners thought: shown from three on, the mean exact; and until when one's own may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

LEAST_SHOWN = 3
"""Ratings, or people who want a lecture: fewer are not shown, so that nobody is guessed."""
CHANGEABLE = timedelta(days=7)
PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Means:
    """How many rated; the means are `None` where too few did."""

    count: int
    usefulness: Decimal | None = None
    clarity: Decimal | None = None

    @property
    def is_shown(self) -> bool:
        return self.count >= LEAST_SHOWN


def means_of(marks: Sequence[tuple[int, int]]) -> Means:
    """Return the means of usefulness and clarity, each rounded once to two places; hidden below three.

    >>> means_of([(5, 4), (5, 5), (4, 4)])
    Means(count=3, usefulness=Decimal('4.67'), clarity=Decimal('4.33'))
    """
    if len(marks) < LEAST_SHOWN:
        return Means(len(marks))
    useful, clear = (sum(mark[place] for mark in marks) for place in (0, 1))
    return Means(len(marks), _mean(useful, len(marks)), _mean(clear, len(marks)))


def means_from(count: int, usefulness: int, clarity: int) -> Means:
    """Return the means from sums that the database made; hidden below three."""
    if count < LEAST_SHOWN:
        return Means(count)
    return Means(count, _mean(usefulness, count), _mean(clarity, count))


def may_change(rated_at: datetime, at: datetime) -> bool:
    """Tell whether a rating may still be changed: within seven days, the last moment included."""
    return at - rated_at <= CHANGEABLE


def _mean(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(PLACES, rounding=ROUND_HALF_UP)
