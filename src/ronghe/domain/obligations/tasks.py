"""Every night: obligations of the days that came into reach, and records that are not matched at once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.obligations.services.matching import match_other_kinds
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every

LOOK_BACK = timedelta(days=31)
"""How late a fact may be recorded and still be found by the nightly matching."""


@job(retries=3)
def extend_obligations() -> None:
    now = timezone.now()
    generate_obligations(at=now)
    match_other_kinds(since=day_of(now) - LOOK_BACK)


every("20 0 * * *", "extend_obligations", extend_obligations)
