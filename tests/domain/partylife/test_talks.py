"""谈心谈话: in one act, sealed, confirmed, taken back; the year by pairs (PM-09)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.partylife.calc.pairs import NeedKind
from ronghe.domain.partylife.enums import TalkDoubt, TalkKind, TalkState, TalkTopic
from ronghe.domain.partylife.models import PlannedTalk, Talk, TalkYear
from ronghe.domain.partylife.selectors.talks import (
    bodies_with_matrix,
    list_talks,
    matrix_of,
    missing_in,
    next_talks,
    people_to_talk_with,
    plans_due,
    talks_to_confirm,
)
from ronghe.domain.partylife.services.talks import (
    FollowUpUntitled,
    PlanPast,
    TalkAhead,
    TalkFollowUp,
    TalkThereAlready,
    TalkWaitsForYou,
    TalkWithOneself,
    confirm_talk,
    decline_talk,
    drop_plan,
    plan_talk,
    read_talk,
    record_talk,
    void_talk,
)
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.partylife import make_life, make_talk, talk_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def life():
    return make_life()


def counted(kind):
    return sum(1 if fact.reverses is None else -1 for fact in Fact.objects.filter(kind=kind))


def test_a_talk_counts_at_once_and_waits_for_the_other(life, morning):
    talk = make_talk(life.secretary, life.members[0], morning)

    assert (talk.kind, talk.body_id, talk.state) == (TalkKind.LEADER_MEMBER, life.branch.pk, TalkState.RECORDED)
    assert list(talks_to_confirm(life.members[0], morning)) == [talk]
    assert counted("partylife.talk_held") == 1
    confirm_talk(talk=talk, actor=life.members[0], at=morning)
    assert list(talks_to_confirm(life.members[0], morning)) == []


@pytest.mark.parametrize(
    ("one", "two", "kind"),
    [("secretary", "officer", TalkKind.COMMITTEE), ("first", "secretary", TalkKind.LEADER_MEMBER),
     ("first", "second", TalkKind.MEMBERS)],
)  # fmt: skip
def test_pm_09_what_a_talk_is_follows_from_who_talked(life, morning, one, two, kind):
    people = {"secretary": life.secretary, "officer": life.officer, "first": life.members[0], "second": life.members[1]}

    assert make_talk(people[one], people[two], morning).kind == kind


def test_a_talk_with_a_worker_is_an_ordinary_one_and_meets_no_pair(life, morning):
    talk = make_talk(life.clerk, life.worker, morning)

    assert talk.kind == TalkKind.ORDINARY
    assert matrix_of(life.branch, 2026, morning.date()).progress.met == ()


def test_what_was_said_is_for_the_two_and_each_look_is_recorded(life, morning):
    talk = make_talk(life.secretary, life.members[0], morning, text="家里老人住院")

    assert "家里" not in (talk.sealed or "")
    assert read_talk(talk=talk, actor=life.members[0], at=morning) == "家里老人住院"
    look = Look.objects.get()
    assert (look.by, look.about, look.compartment) == (life.members[0].token, life.secretary.token, "talk")
    for other in (life.officer, life.clerk, life.auditor):
        with pytest.raises(NotAllowed):
            read_talk(talk=talk, actor=other, at=morning)
    assert Look.objects.count() == 1


def test_nothing_written_is_nothing_to_read(life, morning):
    with pytest.raises(NotFound):
        read_talk(talk=make_talk(life.secretary, life.officer, morning), actor=life.officer, at=morning)


def test_no_fact_holds_topics_or_words(life, morning):
    make_talk(life.secretary, life.members[0], morning, text="谈了调岗")

    fact = Fact.objects.get(kind="partylife.talk_held")
    assert fact.values == {"talk": "leader_member", "day": "2026-09-14"}


def test_who_declines_takes_it_out_and_says_why(life, morning):
    talk = make_talk(life.secretary, life.members[0], morning)

    decline_talk(talk=talk, doubt=TalkDoubt.NOT_HELD, actor=life.members[0], at=morning)

    assert (talk.state, talk.doubt, talk.counts) == (TalkState.DECLINED, "not_held", False)
    assert counted("partylife.talk_held") == 0
    with pytest.raises(StepNotAllowed):
        confirm_talk(talk=talk, actor=life.members[0], at=morning)


def test_only_who_recorded_it_voids_it_and_it_can_be_recorded_again(life, morning):
    talk = make_talk(life.secretary, life.members[0], morning)
    for other in (life.members[0], life.clerk):
        with pytest.raises(NotAllowed):
            void_talk(talk=talk, doubt=TalkDoubt.WRONG_DAY, actor=other, at=morning)
    void_talk(talk=talk, doubt=TalkDoubt.WRONG_DAY, actor=life.secretary, at=morning)

    assert make_talk(life.secretary, life.members[0], morning).pk != talk.pk
    assert counted("partylife.talk_held") == 1


def test_nobody_answers_for_the_other(life, morning):
    talk = make_talk(life.secretary, life.members[0], morning)

    for other in (life.secretary, life.officer):
        with pytest.raises(NotAllowed):
            confirm_talk(talk=talk, actor=other, at=morning)


def test_the_same_talk_is_recorded_once_by_either(life, morning):
    make_talk(life.secretary, life.officer, morning)

    with pytest.raises(TalkThereAlready):
        make_talk(life.secretary, life.officer, morning)
    with pytest.raises(TalkWaitsForYou):
        make_talk(life.officer, life.secretary, morning)


def test_impossible_talks_are_refused(life, morning):
    with pytest.raises(TalkWithOneself):
        make_talk(life.secretary, life.secretary, morning)
    with pytest.raises(TalkAhead):
        make_talk(life.secretary, life.officer, morning, days_ago=-1)
    with pytest.raises(NotAllowed):
        make_talk(life.secretary, life.stranger, morning)
    with pytest.raises(FollowUpUntitled):
        record_talk(
            other=life.officer, day=morning.date(), follow_up=TalkFollowUp(" ", morning + timedelta(days=3)),
            actor=life.secretary, at=morning,
        )  # fmt: skip
    assert Talk.objects.count() == 0


def test_what_is_to_be_done_becomes_a_task(life, morning):
    talk = record_talk(
        other=life.members[0], day=morning.date(), follow_up=TalkFollowUp("协调住房", morning + timedelta(days=3)),
        actor=life.secretary, at=morning,
    )  # fmt: skip

    assert (talk.task.title, talk.task.assignee, talk.task.body) == ("协调住房", life.secretary, life.branch)


def test_a_planned_talk_waits_from_its_day_on_and_ends_with_the_talk(life, morning):
    plan = plan_talk(other=life.members[0], day=morning.date() + timedelta(days=2), actor=life.secretary, at=morning)
    later = morning + timedelta(days=2)

    assert list(plans_due(life.secretary, morning)) == []
    assert list(plans_due(life.secretary, later)) == [plan]
    make_talk(life.secretary, life.members[0], later)
    assert list(plans_due(life.secretary, later)) == []


def test_a_plan_is_moved_by_planning_again_dropped_and_never_in_the_past(life, morning):
    day = morning.date()
    plan = plan_talk(other=life.officer, day=day + timedelta(days=2), actor=life.secretary, at=morning)
    assert plan_talk(other=life.officer, day=day, actor=life.secretary, at=morning).pk == plan.pk
    with pytest.raises(PlanPast):
        plan_talk(other=life.officer, day=day - timedelta(days=1), actor=life.secretary, at=morning)
    with pytest.raises(NotAllowed):
        drop_plan(plan=plan, actor=life.officer, at=morning)
    drop_plan(plan=plan, actor=life.secretary, at=morning)
    assert PlannedTalk.objects.filter(dropped_at=None).count() == 0


def test_pm_09_a_year_is_told_complete_by_its_last_pair_and_taken_back_with_one(life, morning):
    talks = talk_all(life, morning)

    year = TalkYear.objects.get()
    assert (year.body, year.year, year.pairs) == (life.branch, 2026, 7)
    assert counted("partylife.talks_complete") == 1
    void_talk(talk=talks[0], doubt=TalkDoubt.TWICE, actor=life.secretary, at=morning)
    assert counted("partylife.talks_complete") == 0
    make_talk(life.secretary, life.officer, morning, days_ago=1)
    assert counted("partylife.talks_complete") == 1


def test_pm_09_the_yearly_duty_is_met_by_the_last_pair_and_not_before(life, morning):
    adopt_playbook(
        body=life.branch, playbook=shipped_playbook("branch_base"), since=date(2026, 1, 1), actor=None, at=morning
    )
    duty = Obligation.objects.get(body=life.branch, mechanism="heart_to_heart_talks", occurrence__startswith="2026")
    make_talk(life.secretary, life.officer, morning, days_ago=1)
    assert not Obligation.objects.filter(pk=duty.pk, match__isnull=False).exists()
    talks = talk_all(life, morning)

    assert Obligation.objects.filter(pk=duty.pk, match__isnull=False).exists()
    decline_talk(talk=talks[1], doubt=TalkDoubt.NOT_HELD, actor=life.members[0], at=morning)
    assert not Obligation.objects.filter(pk=duty.pk, match__isnull=False).exists()


def test_a_talk_recorded_late_counts_on_its_own_day(life, morning):
    talk = make_talk(life.secretary, life.officer, morning, days_ago=20)

    assert Fact.objects.get(kind="partylife.talk_held").occurred_at.date() == talk.day


def test_the_matrix_names_what_is_missing(life, morning):
    make_talk(life.secretary, life.members[0], morning)
    matrix = matrix_of(life.branch, 2026, morning.date())

    assert matrix.progress.of(NeedKind.LEADER_MEMBER) == (1, 3)
    assert matrix.held(life.members[0], life.secretary) == 1
    first = missing_in(matrix)[0]
    assert {first.who, first.other} == {life.secretary, life.officer}
    assert len(missing_in(matrix)) == 6
    assert matrix.unsure == {frozenset((life.secretary.pk, life.members[0].pk))}
    assert matrix_of(life.branch, 2025, morning.date()).progress.met == ()


def test_next_names_the_open_pairs_that_nobody_plans(life, morning):
    plan_talk(other=life.officer, day=morning.date(), actor=life.secretary, at=morning)

    found = next_talks(life.secretary, morning)

    assert {one.person for one in found} == set(life.members)
    assert {one.kind for one in found} == {NeedKind.LEADER_MEMBER}


def test_who_sees_that_a_talk_was_held(life, morning):
    make_talk(life.secretary, life.members[0], morning)

    def seen(person):
        return list_talks(person, morning).count

    assert [seen(p) for p in (life.members[0], life.clerk, life.auditor, life.officer)] == [1, 1, 1, 1]
    assert [seen(p) for p in (life.members[1], life.worker, life.stranger)] == [0, 0, 0]
    assert set(bodies_with_matrix(life.officer, morning)) == {life.branch}
    assert list(bodies_with_matrix(life.members[0], morning)) == []


def test_a_member_talks_with_the_own_branch_and_nobody_else(life, morning):
    offered = set(people_to_talk_with(life.members[0], morning))

    assert offered == {life.secretary, life.officer, *life.members[1:]}


def test_topics_are_kept_in_the_order_of_the_list(life, morning):
    talk = record_talk(
        other=life.officer, day=morning.date(), topics=[TalkTopic.SAFETY, TalkTopic.THOUGHT], actor=life.secretary,
        at=morning,
    )  # fmt: skip

    assert talk.topics == ["thought", "safety"]
