"""Days that recur by months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """Return the same day `months` later, or the month's last where it has no such day; never beyond year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_review(since: date, *, months: int, last_day: date) -> date | None:
    """Return when the review after `since` is due: `months` later, at the latest on the last day; `None` after that."""
    if since >= last_day:
        return None
    return min(months_later(since, months), last_day)
