"""One-vote vetoes: what brings one about, and what it does to items, grade and honors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ronghe.scoring.conditions import Compare, Condition, Several, read_condition
from ronghe.scoring.fragments import ID, NAME, TEXT, Fragment, ref
from ronghe.scoring.measures.facts import Facts
from ronghe.scoring.records import ITEM, VETO_RAISED

SCHEMA: Fragment = {
    "type": "object",
    "properties": {
        "id": ID,
        "title": TEXT,
        "if": ref("condition"),
        "grade_at_most": ID,
        "bars": {"type": "array", "items": NAME, "minItems": 1},
        "zero": {"type": "array", "items": ID, "minItems": 1},
    },
    "required": ["id", "title"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Veto:
    """Falls when its condition holds, or when a `veto.raised` fact names it. Decided before any item is scored."""

    id: str
    title: Mapping[str, str] = field(hash=False)
    condition: Condition
    grade_at_most: str | None = None
    bars: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()


def read_veto(doc: dict[str, Any]) -> Veto:
    """Build a veto from a checked mapping."""
    raised: Condition = Compare("over", 0, Facts(kinds=(VETO_RAISED,), where=((ITEM, (doc["id"],)),)))
    condition = Several("any", (raised, read_condition(doc["if"]))) if "if" in doc else raised
    return Veto(
        doc["id"],
        doc["title"],
        condition,
        doc.get("grade_at_most"),
        tuple(doc.get("bars", ())),
        tuple(doc.get("zero", ())),
    )
