from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from ronghe.domain.rhythm.enums import ACTIVITY_FLOW, HUDDLES, ActivityState, ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services import activities as services
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.conftest import SHANGHAI
from tests.factories.org import make_body, make_person, make_post, make_unit
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_zone()


def plan(story, at, activity_type=ActivityType.JOINT_CONFERENCE, **changes):
    wanted = {
        "activity_type": activity_type, "body": story.body, "place": "会议室", "scheduled_from": at,
        "scheduled_until": at + timedelta(hours=1), "actor": story.lead, "at": at,
    }  # fmt: skip
    return services.plan_activity(**{**wanted, **changes})


def test_huddle_opens_in_one_act_at_the_zones_place(story, morning):
    huddle = services.open_huddle(
        body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.lead, at=morning
    )

    assert (huddle.state, huddle.day, huddle.opened_at) == (ActivityState.OPEN, morning.date(), morning)
    assert (huddle.zone, huddle.place) == (story.zone, "南I-1联合站会议室")
    assert (huddle.chair, huddle.recorder) == (story.lead, story.lead)
    fact = Fact.objects.latest("pk")
    assert (fact.kind, fact.body, fact.zone, fact.source_id) == (
        "rhythm.activity_opened", story.body.pk, story.zone.pk, huddle.pk,
    )  # fmt: skip
    assert fact.values == {"activity_type": "morning_huddle", "day": "2026-09-14"}


def test_body_outside_any_zone_huddles_at_its_unit(morning):
    team = make_body("注水党小组", kind=PartyOrgKind.PARTY_GROUP, unit=make_unit("注水站"))
    leader = make_person("孙强")
    make_post(leader, PostRole.GROUP_LEADER, body=team)

    huddle = services.open_huddle(body=team, activity_type=ActivityType.DAILY_HUDDLE, actor=leader, at=morning)

    assert (huddle.zone, huddle.place) == (None, "注水站")


def test_second_huddle_of_a_type_and_day_is_refused_by_name(story, morning):
    services.open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.lead, at=morning)

    with pytest.raises(services.HuddleAlreadyThere, match="2026-09-14的早碰头"):
        services.open_huddle(
            body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=morning
        )
    services.open_huddle(body=story.body, activity_type=ActivityType.EVENING_HUDDLE, actor=story.lead, at=morning)

    assert Activity.objects.count() == 2


@pytest.mark.parametrize(("hour", "minute", "day"), [(23, 59, 14), (0, 0, 15)])
def test_huddles_day_is_shanghais_right_across_midnight(story, hour, minute, day):
    at = datetime(2026, 9, 14 if hour else 15, hour, minute, tzinfo=SHANGHAI)

    huddle = services.open_huddle(body=story.body, activity_type=ActivityType.EVENING_HUDDLE, actor=story.lead, at=at)

    assert huddle.day.day == day


def test_huddle_before_eight_belongs_to_shanghais_day_and_not_to_utcs(story, morning):
    assert morning.astimezone(UTC).date().isoformat() == "2026-09-13"

    huddle = services.open_huddle(
        body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.lead, at=morning.astimezone(UTC)
    )

    assert huddle.day.isoformat() == "2026-09-14"


def test_planned_huddle_is_the_one_that_opens(story, morning):
    planned = plan(story, morning, ActivityType.MORNING_HUDDLE, recorder=story.members[0])

    opened = services.open_huddle(
        body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.lead, at=morning
    )

    assert (opened.pk, opened.recorder) == (planned.pk, story.members[0])
    kinds = Fact.objects.filter(source_id=planned.pk, source_type="rhythm.activity").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["rhythm.activity_planned", "rhythm.activity_opened"]


def test_meeting_is_not_opened_as_a_huddle(story, morning):
    for activity_type in set(ActivityType) - HUDDLES:
        with pytest.raises(services.NotAHuddle):
            services.open_huddle(body=story.body, activity_type=activity_type, actor=story.lead, at=morning)


@pytest.mark.parametrize(("minutes", "refused"), [(0, True), (-1, True), (1, False)])
def test_window_must_not_be_empty(story, morning, minutes, refused):
    until = morning + timedelta(minutes=minutes)

    if refused:
        with pytest.raises(services.WindowEmpty):
            plan(story, morning, scheduled_until=until)
    else:
        assert plan(story, morning, scheduled_until=until).state == ActivityState.PLANNED


def test_meeting_held_on_another_day_counts_for_that_day(story, morning):
    planned = plan(story, morning)

    opened = services.open_activity(activity=planned, actor=story.lead, at=morning + timedelta(days=2))

    assert Activity.objects.get() == opened
    assert opened.day.isoformat() == "2026-09-16"


def test_planned_huddle_opens_on_its_own_day_only(story, morning):
    planned = plan(story, morning, ActivityType.EVENING_HUDDLE)

    with pytest.raises(services.NotItsDay, match="2026-09-14"):
        services.open_activity(activity=planned, actor=story.lead, at=morning + timedelta(days=1))


def test_two_meetings_a_day_are_planned_but_one_huddle(story, morning):
    plan(story, morning)
    plan(story, morning)
    plan(story, morning, ActivityType.MORNING_HUDDLE)

    with pytest.raises(services.HuddleAlreadyThere):
        plan(story, morning, ActivityType.MORNING_HUDDLE)


@pytest.mark.parametrize("state", ActivityState.values)
@pytest.mark.parametrize("step", ["open", "close"])
def test_every_step_from_every_state(state, step):
    assert ACTIVITY_FLOW.allows(Activity(state=state), step) is (
        (step, state) in {("open", "planned"), ("close", "open")}
    )


def test_open_activity_is_not_opened_again(story, morning):
    planned = plan(story, morning)
    services.open_activity(activity=planned, actor=story.lead, at=morning)

    with pytest.raises(StepNotAllowed, match="进行中"):
        services.open_activity(activity=planned, actor=story.lead, at=morning)


def test_member_and_outsider_call_nobody_together(story, morning):
    outsider = make_person("赵六")
    make_post(outsider, PostRole.SECRETARY, body=make_body("别处党支部"))

    for person in (story.members[0], outsider):
        with pytest.raises(NotAllowed):
            services.open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=person, at=morning)
        with pytest.raises(NotAllowed):
            plan(story, morning, actor=person)
    planned = plan(story, morning)
    with pytest.raises(NotAllowed):
        services.open_activity(activity=planned, actor=story.members[0], at=morning)


def test_chair_without_a_post_runs_what_he_was_asked_to_chair(story, morning):
    planned = plan(story, morning, chair=story.members[0])

    opened = services.open_activity(activity=planned, actor=story.members[0], at=morning)

    assert (opened.state, opened.chair) == (ActivityState.OPEN, story.members[0])
