"""How far a project is: shares weighted by duration, the planned curve, days gained and lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ronghe.domain.schedule.calc.worktime import WorkTime, day_start

WHOLE = 10_000
"""Shares are whole hundredths of a percent."""
WEEK = timedelta(days=7)
SUNDAY = 6
MOST_POINTS = 520
"""Ten years of weeks on one curve."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A task without others below it: when it was planned, what it weighs, how far it is."""

    start: int
    finish: int
    minutes: int
    percent: int


def planned_share(stretches: Sequence[Stretch], calendar: WorkTime, moment: int) -> int:
    """Return how much should be done by `moment`, each task growing evenly over its working time."""
    whole = sum(one.minutes for one in stretches)
    done = Decimal(0)
    for one in stretches:
        if moment >= one.finish:
            done += one.minutes
        elif moment > one.start:
            span = calendar.between(one.start, one.finish) or 1
            done += Decimal(one.minutes * calendar.between(one.start, moment)) / span
    return _share(done, whole)


def actual_share(stretches: Sequence[Stretch]) -> int:
    """Return how much is done by what was reported."""
    return _share(
        Decimal(sum(one.minutes * one.percent for one in stretches)) / 100, sum(one.minutes for one in stretches)
    )


def _share(done: Decimal, whole: int) -> int:
    return int((done * WHOLE / whole).to_integral_value(ROUND_HALF_UP)) if whole else 0


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A week's end on the curve; `actual` only where it was kept."""

    day: date
    planned: int
    actual: int | None = None


def week_end(day: date) -> date:
    """Return the Sunday on or after a day."""
    return day + timedelta(days=SUNDAY - day.weekday())


def curve(
    stretches: Sequence[Stretch], calendar: WorkTime, first: date, last: date, kept: dict[date, int]
) -> list[CurvePoint]:
    """Return planned and kept shares at each week's end from before `first` to after `last`."""
    day, points = week_end(first) - WEEK, list[CurvePoint]()
    while len(points) < MOST_POINTS:
        share = planned_share(stretches, calendar, day_start(day + timedelta(days=1)))
        points.append(CurvePoint(day, share, kept.get(day)))
        if day >= last:
            break
        day += WEEK
    return points


def days_gained(planned: date, real: date) -> int:
    """Return how many days earlier than planned, negative where later; calendar days, as people say 提前 3 个月."""
    return (planned - real).days
