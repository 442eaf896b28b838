from dataclasses import replace
from threading import Event
from time import monotonic

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ronghe.domain.regrouping.calc.case import make_case
from ronghe.domain.regrouping.calc.hubs import choose_hubs
from ronghe.domain.regrouping.calc.judging import judge
from ronghe.domain.regrouping.calc.model import Area, Dimension, Need, NeedKind, Pin, Requirements, Settings, Standing
from ronghe.domain.regrouping.calc.proposals import Impossible, Proposal, Relaxed
from ronghe.domain.regrouping.calc.relaxation import SCALE, make_program, priced, relax
from ronghe.domain.regrouping.calc.solving import propose
from tests.domain.regrouping.calc.making import (
    EXACT,
    all_groupings,
    asking,
    best_by_trying,
    crowd,
    feasible,
    keeps_all,
    person,
    placed,
    questions,
    steps_needed,
)  # fmt: skip

AREAS = (Area(1, (1, 2), 0), Area(4, (3, 4), 1))


@settings(max_examples=60)
@given(questions())
def test_every_proposal_keeps_all_hard_rules_and_none_is_missed(problem):
    """AL-16, SD-07: what is proposed can be carried out, and `impossible` is said only where it is."""
    answer = propose(problem, 2, EXACT, areas=AREAS)
    if isinstance(answer, Proposal):
        assert keeps_all(problem, AREAS, answer.assignment.where)
        assert judge(problem, answer.assignment).broken == ()
    else:
        assert not feasible(problem, AREAS)
        assert answer.conflicts


@settings(max_examples=40)
@given(questions(people=(4, 5)))
def test_a_small_question_is_solved_to_the_optimum_of_trying_all(problem):
    answer = propose(problem, 2, EXACT, areas=AREAS)
    tried = best_by_trying(problem, answer.assignment.areas if isinstance(answer, Proposal) else AREAS, EXACT.order)
    assert isinstance(answer, Proposal) == (tried is not None)
    if isinstance(answer, Proposal) and tried is not None:
        steps = {one.dimension: one.steps + one.off for one in answer.relaxed}
        assert (dict.fromkeys(Dimension, 0) | steps, answer.objective) == tried
        assert answer.optimal
        assert answer.gap_e4 == 0


@settings(max_examples=40)
@given(questions(ruled=False), st.integers(1, 3))
def test_the_judge_agrees_with_the_solver_to_the_unit(problem, n):
    told = []
    answer = propose(problem, n, EXACT, on_better=told.append)
    assert isinstance(answer, Proposal)
    for proposal in (*told, answer):
        judged = judge(problem, proposal.assignment)
        assert (judged.terms, judged.objective) == (proposal.terms, proposal.objective)
        same = (proposal.assignment.areas, proposal.relaxed) == (answer.assignment.areas, answer.relaxed)
        assert not same or proposal.bound is None or proposal.bound <= answer.objective <= proposal.objective


@settings(max_examples=30)
@given(questions(people=(4, 5)), st.lists(st.integers(-3 * SCALE, 3 * SCALE), min_size=80, max_size=80))
def test_any_prices_prove_a_bound_that_no_grouping_undercuts(problem, prices):
    case = make_case(problem, AREAS)
    program = make_program(case, dict.fromkeys(Dimension, 4))
    bound = priced(program, (prices * 5)[: len(program.rows)], ()).bound
    kept = [where for where in all_groupings(problem, AREAS) if keeps_all(problem, AREAS, where)]
    assume(kept)
    assert all(judge(problem, placed(problem, AREAS, where)).objective >= bound for where in kept)
    best = relax(program)
    assert best is not None
    assert min(judge(problem, placed(problem, AREAS, where)).objective for where in kept) >= best.bound


