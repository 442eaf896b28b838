"""Every night: what has waited too long for an act that never came."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.offline.services.taking import give_up_gaps
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def give_up_offline_gaps() -> None:
    give_up_gaps(at=timezone.now())


every("35 1 * * *", "give_up_offline_gaps", give_up_offline_gaps)
