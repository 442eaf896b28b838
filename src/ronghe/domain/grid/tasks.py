"""Every working morning before people come: requests whose clock ran out rise by themselves."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.grid.services.requests import rise_overdue
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def rise_grid_requests() -> None:
    rise_overdue(at=timezone.now())


every("10 0 * * *", "rise_grid_requests", rise_grid_requests)
