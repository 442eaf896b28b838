"""How far something that happened raises a grade, and when a grade is looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

WORST = 4


def raised_grade(grade: int, wanted: int | None = None) -> int:
    """Return the grade that follows: `wanted` where it is worse, else one worse; the worst stays the worst.

    What happened never lowers a grade, so `wanted` below the grade counts as one worse.
    """
    if wanted is not None and wanted > grade:
        return min(wanted, WORST)
    return min(grade + 1, WORST)


def next_review(day: date, grade: str, days: Mapping[str, int]) -> date:
    """Return when a risk of `grade` that was looked at on `day` is due again; `days` by grade are the unit's own."""
    return day + timedelta(days=days[grade])
