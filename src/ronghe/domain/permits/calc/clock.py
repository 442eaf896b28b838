"""From the request to the issue: hours by stage and by whom they waited for; a distribution and not a mean alone (PC-05)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.01")
EDGES_H = (1, 2, 4, 8, 24, 48)
"""Up to how many hours each bar of the distribution counts; the last one counts what took longer."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in hours: how often, mean, median, nine of ten, longest, and the share within the aim."""

    count: int
    mean: Decimal
    median: Decimal
    p90: Decimal
    longest: Decimal
    within: Decimal | None = None
    """Percent within the aim; nothing without one."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A stretch of one permit: in which stage, for whom it waited, how many minutes."""

    stage: str
    waits_for: str
    minutes: int


def spread_of(minutes: Sequence[int], aim_h: Decimal | None = None) -> Spread | None:
    """Return the distribution of lengths; nothing of none.

    A percentile is the smallest value that as many lie at or below (nearest rank), so it is one that happened.

    >>> spread_of([60, 120, 600], Decimal(4)).p90
    Decimal('10.00')
    """
    if not minutes:
        return None
    row = sorted(minutes)
    hours = [_hours(value) for value in row]
    within = None
    if aim_h is not None:
        met = sum(1 for value in row if Decimal(value) <= aim_h * 60)
        within = (Decimal(met) * 100 / len(row)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    mean = (Decimal(sum(row)) / len(row) / 60).quantize(PLACES, ROUND_HALF_UP)
    return Spread(len(row), mean, hours[_rank(len(row), 50)], hours[_rank(len(row), 90)], hours[-1], within)


def counted(minutes: Sequence[int]) -> list[int]:
    """Return how many fall under each bar of the distribution: up to and with its edge, beyond the one before.

    >>> counted([60, 61, 240, 3_000])
    [1, 1, 1, 0, 0, 0, 1]
    """
    counts = [0] * (len(EDGES_H) + 1)
    for value in minutes:
        counts[next((place for place, edge in enumerate(EDGES_H) if value <= edge * 60), len(EDGES_H))] += 1
    return counts


def by_stage(waits: Iterable[Wait]) -> dict[str, Spread]:
    return _grouped((one.stage, one.minutes) for one in waits)


def by_whom(waits: Iterable[Wait]) -> dict[str, Spread]:
    """Return how long permits waited for each office or part; the longest sum first."""
    return _grouped((one.waits_for, one.minutes) for one in waits if one.waits_for)


def saved_share(before_h: Decimal, now_h: Decimal) -> Decimal | None:
    """Return by how many percent it got shorter than the old baseline, half up to a tenth; below zero where longer."""
    if before_h <= 0:
        return None
    return ((before_h - now_h) * 100 / before_h).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, Spread]:
    groups: dict[str, list[int]] = defaultdict(list)
    for name, minutes in pairs:
        groups[name].append(minutes)
    spreads = {name: spread_of(rows) for name, rows in sorted(groups.items(), key=lambda one: -sum(one[1]))}
    return {name: spread for name, spread in spreads.items() if spread is not None}


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(PLACES, ROUND_HALF_UP)


def _rank(count: int, percent: int) -> int:
    return max(0, -(-count * percent // 100) - 1)
