"""The outline of a plan: who stands below whom, and the numbers 1, 1.1, 1.1.1 that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a line stands: its level (1 at the top), the place of the line above it, its number, whether others are below."""

    level: int
    parent: int | None
    number: str
    is_summary: bool


def outline(levels: Sequence[int]) -> list[Placed]:
    """Return where each line stands; one that leaps more than a level down is taken one below the line before."""
    found: list[tuple[int, int | None, str]] = []
    open_: list[int] = []
    """The place of the last line on each level that is still open."""
    counts: list[int] = []
    for place, wanted in enumerate(levels):
        level = max(1, min(wanted, len(open_) + 1))
        del open_[level - 1 :]
        counts = counts[:level] + [0] * (level - len(counts))
        counts[level - 1] += 1
        found.append((level, open_[-1] if open_ else None, ".".join(map(str, counts[:level]))))
        open_.append(place)
    parents = {parent for _level, parent, _number in found}
    return [Placed(level, parent, number, place in parents) for place, (level, parent, number) in enumerate(found)]


def block(levels: Sequence[int], place: int) -> range:
    """Return the places of a line and all that stands below it."""
    end = place + 1
    while end < len(levels) and levels[end] > levels[place]:
        end += 1
    return range(place, end)


def moved(levels: Sequence[int], place: int, way: str) -> tuple[list[int], list[int]] | None:
    """Return the new order (old places) and levels after moving a line with all below it, `None` where it cannot go.

    `way` is up or down among its siblings, in (below the sibling before), or out (beside the line above).
    """
    own = block(levels, place)
    order = list(range(len(levels)))
    if way in ("in", "out"):
        step = 1 if way == "in" else -1
        if (way == "in" and (place == 0 or levels[place] > levels[place - 1])) or (way == "out" and levels[place] == 1):
            return None
        return order, [level + step if number in own else level for number, level in enumerate(levels)]
    if way == "up":
        before = place - 1
        while before >= 0 and levels[before] > levels[place]:
            before -= 1
        if before < 0 or levels[before] < levels[place]:
            return None
        order = [*order[:before], *own, *order[before:place], *order[own.stop :]]
    else:
        if own.stop >= len(levels) or levels[own.stop] < levels[place]:
            return None
        following = block(levels, own.stop)
        order = [*order[:place], *following, *own, *order[following.stop :]]
    return order, [levels[number] for number in order]
