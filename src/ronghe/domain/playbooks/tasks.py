"""Adopting for many bodies beside the pages."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.playbooks.models import AdoptionBatch
from ronghe.domain.playbooks.services.batches import carry_on
from ronghe.kernel.jobs.jobs import job


@job(retries=3)
def adopt_for_many(batch_id: int) -> None:
    batch = AdoptionBatch.objects.select_related("version__text", "asked_by").filter(pk=batch_id).first()
    if batch is not None:
        carry_on(batch=batch, at=timezone.now())
