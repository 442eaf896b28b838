"""How long a design review took, and for whom it waited, in the unit's working hours (PJ-08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.control.calc.hours import after_working, working_seconds
from ronghe.domain.control.enums import ReviewSide
from ronghe.domain.control.models import DesignReview, ReviewTurn
from ronghe.domain.control.selectors.standards import ReviewPace
from ronghe.kernel.calendar.calendars import StatutoryCalendar, statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI


@dataclass(frozen=True, slots=True)
class Clock:
    """Working seconds from submitted to issued, or to now, and for each side how many of them it was waited for."""

    total: int
    by_side: dict[ReviewSide, int]


def worked(begin: datetime, end: datetime, pace: ReviewPace, calendar: StatutoryCalendar | None = None) -> int:
    """Return the working seconds between two moments in a unit's own hours."""
    known = calendar or statutory_calendar()
    return working_seconds(begin, end, hours=pace.hours, works_on=known.is_working, zone=SHANGHAI)


def due_after(begin: datetime, pace: ReviewPace) -> datetime:
    """Return when a review begun at `begin` ought to be issued."""
    calendar = statutory_calendar()
    return after_working(begin, pace.target_seconds, hours=pace.hours, works_on=calendar.is_working, zone=SHANGHAI)


def clock_of(review: DesignReview, turns: Iterable[ReviewTurn], pace: ReviewPace, now: datetime) -> Clock:
    """Return the clock of a review as it stands at `now`; an issued one as it was when it was issued."""
    calendar = statutory_calendar()
    by_side = dict.fromkeys(ReviewSide, 0)
    for turn in turns:
        by_side[ReviewSide(turn.side)] += worked(turn.began_at, turn.ended_at or now, pace, calendar)
    total = review.worked_seconds if review.worked_seconds is not None else sum(by_side.values())
    return Clock(total, by_side)
