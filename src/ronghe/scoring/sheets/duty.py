"""What a sheet of the Party-building appraisal says of itself: whose responsibility, how often, the share of 党政融合, what follows.

AP-01: how far Party and administration work as one carries at least a tenth of the weight. AP-03: three responsibilities by
day-to-day, quarter and year. AP-05: weights that are said must come to what they are said to come to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.exact import shown, units
from ronghe.scoring.fragments import ID, NAME, NUMBER, Fragment
from ronghe.scoring.nodes.base import Node
from ronghe.scoring.period import Period
from ronghe.scoring.problems import Path, Problem

PARTY_BUILDING = "party_building"
FUSION = "fusion"
FUSION_FLOOR = Fraction(1, 10)
"""The least share of 党政融合 in a sheet about Party building (AP-01)."""
A_YEAR = Period.parse("2000")

SCHEMA: dict[str, Fragment] = {
    "about": {"enum": [PARTY_BUILDING]},
    "responsibility": {"enum": ["main", "supervision", "regulation"]},
    "cadence": {"enum": ["daily", "quarterly", "yearly"]},
    "full": NUMBER,
    "consequences": {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": {
                "grade": ID,
                "pay": NUMBER,
                "selected": {"type": "boolean"},
                "bars": {"type": "array", "items": NAME, "minItems": 1},
            },
            "required": ["grade"],
            "additionalProperties": False,
        },
    },
}


@dataclass(frozen=True)
class Consequence:
    """What follows from a grade outside: a pay coefficient (in units), a place in the selection, honors that are barred."""

    grade: str
    pay: int | None = None
    selected: bool = False
    bars: tuple[str, ...] = field(default=())


def read_consequences(doc: Mapping[str, Any]) -> tuple[Consequence, ...]:
    """Build them from a checked sheet."""
    return tuple(
        Consequence(
            one["grade"],
            units(one["pay"]) if "pay" in one else None,
            one.get("selected", False),
            tuple(one.get("bars", ())),
        )
        for one in doc.get("consequences", ())
    )


def duty_problems(doc: Mapping[str, Any], root: Node, bands: list[str]) -> Iterator[Problem]:
    """Find what does not hold together in what the sheet says of itself."""
    yield from _full_problems(doc, root)
    yield from _fusion_problems(doc, root)
    seen: set[str] = set()
    for number, one in enumerate(doc.get("consequences", ())):
        where: Path = ("consequences", number, "grade")
        if one["grade"] not in bands:
            yield Problem(where, "id_unknown", _("没有等次“%(id)s”。") % {"id": one["grade"]})
        if one["grade"] in seen:
            yield Problem(where, "id_twice", _("等次“%(id)s”写了两次。") % {"id": one["grade"]})
        seen.add(one["grade"])
        if "pay" in one and units(one["pay"]) < 0:
            yield Problem((*where[:-1], "pay"), "not_positive", _("薪酬系数不能是负数。"))


def fusion_share(doc: Mapping[str, Any], root: Node) -> Fraction:
    """Return which part of the weight lies in items marked as 党政融合, each counted once."""
    return _share(doc, root, Fraction(1))


def _full_problems(doc: Mapping[str, Any], root: Node) -> Iterator[Problem]:
    if "full" not in doc:
        return
    said, found = units(doc["full"]), root.full(A_YEAR)
    if said != found:
        yield Problem(
            ("full",),
            "weights_wrong",
            _("各项权重合计是 %(found)s，应当是 %(said)s。") % {"found": shown(found), "said": shown(said)},
        )


def _fusion_problems(doc: Mapping[str, Any], root: Node) -> Iterator[Problem]:
    if doc.get("about") != PARTY_BUILDING:
        return
    share = fusion_share(doc["root"], root)
    if share < FUSION_FLOOR:
        percent = f"{float(share * 100):.1f}".removesuffix(".0")
        yield Problem(
            ("root",),
            "fusion_too_light",
            _("党政融合的权重是 %(percent)s%%，不能低于 10%%（AP-01）：给相应项目写 theme: fusion，并加大它的分值。")
            % {"percent": percent},
        )


def _share(doc: Mapping[str, Any], node: Node, part: Fraction) -> Fraction:
    if doc.get("theme") == FUSION:
        return part
    if doc["kind"] != "sum":  # of the best or of any one nobody knows beforehand which will count
        return Fraction(0)
    pairs = [(inner, item) for inner, item in zip(doc["items"], _items(node), strict=True) if not item.extra]
    whole = sum(item.full(A_YEAR) for _inner, item in pairs)
    if whole <= 0:
        return Fraction(0)
    return sum((_share(inner, item, part * item.full(A_YEAR) / whole) for inner, item in pairs), Fraction(0))


def _items(node: Node) -> tuple[Node, ...]:
    piece = getattr(node, "piece", node)  # of a node that is scored by pieces of the period, the piece
    found: tuple[Node, ...] = piece.items
    return found
