"""Days without an accident or pollution, and days that something waits: counted, never typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date


def free_days(
    begun_on: date | None, incidents: Iterable[date], today: date, *, until: date | None = None
) -> int | None:
    """Return the whole days since the last incident, or since work began; `None` where it has not begun.

    The day of an incident is not free, the first day of work is. Work that ended stops the count on its last day.
    """
    if begun_on is None or begun_on > today:
        return None
    last = min(today, until) if until is not None else today
    before = [day for day in incidents if day <= last]
    return (last - max(before)).days if before else (last - begun_on).days + 1


def days_waiting(since: date | None, until: date | None, today: date) -> int:
    """Return the whole days from `since` to `until`, or to today; nought where it has not begun."""
    if since is None:
        return 0
    return max(0, ((until or today) - since).days)
