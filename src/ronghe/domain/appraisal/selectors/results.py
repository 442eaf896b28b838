"""Results as somebody may see them: of a final run its frozen rows, before that the file of the computation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ronghe.domain.appraisal.calc.keeping import RESULTS, Kept
from ronghe.domain.appraisal.calc.results import (
    EVERYTHING,
    NOTHING,
    Cut,
    ResultRow,
    cut_rows,
    each_row,
    grade_counts,
    row_of,
)
from ronghe.domain.appraisal.enums import CHECKED, Level, RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.rules import SEE_RUN, SEE_WHOLE_RUN
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.remarks import answers_for
from ronghe.domain.appraisal.selectors.subjects import names_of
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import local_day, roots
from ronghe.kernel.db.tree import descendants
from ronghe.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class NamedResult:
    """A result with the name that the one who looks may see."""

    row: ResultRow
    name: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    rows: tuple[NamedResult, ...]
    count: int


def cut_for(actor: Person, run: Run, at: datetime) -> Cut:
    """Return which results of `run` the actor may see.

    Leaders and watchers of its body see all of it. Once it is published, bodies' results are seen by everybody below,
    people's by themselves and by the leaders and watchers of their branch (PI-05: everybody sees their own). In the
    self-check everybody sees what he or she answers for.
    """
    if SEE_WHOLE_RUN.allows(actor, run, at=at):
        return EVERYTHING
    if not SEE_RUN.allows(actor, run, at=at):
        return NOTHING
    if run.state in CHECKED:
        return answers_for(actor, run, at)
    if run.level != Level.MEMBER:
        return EVERYTHING
    day = local_day(at)
    mine = roots(actor, frozenset(str(role) for role in LEADERS | WATCHERS), day, "body")
    below = descendants(PartyOrg, mine, day=day) if mine else []
    bodies = frozenset(link["descendant_id"] for link in below)
    return Cut(subjects=frozenset({actor.token}), bodies=bodies)


def may_see_result(actor: Person, run: Run, *, subject: int, body: int | None, at: datetime) -> bool:
    """Tell whether the actor may see the result of `subject`, which lies in `body`."""
    return cut_for(actor, run, at).allows(subject, body)


def results_seen_by(actor: Person, run: Run, at: datetime, *, start: int = 0, limit: int = 50) -> ResultPage:
    """Return a page of the results that the actor may see, best first, with names; at most four statements."""
    cut = cut_for(actor, run, at)
    rows, count = _frozen(run, cut, start, limit) if run.state == RunState.FINAL else _computed(run, cut, start, limit)
    names = names_of(run.level, [row.subject for row in rows])
    return ResultPage(tuple(NamedResult(row, names.get(row.subject, "—")) for row in rows), count)


def result_seen_by(actor: Person, run: Run, subject: int, at: datetime) -> NamedResult:
    """Return one result with its items.

    :raises NotFound: there is none, or the actor may not see it
    """
    row = row_of_run(run, subject)
    if row is None or not may_see_result(actor, run, subject=row.subject, body=row.body, at=at):
        raise NotFound
    return NamedResult(row, names_of(run.level, [subject]).get(subject, "—"))


def row_of_run(run: Run, subject: int) -> ResultRow | None:
    """Return the row of a subject in the last computation, whoever asks; `None` where there is none."""
    return row_of(kept_of(run).path(RESULTS), subject) if run.results_digest else None


def grades_seen_by(actor: Person, run: Run, at: datetime) -> dict[str | None, int]:
    """Return how many of the results that the actor may see have each grade."""
    cut = cut_for(actor, run, at)
    return grade_counts(kept_of(run).path(RESULTS), cut) if run.results_digest and not cut.is_empty else {}


def rows_in(kept: Kept) -> Iterator[ResultRow]:
    """Yield every result of a computation in the order of its file."""
    return each_row(kept.path(RESULTS))


def frozen_rows(run: Run, cut: Cut) -> QuerySet[Result]:
    """Return the rows of a final run that `cut` allows, best first, those without a rank last."""
    rows = Result.objects.filter(run=run)
    if not cut.everything:
        rows = rows.filter(Q(subject__in=cut.subjects) | Q(body__in=cut.bodies))
    return rows.order_by("pk")  # written in the order of the file


def _frozen(run: Run, cut: Cut, start: int, limit: int) -> tuple[list[ResultRow], int]:
    if cut.is_empty:
        return [], 0
    rows = frozen_rows(run, cut)
    return [_row(result) for result in rows[start : start + limit]], rows.count()


def _computed(run: Run, cut: Cut, start: int, limit: int) -> tuple[list[ResultRow], int]:
    if not run.results_digest:
        return [], 0
    return cut_rows(kept_of(run).path(RESULTS), cut, start=start, limit=limit)


def _row(result: Result) -> ResultRow:
    vetoes: Sequence[str] = json.loads(result.vetoes)
    notes: Sequence[str] = json.loads(result.notes)
    return ResultRow(
        result.subject, result.body, result.category, result.score, result.rank, result.grade, tuple(vetoes),
        tuple(notes),
    )  # fmt: skip
