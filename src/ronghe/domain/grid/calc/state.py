"""A part of the organization on a day, as plain values: what the map is drawn from and gaps are found in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ronghe.domain.org.calc.thresholds import Figures

BRANCHES = frozenset({"branch", "joint_branch", "floating_branch"})
"""Bodies that are a member's home (PO-12)."""
LEVELS = frozenset({"committee", "general_branch", *BRANCHES})
"""Bodies that the map shows; a zone's working bodies have no employees of their own."""


@dataclass(slots=True)
class Body:
    """One Party body or group. Head counts are of its own home members, whatever their group."""

    pk: int
    parent: int | None
    name: str
    kind: str
    unit: int | None = None
    is_approved: bool = False
    """Founded below its threshold with a superior's approval (PO-02)."""
    formal: int = 0
    members: int = 0
    """Full and probationary ones."""
    ungrouped: int = 0
    secretary: int | None = None
    """Who holds the post of secretary, deputy where there is none."""
    has_secretary: bool = False
    clerk: int | None = None
    leader: int | None = None
    """Of a group; the first of several."""
    is_leader_formal: bool = True
    members_by_unit: dict[int, int] = field(default_factory=dict)
    """Of a group: where its members work."""
    term_ends: date | None = None
    """Last day of the running term; `None` where none is on record."""
    has_contact: bool = False
    open_requests: int = 0
    late_requests: int = 0

    @property
    def is_branch(self) -> bool:
        return self.kind in BRANCHES


@dataclass(slots=True)
class Unit:
    """One unit of the administrative tree, with the people in the unit itself."""

    pk: int
    parent: int | None
    name: str
    kind: str
    employees: int = 0
    members: int = 0
    """Party members among them."""
    homeless: int = 0
    """Party members without a home branch (PO-13)."""
    unnamed: int = 0
    """Employees who are no Party members and have no named member."""
    staffing: str | None = None
    leader: int | None = None
    """Who leads the team."""
    activists: int = 0

    @property
    def others(self) -> int:
        """Employees who are no Party members."""
        return self.employees - self.members


@dataclass(frozen=True, slots=True)
class Site:
    """A zone, or one side of a zone, as far as Party bodies on projects are concerned (PO-04)."""

    zone: int
    name: str
    sponsor: int
    since: date
    has_body: bool
    unit: int | None = None
    """The side's unit; `None` for the zone itself."""


