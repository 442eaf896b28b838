"""When the next visit is due: once in each period of the calendar, the first whole one being the first that is asked for."""

from __future__ import annotations

from datetime import date

from ronghe.kernel.calendar.periods import PeriodKind, period_around


def due_on(cadence: PeriodKind, since: date, last_visit_on: date | None) -> date:
    """Return the last day on which the next visit is in time.

    A visit serves the period that it falls into and no other. A contact that begins in the middle of a period owes nothing
    for the rest of it, so a handover on the 30th is not overdue on the 31st.
    """
    if last_visit_on is not None and last_visit_on >= since:
        return period_around(last_visit_on, cadence).next().span.last_on
    period = period_around(since, cadence)
    return (period if period.span.from_on == since else period.next()).span.last_on


def opens_on(cadence: PeriodKind, due: date) -> date:
    """Return the first day of the period whose visit is due by `due`: before it, nothing is waited for."""
    return period_around(due, cadence).span.from_on
