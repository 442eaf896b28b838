"""Every morning: what was on notice long enough counts."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.merits.services.counting import count_after_notice
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def count_merits() -> None:
    count_after_notice(at=timezone.now())


every("15 0,7 * * *", "count_merits", count_merits)
