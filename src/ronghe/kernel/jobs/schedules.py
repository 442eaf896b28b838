"""Recurring jobs: cron text in Asia/Shanghai, one winner a due time however many workers look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from django.conf import settings
from django.db import transaction
from django_tasks.base import Task

from ronghe.kernel.jobs.models import Schedule

_JOBS: dict[str, tuple[str, Task]] = {}


def every(cron: str, name: str, scheduled: Task) -> Task:
    """Declare that a job runs by itself at the times of `cron` (five fields, Asia/Shanghai)."""
    _JOBS[name] = (cron, scheduled)
    return scheduled


def run_due_schedules(*, at: datetime) -> list[str]:
    """Enqueue what is due and return its names. A time that passed while nothing ran is made up for once."""
    known = {schedule.name: schedule for schedule in Schedule.objects.order_by("name")}
    started = []
    for name, (cron, scheduled) in sorted(_JOBS.items()):
        schedule = known.get(name)
        if schedule is None or schedule.cron != cron:
            Schedule.objects.update_or_create(name=name, defaults={"cron": cron, "next_run_at": next_run(cron, at)})
        elif schedule.next_run_at <= at and _enqueue_once(schedule, cron, scheduled, at):
            started.append(name)
    return started


def next_run(cron: str, after: datetime) -> datetime:
    """Return the first time of `cron` after `after`."""
    local = after.astimezone(ZoneInfo(settings.TIME_ZONE))
    following: datetime = croniter(cron, local).get_next(datetime)
    return following


@transaction.atomic
def _enqueue_once(schedule: Schedule, cron: str, scheduled: Task, at: datetime) -> bool:
    mine = Schedule.objects.filter(pk=schedule.pk, next_run_at=schedule.next_run_at)
    if not mine.update(next_run_at=next_run(cron, at), last_run_at=at):
        return False
    scheduled.enqueue()
    return True


def overdue_schedules(*, at: datetime, by: timedelta) -> list[str]:
    """Return the schedules that should have run more than `by` ago: no worker is running."""
    late = Schedule.objects.filter(name__in=_JOBS, next_run_at__lt=at - by).order_by("name")
    return list(late.values_list("name", flat=True))


def declared_schedules() -> dict[str, Any]:
    return {name: cron for name, (cron, _job) in sorted(_JOBS.items())}
