"""`each`: so many points for each time (or each unit) of what is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import Column
from ronghe.scoring.exact import UNIT, text, units
from ronghe.scoring.fragments import NUMBER, ref
from ronghe.scoring.measures import read_measure
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight, reduced
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence


@dataclass(frozen=True, kw_only=True)
class Each(Node):
    """Points × what is measured. Negative points take away. Its full mark is `full`, or else its cap."""

    points: int
    declared: int | None = None

    kind = "each"
    keys = {"of": ref("measure"), "points": NUMBER}
    required = ("of", "points")

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read measure and points."""
        declared = units(doc["full"]) if "full" in doc else None
        return {"of": read_measure(doc["of"]), "points": units(doc["points"]), "declared": declared}

    def own_full(self, window: Window) -> int:  # noqa: ARG002
        """What the sheet says; the cap; or none."""
        return max(self.cap or 0, 0) if self.declared is None else self.declared

    def full(self, window: Window) -> int:
        """A cap that stands in for the full mark is not scaled: caps come after scaling."""
        return self.own_full(window) if self.declared is None else super().full(window)

    def largest(self, window: Window) -> tuple[int, int]:  # noqa: ARG002
        """Points × the largest measure."""
        number = self._of.largest[0] * abs(self._factor[0])
        return number, number // self._factor[1]

    def share(self, sight: Sight) -> Share:
        """Number × points ÷ count."""
        reading = self._of.column(sight)
        return Share(reading.number * self._factor[0], self._by(reading.count), self._applies(reading.count))

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Number × points ÷ count."""
        found = reading or Reading(0, 0)
        return Share(found.number * self.points, max(found.count, 1) * UNIT, found.count > 0)

    @property
    def _of(self) -> Any:
        return self.of

    @property
    def _factor(self) -> tuple[int, int]:
        return reduced(self.points, UNIT)

    def _by(self, count: Column) -> Any:
        return self._factor[1] if self._of.certain else count * self._factor[1]

    def _applies(self, count: Column) -> Column:
        return count > 0

    def own_words(self) -> str:
        """Return points × measure."""
        return _("%(of)s，每次（每单位）%(points)s 分") % {"of": self._of.words(), "points": text(self.points)}