@dataclass
class GridState:
    """Everything below the roots on `day`."""

    day: date
    roots: list[int]
    bodies: dict[int, Body]
    units: dict[int, Unit]
    carriers: Mapping[int, list[tuple[int, str]]]
    """Unit → the home bodies, general branches and committees that it carries, also those outside the roots."""
    homes_of_units: Mapping[int, int]
    """Unit → the branch in which most of its Party members are at home."""
    pairs: Mapping[int, int]
    """Group → team, of the pairs of that day."""
    party_units: frozenset[int] = frozenset()
    """Units that carry a Party body or group of whatever kind."""
    sites: list[Site] = field(default_factory=list)
    overloaded: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Branch → how many members are named for more employees than one may be, and how many that is."""
    figures: Figures = field(default_factory=Figures)
    remind_months: int = 6

    @cached_property
    def children(self) -> Mapping[int, list[int]]:
        """Body → the bodies right below it, those of the map first by name; groups among them."""
        below: dict[int, list[int]] = defaultdict(list)
        for body in sorted(self.bodies.values(), key=lambda row: (row.name, row.pk)):
            if body.parent is not None and body.parent in self.bodies:
                below[body.parent].append(body.pk)
        return below

    @cached_property
    def groups(self) -> Mapping[int, list[Body]]:
        """Branch → its permanent groups, by name."""
        return {
            pk: [self.bodies[below] for below in found if self.bodies[below].kind == "party_group"]
            for pk, found in self.children.items()
        }

    @cached_property
    def body_of_unit(self) -> Mapping[int, int]:
        """Unit → the body in whose part of the grid it lies; units of bodies outside the roots are left out.

        The nearest unit at or above it that carries a body decides. Where that is a committee or a general branch, the
        unit belongs to the branch in which most of its members are at home, if there is one.
        """
        nearest: dict[int, tuple[int, str] | None] = {}
        found: dict[int, int] = {}
        for pk in self.units:
            carrier = self._nearest(pk, nearest)
            if carrier is None:
                continue
            body, kind = carrier
            if kind not in BRANCHES:
                body = self.homes_of_units.get(pk, body)
            if body in self.bodies:
                found[pk] = body
        return found

    def _nearest(self, unit: int, nearest: dict[int, tuple[int, str] | None]) -> tuple[int, str] | None:
        path: list[int] = []
        place: int | None = unit
        carrier: tuple[int, str] | None = None
        while place is not None and place not in nearest:
            path.append(place)
            carried = self.carriers.get(place)
            if carried:
                carrier = min(carried, key=lambda row: (row[1] not in BRANCHES, row[0]))
                break
            node = self.units.get(place)
            place = node.parent if node is not None else None
        else:
            carrier = nearest[place] if place is not None else None
        nearest.update(dict.fromkeys(path, carrier))
        return carrier

    @cached_property
    def units_of_body(self) -> Mapping[int, list[Unit]]:
        """Body → the units of its part of the grid in which people work, or that are stations or teams; by name."""
        found: dict[int, list[Unit]] = defaultdict(list)
        for unit in sorted(self.units.values(), key=lambda row: (row.name, row.pk)):
            body = self.body_of_unit.get(unit.pk)
            if body is not None and (unit.employees or unit.kind in {"team", "station"}):
                found[body].append(unit)
        return found

    @cached_property
    def units_below(self) -> Mapping[int, list[int]]:
        """Unit → the units right below it."""
        below: dict[int, list[int]] = defaultdict(list)
        for unit in self.units.values():
            if unit.parent is not None:
                below[unit.parent].append(unit.pk)
        return below

    @cached_property
    def staff(self) -> Mapping[int, int]:
        """Unit → employees of the unit and of everything below it."""
        return _summed(
            self.units, {pk: unit.employees for pk, unit in self.units.items()},
            {pk: unit.parent for pk, unit in self.units.items()},
        )  # fmt: skip

    @property
    def _counting(self) -> list[Body]:
        """The bodies whose members are counted upwards; a group's are its branch's own (PO-08)."""
        return [body for body in self.bodies.values() if body.kind in LEVELS]

    @cached_property
    def formal_below(self) -> Mapping[int, int]:
        return self._bodies_summed({body.pk: body.formal for body in self._counting})

    @cached_property
    def members_below(self) -> Mapping[int, int]:
        return self._bodies_summed({body.pk: body.members for body in self._counting})

    @cached_property
    def employees_below(self) -> Mapping[int, int]:
        """Body → employees in its part of the grid and everything below it."""
        own: dict[int, int] = defaultdict(int)
        for unit, body in self.body_of_unit.items():
            own[body] += self.units[unit].employees
        return self._bodies_summed(own)

    @cached_property
    def homeless_below(self) -> Mapping[int, int]:
        """Body → Party members without a home who work in its part of the grid or below it."""
        own: dict[int, int] = defaultdict(int)
        for unit, body in self.body_of_unit.items():
            own[body] += self.units[unit].homeless
        return self._bodies_summed(own)

    def _bodies_summed(self, own: Mapping[int, int]) -> Mapping[int, int]:
        return _summed(self.bodies, own, {pk: body.parent for pk, body in self.bodies.items()})

    def label(self, unit: Unit) -> str:
        """Return the unit's name, with the unit that it stands in where that is not the one that carries the body."""
        above = self.units.get(unit.parent or 0)
        if above is None or above.pk in self.carriers or unit.pk in self.carriers:
            return unit.name
        return f"{above.name} {unit.name}"

    def path(self, body: int) -> Iterator[Body]:
        """Walk from a body up to the root."""
        place: int | None = body
        while place is not None and place in self.bodies:
            yield self.bodies[place]
            place = self.bodies[place].parent

    def answers_for(self, body: int) -> int | None:
        """Return the person who answers for a body: its secretary, else its clerk, else those of the body above."""
        for node in self.path(body):
            if node.leader is not None and node.kind == "party_group":
                continue  # a gap of a group is the branch's to close
            if node.secretary is not None or node.clerk is not None:
                return node.secretary if node.secretary is not None else node.clerk
        return None

    def branch_of(self, body: int) -> int:
        """Return the body itself, or the branch above where it is a group."""
        node = self.bodies[body]
        return node.parent if node.kind == "party_group" and node.parent in self.bodies else body


def _summed(
    nodes: Mapping[int, object], own: Mapping[int, int], parents: Mapping[int, int | None]
) -> Mapping[int, int]:
    """Return each node's own number with those of everything below it; one pass from the leaves up."""
    waiting = dict.fromkeys(nodes, 0)
    for parent in parents.values():
        if parent in waiting:
            waiting[parent] += 1
    totals = {pk: own.get(pk, 0) for pk in nodes}
    ready = [pk for pk, count in waiting.items() if not count]
    while ready:
        pk = ready.pop()
        parent = parents[pk]
        if parent in waiting:
            totals[parent] += totals[pk]
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return totals
