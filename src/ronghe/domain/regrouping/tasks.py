"""Searching beside the pages, and carrying out on the day that was decided."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.regrouping.models import GroupingProposal
from ronghe.domain.regrouping.services.carrying_out import carry_out_due
from ronghe.domain.regrouping.services.solving import search
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=0)
def search_proposal(proposal_id: int) -> None:
    proposal = GroupingProposal.objects.select_related("regrouping__body").filter(pk=proposal_id).first()
    if proposal is not None:
        search(proposal=proposal, at=timezone.now())


@job(retries=1)
def carry_out_regroupings() -> None:
    carry_out_due(at=timezone.now())


every("10 0 * * *", "carry_out_regroupings", carry_out_regroupings)
