"""What a sheet lets members apply for: its nodes that count `merits.granted`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

COUNTED_KIND = "merits.granted"


@dataclass(frozen=True, slots=True)
class Reward:
    """One item of the sheet: what it is called and what one time is worth; below nought it takes points away."""

    id: str
    title: Mapping[str, str]
    note: Mapping[str, str]
    points: Decimal
    cap: Decimal | None

    @property
    def is_deduction(self) -> bool:
        return self.points < 0


def rewards_in(sheet: Mapping[str, Any]) -> list[Reward]:
    """Return what may be applied for, in the order of the sheet.

    A node counts: it names the kind and, in `where`, its own word for the item; `points` is what one is worth. A node of
    a deducting kind takes its points away.
    """
    found: dict[str, Reward] = {}
    for node in _nodes(sheet.get("root", {})):
        measure = node.get("of", {})
        if COUNTED_KIND not in _listed(measure.get("facts", ())) or "points" not in node:
            continue
        if measure.get("count", "facts") != "facts":
            continue
        points = Decimal(str(node["points"])) * (-1 if node.get("kind") == "deduct" else 1)
        cap = node.get("cap", node.get("at_most"))
        for item in _listed(measure.get("where", {}).get("item", ())):
            found.setdefault(
                str(item),
                Reward(str(item), node["title"], node.get("note", {}), points, Decimal(str(cap)) if cap else None),
            )
    return list(found.values())


def kinds_counted(sheet: Mapping[str, Any]) -> frozenset[str]:
    """Return every kind of fact that the sheet counts by itself."""
    kinds = {kind for found in _values(sheet, "facts") for kind in _listed(found)}
    return frozenset(kinds - {COUNTED_KIND})


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if node:
        yield node
    for child in node.get("items", ()):
        yield from _nodes(child)


def _values(content: Any, key: str) -> Iterator[Any]:
    if isinstance(content, Mapping):
        for name, value in content.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _values(value, key)


def _listed(found: Any) -> Sequence[str]:
    return (found,) if isinstance(found, str) else tuple(found)
