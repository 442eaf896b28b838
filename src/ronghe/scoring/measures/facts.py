"""`facts`: how often something happened, how much of it, or how many different people, bodies or days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.columns import Column, constant, least
from ronghe.scoring.exact import UNIT, text, units
from ronghe.scoring.fragments import NUMBER, as_list
from ronghe.scoring.measures.base import MOST_FACTS, MOST_QUANTITY, Reading
from ronghe.scoring.measures.from_facts import KINDS, WHERE, FromFacts, read_where
from ronghe.scoring.period import MONTHS_IN, PIECES, SHANGHAI
from ronghe.scoring.records import Evidence, Fact

DIFFERENT = {"people": "subject", "bodies": "body", "days": "day"}
"""Counts that take several facts as one: by whom, where, on which day."""

PER_WORDS = {
    "day": N_("每天"),
    "month": N_("每月"),
    "quarter": N_("每季度"),
    "half": N_("每半年"),
    "year": N_("每年"),
}

COUNT_WORDS = {
    "facts": N_("%(kinds)s的次数"),
    "quantity": N_("%(kinds)s的数量"),
    "people": N_("%(kinds)s的人数"),
    "bodies": N_("%(kinds)s涉及的组织数"),
    "days": N_("%(kinds)s的天数"),
}


@dataclass(frozen=True, kw_only=True)
class Facts(FromFacts):
    """Facts of some kinds, at most so many counted in each day, month, quarter …"""

    count: str = "facts"
    per: str | None = None
    at_most: int | None = None

    word = "facts"
    certain = True
    keys = {
        "facts": KINDS,
        "where": WHERE,
        "count": {"enum": ["facts", "quantity", *DIFFERENT]},
        "per": {"enum": list(PIECES)},
        "at_most": NUMBER,
        "home": {"type": "boolean"},
    }

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        return cls(
            kinds=as_list(doc["facts"]),
            where=read_where(doc.get("where", {})),
            home=doc.get("home", False),
            count=doc.get("count", "facts"),
            per=doc.get("per"),
            at_most=units(doc["at_most"]) if "at_most" in doc else None,
        )

    @property
    def largest(self) -> tuple[int, int]:
        """At most so much a piece where a limit is set, else what a sheet must be able to bear."""
        if self.at_most is None:
            return (MOST_QUANTITY if self.count == "quantity" else MOST_FACTS * UNIT), 1
        pieces = {None: 1, "day": 366 * 8}.get(self.per) or 96 // MONTHS_IN[str(self.per)]
        return self.at_most * pieces, 1

    @property
    def stream(self) -> Hashable:
        """Plain counts and sums share one scan; every count of different things needs its own grouping."""
        return None if self.count in DIFFERENT else ("tally", self.home)

    @property
    def weight(self) -> int:
        """A time is one; a quantity counts as it is."""
        return 1 if self.count == "quantity" else UNIT

    def finish(self, number: Column, count: Column) -> Reading:  # noqa: ARG002
        """A sum is there for everybody, if only as 0."""
        return Reading(
            number if self.per or self.at_most is None else least(number, constant(self.at_most)), constant(1)
        )

    def twin(self, evidence: Evidence) -> Reading:
        """Add up piece by piece, each piece up to its limit."""
        facts = self.taken(evidence)
        pieces: defaultdict[Any, list[Fact]] = defaultdict(list)
        for fact in facts:
            pieces[self._piece_of(fact, evidence)].append(fact)
        number = sum(min(self._amount(found), self._limit) for found in pieces.values())
        return Reading(number, 1, tuple(fact.id for fact in facts))

    @property
    def _limit(self) -> int:
        return 2**62 if self.at_most is None else self.at_most

    def _piece_of(self, fact: Fact, evidence: Evidence) -> Any:
        if self.per is None:
            return None
        return next(piece.name for piece in evidence.window.cut(self.per) if piece.holds(fact.at))

    def _amount(self, facts: list[Fact]) -> int:
        if self.count == "quantity":
            return sum(fact.amount for fact in facts)
        if self.count == "days":
            return UNIT * len({fact.at.astimezone(SHANGHAI).date() for fact in facts})
        if self.count in DIFFERENT:
            return UNIT * len({getattr(fact, DIFFERENT[self.count]) for fact in facts} - {None})
        return UNIT * len(facts)

    def words(self) -> str:
        """Return what is counted and up to how much."""
        said = _(COUNT_WORDS[self.count]) % {"kinds": listed(self.kinds)}
        if self.at_most is None:
            return said
        limit = {"what": said, "most": text(self.at_most)}
        if self.per is None:
            return _("%(what)s（最多计 %(most)s）") % limit
        return _("%(what)s（%(per)s最多计 %(most)s）") % {**limit, "per": _(PER_WORDS[self.per])}
