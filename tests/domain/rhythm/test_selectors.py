from __future__ import annotations

import pytest

from ronghe.domain.org.enums import MembershipKind, PartyOrgKind, PoliticalStatus, PostRole
from ronghe.domain.org.services.people import join_body
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY, SEE_ACTIVITY
from ronghe.domain.rhythm.selectors import (
    activities_seen_by,
    expected_people,
    list_activities,
    open_activities_of,
    sign_in_sheet,
)
from ronghe.domain.rhythm.services.codes import sign_in_code
from ronghe.domain.rhythm.services.sign_in import sign_in_with_code
from tests.factories.org import LONG_AGO, SET_UP_AT, make_body, make_person, make_post
from tests.factories.rhythm import make_huddle, make_meeting, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone(members=2)


def activity_of(body, activity_type, morning):
    return Activity(activity_type=activity_type, body=body, day=morning.date(), state=ActivityState.PLANNED)


@pytest.fixture
def everybody(story, morning):
    """People in every relation to two huddles: of the zone, and of a team elsewhere."""
    team = make_body("注水班党支部")
    leader, guest = make_person("孙强", home=team), make_person("来访的人")
    make_post(leader, PostRole.SECRETARY, body=team)
    elsewhere = Activity.objects.create(
        activity_type=ActivityType.DAILY_HUDDLE, body=team, day=morning.date(), place="x", state=ActivityState.OPEN,
        chair=leader, opened_at=morning, recorder=story.members[1],
    )  # fmt: skip
    huddle = make_huddle(story, morning)
    sign_in_with_code(code=sign_in_code(huddle, at=morning), actor=guest, at=morning)
    sign_in_with_code(code=sign_in_code(elsewhere, at=morning), actor=story.members[0], at=morning)
    return [story.lead, story.secretary, story.clerk, *story.members, leader, guest, make_person("赵六")]


def test_rule_and_list_agree_about_everybody(everybody, morning):
    for person in everybody:
        for permission in (SEE_ACTIVITY, RUN_ACTIVITY):
            allowed = {a for a in Activity.objects.all() if permission.allows(person, a, at=morning)}
            assert set(permission.narrow(person, Activity.objects.all(), at=morning)) == allowed
            assert set(permission.narrow(person, Activity.objects.all(), at=morning, walk=True)) == allowed
        assert set(activities_seen_by(person, morning)) == set(list_activities(person, morning))


def test_guest_recorder_and_attendee_see_what_they_took_part_in(everybody, story, morning):
    seen = {person.name: [a.activity_type for a in activities_seen_by(person, morning)] for person in everybody}

    assert seen["来访的人"] == ["morning_huddle"]
    assert seen[story.members[0].name] == ["morning_huddle", "daily_huddle"]
    assert seen[story.members[1].name] == ["morning_huddle", "daily_huddle"]
    assert (seen["孙强"], seen["赵六"]) == (["daily_huddle"], [])


def test_list_counts_who_came(everybody, story, morning):
    assert [activity.came_count for activity in list_activities(story.lead, morning)] == [1]


def test_open_huddles_of_mine_are_where_i_sign_in(everybody, story, morning):
    make_huddle(story, morning, activity_type=ActivityType.EVENING_HUDDLE)

    mine = open_activities_of(story.members[0], morning)

    assert [activity.activity_type for activity in mine] == ["evening_huddle", "morning_huddle"]


def test_huddle_expects_everybody_in_the_body(story, morning):
    huddle = activity_of(story.body, ActivityType.MORNING_HUDDLE, morning)

    assert set(expected_people(huddle)) == {story.lead, *story.members}


def test_general_meeting_expects_members_at_home_only_po12(story, morning):
    masses = make_person("群众", home=story.branch, status=PoliticalStatus.MASSES)
    guest = make_person("参加活动的", participates_in=story.branch)
    meeting = activity_of(story.branch, ActivityType.GENERAL_MEETING, morning)

    assert set(expected_people(meeting)) == {story.secretary, story.lead, *story.members}
    assert masses not in expected_people(meeting)
    assert guest not in expected_people(meeting)


def test_committee_meeting_expects_the_committee_of_that_body(story, morning):
    make_post(story.members[0], PostRole.ORG_MEMBER, body=story.branch)
    make_post(story.members[1], PostRole.GROUP_LEADER, body=story.branch)

    assert list(expected_people(activity_of(story.branch, ActivityType.COMMITTEE_MEETING, morning))) == [
        story.members[0]
    ]


def test_joint_conference_expects_the_leads_of_the_units(story, morning):
    make_post(story.members[0], PostRole.TEAM_LEADER, unit=story.members[0].unit)

    conference = activity_of(story.body, ActivityType.JOINT_CONFERENCE, morning)

    assert set(expected_people(conference)) == {story.lead, story.members[0]}


def test_group_meeting_expects_the_groups_members(story, morning):
    group = make_body("第一党小组", parent=story.branch, kind=PartyOrgKind.PARTY_GROUP)
    member = make_person("组员")
    join_body(
        person=member, body=story.branch, kind=MembershipKind.HOME, group=group, since=LONG_AGO, actor=None,
        at=SET_UP_AT,
    )  # fmt: skip

    assert list(expected_people(activity_of(group, ActivityType.GROUP_MEETING, morning))) == [member]


@pytest.mark.parametrize("members", [1, 3])
def test_sheet_and_list_read_as_often_for_one_as_for_three(members, morning, django_assert_num_queries):
    story = make_zone(members=members)
    for activity_type in list(ActivityType)[:members]:
        activity = make_meeting(story, morning, activity_type=activity_type)

    with django_assert_num_queries(2):
        sign_in_sheet(activity)
    with django_assert_num_queries(2):
        for row in list_activities(story.lead, morning):
            assert None not in (row.body.name, row.zone.name, row.chair.name)
