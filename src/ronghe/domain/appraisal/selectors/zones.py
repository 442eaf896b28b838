"""What the last published run said of one zone or one company, for pages that show it beside live figures."""

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
class LastScore:
    """A result with its run; the score in 1/10,000."""

    run: Run
    row: ResultRow

    @property
    def source(self) -> str:
        return f"#{self.run.pk} {self.run.title_zh} {self.run.period}"


LOOKED_AT = 6
"""So many of the latest runs are asked: sheets of other companies and other branches' runs lie between."""


def last_score_of(subject: int, actor: Person, at: datetime, *, level: Level = Level.ZONE) -> LastScore | None:
    """Return what the latest run on notice or final that `actor` may see says of a subject: a zone's branch, a company."""
    rows = Run.objects.filter(level=level, state__in=sorted(PUBLISHED))
    for run in SEE_RUN.narrow(actor, rows, at=at).order_by("-period_until", "-pk")[:LOOKED_AT]:
        row = row_of(kept_of(run).path(RESULTS), subject) if run.results_digest else None
        if row is not None and may_see_result(actor, run, subject=row.subject, body=row.body, at=at):
            return LastScore(run, row)
    return None


def final_score_of(body: int) -> tuple[Run, Result] | None:
    """Return the last final result of the zone whose branch is `body`: what an evaluation quotes."""
    rows = Result.objects.filter(subject=body, run__level=Level.ZONE, run__state=RunState.FINAL)
    found = rows.select_related("run").order_by("-run__period_until", "-run_id").first()
    return (found.run, found) if found is not None else None
