"""The days of a view in their places, with holidays, extra working days and what is picked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from ronghe.domain.calendars.calc.entries import Day, Entry
from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around

WEEK = 7
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Nobody plans beyond, and a year more or less must still be a day."""


def clamped(day: date) -> date:
    """Return the day, or the nearest one that a calendar shows."""
    return min(max(day, FIRST), LAST)


def span_of(view: str, day: date) -> DaySpan:
    """Return the days that a view around `day` shows: whole weeks for a month, a month for a list, a quarter of bars."""
    if view == "week":
        return period_around(day, PeriodKind.WEEK).span
    if view == "bars":
        return period_around(day, PeriodKind.QUARTER).span
    month = period_around(day, PeriodKind.MONTH).span
    if view == "list":
        return month
    first = month.from_on - timedelta(days=month.from_on.weekday())
    weeks = -(-(month.until_on - first).days // WEEK)
    return DaySpan(first, first + timedelta(days=weeks * WEEK))


def stepped(view: str, day: date, steps: int) -> date:
    """Return a day `steps` views later (earlier if negative)."""
    kind = {"week": PeriodKind.WEEK, "bars": PeriodKind.QUARTER}.get(view, PeriodKind.MONTH)
    period = period_around(day, kind)
    for _step in range(abs(steps)):
        period = period.next() if steps > 0 else period.previous()
    return clamped(period.span.from_on)


def days_of(
    span: DaySpan, entries: Iterable[Entry], calendar: WorkCalendar, *, today: date, month: int | None = None,
    picked: Entry | None = None,
) -> list[Day]:  # fmt: skip
    """Return each day of `span` with its entries in order; `month` says which days are of the month itself."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.day].append(entry)
    return [
        Day(
            on=day,
            is_today=day == today,
            is_outside=month is not None and day.month != month,
            is_free=not calendar.is_working(day),
            note=calendar.note_on(day) or "",
            is_made_up=calendar.is_working(day) and day.weekday() >= WEEK - 2,
            entries=by_day.get(day, []),
            tint=_tint(day, picked),
            takes=picked is not None and picked.movable is not None and day in picked.movable and day >= today,
        )
        for day in span
    ]


def weeks_of(days: list[Day]) -> list[list[Day]]:
    return [days[start : start + WEEK] for start in range(0, len(days), WEEK)]


def _tint(day: date, picked: Entry | None) -> str:
    if picked is None or picked.window is None:
        return ""
    if day in picked.window:
        return "window"
    if picked.grace_until is not None and picked.window.until_on <= day < picked.grace_until:
        return "grace"
    return ""
