"""How a line of a responsibility sheet stands: in each of its periods, and as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """The words of `enums.LineState`, the worst first."""

    MISSED = "missed"
    DUE = "due"
    LATE = "late"
    DONE = "done"
    WAIVED = "waived"
    UPCOMING = "upcoming"


MONTHS = {"month": 1, "quarter": 3, "half": 6, "once": 12}
"""How many months a period of each rhythm has."""


def periods_of(year: int, rhythm: str) -> list[tuple[date, date]]:
    """Return the periods of a year, each from a day until (not including) a day."""
    months = MONTHS[rhythm]
    firsts = [date(year, month, 1) for month in range(1, 13, months)]
    return list(zip(firsts, [*firsts[1:], date(year + 1, 1, 1)], strict=True))


def state_in(period: tuple[date, date], done: Collection[date], today: date, *, since: date | None = None) -> State:
    """Return how one period stands: done on a day in it, due while it runs, missed from the day after it.

    What was over on the day `since`, when the line was first published, was never owed.
    """
    first, until = period
    if any(first <= day < until for day in done):
        return State.DONE
    if since is not None and until <= since:
        return State.WAIVED
    if today < first:
        return State.UPCOMING
    return State.DUE if today < until else State.MISSED


def worst(states: Iterable[State | str]) -> State:
    """Return the state that needs attention first; `UPCOMING` where there is none."""
    found = {State(state) for state in states}
    return next((state for state in State if state in found), State.UPCOMING)
