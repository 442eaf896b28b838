"""What moving one person does, and whom to exchange with so that nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ronghe.domain.regrouping.calc.case import Case, Tally, make_case, pick_leaders, places
from ronghe.domain.regrouping.calc.judging import ABOUT_PEOPLE, Judgement, judge_case
from ronghe.domain.regrouping.calc.model import Assignment, Dimension, Problem
from ronghe.domain.regrouping.calc.reasons import Figure, Reason

SUGGESTED = 3
"""So many exchanges are suggested."""


class Level(StrEnum):
    """`BAD`: a rule breaks. `WARN`: something gets worse. `GOOD`: better, mended, or kept."""

    BAD = "bad"
    WARN = "warn"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Consequence:
    level: Level
    reason: Reason


@dataclass(frozen=True, slots=True)
class Swap:
    """Exchange with `other`; the objective changes by `cost` against the grouping before the move."""

    other: int
    cost: int


@dataclass(frozen=True, slots=True)
class Effect:
    """`minutes`: how much longer the person travels one way. `swaps` are the cheapest first, and break no rule."""

    assignment: Assignment
    before: Judgement
    after: Judgement
    consequences: tuple[Consequence, ...]
    minutes: int
    swaps: tuple[Swap, ...]

    @property
    def breaks(self) -> bool:
        return any(one.level is Level.BAD for one in self.consequences)

    @property
    def cost(self) -> int:
        return self.after.objective - self.before.objective


def moved(problem: Problem, assignment: Assignment, member: int, to: int) -> Assignment:
    """Return the grouping after the move. The leader of a group changes only when the one it had goes away."""
    return _settled(problem, replace(assignment, where={**assignment.where, member: to}))


def swapped(problem: Problem, assignment: Assignment, member: int, other: int) -> Assignment:
    """Return the grouping after two people changed places."""
    where = dict(assignment.where)
    where[member], where[other] = where[other], where[member]
    return _settled(problem, replace(assignment, where=where))


def effect_of_move(problem: Problem, assignment: Assignment, member: int, to: int) -> Effect:
    """Say what changes when this member goes to group `to`: rules first, then evenness, then the person's own way.

    :raises KeyError: when the member or the group is not known.
    """
    index = {one.id: at for at, one in enumerate(problem.members)}
    person = index[member]
    if to not in range(len(assignment.areas)):
        raise KeyError(to)
    case = make_case(problem, assignment.areas)
    after = moved(problem, assignment, member, to)
    judged = judge_case(case, assignment), judge_case(case, after)
    home, here = case.minutes[problem.members[person].home_station], assignment.where.get(member)
    minutes = 0 if here is None else home[to] - home[here]
    consequences = (
        *_rules_changed(*judged),
        *_spread_changed(*judged),
        *_own_way(case, person, here, to, minutes),
        *_leaders_changed(assignment, after),
        *_kept(problem, *judged),
    )
    swaps = () if here is None or here == to else tuple(_swaps(case, assignment, person, to, judged[0].objective))
    return Effect(after, *judged, consequences, minutes, swaps)


def _settled(problem: Problem, assignment: Assignment) -> Assignment:
    where = places(problem, assignment)
    best = pick_leaders(problem, assignment.areas, where)
    leaders: list[int | None] = []
    for group in range(len(assignment.areas)):
        held, chosen = assignment.leader_of(group), best[group]
        stays = held is not None and assignment.where.get(held) == group
        leaders.append(held if stays else None if chosen is None else problem.members[chosen].id)
    return replace(assignment, leaders=tuple(leaders))


def _rules_changed(before: Judgement, after: Judgement) -> Iterator[Consequence]:
    old, new = {_key(one): one for one in before.broken}, {_key(one): one for one in after.broken}
    for key, reason in new.items():
        if key not in old or _have(reason) < _have(old[key]):
            yield Consequence(Level.BAD, reason)
    for key, reason in old.items():
        if key not in new:
            yield Consequence(Level.GOOD, Reason("mended", {"rule": reason.code, **reason.figures}))


def _key(reason: Reason) -> tuple[str, tuple[tuple[str, object], ...]]:
    """What makes a breach the same breach whatever number stands there."""
    return reason.code, tuple(sorted((key, value) for key, value in reason.figures.items() if key != "have"))


def _have(reason: Reason) -> int:
    have = reason.figures.get("have", 0)
    return -have if reason.code == "over_most" and isinstance(have, int) else have if isinstance(have, int) else 0


def _spread_changed(before: Judgement, after: Judgement) -> Iterator[Consequence]:
    for old, new in zip(before.spreads, after.spreads, strict=True):
        if old.width != new.width and new.counts_people:
            figures = {"dimension": new.dimension.value, "measure": new.name, "before": old.width, "after": new.width}
            yield _wider_or_narrower("spread", old.width, new.width, figures)
    looked_at = {spread.dimension for spread in after.spreads}
    averages = {
        Dimension.AGE: [[group.age_e1 for group in judged.groups] for judged in (before, after)],
        Dimension.LENGTH: [[group.party_years_e1 for group in judged.groups] for judged in (before, after)],
    }
    for dimension, (first, second) in averages.items():
        apart, now = _width(first), _width(second)
        if apart != now and dimension in looked_at:
            shown = {"before": f"{apart // 10}.{apart % 10}", "after": f"{now // 10}.{now % 10}"}
            yield _wider_or_narrower(dimension.value, apart, now, shown)


def _width(averages: Sequence[int | None]) -> int:
    known = [one for one in averages if one is not None]
    return max(known) - min(known) if known else 0


def _wider_or_narrower(code: str, before: int, after: int, figures: Mapping[str, Figure]) -> Consequence:
    wider = after > before
    return Consequence(
        Level.WARN if wider else Level.GOOD, Reason(f"{code}_{'wider' if wider else 'narrower'}", figures)
    )


def _own_way(case: Case, person: int, here: int | None, to: int, minutes: int) -> Iterator[Consequence]:
    member = case.problem.members[person]
    if here is not None and minutes:
        longer = minutes > 0
        yield Consequence(
            Level.WARN if longer else Level.GOOD,
            Reason("travel_more" if longer else "travel_less", {"minutes": abs(minutes)}),
        )
    moves_before, moves_after = here is not None and case.moves(member, here), case.moves(member, to)
    if moves_after and not moves_before:
        yield Consequence(Level.WARN, Reason("leaves_group", {"member": member.id}))
    elif moves_before and not moves_after:
        yield Consequence(Level.GOOD, Reason("back_in_group", {"member": member.id}))


def _leaders_changed(before: Assignment, after: Assignment) -> Iterator[Consequence]:
    for group in range(len(after.areas)):
        old, new = before.leader_of(group), after.leader_of(group)
        if new is None and old is not None:
            yield Consequence(Level.WARN, Reason("leader_lost", {"group": group}))
        elif new != old:
            yield Consequence(Level.WARN, Reason("leader_changed", {"group": group, "member": new}))


def _kept(problem: Problem, before: Judgement, after: Judgement) -> Iterator[Consequence]:
    minimum = problem.requirements.min_formal
    if minimum and all(group.formal >= minimum for group in after.groups):
        least = min(group.formal for group in after.groups)
        yield Consequence(Level.GOOD, Reason("formal_kept", {"minimum": least}))
    if [group.leader for group in before.groups] == [group.leader for group in after.groups]:
        yield Consequence(Level.GOOD, Reason("leaders_kept"))
    if after.alone == len(after.groups):
        yield Consequence(Level.GOOD, Reason("alone_kept"))


def _swaps(case: Case, assignment: Assignment, person: int, to: int, before: int) -> Sequence[Swap]:
    problem = case.problem
    where = places(problem, assignment)
    here = where[person]
    if here is None:
        return ()
    tally = Tally(case, where)
    already = _breaches(tally)
    fixed = {one for rule in case.rules if rule.reason.code in ABOUT_PEOPLE - {"apart"} for one in rule.who}
    index = {member.id: at for at, member in enumerate(problem.members)}
    found: list[Swap] = []
    for other, group in enumerate(where):
        if group != to or other in fixed:
            continue
        tally.move(person, to)
        tally.move(other, here)
        if _breaches(tally) <= already:
            after = swapped(problem, assignment, problem.members[person].id, problem.members[other].id)
            leaders = [None if one is None else index[one] for one in after.leaders]
            found.append(Swap(problem.members[other].id, sum(tally.terms(leaders).values()) - before))
        tally.move(other, to)
        tally.move(person, here)
    return sorted(found, key=lambda swap: (swap.cost, swap.other))[:SUGGESTED]


def _breaches(tally: Tally) -> set[tuple[str, int, int]]:
    return {(str(rule.reason), group, count) for rule, group, count in tally.broken()}
