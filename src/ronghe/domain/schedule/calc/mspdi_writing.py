"""Plans written as Microsoft Project's XML (MSPDI), to be opened there again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lxml import etree

from ronghe.domain.schedule.calc.calendars import CalendarText, DayException
from ronghe.domain.schedule.calc.mspdi_reading import SPACE
from ronghe.domain.schedule.calc.outline import outline
from ronghe.domain.schedule.calc.plan_file import FileTask, PlanFile
from ronghe.domain.schedule.calc.solving import Times
from ronghe.domain.schedule.calc.worktime import DAY, Shifts, naive_at

TENTHS = 10
WEEK_DAYS = ("7", "1", "2", "3", "4", "5", "6")
"""The place of each day type in a week that begins on Monday: 1 is Sunday."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands beside the plan: when each task is by its links, and who is meant by a name."""

    times: Mapping[int, Times]
    finish_at: int | None = None


def write_project_xml(plan: PlanFile, told: Written) -> bytes:
    """Return the plan as a file of Microsoft Project; tasks, links, dates, calendars and the baseline are whole."""
    root = etree.Element(f"{{{SPACE}}}Project", nsmap={None: SPACE})
    begins = plan.begins_at
    _put(root, SaveVersion=14, Name=plan.title, Title=plan.title, ScheduleFromStart=1, StartDate=_moment(begins),
         FinishDate=_moment(told.finish_at), CalendarUID=plan.calendar, MinutesPerDay=plan.minutes_per_day,
         MinutesPerWeek=plan.minutes_per_day * 5, DaysPerMonth=20, DurationFormat=7, NewTasksAreManual=0)  # fmt: skip
    calendars = _under(root, "Calendars")
    for calendar in plan.calendars:
        _calendar(calendars, calendar)
    _tasks(_under(root, "Tasks"), plan, told)
    _people(root, plan)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True)
    return content


def _under(parent: Any, tag: str) -> Any:
    return etree.SubElement(parent, f"{{{SPACE}}}{tag}")


def _put(parent: Any, **values: Any) -> None:
    """Add an element for each value that is not `None`; signs that no XML takes are left out."""
    for tag, value in values.items():
        if value is not None:
            text = str(value)
            _under(parent, tag).text = "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _moment(minute: int | None) -> str | None:
    return None if minute is None else naive_at(minute).isoformat(timespec="seconds")


def _duration(minutes: int) -> str:
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}:00"


# ---- calendars ------------------------------------------------------------------------------------------------------
def _calendar(parent: Any, calendar: CalendarText) -> None:
    element = _under(parent, "Calendar")
    _put(element, UID=calendar.uid, Name=calendar.name, IsBaseCalendar=1, BaseCalendarUID=-1)
    days = _under(element, "WeekDays")
    for kind in range(1, 8):
        _week_day(days, kind, calendar.week[(kind + 5) % 7] or ())
    if calendar.exceptions:
        exceptions = _under(element, "Exceptions")
        for one in calendar.exceptions:
            _exception(exceptions, one)
    if calendar.spells:
        weeks = _under(element, "WorkWeeks")
        for spell in calendar.spells:
            week = _under(weeks, "WorkWeek")
            _period(week, spell.first, spell.last)
            _put(week, Name=spell.name)
            days = _under(week, "WeekDays")
            for kind in range(1, 8):
                shifts = spell.week[(kind + 5) % 7]
                if shifts is not None:
                    _week_day(days, kind, shifts)


def _week_day(parent: Any, kind: int, shifts: Shifts) -> None:
    element = _under(parent, "WeekDay")
    _put(element, DayType=kind, DayWorking=int(bool(shifts)))
    _working_times(element, shifts)


def _exception(parent: Any, one: DayException) -> None:
    element = _under(parent, "Exception")
    _put(element, EnteredByOccurrences=0)
    _period(element, one.first, one.last)
    _put(element, Occurrences=(one.last - one.first).days + 1, Name=one.name or None, Type=1,
         DayWorking=int(bool(one.shifts)))  # fmt: skip
    _working_times(element, one.shifts)


