"""How much of an item is taken at its fullest moment. Spans are half open: one may begin when another ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """`quantity` from `start` up to, not including, `end`."""

    start: datetime
    end: datetime
    quantity: int


def peak(taken: Iterable[Taken], start: datetime, end: datetime) -> int:
    """Return how much is taken at the fullest moment within the span from `start` to `end`."""
    inside = [one for one in taken if one.start < end and one.end > start]
    moments = {start, *(one.start for one in inside if one.start > start)}
    return max(sum(one.quantity for one in inside if one.start <= moment < one.end) for moment in moments)
