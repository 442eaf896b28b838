"""A calendar as files bring it: a week, exceptions of some days, weeks of their own for a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ronghe.domain.schedule.calc.worktime import Shifts, shifts_from

Week = tuple[Shifts | None, ...]
"""Monday first; `None` where a week of its own says nothing of a day."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayException:
    """The days from `first` to `last`, both included, that are worked otherwise."""

    first: date
    last: date
    name: str = ""
    shifts: Shifts = ()


@dataclass(frozen=True, slots=True)
class WeekSpell:
    """Another week from `first` to `last`, both included."""

    first: date
    last: date
    name: str
    week: Week


@dataclass(frozen=True, slots=True)
class CalendarText:
    """One calendar, its base already worked in."""

    uid: int
    name: str
    week: Week
    exceptions: tuple[DayException, ...] = ()
    spells: tuple[WeekSpell, ...] = ()
    _days: dict[date, Shifts] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for one in self.exceptions:
            day = one.first
            while day <= one.last:
                self._days[day] = one.shifts
                day += ONE_DAY

    def shifts_on(self, day: date) -> Shifts:
        """Return what is worked on a day: an exception goes before a special week, that before the week."""
        if day in self._days:
            return self._days[day]
        for spell in self.spells:
            if spell.first <= day <= spell.last and (shifts := spell.week[day.weekday()]) is not None:
                return shifts
        return self.week[day.weekday()] or ()

    def as_data(self) -> dict[str, Any]:
        return {
            "week": [_pairs(shifts) for shifts in self.week],
            "exceptions": [
                [one.first.isoformat(), one.last.isoformat(), one.name, _pairs(one.shifts)] for one in self.exceptions
            ],
            "spells": [
                [one.first.isoformat(), one.last.isoformat(), one.name, [_pairs(shifts) for shifts in one.week]]
                for one in self.spells
            ],
        }


def calendar_from(uid: int, name: str, data: Any) -> CalendarText:
    """Return the calendar that `as_data` wrote."""
    return CalendarText(
        uid, name, tuple(_shifts(pairs) for pairs in data["week"]),
        tuple(
            DayException(date.fromisoformat(first), date.fromisoformat(last), said, shifts_from(pairs))
            for first, last, said, pairs in data["exceptions"]
        ),
        tuple(
            WeekSpell(date.fromisoformat(first), date.fromisoformat(last), said, tuple(map(_shifts, week)))
            for first, last, said, week in data["spells"]
        ),
    )  # fmt: skip


def plain_calendar(uid: int, name: str, shifts: Shifts, days: Iterable[int] = range(7)) -> CalendarText:
    """Return a calendar that works the same shifts on these days of the week, 0 for Monday."""
    worked = set(days)
    return CalendarText(uid, name, tuple(shifts if day in worked else () for day in range(7)))


def exceptions_of(
    days: Iterable[date], shifts_on: Any, week: Week, note_on: Any = lambda _day: None
) -> tuple[DayException, ...]:
    """Return the days that are worked otherwise than their week says, those that follow each other alike as one."""
    found: list[DayException] = []
    for day in days:
        shifts = shifts_on(day)
        if shifts == (week[day.weekday()] or ()):
            continue
        name, last = note_on(day) or "", found[-1] if found else None
        if last is not None and (last.last + ONE_DAY, last.shifts, last.name) == (day, shifts, name):
            found[-1] = DayException(last.first, day, name, shifts)
        else:
            found.append(DayException(day, day, name, shifts))
    return tuple(found)


def _pairs(shifts: Shifts | None) -> list[list[int]] | None:
    return None if shifts is None else [list(pair) for pair in shifts]


def _shifts(pairs: Sequence[Sequence[int]] | None) -> Shifts | None:
    return None if pairs is None else shifts_from(pairs)
