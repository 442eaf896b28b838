"""Searching: what is asked is put down, the answer kept, the rules told where there is none."""

from __future__ import annotations

from threading import Thread
from time import sleep

import pytest

from ronghe.domain.regrouping.calc.model import Need, NeedKind, Requirements
from ronghe.domain.regrouping.calc.reasons import say
from ronghe.domain.regrouping.models import GroupingProposal
from ronghe.domain.regrouping.selectors.proposals import (
    conflict_of,
    letter_name,
    names_in,
    open_proposal,
    proposals_of,
)
from ronghe.domain.regrouping.services.drafting import change_question, pin_person, set_apart, set_leading
from ronghe.domain.regrouping.services.solving import AlreadySearching, ask_proposal, search, stop_search
from ronghe.domain.regrouping.tasks import search_proposal
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.jobs.worker import work_once
from tests.factories.regrouping import make_area, make_proposal, make_regrouping

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def regrouping(area, morning):
    return make_regrouping(area, morning)


def test_a_proposal_keeps_every_rule_and_all_that_it_used(area, regrouping, morning):
    proposal = make_proposal(regrouping, area, morning, gap_e4=100)

    opened = open_proposal(proposal)
    assert (proposal.letter, proposal.solving) == ("A", "done")
    assert opened.judgement.broken == ()
    assert len(opened.assignment.areas) == 2
    assert proposal.outcome["objective"] == opened.judgement.objective
    assert proposal.outcome["gap_e4"] <= 100
    assert (proposal.settings["seed"], proposal.settings["groups"], proposal.settings["asked"]) == (1, 2, 0)


def test_stored_questions_hold_no_names(area, regrouping, morning):
    proposal = make_proposal(regrouping, area, morning)

    assert {one["name"] for one in proposal.problem["members"]} == {""}
    assert {one["name"] for one in proposal.problem["stations"]} == {""}
    assert {one.name for one in open_proposal(proposal).problem.members} == {one.name for one in area.crew[:16]}


def test_today_stands_beside_the_proposals(area, regrouping, morning):
    make_proposal(regrouping, area, morning)

    assert [letter_name(one) for one in proposals_of(regrouping)] == ["现状", "方案 A"]


def test_a_branch_without_groups_has_no_today(morning):
    assert proposals_of(make_regrouping(make_area(with_groups=False), morning)) == []


def test_the_job_searches_once_however_often_it_runs(committing_db, morning):
    area = make_area()
    regrouping = make_regrouping(area, morning)
    proposal = ask_proposal(regrouping=regrouping, actor=area.secretary, at=morning)
    search_proposal.enqueue(proposal_id=proposal.pk)

    work_once()

    proposal.refresh_from_db()
    version = proposal.version
    assert proposal.solving == "done"
    search(proposal=proposal, at=morning)
    assert GroupingProposal.objects.get(pk=proposal.pk).version == version


def test_only_one_search_at_a_time(area, regrouping, morning):
    ask_proposal(regrouping=regrouping, actor=area.secretary, at=morning)

    with pytest.raises(AlreadySearching):
        ask_proposal(regrouping=regrouping, actor=area.secretary, at=morning)


def test_a_search_that_has_not_begun_is_stopped_at_once(area, regrouping, morning):
    proposal = ask_proposal(regrouping=regrouping, actor=area.secretary, at=morning)

    stop_search(proposal=proposal, actor=area.secretary, at=morning)

    assert search(proposal=proposal, at=morning).solving == "failed"


def test_a_running_search_stops_when_told_and_keeps_what_it_found(area, regrouping, morning):
    proposal = ask_proposal(regrouping=regrouping, actor=area.secretary, at=morning)
    GroupingProposal.objects.filter(pk=proposal.pk).update(stop_asked=True)

    found = search(proposal=proposal, at=morning)

    assert found.solving in {"done", "failed"}
    assert (found.assignment is not None) == (found.solving == "done")


def test_impossible_needs_are_told_with_the_smallest_conflict(area, regrouping, morning):
    change_question(
        regrouping=regrouping, seen=0, actor=area.secretary, at=morning,
        requirements=Requirements(needs=(Need(NeedKind.TRADE, "管护", 4),)),
    )  # fmt: skip

    proposal = make_proposal(regrouping, area, morning)

    names = names_in(proposal)
    assert proposal.solving == "impossible"
    assert proposal.assignment is None
    assert [[say(rule, names) for rule in one.rules] for one in conflict_of(proposal)] == [
        ["大工种“管护”每组至少 4 人（共 4 人，需要 8 人）"]
    ]


def test_pins_and_pairs_are_kept(area, regrouping, morning):
    one, other = area.crew[0], area.crew[3]
    pin_person(regrouping=regrouping, person=one, group=area.groups[1], actor=area.secretary, at=morning)
    set_apart(regrouping=regrouping, first=one, second=other, actor=area.secretary, at=morning)

    proposal = make_proposal(regrouping, area, morning)

    opened = open_proposal(proposal)
    place = opened.assignment.where[one.pk]
    assert opened.group_today(opened.assignment.areas[place].continues) == area.groups[1]
    assert opened.assignment.where[other.pk] != place


def test_a_leader_may_be_said_not_to_lead(area, regrouping, morning):
    """PO-09: whoever leads must be fit for both posts; the secretary knows more than the records."""
    for person in area.crew[:16]:
        set_leading(
            regrouping=regrouping, person=person, may_lead=person in area.crew[4:6], actor=area.secretary, at=morning
        )

    opened = open_proposal(make_proposal(regrouping, area, morning))

    assert set(opened.assignment.leaders) == {area.crew[4].pk, area.crew[5].pk}


def test_asking_wants_the_right_to_draft(area, regrouping, morning):
    with pytest.raises(NotAllowed):
        ask_proposal(regrouping=regrouping, actor=area.crew[5], at=morning)
    with pytest.raises(NotAllowed):
        stop_search(proposal=regrouping.proposals.get(), actor=area.crew[5], at=morning)


def test_two_people_who_ask_at_once_get_one_search(committing_db, morning):
    area = make_area()
    regrouping = make_regrouping(area, morning)
    told = []

    def ask():
        from django.db import connection

        try:
            ask_proposal(regrouping=regrouping, actor=area.secretary, at=morning)
            told.append("asked")
        except AlreadySearching:
            told.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
        sleep(0.01)
    for thread in threads:
        thread.join()

    assert sorted(told) == ["asked", "refused"]
