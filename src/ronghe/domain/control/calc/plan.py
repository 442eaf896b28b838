"""A structure of acceptance as rows: one process each, with the parts that it lies in; from Excel, a copy or a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

NOTICE_HOURS = 24
MOST_NOTICE_HOURS = 720


@dataclass(frozen=True, slots=True)
class Past:
    """How a process went that was accepted before the platform came: who, by id where known, on which day."""

    accepted_by: int
    accepted_on: date
    self_by: int | None = None
    mutual_by: int | None = None
    special_by: int | None = None
    is_excellent: bool | None = None
    rated_by: int | None = None
    measured: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One process. `parts` are the names from unit work to inspection lot; `before` are places of other rows of the plan.

    Without `before` it comes after the row before it in the same inspection lot.
    """

    parts: tuple[str, str, str, str]
    name: str
    point: str = "ordinary"
    standard: str = ""
    notice_hours: int = NOTICE_HOURS
    lot: str = ""
    before: tuple[int, ...] | None = None
    past: Past | None = field(default=None, compare=False)


def linked(rows: Sequence[PlanRow]) -> list[tuple[int, ...]]:
    """Return for each row the places of the rows that must be accepted before it."""
    last: dict[tuple[str, ...], int] = {}
    found: list[tuple[int, ...]] = []
    for place, row in enumerate(rows):
        previous = last.get(row.parts)
        found.append(row.before if row.before is not None else () if previous is None else (previous,))
        last[row.parts] = place
    return found


def circle_in(befores: Mapping[int, Iterable[int]], start: int) -> list[int]:
    """Return the processes of a circle through `start`, in their order, [] where there is none.

    `befores` gives for each process those that must come before it.
    """
    path: list[int] = []
    seen: set[int] = set()

    stack: list[tuple[int, int]] = [(start, 0)]
    while stack:
        process, depth = stack.pop()
        del path[depth:]
        path.append(process)
        for before in befores.get(process, ()):
            if before == start:
                return [*path, start]
            if before not in seen:
                seen.add(before)
                stack.append((before, depth + 1))
    return []
