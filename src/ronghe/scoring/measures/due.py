"""`due`: obligations, as the share that was met or the number that was missed or late."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.columns import Column, constant, least
from ronghe.scoring.exact import UNIT, text, units
from ronghe.scoring.fragments import NUMBER, as_list
from ronghe.scoring.measures.base import MOST_FACTS, Measure, Reading
from ronghe.scoring.measures.from_facts import KINDS
from ronghe.scoring.records import COUNTED_STATES, LATE, MET, MISSED, Evidence

COUNT_WORDS = {
    "met": N_("%(what)s的完成率"),
    "missed": N_("%(what)s缺少的次数"),
    "late": N_("%(what)s逾期的次数"),
    "late_or_missed": N_("%(what)s逾期和缺少的次数"),
}


@dataclass(frozen=True, kw_only=True)
class Due(Measure):
    """Obligations of some mechanisms whose last day lies in the period. Nothing due: nothing to measure.

    With `with_below`, those of the bodies right below count too: the meetings of a branch's groups for the branch.
    """

    mechanisms: tuple[str, ...]
    count: str = "met"
    late: int = UNIT
    with_below: bool = False

    word = "due"
    keys = {"due": KINDS, "count": {"enum": list(COUNT_WORDS)}, "late": NUMBER, "with_below": {"type": "boolean"}}

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        return cls(
            mechanisms=as_list(doc["due"]),
            count=doc.get("count", "met"),
            late=units(doc.get("late", 1)),
            with_below=doc.get("with_below", False),
        )

    @property
    def full_at(self) -> int | None:  # type: ignore[override]
        """All met; a number of faults has no natural target."""
        return UNIT if self.count == "met" else None

    @property
    def largest(self) -> tuple[int, int]:
        """As many obligations as facts must be borne."""
        return MOST_FACTS * UNIT, MOST_FACTS if self.count == "met" else 1

    @property
    def stream(self) -> Hashable:
        """Own obligations in one scan, those with the bodies below in another."""
        return ("due", self.with_below)

    @property
    def worth(self) -> dict[str, int]:
        """What one obligation adds, by its state."""
        return {
            "met": {MET: UNIT, LATE: self.late, MISSED: 0},
            "missed": {MET: 0, LATE: 0, MISSED: UNIT},
            "late": {MET: 0, LATE: UNIT, MISSED: 0},
            "late_or_missed": {MET: 0, LATE: UNIT, MISSED: UNIT},
        }[self.count]

    def finish(self, number: Column, count: Column) -> Reading:
        """A share is of all that were due; a number of faults only needs something to have been due."""
        return Reading(number, count if self.count == "met" else least(count, constant(1)))

    def twin(self, evidence: Evidence) -> Reading:
        """Add up what each obligation is worth."""
        owed = [
            obligation
            for obligation in evidence.obligations_due()
            if obligation.mechanism in self.mechanisms
            and obligation.state in COUNTED_STATES
            and (self.with_below or not obligation.is_below)
        ]
        count = len(owed) if self.count == "met" else min(len(owed), 1)
        facts = tuple(fact for obligation in owed for fact in obligation.facts)
        return Reading(sum(self.worth[obligation.state] for obligation in owed), count, facts)

    def words(self) -> str:
        """Return which obligations and what of them."""
        said = _(COUNT_WORDS[self.count]) % {"what": listed(self.mechanisms)}
        if self.count == "met" and self.late != UNIT:
            return _("%(what)s（逾期完成的按 %(share)s 计）") % {"what": said, "share": text(self.late)}
        return said
