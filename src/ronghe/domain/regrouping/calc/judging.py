"""What any grouping is worth: what each group can do, how even it is, what it costs, which rules it breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ronghe.domain.regrouping.calc.case import AVERAGED, OLDER, Case, Measure, Rule, Tally, make_case, places
from ronghe.domain.regrouping.calc.model import (
    FEMALE,
    Area,
    Assignment,
    Dimension,
    Member,
    NeedKind,
    Problem,
    Standing,
)
from ronghe.domain.regrouping.calc.reasons import Reason


@dataclass(frozen=True, slots=True)
class NeedFigure:
    """What a group must have of something and what it has."""

    kind: NeedKind
    name: str
    have: int
    minimum: int

    @property
    def met(self) -> bool:
        return self.have >= self.minimum


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group. `trades` count further trades too, `main_trades` do not. Averages are in tenths, rounded down.

    `alone`: has everything that it takes to run its region by itself. `moved_in`: came from another of today's groups.
    """

    hub: int | None
    stations: tuple[int, ...]
    size: int
    party: int
    formal: int
    women: int
    older: int
    main_trades: Mapping[str, int]
    trades: Mapping[str, int]
    posts: Mapping[str, int]
    duties: Mapping[str, int]
    certificates: Mapping[str, int]
    needs: tuple[NeedFigure, ...]
    leader: int | None
    alone: bool
    age_e1: int | None
    party_years_e1: int | None
    minutes_e1: int
    moved_in: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """One amount in every group, and the tightest band that it could stand in. `deviation` is the sum outside."""

    dimension: Dimension
    name: str
    amounts: tuple[int, ...]
    low: int
    high: int
    deviation: int

    @property
    def counts_people(self) -> bool:
        """Tell whether the amounts are numbers of people; else they are years above the average."""
        return self.name not in AVERAGED

    @property
    def width(self) -> int:
        return max(self.amounts) - min(self.amounts)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`uneven_e4`: for each dimension counted in people, the mean distance from the mean in 1/10,000 of the mean.

    `broken` holds every hard rule that is not kept. `moves` are the members who change groups.
    """

    groups: tuple[GroupFigures, ...]
    spreads: tuple[Spread, ...]
    uneven_e4: Mapping[Dimension, int]
    broken: tuple[Reason, ...]
    terms: Mapping[str, int]
    objective: int
    moves: tuple[int, ...]
    minutes_e1: int

    @property
    def alone(self) -> int:
        """Return how many groups can run their region alone."""
        return sum(group.alone for group in self.groups)


def judge(problem: Problem, assignment: Assignment) -> Judgement:
    """Judge a grouping of any origin with the very arithmetic of the solver."""
    return judge_case(make_case(problem, assignment.areas), assignment)


def judge_case(case: Case, assignment: Assignment) -> Judgement:
    problem = case.problem
    where = places(problem, assignment)
    tally = Tally(case, where)
    index = {member.id: at for at, member in enumerate(problem.members)}
    leaders = [
        None if (one := assignment.leader_of(group)) is None else index.get(one) for group in range(len(case.areas))
    ]
    broken = tally.broken()
    not_alone = {group for rule, group, _count in broken if rule.reason.code in SHORT}
    reasons = list(_once(broken))
    for group, chosen in enumerate(leaders):
        if problem.requirements.leader and _unfit(problem, where, chosen, group, not_alone):
            reasons.append(Reason("unfit_leader", {"group": group}))
            not_alone.add(group)
    unplaced = (
        Reason("unplaced", {"member": one.id})
        for one, group in zip(problem.members, where, strict=True)
        if group is None
    )
    terms = tally.terms(leaders)
    crowd: list[list[Member]] = [[] for _area in case.areas]
    for member, place in zip(problem.members, where, strict=True):
        if place is not None:
            crowd[place].append(member)
    figures = tuple(
        _figures(case, group, area, members, assignment.leader_of(group), tally, alone=group not in not_alone)
        for group, (area, members) in enumerate(zip(case.areas, crowd, strict=True))
    )
    minutes = sum(case.minutes[member.home_station][group] for group, members in enumerate(crowd) for member in members)
    return Judgement(
        groups=figures,
        spreads=tuple(
            Spread(one.dimension, one.name, tuple(sums), one.low, one.high, sum(map(one.outside, sums)))
            for one, sums in zip(case.measures, tally.sums, strict=True)
        ),
        uneven_e4=_uneven(case.measures, tally.sums, len(case.areas)),
        broken=(*reasons, *unplaced),
        terms=terms,
        objective=sum(terms.values()),
        moves=tuple(member for group in figures for member in group.moved_in),
        minutes_e1=minutes * 10 // max(1, sum(map(len, crowd))),
    )


NEEDS = frozenset({"need", "need_here", "need_staffed"})
"""Rules that come from a `Need`."""

SHORT = NEEDS | {"members", "formal", "leader", "least"}
"""Rules without which a group cannot run its region alone."""

ABOUT_PEOPLE = {"pin_hub", "pin_group", "pin_nowhere", "apart", "together"}
"""Rules about one or two people, which a secretary set."""

_BROKEN_CODES = {
    "need": "short_need", "need_here": "short_need",
    "need_staffed": "short_need", "members": "short_members", "formal": "short_formal",
    "leader": "short_leader", "least": "short_least", "most": "over_most", "pin_hub": "off_pin", "pin_group": "off_pin",
    "pin_nowhere": "pin_nowhere", "apart": "not_apart", "together": "not_together",
}  # fmt: skip


def broken_reason(rule: Rule, group: int, count: int) -> Reason:
    """Return what is wrong in this group, where `count` stand."""
    code, known = _BROKEN_CODES[rule.reason.code], rule.reason.figures
    if code == "short_need":
        figures = {
            "group": group,
            "kind": known["kind"],
            "name": known["name"],
            "have": count,
            "minimum": known["minimum"],
        }
    elif code == "over_most":
        figures = {"group": group, "have": count, "maximum": known["maximum"]}
    elif code.startswith("short"):
        figures = {"group": group, "have": count, "minimum": known["minimum"]}
    elif code == "not_apart":
        figures = {**known, "group": group}
    else:
        figures = dict(known)
    return Reason(code, figures)


def _once(broken: Sequence[tuple[Rule, int, int]]) -> Iterator[Reason]:
    """A pin that is broken in one group is broken in another too, a pair that is parted in two: they are told once."""
    told: set[int] = set()
    for rule, group, count in broken:
        if rule.reason.code in ABOUT_PEOPLE:
            if id(rule) in told:
                continue
            told.add(id(rule))
        yield broken_reason(rule, group, count)


def _unfit(problem: Problem, where: Sequence[int | None], leader: int | None, group: int, short: set[int]) -> bool:
    if leader is None:
        return group not in short
    return where[leader] != group or not problem.members[leader].can_lead


def _figures(
    case: Case, group: int, area: Area, members: Sequence[Member], leader: int | None, tally: Tally, *, alone: bool
) -> GroupFigures:
    ages = [one.age for one in members if one.age is not None]
    months = [one.party_months for one in members if one.party_months is not None]
    needs = tuple(
        NeedFigure(
            NeedKind(str(rule.reason.figures["kind"])), str(rule.reason.figures["name"]), counts[group], rule.low[group]
        )
        for rule, counts in zip(case.rules, tally.rule_counts, strict=True)
        if rule.reason.code in NEEDS and rule.low[group]
    )
    main = Counter(one.trade for one in members if one.trade)
    return GroupFigures(
        hub=area.hub,
        stations=area.stations,
        size=len(members),
        party=sum(one.is_party for one in members),
        formal=sum(one.standing is Standing.FULL for one in members),
        women=sum(one.gender == FEMALE for one in members),
        older=sum(age >= OLDER for age in ages),
        main_trades=_sorted(main),
        trades=_sorted(main + Counter(name for one in members for name in one.further_trades if name != one.trade)),
        posts=_sorted(Counter(one.broad_post for one in members if one.broad_post)),
        duties=_sorted(Counter(name for one in members for name in one.duties)),
        certificates=_sorted(Counter(name for one in members for name in one.certificates)),
        needs=needs,
        leader=leader,
        alone=alone,
        age_e1=sum(ages) * 10 // len(ages) if ages else None,
        party_years_e1=sum(months) * 10 // (12 * len(months)) if months else None,
        minutes_e1=sum(case.minutes[one.home_station][group] for one in members) * 10 // max(1, len(members)),
        moved_in=tuple(one.id for one in members if case.moves(one, group)),
    )


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _uneven(measures: Sequence[Measure], sums: Sequence[Sequence[int]], groups: int) -> dict[Dimension, int]:
    distance: Counter[Dimension] = Counter()
    whole: Counter[Dimension] = Counter()
    for measure, amounts in zip(measures, sums, strict=True):
        if measure.counts_people:
            total = len(measure.values)
            distance[measure.dimension] += sum(abs(groups * amount - total) for amount in amounts)
            whole[measure.dimension] += groups * total
    return {dimension: distance[dimension] * 10_000 // whole[dimension] for dimension in whole}