def _period(parent: Any, first: date, last: date) -> None:
    element = _under(parent, "TimePeriod")
    _put(element, FromDate=f"{first.isoformat()}T00:00:00", ToDate=f"{last.isoformat()}T23:59:00")


def _working_times(parent: Any, shifts: Shifts) -> None:
    if shifts:
        times = _under(parent, "WorkingTimes")
        for begin, end in shifts:
            _put(_under(times, "WorkingTime"), FromTime=_clock(begin), ToTime=_clock(end))


# ---- tasks ----------------------------------------------------------------------------------------------------------
def _tasks(parent: Any, plan: PlanFile, told: Written) -> None:
    places = outline([task.level for task in plan.tasks])
    own = _under(parent, "Task")
    _put(own, UID=0, ID=0, Name=plan.title, OutlineNumber="0", OutlineLevel=0, Start=_moment(plan.begins_at),
         Finish=_moment(told.finish_at), Summary=1)  # fmt: skip
    for number, (task, place) in enumerate(zip(plan.tasks, places, strict=True), start=1):
        element = _under(parent, "Task")
        _task(element, task, number, place.number, is_summary=place.is_summary)
        if (times := told.times.get(task.uid)) is not None:
            _put(element, EarlyStart=_moment(times.start), EarlyFinish=_moment(times.finish),
                 TotalSlack=times.total_float * TENTHS, FreeSlack=times.free_float * TENTHS,
                 Critical=int(times.is_critical))  # fmt: skip
        for link in task.links:
            _put(_under(element, "PredecessorLink"), PredecessorUID=link.predecessor, Type=int(link.kind),
                 CrossProject=0, LinkLag=link.lag.amount, LagFormat=link.lag.format)  # fmt: skip
        if task.baseline is not None:
            _put(_under(element, "Baseline"), Number=0, Start=_moment(task.baseline.start),
                 Finish=_moment(task.baseline.finish), Duration=_duration(task.baseline.minutes),
                 DurationFormat=task.duration_format)  # fmt: skip


def _task(element: Any, task: FileTask, number: int, outline_number: str, *, is_summary: bool) -> None:
    _put(element, UID=task.uid, ID=number, Name=task.name, Active=int(task.is_active), Manual=int(task.is_manual),
         Type=0, IsNull=0, WBS=task.wbs or outline_number, OutlineNumber=outline_number, OutlineLevel=task.level,
         Priority=500, Start=_moment(task.start), Finish=_moment(task.finish), Duration=_duration(task.minutes),
         DurationFormat=task.duration_format, Milestone=int(task.is_milestone), Summary=int(is_summary),
         PercentComplete=task.percent, ActualStart=_moment(task.actual_start),
         ActualFinish=_moment(task.actual_finish), ConstraintType=int(task.constraint),
         CalendarUID=-1 if task.calendar is None else task.calendar, ConstraintDate=_moment(task.constraint_at),
         Deadline=_moment(task.deadline_at), Notes=task.notes or None)  # fmt: skip
    if task.is_manual:
        _put(element, ManualStart=_moment(task.start), ManualFinish=_moment(task.finish),
             ManualDuration=_duration(task.minutes))  # fmt: skip


def _people(root: Any, plan: PlanFile) -> None:
    """Write who answers as resources of type work, each assigned to the tasks that are theirs."""
    names = list(dict.fromkeys(name for task in plan.tasks for name in task.people))
    numbers = {name: number for number, name in enumerate(names, start=1)}
    resources, assignments = _under(root, "Resources"), _under(root, "Assignments")
    for name, number in numbers.items():
        _put(_under(resources, "Resource"), UID=number, ID=number, Name=name, Type=1, IsNull=0)
    count = 0
    for task in plan.tasks:
        for name in task.people:
            count += 1
            _put(_under(assignments, "Assignment"), UID=count, TaskUID=task.uid, ResourceUID=numbers[name], Units=1)


def years_around(first: date, last: date) -> list[date]:
    """Return the days that a written calendar must be true for: those of the plan and a year behind it."""
    until = last + timedelta(days=366)
    return [first + timedelta(days=number) for number in range((until - first).days)]
