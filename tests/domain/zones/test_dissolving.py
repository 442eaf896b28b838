"""The end of a zone: what goes with it in one act, what stands against it, and who is first (§9.1, PO-05, PF-03)."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from ronghe.domain.floating.enums import StayState
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.floating.services.stays import Home, attach_stay, find_by_hand, verify_stay
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import MembershipKind, PartyOrgKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, PostHolding
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors.zone_endings import left_open
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.zone_endings import MeetingsGoOn, MeetingsPlanned, TasksLeft
from ronghe.domain.work.models import Task
from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneDissolution
from ronghe.domain.zones.selectors.endings import what_ends
from ronghe.domain.zones.services.dissolving import (
    BodiesInTheWay,
    DissolutionReasonMissing,
    FloatingUnsettled,
    dissolve_zone,
)
from ronghe.domain.zones.services.evaluating import (
    CommentedAlready,
    CommentMissing,
    EvaluationIncomplete,
    NothingToCommentOn,
    comment_evaluation,
    evaluate_zone,
)
from ronghe.kernel.db.tree import on_day
from ronghe.kernel.errors import DomainError, NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.domain.playbooks.making import shipped
from tests.factories.org import make_body, make_person
from tests.factories.rhythm import make_huddle, make_task, make_zone

TEXTS = {"effects": "工期提前三个月", "problems": "前期图纸晚", "lessons": "现场审图"}


def adopt(body, at):
    adopt_playbook(body=body, playbook=shipped("daqing_zone"), since=date(2026, 9, 1), actor=None, at=at)


def evaluated(story, at):
    evaluate_zone(zone=story.zone, **TEXTS, actor=story.lead, at=at)
    return story


def dissolve(story, at, **further):
    return dissolve_zone(zone=story.zone, reason="项目投产", actor=story.clerk, at=at, **further)


@pytest.fixture
def story(db, morning):
    return evaluated(make_zone(), morning)


def test_everything_of_the_zone_alone_ends_with_it_and_the_rest_stays_po_05(story, morning):
    day = morning.date()
    adopt(story.body, morning)
    assert Obligation.objects.filter(body=story.body, counts_on__gt=day).exists()

    ended = dissolve(story, morning + timedelta(hours=1))

    zone = CollaborationZone.objects.get()
    assert (zone.state, zone.dissolved_on) == (ZoneState.DISSOLVED, day)
    assert PartyOrg.objects.get(pk=zone.body_id).valid_until == day
    assert AdminUnit.objects.get(pk=zone.office_id).valid_until == day
    assert not Membership.objects.filter(body=zone.body_id, valid_until=None).exists()
    assert Membership.objects.filter(kind=MembershipKind.HOME, valid_until=None).count() == 5
    assert not PostHolding.objects.filter(body=zone.body_id, valid_until=None).exists()
    assert not ParticipatingUnit.objects.filter(valid_until=None).exists()
    assert not Adoption.objects.filter(body=zone.body_id, valid_until=None).exists()
    assert not Obligation.objects.filter(body=zone.body_id, counts_on__gt=day).exists()
    assert ended.ended == {
        "adoptions": 1, "participations": 4, "posts": 1, "units": 2, "floating": 0, "groups": 0,
    }  # fmt: skip
    fact = Fact.objects.get(kind="zones.zone_dissolved")
    assert (fact.body, fact.zone, fact.values["participations"]) == (zone.body_id, zone.pk, 4)


def test_preview_counts_what_then_happens(story, morning):
    adopt(story.body, morning)
    going = what_ends(story.zone)

    assert dissolve(story, morning).ended == going.counts


def test_preview_costs_the_same_for_few_and_for_many(morning, db, django_assert_num_queries):
    for members in (1, 6):
        story = evaluated(make_zone(members=members, name=f"区{members}", plant_name=f"厂{members}"), morning)
        zone = CollaborationZone.objects.select_related("agreement").get(pk=story.zone.pk)
        with django_assert_num_queries(9):
            what_ends(zone)


def test_archive_says_what_is_kept_by_kind(story, morning):
    kept = {row["kind"]: row["count"] for row in dissolve(story, morning).archive}

    assert kept["zones.zone_started"] == kept["zones.zone_evaluated"] == kept["zones.zone_dissolved"] == 1
    assert not any(kind.startswith("org.") for kind in kept)


def test_floating_members_get_their_return_slips_pf_03(story, morning):
    home = Home(name="外地党支部", contact="高明", phone="13800000000")
    by = {"actor": story.clerk, "at": morning}
    stay = find_by_hand(name="朱庆功", unit=story.committee.unit, body=story.body, home=home, **by)

    with pytest.raises(FloatingUnsettled, match="1 名"):
        dissolve(story, morning)
    story.zone.refresh_from_db()
    verify_stay(stay=stay, home=home, on=morning.date(), **by)
    attach_stay(stay=stay, body=story.body, since=morning.date(), **by)
    dissolve(story, morning)

    stay = FloatingStay.objects.get()
    assert (stay.state, stay.left_on) == (StayState.LEFT, morning.date())
    assert stay.slip is not None


def test_task_force_below_stands_in_the_way_and_a_party_group_goes(story, morning):
    group = make_body("第一党小组", parent=story.body, kind=PartyOrgKind.PARTY_GROUP)
    force = make_body("攻关组", parent=story.body, kind=PartyOrgKind.TEMPORARY_PARTY_GROUP)

    with pytest.raises(BodiesInTheWay, match="攻关组"):
        dissolve(story, morning)
    story.zone.refresh_from_db()
    force.valid_until = morning.date()
    force.save()
    PartyOrg.links().filter(descendant=force).update(valid_until=morning.date())
    dissolve(story, morning)

    group.refresh_from_db()
    assert group.valid_until == morning.date()


def test_meetings_planned_are_called_off_only_when_that_was_decided(story, morning):
    later = morning + timedelta(days=3)
    plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=story.body, place="现场", scheduled_from=later,
        scheduled_until=later + timedelta(hours=1), actor=story.lead, at=morning,
    )  # fmt: skip

    with pytest.raises(MeetingsPlanned, match="1 场"):
        dissolve(story, morning)
    story.zone.refresh_from_db()
    assert story.zone.state == ZoneState.EVALUATED
    dissolve(story, morning, call_off=True)

    assert Activity.objects.get().state == ActivityState.CALLED_OFF
    assert left_open(story.zone).is_empty


def test_meeting_going_on_is_closed_first(story, morning):
    make_huddle(story, morning)

    with pytest.raises(MeetingsGoOn):
        dissolve(story, morning, call_off=True, hand_over=True)


def test_open_tasks_go_to_the_sponsor_only_when_that_was_decided(story, morning):
    task = make_task(story, morning)

    with pytest.raises(TasksLeft, match="1 项"):
        dissolve(story, morning, call_off=True)
    story.zone.refresh_from_db()
    dissolve(story, morning, hand_over=True)

    task = Task.objects.get()
    assert (task.body, task.assignee) == (story.committee, story.members[0])
    assert Fact.objects.filter(kind="work.task_handed_over", source_id=task.pk).count() == 1


def test_zone_is_evaluated_before_it_is_dissolved(db, morning):
    story = make_zone()

    with pytest.raises(StepNotAllowed, match="运行中"):
        dissolve(story, morning)
    evaluated(story, morning)
    with pytest.raises(DissolutionReasonMissing):
        dissolve_zone(zone=story.zone, reason=" ", actor=story.clerk, at=morning)
    dissolve(story, morning)
    with pytest.raises(StepNotAllowed, match="已解散"):
        dissolve(story, morning)


def test_lead_evaluates_and_does_not_dissolve(db, morning):
    story = make_zone()

    with pytest.raises(NotAllowed):
        evaluate_zone(zone=story.zone, **TEXTS, actor=story.members[0], at=morning)
    evaluated(story, morning)
    with pytest.raises(NotAllowed):
        dissolve_zone(zone=story.zone, reason="x", actor=story.lead, at=morning)


@pytest.mark.parametrize("empty", TEXTS)
def test_evaluation_has_three_parts(db, morning, empty):
    story = make_zone()

    with pytest.raises(EvaluationIncomplete):
        evaluate_zone(zone=story.zone, **{**TEXTS, empty: " "}, actor=story.lead, at=morning)


def test_each_side_speaks_once_by_its_contact_or_through_the_zone(db, morning):
    story = make_zone()
    host, builder = story.zone.participating_units.order_by("pk")
    host.contact = story.members[0]
    host.save()
    by = {"actor": story.members[0], "at": morning}

    with pytest.raises(NothingToCommentOn):
        comment_evaluation(party=host, text="好", **by)
    evaluated(story, morning)
    for party in (host, builder):
        party.refresh_from_db()
    with pytest.raises(CommentMissing):
        comment_evaluation(party=host, text=" ", **by)
    comment_evaluation(party=host, text="同意", **by)
    with pytest.raises(CommentedAlready):
        comment_evaluation(party=host, text="再说一次", **by)
    with pytest.raises(NotAllowed):
        comment_evaluation(party=builder, text="代说", **by)
    comment_evaluation(party=builder, text="同意，建议早介入", actor=story.lead, at=morning)

    assert story.zone.evaluation.comments.count() == 2


def test_what_was_said_of_a_zone_is_never_changed(story, morning):
    with pytest.raises(Exception, match="zones_evaluation"):
        story.zone.evaluation.__class__.objects.update(effects="改")


def test_dissolved_body_takes_nobody_and_a_new_zone_may_have_the_name(story, morning):
    dissolve(story, morning)

    assert not PartyOrg.objects.filter(on_day(morning.date()), pk=story.zone.body_id).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committing_db")
def test_of_two_who_dissolve_at_once_one_wins(morning):
    story = evaluated(make_zone(), morning)
    begun, told = Barrier(2), []

    def try_it():
        zone = CollaborationZone.objects.select_related("sponsor", "body", "office").get()
        begun.wait()
        try:
            dissolve_zone(zone=zone, reason="项目投产", actor=story.clerk, at=morning)
            told.append("done")
        except DomainError as error:
            told.append(type(error))
        finally:
            connection.close()

    threads = [Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, told)) == sorted(map(str, ["done", Stale]))
    assert ZoneDissolution.objects.count() == 1


def test_nobody_from_elsewhere_dissolves(story, morning):
    stranger = make_person()

    with pytest.raises(NotAllowed):
        dissolve_zone(zone=story.zone, reason="x", actor=stranger, at=morning)
