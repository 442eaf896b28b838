"""Every five minutes: work that goes on is held against gas, hours, guardian and wind; every night: the archive."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.permits.services.working import archive_permits, watch_permits
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def watch_live_permits() -> None:
    watch_permits(at=timezone.now())


@job(retries=3)
def archive_old_permits() -> None:
    archive_permits(at=timezone.now())


every("*/5 * * * *", "watch_live_permits", watch_live_permits)
every("50 1 * * *", "archive_old_permits", archive_old_permits)
