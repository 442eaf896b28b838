"""One subject in two runs of one sheet: period against period, or a final run against the one that corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.appraisal.enums import RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.rules import SEE_RUN
from ronghe.domain.appraisal.selectors.explaining import Explanation, explained_for
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.language import in_language
from ronghe.kernel.words import N_
from ronghe.scoring.difference import Difference, Side, difference
from ronghe.scoring.exact import text

OFFERED = 12
"""So many other runs are offered to compare with."""


class NothingToCompare(DomainError):
    code = "nothing_to_compare"
    sentence = N_("还没有同一张评分表的另一次考评可以比。")


@dataclass(frozen=True, slots=True)
class RunDifference:
    """`before` is the earlier one: the earlier period, or what was corrected."""

    before: Explanation
    after: Explanation
    run_before: Run
    run_after: Run
    found: Difference


def comparable_runs(actor: Person, run: Run, at: datetime) -> QuerySet[Run]:
    """Return the other runs of the same sheet and body that have results and the actor may see, the latest first."""
    rows = Run.objects.filter(
        body_id=run.body_id, playbook_id=run.playbook_id, sheet_id=run.sheet_id, level=run.level,
        results_digest__isnull=False,
    ).exclude(pk=run.pk).exclude(state__in=[RunState.WITHDRAWN, RunState.COMPUTING])  # fmt: skip
    return SEE_RUN.narrow(actor, rows, at=at).order_by("-period_until", "-pk")


def difference_for(
    actor: Person, run: Run, subject: int, at: datetime, *, other: int | None = None
) -> RunDifference:  # fmt: skip
    """Return what lies between this run's result and another's, by default the corrected one, else the period before.

    :raises NotFound: the actor may not see one of the two, or the subject is not in both
    :raises NothingToCompare: there is no other run
    """
    found = comparable_runs(actor, run, at)
    if other is not None:
        chosen = found.filter(pk=other).first()
        if chosen is None:
            raise NotFound
    else:
        earlier = found.filter(period_until__lt=run.period_until)
        corrected = found.filter(replacements=run).first()
        chosen = corrected or earlier.first() or found.first()
        if chosen is None:
            raise NothingToCompare
    before, after = sorted((run, chosen), key=lambda one: (one.period_until, one.pk))
    old, new = explained_for(actor, before, subject, at), explained_for(actor, after, subject, at)
    return RunDifference(old, new, before, after, difference(old.tree, new.tree))


def difference_as_data(found: RunDifference) -> dict[str, Any]:
    """Return it for programs, numbers as exact decimal texts."""
    return {
        "run_before": found.run_before.pk, "run_after": found.run_after.pk, "before": text(found.found.before),
        "after": text(found.found.after), "points": text(found.found.points),
        "changes": [
            {"id": one.id, "title": in_language(one.title), "rest": one.is_rest, "points": text(one.points),
             "why": list(one.why), "before": _side(one.before), "after": _side(one.after)}
            for one in found.found.changes
        ],
    }  # fmt: skip


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "value": text(side.value), "full": text(side.full), "applicable": side.applicable, "measured": side.measured,
        "formula": side.formula,
    }  # fmt: skip
