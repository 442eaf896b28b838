"""Figures over projects: commissioned on time (PJ-03), the three dates in one year (PJ-02), key tasks in days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ronghe.kernel.calendar.periods import DaySpan

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Commissioning:
    """One project: the day of its approved baseline, that of the first one, and the real one."""

    project: int
    planned_on: date
    first_planned_on: date
    commissioned_on: date | None

    @property
    def is_changed(self) -> bool:
        return self.planned_on != self.first_planned_on

    @property
    def is_on_time(self) -> bool:
        """On the very day is on time (PJ-03)."""
        return self.commissioned_on is not None and self.commissioned_on <= self.planned_on

    @property
    def is_on_first_time(self) -> bool:
        """Whether it would be on time by the baseline that was approved first."""
        return self.commissioned_on is not None and self.commissioned_on <= self.first_planned_on


@dataclass(frozen=True, slots=True)
class OnTime:
    """The rate of a period. `due` were planned for it up to today, `to_come` are planned for the rest of it."""

    due: int
    on_time: int
    to_come: int
    changed: int
    """Of those due, whose baseline was changed: told beside the figure."""
    on_first_time: int

    @property
    def percent(self) -> Decimal | None:
        return percent(self.on_time, self.due)


def on_time_rate(rows: Iterable[Commissioning], period: DaySpan, today: date) -> OnTime:
    """Return how many of the projects planned for `period` were commissioned on time (PJ-03).

    One that is planned for a day to come counts once that day is there, or once it is commissioned.
    """
    inside = [row for row in rows if row.planned_on in period]
    due = [row for row in inside if row.planned_on <= today or row.commissioned_on is not None]
    return OnTime(
        len(due), sum(row.is_on_time for row in due), len(inside) - len(due), sum(row.is_changed for row in due),
        sum(row.is_on_first_time for row in due),
    )  # fmt: skip


def is_same_year(designed: date | None, started: date | None, commissioned: date | None) -> bool | None:
    """Tell whether all three lie in one year (PJ-02); `None` while one is missing."""
    if designed is None or started is None or commissioned is None:
        return None
    return designed.year == started.year == commissioned.year


@dataclass(frozen=True, slots=True)
class KeyDays:
    """A key task in days of work: what was planned, and what was needed once it is done."""

    planned: int
    actual: int | None

    @property
    def gained(self) -> int | None:
        return None if self.actual is None else self.planned - self.actual


@dataclass(frozen=True, slots=True)
class KeyAverage:
    """The key tasks that are done, taken together."""

    count: int
    planned: Decimal | None
    actual: Decimal | None
    gained: int
    shortened: Decimal | None
    """By how many percent of the planned days."""


def key_average(rows: Sequence[KeyDays]) -> KeyAverage:
    done = [(row.planned, row.actual) for row in rows if row.actual is not None]
    planned, actual = sum(pair[0] for pair in done), sum(pair[1] for pair in done)
    return KeyAverage(
        len(done), _mean(planned, len(done)), _mean(actual, len(done)), planned - actual,
        percent(planned - actual, planned),
    )  # fmt: skip


def percent(part: int, whole: int) -> Decimal | None:
    """Return a share in percent with one decimal, `None` of nothing."""
    return (Decimal(part * 100) / whole).quantize(TENTH, ROUND_HALF_UP) if whole else None


def _mean(total: int, count: int) -> Decimal | None:
    return (Decimal(total) / count).quantize(TENTH, ROUND_HALF_UP) if count else None
