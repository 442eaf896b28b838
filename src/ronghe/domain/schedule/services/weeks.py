"""What the days bring by themselves: forecasts anew, late tasks told, the share of each week kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.progress import actual_share, planned_share
from ronghe.domain.schedule.calc.worktime import DAY, day_start, last_day_of, minute_of
from ronghe.domain.schedule.facts import TASK_LATE, WEEK_KEPT
from ronghe.domain.schedule.models import Schedule, WeekPoint
from ronghe.domain.schedule.selectors.loading import LoadedPlan, baseline_in_force, lines_of
from ronghe.domain.schedule.services.scheduling import forecast_anew, wait_turn
from ronghe.kernel.facts.record import Draft, record_many

MONDAY = 0


@transaction.atomic
def turn_day(*, schedule: Schedule, at: datetime) -> None:
    """Bring a forecast up to the day, tell once of each task that came to be late, on Mondays keep the week that ended."""
    wait_turn(schedule)
    seen = schedule.forecast_on
    loaded = forecast_anew(schedule, at)
    today = local_day(at)
    if seen is None or seen < today:
        _tell_late(loaded, seen, today, at)
    if today.weekday() == MONDAY:
        keep_week(loaded, today - timedelta(days=1), at)


def keep_week(loaded: LoadedPlan, day: date, at: datetime) -> WeekPoint | None:
    """Keep how far a project is at the end of `day`; a week is kept once."""
    schedule = loaded.schedule
    if schedule.weeks.filter(day=day).exists() or schedule.forecast_at is None:
        return None
    stretches = loaded.stretches(lines_of(baseline_in_force(schedule)))
    planned = planned_share(stretches, loaded.calendar, day_start(day) + DAY)
    point = WeekPoint.objects.create(
        schedule=schedule, day=day, planned=planned, actual=actual_share(stretches),
        forecast_on=last_day_of(minute_of(schedule.forecast_at)), late_count=schedule.late_count,
    )  # fmt: skip
    project = schedule.project
    record_many([
        Draft(WEEK_KEPT, at, None, body=project.body_id, unit=project.unit_id, project=project.pk, source=schedule,
              attributes={"day": day, "planned": planned, "actual": point.actual})
    ])  # fmt: skip
    return point


def _tell_late(loaded: LoadedPlan, seen: date | None, today: date, at: datetime) -> None:
    """Record each task whose due day passed since the forecast before, and how many others wait for it."""
    schedule = loaded.schedule
    lines = lines_of(baseline_in_force(schedule))
    solved = None
    drafts = []
    for task in loaded.leaves():
        due = lines[task.pk].finish_at if task.pk in lines else task.finish_at
        if due is None or task.actual_finish is not None:
            continue
        due_on = last_day_of(minute_of(due))
        if due_on < today and (seen is None or due_on >= seen):
            solved = solved or loaded.solver().forecast(day_start(today))
            project = schedule.project
            drafts.append(
                Draft(TASK_LATE, at, None, about=task.person, body=project.body_id, unit=project.unit_id,
                      project=project.pk, source=task,
                      attributes={"days": (today - due_on).days, "pushes": len(solved.pushed_by(task.uid))})
            )  # fmt: skip
    record_many(drafts)
