"""`headcount`: how many people of a level belong to the body on the last day of the period."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from ronghe.kernel.words import _
from ronghe.scoring.columns import Column, constant
from ronghe.scoring.exact import UNIT
from ronghe.scoring.fragments import NAME
from ronghe.scoring.measures.base import MOST_FACTS, Measure, Reading
from ronghe.scoring.records import Evidence


@dataclass(frozen=True)
class Headcount(Measure):
    """Subjects of `level` whose body is the one that is scored. Nobody there: 0."""

    level: str

    word = "headcount"
    certain = True
    keys = {"headcount": NAME}

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        return cls(doc["headcount"])

    @property
    def largest(self) -> tuple[int, int]:
        """As many people as facts must be borne."""
        return MOST_FACTS * UNIT, 1

    @property
    def stream(self) -> Hashable:
        """One count a level."""
        return ("headcount", self.level)

    def finish(self, number: Column, count: Column) -> Reading:  # noqa: ARG002
        """Nobody there is 0, not nothing."""
        return Reading(number, constant(1))

    def twin(self, evidence: Evidence) -> Reading:
        """Return the count of the level."""
        return Reading(UNIT * evidence.headcounts.get(self.level, 0), 1)

    def words(self) -> str:
        """Return who is counted."""
        return _("期末人数（%(level)s）") % {"level": self.level}
