"""How the gap of one item can be closed: what more it takes until its points are full, as a sentence.

Worked out from the item's rule and what was measured, without touching any fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.exact import UNIT, text, units
from ronghe.scoring.nodes.base import Node
from ronghe.scoring.nodes.deduct import Deduct
from ronghe.scoring.nodes.each import Each
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.nodes.ratio import Ratio
from ronghe.scoring.nodes.steps import Steps


def closing_words(node: Node, knot: Mapping[str, Any]) -> str:
    """Return what it takes to close the gap of a leaf of an explanation (`knot`), "" where nothing simple does."""
    node = node.piece if isinstance(node, Fold) else node
    missing = units(knot["full"]) - units(knot["value"])
    if missing <= 0 or not knot["applicable"]:
        return ""
    if isinstance(node, Each) and node.points > 0:
        return _of_each(node, missing)
    if isinstance(node, Ratio):
        return _of_ratio(node, knot)
    if isinstance(node, Deduct):
        return _of_deduct(node)
    return _of_steps(node, knot) if isinstance(node, Steps) else ""


def _of_each(node: Each, missing: int) -> str:
    a_time = node.points * node.scale
    times = -(-missing * UNIT // a_time) if a_time > 0 else 0
    said = {"times": times, "of": node.of.words() if node.of else "", "points": text(a_time // UNIT)}
    limit = getattr(node.of, "at_most", None)
    if limit is not None:
        return _("还差 %(times)s 次（每次 %(points)s 分）；每段有上限，要分开办：%(of)s") % said
    return _("还差 %(times)s 次，每次 %(points)s 分：%(of)s") % said


def _of_ratio(node: Ratio, knot: Mapping[str, Any]) -> str:
    said = {"of": node.of.words() if node.of else "", "target": text(node.target), "measured": knot["measured"] or "0"}
    if getattr(node.of, "mechanisms", ()):
        return _("按期办一件是一件，全部办到即满分：%(of)s，现在 %(measured)s") % said
    return _("达到 %(target)s 即满分，现在 %(measured)s：%(of)s") % said


def _of_deduct(node: Deduct) -> str:
    said = {"of": node.of.words() if node.of else "", "points": text(node.points)}
    if node.below_mark is not None:
        return _("不低于 %(below)s 就不扣：%(of)s") % {**said, "below": text(node.below_mark)}
    return _("已扣的补不回来；少一次，少扣 %(points)s 分：%(of)s") % said


def _of_steps(node: Steps, knot: Mapping[str, Any]) -> str:
    value = units(knot["value"])
    better = [(start, points) for start, points in node.table if points * node.scale // UNIT > value]
    if not better:
        return ""
    start, points = better[0]
    said = {"from": text(start), "points": text(points * node.scale // UNIT), "measured": knot["measured"] or "0"}
    return _("达到 %(from)s 得 %(points)s 分，现在 %(measured)s") % said
