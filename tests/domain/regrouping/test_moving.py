"""Moving by hand: a solver's proposal stays, a hand's own changes, each move can be put back."""

from __future__ import annotations

import pytest

from ronghe.domain.regrouping.calc.effects import effect_of_move
from ronghe.domain.regrouping.selectors.proposals import open_proposal
from ronghe.domain.regrouping.services.deciding import submit_regrouping
from ronghe.domain.regrouping.services.drafting import NotDrafting
from ronghe.domain.regrouping.services.moving import (
    NoSuchPlace,
    NothingToMove,
    NothingToPutBack,
    move_person,
    put_back,
    swap_people,
)
from ronghe.domain.regrouping.services.solving import ask_proposal
from ronghe.kernel.errors import NotAllowed, Stale
from tests.factories.regrouping import make_area, make_proposal, make_regrouping

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def proposal(area, morning):
    return make_proposal(make_regrouping(area, morning), area, morning)


@pytest.fixture
def by(area, morning):
    return {"actor": area.secretary, "at": morning}


def places(proposal):
    return dict(open_proposal(proposal).assignment.where)


def test_moving_leaves_the_solvers_proposal_as_it_is(area, proposal, by):
    person = area.crew[1]
    before = places(proposal)

    moved = move_person(proposal=proposal, member=person.pk, to=1 - before[person.pk], **by)

    proposal.refresh_from_db()
    assert (moved.letter, moved.source, moved.parent) == ("B", "hand", proposal)
    assert places(proposal) == before
    assert places(moved) == {**before, person.pk: 1 - before[person.pk]}


def test_further_moves_change_the_hands_own_proposal(area, proposal, by):
    before = places(proposal)
    moved = move_person(proposal=proposal, member=area.crew[1].pk, to=1 - before[area.crew[1].pk], **by)

    again = move_person(proposal=moved, member=area.crew[2].pk, to=1 - before[area.crew[2].pk], **by)

    assert again == moved
    assert again.version == 1


def test_putting_back_brings_the_grouping_back(area, proposal, by):
    person, before = area.crew[1], places(proposal)
    moved = move_person(proposal=proposal, member=person.pk, to=1 - before[person.pk], **by)

    back = put_back(proposal=moved, **by)

    assert places(back) == before
    with pytest.raises(NothingToPutBack):
        put_back(proposal=back, **by)
    with pytest.raises(NothingToPutBack):
        put_back(proposal=proposal, **by)


def test_a_swap_can_be_put_back(area, proposal, by):
    before = places(proposal)
    one = next(person.pk for person in area.crew if before[person.pk] == 0)
    other = next(person.pk for person in area.crew[:16] if before[person.pk] == 1)

    swapped = swap_people(proposal=proposal, member=one, other=other, **by)

    assert (places(swapped)[one], places(swapped)[other]) == (1, 0)
    assert places(put_back(proposal=swapped, **by)) == before


def test_suggested_swaps_break_nothing(area, proposal, by):
    opened = open_proposal(proposal)
    person = area.crew[1].pk
    effect = effect_of_move(opened.problem, opened.assignment, person, 1 - opened.assignment.where[person])

    for swap in effect.swaps:
        swapped = swap_people(proposal=proposal, member=person, other=swap.other, **by)
        assert open_proposal(swapped).judgement.broken == ()


def test_two_hands_at_once_have_one_winner(area, proposal, by):
    before = places(proposal)
    moved = move_person(proposal=proposal, member=area.crew[1].pk, to=1 - before[area.crew[1].pk], **by)
    move_person(proposal=moved, member=area.crew[2].pk, to=1 - before[area.crew[2].pk], seen=0, **by)

    with pytest.raises(Stale):
        move_person(proposal=moved, member=area.crew[4].pk, to=1 - before[area.crew[4].pk], seen=0, **by)


@pytest.mark.parametrize(("member", "to"), [(0, 0), (None, 7), (None, -1)])
def test_there_is_no_such_place(area, proposal, by, member, to):
    with pytest.raises(NoSuchPlace):
        move_person(proposal=proposal, member=area.crew[1].pk if member is None else member, to=to, **by)


def test_people_of_one_group_cannot_swap(area, proposal, by):
    before = places(proposal)
    one, other = [person.pk for person in area.crew[:16] if before[person.pk] == 0][:2]

    with pytest.raises(NoSuchPlace):
        swap_people(proposal=proposal, member=one, other=other, **by)


def test_nothing_moves_while_a_search_runs(area, morning, by):
    waiting = ask_proposal(regrouping=make_regrouping(area, morning), **by)

    with pytest.raises(NothingToMove):
        move_person(proposal=waiting, member=area.crew[1].pk, to=0, **by)


def test_nothing_moves_after_it_was_submitted(area, proposal, by):
    submit_regrouping(proposal=proposal, **by)

    with pytest.raises(NotDrafting):
        move_person(proposal=proposal, member=area.crew[1].pk, to=0, **by)


def test_moving_wants_the_right_to_draft(area, proposal, morning):
    with pytest.raises(NotAllowed):
        move_person(proposal=proposal, member=area.crew[1].pk, to=0, actor=area.crew[5], at=morning)
