"""Which span of days a session looks back on, and whether an analysis goes deep enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise


def spans_before(day: date, *, halves: bool = False, count: int = 4) -> list[tuple[date, date]]:
    """Return the quarters (or half years) that a session on `day` may look back on, half open: the running one, then earlier."""
    months = 6 if halves else 3
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    starts = [_months_on(first, -months * place) for place in range(-1, count)]
    return [(begin, end) for end, begin in pairwise(starts)]


def is_deep(whys: Sequence[str], cause: str, cause_behind: str) -> bool:
    """Tell whether a cause was sought behind the cause: another one than the cause, and at least two whys."""
    asked = [why.strip() for why in whys if why.strip()]
    return (
        len(asked) >= 2 and bool(cause.strip()) and bool(cause_behind.strip()) and cause.strip() != cause_behind.strip()
    )


def _months_on(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)
