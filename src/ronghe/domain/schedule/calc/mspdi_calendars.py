"""Calendars in Microsoft Project's XML: weeks, days off, recurring exceptions, special weeks; bases worked in."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from ronghe.domain.schedule.calc.calendars import CalendarText, DayException, Week, WeekSpell
from ronghe.domain.schedule.calc.plan_file import Remark
from ronghe.domain.schedule.calc.worktime import DAY, Shifts, clock_minute
from ronghe.kernel.words import _

ORDINARY: Shifts = ((480, 720), (780, 1020))
"""What Microsoft Project works on a day for which a file says nothing: 8–12 and 13–17, Mondays to Fridays."""
MOST_DAYS = 6_000
"""Days of exceptions of one calendar; more is no calendar."""
MOST_CALENDARS = 500
ONE_DAY = timedelta(days=1)
WORKING_WEEK = 5
MONTHS_A_YEAR = 12
SUNDAY_ITEM, SATURDAY_ITEM, LAST_POSITION = 3, 9, 4


class Reader(Protocol):
    """What is asked of the reader of the whole file."""

    root: Any

    def all(self, element: Any, *tags: str) -> list[Any]: ...
    def text(self, element: Any, tag: str) -> str: ...
    def number(self, element: Any, tag: str) -> int | None: ...
    def flag(self, element: Any, tag: str) -> bool | None: ...


def read_calendars(reader: Reader) -> tuple[list[CalendarText], list[Remark]]:
    """Return every base calendar of the file, each with what it takes from the one that it is based on."""
    remarks: list[Remark] = []
    elements = {
        uid: element
        for element in reader.all(reader.root, "Calendars", "Calendar")[:MOST_CALENDARS]
        if (uid := reader.number(element, "UID")) is not None and uid >= 0
    }
    done: dict[int, CalendarText] = {}

    def build(uid: int, above: frozenset[int]) -> CalendarText:
        if uid not in done:
            element = elements[uid]
            base_uid = reader.number(element, "BaseCalendarUID")
            base = None
            if base_uid is not None and base_uid in elements and base_uid not in above and base_uid != uid:
                base = build(base_uid, above | {uid})
            done[uid] = _calendar(reader, element, uid, base, remarks)
        return done[uid]

    for uid in elements:
        build(uid, frozenset())
    return [done[uid] for uid in elements], remarks


def _calendar(reader: Reader, element: Any, uid: int, base: CalendarText | None, remarks: list[Remark]) -> CalendarText:
    name = reader.text(element, "Name")[:120] or f"{uid}"
    week, legacy = _week_of(reader, reader.all(element, "WeekDays", "WeekDay"))
    for place in range(7):
        if week[place] is None:
            week[place] = base.week[place] if base is not None else ORDINARY if place < WORKING_WEEK else ()
    exceptions = list(base.exceptions) if base is not None else []
    named: list[DayException] = []
    for one in reader.all(element, "Exceptions", "Exception"):
        found = _exception(reader, one)
        if found is None:
            said = reader.text(one, "Name") or _("例外")
            remarks.append(
                Remark(_("日历“%(name)s”") % {"name": name}, _("重复例外“%(said)s”读不出来。") % {"said": said[:40]})
            )
        else:
            named.extend(found)
    # A file of a newer product says its exceptions twice, once as older products read them: the named ones are enough.
    days = {day for one in named for day in _days(one.first, one.last)}
    exceptions += [one for one in legacy if one.first not in days] + named
    if sum((one.last - one.first).days + 1 for one in exceptions) > MOST_DAYS:
        remarks.append(Remark(_("日历“%(name)s”") % {"name": name}, _("例外太多，没有读。"), is_error=True))
        exceptions = []
    spells = (*(base.spells if base is not None else ()), *_spells(reader, element))
    return CalendarText(uid, name, tuple(week), tuple(exceptions), spells)


def _week_of(reader: Reader, elements: list[Any]) -> tuple[list[Shifts | None], list[DayException]]:
    """Return the shifts of a week, Monday first, and the exceptions that an older product writes among its days."""
    week: list[Shifts | None] = [None] * 7
    exceptions = []
    for element in elements:
        kind = reader.number(element, "DayType")
        shifts = _shifts(reader, element) if reader.flag(element, "DayWorking") else ()
        if kind is not None and 1 <= kind <= len(week):
            week[(kind + 5) % 7] = shifts  # 1 is Sunday
        elif kind == 0 and (span := _span(reader, element)) is not None:
            exceptions.append(DayException(*span, "", shifts))
    return week, exceptions


def _spells(reader: Reader, element: Any) -> Iterator[WeekSpell]:
    for one in reader.all(element, "WorkWeeks", "WorkWeek"):
        span = _span(reader, one)
        if span is not None:
            week: Week = tuple(_week_of(reader, reader.all(one, "WeekDays", "WeekDay"))[0])
            yield WeekSpell(*span, reader.text(one, "Name")[:120], week)


def _shifts(reader: Reader, element: Any) -> Shifts:
    found = []
    for one in reader.all(element, "WorkingTimes", "WorkingTime"):
        begin, end = _clock(reader.text(one, "FromTime")), _clock(reader.text(one, "ToTime"))
        if begin is not None and end is not None:
            end = end or DAY  # midnight ends the day
            if begin < end:
                found.append((begin, end))
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _span(reader: Reader, element: Any) -> tuple[date, date] | None:
    for period in reader.all(element, "TimePeriod"):
        first, last = _day(reader.text(period, "FromDate")), _day(reader.text(period, "ToDate"))
        if first is not None and last is not None and first <= last and (last - first).days <= MOST_DAYS:
            return first, last
    return None


def _exception(reader: Reader, element: Any) -> list[DayException] | None:
    """Return the days of an exception, `None` where its way of recurring is none that can be read."""
    span = _span(reader, element)
    if span is None:
        return None
    first, last = span
    shifts = _shifts(reader, element) if reader.flag(element, "DayWorking") else ()
    one = DayException(first, last, reader.text(element, "Name")[:80], shifts)
    kind, period = reader.number(element, "Type") or 1, max(reader.number(element, "Period") or 1, 1)
    occurrences = reader.number(element, "Occurrences") or 0
    by_count = bool(reader.flag(element, "EnteredByOccurrences")) and occurrences > 0
    days: Iterator[date]
    match kind:
        case 1 | 7 | 8 | 9 if period == 1:
            return [one]
        case 1 | 7 | 8 | 9:
            days = (first + timedelta(days=number) for number in range(0, (last - first).days + 1, period))
        case 6:
            mask = reader.number(element, "DaysOfWeek") or 0
            days = _weekly(first, last, period, mask)
        case 2 | 3:
            month = (reader.number(element, "Month") or 0) + 1
            if not 1 <= month <= MONTHS_A_YEAR:
                return None
            starts = (date(year, month, 1) for year in range(first.year, last.year + 1))
            days = _monthly(reader, element, kind == 2, starts)
        case 4 | 5:
            days = _monthly(reader, element, kind == 4, _months(first, last, period))
        case _:
            return None
    kept = [day for day in days if first <= day and (by_count or day <= last)]
    return [replace(one, first=day, last=day) for day in (kept[:occurrences] if by_count else kept)]


def _weekly(first: date, last: date, period: int, mask: int) -> Iterator[date]:
    sunday = first - timedelta(days=(first.weekday() + 1) % 7)
    for day in _days(first, last):
        if (day - sunday).days // 7 % period == 0 and mask >> ((day.weekday() + 1) % 7) & 1:
            yield day


def _months(first: date, last: date, period: int) -> Iterator[date]:
    number = first.year * MONTHS_A_YEAR + first.month - 1
    while number <= last.year * MONTHS_A_YEAR + last.month - 1:
        yield date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)
        number += period


def _monthly(reader: Reader, element: Any, by_day: bool, starts: Iterator[date]) -> Iterator[date]:
    """Return the day of each month, by its number or as 第二个星期三; none in a month that has no such day."""
    wanted = reader.number(element, "MonthDay") or 0
    item, position = reader.number(element, "MonthItem") or 0, reader.number(element, "MonthPosition") or 0
    for start in starts:
        length = months.monthrange(start.year, start.month)[1]
        if by_day:
            if 1 <= wanted <= length:
                yield start.replace(day=wanted)
        elif SUNDAY_ITEM <= item <= SATURDAY_ITEM:
            weekday = (item - SUNDAY_ITEM - 1) % 7
            days = [day for day in _days(start, start.replace(day=length)) if day.weekday() == weekday]
            place = -1 if position >= LAST_POSITION else position
            yield days[place]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _clock(text: str) -> int | None:
    try:
        return clock_minute(time.fromisoformat(text))
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text[:19]).date()
    except ValueError:
        return None
