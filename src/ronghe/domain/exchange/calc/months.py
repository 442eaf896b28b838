"""Which months of a programme have had their study (SD-06: once a month), and which have none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MonthState(StrEnum):
    HELD = "held"
    PLANNED = "planned"
    DUE = "due"
    MISSED = "missed"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first day, and how it stands."""

    first: date
    state: MonthState


def first_of(day: date) -> date:
    return day.replace(day=1)


def months_between(starts_on: date, ends_on: date) -> list[date]:
    """Return the first days of the months that the span touches, in order.

    >>> months_between(date(2026, 11, 20), date(2027, 1, 1))
    [datetime.date(2026, 11, 1), datetime.date(2026, 12, 1), datetime.date(2027, 1, 1)]
    """
    months, at = [], first_of(starts_on)
    while at <= ends_on:
        months.append(at)
        at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
    return months


def months_of(
    starts_on: date, ends_on: date, today: date, *, held: Collection[date], planned: Collection[date] = ()
) -> list[Month]:
    """Return how each month stands on `today` (SD-06).

    `held` are the days of studies; `planned` the days of planned ones. A month that is over without a study is missed, the
    running one is due until there is one, a later one is upcoming.
    """
    had, set_down = {first_of(day) for day in held}, {first_of(day) for day in planned}
    this = first_of(today)

    def state(first: date) -> MonthState:
        if first in had:
            return MonthState.HELD
        if first < this:
            return MonthState.MISSED
        if first in set_down:
            return MonthState.PLANNED
        return MonthState.DUE if first == this else MonthState.UPCOMING

    return [Month(first, state(first)) for first in months_between(starts_on, ends_on)]
