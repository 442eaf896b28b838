"""A whole plan read at once: its tasks, links and calendars, as the arithmetic wants them. Five statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F

from ronghe.domain.schedule.calc.calendars import CalendarText, calendar_from, exceptions_of, plain_calendar
from ronghe.domain.schedule.calc.links import Constraint, LinkKind, link_text
from ronghe.domain.schedule.calc.network import Job, Net, Tie
from ronghe.domain.schedule.calc.outline import outline
from ronghe.domain.schedule.calc.plan_file import FileBaseline, FileLink, FileTask, PlanFile
from ronghe.domain.schedule.calc.progress import Stretch
from ronghe.domain.schedule.calc.solving import Solver
from ronghe.domain.schedule.calc.worktime import Shifts, WorkTime, minute_of, shifts_from
from ronghe.domain.schedule.enums import BaseCalendar, BaselineState
from ronghe.domain.schedule.models import (
    Baseline,
    BaselineLine,
    DayOff,
    FileCalendar,
    Schedule,
    ScheduleTask,
    TaskLink,
)
from ronghe.domain.zones.models import ShutDown
from ronghe.kernel.calendar.calendars import StatutoryCalendar, statutory_calendar

BEFORE = timedelta(days=800)
"""So far before its begin a plan's calendar looks: late dates of a plan that cannot be kept lie there."""
YEAR = timedelta(days=366)


@dataclass
class SiteTime:
    """The working time of a project: its base less the zone's shut-downs and its own days off, each with its reason."""

    schedule: Schedule
    base: CalendarText | None
    """The file's calendar where that is the base."""
    closed: dict[date, str]

    @cached_property
    def shifts(self) -> Shifts:
        return shifts_from(self.schedule.shifts)

    @cached_property
    def statutory(self) -> StatutoryCalendar | None:
        return statutory_calendar() if self.schedule.base == BaseCalendar.STATUTORY else None

    def shifts_on(self, day: date) -> Shifts:
        if day in self.closed:
            return ()
        if self.base is not None:
            return self.base.shifts_on(day)
        if self.statutory is not None and not self.statutory.is_working(day):
            return ()
        return self.shifts

    def note_on(self, day: date) -> str | None:
        if day in self.closed:
            return self.closed[day]
        return self.statutory.note_on(day) if self.statutory is not None else None

    def text(self, last: date) -> CalendarText:
        """Return the calendar as a file has it, true from the plan's begin to a year after `last`."""
        if self.base is not None:
            plain = self.base
        else:
            days = range(7) if self.schedule.base == BaseCalendar.EVERY_DAY else range(5)
            plain = plain_calendar(1, str(BaseCalendar(self.schedule.base).label), self.shifts, days)
        first = self.schedule.begins_on
        span = (first + timedelta(days=number) for number in range((last - first + YEAR).days))
        exceptions = exceptions_of(span, self.shifts_on, plain.week, self.note_on)
        return CalendarText(plain.uid, plain.name, plain.week, exceptions)


