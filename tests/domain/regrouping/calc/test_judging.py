from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.domain.regrouping.calc.judging import judge
from ronghe.domain.regrouping.calc.model import (
    Area,
    Assignment,
    BadProblem,
    Dimension,
    Need,
    NeedKind,
    Pin,
    Problem,
    Requirements,
    Standing,
)  # fmt: skip
from ronghe.domain.regrouping.calc.plain import from_plain, to_plain
from ronghe.domain.regrouping.calc.reasons import names_of, say
from tests.domain.regrouping.calc.making import asking, crowd, keeps_all, person, placed, questions

AREAS = (Area(1, (1, 2), 0), Area(4, (3, 4), 1))


@settings(max_examples=150)
@given(questions(), st.randoms(use_true_random=False))
def test_nothing_is_broken_exactly_when_an_independent_check_finds_all_rules_kept(problem, chance):
    where = {one.id: chance.randrange(2) for one in problem.members}
    judged = judge(problem, placed(problem, AREAS, where))
    assert (judged.broken == ()) == keeps_all(problem, AREAS, where)
    assert all("%" not in say(one, names_of(problem)) for one in judged.broken)


@settings(max_examples=60)
@given(questions(), st.randoms(use_true_random=False))
def test_the_objective_is_what_its_words_say(problem, chance):
    """Every term counted again by hand: people outside floor and ceiling, minutes, movers, new leaders."""
    where = {one.id: chance.randrange(2) for one in problem.members}
    judged = judge(problem, placed(problem, AREAS, where))
    weights = problem.weights
    by_hand = {"travel": 0, "moves": 0, "trades": 0}
    for one in problem.members:
        if one.home_station is not None:
            by_hand["travel"] += weights.travel * problem.travel.between(one.home_station, AREAS[where[one.id]].hub)
        by_hand["moves"] += weights.moves * (one.group is not None and one.group != AREAS[where[one.id]].continues)
    for trade in {one.trade for one in problem.members}:
        counts = [sum(one.trade == trade and where[one.id] == at for one in problem.members) for at in (0, 1)]
        by_hand["trades"] += weights.trades * sum(
            max(0, sum(counts) // 2 - count, count - (sum(counts) + 1) // 2) for count in counts
        )
    assert {name: judged.terms[name] for name in by_hand} == by_hand
    known = [one for one in problem.members if one.leads and one.may_lead and one.standing is Standing.FULL]
    led = {where[one.id] for one in known}
    assert judged.terms["leaders"] == (weights.leaders * (2 - len(led)) if known else 0)
    assert judged.objective == sum(judged.terms.values())


def test_a_group_says_what_it_has_and_what_it_is_short_of():
    needs = (Need(NeedKind.TRADE, "电仪", 2), Need(NeedKind.CERTIFICATE, "电工", 1))
    members = [
        person(1, trade="电仪", certificates=frozenset({"电工"}), gender="2", age=50, group=1),
        person(2, further_trades=frozenset({"电仪"}), age=31, group=0),
        person(3, trade="电仪", standing=Standing.PROBATIONARY, party_months=6),
    ]
    problem = asking(members, requirements=Requirements(needs, min_members=2, min_formal=1))
    first, second = judge(problem, placed(problem, AREAS, {1: 0, 2: 0, 3: 1})).groups
    assert (first.size, first.party, first.formal, first.women, first.older) == (2, 2, 2, 1, 1)
    assert (first.main_trades, first.trades) == ({"电仪": 1, "运行": 1}, {"电仪": 2, "运行": 1})
    assert [(need.have, need.met) for need in first.needs] == [(2, True), (1, True)]
    assert (first.age_e1, first.party_years_e1, first.minutes_e1, first.moved_in) == (405, 100, 0, (1,))
    assert first.alone
    assert [(need.have, need.met) for need in second.needs] == [(1, False), (0, False)]
    assert not second.alone
    broken = judge(problem, placed(problem, AREAS, {1: 0, 2: 0, 3: 1})).broken
    assert [say(one, names_of(problem)) for one in broken] == [
        "第 2 小组大工种“电仪”只有 1 人，少于 2 人",
        "第 2 小组证书“电工”只有 0 人，少于 1 人",
        "第 2 小组只有 1 名党员，少于 2 名（PO-09）",
        "第 2 小组只有 0 名正式党员，少于 1 名（PO-09）",
        "第 2 小组没有能兼任党小组长和班组长的正式党员（PO-09）",
    ]


def test_a_broken_pin_and_a_parted_pair_are_told_once():
    problem = asking(crowd(4), pins=(Pin(1, hub=4),), together=((2, 3),), apart=((1, 4),))
    judged = judge(problem, placed(problem, AREAS, {1: 0, 2: 0, 3: 1, 4: 0}))
    assert [one.code for one in judged.broken] == ["off_pin", "not_apart", "not_together"]


def test_po_09_a_leader_from_elsewhere_or_not_full_is_unfit():
    """PO-09: the leader stands in the group and is a full member."""
    members = [person(1), person(2, standing=Standing.PROBATIONARY), person(3), person(4)]
    problem = asking(members, requirements=Requirements(min_members=0, min_formal=0))
    where = {1: 0, 2: 0, 3: 1, 4: 1}
    assert judge(problem, Assignment(AREAS, where, (1, 3))).broken == ()
    for leaders in ((2, 3), (4, 3), (None, 3)):
        judged = judge(problem, Assignment(AREAS, where, leaders))
        assert [one.code for one in judged.broken] == ["unfit_leader"]
        assert [group.alone for group in judged.groups] == [False, True]


def test_who_is_not_placed_is_named():
    problem = asking(crowd(3))
    judged = judge(problem, Assignment(AREAS, {1: 0, 2: 1}, (1, 2)))
    assert [say(one, names_of(problem)) for one in judged.broken] == ["职工3还没有放进任何小组"]


def test_unevenness_is_nothing_when_every_group_has_the_mean_and_whole_when_one_has_all():
    problem = asking([person(at, trade="电仪" if at > 2 else "运行") for at in (1, 2, 3, 4)])
    even = judge(problem, placed(problem, AREAS, {1: 0, 2: 1, 3: 0, 4: 1}))
    parted = judge(problem, placed(problem, AREAS, {1: 0, 2: 0, 3: 1, 4: 1}))
    assert (even.uneven_e4[Dimension.TRADES], parted.uneven_e4[Dimension.TRADES]) == (0, 10_000)
    assert parted.uneven_e4[Dimension.SIZE] == 0


def test_what_is_left_out_of_the_spread_is_not_looked_at():
    problem = asking(crowd(4), spread=(Dimension.SIZE,))
    assert {
        one.dimension for one in judge(problem, placed(problem, AREAS, dict.fromkeys((1, 2, 3, 4), 0))).spreads
    } == {Dimension.SIZE}


def test_five_hundred_people_are_judged_at_once():
    """A person dragged on the page is judged in a few thousandths of a second; tenfold room for a busy machine."""
    problem = asking([person(at, trade=f"工种{at % 11}", home_station=1 + at % 4, group=at % 2) for at in range(500)])
    grouping = placed(problem, AREAS, {at: at % 2 for at in range(500)})
    seconds = []
    for _round in range(5):
        begun = perf_counter()
        judge(problem, grouping)
        seconds.append(perf_counter() - begun)
    assert min(seconds) < 0.05


@settings(max_examples=40)
@given(questions())
def test_a_question_and_its_judgement_are_plain_values_and_back(problem):
    assert from_plain(Problem, to_plain(problem)) == problem
    judged = judge(problem, placed(problem, AREAS, {one.id: 0 for one in problem.members}))
    assert from_plain(type(judged), to_plain(judged)) == judged


@pytest.mark.parametrize("value", [{"id": "1", "name": "站"}, {"id": True, "name": "站"}])
def test_a_stored_value_of_another_kind_is_refused(value):
    with pytest.raises(TypeError):
        from_plain(Area, {"hub": "x", "stations": [], "continues": None})
    with pytest.raises(TypeError):
        from_plain(type(asking(crowd(1)).stations[0]), value)


@pytest.mark.parametrize(
    "given",
    [
        {"members": (person(1), person(1))},
        {"members": (person(1, home_station=9),)},
        {"members": (person(1),), "apart": ((1, 2),)},
        {"members": (person(1),), "together": ((1, 1),)},
        {"members": (person(1),), "pins": (Pin(1),)},
        {"members": (person(1),), "pins": (Pin(7, hub=1),)},
    ],
)
def test_a_question_that_names_the_unknown_is_refused(given):
    with pytest.raises(BadProblem):
        asking(**given)
