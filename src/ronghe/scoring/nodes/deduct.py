"""`deduct`: starts full and loses points for each fault until it is empty (扣完为止)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import constant, greatest, whole_quotient
from ronghe.scoring.exact import UNIT, text, units
from ronghe.scoring.fragments import NUMBER, ref
from ronghe.scoring.measures import read_measure
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight, reduced
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence


@dataclass(frozen=True, kw_only=True)
class Deduct(Node):
    """Full marks less `points` for each fault, never below zero.

    With `below` and `every`, a fault is each whole step of `every` by which the measure falls short of `below`
    (with `begun`, each step begun): one point for each 10 points of attendance under 90 %.
    """

    points: int
    declared: int
    below_mark: int | None = None
    every: int = UNIT
    begun: bool = False

    kind = "deduct"
    keys = {"of": ref("measure"), "points": NUMBER, "below": NUMBER, "every": NUMBER, "begun": {"type": "boolean"}}
    required = ("of", "points", "full")

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read measure, points and steps."""
        return {
            "of": read_measure(doc["of"]),
            "points": units(doc["points"]),
            "declared": units(doc["full"]),
            "below_mark": units(doc["below"]) if "below" in doc else None,
            "every": units(doc.get("every", 1)),
            "begun": doc.get("begun", False),
        }

    def own_full(self, window: Window) -> int:  # noqa: ARG002
        """What it starts with."""
        return self.declared

    def largest(self, window: Window) -> tuple[int, int]:  # noqa: ARG002
        """The largest number on the way; the result is between 0 and full."""
        number, count = self._of.largest
        if self.below_mark is None:
            return number * self._factor[0] + self.declared * count * self._factor[1], self.declared
        short = max(number, abs(self.below_mark) * count)
        return max(short * self.points // self.every, short, self.every * count), self.declared

    def share(self, sight: Sight) -> Share:
        """Full less points × faults, not below 0."""
        reading = self._of.column(sight)
        times, by = self._factor
        if self.below_mark is None:
            under = constant(by) if self._of.certain else reading.count * by
            left = greatest(under * self.declared - reading.number * times, constant(0))
            return Share(left, by if self._of.certain else under, reading.count > 0)
        step = greatest(reading.count, constant(1)) * self.every
        short = greatest(reading.count * self.below_mark - reading.number, constant(0))
        faults = whole_quotient(short + (step - 1 if self.begun else constant(0)), step)
        return Share(greatest(self.declared - faults * self.points, constant(0)), 1, reading.count > 0)

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Full less points × faults, not below 0."""
        found = reading or Reading(0, 0)
        if not found.count:
            return Share(0, 1, applicable=False)
        if self.below_mark is None:
            by = found.count * UNIT
            return Share(max(self.declared * by - found.number * self.points, 0), by, applicable=True)
        short = max(self.below_mark * found.count - found.number, 0)
        step = self.every * found.count
        faults = -(-short // step) if self.begun else short // step
        return Share(max(self.declared - faults * self.points, 0), 1, applicable=True)

    @property
    def _of(self) -> Any:
        return self.of

    @property
    def _factor(self) -> tuple[int, int]:
        return reduced(self.points, UNIT)

    def own_words(self) -> str:
        """Return full, points and fault."""
        said = {"full": text(self.declared), "of": self._of.words(), "points": text(self.points)}
        if self.below_mark is None:
            return _("满分 %(full)s 分，%(of)s每有一次扣 %(points)s 分，扣完为止") % said
        said |= {"below": text(self.below_mark), "every": text(self.every)}
        return _("满分 %(full)s 分，%(of)s低于 %(below)s 时每差 %(every)s 扣 %(points)s 分，扣完为止") % said
