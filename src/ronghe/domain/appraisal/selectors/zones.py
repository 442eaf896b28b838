"""What the last published run said of one zone, for pages that show it beside live figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ronghe.domain.appraisal.calc.keeping import RESULTS
from ronghe.domain.appraisal.calc.results import ResultRow, row_of
from ronghe.domain.appraisal.enums import PUBLISHED, Level, RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import SEE_RUN
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import may_see_result
from ronghe.domain.org.models import Person


@dataclass(frozen=True, slots=True)
class ZoneScore:
    """A result with its run; the score in 1/10,000."""

    run: Run
    row: ResultRow

    @property
    def source(self) -> str:
        return f"#{self.run.pk} {self.run.title_zh} {self.run.period}"


def last_score_of(body: int, actor: Person, at: datetime) -> ZoneScore | None:
    """Return what the latest run on notice or final that `actor` may see says of the zone whose branch is `body`."""
    rows = Run.objects.filter(level=Level.ZONE, state__in=sorted(PUBLISHED))
    for run in SEE_RUN.narrow(actor, rows, at=at).order_by("-period_until", "-pk")[:3]:
        row = row_of(kept_of(run).path(RESULTS), body) if run.results_digest else None
        if row is not None and may_see_result(actor, run, subject=row.subject, body=row.body, at=at):
            return ZoneScore(run, row)
    return None


def final_score_of(body: int) -> tuple[Run, Result] | None:
    """Return the last final result of the zone whose branch is `body`: what an evaluation quotes."""
    rows = Result.objects.filter(subject=body, run__level=Level.ZONE, run__state=RunState.FINAL)
    found = rows.select_related("run").order_by("-run__period_until", "-run_id").first()
    return (found.run, found) if found is not None else None
