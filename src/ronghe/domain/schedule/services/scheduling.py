"""The plan is worked out anew after every change: outline, dates, floats, forecast. One winner by the schedule's version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.outline import outline
from ronghe.domain.schedule.calc.worktime import day_start, minute_of, moment_at
from ronghe.domain.schedule.models import Schedule, ScheduleTask
from ronghe.domain.schedule.selectors.loading import LoadedPlan, baseline_in_force, lines_of, load_plan
from ronghe.kernel.db.bulk import update_each
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record

PLANNED = ("start_at", "finish_at", "total_float", "free_float", "is_critical")
FORECAST = ("forecast_start", "forecast_finish", "driver_uid")
OUTLINE = ("level", "parent_id", "is_summary")


def hold(schedule: Schedule) -> None:
    """Take the schedule's step: whoever changes the plan at the same moment waits here, before any other row is written."""
    Schedule.objects.filter(pk=schedule.pk).update(version=F("version") + 1)
    schedule.refresh_from_db(fields=["version"])


def wait_turn(schedule: Schedule) -> None:
    """Wait as `hold` does, for what leaves the plan as it is: reports and decisions make no preview of a file stale."""
    Schedule.objects.filter(pk=schedule.pk).update(version=F("version"))


def work_out(schedule: Schedule, at: datetime) -> LoadedPlan:
    """Work out outline, plan and forecast, and keep what is different.

    :raises LinksInCircle, LinkToOwnSummary: the links make no order; the caller's transaction ends
    :raises NoWorkingTime: the calendar has too few days
    """
    loaded = load_plan(schedule)
    before = {task.pk: _values(task, (*OUTLINE, *PLANNED, *FORECAST)) for task in loaded.tasks}
    _set_outline(loaded)
    solver = loaded.solver()
    planned = solver.plan()
    for task in loaded.tasks:
        times = planned.times.get(task.uid)
        if times is not None:
            task.start_at, task.finish_at = moment_at(times.start), moment_at(times.finish)
            task.total_float, task.free_float, task.is_critical = times.total_float, times.free_float, times.is_critical
    schedule.finish_at = moment_at(planned.finish)
    _set_forecast(loaded, solver, at)
    _keep(loaded.tasks, before, (*OUTLINE, *PLANNED, *FORECAST))
    schedule.save(update_fields=["finish_at", "forecast_at", "forecast_on", "late_count"])
    return loaded


def forecast_anew(schedule: Schedule, at: datetime) -> LoadedPlan:
    """Work out only how it will go, by what was reported and by the day; the plan stays."""
    loaded = load_plan(schedule)
    before = {task.pk: _values(task, FORECAST) for task in loaded.tasks}
    _set_forecast(loaded, loaded.solver(), at)
    _keep(loaded.tasks, before, FORECAST)
    schedule.save(update_fields=["forecast_at", "forecast_on", "late_count"])
    return loaded


def tell(
    kind: FactKind, schedule: Schedule, actor: Person | None, at: datetime, /, *, source: Any = None,
    quantity: Any = None, **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of a schedule where the project stands."""
    project = schedule.project
    return record(
        Draft(kind, at, actor, body=project.body_id, unit=project.unit_id, project=project.pk, quantity=quantity,
              attributes=attributes, source=source or schedule)
    )  # fmt: skip


def _set_outline(loaded: LoadedPlan) -> None:
    tasks = loaded.tasks
    for task, place in zip(tasks, outline([task.level for task in tasks]), strict=True):
        task.level, task.is_summary = place.level, place.is_summary
        task.parent_id = tasks[place.parent].pk if place.parent is not None else None


def _set_forecast(loaded: LoadedPlan, solver: Any, at: datetime) -> None:
    day = max(local_day(at), loaded.schedule.forecast_on or date.min)  # an act told late brings no forecast back
    solved = solver.forecast(day_start(day))
    for task in loaded.tasks:
        times = solved.times.get(task.uid)
        if times is not None:
            task.forecast_start, task.forecast_finish = moment_at(times.start), moment_at(times.finish)
            task.driver_uid = times.driver
    schedule = loaded.schedule
    schedule.forecast_at, schedule.forecast_on = moment_at(solved.finish), day
    lines = lines_of(baseline_in_force(schedule))
    schedule.late_count = sum(
        1 for task in loaded.leaves() if task.actual_finish is None and _is_due(task, lines, day_start(day))
    )


def _is_due(task: ScheduleTask, lines: Mapping[int, Any], now: int) -> bool:
    due = lines[task.pk].finish_at if task.pk in lines else task.finish_at
    return due is not None and minute_of(due) <= now


def _values(task: ScheduleTask, fields: Iterable[str]) -> list[Any]:
    return [getattr(task, field) for field in fields]


def _keep(tasks: list[ScheduleTask], before: Mapping[int, list[Any]], fields: tuple[str, ...]) -> None:
    changed = [task for task in tasks if _values(task, fields) != before[task.pk]]
    update_each(changed, [field.removesuffix("_id") for field in fields])
