"""`steps`: a table from what is measured to points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ronghe.kernel.words import _
from ronghe.scoring.columns import constant, pick
from ronghe.scoring.exact import text, units
from ronghe.scoring.fragments import NUMBER, ref
from ronghe.scoring.measures import read_measure
from ronghe.scoring.measures.base import Reading
from ronghe.scoring.nodes.base import Mark, Node, Share, Sight
from ronghe.scoring.period import Window
from ronghe.scoring.records import Evidence

ROW = {
    "type": "object",
    "properties": {"from": NUMBER, "points": NUMBER},
    "required": ["from", "points"],
    "additionalProperties": False,
}


@dataclass(frozen=True, kw_only=True)
class Steps(Node):
    """The points of the last row whose `from` is reached; below the first row, 0."""

    table: tuple[tuple[int, int], ...]

    kind = "steps"
    keys = {"of": ref("measure"), "table": {"type": "array", "items": ROW, "minItems": 1}}
    required = ("of", "table")

    @classmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Read measure and table."""
        table = tuple((units(row["from"]), units(row["points"])) for row in doc["table"])
        return {"of": read_measure(doc["of"]), "table": table}

    def own_full(self, window: Window) -> int:  # noqa: ARG002
        """The most points of the table."""
        return max(0, *(points for _start, points in self.table))

    def largest(self, window: Window) -> tuple[int, int]:  # noqa: ARG002
        """The comparison with the highest row; the points themselves are in the table."""
        number, count = self._of.largest
        highest = max(abs(start) for start, _points in self.table)
        return max(number, count * highest), max(abs(points) for _start, points in self.table)

    def share(self, sight: Sight) -> Share:
        """Row by row, the later one wins."""
        reading = self._of.column(sight)
        points = constant(0)
        for start, worth in self.table:
            points = pick(reading.number >= reading.count * start, constant(worth), points)
        return Share(points, 1, reading.count > 0)

    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:  # noqa: ARG002
        """Row by row, the later one wins."""
        found = reading or Reading(0, 0)
        reached = [worth for start, worth in self.table if found.number >= found.count * start]
        return Share(reached[-1] if reached else 0, 1, found.count > 0)

    @property
    def _of(self) -> Any:
        return self.of

    def own_words(self) -> str:
        """Return the table."""
        rows = _("，").join(
            _("达到 %(from)s 得 %(points)s 分") % {"from": text(start), "points": text(points)}
            for start, points in self.table
        )
        return _("按%(of)s查表：%(rows)s") % {"of": self._of.words(), "rows": rows}
