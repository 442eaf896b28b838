import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.domain.regrouping.calc.comparing import compare, today
from ronghe.domain.regrouping.calc.dealing import greedy_round_robin
from ronghe.domain.regrouping.calc.effects import Level, effect_of_move, moved, swapped
from ronghe.domain.regrouping.calc.judging import judge
from ronghe.domain.regrouping.calc.model import Area, Assignment, Need, NeedKind, Pin, Problem, Requirements
from ronghe.domain.regrouping.calc.reasons import names_of, say
from tests.domain.regrouping.calc.making import asking, crowd, keeps_all, person, placed, questions

AREAS = (Area(1, (1, 2), 0), Area(4, (3, 4), 1))


@settings(max_examples=100)
@given(questions(), st.randoms(use_true_random=False))
def test_the_effect_of_a_move_is_the_judgement_before_and_after(problem, chance):
    grouping = placed(problem, AREAS, {one.id: chance.randrange(2) for one in problem.members})
    member, to = chance.choice(problem.members).id, chance.randrange(2)
    effect = effect_of_move(problem, grouping, member, to)
    assert effect.before == judge(problem, grouping)
    assert effect.after == judge(problem, moved(problem, grouping, member, to))
    old, new = (
        {
            (one.code, one.figures.get("group"), one.figures.get("name"), one.figures.get("member"))
            for one in judged.broken
        }
        for judged in (effect.before, effect.after)
    )
    assert effect.breaks or new <= old
    assert not effect.breaks or set(map(str, effect.after.broken)) - set(map(str, effect.before.broken))
    names = names_of(problem)
    assert all("%" not in say(one.reason, names) for one in effect.consequences)
    before = set(map(str, effect.before.broken))
    for swap in effect.swaps:
        after = judge(problem, swapped(problem, grouping, member, swap.other))
        assert after.objective - effect.before.objective == swap.cost
        assert {one.code for one in after.broken if str(one) not in before} <= {"unfit_leader"}
        assert effect.before.broken or keeps_all(problem, AREAS, swapped(problem, grouping, member, swap.other).where)


def test_moving_people_about_counts_each_once_even_without_rules():
    """Found by chance once: without a single rule, every move counted the mover's measures again."""
    people = tuple(person(at, trade="运行", home_station=None) for at in range(1, 5))
    problem = Problem(members=people, requirements=Requirements(min_members=0, min_formal=0, leader=False))
    areas = (Area(None), Area(None))
    grouping = Assignment(areas, {1: 0, 2: 0, 3: 0, 4: 1})

    (swap, *_others) = effect_of_move(problem, grouping, 1, 1).swaps

    assert (
        swap.cost
        == judge(problem, swapped(problem, grouping, 1, swap.other)).objective - judge(problem, grouping).objective
    )
    assert swap.cost == 0


def electricians():
    """Four electricians, two a group; the second group is the hub of station 4, far from station 1."""
    needs = (Need(NeedKind.TRADE, "电仪", 2),)
    members = [
        *(person(at, trade="电仪", home_station=1 if at < 3 else 4, group=0 if at < 3 else 1) for at in (1, 2, 3, 4)),
        *(
            person(at, home_station=1 if at < 7 else 4, group=0 if at < 7 else 1, leads=at in {5, 7})
            for at in (5, 6, 7, 8)
        ),
    ]
    problem = asking(members, requirements=Requirements(needs, min_members=0, min_formal=1))
    return problem, placed(problem, AREAS, {one.id: one.group for one in members})


def test_a_move_that_leaves_a_region_short_says_so_and_suggests_an_exchange():
    problem, grouping = electricians()
    effect = effect_of_move(problem, grouping, 1, 1)
    said = [(one.level, say(one.reason, names_of(problem))) for one in effect.consequences]
    assert said == [
        (Level.BAD, "第 1 小组大工种“电仪”只有 1 人，少于 2 人"),
        (Level.WARN, "人数各组相差由 0 扩大到 2"),
        (Level.WARN, "党员人数各组相差由 0 扩大到 2"),
        (Level.WARN, "工种“电仪”各组相差由 0 扩大到 2"),
        (Level.WARN, "岗位“操作岗”各组相差由 0 扩大到 2"),
        (Level.WARN, "本人到中心站单程多 75 分钟"),
        (Level.WARN, "职工1要换组"),
        (Level.GOOD, "每组正式党员不少于 3 名"),
        (Level.GOOD, "组长均兼班组长，未变"),
    ]
    assert effect.breaks
    assert effect.minutes == 75
    assert [swap.other for swap in effect.swaps] == [3, 4]


