"""Figures over the schedules that an actor may see: on time (PJ-03), same year (PJ-02), key tasks, money, a project's gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.calc.money import Sums, add_up
from ronghe.domain.schedule.calc.rates import (
    Commissioning,
    KeyAverage,
    KeyDays,
    OnTime,
    is_same_year,
    key_average,
    on_time_rate,
)
from ronghe.domain.schedule.calc.worktime import WorkTime, last_day_of, minute_of
from ronghe.domain.schedule.enums import AmountState, BaselineState, Stage
from ronghe.domain.schedule.models import Amount, Baseline, BaselineLine, Lot, Schedule, ScheduleTask
from ronghe.domain.schedule.rules import SEE_SCHEDULE
from ronghe.domain.schedule.selectors.loading import calendar_of, site_times
from ronghe.domain.schedule.selectors.schedules import in_force, standings
from ronghe.domain.zones.models import CollaborationZone, ZoneProject
from ronghe.kernel.calendar.periods import DaySpan

MOST_KEY_TASKS = 1_000


@dataclass(frozen=True, slots=True)
class ProjectDates:
    """A project's three dates (PJ-02) and its commissioning against baseline (PJ-03)."""

    project: Project
    designed_on: date | None
    started_on: date | None
    commissioned_on: date | None
    commissioning: Commissioning | None

    @property
    def is_same_year(self) -> bool | None:
        return is_same_year(self.designed_on, self.started_on, self.commissioned_on)


@dataclass(frozen=True, slots=True)
class Figures:
    """The rate of a year, the projects that count for it, and those designed, started and commissioned in that year."""

    period: DaySpan
    on_time: OnTime
    rows: list[ProjectDates]

    @property
    def same_year(self) -> list[ProjectDates]:
        """The projects of the period that did it (PJ-02)."""
        return [
            row
            for row in self.rows
            if row.is_same_year and row.commissioned_on is not None and row.commissioned_on in self.period
        ]

    @property
    def counted(self) -> list[ProjectDates]:
        """The projects planned for the period."""
        return [
            row for row in self.rows if row.commissioning is not None and row.commissioning.planned_on in self.period
        ]


def figures_of(actor: Person, at: datetime, period: DaySpan) -> Figures:
    """Return the figures of a period over all schedules that `actor` may see; three statements."""
    seen = SEE_SCHEDULE.narrow(actor, Schedule.objects.select_related("project"), at=at)
    schedules = list(seen.order_by("project__name", "pk"))
    keys = [schedule.pk for schedule in schedules]
    approved: dict[int, list[Baseline]] = {}
    baselines = Baseline.objects.filter(schedule__in=keys, state=BaselineState.APPROVED).order_by("number")
    for row in baselines:
        approved.setdefault(row.schedule_id, []).append(row)
    done: dict[int, dict[str, date]] = {}
    reached = ScheduleTask.objects.standing().filter(schedule__in=keys, actual_finish__isnull=False).exclude(stage="")
    for key, stage, finish in reached.values_list("schedule_id", "stage", "actual_finish"):
        assert finish is not None  # asked for
        done.setdefault(key, {})[stage] = last_day_of(minute_of(finish))
    rows = [_dates(one, approved.get(one.pk, []), done.get(one.pk, {})) for one in schedules]
    commissionings = [row.commissioning for row in rows if row.commissioning is not None]
    return Figures(period, on_time_rate(commissionings, period, local_day(at)), rows)


