"""Every night what was put off and has come back is forgotten."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.today.services.putting_off import forget_put_off
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def forget_what_came_back() -> None:
    forget_put_off(at=timezone.now())


every("55 0 * * *", "forget_what_came_back", forget_what_came_back)