@settings(max_examples=25)
@given(questions(people=(4, 5)), st.randoms(use_true_random=False))
def test_other_numbers_for_the_same_people_change_neither_feasibility_nor_price(problem, chance):
    numbers = [one.id for one in problem.members]
    other = dict(zip(numbers, chance.sample(range(100, 200), len(numbers)), strict=True))
    members = [replace(one, id=other[one.id]) for one in problem.members]
    chance.shuffle(members)
    renamed = replace(
        problem,
        members=tuple(members),
        pins=tuple(replace(pin, member=other[pin.member]) for pin in problem.pins),
        apart=tuple((other[a], other[b]) for a, b in problem.apart),
        together=tuple((other[a], other[b]) for a, b in problem.together),
    )
    first, second = (propose(one, 2, EXACT, areas=AREAS) for one in (problem, renamed))
    assert type(first) is type(second)
    if (
        isinstance(first, Proposal)
        and isinstance(second, Proposal)
        and first.assignment.areas == second.assignment.areas
    ):
        assert (first.objective, first.relaxed) == (second.objective, second.relaxed)


def test_the_same_question_with_one_worker_has_the_same_answer():
    problem = asking(
        [person(at, age=20 + at, home_station=1 + at % 4, trade="电仪" if at % 3 else "运行") for at in range(1, 19)]
    )
    answers = [propose(problem, 3, EXACT) for _round in range(2)]
    assert answers[0].assignment == answers[1].assignment


def test_sd_07_posts_trades_and_duties_are_dealt_evenly():
    """SD-07: three groups, each with its share of every trade, post and duty."""
    members = [
        person(at, trade="电仪" if at <= 6 else "运行", broad_post="管理岗" if at % 5 == 0 else "操作岗", duties=frozenset({"宣传"}) if at in {1, 2, 3} else frozenset())
        for at in range(1, 16)
    ]  # fmt: skip
    answer = propose(asking(members), 3, EXACT)
    judged = judge(asking(members), answer.assignment)
    assert [group.main_trades for group in judged.groups] == [{"电仪": 2, "运行": 3}] * 3
    assert [group.posts["管理岗"] for group in judged.groups] == [1, 1, 1]
    assert [group.duties["宣传"] for group in judged.groups] == [1, 1, 1]
    assert answer.relaxed == ()


def test_what_stands_first_in_the_told_order_gives_way_first():
    """Women and the electricians cannot both be spread: pinned, the women stand together."""
    women = [person(at, gender="2") for at in (1, 2, 3, 4)]
    men = [person(at) for at in (5, 6, 7, 8)]
    problem = asking([*women, *men], pins=tuple(Pin(one.id, hub=1) for one in women))
    answer = propose(problem, 2, EXACT, areas=AREAS)
    assert answer.relaxed == (Relaxed(Dimension.GENDER, 2),)
    assert answer.relaxed_proven
    assert answer.terms["gender"] == 2 * 2 * problem.weights.gender


def test_a_band_that_three_steps_do_not_mend_is_given_up():
    women = [person(at, gender="2") for at in range(1, 11)]
    problem = asking([*women, *(person(at) for at in range(11, 21))], pins=tuple(Pin(one.id, hub=1) for one in women))
    assert propose(problem, 2, EXACT, areas=AREAS).relaxed == (Relaxed(Dimension.GENDER, 3, off=True),)


def test_po_09_every_group_has_three_party_members_one_of_them_full():
    """PO-09: five members do for one group, six for two; below that the reason is named with its figures."""

    def split(party):
        members = [*crowd(party), *(person(at, standing=Standing.NONE, may_lead=False) for at in range(50, 60))]
        return propose(asking(members, requirements=Requirements(leader=False)), 2, EXACT)

    enough = split(6)
    assert [
        group.party
        for group in judge(
            asking([*crowd(6), *(person(at, standing=Standing.NONE, may_lead=False) for at in range(50, 60))]),
            enough.assignment,
        ).groups
    ] == [3, 3]
    short = split(5)
    assert [rule.code for conflict in short.conflicts for rule in conflict.rules] == ["members"]
    assert short.conflicts[0].rules[0].figures == {"minimum": 3, "have": 5, "need": 6}


def test_po_09_a_probationary_member_does_not_lead():
    """PO-09: the only other candidate is probationary, so two groups cannot be led."""
    members = (person(1), *(person(at, standing=Standing.PROBATIONARY) for at in range(2, 9)))
    answer = propose(asking(members, requirements=Requirements(min_members=0, min_formal=0)), 2, EXACT)
    assert [rule.code for rule in answer.conflicts[0].rules] == ["leader"]
    assert answer.conflicts[0].rules[0].figures == {"minimum": 1, "have": 1, "need": 2}


