"""Beside each indicator: what is missing, what that costs the total, and what closes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ronghe.domain.appraisal.selectors.explaining import Explanation
from ronghe.kernel.language import in_language
from ronghe.scoring.closing import closing_words
from ronghe.scoring.exact import units
from ronghe.scoring.nodes.fold import Fold

MOST = 8


@dataclass(frozen=True, slots=True)
class Closing:
    """One indicator that is not full; points in 1/10,000. `kinds` and `mechanisms` say which records count for it."""

    id: str
    title: str
    missing: int
    how: str
    kinds: tuple[str, ...]
    mechanisms: tuple[str, ...]


def closings_of(explanation: Explanation) -> list[Closing]:
    """Return the indicators where points are missing, the dearest first; of an item no more than its group is missing."""
    nodes = {node.id: node for node in explanation.sheet.nodes}
    found = []
    for knot, room in _leaves(explanation.tree, None):
        missing = min(units(knot["full"]) - units(knot["value"]), room)
        name = knot["id"].partition("@")[0]
        if missing <= 0 or name not in nodes:
            continue
        node = nodes[name]
        inner = node.piece if isinstance(node, Fold) else node
        parts = inner.of.parts if inner.of else ()
        found.append(
            Closing(
                name,
                in_language(knot["title"]),
                missing,
                closing_words(node, knot),
                tuple(dict.fromkeys(kind for part in parts for kind in getattr(part, "kinds", ()))),
                tuple(dict.fromkeys(one for part in parts for one in getattr(part, "mechanisms", ()))),
            )
        )
    return sorted(found, key=lambda one: -one.missing)[:MOST]


def _leaves(knot: Mapping[str, Any], room: int | None) -> Iterator[tuple[Mapping[str, Any], int]]:
    if not knot["applicable"]:
        return
    own = units(knot["full"]) - units(knot["value"])
    left = own if room is None else min(own, room)
    if not knot["children"]:
        yield knot, left
    for child in knot["children"]:
        yield from _leaves(child, left)
