"""Schedules as an actor may see them, and what is shown of one: the list, the picture, what is late, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.schedule.calc.gantt import Chart, Line, Zoom, draw
from ronghe.domain.schedule.calc.links import LinkKind
from ronghe.domain.schedule.calc.network import Net
from ronghe.domain.schedule.calc.progress import CurvePoint, actual_share, curve, days_gained, planned_share
from ronghe.domain.schedule.calc.worktime import DAY, day_start, last_day_of, minute_of, moment_at
from ronghe.domain.schedule.enums import AmountState, BaselineState, Stage
from ronghe.domain.schedule.models import Amount, Baseline, BaselineLine, Schedule, ScheduleTask
from ronghe.domain.schedule.rules import APPROVE_BASELINE, SEE_SCHEDULE, START_SCHEDULE, VOUCH_AMOUNT
from ronghe.domain.schedule.selectors.loading import LoadedPlan, baseline_in_force, lines_of, load_plan
from ronghe.kernel.access.listing import Listed, list_seen

ORDERS: dict[str, list[Any]] = {
    "name": ["project__name"], "-name": ["-project__name"], "finish": [F("finish_at").asc(nulls_last=True)],
    "-finish": [F("finish_at").desc(nulls_last=True)], "late": ["late_count"], "-late": ["-late_count"],
}  # fmt: skip
AHEAD = timedelta(days=14)


def schedules_seen_by(actor: Person, at: datetime) -> QuerySet[Schedule]:
    """Return the schedules that `actor` may see, by the project's name; to be cut to one."""
    rows = SEE_SCHEDULE.narrow(actor, Schedule.objects.all(), at=at)
    return rows.select_related("project__unit", "project__body", "calendar").order_by("project__name", "pk")


def schedules_found(*, words: str = "", state: str = "", late: bool = False) -> QuerySet[Schedule]:
    """Return all schedules that a filter leaves: `words` occur in the project's name or unit, `late` have late tasks."""
    rows = Schedule.objects.select_related("project__unit", "project__body")
    if words:
        rows = rows.filter(Q(project__name__icontains=words) | Q(project__unit__name__icontains=words))
    if state in ProjectState.values:
        rows = rows.filter(project__state=state)
    return rows.filter(late_count__gt=0) if late else rows


def list_schedules(
    actor: Person, at: datetime, *, words: str = "", state: str = "", late: bool = False, sort: str = "name",
    page: int = 1, size: int = 20,
) -> Listed[Schedule]:  # fmt: skip
    """Return one page of the schedules that `actor` may see, filtered as `schedules_found` does; two statements."""
    rows = schedules_found(words=words, state=state, late=late)
    return list_seen(SEE_SCHEDULE, actor, rows, order_by=ORDERS.get(sort, ORDERS["name"]), at=at, page=page, size=size)


