"""Every morning and noon: what is overdue goes up."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.items.services.escalating import escalate_overdue
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def escalate_items() -> None:
    escalate_overdue(at=timezone.now())


every("5 8,12 * * *", "escalate_items", escalate_items)
