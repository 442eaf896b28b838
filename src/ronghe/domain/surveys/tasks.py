"""Every hour: surveys whose time is over are closed."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.surveys.services.closing import close_due
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def close_surveys() -> None:
    close_due(at=timezone.now())


every("12 * * * *", "close_surveys", close_surveys)
