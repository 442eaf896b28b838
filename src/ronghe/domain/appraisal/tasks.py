"""Computing runs: at once where it takes less than a second, else beside the pages."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from ronghe.domain.appraisal.enums import RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.services.computing import compute_run, is_small, note_failure
from ronghe.kernel.jobs.jobs import job


@job(retries=0)
def compute(run_id: int) -> None:
    run = Run.objects.select_related("body", "started_by").get(pk=run_id)
    if run.state == RunState.COMPUTING:  # else computed by the worker before, which died after its work
        compute_or_note(run=run, at=timezone.now())


def compute_or_note(*, run: Run, at: datetime) -> Run:
    """Compute a run; if that fails, note on it why, and raise."""
    try:
        return compute_run(run=run, at=at)
    except Exception as error:
        fresh = Run.objects.get(pk=run.pk)
        if fresh.state == RunState.COMPUTING:
            note_failure(run=fresh, error=error)
        raise


def compute_now_or_later(*, run: Run, at: datetime) -> Run:
    """Compute a small run while its starter waits; leave a large one to the job, whose progress stands on the run."""
    if is_small():
        return compute_or_note(run=run, at=at)
    compute.enqueue(run_id=run.pk)
    return run
