"""The ledger of one member: every fact that counted, what it gave, what a cap cut, and what is still open.

Points are no rows: they are what the sheet makes of the facts. An entry is therefore worth what the item comes to with
it, less what it came to without it and with all that happened before. So the entries of an item always add up to it,
whatever its caps are, and the entry that a cap cut is the one that came after the cap was reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ronghe.scoring.conditions import Place
from ronghe.scoring.exact import UNIT, divided
from ronghe.scoring.explain import outcome_of, under_vetoes
from ronghe.scoring.measures.base import Measure, Reading
from ronghe.scoring.measures.facts import Facts
from ronghe.scoring.measures.from_facts import FromFacts
from ronghe.scoring.measures.previous import Previous
from ronghe.scoring.nodes.base import EvidenceView, Node, Outcome
from ronghe.scoring.nodes.best import BestOf
from ronghe.scoring.nodes.deduct import Deduct
from ronghe.scoring.nodes.each import Each
from ronghe.scoring.nodes.fold import Fold
from ronghe.scoring.records import Evidence, Fact
from ronghe.scoring.sheets import Sheet


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One fact of one item. `points` and `cut` are in 1/10,000; None where the item is no count of facts."""

    fact: Any
    at: datetime
    points: int | None
    cut: int


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """One node of the sheet: what it came to, and for a leaf what it is made of. Points in 1/10,000."""

    id: str
    title: Mapping[str, str]
    rule: str
    depth: int
    window: str
    """Name of the piece of the period, "" for the whole of it."""
    value: int
    full: int
    applicable: bool
    opening: int
    """What it stands at before anything happened: a deducting item begins full."""
    entries: tuple[LedgerEntry, ...] = ()
    adjusted: int = 0
    """What caps, the best of several, or the weight of items that do not apply made of the items below."""
    room: int = 0
    """Points that are still to be had."""
    times: int | None = None
    """How many more facts that is, where every one gives the same."""
    kinds: tuple[str, ...] = ()
    is_leaf: bool = True
    is_carried_over: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole of it: the total, the grade that it would be, and the items from the top down."""

    total: int | None
    band: str | None
    """As it stands; None where it hangs on how others stand."""
    items: tuple[LedgerItem, ...]

    @property
    def leaves(self) -> tuple[LedgerItem, ...]:
        return tuple(item for item in self.items if item.is_leaf)

    @property
    def fact_ids(self) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(entry.fact for item in self.items for entry in item.entries))


def ledger_of(sheet: Sheet, evidence: Evidence) -> Ledger:
    """Return what the sheet makes of one subject's evidence, entry by entry."""
    outcome, counted = outcome_of(sheet, evidence), under_vetoes(sheet, evidence)
    items = tuple(_items(outcome, counted, depth=0, room=None))
    mark = outcome.mark
    return Ledger(mark.value if mark.applicable else None, band_now(sheet, evidence, outcome), items)


def total_of(sheet: Sheet, evidence: Evidence) -> tuple[int | None, str | None]:
    """Return total and band alone: for many people at once."""
    outcome = outcome_of(sheet, evidence)
    mark = outcome.mark
    return mark.value if mark.applicable else None, band_now(sheet, evidence, outcome)


def band_now(sheet: Sheet, evidence: Evidence, outcome: Outcome) -> str | None:
    """Return the band that the evidence comes to by itself: conditions, steps from the band before, vetoes; no quota.

    Nothing where a band asks for a place among others.
    """
    grades = sheet.grades
    if grades is None or not outcome.mark.applicable:
        return None
    conditions = [band.condition for band in grades.bands if band.condition]
    if any(isinstance(part, Place) for condition in conditions for part in condition.inside()):
        return None
    view = _Known(evidence, outcome)
    bands = ((index, grades.bands[index].condition) for index in grades.decide)
    place = next((index for index, condition in bands if condition is None or condition.holds(view)), None)
    if place is None:
        return None
    before = grades.index(evidence.previous_grade)
    if grades.max_steps is not None and before is not None:
        place = min(max(place, before - grades.max_steps), before + grades.max_steps)
    for veto in sheet.vetoes:
        highest = grades.index(veto.grade_at_most)
        if highest is not None and veto.condition.holds(view):
            place = max(place, highest)
    return grades.bands[place].id


class _Known(EvidenceView):
    """Evidence with the points known, as the conditions of bands look at it."""

    def __init__(self, evidence: Evidence, outcome: Outcome) -> None:
        super().__init__(evidence)
        self._marks = {one.node.id: one.mark for one in reversed(list(outcome.walk()))}
        self._root = outcome.node.id

    def points(self, item: str | None) -> Reading:
        mark = self._marks[item or self._root]
        return Reading(mark.value, 1 if mark.applicable else 0)


