"""Two results of one subject, item by item: what changed, and what it did to the total.

Works on two explanations (see `explain`). Every total is cut into parts that add up to it exactly: the points of each
item, and what a sum makes of its items beyond adding them (a cap, a veto, the weight of what does not apply). The
differences of the parts therefore add up to the difference of the totals, without a remainder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ronghe.scoring.exact import units

MEASURED, RULE, APPLIES, NEW, GONE = "measured", "rule", "applies", "new", "gone"
"""Why a part differs; several may hold."""


@dataclass(frozen=True, slots=True)
class Side:
    """One part of one total; numbers in units."""

    value: int
    full: int
    applicable: bool
    measured: str | None
    formula: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part on both sides. `is_rest` is what a sum makes of its items beyond adding them."""

    id: str
    title: Mapping[str, str]
    is_rest: bool
    before: Side | None
    after: Side | None

    @property
    def points(self) -> int:
        """What it did to the total, in units."""
        return (self.after.value if self.after else 0) - (self.before.value if self.before else 0)

    @property
    def why(self) -> tuple[str, ...]:
        """What is different about it."""
        if self.before is None or self.after is None:
            return (NEW,) if self.before is None else (GONE,)
        found = []
        if self.before.applicable != self.after.applicable:
            found.append(APPLIES)
        if self.before.measured != self.after.measured:
            found.append(MEASURED)
        if not self.is_rest and (self.before.formula, self.before.full) != (self.after.formula, self.after.full):
            found.append(RULE)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Difference:
    """All parts in the order of the later sheet, those that are gone at the end."""

    before: int
    after: int
    changes: tuple[Change, ...]

    @property
    def points(self) -> int:
        """By how much the total moved, in units: the sum over all changes."""
        return self.after - self.before

    @property
    def moving(self) -> tuple[Change, ...]:
        """Those that differ in points or otherwise, the largest first."""
        found = [change for change in self.changes if change.points or change.why]
        return tuple(sorted(found, key=lambda change: -abs(change.points)))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what lies between two trees of one subject."""
    old, new = _parts_of(before), _parts_of(after)
    order = [*new, *(key for key in old if key not in new)]
    changes = []
    for key in order:
        (title, own), (_title, other) = new.get(key, (None, None)), old.get(key, (None, None))
        said = title if title is not None else old[key][0]
        changes.append(Change(key[0], said or {}, key[1], other, own))
    return Difference(_value(before), _value(after), tuple(changes))


_Key = tuple[str, bool]
_Part = tuple[Mapping[str, str], Side]


def _parts_of(tree: Mapping[str, Any]) -> dict[_Key, _Part]:
    """Parts by (id, is_rest); the pieces of a node that is scored by month or quarter are added up."""
    found: dict[_Key, _Part] = {}
    for key, (title, side) in _parts(tree):
        if key not in found:
            found[key] = (title, side)
            continue
        known = found[key][1]
        found[key] = (
            title,
            Side(
                known.value + side.value,
                known.full + side.full,
                known.applicable or side.applicable,
                " + ".join(said for said in (known.measured, side.measured) if said) or None,
                side.formula,
            ),
        )
    return found


def _parts(node: Mapping[str, Any]) -> Iterator[tuple[_Key, _Part]]:
    name = node["id"].partition("@")[0]
    rest = _value(node) - sum(_value(child) for child in node["children"])
    if not _is_opened(node, rest):
        side = Side(_value(node), units(node["full"]), node["applicable"], node["measured"], node["formula"])
        yield (name, False), (node["title"], side)
        return
    for child in node["children"]:
        yield from _parts(child)
    if not _is_folded(node):
        yield (name, True), (node["title"], Side(rest, 0, node["applicable"], None, node["formula"]))


def _is_opened(node: Mapping[str, Any], rest: int) -> bool:
    """A sum is told by its items, a choice among items by what came of it; so are averages over pieces."""
    if not node["children"]:
        return False
    return rest == 0 if _is_folded(node) else node["kind"] == "sum"


def _is_folded(node: Mapping[str, Any]) -> bool:
    return any(child["id"].startswith(f"{node['id']}@") for child in node["children"])


def _value(node: Mapping[str, Any]) -> int:
    return units(node["value"]) if node["applicable"] else 0
