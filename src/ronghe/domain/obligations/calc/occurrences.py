"""The dated occurrences of one mechanism on one calendar: the same for every body, so they are computed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from ronghe.domain.playbooks.calc.model import Mechanism, Rhythm
from ronghe.domain.playbooks.calc.vocabulary import PartialWindow, WorkingDayRule
from ronghe.kernel.calendar.calendars import CalendarKind, WorkCalendar, fingerprint
from ronghe.kernel.calendar.periods import DAY, DaySpan, PeriodKind, period_around
from ronghe.kernel.calendar.workdays import (
    DayUnit,
    NoWorkingDay,
    add_working_days,
    next_working_day,
    previous_working_day,
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a mechanism is owed, whoever owes it.

    A record counts from `window_from` up to, not including, `grace_until`; after `due_on` it counts as late.
    """

    mechanism: str
    key: str
    """`2026-07-01`, or `2026-07-01.morning` for a sitting: the day by the bare cadence, before free days move it,
    so an obligation keeps its name when a holiday is announced or a shut-down changes."""
    sitting: str | None
    window_from: date
    due_on: date
    grace_until: date
    planned_on: date | None
    """The day that the cadence names within a longer window; nothing where any day of it will do."""
    counts_on: date
    """The last day of the window by the bare cadence: the period that scores it is the one with this day."""
    nominal: DaySpan
    """The window before free days move it."""
    starts_at: time | None
    is_provisional: bool
    """A holiday announcement still to come may move it."""

    @property
    def window(self) -> DaySpan:
        """The days on which a record is in time."""
        return DaySpan(self.window_from, self.due_on + DAY)

    @property
    def order(self) -> tuple[date, date, str]:
        """Earliest first: by due day, then by begin, then by name."""
        return (self.due_on, self.window_from, self.key)


@dataclass(slots=True)
class OccurrenceBook:
    """Occurrences by mechanism, calendar and span, each computed once however many bodies share it."""

    _pages: dict[tuple[Mechanism, str, DaySpan], tuple[Occurrence, ...]] = field(default_factory=dict)
    _names: dict[int, tuple[WorkCalendar, str]] = field(default_factory=dict)

    def of(self, mechanism: Mechanism, calendar: WorkCalendar, span: DaySpan) -> tuple[Occurrence, ...]:
        page = (mechanism, self._name(calendar), span)
        if page not in self._pages:
            self._pages[page] = occurrences(mechanism, calendar, span)
        return self._pages[page]

    def _name(self, calendar: WorkCalendar) -> str:
        """Fingerprints cost a digest; the calendar itself is kept so that its identity cannot be given away twice."""
        if id(calendar) not in self._names:
            self._names[id(calendar)] = (calendar, fingerprint(calendar))
        return self._names[id(calendar)][1]


def occurrences(mechanism: Mechanism, calendar: WorkCalendar, span: DaySpan) -> tuple[Occurrence, ...]:
    """Return the occurrences of `mechanism` that count within `span`, earliest due first.

    `calendar` is the one that the mechanism names, as it stands for the body. An occurrence without a working day
    within reach is left out: nothing can be owed at a site that is shut.
    """
    if mechanism.rhythm is None:
        return ()
    found: dict[tuple[date, date, str | None], Occurrence] = {}
    for occurrence in _each(mechanism, mechanism.rhythm, calendar, span):
        # Two days moved onto the same one are owed once; the earlier keeps the place.
        same_day = (occurrence.window_from, occurrence.due_on, occurrence.sitting)
        if mechanism.rhythm.window is PeriodKind.DAY:
            found.setdefault(same_day, occurrence)
        else:
            found[(occurrence.window_from, occurrence.due_on, occurrence.key)] = occurrence
    return tuple(sorted(found.values(), key=lambda occurrence: occurrence.order))


