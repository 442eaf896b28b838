"""What measures that read facts have in common: kinds, conditions on attributes, and whether a fact is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ronghe.scoring.columns import Column, all_true
from ronghe.scoring.fragments import NAME, Fragment, as_list, one_or_more
from ronghe.scoring.measures.base import Measure
from ronghe.scoring.records import Evidence, Fact

WHERE: Fragment = {
    "type": "object",
    "additionalProperties": one_or_more({"type": ["string", "number", "boolean"]}),
    "minProperties": 1,
}

KINDS: Fragment = one_or_more(NAME)

Where = tuple[tuple[str, tuple[str, ...]], ...]


def read_where(doc: dict[str, Any]) -> Where:
    """Attributes and the values that are taken, as text, in a fixed order."""
    return tuple(sorted((key, tuple(_as_text(value) for value in as_list(values))) for key, values in doc.items()))


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, kw_only=True)
class FromFacts(Measure):
    """A measure over the facts of some kinds."""

    kinds: tuple[str, ...]
    where: Where = ()
    home: bool = False

    averages: ClassVar[bool] = False
    """Whether the count is the number of facts (a mean) rather than 1 (a sum)."""

    @property
    def weight(self) -> int:
        """What one fact of the kinds counts: a whole time in units, or 1 where its quantity counts."""
        return 1

    def takes(self, rows: Any) -> Column:
        """Whether a row of the fact table is measured."""
        return all_true([rows["kind"].isin(self.kinds), *self.fits(rows)])

    def fits(self, rows: Any) -> list[Column]:
        """What is asked of a row besides its kind."""
        return [rows[f"attribute_{name}"].isin(values) for name, values in self.where]

    def taken(self, evidence: Evidence) -> list[Fact]:
        """The facts that are measured, in order."""
        return [
            fact
            for fact in evidence.facts_about(home=self.home)
            if fact.kind in self.kinds and all(fact.attributes.get(name) in values for name, values in self.where)
        ]
