"""The figures of the grid, and the tree that the map is drawn from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ronghe.domain.grid.calc.checks import needs_party_part
from ronghe.domain.grid.calc.finding import has_party_part
from ronghe.domain.grid.calc.kinds import Gap
from ronghe.domain.grid.calc.state import LEVELS, Body, GridState, Unit

BINS = (1, 2, 3, 4, 5)
"""Upper limits of the distribution of employees per member; the last bin has none."""

SIZE_CODES = frozenset(
    {"branch_too_small", "branch_too_large", "branch_at_minimum", "committee_too_small", "general_branch_too_small"}
)


@dataclass(slots=True)
class Node:
    """One body of the map with everything below it. `cells` are the units of its own part of the grid."""

    body: Body
    members: int
    """At home there or below, and those who work there without a home anywhere."""
    employees: int
    gaps: int = 0
    """With everything below."""
    worst: str = ""
    """`failed` or `attention` where the body's own size is (PO-01, PO-02), else nothing."""
    nodes: list[Node] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """How wide the node is drawn: its employees, and at least its members."""
        return max(self.employees, self.members, 1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit in which people work."""

    unit: Unit
    name: str
    is_empty: bool
    """Nobody of the Party, and not built into a Party group."""
    lacks_party_part: bool

    @property
    def share(self) -> int:
        """Party members of a hundred employees."""
        return 100 * self.unit.members // self.unit.employees if self.unit.employees else 0


@dataclass(frozen=True, slots=True)
class Stations:
    """The stations by how they are manned (AL-15)."""

    attended: int = 0
    sparse: int = 0
    unattended: int = 0
    unknown: int = 0
    lacking: int = 0
    """Those where the Party's part is due and nobody answers for it."""

    @property
    def all(self) -> int:
        return self.attended + self.sparse + self.unattended + self.unknown


@dataclass(frozen=True, slots=True)
class Figures:
    """What the row of figures says."""

    bodies: Mapping[str, int]
    """How many committees, general branches, branches and groups there are."""
    members: int
    """Party members who work there."""
    employees: int
    others: int
    """Employees who are no Party members."""
    named: int
    """Of them, those with a named member."""
    teams: int
    covered_teams: int
    pairs: int
    single_led: int
    """Pairs of group and team under one leader."""
    branches: int
    sized_branches: int
    """Branches of the right size (PO-01)."""
    stations: Stations
    distribution: Sequence[int]
    """Teams by employees per member, in the bins of `BINS`."""
    open_requests: int
    late_requests: int


def figures_of(state: GridState, gaps: Iterable[Gap]) -> Figures:
    """Return the figures of everything below the roots."""
    units = [state.units[pk] for pk in state.body_of_unit]
    teams = [unit for unit in units if unit.kind == "team" and unit.employees]
    codes = [gap.kind.code for gap in gaps]
    branches = [body for body in state.bodies.values() if body.is_branch]
    others = sum(unit.others for unit in units)
    pairs = [
        (state.bodies[group], state.units.get(team)) for group, team in state.pairs.items() if group in state.bodies
    ]
    return Figures(
        bodies=_kinds(state),
        members=sum(unit.members for unit in units),
        employees=sum(unit.employees for unit in units),
        others=others,
        named=others - sum(unit.unnamed for unit in units),
        teams=len(teams),
        covered_teams=len(teams) - codes.count("team_without_member"),
        pairs=len(pairs),
        single_led=sum(
            team is not None and group.leader is not None and group.leader == team.leader for group, team in pairs
        ),
        branches=len(branches),
        sized_branches=len(branches) - codes.count("branch_too_small") - codes.count("branch_too_large"),
        stations=_stations(state, units),
        distribution=_distribution(teams),
        open_requests=sum(body.open_requests for body in state.bodies.values()),
        late_requests=sum(body.late_requests for body in state.bodies.values()),
    )


def tree_of(state: GridState, gaps: Iterable[Gap]) -> list[Node]:
    """Return the map's tree: one node a root, bodies by name inside, each with the units of its own part."""
    own: dict[int, list[Gap]] = {}
    at_units: dict[int, set[str]] = {}
    for gap in gaps:
        own.setdefault(gap.place.body, []).append(gap)
        if gap.place.kind == "unit":
            at_units.setdefault(gap.place.pk, set()).add(gap.kind.code)
    return [_node(state, root, own, at_units) for root in state.roots if state.bodies[root].kind in LEVELS]


def _node(state: GridState, pk: int, own: Mapping[int, list[Gap]], at_units: Mapping[int, Collection[str]]) -> Node:
    body = state.bodies[pk]
    mine = own.get(pk, [])
    at_body = [gap for gap in mine if gap.place.pk == pk and gap.kind.code in SIZE_CODES]
    node = Node(
        body, state.members_below[pk] + state.homeless_below[pk], state.employees_below[pk], len(mine), _worst(at_body)
    )
    for unit in state.units_of_body.get(pk, ()):
        codes = at_units.get(unit.pk, ())
        node.cells.append(
            Cell(unit, state.label(unit), "team_without_member" in codes, "station_without_party_part" in codes)
        )
    for child in state.children.get(pk, ()):
        if state.bodies[child].kind in LEVELS:
            below = _node(state, child, own, at_units)
            node.nodes.append(below)
            node.gaps += below.gaps
    return node


def _worst(gaps: Iterable[Gap]) -> str:
    found = [gap.kind.severity for gap in gaps]
    return "failed" if "failed" in found else "attention" if found else ""


def _kinds(state: GridState) -> dict[str, int]:
    counted = {"committee": 0, "general_branch": 0, "branch": 0, "party_group": 0}
    for body in state.bodies.values():
        kind = "branch" if body.is_branch else body.kind
        if kind in counted:
            counted[kind] += 1
    return counted


def _stations(state: GridState, units: Iterable[Unit]) -> Stations:
    counted = {"attended": 0, "sparse": 0, "unattended": 0, "": 0}
    paired, lacking = set(state.pairs.values()), 0
    for unit in units:
        if unit.kind != "station":
            continue
        counted[unit.staffing or ""] += 1
        due = needs_party_part(unit.staffing, state.figures) and state.staff[unit.pk] > 0
        lacking += due and not has_party_part(state, unit, paired)
    return Stations(counted["attended"], counted["sparse"], counted["unattended"], counted[""], lacking)


def _distribution(teams: Iterable[Unit]) -> list[int]:
    """Teams by employees per member; a team without a member is in none of the bins."""
    counted = [0] * (len(BINS) + 1)
    for team in teams:
        if team.members:
            ratio = team.others / team.members
            counted[next((place for place, most in enumerate(BINS) if ratio < most), len(BINS))] += 1
    return counted
