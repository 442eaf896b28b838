"""Every morning: each running project's forecast is made for the day, late tasks are told, on Mondays the week is kept."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.schedule.models import Schedule
from ronghe.domain.schedule.services.weeks import turn_day
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def turn_schedules() -> None:
    now = timezone.now()
    rows = Schedule.objects.filter(project__state__in=[ProjectState.PLANNED, ProjectState.UNDER_WAY])
    for schedule in rows.select_related("project").order_by("pk"):
        turn_day(schedule=schedule, at=now)


every("15 4 * * *", "turn_schedules", turn_schedules)
