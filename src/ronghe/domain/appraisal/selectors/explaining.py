"""Where a result comes from: its tree, the facts behind it, what is missing to the next grade, how it went before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.appraisal.calc.scoring import FACTS, OBLIGATIONS, explain_kept
from ronghe.domain.appraisal.enums import RunState
from ronghe.domain.appraisal.models import Result, Run
from ronghe.domain.appraisal.selectors.kept import kept_of
from ronghe.domain.appraisal.selectors.results import NamedResult, result_seen_by
from ronghe.domain.appraisal.selectors.sheets import sheet_of_run
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.kernel.calendar.periods import DAY
from ronghe.kernel.errors import NotFound
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.language import in_language
from ronghe.kernel.words import _
from ronghe.scoring.conditions import Compare
from ronghe.scoring.exact import UNIT, units
from ronghe.scoring.sheets import Sheet

MOST_FACTS = 200
"""Facts shown of one node at once."""

EARLIER = 6
"""Results shown over time."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A result, its sheet, and the sheet's tree with the result's values (see `ronghe.scoring.explain`)."""

    result: NamedResult
    sheet: Sheet
    tree: dict[str, Any]

    @property
    def fact_ids(self) -> list[int]:
        """The ids of all facts behind it, each once."""
        return list(self.tree["facts"])

    def node(self, node_id: str) -> dict[str, Any]:
        """Return one node of the tree.

        :raises NotFound: there is none of this id
        """
        for node in _each(self.tree):
            if node["id"] == node_id:
                return node
        raise NotFound


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact as a page shows it; `quantity` in 1/10,000."""

    id: int
    title: str
    occurred_at: datetime
    where: str
    quantity: int
    measure: str | None
    attributes: Mapping[str, Any]
    source_type: str | None
    source_id: int | None
    """The record that the fact came from."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One obligation behind a number that was not met in time."""

    mechanism: str
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing to the next grade, and where most of it could come from: (title, points in 1/10,000)."""

    grade: str
    begins_at: int
    missing: int
    chances: tuple[tuple[str, int], ...]


def explained_for(actor: Person, run: Run, subject: int, at: datetime) -> Explanation:
    """Return the explanation of one result, computed from what the run kept.

    :raises NotFound: there is no such result, or the actor may not see it
    :raises ExplanationDiffers: the tree does not come to the result
    """
    result = result_seen_by(actor, run, subject, at)
    tree = explain_kept(kept_of(run), run.sheet_id, run.period, result.row)
    return Explanation(result, sheet_of_run(run), tree)


def facts_behind(run: Run, ids: Sequence[int]) -> list[FactLine]:
    """Return the kept facts of these ids in the order in which they happened, at most `MOST_FACTS`; one statement."""
    import pyarrow.parquet as pq

    wanted = list(ids)[:MOST_FACTS]
    rows = pq.read_table(kept_of(run).path(FACTS), filters=[("id", "in", wanted)]).to_pylist() if wanted else []
    places = dict(
        PartyOrg.objects.filter(pk__in={row["body"] for row in rows if row["body"]})
        .order_by()
        .values_list("pk", "name")
    )
    kinds = declared_kinds()
    lines = [
        FactLine(
            id=row["id"],
            title=_(kinds[row["kind"]].title) if row["kind"] in kinds else row["kind"],
            occurred_at=row["occurred_at"],
            where=places.get(row["body"], ""),
            quantity=row["quantity_e4"],
            measure=row["measure"],
            attributes=json.loads(row["attributes"] or "{}"),
            source_type=row["source_type"],
            source_id=row["source_id"],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.occurred_at, line.id))


def faults_behind(run: Run, subject: int) -> dict[str, list[FaultLine]]:
    """Return what a subject met late or not at all, by mechanism in order of the due day; read from the kept table."""
    import pyarrow.parquet as pq

    kept = kept_of(run)
    if not kept.has(OBLIGATIONS):
        return {}
    filters = [("body", "=", subject), ("state", "in", ["missed", "late"])]
    found: dict[str, list[FaultLine]] = {}
    for row in pq.read_table(kept.path(OBLIGATIONS), filters=filters).sort_by("due_until").to_pylist():
        line = FaultLine(row["mechanism"], row["due_until"] - DAY, row["state"] == "late")
        found.setdefault(row["mechanism"], []).append(line)
    return found


def gap_to_next(explanation: Explanation) -> Gap | None:
    """Return what is missing to the next better grade that begins at a number of points, or nothing at the top."""
    sheet, score = explanation.sheet, explanation.result.row.score
    if sheet.grades is None or score is None:
        return None
    edges = [
        (found.limit, in_language(band.title))
        for band in sheet.grades.bands
        if band.condition
        for found in band.condition.inside()
        if isinstance(found, Compare) and found.measure is None and found.item is None and found.limit > score
    ]
    if not edges:
        return None
    begins_at, title = min(edges)
    return Gap(title, begins_at, begins_at - score, tuple(_chances(explanation.tree))[:3])


def earlier_scores(run: Run, subject: int) -> list[tuple[str, Decimal]]:
    """Return the scores of the subject in final runs of the same sheet, the oldest first, this one's period last out."""
    rows: QuerySet[Result] = Result.objects.filter(
        subject=subject, score__isnull=False, run__state=RunState.FINAL, run__body_id=run.body_id,
        run__playbook_id=run.playbook_id, run__sheet_id=run.sheet_id, run__period_until__lt=run.period_until,
    )  # fmt: skip
    rows = rows.exclude(run__replacements__state=RunState.FINAL).order_by("-run__period_until")[:EARLIER]
    pairs = rows.values_list("run__period", "score")
    found = [(period, Decimal(score) / UNIT) for period, score in pairs if score is not None]
    return found[::-1]


def _chances(tree: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Where points are still missing, most first; of an item no more than its group is missing."""
    found: list[tuple[str, int]] = []
    for leaf, room in _leaves(tree, None):
        missing = min(units(leaf["full"]) - units(leaf["value"]), room)
        if missing > 0:
            found.append((in_language(leaf["title"]), missing))
    return sorted(found, key=lambda chance: -chance[1])


def _leaves(node: Mapping[str, Any], room: int | None) -> Iterator[tuple[Mapping[str, Any], int]]:
    if not node["applicable"]:
        return
    own = units(node["full"]) - units(node["value"])
    left = own if room is None else min(own, room)
    if not node["children"]:
        yield node, left
    for child in node["children"]:
        yield from _leaves(child, left)


def _each(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _each(child)
