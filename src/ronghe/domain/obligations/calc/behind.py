"""Why a body is behind, as far as dates and posts can tell. People say the rest when they ask for a waiver."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from ronghe.kernel.calendar.calendars import WorkCalendar

LONGEST_HOLIDAY = 14


class Why(StrEnum):
    """申请免办中, 没有人负责, 职务空缺, 停工, 放假, 没有采用范本."""

    ASKED = "asked"
    NOBODY = "nobody"
    VACANT = "vacant"
    SHUT_DOWN = "shut_down"
    HOLIDAY = "holiday"
    UNADOPTED = "unadopted"


def why_behind(
    *, since: date | None, today: date, calendar: WorkCalendar, vacant: Iterable[bool] = (), nobody: bool = False,
    is_asked: bool = False, is_shut_down: bool = False, is_adopted: bool = True,
) -> list[Why]:  # fmt: skip
    """Return the reasons that hold today, the one that explains most first.

    `since` is the first day on which it was behind; `vacant` tells of each duty whether its post is held by nobody.
    """
    found = []
    if not is_adopted:
        found.append(Why.UNADOPTED)
    if is_shut_down:
        found.append(Why.SHUT_DOWN)
    if nobody:
        found.append(Why.NOBODY)
    elif any(vacant):
        found.append(Why.VACANT)
    if since is not None and _all_free(since, today, calendar):
        found.append(Why.HOLIDAY)
    if is_asked:
        found.append(Why.ASKED)
    return found


def _all_free(since: date, today: date, calendar: WorkCalendar) -> bool:
    """Nobody worked from the first day behind until today: a holiday lies between."""
    days = (today - since).days + 1
    if not 0 < days <= LONGEST_HOLIDAY:
        return False
    return not any(calendar.is_working(since + timedelta(days=n)) for n in range(days))
