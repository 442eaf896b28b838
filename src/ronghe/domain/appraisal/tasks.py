"""Long computations run beside the pages."""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.appraisal.enums import RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.services.computing import compute_run, note_failure
from ronghe.kernel.jobs.jobs import job


@job(retries=0)
def compute(run_id: int) -> None:
    run = Run.objects.select_related("body", "started_by").get(pk=run_id)
    if run.state != RunState.COMPUTING:  # computed by the worker before, which died after its work
        return
    try:
        compute_run(run=run, at=timezone.now())
    except Exception as error:
        note_failure(run=Run.objects.get(pk=run_id), error=error)
        raise
