"""Where the hours of something booked go when its activity moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """From `begins` until `ends`."""

    begins: datetime
    ends: datetime


def shifted(booked: Hours, before: Hours | None, after: Hours) -> Hours:
    """Return the hours booked for an activity that moved from `before` to `after`.

    They begin as much earlier or later than the activity, and end as much earlier or later, as they did. Where that
    leaves nothing, or the activity had no hours before, they are the activity's own.
    """
    if before is None:
        return after
    begins, ends = booked.begins + (after.begins - before.begins), booked.ends + (after.ends - before.ends)
    return Hours(begins, ends) if begins < ends else after
