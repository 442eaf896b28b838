"""What every node is: points out of a full mark, the modifiers around them, and the way from a sheet's text.

A node answers as a fraction and divides once, last. Its modifiers come after, in this order: `scale`, `floor`, `cap`,
`zero_if` and vetoes, `when`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import gcd
from typing import Any, ClassVar, Protocol, Self

from ronghe.kernel.words import _
from ronghe.scoring.columns import Column, constant, greatest, least, pick, quotient
from ronghe.scoring.conditions import Condition, PlainLogic, View, read_condition
from ronghe.scoring.exact import UNIT, divided, text, units
from ronghe.scoring.fragments import ID, NUMBER, TEXT, Fragment, ref
from ronghe.scoring.measures.base import Measure, Reading
from ronghe.scoring.period import MONTHS_IN, Window
from ronghe.scoring.records import Evidence

COMMON: dict[str, Fragment] = {
    "id": ID,
    "title": TEXT,
    "note": TEXT,
    "theme": {"enum": ["fusion"]},
    "extra": {"type": "boolean"},
    "full": NUMBER,
    "scale": NUMBER,
    "floor": NUMBER,
    "cap": NUMBER,
    "zero_if": ref("condition"),
    "when": ref("condition"),
    "per": {"enum": list(MONTHS_IN)},
    "fold": {"enum": ["sum", "mean"]},
    "at_most": NUMBER,
}
"""Keys that every node may have. `per`, `fold` and `at_most` are taken apart by `nodes.fold`."""


@dataclass(frozen=True)
class Share:
    """Points as a fraction `number / by`, before the one division. `by` is the number 1 where none is needed."""

    number: Any
    by: Any
    applicable: Any


@dataclass(frozen=True)
class Mark:
    """Points in units, 0 where the node is not applicable. Columns on one side, plain values on the other."""

    value: Any
    applicable: Any


class Sight(View, Protocol):
    """What a node sees of the wide table."""

    @property
    def window(self) -> Window:
        """The days that are being scored."""

    def marks_below(self, node: Node) -> list[Mark]:
        """The columns of the nodes below, in order."""

    def vetoed(self, item: str) -> Column | None:
        """Whether a veto brings the item to zero; None when no veto of the sheet can."""


@dataclass(frozen=True)
class Outcome:
    """A node with its values filled in: one knot of the explanation."""

    node: Node
    window: Window
    mark: Mark
    full: int
    reading: Reading | None = None
    items: tuple[Outcome, ...] = ()

    @property
    def facts(self) -> tuple[Any, ...]:
        """The ids of the facts behind it, its items' included, each once, in order."""
        found = list(self.reading.facts) if self.reading else []
        for item in self.items:
            found += item.facts
        return tuple(dict.fromkeys(found))

    def walk(self) -> Iterator[Outcome]:
        """Yield it and everything below, from the top down."""
        yield self
        for item in self.items:
            yield from item.walk()


