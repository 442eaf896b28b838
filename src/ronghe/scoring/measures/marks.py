"""`panel`, `survey` and `figure`: marks that people gave or systems delivered, as reserved kinds of facts."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from ronghe.kernel.words import N_, _
from ronghe.scoring.columns import Column, constant, least, pick
from ronghe.scoring.exact import UNIT, units
from ronghe.scoring.fragments import NAME, NUMBER, WHOLE
from ronghe.scoring.measures.base import MOST_FACTS, MOST_QUANTITY, Reading
from ronghe.scoring.measures.from_facts import FromFacts
from ronghe.scoring.records import FIGURE_VALUE, ITEM, PANEL_MARK, SURVEY_ANSWER, Evidence, Fact

TRIM = {"type": "integer", "minimum": 0}
HUNDRED = 100 * UNIT


@dataclass(frozen=True, kw_only=True)
class Marks(FromFacts):
    """The mean of marks out of `out_of`, without the `trim` highest and the `trim` lowest.

    Fewer than `least` marks are no result. For surveys that protects people: with two answers each of the two
    knows what the other said.
    """

    out_of: int = HUNDRED
    trim: int = 0
    least: int = 1

    averages = True

    @property
    def item(self) -> str:
        """The item that is marked."""
        return self.where[0][1][0]

    @property
    def full_at(self) -> int | None:  # type: ignore[override]
        """The highest mark."""
        return self.out_of

    @property
    def largest(self) -> tuple[int, int]:
        """Every mark the highest."""
        return MOST_FACTS * self.out_of, MOST_FACTS

    @property
    def stream(self) -> Hashable:
        """A trimmed mean needs its marks in order, a plain one only their sum."""
        return None if self.trim else ("tally", self.home)

    @property
    def least_kept(self) -> int:
        """How many marks must be left after trimming."""
        return max(self.least - 2 * self.trim, 1)

    def kept(self, place: Column, count: Column) -> Column:
        """Whether the mark at `place` (0 is the lowest of `count`) is kept."""
        return (place >= self.trim) & (place < count - self.trim)

    def order(self, rows: Any) -> list[Column]:
        """Marks from the lowest up."""
        return [rows["amount"]]

    def finish(self, number: Column, count: Column) -> Reading:
        """Too few marks are no result."""
        enough = count >= self.least_kept
        return Reading(pick(enough, number, constant(0)), pick(enough, count, constant(0)))

    def twin(self, evidence: Evidence) -> Reading:
        """Sort, trim, add up."""
        facts = self.taken(evidence)
        marks = sorted(fact.amount for fact in facts)
        kept = marks[self.trim : len(marks) - self.trim]
        if len(kept) < self.least_kept:
            return Reading(0, 0)
        return Reading(sum(kept), len(kept), tuple(fact.id for fact in facts))

    def _trimmed(self, said: str) -> str:
        if not self.trim:
            return said
        return _("%(what)s（去掉 %(trim)s 个最高分和 %(trim)s 个最低分）") % {"what": said, "trim": self.trim}


@dataclass(frozen=True, kw_only=True)
class Panel(Marks):
    """Marks given by a panel, with evidence."""

    word = "panel"
    keys = {"panel": NAME, "trim": TRIM, "out_of": NUMBER, "least": WHOLE}

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        return cls(
            kinds=(PANEL_MARK,),
            where=((ITEM, (doc["panel"],)),),
            out_of=units(doc.get("out_of", 100)),
            trim=doc.get("trim", 0),
            least=doc.get("least", 1),
        )

    def words(self) -> str:
        """Return which marks."""
        return self._trimmed(_("评委对%(item)s评分的平均") % {"item": self.item})


@dataclass(frozen=True, kw_only=True)
class Survey(Marks):
    """Answers of a survey; fewer than `least` (five unless the sheet says otherwise) are no result."""

    word = "survey"
    keys = {"survey": NAME, "trim": TRIM, "out_of": NUMBER, "least": WHOLE}

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        return cls(
            kinds=(SURVEY_ANSWER,),
            where=((ITEM, (doc["survey"],)),),
            out_of=units(doc.get("out_of", 100)),
            trim=doc.get("trim", 0),
            least=doc.get("least", 5),
        )

    def words(self) -> str:
        """Return which answers, and how few are too few."""
        said = self._trimmed(_("问卷%(item)s的平均分") % {"item": self.item})
        return _("%(what)s（少于 %(least)s 份不计）") % {"what": said, "least": self.least}


FIGURE_WORDS = {
    "last": N_("最近一次的%(item)s"),
    "sum": N_("%(item)s的合计"),
    "mean": N_("%(item)s的平均"),
    "highest": N_("最高一次的%(item)s"),
    "lowest": N_("最低一次的%(item)s"),
    "median": N_("%(item)s的中位数"),
}

BY_SIZE = ("highest", "lowest", "median")


@dataclass(frozen=True, kw_only=True)
class Figure(FromFacts):
    """An imported figure: the last one of the period, the highest, the lowest, their sum, mean or median.

    The median of an even number is the mean of the two in the middle. None: nothing to measure.
    """

    take: str = "last"

    averages = True
    word = "figure"
    keys = {"figure": NAME, "take": {"enum": list(FIGURE_WORDS)}, "home": {"type": "boolean"}}

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build it from a checked mapping."""
        return cls(
            kinds=(FIGURE_VALUE,),
            where=((ITEM, (doc["figure"],)),),
            take=doc.get("take", "last"),
            home=doc.get("home", False),
        )

    @property
    def item(self) -> str:
        """What the figure is called."""
        return self.where[0][1][0]

    @property
    def largest(self) -> tuple[int, int]:
        """As much as a sheet must be able to bear."""
        return MOST_QUANTITY, {"mean": MOST_FACTS, "median": 2}.get(self.take, 1)

    @property
    def stream(self) -> Hashable:
        """A sum and a mean need no order; every other choice does."""
        return ("tally", self.home) if self.take in {"sum", "mean"} else None

    def kept(self, place: Column, count: Column) -> Column:
        """Whether the figure at `place` (0 is the earliest, or the lowest) is taken."""
        if self.take == "lowest":
            return place == 0
        if self.take == "median":  # twice, so that nothing is divided: both in the middle of an even number
            return (place * 2 >= count - 2) & (place * 2 <= count)
        return place == count - 1

    def order(self, rows: Any) -> list[Column]:
        """Figures from the earliest or the lowest on; of one moment, by id."""
        return [rows["amount"]] if self.take in BY_SIZE else [rows["occurred_at"], rows["id"]]

    def finish(self, number: Column, count: Column) -> Reading:
        """Only a mean is divided, and the median of an even number."""
        return Reading(number, count if self.take in {"mean", "median"} else least(count, constant(1)))

    def twin(self, evidence: Evidence) -> Reading:
        """Take what is asked for."""
        facts = self.taken(evidence)
        if not facts:
            return Reading(0, 0)
        chosen = self._chosen(facts)
        count = len(chosen) if self.take in {"mean", "median"} else 1
        return Reading(sum(fact.amount for fact in chosen), count, tuple(fact.id for fact in chosen))

    def _chosen(self, facts: list[Fact]) -> list[Fact]:
        if self.take in {"sum", "mean"}:
            return facts
        if self.take == "last":
            return facts[-1:]
        by_size = sorted(facts, key=lambda fact: fact.amount)
        if self.take == "median":
            return by_size[(len(by_size) - 1) // 2 : len(by_size) // 2 + 1]
        return by_size[-1:] if self.take == "highest" else by_size[:1]

    def words(self) -> str:
        """Return which figure."""
        return _(FIGURE_WORDS[self.take]) % {"item": self.item}
