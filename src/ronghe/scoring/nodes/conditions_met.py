"""`any_of` and `all_of`: full marks when one item, or every item, reaches its own full mark; else none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import all_true, any_true, constant, pick
from ronghe.scoring.exact import units
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight
from ronghe.scoring.nodes.total import ITEMS
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence


@dataclass(frozen=True, kw_only=True)
class AnyOf(Node):
    """Full marks when one item is full. Items that do not apply are left aside."""

    declared: int

    kind = "any_of"
    keys = {"items": ITEMS}
    required = ("items", "full")

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read the items."""
        from ronghe.scoring.nodes import read_node  # the registry knows this file

        return {"items": tuple(read_node(item) for item in doc["items"]), "declared": units(doc["full"])}

    def own_full(self, window: Window) -> int:  # noqa: ARG002
        """What the sheet says."""
        return self.declared

    def largest(self, window: Window) -> tuple[int, int]:  # noqa: ARG002
        """All or nothing."""
        return self.declared, self.declared

    def share(self, sight: Sight) -> Share:
        """One item is full."""
        marks = sight.marks_below(self)
        met = any_true([mark.applicable & (mark.value >= full) for mark, full in self._with_fulls(marks, sight.window)])
        return Share(pick(met, constant(self.declared), constant(0)), 1, any_true([mark.applicable for mark in marks]))

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """One item is full."""
        met = any(mark.applicable and mark.value >= full for mark, full in self._with_fulls(marks, evidence.window))
        return Share(self.declared if met else 0, 1, any(mark.applicable for mark in marks))

    def _with_fulls(self, marks: list[Mark], window: Window) -> list[tuple[Mark, int]]:
        return [(mark, item.full(window)) for mark, item in zip(marks, self.items, strict=True)]

    def own_words(self) -> str:
        """Return that one is enough."""
        return _("任一项满分即得满分，否则不得分")


@dataclass(frozen=True, kw_only=True)
class AllOf(AnyOf):
    """Full marks when every item that applies is full."""

    kind = "all_of"

    def share(self, sight: Sight) -> Share:
        """No item is short."""
        marks = sight.marks_below(self)
        met = all_true(
            [~mark.applicable | (mark.value >= full) for mark, full in self._with_fulls(marks, sight.window)]
        )
        return Share(pick(met, constant(self.declared), constant(0)), 1, any_true([mark.applicable for mark in marks]))

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """No item is short."""
        met = all(not mark.applicable or mark.value >= full for mark, full in self._with_fulls(marks, evidence.window))
        return Share(self.declared if met else 0, 1, any(mark.applicable for mark in marks))

    def own_words(self) -> str:
        """Return that all are needed."""
        return _("各项都满分才得满分，否则不得分")
