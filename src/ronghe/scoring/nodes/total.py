"""`sum`: points of the items together; the weight of those that do not apply goes to the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import gcd
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import added, any_true, constant, pick
from ronghe.scoring.fragments import ref
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence

ITEMS = {"type": "array", "items": ref("node"), "minItems": 1}


@dataclass(frozen=True, kw_only=True)
class Sum(Node):
    """The items' points, times all full marks over the full marks that apply: one division.

    An `extra` item adds to the sum but has no weight. With items that have weight and none of them applicable,
    the sum is not applicable either.
    """

    kind = "sum"
    keys = {"items": ITEMS}
    required = ("items",)

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read the items."""
        from ronghe.scoring.nodes import read_node  # the registry knows this file

        return {"items": tuple(read_node(item) for item in doc["items"])}

    @property
    def weighed(self) -> list[bool]:
        """For each item, whether it has a weight."""
        return [not item.extra for item in self.items]

    @property
    def certain(self) -> bool:
        """Applicable to everybody when one item with a weight is."""
        weighed = [item for item in self.items if not item.extra] or list(self.items)
        return self.when is None and any(item.certain for item in weighed)

    def weights(self, window: Window) -> list[int]:
        """Full marks of the items with a weight, in lowest terms; 0 for extra ones."""
        fulls = [0 if item.extra else item.full(window) for item in self.items]
        common = reduce(gcd, fulls) or 1
        return [full // common for full in fulls]

    def own_full(self, window: Window) -> int:
        """All full marks together."""
        return sum(item.full(window) for item in self.items if not item.extra)

    def largest(self, window: Window) -> tuple[int, int]:
        """Every item at its most; what one weighed item has may grow to stand for all."""
        most = sum(item.most(window) for item in self.items)
        shared = any(not item.certain for item in self.items if not item.extra)
        weights = self.weights(window)
        grown = sum(weights) // max(min((weight for weight in weights if weight), default=1), 1)
        return most * sum(weights) if shared else most, most * grown if shared else most

    def share(self, sight: Sight) -> Share:
        """Points × all weights ÷ applicable weights, extra points on top."""
        weights = self.weights(sight.window)
        marks = sight.marks_below(self)
        pairs = list(zip(self.items, marks, strict=True))
        extra = added([mark.value for item, mark in pairs if item.extra])
        if not any(weights):
            return Share(added([mark.value for mark in marks]), 1, any_true([mark.applicable for mark in marks]))
        points = added([mark.value for item, mark in pairs if not item.extra])
        if all(item.certain for item in self.items if not item.extra):
            return Share(points + extra, 1, constant(value=True, kind="boolean"))
        present = added(
            [pick(mark.applicable, constant(weight), constant(0)) for weight, mark in zip(weights, marks, strict=True)]
        )
        return Share(points * sum(weights) + extra * present, present, present > 0)

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Points × all weights ÷ applicable weights, extra points on top."""
        weights = self.weights(evidence.window)
        if not any(weights):
            return Share(sum(mark.value for mark in marks), 1, any(mark.applicable for mark in marks))
        points = sum(mark.value for item, mark in zip(self.items, marks, strict=True) if not item.extra)
        extra = sum(mark.value for item, mark in zip(self.items, marks, strict=True) if item.extra)
        present = sum(weight for weight, mark in zip(weights, marks, strict=True) if mark.applicable)
        if not present:
            return Share(0, 1, applicable=False)
        return Share(points * sum(weights) + extra * present, present, applicable=True)

    def own_words(self) -> str:
        """Return that it is a sum."""
        return _("各项得分之和，不适用的项目按比例分给其余各项")
