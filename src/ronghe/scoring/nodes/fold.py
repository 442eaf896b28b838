"""`per`: a node scored piece by piece (each month, each quarter), its pieces then added up or averaged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ronghe.kernel.words import N_, _
from ronghe.scoring.columns import added, any_true, constant, pick
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence

FOLD_WORDS = {
    ("sum", "month"): N_("每月分别计分后相加"),
    ("sum", "quarter"): N_("每季度分别计分后相加"),
    ("sum", "half"): N_("每半年分别计分后相加"),
    ("sum", "year"): N_("每年分别计分后相加"),
    ("mean", "month"): N_("各月得分的平均"),
    ("mean", "quarter"): N_("各季度得分的平均"),
    ("mean", "half"): N_("各半年得分的平均"),
    ("mean", "year"): N_("各年得分的平均"),
}


@dataclass(frozen=True, kw_only=True)
class Fold(Node):
    """The pieces of `per`, added up or averaged over those that apply.

    `at_most` limits a piece; the other modifiers hold for the whole.
    """

    piece: Node = field()
    per: str
    fold: str

    kind = "fold"
    keys = {}

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read the piece: the same node without its modifiers, capped by `at_most`."""
        from ronghe.scoring.nodes import NODES  # the registry knows this file

        outer = ("per", "fold", "at_most", "scale", "floor", "cap", "zero_if", "when")
        bare = {key: value for key, value in doc.items() if key not in outer}
        if "at_most" in doc:
            bare["cap"] = doc["at_most"]
        piece = NODES[doc["kind"]].read(bare)
        return {"piece": piece, "items": piece.items, "per": doc["per"], "fold": doc.get("fold", "sum")}

    @property
    def certain(self) -> bool:
        """Applicable to everybody when each piece is."""
        return self.when is None and self.piece.certain

    def own_full(self, window: Window) -> int:
        """A piece's full mark, or all of them."""
        pieces = self.below(window)
        fulls = [node.full(piece) for node, piece in pieces]
        return fulls[0] if self.fold == "mean" else sum(fulls)

    def largest(self, window: Window) -> tuple[int, int]:
        """All pieces at their most."""
        most = [node.most(piece) for node, piece in self.below(window)]
        return sum(most), max(most) if self.fold == "mean" else sum(most)

    def below(self, window: Window) -> list[tuple[Node, Window]]:
        """The piece in each part of the window."""
        return [(self.piece, part) for part in window.cut(self.per)]

    def share(self, sight: Sight) -> Share:
        """Add up, or divide by how many apply."""
        marks = sight.marks_below(self)
        points = added([mark.value for mark in marks])
        applicable = any_true([mark.applicable for mark in marks])
        if self.fold == "sum":
            return Share(points, 1, applicable)
        if self.piece.certain:
            return Share(points, len(marks), applicable)
        return Share(points, added([pick(mark.applicable, constant(1), constant(0)) for mark in marks]), applicable)

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Add up, or divide by how many apply."""
        points = sum(mark.value for mark in marks)
        present = sum(mark.applicable for mark in marks)
        return Share(points, max(present, 1) if self.fold == "mean" else 1, present > 0)

    def own_words(self) -> str:
        """Return how the pieces are joined."""
        return _(FOLD_WORDS[self.fold, self.per])
