"""When a term ends, how near that is, and by how much it may be moved (PE-04, PE-05, PE-06)."""

from __future__ import annotations

import calendar
from datetime import date

from ronghe.domain.elections.calc.figures import TERM_LENGTHS

MONTHS = 12
STEPS = ((1, "one_month"), (3, "three_months"), (6, "six_months"))


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier where negative), or the last one of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def regular_end(kind: str, started_on: date) -> date:
    """Return the day on which a term of this kind of body ends by the rule (PE-04).

    :raises KeyError: bodies of this kind have no term
    """
    return add_months(started_on, TERM_LENGTHS[kind].years * MONTHS)


def due_word(ends_on: date | None, day: date, *, remind_months: int) -> str:
    """Return how near the end is on `day`, as a value of `TermDue` (PE-06): overdue from the last day itself.

    A month is a calendar month: on 30 November a term that ends on 31 May is just outside six months, on 1 December
    it is inside.
    """
    if ends_on is None:
        return "missing"
    if day >= ends_on:
        return "overdue"
    for months, word in STEPS:
        if months <= remind_months and ends_on <= add_months(day, months):
            return word
    if ends_on <= add_months(day, remind_months):
        return "six_months"
    return "running"


def is_shift_allowed(regular: date, wanted: date, *, most_months: int) -> bool:
    """Tell whether a term may end on `wanted` instead (PE-05): at most `most_months` later or sooner than the rule says."""
    return add_months(regular, -most_months) <= wanted <= add_months(regular, most_months)