class EvidenceView(PlainLogic):
    """One subject's evidence as conditions look at it."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def reading(self, measure: Measure) -> Reading:
        """What was measured."""
        return measure.twin(self.evidence)

    def in_category(self, names: tuple[str, ...]) -> bool:
        """Whether the subject is of one of these categories."""
        return self.evidence.category in names

    def points(self, item: str | None) -> Reading:
        """Points are not known yet where items are being scored."""
        raise NotImplementedError

    def in_places(self, place: Any) -> bool:
        """Places are not known yet where items are being scored."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Node(ABC):
    """One node of a sheet. Subclasses say how their points come about; this class does the rest."""

    id: str
    title: Mapping[str, str] = field(hash=False)
    extra: bool = False
    scale: int = UNIT
    floor: int | None = None
    cap: int | None = None
    zero_if: Condition | None = None
    when: Condition | None = None
    items: tuple[Node, ...] = ()
    of: Measure | None = None

    kind: ClassVar[str]
    keys: ClassVar[dict[str, Fragment]]
    required: ClassVar[tuple[str, ...]] = ()

    @classmethod
    @abstractmethod
    def own(cls, doc: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of its own from a checked mapping."""

    @classmethod
    def read(cls, doc: dict[str, Any]) -> Self:
        """Build the node from a checked mapping."""
        limits: dict[str, Any] = {name: units(doc[name]) for name in ("scale", "floor", "cap") if name in doc}
        conditions: dict[str, Any] = {name: read_condition(doc[name]) for name in ("zero_if", "when") if name in doc}
        return cls(
            id=doc["id"], title=doc["title"], extra=doc.get("extra", False), **limits, **conditions, **cls.own(doc)
        )

    # Full marks and sizes, known before any fact is read

    @abstractmethod
    def own_full(self, window: Window) -> int:
        """The full mark before modifiers, in units; 0 for what only adds or only takes away."""

    def full(self, window: Window) -> int:
        """The full mark, in units."""
        scaled = divided(self.own_full(window) * self.scale, UNIT)
        return scaled if self.cap is None else min(scaled, self.cap)

    @property
    def certain(self) -> bool:
        """Whether the node is applicable to everybody."""
        below = self.of.certain if self.of else any(item.certain for item in self.items)
        return self.when is None and below

    @abstractmethod
    def largest(self, window: Window) -> tuple[int, int]:
        """The largest number of its fraction, and the largest points that the fraction can be."""

    def most(self, window: Window) -> int:
        """The largest size of its points after modifiers, in units."""
        points = divided(self.largest(window)[1] * self.scale, UNIT)
        above = points if self.cap is None else min(points, abs(self.cap))
        below = points if self.floor is None else min(points, abs(self.floor))
        return max(above, below, self.floor or 0)

    def below(self, window: Window) -> list[tuple[Node, Window]]:
        """The nodes it is made of, each with the window that it is scored in."""
        return [(item, window) for item in self.items]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure that must be gathered for the node itself."""
        found = self.of.parts if self.of else ()
        for condition in (self.zero_if, self.when):
            found += condition.measures if condition else ()
        return found

    # Columns

    @abstractmethod
    def share(self, sight: Sight) -> Share:
        """Its points as columns."""

    def column(self, sight: Sight) -> Mark:
        """Its points as columns, after the one division and the modifiers."""
        share = self.share(sight)
        times, by = reduced(self.scale, UNIT)
        number = share.number * times if times != 1 else share.number
        by = share.by if by == 1 else share.by * by
        if isinstance(by, int):
            value = number if by == 1 else quotient(number, constant(by))
        else:
            value = quotient(number, greatest(by, constant(1)))
        value = value if self.floor is None else greatest(value, constant(self.floor))
        value = value if self.cap is None else least(value, constant(self.cap))
        for zero in (self.zero_if.holds(sight) if self.zero_if else None, sight.vetoed(self.id)):
            value = value if zero is None else pick(zero, constant(0), value)
        applicable = share.applicable if self.when is None else share.applicable & self.when.holds(sight)
        return Mark(value if self.certain else pick(applicable, value, constant(0)), applicable)

    # The twin

    @abstractmethod
    def twin_share(self, evidence: Evidence, marks: list[Mark], reading: Reading | None) -> Share:
        """Its points from plain records; `marks` are those of the nodes below, `reading` what was measured."""

    def points_of(self, share: Share) -> int:
        """Return the points of a plain share after the one division, `scale`, `floor` and `cap`."""
        value = divided(share.number * self.scale, share.by * UNIT)
        value = max(value, self.floor) if self.floor is not None else value
        return min(value, self.cap) if self.cap is not None else value

    def twin(self, evidence: Evidence) -> Outcome:
        """Its points from plain records, with the way they came about."""
        window = evidence.window
        items = tuple(node.twin(evidence.inside(below)) for node, below in self.below(window))
        reading = self.of.twin(evidence) if self.of else None
        share = self.twin_share(evidence, [item.mark for item in items], reading)
        applicable = share.applicable and (self.when is None or self.when.holds(EvidenceView(evidence)))
        value = 0
        if applicable:
            value = self.points_of(share)
            if self.id in evidence.vetoed_items or (self.zero_if and self.zero_if.holds(EvidenceView(evidence))):
                value = 0
        return Outcome(self, window, Mark(value, bool(applicable)), self.full(window), reading, items)

    # Words

    @abstractmethod
    def own_words(self) -> str:
        """Return how its points come about, for people."""

    def words(self) -> str:
        """Return how its points come about, modifiers included."""
        said = [self.own_words()]
        if self.scale != UNIT:
            said.append(_("按 %(scale)s 折算") % {"scale": text(self.scale)})
        if self.floor is not None:
            said.append(_("最低 %(floor)s 分") % {"floor": text(self.floor)})
        if self.cap is not None:
            said.append(_("最高 %(cap)s 分") % {"cap": text(self.cap)})
        if self.zero_if:
            said.append(_("%(condition)s时得 0 分") % {"condition": self.zero_if.words()})
        if self.when:
            said.append(_("只在%(condition)s时适用") % {"condition": self.when.words()})
        return _("；").join(said)

    def walk(self) -> Iterator[Node]:
        """Yield it and every node below, from the top down."""
        yield self
        for item in self.items:
            yield from item.walk()


def reduced(number: int, by: int) -> tuple[int, int]:
    """Return a fraction in lowest terms, so that products stay small."""
    common = gcd(number, by) or 1
    return number // common, by // common
