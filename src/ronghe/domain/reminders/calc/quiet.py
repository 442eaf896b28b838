"""When a person is disturbed, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ronghe.kernel.calendar.calendars import WorkCalendar

DAY = timedelta(days=1)
LOOKED_AHEAD = 14


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants to be reminded; times are those of Shanghai."""

    send_at: time
    quiet_from: time
    quiet_until: time
    on_free_days: bool = False


def is_quiet(at: time, wish: Wish) -> bool:
    """Tell whether the person is left alone at this time; a span over midnight is one, an empty one is none."""
    if wish.quiet_from <= wish.quiet_until:
        return wish.quiet_from <= at < wish.quiet_until
    return at >= wish.quiet_from or at < wish.quiet_until


def may_send(now: datetime, wish: Wish, calendar: WorkCalendar) -> bool:
    """Tell whether the day's message may go out at `now` (local time): the hour has come, and nobody is disturbed."""
    if not wish.on_free_days and not calendar.is_working(now.date()):
        return False
    at = now.time().replace(tzinfo=None)
    return at >= wish.send_at and not is_quiet(at, wish)


def silent_until(day: date, wish: Wish, calendar: WorkCalendar) -> date:
    """Return the last day before the next one on which this person is reminded again; `day` itself if that is tomorrow."""
    if wish.on_free_days:
        return day
    last = day
    while not calendar.is_working(last + DAY) and (last - day).days < LOOKED_AHEAD:
        last += DAY
    return last


def next_morning(now: datetime, wish: Wish) -> datetime:
    """Return tomorrow's hour of the message, in the zone of `now`."""
    return (now + DAY).replace(hour=wish.send_at.hour, minute=wish.send_at.minute, second=0, microsecond=0)
