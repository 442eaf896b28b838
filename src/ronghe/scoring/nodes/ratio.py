"""`ratio`: measured ÷ target × full, between zero and full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import constant, greatest, least
from ronghe.scoring.exact import text, units
from ronghe.scoring.fragments import NUMBER, ref
from ronghe.scoring.measures import read_measure
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight, reduced
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence


@dataclass(frozen=True, kw_only=True)
class Ratio(Node):
    """Measured ÷ target × full, not below 0 and not above full.

    Marks have their highest mark as target and obligations all of them; other measures must name one.
    """

    target: int
    declared: int

    kind = "ratio"
    keys = {"of": ref("measure"), "target": NUMBER}
    required = ("of", "full")

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read measure, target and full mark."""
        measure = read_measure(doc["of"])
        target = units(doc["target"]) if "target" in doc else measure.full_at or 0
        return {"of": measure, "target": target, "declared": units(doc["full"])}

    def own_full(self, window: Window) -> int:  # noqa: ARG002
        """What the sheet says."""
        return self.declared

    def largest(self, window: Window) -> tuple[int, int]:  # noqa: ARG002
        """The measure × full, before it is cut to full."""
        number, count = self._of.largest
        times, by = self._factor
        return max(number * times, count * by * self.declared), self.declared

    def share(self, sight: Sight) -> Share:
        """Number × full ÷ (count × target)."""
        reading = self._of.column(sight)
        times, by = self._factor
        under = constant(by) if self._of.certain else reading.count * by
        number = least(greatest(reading.number * times, constant(0)), under * self.declared)
        return Share(number, by if self._of.certain else under, reading.count > 0)

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Number × full ÷ (count × target)."""
        found = reading or Reading(0, 0)
        by = max(found.count, 1) * self.target
        return Share(min(max(found.number * self.declared, 0), by * self.declared), by, found.count > 0)

    @property
    def _of(self) -> Any:
        return self.of

    @property
    def _factor(self) -> tuple[int, int]:
        return reduced(self.declared, self.target)

    def own_words(self) -> str:
        """Return measure, target and full mark."""
        said = {"of": self._of.words(), "target": text(self.target), "full": text(self.declared)}
        return _("%(of)s ÷ %(target)s × %(full)s 分，最多 %(full)s 分") % said