def _each(mechanism: Mechanism, rhythm: Rhythm, calendar: WorkCalendar, span: DaySpan) -> Iterator[Occurrence]:
    reach = DaySpan(
        period_around(span.from_on, rhythm.window).span.from_on,
        period_around(span.until_on, rhythm.window).span.until_on,
    )
    for day in rhythm.cadence.days_in(reach):
        nominal = period_around(day, rhythm.window).span
        if nominal.last_on not in span or not _is_within_its_days(mechanism, rhythm, nominal):
            continue
        moved = _moved(rhythm, calendar, nominal, day)
        if moved is None:
            continue
        window_from, due_on, planned_on = moved
        grace_until = _grace_until(mechanism, calendar, due_on)
        is_provisional = (rhythm.working_day is not WorkingDayRule.NONE and calendar.is_provisional(due_on)) or (
            mechanism.grace.unit is DayUnit.WORKING and calendar.is_provisional(grace_until - DAY)
        )
        for sitting, starts_at in _sittings(mechanism):
            yield Occurrence(
                mechanism=mechanism.id,
                key=day.isoformat() + (f".{sitting}" if sitting else ""),
                sitting=sitting,
                window_from=window_from,
                due_on=due_on,
                grace_until=grace_until,
                planned_on=planned_on,
                counts_on=nominal.last_on,
                nominal=nominal,
                starts_at=starts_at,
                is_provisional=is_provisional,
            )


def _is_within_its_days(mechanism: Mechanism, rhythm: Rhythm, nominal: DaySpan) -> bool:
    """A campaign's mechanism is owed in windows that lie whole within its days, or in part where that is enough."""
    own = DaySpan(mechanism.from_on or date.min, mechanism.until_on or date.max)
    return own.overlaps(nominal) if rhythm.partial_window is PartialWindow.OWED else own.covers(nominal)


def _sittings(mechanism: Mechanism) -> tuple[tuple[str | None, time | None], ...]:
    if mechanism.sittings:
        return tuple((sitting.id, sitting.time.from_at if sitting.time else None) for sitting in mechanism.sittings)
    return ((None, mechanism.time.from_at if mechanism.time else None),)


def _moved(
    rhythm: Rhythm, calendar: WorkCalendar, nominal: DaySpan, day: date
) -> tuple[date, date, date | None] | None:
    """Return (begin of the window, due day, planned day) after the working-day rule, or nothing if not owed.

    A window of one day moves as a whole. A longer one keeps its begin, and its due day and planned day move:
    `previous` and `skip` need a working day inside it, `next` may reach beyond its end.
    """
    planned = day if rhythm.cadence.names_day and rhythm.window is not PeriodKind.DAY else None
    rule = rhythm.working_day
    if rule is WorkingDayRule.NONE:
        return nominal.from_on, nominal.last_on, planned
    try:
        if rule is WorkingDayRule.NEXT:
            due_on = next_working_day(calendar, nominal.last_on)
            planned = min(next_working_day(calendar, planned), due_on) if planned else None
            return (due_on if rhythm.window is PeriodKind.DAY else nominal.from_on), due_on, planned
        if rule is WorkingDayRule.PREVIOUS and rhythm.window is PeriodKind.DAY:
            due_on = previous_working_day(calendar, day)
            return due_on, due_on, None
    except NoWorkingDay:
        return None
    return _within(rhythm, calendar, nominal, planned)


def _within(
    rhythm: Rhythm, calendar: WorkCalendar, nominal: DaySpan, planned: date | None
) -> tuple[date, date, date | None] | None:
    worked = [day for day in nominal if calendar.is_working(day)]
    if not worked:
        return None
    due_on = worked[-1] if rhythm.working_day is WorkingDayRule.PREVIOUS else nominal.last_on
    if planned is not None:
        planned = max((day for day in worked if day <= planned), default=worked[0])
    return nominal.from_on, due_on, planned


def _grace_until(mechanism: Mechanism, calendar: WorkCalendar, due_on: date) -> date:
    """A site that stays shut has no working day to add: its grace ends with the due day."""
    days = mechanism.grace.days
    if mechanism.grace.unit is DayUnit.CALENDAR:
        return due_on + timedelta(days=days + 1)
    try:
        return add_working_days(calendar, due_on, days) + DAY
    except NoWorkingDay:
        return due_on + DAY


@dataclass(frozen=True, slots=True)
class Calendars:
    """The three calendars as they stand for one body; without a site's own, the site works every day."""

    statutory: WorkCalendar
    every_day: WorkCalendar
    site: WorkCalendar

    def named(self, kind: CalendarKind) -> WorkCalendar:
        return {
            CalendarKind.STATUTORY: self.statutory,
            CalendarKind.EVERY_DAY: self.every_day,
            CalendarKind.SITE: self.site,
        }[kind]
