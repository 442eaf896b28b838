"""`best_of`: only the best of several items counts, or the best few."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import added, any_true, greatest
from ronghe.scoring.fragments import WHOLE
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight
from ronghe.scoring.nodes.total import ITEMS
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence


@dataclass(frozen=True, kw_only=True)
class BestOf(Node):
    """The `take` highest of the items' points; an item that does not apply counts 0."""

    take: int = 1

    kind = "best_of"
    keys = {"items": ITEMS, "take": WHOLE}
    required = ("items",)

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read the items."""
        from ronghe.scoring.nodes import read_node  # the registry knows this file

        items = tuple(read_node(item) for item in doc["items"])
        return {"items": items, "take": min(doc.get("take", 1), len(items))}

    def own_full(self, window: Window) -> int:
        """The highest full marks together."""
        return sum(sorted((item.full(window) for item in self.items), reverse=True)[: self.take])

    def largest(self, window: Window) -> tuple[int, int]:
        """The largest items together."""
        most = sum(sorted((item.most(window) for item in self.items), reverse=True)[: self.take])
        return most, most

    def share(self, sight: Sight) -> Share:
        """The highest sum of so many items."""
        marks = sight.marks_below(self)
        sums = [added([mark.value for mark in chosen]) for chosen in combinations(marks, self.take)]
        return Share(greatest(*sums), 1, any_true([mark.applicable for mark in marks]))

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Sort and take."""
        best = sorted((mark.value for mark in marks), reverse=True)[: self.take]
        return Share(sum(best), 1, any(mark.applicable for mark in marks))

    def own_words(self) -> str:
        """Return how many count."""
        return _("取得分最高的 %(take)s 项") % {"take": self.take}
