"""Explaining one subject's result: the sheet's tree with its values filled in, down to the ids of the facts.

Computed by the twins from the subject's own facts, not read back from the run: an explanation that ends at another
number than the run is refused, so the two check each other whenever somebody looks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_
from ronghe.scoring.columns import constant
from ronghe.scoring.exact import UNIT, divided, text
from ronghe.scoring.inputs import Inputs
from ronghe.scoring.measures.base import Measure, Reading
from ronghe.scoring.measures.steady import Steady
from ronghe.scoring.nodes.base import EvidenceView, Outcome
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.period import SHANGHAI, Period
from ronghe.scoring.plan import WideSight
from ronghe.scoring.records import Evidence, Fact, Obligation
from ronghe.scoring.run import RunResult
from ronghe.scoring.sheets import Sheet


class SubjectUnknown(DomainError):
    """The run has no such subject."""

    code = "subject_unknown"
    sentence = N_("这次评分里没有 %(subject)s。")
    status = 404


class ExplanationDiffers(DomainError):
    """Two ways of computing the same number disagree: neither is shown."""

    code = "explanation_differs"
    sentence = N_("%(subject)s的得分 %(total)s 与逐项复算的 %(recomputed)s 不一致，请联系系统管理员核查。")
    status = 500


def explain(run: RunResult, subject: str) -> dict[str, Any]:
    """Return the tree of one subject: each node with `id, kind, title, value, full, applicable, facts, formula, children`.

    Numbers are exact decimal texts. `measured` is what the node's measure came to, as a fraction where it is one.

    :raises SubjectUnknown: nobody of that id is scored
    :raises ExplanationDiffers: the recomputed total is not the run's
    """
    row = next((row for row in run.rows if str(row["subject"]) == str(subject)), None)
    if row is None:
        raise SubjectUnknown(subject=subject)
    evidence = evidence_of(run.inputs, run.sheet, run.period, row["subject"], row["category"])
    evidence = replace(evidence, averages=averages_of(run, row["subject"]))
    outcome = outcome_of(run.sheet, evidence)
    value = outcome.mark.value if outcome.mark.applicable else None
    if not row["left_out"] and value != row["total"]:
        totals = {"total": row["total"], "recomputed": value}
        raise ExplanationDiffers(
            subject=subject, **{name: "–" if units is None else text(units) for name, units in totals.items()}
        )
    return _tree(outcome, run.period)


def averages_of(run: RunResult, subject: Any) -> dict[tuple[Measure, str], int]:
    """Return the averages of one subject's peers that its steadied measures are drawn towards."""
    plan = run.plan
    steady = [(spot, spot.node.of) for spot in plan.spots if isinstance(spot.node.of, Steady)]
    if not steady:
        return {}
    wide = plan.table_of_leaves()
    columns = {
        f"average_{number}": measure.average(WideSight(plan, wide, spot))
        for number, (spot, measure) in enumerate(steady)
    }
    found = wide.select(subject=wide["subject"], **columns)
    [row] = run.inputs.engine.to_pyarrow(found.filter(found["subject"] == subject)).to_pylist()
    return {(measure, spot.window.name): row[f"average_{number}"] for number, (spot, measure) in enumerate(steady)}


def outcome_of(sheet: Sheet, evidence: Evidence) -> Outcome:
    """Return the sheet's tree with one subject's values, vetoes decided first."""
    return sheet.root.twin(under_vetoes(sheet, evidence))


def under_vetoes(sheet: Sheet, evidence: Evidence) -> Evidence:
    """Return the evidence with the items that vetoes bring to nought."""
    view = EvidenceView(evidence)
    zeroed = {item for veto in sheet.vetoes if veto.zero and veto.condition.holds(view) for item in veto.zero}
    return replace(evidence, vetoed_items=frozenset(zeroed))


def evidence_of(inputs: Inputs, sheet: Sheet, period: Period, subject: Any, category: str | None) -> Evidence:
    """Return what counts for one subject, read from the same tables as the run."""
    measures = [measure for node in sheet.nodes for measure in node.measures] + list(sheet.measures)
    measures += [measure for node in sheet.nodes if isinstance(node, Fold) for measure in node.piece.measures]
    names = sorted({name for measure in measures for name, _values in getattr(measure, "where", ())})
    previous = _previous(inputs, subject)
    return Evidence(
        window=period,
        key=sheet.key,
        subject=subject,
        category=category,
        facts=_facts(inputs, period, subject, names),
        obligations=_obligations(inputs, sheet, period, subject),
        previous_total=previous.get("total"),
        previous_grade=previous.get("grade"),
        headcounts=_headcounts(
            inputs, period, subject, {level for m in measures if (level := getattr(m, "level", None))}
        ),
    )


