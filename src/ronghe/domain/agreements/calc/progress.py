"""How far a goal has come, exactly, and what a review would find."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

FULL = Decimal(100)
SLACK = Fraction(1, 10)
"""A goal may lie this much of the whole way behind the calendar and still be on its way (D)."""


def progress(*, baseline: Decimal, target: Decimal, now: Decimal, better: str) -> Decimal:
    """Return how much of the way from `baseline` to `target` is done: 0 to 100 with one decimal, rounded down.

    Rounded down, so that 100 is said of nothing that is not reached. Where both are equal the level is to be held:
    100 while it is, 0 once it is not.
    """
    if baseline == target:
        return FULL if is_reached(target=target, now=now, better=better) else Decimal(0)
    way = Fraction(now - baseline) / Fraction(target - baseline)
    return Decimal(floor(min(max(way, Fraction(0)), Fraction(1)) * 1000)) / 10


def is_reached(*, target: Decimal, now: Decimal, better: str) -> bool:
    return now >= target if better == "up" else now <= target


def is_forward(*, baseline: Decimal, target: Decimal, better: str) -> bool:
    """Tell whether the target lies on the better side of the baseline, or at it."""
    return target >= baseline if better == "up" else target <= baseline


def elapsed(*, starts_on: date, due_on: date, day: date) -> Fraction:
    """Return the share of the time from the first day to the due day that is over on `day`, 0 to 1."""
    whole = (due_on - starts_on).days
    if whole <= 0:
        return Fraction(int(day >= due_on))
    return min(max(Fraction((day - starts_on).days, whole), Fraction(0)), Fraction(1))


def suggested(*, share: Decimal | None, gone: Fraction) -> str:
    """Return what a review would find: reached, on_track, behind, or unknown where nothing was read.

    `share` is the progress in percent, `gone` the share of the time that is over.
    """
    if share is None:
        return "unknown"
    if share == FULL:
        return "reached"
    return "on_track" if Fraction(share) / 100 + SLACK >= gone else "behind"
