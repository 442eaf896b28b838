"""The steps of one obligation on a day, and to whom each goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """When people are told; a playbook sets it (`keys`), else these are the platform's choice (D, no rule names them)."""

    ahead: int = 7
    """Days before the due day; a window shorter than three times that is reminded of after two thirds."""
    spoken_of: int = 7
    """Days after grace in which what was missed is still spoken of; after that it stands in the list of who is behind."""
    in_row: int = 3
    """How often in a row a daily duty is missed before its superior is told."""


USUAL = Timing()
LONGEST_SPOKEN_OF = 60
"""The most that a playbook may say (`remind_missed_days`)."""


class Step(StrEnum):
    OPENED = "opened"
    AHEAD = "ahead"
    DUE_DAY = "due_day"
    OVERDUE = "overdue"
    MISSED = "missed"


class To(StrEnum):
    """谁负责, 本组织负责人, 上级组织."""

    ANSWERER = "answerer"
    LEADS = "leads"
    SUPERIOR = "superior"


RECEIVERS = {
    Step.OPENED: (To.ANSWERER,),
    Step.AHEAD: (To.ANSWERER,),
    Step.DUE_DAY: (To.ANSWERER,),
    Step.OVERDUE: (To.ANSWERER, To.LEADS),
    Step.MISSED: (To.ANSWERER, To.LEADS, To.SUPERIOR),
}
"""Escalation: first whoever answers, then those who lead the body, then its superior."""
OF_ONE_DAY = (To.ANSWERER, To.LEADS)
"""What is owed every day would bury everybody else: its superior is told once it was missed several times in a row."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of an obligation, `grace_until` not included."""

    window_from: date
    due_on: date
    grace_until: date

    @property
    def length(self) -> int:
        return (self.due_on - self.window_from).days + 1


def step_on(dates: Dates, day: date, until: date | None = None, timing: Timing = USUAL) -> Step | None:
    """Return the step that an unmet obligation has come to on `day`, nothing where nobody need be told.

    `until` is the last day on which nobody is reminded again (the last free day before the next working day): what falls
    due by then is spoken of on `day`. A step that passed while nobody looked is passed over; the latest one holds.
    """
    last = max(until or day, day)
    if day >= dates.grace_until:
        return Step.MISSED if day < dates.grace_until + timing.spoken_of * DAY else None
    if day > dates.due_on:
        return Step.OVERDUE
    if dates.length == 1:
        return None
    if last >= dates.due_on:
        return Step.DUE_DAY
    if last >= dates.due_on - days_ahead(dates.length, timing.ahead) * DAY:
        return Step.AHEAD
    return Step.OPENED if day >= dates.window_from else None


def days_ahead(length: int, ahead: int = USUAL.ahead) -> int:
    """Return how many days before the due day an obligation with a window of `length` days is spoken of."""
    return min(ahead, length // 3)


def receivers(step: Step, dates: Dates, *, in_row: int = 1, timing: Timing = USUAL) -> tuple[To, ...]:
    """Return to whom a step goes; `in_row` counts how often a daily duty was missed in a row, this time included.

    Its superior is told when the row is as long as the playbook says, and from then on every so many days: of a post that lies
    still for a month once in a while, not every day.
    """
    if dates.length > 1:
        return RECEIVERS[step]
    if step is not Step.MISSED:
        return ()
    is_again = in_row > timing.in_row and dates.due_on.toordinal() % timing.in_row == 0
    return RECEIVERS[step] if in_row == timing.in_row or is_again else OF_ONE_DAY


def rows_of_misses(days: Sequence[tuple[date, bool]]) -> dict[date, int]:
    """Return how long the row of misses is that ends on each missed day; `days` are a daily duty's in order, missed or not.

    A day that was met, waived or not yet over ends a row; days on which nothing was owed are not among them and end none.
    """
    found: dict[date, int] = {}
    length = 0
    for day, is_missed in days:
        length = length + 1 if is_missed else 0
        if is_missed:
            found[day] = length
    return found