def _dates(schedule: Schedule, baselines: Sequence[Baseline], reached: dict[str, date]) -> ProjectDates:
    project, commissioned = schedule.project, reached.get(Stage.COMMISSIONED)
    planned = [row.commissioned_on for row in baselines if row.commissioned_on is not None]
    return ProjectDates(
        project, reached.get(Stage.DESIGNED), reached.get(Stage.STARTED) or project.started_on, commissioned,
        Commissioning(project.pk, planned[-1], planned[0], commissioned) if planned else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyTask:
    """A key task in days of work; planned by the baseline in force, else by the plan."""

    task: ScheduleTask
    zone: CollaborationZone | None
    days: KeyDays


@dataclass(frozen=True, slots=True)
class KeyTasks:
    rows: list[KeyTask]
    average: KeyAverage
    zones: list[tuple[CollaborationZone | None, KeyAverage]]
    """The average of each zone that has some, by its name."""


def key_tasks_of(
    actor: Person, at: datetime, *, zone: int | None = None, project: int | None = None, done: bool = False
) -> KeyTasks:  # fmt: skip
    """Return the key tasks that `actor` may see, of one zone, one project or all, with their averages; eight statements."""
    seen = SEE_SCHEDULE.narrow(actor, Schedule.objects.select_related("project"), at=at)
    if project is not None:
        seen = seen.filter(project=project)
    schedules = {schedule.pk: schedule for schedule in seen.order_by("pk")}
    serving = ZoneProject.objects.filter(project__schedule__in=schedules).select_related("zone").order_by("pk")
    zones = {row.project_id: row.zone for row in serving}
    rows = ScheduleTask.objects.standing().filter(schedule__in=schedules, is_key=True, is_active=True)
    if done:
        rows = rows.filter(actual_finish__isnull=False)
    rows = rows.select_related("lot__unit").order_by("schedule__project__name", "schedule_id", "row", "pk")
    tasks = list(rows[:MOST_KEY_TASKS])
    lines = {
        line.task_id: line
        for line in BaselineLine.objects.filter(baseline__in=in_force(list(schedules)), task__in=tasks)
    }
    sites = site_times(list(schedules.values()))
    calendars = {key: calendar_of(schedules[key], site) for key, site in sites.items()}
    found = []
    for task in tasks:
        task.schedule = schedules[task.schedule_id]
        here = zones.get(task.schedule.project_id)
        if zone is None or (here is not None and here.pk == zone):
            found.append(KeyTask(task, here, _key_days(task, lines.get(task.pk), calendars[task.schedule_id])))
    names = {row.zone.pk if row.zone else 0: row.zone for row in found}
    by_zone = [
        (names[key], key_average([row.days for row in found if (row.zone.pk if row.zone else 0) == key]))
        for key in sorted(names, key=lambda key: (names[key] is None, str(names[key])))
    ]
    return KeyTasks(found, key_average([row.days for row in found]), by_zone)


def _key_days(task: ScheduleTask, line: BaselineLine | None, calendar: WorkTime) -> KeyDays:
    start, finish = (line.start_at, line.finish_at) if line is not None else (task.start_at, task.finish_at)
    actual = None
    if task.actual_start is not None and task.actual_finish is not None:
        actual = _days(calendar, task.actual_start, task.actual_finish)
    return KeyDays(_days(calendar, start, finish), actual)


def _days(calendar: WorkTime, start: datetime | None, finish: datetime | None) -> int:
    if start is None or finish is None:
        return 0
    last = last_day_of(minute_of(finish))
    return calendar.days_between(min(local_day(start), last), last)


@dataclass(frozen=True, slots=True)
class Money:
    """Investment against estimate: of the project, of each lot, of what belongs to none."""

    total: Sums
    lots: list[tuple[Lot | None, Sums]]
    amounts: list[Amount]


def money_of(schedule: Schedule) -> Money:
    """Return the money of a project; two statements."""
    amounts = list(
        schedule.amounts.select_related("lot", "entered_by", "vouched_by", "withdrawn_by").order_by("-day", "-pk")
    )
    standing = [row for row in amounts if row.state != AmountState.WITHDRAWN]
    known = schedule.project.investment_yuan
    total, sums = add_up(
        ((row.lot_id, row.kind, row.yuan, row.state == AmountState.VOUCHED) for row in standing),
        Decimal(known) if known is not None else None,
    )
    lots: list[tuple[Lot | None, Sums]] = [
        (lot, sums.get(lot.pk, Sums())) for lot in schedule.lots.select_related("unit").order_by("pk")
    ]
    if None in sums:
        lots.append((None, sums[None]))
    return Money(total, lots, amounts)


@dataclass(frozen=True, slots=True)
class KnownGain:
    """Days that a project gained by its approved baseline, and between which days."""

    days: int
    planned_on: date
    commissioned_on: date


def gain_of(project: Project) -> KnownGain | None:
    """Return what a project gained once it is commissioned, nothing before or where it gained nothing (PJ-03).

    What `benefits` offers where somebody enters a gain.
    """
    schedule = Schedule.objects.select_related("project").filter(project=project).first()
    standing = standings([schedule])[0] if schedule is not None else None
    if standing is None or standing.baseline is None or standing.commissioned_on is None:
        return None
    planned_on, gained = standing.baseline.commissioned_on, standing.gained
    if planned_on is None or gained is None or gained <= 0:
        return None
    return KnownGain(gained, planned_on, standing.commissioned_on)
