"""Small questions, a checker that shares nothing with the solver, and the best grouping by trying all."""

from itertools import product

from hypothesis import strategies as st

from ronghe.domain.regrouping.calc.case import make_assignment, make_case
from ronghe.domain.regrouping.calc.judging import judge
from ronghe.domain.regrouping.calc.model import (
    Dimension,
    Member,
    Need,
    NeedKind,
    Pin,
    Problem,
    Requirements,
    Settings,
    Standing,
    Station,
    Weights,
)
from ronghe.domain.regrouping.calc.travel import along_a_line

EXACT = Settings(workers=1, gap_e4=0, time_limit_ms=20_000, patience_ms=5_000)
LINE = (
    Station(1, "龙岗站", hub=True, staffing="attended"),
    Station(2, "石桥站", hub=False),
    Station(3, "立山站", hub=True, staffing="unattended"),
    Station(4, "新政站", hub=True, staffing="unattended"),
)
WAYS = along_a_line([1, 2, 3, 4], [10, 25, 40])
NO_RULES = Requirements(min_members=0, min_formal=0, leader=False)


def person(number, **given):
    """A full Party member who may lead, unless said otherwise."""
    return Member(
        **{
            "id": number,
            "name": f"职工{number}",
            "trade": "运行",
            "broad_post": "操作岗",
            "home_station": 1,
            "gender": "1",
            "age": 40,
            "party_months": 120,
            "standing": Standing.FULL,
            "may_lead": True,
            **given,
        }
    )


def crowd(count, **given):
    return tuple(person(number, **given) for number in range(1, count + 1))


def asking(members, *, stations=LINE, travel=WAYS, requirements=NO_RULES, **given):
    return Problem(tuple(members), stations, travel, requirements, **given)


@st.composite
def questions(draw, people=(4, 6), ruled=True):
    numbers = draw(st.permutations(range(1, draw(st.integers(*people)) + 1)))
    members = tuple(
        Member(
            id=number,
            name=f"职工{number}",
            broad_post=draw(st.sampled_from(["操作岗", "管理岗", ""])),
            trade=draw(st.sampled_from(["运行", "电仪"])),
            further_trades=draw(st.frozensets(st.sampled_from(["电仪", "计量"]), max_size=1)),
            certificates=draw(st.frozensets(st.sampled_from(["电工"]))),
            duties=draw(st.frozensets(st.sampled_from(["宣传"]))),
            home_station=draw(st.sampled_from([None, 1, 2, 3, 4])),
            gender=draw(st.sampled_from(["1", "2"])),
            age=draw(st.sampled_from([None, 25, 44, 45, 58])),
            party_months=draw(st.sampled_from([None, 6, 130, 300])),
            standing=draw(st.sampled_from([Standing.FULL, Standing.FULL, Standing.PROBATIONARY, Standing.NONE])),
            may_lead=draw(st.booleans()),
            leads=draw(st.booleans()),
            group=draw(st.sampled_from([None, 0, 1])),
        )
        for number in numbers
    )
    pairs = st.lists(st.sampled_from([(a, b) for a in numbers for b in numbers if a < b]), max_size=2, unique=True)
    if not ruled:
        return asking(members)
    needs = st.builds(
        Need, st.just(NeedKind.TRADE), st.sampled_from(["运行", "电仪", "计量"]), st.integers(0, 2),
        hub=st.sampled_from([None, None, 1]), staffing=st.sampled_from(["", "", "unattended"]),
    ) | st.builds(Need, st.just(NeedKind.CERTIFICATE), st.just("电工"), st.integers(0, 1))  # fmt: skip
    requirements = Requirements(
        needs=tuple(draw(st.lists(needs, max_size=3))),
        min_members=draw(st.integers(0, 2)),
        min_formal=draw(st.integers(0, 1)),
        leader=draw(st.booleans()),
        least=draw(st.integers(0, 2)),
        most=draw(st.sampled_from([None, 3, 4])),
    )
    pins = tuple(
        Pin(number, hub=draw(st.sampled_from([1, 4])))
        for number in draw(st.lists(st.sampled_from(numbers), max_size=2))
    )
    return asking(members, requirements=requirements, pins=pins, apart=tuple(draw(pairs)), together=tuple(draw(pairs)))


