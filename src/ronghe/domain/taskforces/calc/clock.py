"""The clock from raised to resolved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Clocked:
    """What became of the points of one kind: how many are open and resolved, and the hours that resolving took."""

    kind: str
    open: int
    overdue: int
    resolved: int
    handed_over: int
    median_hours: int | None
    longest_hours: int | None


def hours_between(raised_at: datetime, resolved_at: datetime) -> int:
    """Return the whole hours between two moments; what was resolved within the hour took none."""
    return max(0, int((resolved_at - raised_at).total_seconds())) // _HOUR


def in_words(hours: int) -> tuple[int, str]:
    """Return a span as people say it, with the unit's code: hours below two days, else whole days.

    >>> in_words(47), in_words(48)
    ((47, 'hours'), (2, 'days'))
    """
    return (hours, "hours") if hours < 48 else (hours // 24, "days")


def clocked(kind: str, *, open_: int, overdue: int, handed_over: int, hours: Iterable[int]) -> Clocked:
    """Return the figures of one kind."""
    taken = sorted(hours)
    return Clocked(
        kind,
        open_,
        overdue,
        len(taken),
        handed_over,
        int(median(taken)) if taken else None,
        taken[-1] if taken else None,
    )
