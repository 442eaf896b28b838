"""Conditions: when an item applies, when a veto falls, who is in a band.

A comparison asks about a measure, an item's points or the total; `any` and `all` join conditions.
`first` and `last` ask about places, and belong to bands alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from ronghe.kernel.words import N_, _, listed
from ronghe.scoring.columns import Column, all_true, any_true
from ronghe.scoring.exact import text, units
from ronghe.scoring.fragments import ID, NAME, NUMBER, WHOLE, Fragment, one_or_more, ref
from ronghe.scoring.measures import read_measure
from ronghe.scoring.measures.base import Measure, Reading

COMPARISONS = {
    "at_least": N_("%(what)s不低于 %(limit)s"),
    "over": N_("%(what)s高于 %(limit)s"),
    "at_most": N_("%(what)s不高于 %(limit)s"),
    "under": N_("%(what)s低于 %(limit)s"),
}

TIES = ("stay", "go", "ask")
"""What happens to equal scores at a limit: all of them are in, none is, or the run stops and asks."""

SCHEMA: Fragment = {
    "type": "object",
    "properties": {
        "of": ref("measure"),
        "item": ID,
        **dict.fromkeys(COMPARISONS, NUMBER),
        "category": one_or_more(NAME),
        "first": WHOLE,
        "last": WHOLE,
        "ties": {"enum": list(TIES)},
        "any": {"type": "array", "items": ref("condition"), "minItems": 1},
        "all": {"type": "array", "items": ref("condition"), "minItems": 1},
    },
    "minProperties": 1,
    "additionalProperties": False,
}


class View(Protocol):
    """What conditions look at: columns of all subjects, or one subject's evidence."""

    def reading(self, measure: Measure) -> Reading:
        """What was measured."""

    def points(self, item: str | None) -> Reading:
        """The points of an item, of the whole sheet for None; the count is 0 where it is not applicable."""

    def in_category(self, names: tuple[str, ...]) -> Any:
        """Whether the subject is of one of these categories."""

    def in_places(self, place: Place) -> Any:
        """Whether the subject is among the first or last."""

    def every(self, parts: list[Any]) -> Any:
        """All of them."""

    def some(self, parts: list[Any]) -> Any:
        """At least one of them."""


class Condition(ABC):
    """Something that holds for a subject, or does not."""

    @abstractmethod
    def holds(self, view: View) -> Any:
        """Return a truth value, or a column of them."""

    @abstractmethod
    def words(self) -> str:
        """Return the condition for people."""

    def inside(self) -> Iterator[Condition]:
        """Yield it and all conditions in it."""
        yield self

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure that must be gathered for it."""
        return tuple(
            part
            for found in self.inside()
            if isinstance(found, Compare) and found.measure
            for part in found.measure.parts
        )


@dataclass(frozen=True)
class Compare(Condition):
    """A number against a limit. Exact: fractions are compared by multiplying out. Nothing to compare: it fails."""

    how: str
    limit: int
    measure: Measure | None = None
    item: str | None = None

    def holds(self, view: View) -> Any:
        """Compare number with limit × count."""
        found = view.reading(self.measure) if self.measure else view.points(self.item)
        left, right = found.number, found.count * self.limit
        answer = {
            "at_least": lambda: left >= right,
            "over": lambda: left > right,
            "at_most": lambda: left <= right,
            "under": lambda: left < right,
        }[self.how]()
        return view.every([found.count > 0, answer])

    def words(self) -> str:
        """Return what is compared with which limit."""
        what = self.measure.words() if self.measure else (self.item or _("总分"))
        return _(COMPARISONS[self.how]) % {"what": what, "limit": text(self.limit)}


@dataclass(frozen=True)
class InCategory(Condition):
    """The subject is of one of these categories."""

    names: tuple[str, ...]

    def holds(self, view: View) -> Any:
        """Ask for the category."""
        return view.in_category(self.names)

    def words(self) -> str:
        """Return the categories."""
        return _("类别为%(names)s") % {"names": listed(self.names)}


@dataclass(frozen=True)
class Place(Condition):
    """The subject is among the first, or the last, so many."""

    end: str
    places: int
    ties: str = "stay"

    END_WORDS: ClassVar[dict[str, str]] = {"first": N_("前 %(places)s 名"), "last": N_("后 %(places)s 名")}

    def holds(self, view: View) -> Any:
        """Ask for the place."""
        return view.in_places(self)

    def words(self) -> str:
        """Return how many from which end."""
        return _(self.END_WORDS[self.end]) % {"places": self.places}


@dataclass(frozen=True)
class Several(Condition):
    """Conditions joined by `any` or `all`."""

    join: str
    parts: tuple[Condition, ...]

    def holds(self, view: View) -> Any:
        """Join them."""
        parts = [part.holds(view) for part in self.parts]
        return view.some(parts) if self.join == "any" else view.every(parts)

    def words(self) -> str:
        """Return them joined."""
        return (_(" 或者 ") if self.join == "any" else _("，并且")).join(part.words() for part in self.parts)

    def inside(self) -> Iterator[Condition]:
        """Yield it and all conditions in it."""
        yield self
        for part in self.parts:
            yield from part.inside()


def read_condition(doc: dict[str, Any]) -> Condition:
    """Build a condition from a checked mapping; several keys side by side must all hold.

    A measure without a limit must be over 0: it happened at all.
    """
    parts: list[Condition] = []
    measure = read_measure(doc["of"]) if "of" in doc else None
    compared = [how for how in COMPARISONS if how in doc]
    if (measure or "item" in doc) and not compared:
        parts.append(Compare("over", 0, measure, doc.get("item")))
    parts += [Compare(how, units(doc[how]), measure, doc.get("item")) for how in compared]
    if "category" in doc:
        names = doc["category"]
        parts.append(InCategory((names,) if isinstance(names, str) else tuple(names)))
    parts += [Place(end, doc[end], doc.get("ties", "stay")) for end in ("first", "last") if end in doc]
    parts += [Several(join, tuple(map(read_condition, doc[join]))) for join in ("any", "all") if join in doc]
    return parts[0] if len(parts) == 1 else Several("all", tuple(parts))


class ColumnLogic:
    """Joining of conditions that are columns."""

    def every(self, parts: list[Column]) -> Column:
        """All of them."""
        return all_true(parts)

    def some(self, parts: list[Column]) -> Column:
        """At least one of them."""
        return any_true(parts)


class PlainLogic:
    """Joining of conditions that are plain truth values."""

    def every(self, parts: list[bool]) -> bool:
        """All of them."""
        return all(parts)

    def some(self, parts: list[bool]) -> bool:
        """At least one of them."""
        return any(parts)