def keeps_all(problem, areas, where):
    """Tell whether a grouping (member's id → group) keeps every hard rule, read straight from the question."""
    return all(keeps(problem, areas, where, code) for code in ("needs", "groups", "pins", "apart", "together"))


def keeps(problem, areas, where, part):
    asked = problem.requirements
    groups = [[one for one in problem.members if where[one.id] == at] for at in range(len(areas))]
    if part == "pins":
        return all(
            areas[where[pin.member]].hub == pin.hub
            if pin.hub is not None
            else areas[where[pin.member]].continues == pin.group
            for pin in problem.pins
        )
    if part == "apart":
        return all(where[a] != where[b] for a, b in problem.apart)
    if part == "together":
        return all(where[a] == where[b] for a, b in problem.together)
    if part == "needs":
        return all(_able(problem, area, people) for area, people in zip(areas, groups, strict=True))
    return all(
        sum(one.standing is not Standing.NONE for one in people) >= asked.min_members
        and sum(one.standing is Standing.FULL for one in people) >= asked.min_formal
        and (not asked.leader or any(one.may_lead and one.standing is Standing.FULL for one in people))
        and asked.least <= len(people) <= (len(problem.members) if asked.most is None else asked.most)
        for people in groups
    )


def _able(problem, area, people):
    staffing = {station.id: station.staffing for station in problem.stations}.get(area.hub, "")
    wanted = {}
    for narrow in (
        lambda need: need.hub is None and not need.staffing,
        lambda need: need.hub is None and need.staffing == staffing and need.staffing,
        lambda need: need.hub == area.hub and need.hub is not None and not need.staffing,
        lambda need: need.hub == area.hub and need.hub is not None and need.staffing == staffing and need.staffing,
    ):
        layer = {}
        for need in problem.requirements.needs:
            if narrow(need):
                layer.setdefault((need.kind, need.name), need.minimum)
        wanted |= layer
    return all(sum(_counts(one, kind, name) for one in people) >= minimum for (kind, name), minimum in wanted.items())


def _counts(one, kind, name):
    return {
        NeedKind.TRADE: one.trade == name or name in one.further_trades,
        NeedKind.POST: one.broad_post == name,
        NeedKind.DUTY: name in one.duties,
        NeedKind.CERTIFICATE: name in one.certificates,
    }[kind]


def all_groupings(problem, areas):
    for choice in product(range(len(areas)), repeat=len(problem.members)):
        yield {one.id: group for one, group in zip(problem.members, choice, strict=True)}


def feasible(problem, areas):
    return any(keeps_all(problem, areas, where) for where in all_groupings(problem, areas))


def steps_needed(problem, areas, where):
    """How far each dimension's bands must be widened for this grouping, by the words of the method's page."""
    groups = len(areas)
    needed = dict.fromkeys(Dimension, 0)
    for spread in judge(problem, placed(problem, areas, where)).spreads:
        mean = spread.low
        room = (0 if spread.dimension is Dimension.SIZE else (mean + 5) // 10) if spread.counts_people else 0
        step = 1 if spread.counts_people else spread.high
        for amount in spread.amounts:
            outside = max(0, spread.low - room - amount, amount - spread.high - room)
            needed[spread.dimension] = max(needed[spread.dimension], min(4, -(-outside // step)))
    assert groups
    return needed


def placed(problem, areas, where):
    return make_assignment(make_case(problem, areas), [where[one.id] for one in problem.members])


def best_by_trying(problem, areas, order):
    """Return the widening and the least objective by trying every grouping, or nothing when none keeps the rules."""
    kept = [where for where in all_groupings(problem, areas) if keeps_all(problem, areas, where)]
    if not kept:
        return None
    needs = [steps_needed(problem, areas, where) for where in kept]
    least = min(needs, key=lambda steps: [steps[one] for one in reversed(order)])
    within = [
        where for where, steps in zip(kept, needs, strict=True) if all(steps[one] <= least[one] for one in Dimension)
    ]
    return least, min(judge(problem, placed(problem, areas, where)).objective for where in within)


FREE = Weights(
    **dict.fromkeys(
        ("size", "party", "trades", "posts", "duties", "gender", "age", "length", "travel", "moves", "leaders"), 0
    )
)
