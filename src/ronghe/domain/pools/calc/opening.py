"""Whether an item is open from one moment to another, in the time of the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class Hours:
    """Open on `weekdays` (ISO numbers, "12345" is Monday to Friday) between two hours, but not on `closed` days.

    `closed` holds first and last days, both included.
    """

    weekdays: str
    opens_at: time
    closes_at: time
    closed: Sequence[tuple[date, date]] = ()

    def is_open_on(self, day: date) -> bool:
        return str(day.isoweekday()) in self.weekdays and not any(first <= day <= last for first, last in self.closed)


def is_open(hours: Hours, begins: datetime, ends: datetime) -> bool:
    """Tell whether the item is open on every day from `begins` up to `ends`, not before its hours and not after them."""
    last = (ends - timedelta(microseconds=1)).date()
    days = (begins.date() + timedelta(days=number) for number in range((last - begins.date()).days + 1))
    # An end at midnight lies on the day after the last one and is later than any hour.
    too_late = ends.time() > hours.closes_at or ends.date() > last
    return begins.time() >= hours.opens_at and not too_late and all(hours.is_open_on(day) for day in days)
