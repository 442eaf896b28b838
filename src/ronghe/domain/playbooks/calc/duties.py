"""How much a mechanism asks in an ordinary year, before anybody adopts it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from ronghe.domain.playbooks.calc.model import Mechanism
from ronghe.domain.playbooks.calc.vocabulary import BodyKind, PartialWindow, WorkingDayRule
from ronghe.kernel.calendar.calendars import CalendarKind, StatutoryCalendar, statutory_calendar
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around

ORDINARY_YEAR = DaySpan(date(2026, 1, 1), date(2027, 1, 1))
"""The year that is counted, so that two counts can be compared; its holidays are announced."""


@lru_cache(maxsize=4096)
def duties_a_year(mechanism: Mechanism) -> int:
    """Return how many obligations a body owes of it in a year; over its whole life where both its ends are dated.

    A site is taken to work every day, since its shut-downs are not known here. What only a grade brings is not counted.
    """
    if mechanism.rhythm is None or not mechanism.is_owed_ungraded:
        return 0
    rhythm = mechanism.rhythm
    own = DaySpan(mechanism.from_on or date.min, mechanism.until_on or date.max)
    span = own if mechanism.from_on and mechanism.until_on else ORDINARY_YEAR
    windows = [
        (day, nominal)
        for day in rhythm.cadence.days_in(span)
        if own.covers(nominal := period_around(day, rhythm.window).span)
        or (rhythm.partial_window is PartialWindow.OWED and own.overlaps(nominal))
    ]
    if rhythm.window is PeriodKind.DAY and rhythm.working_day is WorkingDayRule.SKIP:
        windows = [(day, nominal) for day, nominal in windows if _is_worked(mechanism, day)]
    return len(windows) * max(1, len(mechanism.sittings))


def duties_by_kind(mechanisms: Iterable[Mechanism]) -> dict[BodyKind, int]:
    """Return for each kind of body how many obligations a year the mechanisms make, in the order of the list."""
    counts = dict.fromkeys(BodyKind, 0)
    for mechanism in mechanisms:
        for kind in mechanism.body_kinds:
            counts[kind] += duties_a_year(mechanism)
    return {kind: count for kind, count in counts.items() if count}


def _is_worked(mechanism: Mechanism, day: date) -> bool:
    return mechanism.calendar is not CalendarKind.STATUTORY or _statutory().is_working(day)


@lru_cache(maxsize=1)
def _statutory() -> StatutoryCalendar:
    return statutory_calendar()
