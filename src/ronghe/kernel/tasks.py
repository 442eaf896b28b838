"""The kernel's own jobs."""

from __future__ import annotations

from django.utils import timezone

from ronghe.kernel.facts.seal import seal_facts
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=3)
def seal_new_facts() -> None:
    seal_facts(at=timezone.now())


every("*/10 * * * *", "seal_new_facts", seal_new_facts)