@dataclass
class LoadedPlan:
    """Everything of one schedule, `tasks` in the order of their rows."""

    schedule: Schedule
    tasks: list[ScheduleTask]
    links: list[TaskLink]
    site: SiteTime
    calendar: WorkTime
    calendars: dict[int, WorkTime]
    """By the key of a `FileCalendar`."""
    texts: dict[int, CalendarText]

    @cached_property
    def by_pk(self) -> dict[int, ScheduleTask]:
        return {task.pk: task for task in self.tasks}

    @cached_property
    def by_uid(self) -> dict[int, ScheduleTask]:
        return {task.uid: task for task in self.tasks}

    @cached_property
    def links_of(self) -> dict[int, list[TaskLink]]:
        """By the key of the task that waits."""
        found: dict[int, list[TaskLink]] = {}
        for link in self.links:
            found.setdefault(link.task_id, []).append(link)
        return found

    @cached_property
    def numbers(self) -> dict[int, str]:
        """The outline number of each task, by its key: 1.2.3."""
        places = outline([task.level for task in self.tasks])
        return {task.pk: place.number for task, place in zip(self.tasks, places, strict=True)}

    def leaves(self) -> list[ScheduleTask]:
        """Return what is really done: active tasks with no others below."""
        return [task for task in self.tasks if task.is_active and not task.is_summary]

    def net(self) -> Net:
        """:raises LinksInCircle, LinkToOwnSummary: the links make no order"""
        active = {task.pk for task in self.tasks if task.is_active or task.is_summary}
        uid = {task.pk: task.uid for task in self.tasks}
        jobs = (self._job(task, uid) for task in self.tasks if task.pk in active)
        ties = (
            Tie(uid[link.predecessor_id], uid[link.task_id], LinkKind(link.kind), link.lag_told)
            for link in self.links
            if link.task_id in active and link.predecessor_id in active
        )
        return Net(jobs, ties)

    def solver(self) -> Solver:
        begins = self.calendar.begin_of(self.schedule.begins_on)
        return Solver(self.net(), self.calendar, begins, self.calendars)

    def _job(self, task: ScheduleTask, uid: dict[int, int]) -> Job:
        return Job(
            uid=task.uid, name=task.name, parent=uid.get(task.parent_id) if task.parent_id is not None else None,
            minutes=task.minutes, is_elapsed=task.is_elapsed, pause=task.pause, calendar=task.calendar_id,
            constraint=Constraint(task.constraint), constraint_at=_minute(task.constraint_at),
            placed_at=_minute(task.placed_at), deadline_at=_minute(task.deadline_at),
            started_at=_minute(task.actual_start), finished_at=_minute(task.actual_finish), percent=task.percent,
        )  # fmt: skip

    def stretches(self, lines: dict[int, BaselineLine]) -> list[Stretch]:
        """Return what the shares are reckoned from: baseline dates where there are, else those of the plan."""
        found = []
        for task in self.leaves():
            line = lines.get(task.pk)
            start, finish = (line.start_at, line.finish_at) if line is not None else (task.start_at, task.finish_at)
            if start is not None and finish is not None:
                minutes = line.minutes if line is not None else task.minutes
                found.append(Stretch(minute_of(start), minute_of(finish), minutes, task.percent))
        return found

    def as_file(self, lines: dict[int, BaselineLine]) -> PlanFile:
        """Return the plan as files have it, with its calendars and the baseline in force."""
        last = max((task.finish_at for task in self.tasks if task.finish_at is not None), default=None)
        own = self.site.text(last.date() if last is not None else self.schedule.begins_on)
        uid = {task.pk: task.uid for task in self.tasks}
        tasks = tuple(self._file_task(task, uid, lines.get(task.pk)) for task in self.tasks)
        return PlanFile(
            self.schedule.project.name, tasks, self.calendar.begin_of(self.schedule.begins_on),
            self.schedule.minutes_per_day, own.uid,
            (own, *(text for text in self.texts.values() if text.uid != own.uid)),
        )  # fmt: skip

    def _file_task(self, task: ScheduleTask, uid: dict[int, int], line: BaselineLine | None) -> FileTask:
        links = tuple(
            FileLink(uid[link.predecessor_id], LinkKind(link.kind), link.lag_told)
            for link in self.links_of.get(task.pk, ())
            if link.predecessor_id in uid
        )
        baseline = None
        if line is not None:
            baseline = FileBaseline(minute_of(line.start_at), minute_of(line.finish_at), line.minutes)
        return FileTask(
            uid=task.uid, name=task.name, level=task.level, wbs=task.wbs, notes=task.notes, minutes=task.minutes,
            duration_format=task.duration_format, is_elapsed=task.is_elapsed, is_milestone=task.is_milestone,
            is_manual=task.is_manual, is_active=task.is_active, constraint=Constraint(task.constraint),
            constraint_at=_minute(task.constraint_at), deadline_at=_minute(task.deadline_at),
            calendar=self.texts[task.calendar_id].uid if task.calendar_id is not None else None,
            start=_minute(task.start_at), finish=_minute(task.finish_at), percent=task.percent,
            actual_start=_minute(task.actual_start), actual_finish=_minute(task.actual_finish), links=links,
            baseline=baseline, people=(task.person.name,) if task.person is not None else (),
            lot=task.lot.name if task.lot is not None else "", is_key=task.is_key,
        )  # fmt: skip


