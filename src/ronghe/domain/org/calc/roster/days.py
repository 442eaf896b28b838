"""Dates as rosters write them, each an interval: "1983.02" is somewhere in that February.

Rules ask the end of the interval that is kinder to the person, so a missing day never makes a finding.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ronghe.domain.org.calc.roster.text import plain
from ronghe.kernel.tabular.sheets import Cell

SERIAL_DAYS = range(7_306, 73_051)
"""Excel's day numbers from 1920 to 2099; a number outside is not a date."""

EXCEL_EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2101)
NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
WRITTEN = re.compile(
    r"(\d{4})[年.\-/—－．／、](\d{1,2})(?:[月.\-/—－．／、](\d{1,2})日?|月?)(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
YEAR_ONLY = re.compile(r"(\d{4})年?")
NO_END = frozenset({"长期", "永久", "长期有效", "永久有效", "无期限"})


class Day(NamedTuple):
    """A day between `first` and `last`, both included; equal where the day is known."""

    first: date
    last: date

    @property
    def is_month(self) -> bool:
        return self.first != self.last

    def same_month(self, other: date) -> bool:
        return (self.first.year, self.first.month) == (other.year, other.month)


class NotADay(ValueError):
    """The cell is not empty and says no date."""


def day_of(value: Cell | None) -> Day | None:
    """Return the day a cell says, None for an empty one.

    A date cell on the first of a month counts as that month: it is what Excel makes of "2021年7月".

    :raises NotADay: unreadable, or a day that does not exist
    """
    if value is None or value == "":
        return None
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return _month(day.year, day.month) if day.day == 1 else Day(day, day)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    return _of_text(plain(value))


def _of_number(value: float) -> Day:
    whole = int(value)
    if whole in YEARS and value != whole:
        # 2021.1 was typed as 2021.10: a January would have been typed 2021.01, and numbers drop a last zero.
        months = f"{value:.2f}"[-2:]
        return _checked(whole, int(months))
    if value == whole and whole > 10_000 and (written := COMPACT.fullmatch(str(whole))) and whole not in SERIAL_DAYS:
        return _compact(written)
    if whole in SERIAL_DAYS:
        day = EXCEL_EPOCH + timedelta(days=whole)
        return _month(day.year, day.month) if day.day == 1 else Day(day, day)
    if value == whole and whole in YEARS:
        return Day(date(whole, 1, 1), date(whole, 12, 31))
    raise NotADay(value)


def _of_text(text: str) -> Day | None:
    compact = text.replace(" ", "") if "年" in text or "." in text else text
    compact = compact.strip("'‘’“”\"；;，,。")
    if not compact:
        return None
    if any("一" <= sign <= "鿿" and sign not in "年月日" for sign in compact) or "〇" in compact or "○" in compact:
        compact = _chinese_months(compact).translate(NUMERALS)
    if written := WRITTEN.fullmatch(compact):
        year, month, day = written.groups()
        return _checked(int(year), int(month), int(day) if day else None)
    if written := COMPACT.fullmatch(compact):
        return _compact(written)
    if compact.isdecimal() and int(compact) in SERIAL_DAYS:
        return _of_number(int(compact))
    if (year_only := YEAR_ONLY.fullmatch(compact)) and int(year_only[1]) in YEARS:
        return Day(date(int(year_only[1]), 1, 1), date(int(year_only[1]), 12, 31))
    raise NotADay(text)


def _chinese_months(text: str) -> str:
    """二〇二一年十二月 → 二〇二一年12月, so that only plain digits are left to translate."""

    def number(found: re.Match[str]) -> str:
        tens, ones = found[1], found[2]
        return str((int(tens.translate(NUMERALS)) if tens else 1) * 10 + (int(ones.translate(NUMERALS)) if ones else 0))

    return re.sub(r"([一二三]?)十([一二三四五六七八九]?)", number, text)


def _compact(written: re.Match[str]) -> Day:
    year, month, day = written.groups()
    return _checked(int(year), int(month), int(day) if day else None)


def _checked(year: int, month: int, day: int | None = None) -> Day:
    if year not in YEARS or not 1 <= month <= 12:
        raise NotADay(year, month)
    if day is None:
        return _month(year, month)
    try:
        exact = date(year, month, day)
    except ValueError as error:
        raise NotADay(year, month, day) from error
    return Day(exact, exact)


def _month(year: int, month: int) -> Day:
    return Day(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def years_later(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 1 March where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def months_later(day: date, months: int) -> date:
    """Return the same day `months` later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
