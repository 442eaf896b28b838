"""Half-open spans of days, and the named periods that people plan and score by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

DAY = timedelta(days=1)


class SpanEndsBeforeItBegins(DomainError):
    """A span whose end lies before its begin."""

    code = "span_ends_before_it_begins"
    sentence = N_("结束日期 %(until_on)s 早于开始日期 %(from_on)s，请改正。")
    status = 422


class PeriodUnreadable(DomainError):
    """A text that names no period."""

    code = "period_unreadable"
    sentence = N_("看不懂期间“%(text)s”。请写成 2026、2026H1、2026Q3、2026-03、2026-W07 或 2026-03-01。")
    status = 422


class PeriodKind(StrEnum):
    """The lengths of period that the calendar knows; weeks are those of ISO 8601, Monday first."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS_IN = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, order=True, slots=True)
class DaySpan:
    """The days from `from_on` up to, not including, `until_on`."""

    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        if self.until_on < self.from_on:
            raise SpanEndsBeforeItBegins(from_on=self.from_on, until_on=self.until_on)

    def __contains__(self, day: date) -> bool:
        return self.from_on <= day < self.until_on

    def __len__(self) -> int:
        return (self.until_on - self.from_on).days

    def __iter__(self) -> Iterator[date]:
        return (self.from_on + timedelta(days=n) for n in range(len(self)))

    @property
    def last_on(self) -> date:
        """The last day inside; of an empty span the day before it begins."""
        return self.until_on - DAY

    def covers(self, other: DaySpan) -> bool:
        return self.from_on <= other.from_on and other.until_on <= self.until_on

    def overlaps(self, other: DaySpan) -> bool:
        return self.from_on < other.until_on and other.from_on < self.until_on

    def moments(self) -> tuple[datetime, datetime]:
        """Return the UTC moments at which the span begins and ends, for a half-open comparison."""
        return moment_of(self.from_on), moment_of(self.until_on)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A named span: `2026Q3` is the days from 2026-07-01 up to 2026-10-01."""

    span: DaySpan
    kind: PeriodKind
    label: str

    def __str__(self) -> str:
        return self.label

    def next(self) -> Period:
        return period_around(self.span.until_on, self.kind)

    def previous(self) -> Period:
        return period_around(self.span.from_on - DAY, self.kind)


def period_around(day: date, kind: PeriodKind) -> Period:
    """Return the period of this kind that `day` lies in."""
    if kind is PeriodKind.DAY:
        return Period(DaySpan(day, day + DAY), kind, day.isoformat())
    if kind is PeriodKind.WEEK:
        monday = day - timedelta(days=day.weekday())
        year, week, _weekday = day.isocalendar()
        return Period(DaySpan(monday, monday + 7 * DAY), kind, f"{year}-W{week:02}")
    months = MONTHS_IN[kind]
    number = (day.month - 1) // months
    first = date(day.year, number * months + 1, 1)
    return Period(DaySpan(first, _months_later(first, months)), kind, _label(day.year, kind, number + 1))


def periods_in(span: DaySpan, kind: PeriodKind) -> list[Period]:
    """Return the periods of this kind that share a day with `span`, in order."""
    periods: list[Period] = []
    day = span.from_on
    while day < span.until_on:
        periods.append(period_around(day, kind))
        day = periods[-1].span.until_on
    return periods


_SHAPES: tuple[tuple[PeriodKind, re.Pattern[str]], ...] = (
    (PeriodKind.YEAR, re.compile(r"(\d{4})")),
    (PeriodKind.HALF, re.compile(r"(\d{4})H([12])")),
    (PeriodKind.QUARTER, re.compile(r"(\d{4})Q([1-4])")),
    (PeriodKind.MONTH, re.compile(r"(\d{4})-(\d{2})")),
    (PeriodKind.WEEK, re.compile(r"(\d{4})-W(\d{2})")),
    (PeriodKind.DAY, re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
)


def read_period(text: str) -> Period:
    """Return the period that `text` names: 2026, 2026H1, 2026Q3, 2026-03, 2026-W07 or 2026-03-01.

    :raises PeriodUnreadable: any other text, and months, weeks or days that do not exist
    """
    for kind, shape in _SHAPES:
        if found := shape.fullmatch(text.strip().upper()):
            try:
                return period_around(_day_in(kind, [int(number) for number in found.groups()]), kind)
            except ValueError:
                break
    raise PeriodUnreadable(text=text)


def _day_in(kind: PeriodKind, numbers: list[int]) -> date:
    if kind is PeriodKind.DAY:
        return date(*numbers)
    if kind is PeriodKind.WEEK:
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    number = numbers[1] if len(numbers) > 1 else 1
    return date(numbers[0], (number - 1) * MONTHS_IN[kind] + 1, 1)


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _label(year: int, kind: PeriodKind, number: int) -> str:
    return {
        PeriodKind.MONTH: f"{year}-{number:02}",
        PeriodKind.QUARTER: f"{year}Q{number}",
        PeriodKind.HALF: f"{year}H{number}",
        PeriodKind.YEAR: f"{year}",
    }[kind]
