"""The calendar moves on: every night the obligations of the days that came into reach are generated."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def extend_obligations() -> None:
    generate_obligations(at=timezone.now())


every("20 0 * * *", "extend_obligations", extend_obligations)