def _facts(inputs: Inputs, period: Period, subject: Any, names: list[str]) -> tuple[Fact, ...]:
    rows = inputs.at_home(inputs.facts(period, names), period)
    mine = (rows["subject"] == subject).fill_null(False) | (rows["body"] == subject).fill_null(False)
    mine = mine | (rows["home"] == subject).fill_null(False)
    found = inputs.engine.to_pyarrow(rows.filter(mine)).to_pylist()
    facts = [
        Fact(
            row["id"],
            row["kind"],
            _moment(row["occurred_at"]),
            row["subject"],
            row["body"],
            row["home"],
            row["amount"],
            {name: row[f"attribute_{name}"] for name in names},
        )
        for row in found
    ]
    return tuple(sorted(facts, key=lambda fact: (fact.at, fact.id)))


def _moment(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _obligations(inputs: Inputs, sheet: Sheet, period: Period, subject: Any) -> tuple[Obligation, ...]:
    if not inputs.has("obligations"):
        return ()
    rows = inputs.obligations(sheet.key, period).mutate(is_below=constant(value=False, kind="boolean"))
    if sheet.key == "body" and inputs.has("subjects"):
        rows = inputs.lifted(rows.drop("is_below"), sheet.level, period)
    found = inputs.engine.to_pyarrow(rows.filter(rows["key"] == subject)).to_pylist()
    owed = [
        Obligation(
            row["mechanism"],
            row["due_until"],
            row["state"],
            () if row["record"] is None else (row["record"],),
            is_below=row["is_below"],
        )
        for row in found
    ]
    return tuple(sorted(owed, key=lambda one: (one.mechanism, one.due_until, one.state, str(one.facts))))


def _previous(inputs: Inputs, subject: Any) -> dict[str, Any]:
    if not inputs.has("previous"):
        return {}
    rows = inputs.previous()
    found = inputs.engine.to_pyarrow(rows.filter(rows["subject"] == subject)).to_pylist()
    return dict(found[0]) if found else {}


def _headcounts(inputs: Inputs, period: Period, subject: Any, levels: set[str]) -> dict[str, int]:
    if not inputs.has("subjects"):
        return {}
    counts = {}
    for level in sorted(levels):
        people = inputs.subjects(level, period)
        counts[level] = inputs.engine.to_pyarrow(people.filter(people["body"] == subject)).num_rows
    return counts


def _tree(outcome: Outcome, period: Period) -> dict[str, Any]:
    node, window = outcome.node, outcome.window
    kind = node.piece.kind if isinstance(node, Fold) else node.kind
    return {
        "id": node.id if window is period else f"{node.id}@{window.name}",
        "kind": kind,
        "title": dict(node.title),
        "value": text(outcome.mark.value),
        "full": text(outcome.full),
        "applicable": outcome.mark.applicable,
        "measured": _measured(outcome.reading),
        **_steadied(outcome.reading),
        "formula": node.words(),
        "facts": list(outcome.facts),
        "children": [_tree(item, period) for item in outcome.items],
    }


def _steadied(reading: Reading | None) -> dict[str, str | None]:
    """What was measured itself, and the average it was drawn towards; nothing for what is not steadied."""
    if reading is None or reading.raw is None or reading.average is None:
        return {}
    return {"raw": _measured(reading.raw), "peers": text(reading.average)}


def _measured(reading: Reading | None) -> str | None:
    if reading is None or not reading.count:
        return None
    if reading.count == 1:
        return text(reading.number)
    mean = text(divided(reading.number, reading.count))
    exact = divided(reading.number, reading.count) * reading.count == reading.number
    if exact:
        return mean
    # A share of sums is kept in units above and below, and read as what was counted.
    unit = UNIT if reading.number % UNIT == reading.count % UNIT == 0 else 1
    return f"{text(reading.number // unit)}/{reading.count // unit}"
