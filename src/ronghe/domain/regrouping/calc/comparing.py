"""Two groupings side by side: their figures, and who stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ronghe.domain.regrouping.calc.case import make_assignment, make_case
from ronghe.domain.regrouping.calc.hubs import lay_areas
from ronghe.domain.regrouping.calc.judging import Judgement, judge
from ronghe.domain.regrouping.calc.matching import best_matching
from ronghe.domain.regrouping.calc.model import Area, Assignment, Dimension, Problem


@dataclass(frozen=True, slots=True)
class Figures:
    """What a table of two groupings shows of each. `minutes_e1`: average one-way travel in tenths of a minute."""

    groups: int
    alone: int
    broken: int
    uneven_e4: dict[Dimension, int]
    minutes_e1: int
    moves: int
    objective: int
    terms: dict[str, int]


@dataclass(frozen=True, slots=True)
class Differs:
    """A member who stands in group `first` of one grouping and in `second` of the other; the groups are not each other's."""

    member: int
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`pairs[k]`: the group of the second that most resembles group k of the first, or nothing."""

    first: Figures
    second: Figures
    pairs: tuple[int | None, ...]
    differing: tuple[Differs, ...]


def compare(problem: Problem, first: Assignment, second: Assignment) -> Comparison:
    """Set two groupings of the same people side by side; they may have other hubs and another number of groups."""
    overlaps: list[dict[int, int]] = [{} for _area in first.areas]
    for member in problem.members:
        here, there = first.where.get(member.id), second.where.get(member.id)
        if here is not None and there is not None:
            overlaps[here][there] = overlaps[here].get(there, 0) + 1
    pairs = tuple(best_matching(overlaps))
    differing = [
        Differs(member.id, here, there)
        for member in problem.members
        for here, there in [(first.where.get(member.id), second.where.get(member.id))]
        if (None if here is None else pairs[here]) != there or (here is None) != (there is None)
    ]
    return Comparison(figures_of(judge(problem, first)), figures_of(judge(problem, second)), pairs, tuple(differing))


def figures_of(judged: Judgement) -> Figures:
    return Figures(
        groups=len(judged.groups), alone=judged.alone, broken=len(judged.broken), uneven_e4=dict(judged.uneven_e4),
        minutes_e1=judged.minutes_e1, moves=len(judged.moves), objective=judged.objective, terms=dict(judged.terms),
    )  # fmt: skip


def today(problem: Problem) -> Assignment | None:
    """Return the grouping as it is, or nothing where nobody has a group. Who has none today is not placed.

    A group's hub is the station, of those that may be one and are not taken, that is nearest to its people.
    """
    groups = sorted({member.group for member in problem.members if member.group is not None})
    if not groups:
        return None
    areas = _areas_of_today(problem, groups)
    at = {area.continues: place for place, area in enumerate(areas)}
    case = make_case(problem, areas)
    return make_assignment(case, [None if one.group is None else at[one.group] for one in problem.members])


def _areas_of_today(problem: Problem, groups: Sequence[int]) -> tuple[Area, ...]:
    taken: dict[int, int] = {}
    for group in groups:
        homes = [one.home_station for one in problem.members if one.group == group and one.home_station is not None]
        free = [station.id for station in problem.stations if station.hub and station.id not in taken]
        if free:
            taken[min(free, key=lambda hub: (sum(problem.travel.between(home, hub) for home in homes), hub))] = group
    regions = {area.hub: area.stations for area in lay_areas(problem, taken)} if taken else {}
    hub_of = {group: hub for hub, group in taken.items()}
    return tuple(Area(hub_of.get(group), regions.get(hub_of.get(group), ()), group) for group in groups)
