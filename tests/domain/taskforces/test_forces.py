"""A group is proposed, approved, started under its agreement, and closes with its outcomes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from ronghe.domain.agreements.services.gate import AgreementMissing
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.models import Membership, Person, PostHolding
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.projects.services.projects import call_off_project, complete_project, start_project, take_back
from ronghe.domain.structure.services.identities import close_body
from ronghe.domain.taskforces.enums import DifficultyKind, ForceState, MemberPart, OutcomeKind, WindUpReason
from ronghe.domain.taskforces.models import ForceSide, TaskForce
from ronghe.domain.taskforces.rules import OPEN_MESSENGER, SEE_TASK_FORCE
from ronghe.domain.taskforces.selectors import (
    forces_seen_by,
    forces_to_decide,
    leader_of,
    may_be_asked,
    parents_to_choose,
    roster_of,
)
from ronghe.domain.taskforces.services.outcomes import (
    Figure,
    FigureTwice,
    NotWindingUp,
    OutcomeEmpty,
    TrackedAhead,
    TrackingEmpty,
    track_task_force,
    write_outcome,
)
from ronghe.domain.taskforces.services.people import (
    LeaderStays,
    MemberAlready,
    MemberAnswers,
    add_member,
    remove_member,
)
from ronghe.domain.taskforces.services.points import raise_point, resolve_point
from ronghe.domain.taskforces.services.proposing import (
    ForceNameTaken,
    ForceUnnamed,
    FromOutside,
    LeaderNotFull,
    ProjectOver,
    ReturnReasonMissing,
    TooFewMembers,
    WrongParent,
    approve_task_force,
    propose_task_force,
    return_task_force,
    submit_task_force,
    withdraw_task_force,
)
from ronghe.domain.taskforces.services.running import (
    FixesMissing,
    ForceFieldUnknown,
    ForceOver,
    MessengerLinkRefused,
    OutcomesMissing,
    PointsMissing,
    PointsOpen,
    ProjectEnded,
    call_off_task_force,
    close_task_force,
    describe_task_force,
    resume_task_force,
    start_task_force,
    wind_up_task_force,
)
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.kinds import declared_kinds
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import playbook
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_zone
from tests.factories.taskforces import (
    approve,
    make_force_story,
    make_running,
    make_task_force,
    propose,
    raise_fixed,
    sum_up,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
JOINT_STUDY = """\
  - id: joint_study
    title: {zh: 联合学习, en: Joint study}
    dimension: life
    for: [temporary_party_group]
    cadence: {rrule: FREQ=MONTHLY, window: month, partial_window: owed}
    grace: {days: 5}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: joint_study}}]
