"""`previous`: the total of the run before, for carry-over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from ronghe.kernel.words import _
from ronghe.scoring.columns import Column, constant
from ronghe.scoring.measures.base import MOST_QUANTITY, Measure, Reading
from ronghe.scoring.records import Evidence


@dataclass(frozen=True)
class Previous(Measure):
    """The subject's total of the previous result; 0 for one who had none."""

    word = "previous"
    certain = True
    keys = {"previous": {"const": "total"}}

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:  # noqa: ARG003 - the word says it all
        """Build it from a checked mapping."""
        return cls()

    @property
    def largest(self) -> tuple[int, int]:
        """A total is no larger than a sum of quantities."""
        return MOST_QUANTITY, 1

    def finish(self, number: Column, count: Column) -> Reading:  # noqa: ARG002
        """Nobody there is 0, not nothing."""
        return Reading(number, constant(1))

    def twin(self, evidence: Evidence) -> Reading:
        """Return the previous total."""
        return Reading(evidence.previous_total or 0, 1)

    def words(self) -> str:
        """Return whose total."""
        return _("上期总分")
