"""The figures that a run waits for: its subjects, each with what is known of it, as lines ready to be entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronghe.domain.appraisal.enums import RUN_FLOW, Level
from ronghe.domain.appraisal.models import Figure, Run
from ronghe.domain.appraisal.selectors.results import NamedResult
from ronghe.domain.appraisal.selectors.sheets import figures_of, sheet_of_run
from ronghe.domain.appraisal.selectors.subjects import UNIT_KINDS_OF_LEVEL
from ronghe.domain.org.models import Person
from ronghe.kernel.subjects import declared_subjects


@dataclass(frozen=True, slots=True)
class RunFigure:
    """One subject of a run, how a row of figures names it, and its figure of the period if there is one."""

    subject: int
    name: str
    reference: str
    current: Figure | None


def items_asked_by(run: Run) -> dict[str, str]:
    """Return the figures that the run's sheet takes, with titles; none where it cannot be computed again."""
    return figures_of(sheet_of_run(run)) if RUN_FLOW.allows(run, "recompute") else {}


def figures_for_run(run: Run, results: Sequence[NamedResult], item: str) -> list[RunFigure]:
    """Return the subjects of these results with their figure of the run's period; at most two statements."""
    subjects = [one.row.subject for one in results]
    rows = Figure.objects.filter(item=item, period=run.period, is_current=True)
    if run.level == Level.MEMBER:
        people = dict(Person.objects.filter(token__in=subjects).order_by().values_list("pk", "token"))
        known = {people[row.person_id]: row for row in rows.filter(person__in=people) if row.person_id}
        prefix = f"{run.level}#"
    elif declared_subjects(run.level) is not None:
        known = {row.subject: row for row in rows.filter(level=run.level, subject__in=subjects) if row.subject}
        prefix = f"{run.level}#"
    elif run.level in UNIT_KINDS_OF_LEVEL:
        known = {row.unit_id: row for row in rows.filter(unit__in=subjects) if row.unit_id}
        prefix = "unit#"
    else:
        plain = rows.filter(body__in=subjects, person=None, subject=None)
        known = {row.body_id: row for row in plain if row.body_id}
        prefix = "#"
    return [
        RunFigure(one.row.subject, one.name, f"{prefix}{one.row.subject}", known.get(one.row.subject))
        for one in results
    ]


def lines_to_enter(
    run: Run, rows: Sequence[RunFigure], item: str, values: Mapping[int, str], said: Mapping[str, str]
) -> list[tuple[str, dict[str, str]]]:
    """Return the rows of figures to enter: what was typed anew, a changed one as a correction; `said` is source and voucher."""
    lines = []
    for row in rows:
        typed = values.get(row.subject, "").strip()
        if not typed or (row.current is not None and typed == f"{row.current.value.normalize():f}"):
            continue
        corrects = str(row.current.pk) if row.current is not None else ""
        cells = {"item": item, "whose": row.reference, "period": run.period, "value": typed, "corrects": corrects}
        lines.append((row.name, cells | dict(said)))
    return lines
