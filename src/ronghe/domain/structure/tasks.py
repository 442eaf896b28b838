"""Every night: acts take effect on their day, temporary bodies end with their project."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.structure.services.ending import carry_out_due, end_with_projects
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def settle_structure() -> None:
    now = timezone.now()
    carry_out_due(day=day_of(now), at=now)
    end_with_projects(day=day_of(now), at=now)


every("5 0 * * *", "settle_structure", settle_structure)
