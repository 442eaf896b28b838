"""Every night: what has waited too long for an act that never came. Every five minutes: signatures that came too early."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.offline.services.taking import give_up_gaps, take_early_signatures
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def give_up_offline_gaps() -> None:
    give_up_gaps(at=timezone.now())


@job(retries=3)
def take_early_permit_signatures() -> None:
    take_early_signatures(at=timezone.now())


every("*/5 * * * *", "take_early_permit_signatures", take_early_permit_signatures)
every("35 1 * * *", "give_up_offline_gaps", give_up_offline_gaps)
