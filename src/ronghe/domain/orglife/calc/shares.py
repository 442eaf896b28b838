"""How many may be excellent, whether enough are there, what the marks lean to, how long a term may be: whole numbers."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

SHORTEST_TERM, LONGEST_TERM = 6, 12
"""Months of a term to correct oneself: half a year to a year."""
LIST_REVIEW_MONTHS = 3
"""The list of corrections is looked at again a quarter after the meeting (D)."""


def most_excellent(members: int, *, of: int, out_of: int) -> int:
    """Return how many of `members` may be excellent at most: `of / out_of` of all, cut off, never rounded up (PM-08)."""
    return members * of // out_of


def is_half_present(present: int, should: int) -> bool:
    """Tell whether at least half of those who should be there are (PM-07, as PM-11 asks of a meeting that votes)."""
    return should > 0 and present * 2 >= should


def least_present(should: int) -> int:
    """Return the fewest who are half of `should`."""
    return -(-should // 2)


def leaning(counts: Sequence[int]) -> int | None:
    """Return the place of the grade with the most marks; the poorer one of two alike; `None` without marks."""
    best = max(counts, default=0)
    if not best:
        return None
    return max(place for place, count in enumerate(counts) if count == best)


def months_later(day: date, months: int) -> date:
    """Return the same day `months` later; the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_term(since: date, until: date) -> bool:
    """Tell whether a term to correct oneself is half a year to a year, both included."""
    return months_later(since, SHORTEST_TERM) <= until <= months_later(since, LONGEST_TERM)
