"""Naming a Party member for every employee: the own team first, then evenly, and nobody for more than one can keep up with."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FAR = 99
"""How far apart two people are whose units have nothing above them in common."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A person and the unit in which they work."""

    pk: int
    unit: int | None


@dataclass(frozen=True, slots=True)
class Naming:
    """What is proposed: employee → member. `kept` of them are named so already, `left` are employees without anybody."""

    pairs: Mapping[int, int]
    kept: frozenset[int]
    left: tuple[int, ...]

    @property
    def new(self) -> dict[int, int]:
        """The pairs that would be written."""
        return {employee: member for employee, member in self.pairs.items() if employee not in self.kept}

    @property
    def digest(self) -> str:
        """A short name for exactly these pairs: what is accepted is what was shown."""
        text = ",".join(f"{employee}-{member}" for employee, member in sorted(self.pairs.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def propose(
    employees: Sequence[Someone],
    members: Sequence[Someone],
    *,
    named: Mapping[int, int],
    parents: Mapping[int, int | None],
    most: int,
) -> Naming:
    """Return who is named for whom.

    Whoever is `named` (employee → member) stays so, as far as the member is one of `members` and has not more than
    `most`. The others get the nearest member (own unit, then the units around it), among equally near ones the one with
    the fewest employees. The same input gives the same answer.
    """
    paths = _paths({*(row.unit for row in employees), *(row.unit for row in members)}, parents)
    load: Counter[int] = Counter({row.pk: 0 for row in members})
    pairs: dict[int, int] = {}
    ordered = sorted(employees, key=lambda row: row.pk)
    for employee in ordered:
        member = named.get(employee.pk)
        if member is not None and member in load and load[member] < most:
            pairs[employee.pk] = member
            load[member] += 1
    kept = frozenset(pairs)
    left: list[int] = []
    # Those who have few members near them choose first, or a neighbour without any would take the last place.
    waiting = [row for row in ordered if row.pk not in kept]
    near = Counter(row.unit for row in members)
    for employee in sorted(waiting, key=lambda row: (not near[row.unit], row.pk)):
        free = [row for row in members if load[row.pk] < most]
        if not free:
            left.append(employee.pk)
            continue
        chosen = min(free, key=lambda row: (_distance(paths, employee.unit, row.unit), load[row.pk], row.pk))
        pairs[employee.pk] = chosen.pk
        load[chosen.pk] += 1
    return Naming(pairs, kept, tuple(left))


def _paths(units: Iterable[int | None], parents: Mapping[int, int | None]) -> dict[int, list[int]]:
    """Return each unit with everything above it, the nearest first."""
    found: dict[int, list[int]] = {}
    for unit in units:
        path: list[int] = []
        place = unit
        while place is not None:
            path.append(place)
            place = parents.get(place)
        if unit is not None:
            found[unit] = path
    return found


def _distance(paths: Mapping[int, Sequence[int]], first: int | None, second: int | None) -> int:
    """Return how many steps up from the first unit the second lies below; none where they are the same."""
    if first is None or second is None:
        return FAR
    above = set(paths[second])
    return next((steps for steps, unit in enumerate(paths[first]) if unit in above), FAR)