def projects_without(actor: Person, at: datetime) -> QuerySet[Project]:
    """Return the open projects for which `actor` may begin a schedule and nobody has."""
    rows = Project.objects.filter(schedule=None, state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY])
    return START_SCHEDULE.narrow(actor, rows, at=at).select_related("unit").order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one schedule stands: its baseline in force, when it is commissioned by plan, forecast or really."""

    schedule: Schedule
    baseline: Baseline | None
    commissioned_on: date | None
    forecast_on: date | None
    """Of the commissioning, or of the whole plan where no milestone is it."""

    @property
    def gained(self) -> int | None:
        """Days gained against the baseline, negative where lost: real where commissioned, else as forecast (PJ-03)."""
        real = self.commissioned_on or self.forecast_on
        if self.baseline is None or self.baseline.commissioned_on is None or real is None:
            return None
        return days_gained(self.baseline.commissioned_on, real)


def standings(schedules: Sequence[Schedule]) -> list[Standing]:
    """Return how each stands; two statements."""
    keys = [schedule.pk for schedule in schedules]
    baselines = {row.schedule_id: row for row in in_force(keys)}
    tasks = {
        task.schedule_id: task
        for task in ScheduleTask.objects.standing().filter(schedule__in=keys, stage=Stage.COMMISSIONED)
    }
    found = []
    for schedule in schedules:
        task = tasks.get(schedule.pk)
        real = task.actual_finish if task is not None else None
        forecast = task.forecast_finish if task is not None else schedule.forecast_at
        found.append(Standing(schedule, baselines.get(schedule.pk), _finish_day(real), _finish_day(forecast)))
    return found


def in_force(schedules: Collection[int]) -> Iterable[Baseline]:
    """Return the baseline in force of each of these schedules, in one statement."""
    rows = Baseline.objects.filter(schedule__in=schedules, state=BaselineState.APPROVED).order_by(
        "schedule_id", "number"
    )
    return {row.schedule_id: row for row in rows}.values()


@dataclass
class PlanView:
    """One plan with all that its pages show."""

    loaded: LoadedPlan
    baseline: Baseline | None
    lines: dict[int, BaselineLine]
    today: date

    @property
    def schedule(self) -> Schedule:
        return self.loaded.schedule

    @cached_property
    def net(self) -> Net:
        return self.loaded.net()

    def due_on(self, task: ScheduleTask) -> date | None:
        """Return the day by which a task is due: of the baseline in force, else of the plan."""
        line = self.lines.get(task.pk)
        return _finish_day(line.finish_at if line is not None else task.finish_at)

    def slip(self, task: ScheduleTask) -> int:
        """Return by how many days a task ends, or will end, after its due day; negative where before, 0 where unknown."""
        due, real = self.due_on(task), _finish_day(task.actual_finish or task.forecast_finish)
        return -days_gained(due, real) if due is not None and real is not None else 0

    def is_late(self, task: ScheduleTask) -> bool:
        """Tell whether a task is due and not done."""
        due = self.due_on(task)
        return task.actual_finish is None and due is not None and due < self.today

    def late(self) -> list[tuple[ScheduleTask, int, int]]:
        """Return what is due and not done, the longest late first: (task, days late, how many others wait for it)."""
        late = [task for task in self.loaded.leaves() if self.is_late(task)]
        if not late:
            return []
        solved = self.loaded.solver().forecast(day_start(self.today))
        rows = [
            (task, (self.today - due).days, len(solved.pushed_by(task.uid)))
            for task in late
            if (due := self.due_on(task)) is not None
        ]
        return sorted(rows, key=lambda row: (-row[1], row[0].row))

    def ahead(self) -> list[ScheduleTask]:
        """Return what begins, runs or ends within two weeks and is not done, by its forecast begin."""
        until = moment_at(day_start(self.today + AHEAD))
        rows = [
            task
            for task in self.loaded.leaves()
            if task.actual_finish is None and task.forecast_start is not None and task.forecast_start < until
        ]
        return sorted(rows, key=lambda task: (task.forecast_start or until, task.row))

    def planned_share(self) -> int:
        """Return how much should be done by the end of today, in hundredths of a percent."""
        return planned_share(self._stretches, self.loaded.calendar, day_start(self.today) + DAY)

    def actual_share(self) -> int:
        return actual_share(self._stretches)

    @cached_property
    def _stretches(self) -> Any:
        return self.loaded.stretches(self.lines)

    def curve(self) -> list[CurvePoint]:
        """Return the planned curve with what was kept of each week; one statement. Empty of an empty plan."""
        if not self._stretches:
            return []
        kept = dict(self.schedule.weeks.values_list("day", "actual"))
        first = min(one.start for one in self._stretches)
        last = max(last_day_of(max(one.finish for one in self._stretches)), self.today)
        return curve(self._stretches, self.loaded.calendar, last_day_of(first + 1), last, kept)

    def chart(self, zoom: Zoom, shown: Sequence[ScheduleTask]) -> Chart:
        """Return the picture of these rows: as it stands, with the baseline behind it."""
        lines = [line for task in shown if (line := self._line(task)) is not None]
        uid = self.loaded.by_pk
        links = (
            (uid[link.predecessor_id].uid, uid[link.task_id].uid, LinkKind(link.kind)) for link in self.loaded.links
        )
        return draw(lines, links, zoom=zoom, today=self.today, is_working=self.loaded.calendar.is_working)

    def _line(self, task: ScheduleTask) -> Line | None:
        start, finish = (
            task.actual_start or task.forecast_start or task.start_at,
            task.forecast_finish or task.finish_at,
        )
        if start is None or finish is None:
            return None
        line = self.lines.get(task.pk)
        ghost = (minute_of(line.start_at), minute_of(line.finish_at)) if line is not None else None
        return Line(
            task.uid, minute_of(start), max(minute_of(finish), minute_of(start)), self.percent_of(task),
            task.is_summary, task.is_milestone, task.is_critical and task.actual_finish is None, ghost,
        )  # fmt: skip

    def percent_of(self, task: ScheduleTask) -> int:
        """Return how far a task is; a summary by what is below it, weighted by duration."""
        if not task.is_summary:
            return task.percent
        return self._summary_percents.get(task.pk, 0)

    @cached_property
    def _summary_percents(self) -> dict[int, int]:
        sums: dict[int, list[int]] = {}
        for task in self.loaded.leaves():
            above = task.parent_id
            while above is not None:
                pair = sums.setdefault(above, [0, 0])
                pair[0] += task.minutes * task.percent
                pair[1] += task.minutes
                above = self.loaded.by_pk[above].parent_id
        return {pk: done // whole if whole else 0 for pk, (done, whole) in sums.items()}

    def shown(self, closed: Collection[int], *, only: str = "") -> list[ScheduleTask]:
        """Return the rows to be shown: not those below a summary whose uid is `closed`; `only` key, late or critical ones."""
        hidden: set[int] = set()
        rows = []
        for task in self.loaded.tasks:
            if task.parent_id in hidden or (
                task.parent_id is not None and self.loaded.by_pk[task.parent_id].uid in closed
            ):
                hidden.add(task.pk)
            else:
                rows.append(task)
        picks: dict[str, Callable[[ScheduleTask], bool]] = {
            "key": lambda task: task.is_key,
            "late": self.is_late,
            "critical": lambda task: task.is_critical and task.actual_finish is None,
        }
        pick = picks.get(only)
        if pick is None:
            return rows
        return [task for task in self.loaded.tasks if not task.is_summary and task.is_active and pick(task)]


def view_plan(schedule: Schedule, at: datetime) -> PlanView:
    """Read one plan whole: eight statements, however many tasks."""
    baseline = baseline_in_force(schedule)
    return PlanView(load_plan(schedule), baseline, lines_of(baseline), local_day(at))


# ---- what waits for somebody ----------------------------------------------------------------------------------------
def tasks_of(actor: Person, at: datetime) -> QuerySet[ScheduleTask]:
    """Return the unfinished tasks for which `actor` answers and whose begin has come or comes within two weeks."""
    return _mine(actor).filter(start_at__lt=moment_at(day_start(local_day(at) + AHEAD)))


def tasks_due_of(actor: Person, at: datetime) -> QuerySet[ScheduleTask]:
    """Return those of them that should be under way today: what waits in 今日."""
    return _mine(actor).filter(start_at__lt=moment_at(day_start(local_day(at)) + DAY))


def _mine(actor: Person) -> QuerySet[ScheduleTask]:
    rows = ScheduleTask.objects.with_due().filter(
        person=actor, removed_at=None, actual_finish=None, is_summary=False, is_active=True,
        schedule__project__state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY],
    )  # fmt: skip
    return rows.select_related("schedule__project", "lot").order_by(F("due_at").asc(), "pk")


def baselines_to_decide(actor: Person, at: datetime) -> QuerySet[Baseline]:
    """Return the baselines that wait for `actor`."""
    rows = Baseline.objects.filter(state=BaselineState.PROPOSED).select_related("schedule__project", "proposed_by")
    return APPROVE_BASELINE.narrow(actor, rows, at=at).order_by("proposed_at", "pk")


def amounts_to_vouch(actor: Person, at: datetime) -> QuerySet[Amount]:
    """Return the amounts that wait for `actor` to vouch for them."""
    rows = Amount.objects.filter(state=AmountState.ENTERED).select_related("schedule__project", "lot", "entered_by")
    return VOUCH_AMOUNT.narrow(actor, rows, at=at).order_by("day", "pk")


@dataclass(frozen=True, slots=True)
class DateChange:
    """A task whose dates differ between two baselines; `None` where it is in one of them alone."""

    name: str
    before: tuple[date, date] | None
    after: tuple[date, date] | None
    days: int = field(default=0)
    """By how many days it ends later, negative where earlier."""


def changes_between(before: Baseline | None, after: Baseline) -> list[DateChange]:
    """Return what a baseline changed against another one, in the order of the plan; two statements."""
    old, new = lines_of(before), lines_of(after)
    order = {line.task_id: number for number, line in enumerate([*new.values(), *old.values()])}
    found = []
    for pk in sorted(old.keys() | new.keys(), key=lambda key: order[key]):
        one, other = old.get(pk), new.get(pk)
        spans = [_span(line) if line is not None else None for line in (one, other)]
        if spans[0] == spans[1]:
            continue
        line = other or one
        assert line is not None  # one of them has it
        days = (spans[1][1] - spans[0][1]).days if spans[0] and spans[1] else 0
        found.append(DateChange(line.name, spans[0], spans[1], days))
    return found


def _span(line: BaselineLine) -> tuple[date, date]:
    finish = last_day_of(minute_of(line.finish_at))
    return min(local_day(line.start_at), finish), finish


def _finish_day(moment: datetime | None) -> date | None:
    return None if moment is None else last_day_of(minute_of(moment))
