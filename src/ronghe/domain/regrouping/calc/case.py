"""One question for chosen areas, taken apart into counts: what must hold, what is spread, what it costs.

The judge and the solver both read this, so that they agree to the unit. People are indices into `problem.members`,
groups are indices into `areas`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ronghe.domain.regrouping.calc.model import (
    FEMALE,
    Area,
    Assignment,
    Dimension,
    Member,
    Need,
    NeedKind,
    Pin,
    Problem,
    Standing,
)
from ronghe.domain.regrouping.calc.reasons import Figure, Reason

OLDER = 45
"""Years from which a person counts as older."""
YEARS_A_PERSON = 10
"""Person-years that weigh as much as one person of 45 or more too many."""

AVERAGED = frozenset({"years", "party_years"})
"""Measures whose amounts are years above or below the average of all, not people."""

TERMS = (*(dimension.value for dimension in Dimension), "travel", "moves", "leaders")
"""The parts of the objective, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule: in group k, between `low[k]` and `high[k]` of the people `who`; `same`: all of them or none."""

    reason: Reason
    who: tuple[int, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    same: bool = False

    def holds(self, group: int, count: int) -> bool:
        if self.same:
            return count in {0, len(self.who)}
        return self.low[group] <= count <= self.high[group]


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount that is spread evenly: in each group the sum of `values` (person, amount).

    Between `low` and `high` it costs nothing: the tightest that whole people allow, for ages and lengths an average of
    one year off. Each unit outside costs `price`. The hard band leaves `room` on both sides, for a number of people a
    tenth of the mean, rounded; relaxing by one widens it by `step`.
    """

    dimension: Dimension
    name: str
    values: tuple[tuple[int, int], ...]
    low: int
    high: int
    room: int
    step: int
    price: int

    def outside(self, amount: int) -> int:
        return max(0, self.low - amount, amount - self.high)

    @property
    def counts_people(self) -> bool:
        return self.name not in AVERAGED


@dataclass(frozen=True, slots=True)
class Case:
    problem: Problem
    areas: tuple[Area, ...]
    rules: tuple[Rule, ...]
    measures: tuple[Measure, ...]
    minutes: Mapping[int | None, tuple[int, ...]]
    """From a home station to the hub of each group."""
    led_today: frozenset[int]
    """People who lead one of today's groups and may lead a new one."""

    def price(self, person: int, group: int) -> int:
        """Return what placing this person in this group costs in travel and moving."""
        member, weights = self.problem.members[person], self.problem.weights
        return weights.travel * self.minutes[member.home_station][group] + weights.moves * self.moves(member, group)

    def moves(self, member: Member, group: int) -> bool:
        return member.group is not None and self.areas[group].continues != member.group


def make_case(problem: Problem, areas: Sequence[Area]) -> Case:
    homes = {member.home_station for member in problem.members}
    hubs = [area.hub for area in areas]
    minutes = {
        home: tuple(0 if home is None or hub is None else problem.travel.between(home, hub) for hub in hubs)
        for home in homes
    }
    led = frozenset(at for at, member in enumerate(problem.members) if member.leads and member.can_lead)
    return Case(problem, tuple(areas), hard_rules(problem, areas), measures(problem, len(areas)), minutes, led)


def hard_rules(problem: Problem, areas: Sequence[Area]) -> tuple[Rule, ...]:
    """Return every rule that no proposal may break, needs first and pairs last."""
    return (
        *_need_rules(problem, areas),
        *_group_rules(problem, len(areas)),
        *(_pin_rule(problem, areas, pin) for pin in problem.pins),
        *_pair_rules(problem, len(areas)),
    )


def _rule(code: str, who: Iterable[int], low: Sequence[int], high: Sequence[int], **figures: Figure) -> Rule:
    return Rule(Reason(code, figures), tuple(who), tuple(low), tuple(high))


def _need_rules(problem: Problem, areas: Sequence[Area]) -> Iterable[Rule]:
    everybody = len(problem.members)
    staffing = {station.id: station.staffing for station in problem.stations}
    narrowest: dict[tuple[NeedKind, str], list[Need | None]] = {}
    for need in problem.requirements.needs:
        chosen = narrowest.setdefault((need.kind, need.name), [None] * len(areas))
        for group, area in enumerate(areas):
            kind_of_hub = staffing.get(area.hub, "") if area.hub is not None else ""
            fits = need.hub in {None, area.hub} and need.staffing in {"", kind_of_hub}
            best = chosen[group]
            if fits and (best is None or _narrowness(need) > _narrowness(best)):
                chosen[group] = need
    holders = _holders(problem)
    for (kind, name), chosen in narrowest.items():
        who = holders.get((kind, name), [])
        for need in dict.fromkeys(one for one in chosen if one is not None and one.minimum > 0):
            low = [need.minimum if one == need else 0 for one in chosen]
            code = "need_here" if need.hub is not None else "need_staffed" if need.staffing else "need"
            yield _rule(
                code, who, low, [everybody] * len(areas), kind=kind.value, name=name, minimum=need.minimum,
                have=len(who), need=sum(low), hub=need.hub, staffing=need.staffing,
            )  # fmt: skip


