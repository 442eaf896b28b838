"""The three kinds of working calendar: statutory, every day, and a site's own with its shut-downs.

A calendar is a value: two with the same `fingerprint` answer alike for every day, so results computed from one
can be shared and checked again years later.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from ronghe.kernel.calendar.announced import SATURDAY, AnnouncedYear, latest_of_each_year, package_years
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.words import _


class CalendarKind(StrEnum):
    """The kinds that a mechanism may name."""

    STATUTORY = "statutory"
    EVERY_DAY = "every_day"
    SITE = "site"


class WorkCalendar(Protocol):
    """Which days are worked, why not, and whether that is settled."""

    def is_working(self, day: date) -> bool: ...

    def is_provisional(self, day: date) -> bool:
        """Tell whether an announcement still to come may change the answer for `day`."""
        ...

    def note_on(self, day: date) -> str | None:
        """Return why this day is special (holiday, make-up day, shut-down) in the reader's language, else nothing."""
        ...

    def as_data(self) -> dict[str, Any]:
        """Return the calendar as plain data, from which the fingerprint is taken."""
        ...


def fingerprint(calendar: WorkCalendar) -> str:
    """Return a short name for what the calendar says, the same on every machine."""
    text = json.dumps(calendar.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class EveryDayCalendar:
    """Every day is worked; round-the-clock stations and safety duties."""

    def is_working(self, day: date) -> bool:  # noqa: ARG002 - every day answers alike
        return True

    def is_provisional(self, day: date) -> bool:  # noqa: ARG002 - every day answers alike
        return False

    def note_on(self, day: date) -> str | None:  # noqa: ARG002 - every day answers alike
        return None

    def as_data(self) -> dict[str, Any]:
        return {"kind": CalendarKind.EVERY_DAY}


@dataclass(frozen=True)
class StatutoryCalendar:
    """Mondays to Fridays without holidays, and the make-up days (section 0 of the rule book).

    Years without an announcement know only their weekends and are provisional.
    """

    years: tuple[AnnouncedYear, ...]

    @cached_property
    def _holidays(self) -> Mapping[date, str]:
        return {day: name for announced in self.years for day, name in announced.holidays.items()}

    @cached_property
    def _make_up_days(self) -> Mapping[date, str]:
        return {day: name for announced in self.years for day, name in announced.make_up_days.items()}

    @cached_property
    def _announced(self) -> frozenset[int]:
        return frozenset(announced.year for announced in self.years)

    def is_working(self, day: date) -> bool:
        if day in self._make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self._holidays

    def is_provisional(self, day: date) -> bool:
        return day.year not in self._announced

    def note_on(self, day: date) -> str | None:
        name = self._holidays.get(day) or self._make_up_days.get(day)
        return _(name) if name else None

    def as_data(self) -> dict[str, Any]:
        return {
            "kind": CalendarKind.STATUTORY,
            "years": [
                {"year": year.year, "holidays": _iso(year.holidays), "make_up_days": _iso(year.make_up_days)}
                for year in self.years
            ],
        }


def statutory_calendar(imported: Iterable[AnnouncedYear] = ()) -> StatutoryCalendar:
    """Return the statutory calendar of all announced years; an imported year stands before the package's own."""
    years = latest_of_each_year([*package_years(), *imported])
    return StatutoryCalendar(tuple(years[year] for year in sorted(years)))


@dataclass(frozen=True, order=True, slots=True)
class ShutDown:
    """A span in which a site does not work, with the reason that its people are told."""

    span: DaySpan
    reason: str


@dataclass(frozen=True)
class SiteCalendar:
    """A base calendar less the site's shut-downs."""

    base: WorkCalendar
    shut_downs: tuple[ShutDown, ...] = ()

    def is_working(self, day: date) -> bool:
        return self._shut_down_on(day) is None and self.base.is_working(day)

    def is_provisional(self, day: date) -> bool:
        return self._shut_down_on(day) is None and self.base.is_provisional(day)

    def note_on(self, day: date) -> str | None:
        shut_down = self._shut_down_on(day)
        return shut_down.reason if shut_down else self.base.note_on(day)

    def as_data(self) -> dict[str, Any]:
        return {
            "kind": CalendarKind.SITE,
            "base": self.base.as_data(),
            "shut_downs": [
                {"from_on": s.span.from_on.isoformat(), "until_on": s.span.until_on.isoformat(), "reason": s.reason}
                for s in sorted(self.shut_downs)
            ],
        }

    def _shut_down_on(self, day: date) -> ShutDown | None:
        return next((shut_down for shut_down in self.shut_downs if day in shut_down.span), None)


def _iso(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): name for day, name in sorted(days.items())}
