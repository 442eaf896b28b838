"""What the State Council announces for a year: holidays and the weekend days worked in exchange.

The kept package `chinesecalendar` brings the years already announced. A newer year can be imported as plain data;
it then stands before the package's year, so a correction needs no new release.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

SATURDAY = 5
HOLIDAY_NAMES = (
    N_("元旦"), N_("春节"), N_("清明"), N_("劳动节"), N_("端午"), N_("中秋"), N_("国庆节"),
    N_("中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
)  # fmt: skip
"""The names that announcements use, marked for the catalogue; they are kept in Chinese and translated when they are read out."""


class AnnouncementUnreadable(DomainError):
    """An imported announcement that contradicts itself or the calendar."""

    code = "announcement_unreadable"
    sentence = N_("%(year)s 年的放假安排不能用：%(reason)s")
    status = 422


@dataclass(frozen=True, slots=True)
class AnnouncedYear:
    """The holidays and make-up days of one announcement, each day with the holiday's Chinese name.

    A day may lie in the neighbor year: the New Year of 2023 began on 2022-12-31.
    """

    year: int
    holidays: Mapping[date, str]
    make_up_days: Mapping[date, str]


def read_announced_year(data: Mapping[str, Any]) -> AnnouncedYear:
    """Return the announcement in plain data: `{"year": 2027, "holidays": {"2027-01-01": "元旦"}, "make_up_days": {}}`.

    :raises AnnouncementUnreadable: a day that is no date or is far from the year, stands in both lists,
        or a make-up day that is no Saturday or Sunday
    """
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise AnnouncementUnreadable(year=year, reason=_("没有写明年份。"))
    holidays = _read_days(year, data.get("holidays", {}))
    make_up_days = _read_days(year, data.get("make_up_days", {}))
    if both := sorted(holidays.keys() & make_up_days.keys()):
        raise AnnouncementUnreadable(year=year, reason=_("%(day)s 既放假又补班。") % {"day": both[0]})
    if weekdays := sorted(day for day in make_up_days if day.weekday() < SATURDAY):
        raise AnnouncementUnreadable(year=year, reason=_("补班日 %(day)s 不是周六或周日。") % {"day": weekdays[0]})
    return AnnouncedYear(year, holidays, make_up_days)


def _read_days(year: int, data: Mapping[str, str]) -> dict[date, str]:
    days: dict[date, str] = {}
    for text, name in data.items():
        try:
            day = date.fromisoformat(text)
        except (TypeError, ValueError):
            raise AnnouncementUnreadable(year=year, reason=_("“%(day)s”不是日期。") % {"day": text}) from None
        if not date(year - 1, 12, 1) <= day < date(year + 1, 2, 1):
            raise AnnouncementUnreadable(year=year, reason=_("%(day)s 不在这一年。") % {"day": text})
        days[day] = name
    return days


@cache
def package_years() -> tuple[AnnouncedYear, ...]:
    """Return the years that the kept package knows, oldest first."""
    from chinese_calendar import constants

    def named(days: Mapping[date, str], year: int) -> dict[date, str]:
        return {day: constants.Holiday(name).chinese for day, name in days.items() if day.year == year}

    years = sorted({day.year for day in constants.holidays})
    return tuple(
        AnnouncedYear(year, named(constants.holidays, year), named(constants.workdays, year)) for year in years
    )


def latest_of_each_year(years: Iterable[AnnouncedYear]) -> dict[int, AnnouncedYear]:
    """Return one announcement a year; the one named last wins."""
    return {announced.year: announced for announced in years}
