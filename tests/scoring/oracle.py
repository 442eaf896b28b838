"""The oracle: a whole run in plain Python, from rows and twins alone, sharing no line with the Ibis plan."""

from __future__ import annotations

from datetime import UTC, datetime

from ronghe.scoring.exact import units
from ronghe.scoring.explain import outcome_of
from ronghe.scoring.period import SHANGHAI, Period
from ronghe.scoring.records import Evidence, Fact, Obligation
from ronghe.scoring.sheets import Sheet


def run_by_twins(sheet: Sheet, period: Period, facts, subjects, obligations=(), previous=None) -> dict:
    """Total in units (None where nothing applies) and item points of every subject."""
    cancelled = {row.get("reverses") for row in facts} - {None}
    bodies = {row["subject"]: row.get("body") for row in subjects if row["level"] == "member"}
    kept = [_fact(row, bodies) for row in facts if row.get("reverses") is None and row["id"] not in cancelled]
    kept = sorted((fact for fact in kept if period.holds(fact.at)), key=lambda fact: (fact.at, fact.id))
    upper = {row["subject"]: row.get("body") for row in subjects if row["level"] not in {"member", sheet.level}}
    return {
        row["subject"]: _scored(sheet, period, row, kept, subjects, obligations, upper, previous or {})
        for row in subjects
        if row["level"] == sheet.level
    }


def _scored(sheet, period, row, facts, subjects, obligations, upper, previous):
    subject = row["subject"]
    owed = []
    for found in obligations:
        owner = found["body"] if sheet.key == "body" else found.get("subject")
        above = upper.get(owner) if sheet.key == "body" else None
        if subject in {above or owner, owner}:
            due = datetime.fromisoformat(found["due_until"]).date()
            owed.append(Obligation(found["mechanism"], due, found["state"], is_below=owner != subject))
    levels = {other["level"] for other in subjects}
    evidence = Evidence(
        window=period,
        key=sheet.key,
        subject=subject,
        category=row.get("category"),
        facts=tuple(facts),
        obligations=tuple(owed),
        previous_total=previous.get(subject),
        headcounts={
            level: sum(other["level"] == level and other.get("body") == subject for other in subjects)
            for level in levels
        },
    )
    outcome = outcome_of(sheet, evidence)
    return outcome.mark.value if outcome.mark.applicable else None


def _fact(row, bodies) -> Fact:
    at = datetime.fromisoformat(row["occurred_at"])
    reserved = {"id", "kind", "occurred_at", "subject", "body", "home", "quantity", "reverses"}
    return Fact(
        row["id"],
        row["kind"],
        (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC),
        row.get("subject"),
        row.get("body"),
        row.get("home") or bodies.get(row.get("subject")),
        units(1 if row.get("quantity") is None else row["quantity"]),
        {key: value for key, value in row.items() if key not in reserved},
    )
