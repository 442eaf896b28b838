"""Dated statuses and the right to vote, as plain values: what a change does to the days, and who has a vote (PE-08)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

FULL, PROBATIONARY = "01", "02"
"""Codes of GB/T 4762 (ID-04)."""
EVER = date(1900, 1, 1)
"""Where the first span of a person begins: what was so before the first change on record."""


class SetLater(ValueError):
    """Something was already set for a later day; the first argument is that day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, slots=True)
class Span:
    """A value ("" where it is not known) from a day until (not including) a day."""

    value: str
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def value_on(spans: Iterable[Span], day: date, otherwise: str) -> str:
    """Return the value on `day`, `otherwise` where no span holds it."""
    return next((span.value for span in spans if span.holds(day)), otherwise)


def changed(spans: Sequence[Span], today: str, *, value: str, since: date) -> list[Span]:
    """Return the spans, oldest first, after `value` was set from `since` on; without any, `today` held since ever.

    A day that was set already is set anew; back to the value before it, and that change is gone. Neighbours that say the
    same are one span.

    :raises SetLater: a span begins after `since`, and what was said of later days is not said again
    """
    known = sorted(spans, key=lambda span: span.since) or [Span(today, EVER)]
    last = known[-1]
    if last.since > since:
        raise SetLater(last.since)
    kept = known[:-1] if last.since == since else [*known[:-1], replace(last, until=since)]
    if kept and kept[-1].value == value:
        return [*kept[:-1], replace(kept[-1], until=None)]
    return [*kept, Span(value, since)]


def has_vote(status: str | None, *, barred: bool) -> bool:
    """Tell whether somebody has a vote: a full member whom nothing bars (PE-08)."""
    return status == FULL and not barred
