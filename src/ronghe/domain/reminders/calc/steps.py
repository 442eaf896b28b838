"""The steps of one obligation on a day, and to whom each goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
AHEAD = 7
"""Days before the due day; a window shorter than three times that is reminded of after two thirds (D, no rule names it)."""
SPOKEN_OF = 7
"""Days after grace in which what was missed is still spoken of; after that it stands in the list of who is behind."""


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
OF_ONE_DAY = {Step.MISSED: (To.ANSWERER, To.LEADS)}
"""What is owed every day would bury everybody else: its superior reads who is behind."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of an obligation, `grace_until` not included."""

    window_from: date
    due_on: date
    grace_until: date

    @property
    def length(self) -> int:
        return (self.due_on - self.window_from).days + 1


def step_on(dates: Dates, day: date, until: date | None = None) -> Step | None:
    """Return the step that an unmet obligation has come to on `day`, nothing where nobody need be told.

    `until` is the last day on which nobody is reminded again (the last free day before the next working day): what falls
    due by then is spoken of on `day`. A step that passed while nobody looked is passed over; the latest one holds.
    """
    last = max(until or day, day)
    if day >= dates.grace_until:
        return Step.MISSED if day < dates.grace_until + SPOKEN_OF * DAY else None
    if day > dates.due_on:
        return Step.OVERDUE
    if dates.length == 1:
        return None
    if last >= dates.due_on:
        return Step.DUE_DAY
    if last >= dates.due_on - days_ahead(dates.length) * DAY:
        return Step.AHEAD
    return Step.OPENED if day >= dates.window_from else None


def days_ahead(length: int) -> int:
    """Return how many days before the due day an obligation with a window of `length` days is spoken of."""
    return min(AHEAD, length // 3)


def receivers(step: Step, dates: Dates) -> tuple[To, ...]:
    """Return to whom a step goes."""
    return OF_ONE_DAY.get(step, ()) if dates.length == 1 else RECEIVERS[step]
