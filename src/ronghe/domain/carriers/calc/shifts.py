"""Shifts on whole quarters of an hour, so that hours are exact; who is on when; how long somebody is on without a rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

QUARTER = timedelta(minutes=15)
DAY_HOURS = 24
_HOUR_MINUTES = 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a moment until a moment, not included."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // _HOUR_MINUTES

    def overlaps(self, other: Span) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def is_on_quarter(moment: datetime) -> bool:
    """Tell whether a moment lies on a whole quarter of an hour."""
    return moment.minute % 15 == 0 and moment.second == 0 and moment.microsecond == 0


def next_quarter(moment: datetime) -> datetime:
    """Return the moment itself where it lies on a quarter, else the next quarter."""
    floor = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    return floor if floor == moment else floor + QUARTER


def hours_of(minutes: int) -> Decimal:
    """Return minutes as hours with two places; exact for whole quarters, which is all that shifts are made of.

    >>> hours_of(735)
    Decimal('12.25')
    """
    return (Decimal(minutes) / _HOUR_MINUTES).quantize(Decimal("0.01"))


def groups_for(length_hours: int) -> int:
    """Return into how many groups people are divided so that each is on once in a day: two of 12 hours, three of 8."""
    return max(1, -(-DAY_HOURS // length_hours))


def rota(people: Sequence[int], *, groups: int, shifts: int) -> list[list[int]]:
    """Return who is on in each of `shifts` shifts: people are dealt round into `groups`, the groups take turns.

    >>> rota([1, 2, 3, 4, 5], groups=2, shifts=3)
    [[1, 3, 5], [2, 4], [1, 3, 5]]
    """
    dealt = [list(people[place::groups]) for place in range(groups)]
    return [dealt[number % groups] for number in range(shifts)]


def spans_from(starts_at: datetime, *, length_hours: int, shifts: int) -> list[Span]:
    """Return `shifts` spans of equal length, one after the other."""
    length = timedelta(hours=length_hours)
    return [Span(starts_at + number * length, starts_at + (number + 1) * length) for number in range(shifts)]


def longest_row(spans: Iterable[Span], *, rest_hours: int) -> int:
    """Return the most minutes that somebody is on without a rest of `rest_hours` between.

    A gap shorter than that ends no row but is not counted itself; what overlaps is counted once.
    """
    rest = timedelta(hours=rest_hours)
    longest = current = 0
    until: datetime | None = None
    for span in sorted(spans):
        if until is None or span.starts_at - until >= rest:
            current, until = 0, span.starts_at
        begins = max(span.starts_at, until)
        if span.ends_at > begins:
            current += Span(begins, span.ends_at).minutes
            until = span.ends_at
        longest = max(longest, current)
    return longest