def _holders(problem: Problem) -> dict[tuple[NeedKind, str], list[int]]:
    """Return who counts for each need, each person once."""
    asked = {kind: {need.name for need in problem.requirements.needs if need.kind is kind} for kind in NeedKind}
    found: dict[tuple[NeedKind, str], list[int]] = {}
    for kind, wanted in asked.items():
        if wanted:
            for at, member in enumerate(problem.members):
                for name in member.names(kind):
                    if name in wanted:
                        found.setdefault((kind, name), []).append(at)
    return found


def _narrowness(need: Need) -> tuple[bool, bool]:
    return need.hub is not None, need.staffing != ""


def _group_rules(problem: Problem, groups: int) -> Iterable[Rule]:
    asked, members = problem.requirements, problem.members
    free = [len(members)] * groups
    for code, minimum, who in (
        ("members", asked.min_members, [at for at, one in enumerate(members) if one.is_party]),
        ("formal", asked.min_formal, [at for at, one in enumerate(members) if one.standing is Standing.FULL]),
        ("leader", int(asked.leader), [at for at, one in enumerate(members) if one.can_lead]),
        ("least", asked.least, list(range(len(members)))),
    ):
        if minimum > 0:
            low = [minimum] * groups
            yield _rule(code, who, low, free, minimum=minimum, have=len(who), need=minimum * groups)
    if asked.most is not None:
        yield _rule(
            "most", range(len(members)), [0] * groups, [asked.most] * groups, maximum=asked.most, have=len(members),
            room=asked.most * groups,
        )  # fmt: skip


def _pin_rule(problem: Problem, areas: Sequence[Area], pin: Pin) -> Rule:
    person = [at for at, member in enumerate(problem.members) if member.id == pin.member]
    here = [
        (area.hub == pin.hub if pin.hub is not None else area.continues == pin.group) for area in areas
    ]  # fmt: skip
    if not any(here):
        return _rule(
            "pin_nowhere", person, [2] * len(areas), [2] * len(areas), member=pin.member, hub=pin.hub, group=pin.group
        )
    low = [int(one) for one in here]
    if pin.hub is not None:
        return _rule("pin_hub", person, low, low, member=pin.member, hub=pin.hub)
    return _rule("pin_group", person, low, low, member=pin.member, group=pin.group)


def _pair_rules(problem: Problem, groups: int) -> Iterable[Rule]:
    at = {member.id: place for place, member in enumerate(problem.members)}
    for first, second in problem.apart:
        yield _rule("apart", (at[first], at[second]), [0] * groups, [1] * groups, member=first, other=second)
    for first, second in problem.together:
        reason = Reason("together", {"member": first, "other": second})
        yield Rule(reason, (at[first], at[second]), (0,) * groups, (2,) * groups, same=True)


