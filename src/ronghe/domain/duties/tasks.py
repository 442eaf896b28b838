"""Every morning: what rows owe in the period becomes tasks."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.duties.services.recurring import give_due_tasks
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def give_duty_tasks() -> None:
    give_due_tasks(at=timezone.now())


every("15 6 * * *", "give_duty_tasks", give_duty_tasks)
