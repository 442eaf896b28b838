from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from ronghe.domain.regrouping.calc.case import make_case
from ronghe.domain.regrouping.calc.conflicts import find_conflicts
from ronghe.domain.regrouping.calc.model import Area, Need, NeedKind, Pin, Requirements, Standing
from ronghe.domain.regrouping.calc.reasons import names_of, say, way_out
from ronghe.domain.regrouping.calc.solving import propose
from tests.domain.regrouping.calc.making import EXACT, all_groupings, asking, crowd, feasible, person, questions

AREAS = (Area(1, (1, 2), 0), Area(4, (3, 4), 1))


def rules_can_be_kept(case, rules):
    """Try every grouping, with the rules as they are written in the case."""
    people = [one.id for one in case.problem.members]
    for where in all_groupings(case.problem, case.areas):
        groups = [where[one] for one in people]
        counts = [[sum(groups[one] == at for one in rule.who) for at in range(len(case.areas))] for rule in rules]
        if all(
            (set(count) <= {0, 2})
            if rule.same
            else all(low <= one <= high for low, one, high in zip(rule.low, count, rule.high, strict=True))
            for rule, count in zip(rules, counts, strict=True)
        ):
            return True
    return False


@settings(max_examples=150)
@given(questions())
def test_a_conflict_cannot_be_kept_and_each_of_its_rules_matters(problem):
    case = make_case(problem, AREAS)
    conflicts = find_conflicts(case, EXACT)
    assert bool(conflicts) == (not feasible(problem, AREAS))
    for conflict in conflicts:
        rules = [next(rule for rule in case.rules if rule.reason == reason) for reason in conflict.rules]
        assert conflict.irreducible
        assert not rules_can_be_kept(case, rules)
        for left_out in range(len(rules)):
            assert rules_can_be_kept(case, rules[:left_out] + rules[left_out + 1 :])


@settings(max_examples=50)
@given(questions())
def test_every_rule_in_a_conflict_has_words_and_a_way_out(problem):
    conflicts = find_conflicts(make_case(problem, AREAS), EXACT)
    assume(conflicts)
    for conflict in conflicts:
        for reason in conflict.rules:
            assert "%" not in say(reason, names_of(problem))
            assert way_out(reason)


def test_too_few_for_a_trade_is_told_by_arithmetic_with_its_figures():
    needs = (Need(NeedKind.TRADE, "电仪", 2),)
    members = [*crowd(4), *(person(at, trade="电仪") for at in (5, 6, 7))]
    problem = asking(members, requirements=Requirements(needs, 0, 0, leader=False))
    answer = propose(problem, 2, EXACT, areas=AREAS)
    assert [say(rule, names_of(problem)) for conflict in answer.conflicts for rule in conflict.rules] == [
        "大工种“电仪”每组至少 2 人（共 3 人，需要 4 人）"
    ]


def test_several_short_needs_are_several_conflicts():
    needs = (Need(NeedKind.TRADE, "电仪", 1), Need(NeedKind.CERTIFICATE, "电工", 1))
    answer = propose(asking(crowd(4), requirements=Requirements(needs, 0, 0, leader=False)), 2, EXACT, areas=AREAS)
    assert [[rule.figures["name"] for rule in one.rules] for one in answer.conflicts] == [["电仪"], ["电工"]]


def test_pins_against_a_need_are_named_together():
    """Two of the three electricians are pinned to one region, the third too: none is left for the other."""
    needs = (Need(NeedKind.TRADE, "电仪", 1),)
    members = [*crowd(4), *(person(at, trade="电仪") for at in (5, 6))]
    problem = asking(
        members,
        requirements=Requirements(needs, 0, 0, leader=False),
        pins=(Pin(5, hub=1), Pin(6, hub=1), Pin(1, hub=4)),
    )
    answer = propose(problem, 2, EXACT, areas=AREAS)
    assert [one.code for one in answer.conflicts[0].rules] == ["need", "pin_hub", "pin_hub"]
    assert {one.figures.get("member") for one in answer.conflicts[0].rules} == {None, 5, 6}


def test_three_who_stay_apart_do_not_fit_into_two_groups():
    problem = asking(crowd(5), apart=((1, 2), (2, 3), (1, 3), (4, 5)))
    answer = propose(problem, 2, EXACT, areas=AREAS)
    assert {tuple(one.figures.values()) for one in answer.conflicts[0].rules} == {(1, 2), (2, 3), (1, 3)}


def test_a_pair_both_apart_and_together_is_a_conflict_of_two():
    answer = propose(asking(crowd(4), apart=((1, 2),), together=((2, 1),)), 2, EXACT, areas=AREAS)
    assert sorted(one.code for one in answer.conflicts[0].rules) == ["apart", "together"]


def test_a_pin_to_a_hub_that_was_not_chosen_is_a_conflict_by_itself():
    answer = propose(asking(crowd(4), pins=(Pin(1, hub=3),)), 2, EXACT, areas=AREAS)
    assert [one.code for one in answer.conflicts[0].rules] == ["pin_nowhere"]


@pytest.mark.parametrize(("most", "possible"), [(3, True), (2, False)])
def test_the_most_people_of_a_group_hold_exactly(most, possible):
    problem = asking(crowd(6), requirements=Requirements(min_members=0, min_formal=0, leader=False, most=most))
    answer = propose(problem, 2, EXACT, areas=AREAS)
    assert hasattr(answer, "objective") == possible


def test_po_09_one_full_member_too_few_is_named():
    """PO-09: each group has a full member; one for two groups is one too few."""
    members = [person(1), *(person(at, standing=Standing.PROBATIONARY) for at in range(2, 7))]
    problem = asking(members, requirements=Requirements(leader=False))
    assert [one.code for one in propose(problem, 2, EXACT, areas=AREAS).conflicts[0].rules] == ["formal"]
    enough = replace(problem, members=(*members[:5], person(6)))
    assert hasattr(propose(enough, 2, EXACT, areas=AREAS), "objective")