def test_taking_it_back_mends_it():
    problem, grouping = electricians()
    back = effect_of_move(problem, effect_of_move(problem, grouping, 1, 1).assignment, 1, 0)
    said = [say(one.reason, names_of(problem)) for one in back.consequences if one.level is Level.GOOD]
    assert said[0] == "解决了：第 1 小组大工种“电仪”只有 1 人，少于 2 人"
    assert "职工1回到原来的小组" in said
    assert not back.breaks


def test_a_leader_who_leaves_is_followed_by_another():
    problem, grouping = electricians()
    effect = effect_of_move(problem, grouping, 5, 1)
    assert grouping.leaders == (5, 7)
    assert effect.assignment.leaders[1] == 7
    assert effect.assignment.leaders[0] in {1, 2, 6}
    assert [one.reason.code for one in effect.consequences if one.reason.code.startswith("leader")] == [
        "leader_changed"
    ]


def test_a_pinned_person_who_is_moved_breaks_the_pin_and_pinned_people_are_not_suggested():
    problem = asking(crowd(4), pins=(Pin(1, hub=1), Pin(3, hub=4)))
    grouping = placed(problem, AREAS, {1: 0, 2: 0, 3: 1, 4: 1})
    assert [
        one.reason.code for one in effect_of_move(problem, grouping, 1, 1).consequences if one.level is Level.BAD
    ] == ["off_pin"]
    assert [swap.other for swap in effect_of_move(problem, grouping, 2, 1).swaps] == [4]


def test_an_unknown_group_or_member_is_refused():
    problem = asking(crowd(2))
    grouping = placed(problem, AREAS, {1: 0, 2: 1})
    with pytest.raises(KeyError):
        effect_of_move(problem, grouping, 1, 2)
    with pytest.raises(KeyError):
        effect_of_move(problem, grouping, 9, 1)


def test_two_groupings_side_by_side_name_who_stands_elsewhere():
    problem, grouping = electricians()
    turned = placed(
        problem, AREAS[::-1], {one.id: 1 - grouping.where[one.id] if one.id != 1 else 0 for one in problem.members}
    )
    compared = compare(problem, grouping, turned)
    assert compared.pairs == (1, 0)
    assert [(one.member, one.first, one.second) for one in compared.differing] == [(1, 0, 0)]
    assert (compared.first.alone, compared.second.alone) == (2, 1)
    assert (compared.first.moves, compared.second.moves) == (0, 1)
    assert compared.second.objective == judge(problem, turned).objective


@settings(max_examples=40)
@given(questions(), st.randoms(use_true_random=False))
def test_a_grouping_does_not_differ_from_itself(problem, chance):
    grouping = placed(problem, AREAS, {one.id: chance.randrange(2) for one in problem.members})
    compared = compare(problem, grouping, grouping)
    assert (compared.differing, compared.first) == ((), compared.second)


def test_today_is_a_grouping_with_the_hubs_nearest_to_its_people():
    problem, grouping = electricians()
    now = today(problem)
    assert (now.where, [area.hub for area in now.areas]) == (grouping.where, [1, 4])
    assert judge(problem, now).moves == ()
    assert today(asking(crowd(3))) is None


def test_who_has_no_group_today_is_not_placed_in_it():
    assert today(asking([person(1, group=0), person(2)])).where == {1: 0}


def test_dealing_by_trade_gives_every_group_its_share_of_each_trade():
    problem = asking([person(at, trade="电仪" if at % 3 else "运行") for at in range(1, 10)])
    judged = judge(problem, greedy_round_robin(problem, 3))
    assert [group.main_trades for group in judged.groups] == [{"电仪": 2, "运行": 1}] * 3
