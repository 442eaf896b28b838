"""Until when something is put off."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ronghe.domain.today.enums import Until
from ronghe.kernel.calendar.moments import SHANGHAI

AN_HOUR = timedelta(hours=1)
MORNING = time(7, 0)


def moment_of(until: Until, at: datetime, evening: time) -> datetime:
    """Return when a thing comes back that is put off at `at`: in an hour, this `evening` (once that is past, in an hour), tomorrow."""
    here = at.astimezone(SHANGHAI)
    if until is Until.TOMORROW:
        return datetime.combine(here.date() + timedelta(days=1), MORNING, SHANGHAI)
    tonight = datetime.combine(here.date(), evening, SHANGHAI)
    return tonight if until is Until.EVENING and tonight > here else at + AN_HOUR
