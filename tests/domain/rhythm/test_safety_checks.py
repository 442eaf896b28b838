"""The safety officer plans and runs the checks that he answers for, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.demo.models_shipped import playbook_named
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PostRole
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import SAFETY_CHECKS, ActivityState, ActivityType, CheckAnswer
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, PLAN_CHECK, RUN_ACTIVITY, SEE_ACTIVITY, kinds_to_plan
from ronghe.domain.rhythm.services.activities import CheckGoesOn, NotASafetyCheck, open_check, plan_activity
from ronghe.domain.rhythm.services.closing import ChecksUnanswered, RecordIncomplete, close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.forms import answer_check, answer_rest_fine
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.kernel.errors import NotAllowed
from tests.factories.org import make_person, make_post, make_unit
from tests.factories.rhythm import make_meeting, make_zone, plan_meeting

pytestmark = pytest.mark.django_db
ZONE = playbook_named("daqing_zone")
DAILY = ActivityType.SUBCONTRACTOR_SAFETY_CHECK
WEEKLY = ActivityType.CONTRACTOR_SAFETY_CHECK


@pytest.fixture
def story(morning):
    story = make_zone()
    adopt_playbook(
        body=story.body, playbook=ZONE, since=morning.date() - timedelta(days=2), actor=story.clerk,
        at=morning - timedelta(days=2),
    )  # fmt: skip
    return story


@pytest.fixture
def officer(story):
    make_post(story.members[0], PostRole.HSE_OFFICER, body=story.body)
    return story.members[0]


def plan(story, officer, at, kind=WEEKLY):
    return plan_activity(
        activity_type=kind, body=story.body, place="三号作业带", scheduled_from=at,
        scheduled_until=at + timedelta(hours=1), actor=officer, at=at,
    )  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAFETY_CHECKS))
def test_the_officer_plans_both_safety_checks(story, officer, morning, kind):
    assert plan(story, officer, morning, ActivityType(kind)).chair == officer


@pytest.mark.parametrize("kind", sorted(set(ActivityType) - SAFETY_CHECKS - {ActivityType.UNION_GROUP_MEETING})[:12])
def test_the_officer_plans_nothing_else(story, officer, morning, kind):
    with pytest.raises(NotAllowed):
        plan(story, officer, morning, ActivityType(kind))


def test_the_right_to_check_is_no_right_to_run_meetings(story, officer, morning):
    meeting, check = make_meeting(story, morning), make_meeting(story, morning, activity_type=WEEKLY)

    assert RUN_ACTIVITY.allows(officer, check, at=morning)
    assert not RUN_ACTIVITY.allows(officer, meeting, at=morning)
    assert not PLAN_ACTIVITY.allows(officer, story.body, at=morning)
    assert kinds_to_plan(officer, story.body, morning) == SAFETY_CHECKS
    assert kinds_to_plan(story.lead, story.body, morning) == frozenset(ActivityType.values)
    assert kinds_to_plan(story.members[1], story.body, morning) == frozenset()


def test_a_post_in_the_office_of_the_zone_is_enough_and_one_elsewhere_is_not(story, morning):
    here, there = make_person("罗建"), make_person("马强")
    make_post(here, PostRole.HSE_OFFICER, unit=story.zone.office)
    make_post(there, PostRole.HSE_OFFICER, unit=make_unit("别处"))
    check = plan_meeting(story, morning, activity_type=DAILY)

    for permission, thing in ((PLAN_CHECK, story.body), (RUN_ACTIVITY, check), (SEE_ACTIVITY, check)):
        assert permission.allows(here, thing, at=morning)
        assert not permission.allows(there, thing, at=morning)
        assert thing in permission.narrow(here, type(thing).objects.all(), at=morning)
        assert thing not in permission.narrow(there, type(thing).objects.all(), at=morning)


def test_a_check_begins_with_one_act_and_the_officer_is_there(story, officer, morning):
    check = open_check(body=story.body, activity_type=DAILY, actor=officer, at=morning)

    assert (check.state, check.chair, check.recorder) == (ActivityState.OPEN, officer, officer)
    assert list(check.attendances.values_list("person", "status", "way")) == [(officer.pk, "present", "own_phone")]


def test_beginning_takes_the_check_planned_for_today(story, officer, morning):
    planned = plan(story, officer, morning)

    assert open_check(body=story.body, activity_type=WEEKLY, actor=officer, at=morning) == planned


def test_a_check_that_goes_on_is_not_begun_again(story, officer, morning):
    open_check(body=story.body, activity_type=DAILY, actor=officer, at=morning)

    with pytest.raises(CheckGoesOn):
        open_check(body=story.body, activity_type=DAILY, actor=officer, at=morning)


def test_only_a_safety_check_begins_like_that(story, morning):
    with pytest.raises(NotASafetyCheck):
        open_check(body=story.body, activity_type=ActivityType.WEEKLY_MEETING, actor=story.lead, at=morning)


def test_who_does_not_answer_for_safety_begins_none(story, morning):
    with pytest.raises(NotAllowed):
        open_check(body=story.body, activity_type=DAILY, actor=story.members[1], at=morning)


def test_an_answered_form_closes_a_check_without_a_written_topic(story, officer, morning):
    check = open_check(body=story.body, activity_type=DAILY, actor=officer, at=morning)
    generate_obligations(at=morning, body_ids=[story.body.pk])
    answer_rest_fine(activity=check, actor=officer, at=morning)

    closing = close_activity(activity=check, actor=officer, at=morning, without="")

    assert closing.missing == []
    assert "subcontractor_safety" in {duty.mechanism for duty in closing.met}
    assert closing.fact.values["has_minutes"] is False


def test_one_open_line_keeps_a_check_open_and_says_so(story, officer, morning):
    check = open_check(body=story.body, activity_type=DAILY, actor=officer, at=morning)
    for line in ("registered", "trained", "certificates", "same_rules"):
        answer_check(activity=check, check_id=line, answer=CheckAnswer.FINE, actor=officer, at=morning)

    with pytest.raises(ChecksUnanswered):
        close_activity(activity=check, actor=officer, at=morning)

    check.refresh_from_db()
    answer_check(activity=check, check_id="gear", answer=CheckAnswer.NOT_APPLICABLE, actor=officer, at=morning)
    assert close_activity(activity=check, actor=officer, at=morning).activity.state == ActivityState.CLOSED


def test_pm_14_a_meeting_with_answered_checks_still_wants_a_topic(story, morning):
    meeting = make_meeting(story, morning, activity_type=ActivityType.TWO_PLUS_ONE_APPRAISAL)
    sign_in_with_card(activity=meeting, card=member_card(story.members[1]), actor=story.lead, at=morning)
    answer_rest_fine(activity=meeting, actor=story.lead, at=morning)

    with pytest.raises(RecordIncomplete):
        close_activity(activity=meeting, actor=story.lead, at=morning)