def _items(outcome: Outcome, evidence: Evidence, *, depth: int, room: int | None) -> Iterator[LedgerItem]:
    node = outcome.node.piece if isinstance(outcome.node, Fold) else outcome.node
    left = _room(outcome, room)
    pieces = outcome.items
    if isinstance(outcome.node, Fold) and len(pieces) == 1:  # a quarter of what counts quarter by quarter
        pieces = pieces[0].items
    is_leaf = not pieces
    leaf = outcome.items[0] if outcome.items and is_leaf else outcome
    below = [one.mark.value for one in (pieces or [leaf]) if one.mark.applicable]
    opening, entries = _entries(leaf, evidence) if is_leaf and leaf.mark.applicable else (0, ())
    measures = _counts(node)
    yield LedgerItem(
        id=outcome.node.id,
        title=outcome.node.title,
        rule=(leaf.node if is_leaf else outcome.node).words(),
        depth=depth,
        window="" if outcome.window == evidence.window else outcome.window.name,
        value=outcome.mark.value,
        full=outcome.full,
        applicable=outcome.mark.applicable,
        opening=opening,
        entries=entries,
        adjusted=outcome.mark.value - sum(below) if outcome.mark.applicable else 0,
        room=left if is_leaf else 0,
        times=_times(node, left) if is_leaf else None,
        kinds=tuple(dict.fromkeys(kind for measure in measures for kind in measure.kinds)),
        is_leaf=is_leaf,
        is_carried_over=isinstance(node.of, Previous),
    )
    for one in pieces:
        yield from _items(one, evidence, depth=depth + 1, room=_room_below(outcome, room))


def _entries(outcome: Outcome, evidence: Evidence) -> tuple[int, tuple[LedgerEntry, ...]]:
    """What the node stands at before anything happened, and what each fact moved it by."""
    node, measure = outcome.node, outcome.node.of
    inside = evidence.inside(outcome.window)
    behind = set(outcome.facts)
    facts = [fact for fact in evidence.facts if fact.id in behind]
    is_count = isinstance(node, Each | Deduct) and isinstance(measure, Facts)
    if not is_count or (isinstance(node, Deduct) and node.below_mark is not None):
        return 0, tuple(LedgerEntry(fact.id, fact.at, None, 0) for fact in facts)
    asked = {kind for one in node.measures for kind in getattr(one, "kinds", ())}
    others = [fact for fact in evidence.facts if fact.kind in asked and fact.id not in behind]
    value = opening = _value_with(node, inside, others)
    entries = []
    for count, fact in enumerate(facts, start=1):
        reached = _value_with(node, inside, [*others, *facts[:count]])
        wanted = _worth(node, fact)
        entries.append(LedgerEntry(fact.id, fact.at, reached - value, wanted - (reached - value)))
        value = reached
    return opening, tuple(entries)


def _value_with(node: Node, evidence: Evidence, facts: list[Fact]) -> int:
    value: int = node.twin(replace(evidence, facts=tuple(facts))).mark.value
    return value


def _worth(node: Node, fact: Fact) -> int:
    """What a fact would give without any limit."""
    assert isinstance(node, Each | Deduct)
    assert isinstance(node.of, Facts)
    amount = fact.amount if node.of.count == "quantity" else UNIT
    points = node.points if isinstance(node, Each) else -node.points
    return divided(amount * points * node.scale, UNIT * UNIT)


def _room(outcome: Outcome, room: int | None) -> int:
    """Points still to be had from a node, no more than what holds it leaves."""
    node = outcome.node.piece if isinstance(outcome.node, Fold) else outcome.node
    if isinstance(node, Deduct) or (isinstance(node, Each) and node.points < 0):
        return 0
    if not outcome.mark.applicable and outcome.node.when is None:
        return 0
    own: int = max(outcome.full - outcome.mark.value, 0)
    return own if room is None else min(own, room)


def _room_below(outcome: Outcome, room: int | None) -> int | None:
    """What a node leaves to its items: limits are its cap, and of several of which the best count the whole."""
    node = outcome.node
    top = node.cap if node.cap is not None else outcome.full if isinstance(node, BestOf) else None
    own = None if top is None else max(top - outcome.mark.value, 0)
    limits = [limit for limit in (own, room) if limit is not None]
    return min(limits) if limits else None


def _times(node: Node, room: int) -> int | None:
    if not isinstance(node, Each) or node.points <= 0 or not isinstance(node.of, Facts) or node.of.count == "quantity":
        return None
    worth = divided(node.points * node.scale, UNIT)
    return -(-room // worth) if worth > 0 else None


def _counts(node: Node) -> list[FromFacts]:
    parts: tuple[Measure, ...] = node.of.parts if node.of else ()
    return [part for part in parts if isinstance(part, FromFacts)]