def test_todays_leaders_lead_on_and_people_stay():
    members = [person(at, group=at % 2, leads=at in {1, 2}) for at in range(1, 9)]
    answer = propose(asking(members), 2, EXACT)
    judged = judge(asking(members), answer.assignment)
    assert sorted(group.leader for group in answer.groups) == [1, 2]
    assert judged.moves == ()
    assert answer.objective == answer.terms["travel"]


def test_a_pin_to_todays_group_is_kept_where_that_group_goes_on():
    members = [person(at, group=at % 2) for at in range(1, 9)]
    problem = asking(members, pins=(Pin(1, group=0),))
    answer = propose(problem, 2, EXACT)
    assert answer.assignment.areas[answer.assignment.where[1]].continues == 0


def test_a_pinned_hub_is_among_the_hubs():
    problem = asking(crowd(6), pins=(Pin(1, hub=4),))
    answer = propose(problem, 2, EXACT)
    assert 4 in [group.hub for group in answer.groups]


def test_further_trades_count_for_a_need_but_not_for_the_spread():
    needs = (Need(NeedKind.TRADE, "电仪", 1),)
    members = [person(1, trade="电仪"), person(2, further_trades=frozenset({"电仪"})), person(3), person(4)]
    problem = asking(members, requirements=Requirements(needs, 0, 0, leader=False))
    answer = propose(problem, 2, EXACT)
    assert answer.assignment.where[1] != answer.assignment.where[2]


def test_al_15_an_unattended_hub_may_need_other_numbers():
    """AL-15: the narrower need takes the place of the general one."""
    needs = (Need(NeedKind.DUTY, "宣传", 1), Need(NeedKind.DUTY, "宣传", 0, staffing="unattended"))
    members = (person(1, duties=frozenset({"宣传"})), *(person(at) for at in range(2, 5)))
    problem = asking(members, requirements=Requirements(needs, 0, 0, leader=False))
    answer = propose(problem, 2, EXACT, areas=AREAS)
    assert answer.assignment.where[1] == 0


def test_without_stations_the_groups_have_no_hub():
    problem = asking([replace(one, home_station=None, group=one.id % 2) for one in crowd(6)], stations=())
    answer = propose(problem, 2, EXACT)
    assert [group.hub for group in answer.groups] == [None, None]
    assert answer.objective == 0


def test_more_groups_than_people_or_hubs_is_said_in_figures():
    assert propose(asking(crowd(2)), 3, EXACT).conflicts[0].rules[0].code == "people"
    assert propose(asking(crowd(8)), 4, EXACT).conflicts[0].rules[0].figures == {"have": 3, "need": 4}


def test_the_search_stops_when_told():
    problem = asking([person(at, age=20 + at, home_station=1 + at % 4, trade=f"工种{at % 7}") for at in range(1, 61)])
    told = []

    def enough(proposal):
        told.append(proposal)
        return False

    begun = monotonic()
    answer = propose(problem, 3, Settings(time_limit_ms=60_000, gap_e4=0), on_better=enough)
    assert isinstance(answer, Proposal)
    assert monotonic() - begun < 20
    stopped = Event()
    stopped.set()
    assert isinstance(propose(problem, 3, Settings(gap_e4=0), stop=stopped), Proposal | Impossible)
    assert monotonic() - begun < 40


def test_a_proposal_is_stored_and_read_back():
    problem = asking(crowd(6))
    answer = propose(problem, 2, EXACT)
    assert Proposal.from_json(answer.to_json()) == answer
    none = propose(asking(crowd(2)), 3, EXACT)
    assert Impossible.from_json(none.to_json()) == none


def test_several_sets_of_hubs_are_tried_and_the_cheapest_is_kept():
    problem = asking([person(at, home_station=1 + at % 4) for at in range(1, 13)])
    answer = propose(problem, 2, replace(EXACT, hub_sets=3))
    each = [propose(problem, 2, EXACT, areas=areas).objective for areas in choose_hubs(problem, 2, alternatives=3)]
    assert answer.objective == min(each)
    assert steps_needed(problem, answer.assignment.areas, answer.assignment.where)[Dimension.SIZE] == 0