def measures(problem: Problem, groups: int) -> tuple[Measure, ...]:
    """Return what is spread over so many groups, in the order of `Dimension`; only the dimensions of `spread`."""
    members, weights = problem.members, problem.weights
    found: list[Measure] = []

    def count(dimension: Dimension, name: str, who: Iterable[int], factor: int = 1) -> None:
        values = tuple((person, 1) for person in who)
        if values and dimension in problem.spread:
            low, rest = divmod(len(values), groups)
            room = 0 if dimension is Dimension.SIZE else (low + 5) // 10
            high = low + (rest > 0)
            found.append(Measure(dimension, name, values, low, high, room, 1, weights.of(dimension) * factor))

    def average(dimension: Dimension, name: str, years: Mapping[int, int]) -> None:
        if years and dimension in problem.spread:
            total, slack = sum(years.values()), max(1, len(years) // groups)
            values = tuple((person, (2 * one * len(years) - 2 * total + len(years)) // (2 * len(years))) for person, one in years.items())  # fmt: skip
            found.append(Measure(dimension, name, values, -slack, slack, 0, slack, weights.of(dimension)))

    count(Dimension.SIZE, "size", range(len(members)))
    count(Dimension.PARTY, "party", (at for at, one in enumerate(members) if one.is_party))
    for dimension, of in (
        (Dimension.TRADES, lambda one: (one.trade,)),
        (Dimension.POSTS, lambda one: (one.broad_post,)),
        (Dimension.DUTIES, lambda one: one.duties),
    ):
        holders: dict[str, list[int]] = {}
        for at, member in enumerate(members):
            for name in of(member):
                if name:
                    holders.setdefault(name, []).append(at)
        for name in sorted(holders):
            count(dimension, name, holders[name])
    count(Dimension.GENDER, "female", (at for at, one in enumerate(members) if one.gender == FEMALE))
    ages = {at: one.age for at, one in enumerate(members) if one.age is not None}
    count(Dimension.AGE, "older", (at for at, age in ages.items() if age >= OLDER), YEARS_A_PERSON)
    average(Dimension.AGE, "years", ages)
    average(
        Dimension.LENGTH, "party_years",
        {at: one.party_months // 12 for at, one in enumerate(members) if one.party_months is not None},
    )  # fmt: skip
    return tuple(found)


class Tally:
    """The counts of one grouping, kept while people are moved about."""

    def __init__(self, case: Case, where: Sequence[int | None]) -> None:
        groups = len(case.areas)
        self.case = case
        self.where: list[int | None] = list(where)
        self.rule_counts = [[0] * groups for _rule in case.rules]
        self.sums = [[0] * groups for _measure in case.measures]
        for counts, rule in zip(self.rule_counts, case.rules, strict=True):
            for person in rule.who:
                if (group := where[person]) is not None:
                    counts[group] += 1
        for sums, measure in zip(self.sums, case.measures, strict=True):
            for person, amount in measure.values:
                if (group := where[person]) is not None:
                    sums[group] += amount

    @cached_property
    def _rules_of(self) -> dict[int, list[int]]:
        """Return each person's rules; only who moves people about asks."""
        found: dict[int, list[int]] = {}
        for at, rule in enumerate(self.case.rules):
            for one in rule.who:
                found.setdefault(one, []).append(at)
        return found

    @cached_property
    def _measures_of(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for at, measure in enumerate(self.case.measures):
            for one, amount in measure.values:
                found.setdefault(one, []).append((at, amount))
        return found

    def move(self, person: int, to: int) -> None:
        """Put a person into another group."""
        here, self.where[person] = self.where[person], to
        for at in self._rules_of.get(person, ()):
            self.rule_counts[at][to] += 1
            if here is not None:
                self.rule_counts[at][here] -= 1
        for at, amount in self._measures_of.get(person, ()):
            self.sums[at][to] += amount
            if here is not None:
                self.sums[at][here] -= amount

    def broken(self) -> list[tuple[Rule, int, int]]:
        """Return each broken rule, the group and how many stand there."""
        return [
            (rule, group, count)
            for rule, counts in zip(self.case.rules, self.rule_counts, strict=True)
            for group, count in enumerate(counts)
            if not rule.holds(group, count)
        ]

    def spread_terms(self) -> dict[str, int]:
        terms = dict.fromkeys((dimension.value for dimension in Dimension), 0)
        for measure, sums in zip(self.case.measures, self.sums, strict=True):
            terms[measure.dimension.value] += measure.price * sum(map(measure.outside, sums))
        return terms

    def terms(self, leaders: Sequence[int | None]) -> dict[str, int]:
        """Return the objective by term, in `TERMS` order. `leaders` are people's indices, one a group."""
        case, weights = self.case, self.case.problem.weights
        minutes = moves = 0
        for member, group in zip(case.problem.members, self.where, strict=True):
            if group is not None:
                minutes += case.minutes[member.home_station][group]
                moves += case.moves(member, group)
        new = sum(leader not in case.led_today for leader in leaders) if case.led_today else 0
        return {
            **self.spread_terms(),
            "travel": weights.travel * minutes,
            "moves": weights.moves * moves,
            "leaders": weights.leaders * new,
        }


def places(problem: Problem, assignment: Assignment) -> list[int | None]:
    return [assignment.where.get(member.id) for member in problem.members]


def pick_leaders(problem: Problem, areas: Sequence[Area], where: Sequence[int | None]) -> tuple[int | None, ...]:
    """Choose a leader for each group, as an index, or nobody where none can lead both (PO-09).

    First who leads the group that this one continues, then who leads another today, then the longest in the Party.
    """
    best: list[tuple[tuple[int, int, int], int] | None] = [None] * len(areas)
    for person, (member, group) in enumerate(zip(problem.members, where, strict=True)):
        if group is None or not member.can_lead:
            continue
        known = member.leads and member.group is not None and areas[group].continues == member.group
        rank = (-(member.leads + known), -(member.party_months or 0), member.id)
        if (held := best[group]) is None or rank < held[0]:
            best[group] = (rank, person)
    return tuple(None if one is None else one[1] for one in best)


def make_assignment(case: Case, where: Sequence[int | None]) -> Assignment:
    """Return the grouping with the best leaders."""
    members = case.problem.members
    leaders = pick_leaders(case.problem, case.areas, where)
    return Assignment(
        case.areas,
        {member.id: group for member, group in zip(members, where, strict=True) if group is not None},
        tuple(None if one is None else members[one].id for one in leaders),
    )
