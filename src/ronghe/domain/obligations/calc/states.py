"""The state of an obligation: from its dates, what met it, and the day of asking. It is never stored."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ronghe.domain.obligations.calc.occurrences import Occurrence


class State(StrEnum):
    """未到期, 待办, 已办, 迟办, 漏办, 免办."""

    UPCOMING = "upcoming"
    DUE = "due"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    WAIVED = "waived"


def state_on(day: date, occurrence: Occurrence, *, met_on: date | None, is_waived: bool = False) -> State:
    """Return the state on `day` of an occurrence that a record of `met_on` met, if one did.

    A waiver stands before everything: nothing was owed. What was met in grace is late; what nobody met is due until
    the grace has run out and missed from the first day after it.
    """
    if is_waived:
        return State.WAIVED
    if met_on is not None:
        return State.DONE if met_on <= occurrence.due_on else State.LATE
    if day < occurrence.window_from:
        return State.UPCOMING
    return State.DUE if day < occurrence.grace_until else State.MISSED