def load_plan(schedule: Schedule) -> LoadedPlan:
    """Read a whole plan."""
    tasks = list(schedule.tasks.standing().select_related("lot", "person").order_by("row", "pk"))
    links = list(
        TaskLink.objects.filter(task__schedule=schedule, task__removed_at=None, predecessor__removed_at=None)
        .order_by("task_id", "predecessor_id", "kind")
    )  # fmt: skip
    texts = {row.pk: calendar_from(row.uid, row.name, row.contents) for row in schedule.calendars.order_by("uid")}
    site = site_times([schedule])[schedule.pk]
    moments = [moment for task in tasks for moment in (task.placed_at, task.actual_start, task.constraint_at) if moment]
    first = min([schedule.begins_on, *(moment.date() for moment in moments)]) - BEFORE
    calendars = {pk: WorkTime(text.name, text.shifts_on, first) for pk, text in texts.items()}
    return LoadedPlan(schedule, tasks, links, site, WorkTime(_name(schedule), site.shifts_on, first), calendars, texts)


def site_times(schedules: Sequence[Schedule]) -> dict[int, SiteTime]:
    """Return the working time of each project by the key of its schedule; three statements."""
    by_project = {schedule.project_id: schedule for schedule in schedules}
    closed: dict[int, dict[date, str]] = {schedule.pk: {} for schedule in schedules}
    zones = ShutDown.objects.filter(zone__zone_projects__project__in=by_project, until_on__gt=F("from_on"))
    spans: list[Any] = [
        (by_project[project].pk, *span)
        for project, *span in zones.values_list("zone__zone_projects__project", "from_on", "until_on", "reason")
    ]
    own = DayOff.objects.filter(schedule__in=list(closed))
    spans += own.values_list("schedule_id", "from_on", "until_on", "reason")
    for key, first, until, reason in spans:
        for number in range((until - first).days):
            closed[key][first + timedelta(days=number)] = reason
    kept = {one.calendar_id for one in schedules if one.calendar_id is not None and one.base == BaseCalendar.FILE}
    rows = FileCalendar.objects.filter(pk__in=kept) if kept else ()
    bases = {row.pk: calendar_from(row.uid, row.name, row.contents) for row in rows}
    return {
        schedule.pk: SiteTime(
            schedule, bases.get(schedule.calendar_id or 0) if schedule.base == BaseCalendar.FILE else None,
            closed[schedule.pk],
        )
        for schedule in schedules
    }  # fmt: skip


def calendar_of(schedule: Schedule, site: SiteTime) -> WorkTime:
    return WorkTime(_name(schedule), site.shifts_on, schedule.begins_on - BEFORE)


def work_time(schedule: Schedule) -> WorkTime:
    """Return the working time of a project alone, without its tasks."""
    return calendar_of(schedule, site_times([schedule])[schedule.pk])


def links_text(task: ScheduleTask) -> str:
    """Return what a task waits for as people write it: 3FS+2d, 5SS; "" of one that is not kept yet."""
    if not task.pk:
        return ""
    rows = task.links.filter(predecessor__removed_at=None).select_related("predecessor")
    per_day = task.schedule.minutes_per_day
    return ", ".join(
        link_text(row.predecessor.uid, LinkKind(row.kind), row.lag_told, per_day)
        for row in rows.order_by("predecessor__uid", "kind")
    )


def baseline_in_force(schedule: Schedule) -> Baseline | None:
    """Return the baseline that was approved last (PJ-03)."""
    return schedule.baselines.filter(state=BaselineState.APPROVED).order_by("-number").first()


def lines_of(baseline: Baseline | None) -> dict[int, BaselineLine]:
    """Return the lines of a baseline by the key of their task; none of none."""
    if baseline is None:
        return {}
    return {line.task_id: line for line in baseline.lines.order_by("pk")}


def summary_uids(tasks: Sequence[ScheduleTask]) -> dict[int, bool]:
    return {task.uid: task.is_summary for task in tasks}


def _name(schedule: Schedule) -> str:
    return str(BaseCalendar(schedule.base).label)


def _minute(moment: datetime | None) -> int | None:
    return None if moment is None else minute_of(moment)
