"""Every night: changes of status whose day has come are today's status."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.org.services.statuses import turn_statuses
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def turn_members() -> None:
    turn_statuses(at=timezone.now())


every("5 0 * * *", "turn_members", turn_members)
