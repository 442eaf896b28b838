"""The clerk of a body plans and records its meetings and decides nothing there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.enums import ActivityState, ActivityType, VoteMethod
from ronghe.domain.rhythm.rules import CHAIR_ACTIVITY, PLAN_ACTIVITY, RUN_ACTIVITY
from ronghe.domain.rhythm.services.activities import (
    ChairMissing,
    ClerkChairs,
    name_chair,
    open_activity,
    open_huddle,
    plan_activity,
)
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.rhythm.services.voting import record_vote
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_body, make_person, make_post
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db
KIND = ActivityType.PARTY_COMMITTEE_MEETING


@pytest.fixture
def story():
    return make_zone()


def plan(story, at, **changes):
    wanted = {
        "activity_type": KIND, "body": story.committee, "place": "二楼会议室", "scheduled_from": at,
        "scheduled_until": at + timedelta(hours=1), "actor": story.clerk, "at": at,
    }  # fmt: skip
    return plan_activity(**{**wanted, **changes})


def test_a_clerks_meeting_is_chaired_by_the_secretary_and_recorded_by_the_clerk(story, morning):
    meeting = plan(story, morning)

    assert (meeting.chair, meeting.recorder) == (story.secretary, story.clerk)


def test_the_clerk_runs_the_meeting_records_a_vote_and_closes_it(story, morning):
    meeting = open_activity(activity=plan(story, morning), actor=story.clerk, at=morning)
    sign_in_with_card(activity=meeting, card=member_card(story.secretary), actor=story.clerk, at=morning)
    item = add_agenda_item(activity=meeting, topic="季度考评", actor=story.clerk, at=morning)

    voted = record_vote(
        item=item, method=VoteMethod.SHOW_OF_HANDS, votes_for=1, votes_against=0, votes_abstained=0, actor=story.clerk,
        at=morning,
    )  # fmt: skip
    closing = close_activity(activity=meeting, actor=story.clerk, at=morning)

    assert (voted.votes_for, closing.activity.state) == (1, ActivityState.CLOSED)
    assert (closing.activity.chair, closing.activity.recorder) == (story.secretary, story.clerk)


def test_the_clerk_reaches_the_very_body_and_none_below(story, morning):
    assert PLAN_ACTIVITY.allows(story.clerk, story.committee, at=morning)
    assert not PLAN_ACTIVITY.allows(story.clerk, story.branch, at=morning)
    assert not CHAIR_ACTIVITY.allows(story.clerk, story.committee, at=morning)
    with pytest.raises(NotAllowed):
        plan(story, morning, body=story.branch)
    below = plan(story, morning, body=story.branch, activity_type=ActivityType.THEME_PARTY_DAY, actor=story.secretary)
    assert not RUN_ACTIVITY.allows(story.clerk, below, at=morning)


def test_the_clerk_does_not_chair(story, morning):
    with pytest.raises(ClerkChairs):
        plan(story, morning, chair=story.clerk)
    meeting = plan(story, morning)
    with pytest.raises(ClerkChairs):
        name_chair(activity=meeting, person=story.clerk, actor=story.secretary, at=morning)


def test_a_clerk_who_is_the_secretary_too_chairs(story, morning):
    make_post(story.clerk, PostRole.SECRETARY, body=story.committee)

    assert plan(story, morning, chair=story.clerk).chair == story.clerk


def test_a_huddle_of_the_committee_that_the_clerk_opens_is_chaired_by_the_secretary(story, morning):
    huddle = open_huddle(body=story.committee, activity_type=ActivityType.MORNING_HUDDLE, actor=story.clerk, at=morning)

    assert (huddle.chair, huddle.recorder) == (story.secretary, story.clerk)


def test_without_anybody_who_leads_the_chair_is_named_before_it_begins(morning):
    body, clerk, deputy = make_body("机关党委"), make_person("周干事"), make_person("赵委员")
    make_post(clerk, PostRole.COMMITTEE_CLERK, body=body)
    make_post(deputy, PostRole.COMMITTEE_MEMBER, body=body)
    meeting = plan_activity(
        activity_type=KIND, body=body, place="会议室", scheduled_from=morning,
        scheduled_until=morning + timedelta(hours=1), actor=clerk, at=morning,
    )  # fmt: skip
    assert meeting.chair is None
    with pytest.raises(ChairMissing):
        open_activity(activity=meeting, actor=clerk, at=morning)

    name_chair(activity=meeting, person=deputy, actor=clerk, at=morning)

    assert open_activity(activity=meeting, actor=clerk, at=morning).chair == deputy
    fact = Fact.objects.get(kind="rhythm.chair_named")
    assert (fact.subject, fact.values) == (deputy.token, {"activity_type": KIND.value})


def test_the_chair_of_a_closed_meeting_stays(story, morning):
    meeting = open_activity(activity=plan(story, morning), actor=story.clerk, at=morning)
    sign_in_with_card(activity=meeting, card=member_card(story.secretary), actor=story.clerk, at=morning)
    add_agenda_item(activity=meeting, topic="季度考评", actor=story.clerk, at=morning)
    close_activity(activity=meeting, actor=story.clerk, at=morning)

    with pytest.raises(StepNotAllowed):
        name_chair(activity=meeting, person=story.lead, actor=story.clerk, at=morning)


def test_who_does_not_run_the_meeting_names_no_chair(story, morning):
    with pytest.raises(NotAllowed):
        name_chair(activity=plan(story, morning), person=story.secretary, actor=story.members[0], at=morning)
