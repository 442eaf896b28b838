from __future__ import annotations

from ronghe.domain.obligations.calc.answering import Answer, Standing, leads_of, overseers_of, who_answers

BRANCH, COMMITTEE, TOP = 1, 2, 3
CHAIN = (BRANCH, COMMITTEE, TOP)


def test_whoever_holds_the_post_that_the_mechanism_names_answers():
    holders = {BRANCH: {"secretary": (7,), "org_member": (8, 9)}}

    assert who_answers("org_member", CHAIN, holders) == Answer((8, 9), Standing.HELD, BRANCH)


def test_vacant_post_falls_to_the_bodys_own_lead():
    holders = {BRANCH: {"secretary": (7,)}, COMMITTEE: {"secretary": (5,)}}

    assert who_answers("org_member", CHAIN, holders) == Answer((7,), Standing.STANDS_IN, BRANCH)


def test_body_without_any_lead_is_answered_for_by_its_nearest_superior_that_has_one():
    holders = {TOP: {"secretary": (3,)}}

    assert who_answers("secretary", CHAIN, holders) == Answer((3,), Standing.SUPERIOR, TOP)


def test_nobody_answers_where_nobody_holds_anything():
    assert who_answers("secretary", CHAIN, {}) == Answer((), Standing.NOBODY)
    assert who_answers("secretary", (), {}) == Answer((), Standing.NOBODY)


def test_role_that_is_no_post_falls_to_the_lead():
    """A playbook may invent roles; somebody answers all the same."""
    holders = {BRANCH: {"secretary": (7,)}}

    assert who_answers("brand_keeper", CHAIN, holders).people == (7,)


def test_only_a_post_held_is_not_vacant():
    assert [Answer((), standing).is_vacant for standing in Standing] == [False, True, True, True]


def test_leads_come_in_the_order_of_their_posts_each_once():
    holders = {BRANCH: {"deputy_secretary": (4, 7), "secretary": (7,), "committee_member": (9,)}}

    assert leads_of(BRANCH, holders) == (7, 4)


def test_overseers_are_those_of_the_nearest_superior_and_never_the_body_itself():
    holders = {
        BRANCH: {"secretary": (7,)},
        COMMITTEE: {"publicity_member": (6,)},
        TOP: {"committee_clerk": (2,), "secretary": (3,)},
    }

    assert overseers_of(CHAIN, holders) == (2, 3)