"""


@pytest.fixture
def story():
    return make_force_story(at=NOW)


def wanted(story, **changes):
    given = {
        "name": "数字化攻关临时党小组", "project": story.project, "parent": story.branch, "leader": story.leader,
        "people": story.members, "actor": story.secretary, "at": NOW,
    }  # fmt: skip
    return propose_task_force(**given | changes)


def test_proposed_group_is_on_paper_only(story):
    force = propose(story, NOW)

    assert (force.state, force.body) == (ForceState.PROPOSED, None)
    assert set(ForceSide.objects.values_list("body_id", flat=True)) == {story.branch.pk, story.other.pk}
    assert leader_of(force) == story.leader
    assert list(forces_to_decide(story.clerk, NOW)) == [force]
    assert Fact.objects.get(kind="taskforces.proposed").body == story.branch.pk


def test_secretaries_of_either_side_propose_and_nobody_else(story):
    assert wanted(story, actor=story.other_secretary).state == ForceState.PROPOSED
    for actor in (story.leader, story.outsider, story.clerk, story.welder):
        with pytest.raises(NotAllowed):
            wanted(story, actor=actor, name="另一个")


def test_group_hangs_below_a_branch_that_signed_or_the_zones_body_only(story):
    """PO-08: it is no level of its own, and hangs below what joined."""
    with pytest.raises(WrongParent):
        wanted(story, parent=make_body("外单位党支部"))
    zone = make_zone()
    make_post(story.secretary, PostRole.ZONE_LEAD, body=zone.body)
    assert wanted(story, parent=zone.body, zone=zone.zone).parent == zone.body
    group = make_body("党小组", parent=story.branch, kind=PartyOrgKind.PARTY_GROUP)
    with pytest.raises(WrongParent):
        wanted(story, parent=group)


def test_po_09_three_members_of_whom_the_leader_is_a_full_one(story):
    assert wanted(story, people=story.members[:2]).members.count() == 3
    with pytest.raises(TooFewMembers):
        wanted(story, people=story.members[:1], name="两个人")
    Person.objects.filter(pk=story.leader.pk).update(political_status=PoliticalStatus.PROBATIONARY_MEMBER)
    story.leader.refresh_from_db()
    with pytest.raises(LeaderNotFull):
        wanted(story, name="预备党员当组长")


def test_only_members_of_the_sides_are_asked(story):
    for person in (story.outsider, story.welder):
        with pytest.raises(FromOutside):
            wanted(story, people=[*story.members, person])
    names = {person.name for person in may_be_asked([story.branch.pk, story.other.pk], NOW)}
    assert names == {"熊忠涵", "邓国焱", "陈立", "周敏", "李江", "何春", "唐勇"}


def test_name_is_wanted_and_taken_once_below_a_branch(story):
    with pytest.raises(ForceUnnamed):
        wanted(story, name="  ")
    first = propose(story, NOW)
    with pytest.raises(ForceNameTaken):
        wanted(story)
    withdraw_task_force(force=first, actor=story.secretary, at=NOW)
    assert wanted(story).state == ForceState.PROPOSED


def test_no_group_for_a_project_that_is_over(story):
    call_off_project(project=story.project, day=TODAY, actor=story.secretary, at=NOW)

    with pytest.raises(ProjectOver):
        wanted(story)


def test_parents_to_choose_are_what_the_actor_leads(story):
    assert list(parents_to_choose(story.secretary, NOW)) == [story.branch]
    assert list(parents_to_choose(story.leader, NOW)) == []


def test_returned_proposal_comes_back_and_is_approved(story):
    force = propose(story, NOW)
    with pytest.raises(ReturnReasonMissing):
        return_task_force(force=force, reason=" ", actor=story.clerk, at=NOW)
    return_task_force(force=force, reason="请加一名信息站的人", actor=story.clerk, at=NOW)
    with pytest.raises(StepNotAllowed):
        approve(story, NOW)
    submit_task_force(force=force, actor=story.other_secretary, at=NOW)

    assert approve(story, NOW).state == ForceState.APPROVED


def test_only_the_committees_office_decides(story):
    force = propose(story, NOW)

    for actor in (story.secretary, story.other_secretary, story.leader, story.outsider):
        with pytest.raises(NotAllowed):
            approve_task_force(force=force, actor=actor, at=NOW)
        with pytest.raises(NotAllowed):
            return_task_force(force=force, reason="不", actor=actor, at=NOW)


def test_po_12_approved_group_has_a_body_and_everybody_stays_at_home(story):
    propose(story, NOW)
    homes = dict(Membership.objects.filter(kind=MembershipKind.HOME, valid_until=None).values_list("person", "body"))
    force = approve(story, NOW)

    assert force.body.kind == PartyOrgKind.TEMPORARY_PARTY_GROUP
    assert force.body.parent == story.branch
    inside = Membership.objects.filter(body=force.body)
    assert set(inside.values_list("kind", flat=True)) == {MembershipKind.PARTICIPATION}
    assert inside.count() == 5
    assert (
        dict(Membership.objects.filter(kind=MembershipKind.HOME, valid_until=None).values_list("person", "body"))
        == homes
    )
    post = PostHolding.objects.get(body=force.body)
    assert (post.person, post.role) == (story.leader, PostRole.GROUP_LEADER)


def test_sd_02_group_starts_only_under_an_agreement_in_force():
    story = make_force_story(at=NOW, with_agreement=False)
    force = propose(story, NOW)
    raise_fixed(story, NOW)
    approve(story, NOW)
    assert list(force.sides.values_list("body_id", flat=True)) == [story.branch.pk]

    with pytest.raises(AgreementMissing):
        start_task_force(force=force, actor=story.secretary, at=NOW)
    agreement = make_agreement_in_force(
        project=story.project, branches=[story.branch, story.other], at=NOW, until=TODAY
    )
    with pytest.raises(AgreementMissing):
        start_task_force(force=force, actor=story.secretary, at=NOW + timedelta(days=1))
    started = start_task_force(force=force, actor=story.secretary, at=NOW)

    assert (started.state, started.agreement) == (ForceState.UNDER_WAY, agreement)
    assert SEE_TASK_FORCE.allows(story.other_secretary, started, at=NOW)


def test_other_side_joins_a_group_proposed_before_the_agreement():
    story = make_force_story(at=NOW, with_agreement=False)
    force = propose(story, NOW)
    with pytest.raises(FromOutside):
        add_member(force=force, person=story.guide, actor=story.secretary, at=NOW)
    make_agreement_in_force(project=story.project, branches=[story.branch, story.other], at=NOW)

    assert add_member(force=force, person=story.guide, actor=story.secretary, at=NOW).home == story.other
    assert force.sides.count() == 2


def test_sd_02_database_keeps_no_group_at_work_without_an_agreement(story):
    force = make_task_force(at=NOW, story=story)

    with pytest.raises(IntegrityError), transaction.atomic():
        TaskForce.objects.filter(pk=force.pk).update(agreement=None)


def test_sd_03_group_starts_only_when_every_point_has_its_four_fixes(story):
    force = propose(story, NOW)
    approve(story, NOW)
    with pytest.raises(PointsMissing):
        start_task_force(force=force, actor=story.secretary, at=NOW)
    raise_fixed(story, NOW)
    bare = raise_point(
        force=force, title="通信中断", kind=DifficultyKind.OTHER, actor=story.members[0], at=NOW, text="雨天常断"
    )
    with pytest.raises(FixesMissing) as refusal:
        start_task_force(force=force, actor=story.secretary, at=NOW)
    assert "通信中断" in str(refusal.value)
    assert "定人员" in str(refusal.value)
    bare.delete()

    assert start_task_force(force=force, actor=story.secretary, at=NOW).state == ForceState.UNDER_WAY


def test_start_and_close_are_for_the_branch_that_it_hangs_below(story):
    force = propose(story, NOW)
    raise_fixed(story, NOW)
    approve(story, NOW)

    for actor in (story.other_secretary, story.leader, story.outsider):
        with pytest.raises(NotAllowed):
            start_task_force(force=force, actor=actor, at=NOW)


def test_sd_06_adopted_playbook_makes_studies_into_duties(story):
    propose(story, NOW)
    raise_fixed(story, NOW)
    approve(story, NOW)
    start_task_force(force=story.force, actor=story.secretary, at=NOW, playbook=playbook(JOINT_STUDY))

    assert Adoption.objects.get().body == story.body
    assert Obligation.objects.filter(body=story.body).exists()


def test_approved_group_that_never_started_is_called_off_and_its_body_ends(story):
    force = propose(story, NOW)
    approve(story, NOW)
    call_off_task_force(force=force, actor=story.secretary, at=NOW)

    force.refresh_from_db()
    assert (force.state, force.body.valid_until) == (ForceState.CALLED_OFF, TODAY)
    assert not Membership.objects.filter(body=force.body, valid_until=None).exists()


def test_group_says_what_it_stands_for_and_only_safe_links_are_kept(story):
    force = make_task_force(at=NOW, story=story)
    describe_task_force(
        force=force, actor=story.leader, at=NOW, feature="一日一测", brand="数智先锋",
        messenger_url="https://work.weixin.qq.com/join/abc",
    )  # fmt: skip
    assert (force.feature, force.brand) == ("一日一测", "数智先锋")
    assert Fact.objects.filter(kind="taskforces.described").count() == 3

    with pytest.raises(MessengerLinkRefused):
        describe_task_force(force=force, actor=story.leader, at=NOW, messenger_url="javascript:alert(1)")
    with pytest.raises(ForceFieldUnknown):
        describe_task_force(force=force, actor=story.leader, at=NOW, state="closed")
    with pytest.raises(NotAllowed):
        describe_task_force(force=force, actor=story.members[0], at=NOW, brand="x")


def test_messenger_link_is_for_members_alone(story):
    force = make_task_force(at=NOW, story=story)

    assert OPEN_MESSENGER.allows(story.members[0], force, at=NOW)
    for actor in (story.clerk, story.secretary, story.outsider):
        assert not OPEN_MESSENGER.allows(actor, force, at=NOW)


def test_members_and_secretaries_see_it_and_others_do_not(story):
    force = make_task_force(at=NOW, story=story)

    for actor in (story.clerk, story.secretary, story.other_secretary, story.leader, story.members[1]):
        assert list(forces_seen_by(Person.objects.get(pk=actor.pk), NOW)) == [force]
    for actor in (story.outsider, story.welder):
        assert list(forces_seen_by(actor, NOW)) == []


def test_people_come_and_go(story):
    force = make_task_force(at=NOW, story=story)
    newcomer = make_person("赵平", home=story.other)
    member = add_member(force=force, person=newcomer, actor=story.other_secretary, at=NOW)
    assert Membership.objects.filter(person=newcomer, body=force.body, valid_until=None).exists()
    with pytest.raises(MemberAlready):
        add_member(force=force, person=newcomer, actor=story.secretary, at=NOW)
    with pytest.raises(FromOutside):
        add_member(force=force, person=story.outsider, actor=story.secretary, at=NOW)

    later = NOW + timedelta(days=3)
    remove_member(member=member, actor=story.secretary, at=later)
    assert not Membership.objects.filter(person=newcomer, body=force.body, valid_until=None).exists()
    assert [row.person for row in roster_of(force).left] == [newcomer]


def test_nobody_leaves_who_leads_or_answers_for_a_point(story):
    force = make_task_force(at=NOW, story=story)

    with pytest.raises(LeaderStays):
        remove_member(member=force.members.get(person=story.leader), actor=story.secretary, at=NOW)
    with pytest.raises(MemberAnswers):
        remove_member(member=force.members.get(person=story.members[0]), actor=story.secretary, at=NOW)
    with pytest.raises(NotAllowed):
        remove_member(member=force.members.get(person=story.members[2]), actor=story.leader, at=NOW)


def test_another_leader_takes_the_post(story):
    force = make_task_force(at=NOW, story=story)
    add_member(force=force, person=story.members[2], part=MemberPart.LEADER, actor=story.secretary, at=NOW)

    assert leader_of(force) == story.members[2]
    held = PostHolding.objects.filter(body=force.body, valid_until=None)
    assert [post.person for post in held] == [story.members[2]]
    assert force.members.get(person=story.leader, valid_until=None).part == MemberPart.MEMBER


def test_roster_says_what_each_answers_for_leader_first(story):
    force = make_task_force(at=NOW, story=story)
    lines = {line.member.person.name: line for line in roster_of(force).lines}

    assert next(iter(lines)) == "陈立"
    assert (lines["李江"].in_charge_of, lines["何春"].takes_part_in, lines["唐勇"].takes_part_in) == (1, 1, 0)
    assert lines["何春"].member.home == story.other


def test_tracking_is_for_leader_and_guide_and_of_days_that_were(story):
    force = make_task_force(at=NOW, story=story)
    for actor in (story.leader, story.guide, story.secretary):
        track_task_force(force=force, day=TODAY, text="到现场看调试", actor=actor, at=NOW)
    with pytest.raises(NotAllowed):
        track_task_force(force=force, day=TODAY, text="到现场", actor=story.members[0], at=NOW)
    with pytest.raises(TrackedAhead):
        track_task_force(force=force, day=TODAY + timedelta(days=1), text="x", actor=story.guide, at=NOW)
    with pytest.raises(TrackingEmpty):
        track_task_force(force=force, day=TODAY, text=" ", actor=story.guide, at=NOW)

    assert force.tracking.count() == 3


def test_group_closes_with_three_outcomes_and_no_open_point(story):
    force = make_task_force(at=NOW, story=story)
    with pytest.raises(NotWindingUp):
        write_outcome(force=force, kind=OutcomeKind.TEAM, text="x", actor=story.leader, at=NOW)
    sum_up(story, NOW)
    with pytest.raises(PointsOpen):
        close_task_force(force=force, actor=story.secretary, at=NOW)
    resolve_point(point=story.points[0], result="加装协议转换网关", actor=story.members[0], at=NOW)
    force.outcomes.get(kind=OutcomeKind.BRAND).delete()
    with pytest.raises(OutcomesMissing) as refusal:
        close_task_force(force=force, actor=story.secretary, at=NOW)
    assert "品牌" in str(refusal.value)
    write_outcome(
        force=force, kind=OutcomeKind.BRAND, text="数智先锋", figures=[Figure("巡检用时", 2, 10, "天")],
        actor=story.leader, at=NOW,
    )  # fmt: skip
    closed = close_task_force(force=force, actor=story.secretary, at=NOW + timedelta(days=2))

    closed.refresh_from_db()
    assert (closed.state, closed.body.valid_until) == (ForceState.CLOSED, TODAY + timedelta(days=2))
    assert not Membership.objects.filter(body=closed.body, valid_until=None).exists()
    assert not PostHolding.objects.filter(body=closed.body, valid_until=None).exists()
    assert '"resolved":1' in Fact.objects.get(kind="taskforces.closed").attributes
    assert len(roster_of(closed).lines) == 5
    assert SEE_TASK_FORCE.allows(story.members[0], closed, at=NOW + timedelta(days=60))


def test_adoption_ends_with_the_group(story):
    propose(story, NOW)
    raise_fixed(story, NOW)
    approve(story, NOW)
    start_task_force(force=story.force, actor=story.secretary, at=NOW, playbook=playbook(JOINT_STUDY))
    sum_up(story, NOW)
    resolve_point(point=story.points[0], result="已解决", actor=story.members[0], at=NOW)
    close_task_force(force=story.force, actor=story.secretary, at=NOW + timedelta(days=1))

    assert Adoption.objects.get().valid_until == TODAY + timedelta(days=1)


def test_outcomes_want_words_and_each_figure_once(story):
    force = make_task_force(at=NOW, story=story)
    sum_up(story, NOW)

    with pytest.raises(OutcomeEmpty):
        write_outcome(force=force, kind=OutcomeKind.TEAM, text=" ", actor=story.leader, at=NOW)
    with pytest.raises(FigureTwice):
        write_outcome(
            force=force, kind=OutcomeKind.TEAM, text="x", figures=[Figure("a", 1), Figure("a ", 2)],
            actor=story.leader, at=NOW,
        )  # fmt: skip


def test_group_summed_up_by_hand_may_go_on(story):
    force = make_task_force(at=NOW, story=story)
    wind_up_task_force(force=force, actor=story.other_secretary, at=NOW)
    resume_task_force(force=force, actor=story.secretary, at=NOW)

    assert (force.state, force.wind_up_reason) == (ForceState.UNDER_WAY, None)


def test_group_sums_up_when_its_project_is_completed_and_cannot_go_on(story):
    force = make_task_force(at=NOW, story=story)
    start_project(project=story.project, day=TODAY, actor=story.secretary, at=NOW)
    complete_project(project=story.project, day=TODAY, actor=story.secretary, at=NOW)

    force.refresh_from_db()
    assert (force.state, force.wind_up_reason) == (ForceState.CLOSING, WindUpReason.PROJECT_COMPLETED)
    with pytest.raises(ProjectEnded):
        resume_task_force(force=force, actor=story.secretary, at=NOW)
    take_back(project=story.project, actor=story.secretary, at=NOW)
    force.refresh_from_db()
    assert resume_task_force(force=force, actor=story.secretary, at=NOW).state == ForceState.UNDER_WAY


def test_ended_project_takes_back_what_is_on_paper_and_calls_off_what_never_started(story):
    paper = wanted(story, name="纸上的")
    idle = wanted(story, name="没启动的")
    approve_task_force(force=idle, actor=story.clerk, at=NOW)
    call_off_project(project=story.project, day=TODAY, actor=story.secretary, at=NOW)

    paper.refresh_from_db()
    idle.refresh_from_db()
    assert (paper.state, idle.state) == (ForceState.WITHDRAWN, ForceState.CALLED_OFF)
    assert idle.body.valid_until == TODAY


def test_group_sums_up_when_its_zone_is_dissolved(story):
    zone = make_zone()
    force = make_task_force(at=NOW, story=story)
    TaskForce.objects.filter(pk=force.pk).update(zone=zone.zone)
    kind = declared_kinds()["zones.zone_dissolved"]
    CollaborationZone.objects.filter(pk=zone.zone.pk).update(dissolved_on=NOW.date())
    record(Draft(kind, NOW, story.clerk, body=zone.body.pk, zone=zone.zone.pk, attributes={}, source=zone.zone))

    force.refresh_from_db()
    assert force.wind_up_reason == WindUpReason.ZONE_DISSOLVED


def test_group_whose_body_was_dissolved_in_the_tree_still_closes(story):
    force = make_task_force(at=NOW, story=story)
    resolve_point(point=story.points[0], result="已解决", actor=story.members[0], at=NOW)
    close_body(body=force.body, until=TODAY, at=NOW)
    force.refresh_from_db()
    assert force.wind_up_reason == WindUpReason.BODY_DISSOLVED
    for kind in OutcomeKind:
        write_outcome(force=force, kind=kind, text="写明", actor=story.secretary, at=NOW)

    assert close_task_force(force=force, actor=story.secretary, at=NOW).state == ForceState.CLOSED


def test_closed_group_is_not_described_any_more(story):
    force = make_task_force(at=NOW, story=story)
    sum_up(story, NOW)
    resolve_point(point=story.points[0], result="已解决", actor=story.members[0], at=NOW)
    close_task_force(force=force, actor=story.secretary, at=NOW)

    with pytest.raises(ForceOver):
        describe_task_force(force=force, actor=story.secretary, at=NOW, brand="x")
    with pytest.raises(ForceOver):
        add_member(force=force, person=story.other_secretary, actor=story.secretary, at=NOW)


def test_two_who_start_at_once_start_it_once(committing_db):
    story = make_force_story(at=NOW)
    propose(story, NOW)
    raise_fixed(story, NOW)
    approve(story, NOW)
    barrier, done = Barrier(2), []

    def act():
        barrier.wait()
        try:
            start_task_force(force=TaskForce.objects.get(pk=story.force.pk), actor=story.secretary, at=NOW)
            done.append("started")
        except DomainError as error:
            done.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done.count("started") == 1
    assert Fact.objects.filter(kind="taskforces.started").count() == 1


def test_running_story_has_a_due_day_ahead():
    story = make_running(NOW)

    assert story.points[0].due_on > date(2026, 9, 14)
