"""`part` … `whole`: one measure as a share of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from ronghe.kernel.words import _
from ronghe.scoring.columns import constant, pick
from ronghe.scoring.exact import UNIT
from ronghe.scoring.fragments import ref
from ronghe.scoring.measures.base import Measure, Reading, Sight
from ronghe.scoring.records import Evidence


@dataclass(frozen=True)
class Part(Measure):
    """One measure divided by another: 0.9 of those who should attend. A whole of 0: nothing to measure."""

    part: Measure
    whole: Measure

    word = "part"
    keys = {"part": ref("measure"), "whole": ref("measure")}
    required = ("whole",)
    full_at = UNIT

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        from ronghe.scoring.measures import read_measure  # the registry knows this file

        return cls(read_measure(doc["part"]), read_measure(doc["whole"]))

    @property
    def parts(self) -> tuple[Measure, ...]:
        """Both sides are gathered."""
        return self.part.parts + self.whole.parts

    @property
    def largest(self) -> tuple[int, int]:
        """(a / b) / (c / d) is ad / bc."""
        (a, b), (c, d) = self.part.largest, self.whole.largest
        return a * d * UNIT, b * c

    def column(self, sight: Sight) -> Reading:
        """Both fractions as one."""
        part, whole = self.part.column(sight), self.whole.column(sight)
        number, count = part.number * whole.count * UNIT, part.count * whole.number
        some = count > 0
        return Reading(pick(some, number, constant(0)), pick(some, count, constant(0)))

    def twin(self, evidence: Evidence) -> Reading:
        """Both fractions as one."""
        part, whole = self.part.twin(evidence), self.whole.twin(evidence)
        number, count = part.number * whole.count * UNIT, part.count * whole.number
        return Reading(number, count, part.facts + whole.facts) if count > 0 else Reading(0, 0)

    def words(self) -> str:
        """Return both sides."""
        return _("%(part)s ÷ %(whole)s") % {"part": self.part.words(), "whole": self.whole.words()}
