"""Runs as somebody may see them."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import SEE_RUN
from ronghe.domain.org.models import Person
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.errors import NotFound


def runs_seen_by(
    actor: Person, at: datetime, *, period: str = "", state: str = "", page: int = 1, size: int = 20
) -> Listed[Run]:
    """Return a page of the runs that the actor may see, the latest first."""
    rows = Run.objects.select_related("body", "started_by")
    if period:
        rows = rows.filter(period=period)
    if state:
        rows = rows.filter(state=state)
    return list_seen(SEE_RUN, actor, rows, order_by=["-started_at"], at=at, page=page, size=size)


def run_seen_by(actor: Person, run_id: int, at: datetime) -> Run:
    """Return one run with what its page shows.

    :raises NotFound: there is none, or the actor may not see it
    """
    rows = Run.objects.select_related("body", "started_by", "published_by", "finalized_by", "replaces")
    run = SEE_RUN.narrow(actor, rows, at=at).filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run


def replacement_of(run: Run) -> Run | None:
    """Return the run that corrects this one, the latest if earlier tries were withdrawn."""
    return run.replacements.order_by("-pk").first()
