"""Stations first: which of them become hub stations, and whose region every other station is (AL-16).

The sum of minutes of the people, and of the stations, to the nearest hub is made small: exactly where the sets can be
counted, by exchange where not. The best few sets are compared by what travel costs when the groups are of even size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from math import comb

from ronghe.domain.regrouping.calc.matching import best_matching
from ronghe.domain.regrouping.calc.model import Area, Assignment, Problem

COUNTABLE = 6_000
"""So many sets of hubs are looked at one by one; of more, exchange finds a good one."""
COMPARED = 40
"""So many of the nearest sets are compared with groups of even size."""


class TooFewHubs(ValueError):
    def __init__(self, have: int, need: int) -> None:
        super().__init__(f"{have} stations may be hubs, {need} needed")
        self.have, self.need = have, need


def choose_hubs(
    problem: Problem, n: int, *, fixed: Sequence[int] = (), alternatives: int = 1
) -> list[tuple[Area, ...]]:
    """Return up to `alternatives` ways to lay `n` areas, the best first. `fixed` stations are hubs in all of them.

    Every station is in the region of its nearest hub, so that a region is in one piece along the roads. Areas stand in
    the order of today's groups that they continue, then of the stations. Without stations the areas have no hub.

    :raises TooFewHubs: when fewer than `n` stations may be hubs, or more than `n` are fixed.
    """
    if n < 1:
        raise ValueError("at least one group")
    if not problem.stations:
        return [_in_order([Area(None, (), None)] * n, _overlaps(problem, [(None, ())] * n))]
    free = [station.id for station in problem.stations if station.hub and station.id not in fixed]
    if len(free) + len(fixed) < n or len(fixed) > n:
        raise TooFewHubs(len(free) + len(fixed), n)
    people = Counter(member.home_station for member in problem.members if member.home_station is not None)
    far = _Distances(problem, people)
    sets = _near_sets(far, tuple(fixed), free, n)
    ranked = sorted(sets, key=lambda hubs: (far.with_even_groups(hubs, sum(people.values())), far.nearest(hubs), hubs))
    return [lay_areas(problem, hubs) for hubs in ranked[:alternatives]]


def lay_areas(problem: Problem, hubs: Iterable[int]) -> tuple[Area, ...]:
    """Return the areas of these hubs: every station with the nearest, and the group of today each one continues."""
    chosen = sorted(hubs)
    regions: dict[int, list[int]] = {hub: [] for hub in chosen}
    for station in problem.stations:
        regions[min(chosen, key=lambda hub: (problem.travel.between(station.id, hub), hub))].append(station.id)
    found = [(hub, tuple(regions[hub])) for hub in chosen]
    return _in_order([Area(hub, region) for hub, region in found], _overlaps(problem, found))


def renew_matching(problem: Problem, assignment: Assignment) -> tuple[Area, ...]:
    """Pair the areas with today's groups anew, by who is in them now; the order of the areas stays."""
    overlaps: list[dict[int, int]] = [{} for _area in assignment.areas]
    for member in problem.members:
        group = assignment.where.get(member.id)
        if member.group is not None and group is not None:
            overlaps[group][member.group] = overlaps[group].get(member.group, 0) + 1
    paired = best_matching(overlaps)
    stays = [
        sum(counts.get(group, 0) for counts, group in zip(overlaps, way, strict=True) if group is not None)
        for way in (paired, [area.continues for area in assignment.areas])
    ]
    if stays[0] <= stays[1]:
        return assignment.areas
    return tuple(replace(area, continues=group) for area, group in zip(assignment.areas, paired, strict=True))


def _overlaps(problem: Problem, regions: Sequence[tuple[int | None, tuple[int, ...]]]) -> list[dict[int, int]]:
    """Count for each region today's groups of the people who live in it."""
    at = {station: place for place, (_hub, stations) in enumerate(regions) for station in stations}
    counts: list[dict[int, int]] = [{} for _region in regions]
    for member in problem.members:
        if member.group is not None:
            for counted in counts if member.home_station is None else (counts[at[member.home_station]],):
                counted[member.group] = counted.get(member.group, 0) + 1
    return counts


def _in_order(areas: Sequence[Area], overlaps: Sequence[dict[int, int]]) -> tuple[Area, ...]:
    continued = best_matching(overlaps)
    named = [Area(area.hub, area.stations, group) for area, group in zip(areas, continued, strict=True)]
    order = sorted(range(len(named)), key=lambda at: ((group := named[at].continues) is None, group or 0, at))
    return tuple(named[at] for at in order)


def _near_sets(far: _Distances, fixed: tuple[int, ...], free: Sequence[int], n: int) -> list[tuple[int, ...]]:
    wanted = n - len(fixed)
    if comb(len(free), wanted) <= COUNTABLE:
        sets = [tuple(sorted((*fixed, *more))) for more in combinations(free, wanted)]
    else:
        sets = _by_exchange(far, fixed, free, wanted)
    return sorted(sets, key=lambda hubs: (far.nearest(hubs), hubs))[:COMPARED]


def _by_exchange(far: _Distances, fixed: tuple[int, ...], free: Sequence[int], wanted: int) -> list[tuple[int, ...]]:
    """Add the best hub until there are enough, then exchange one for one while that helps. Returns all sets seen last."""
    chosen: list[int] = []
    while len(chosen) < wanted:
        rest = [hub for hub in free if hub not in chosen]
        chosen.append(min(rest, key=lambda hub: (far.nearest((*fixed, *chosen, hub)), hub)))
    while True:
        around = [
            tuple(sorted((*fixed, *(one for one in chosen if one != out), into)))
            for out in chosen
            for into in free
            if into not in chosen
        ]
        best = min(around, key=lambda hubs: (far.nearest(hubs), hubs), default=None)
        here = tuple(sorted((*fixed, *chosen)))
        if best is None or far.nearest(best) >= far.nearest(here):
            return [here, *around]
        chosen = [hub for hub in best if hub not in fixed]


class _Distances:
    def __init__(self, problem: Problem, people: Counter[int]) -> None:
        self.people = people
        self.stations = [station.id for station in problem.stations]
        self.rows = {
            hub.id: [problem.travel.between(station, hub.id) for station in self.stations] for hub in problem.stations
        }
        self.weights = [1 + people[station] for station in self.stations]

    def nearest(self, hubs: Sequence[int]) -> int:
        """Return minutes of all people, and once of every station, to the nearest hub."""
        ways = map(min, zip(*(self.rows[hub] for hub in hubs), strict=True))
        return sum(weight * way for weight, way in zip(self.weights, ways, strict=True))

    def with_even_groups(self, hubs: Sequence[int], people: int) -> int:
        """Return the least minutes of all people when no hub takes more than its even share."""
        from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped]

        flow = min_cost_flow.SimpleMinCostFlow()
        sink = len(self.stations) + len(hubs)
        for at, station in enumerate(self.stations):
            flow.set_node_supply(at, self.people[station])
            for place, hub in enumerate(hubs):
                if self.people[station]:
                    flow.add_arc_with_capacity_and_unit_cost(
                        at, len(self.stations) + place, self.people[station], self.rows[hub][at]
                    )
        for place in range(len(hubs)):
            flow.add_arc_with_capacity_and_unit_cost(len(self.stations) + place, sink, -(-people // len(hubs)), 0)
        flow.set_node_supply(sink, -people)
        flow.solve()
        return int(flow.optimal_cost())
