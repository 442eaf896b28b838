"""Plans that are moved or called off: with a reason, and with a trace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF, ACTIVITY_MOVED
from ronghe.domain.rhythm.models import Activity, ActivityChange
from ronghe.domain.rhythm.selectors import changes_of, huddle_on
from ronghe.domain.rhythm.services.activities import WindowEmpty, open_activity, open_huddle, plan_activity
from ronghe.domain.rhythm.services.changes import (
    ChangeReasonMissing,
    HuddleKeepsItsDay,
    MovedIntoThePast,
    PeopleCame,
    call_off_activity,
    move_activity,
)
from ronghe.domain.rhythm.services.sign_in import tick_present
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.rhythm import make_huddle, make_meeting, make_zone

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def theme_day(story, morning):
    return plan_activity(
        activity_type=ActivityType.THEME_PARTY_DAY, body=story.body, place="会议室", scheduled_from=morning + HOUR,
        scheduled_until=morning + 2 * HOUR, actor=story.lead, at=morning,
    )  # fmt: skip


def moved(activity, to, actor, at, *, reason="当天停气碰口"):
    return move_activity(
        activity=activity, scheduled_from=to, scheduled_until=to + HOUR, reason=reason, actor=actor, at=at
    )


def test_a_theme_day_is_moved_and_the_move_stays_visible_pm_05(story, theme_day, morning):
    """PM-05: the fixed day may be another one, with a trace."""
    moved(theme_day, morning + timedelta(days=2), story.lead, morning)

    theme_day.refresh_from_db()
    assert (theme_day.day, theme_day.state) == (date(2026, 9, 16), ActivityState.PLANNED)
    change = changes_of(theme_day).get()
    assert (change.kind, change.reason, change.was_from) == ("moved", "当天停气碰口", morning + HOUR)
    fact = Fact.objects.get(kind=ACTIVITY_MOVED.name)
    assert (fact.values["from_day"], fact.values["day"]) == ("2026-09-14", "2026-09-16")


def test_a_move_goes_to_today_at_the_earliest_pm_05(story, theme_day, morning):
    """PM-05: what was not held is not written in afterwards."""
    with pytest.raises(MovedIntoThePast):
        moved(theme_day, morning - timedelta(days=1), story.lead, morning)
    assert moved(theme_day, morning, story.lead, morning).day == morning.date()


def test_a_change_wants_a_reason_and_a_window(story, theme_day, morning):
    with pytest.raises(ChangeReasonMissing):
        moved(theme_day, morning + HOUR, story.lead, morning, reason=" ")
    with pytest.raises(ChangeReasonMissing):
        call_off_activity(activity=theme_day, reason="", actor=story.lead, at=morning)
    with pytest.raises(WindowEmpty):
        move_activity(
            activity=theme_day,
            scheduled_from=morning,
            scheduled_until=morning,
            reason="x",
            actor=story.lead,
            at=morning,
        )


def test_only_whoever_runs_it_changes_it(story, theme_day, morning):
    for actor in story.members:
        with pytest.raises(NotAllowed):
            moved(theme_day, morning + HOUR, actor, morning)
        with pytest.raises(NotAllowed):
            call_off_activity(activity=theme_day, reason="x", actor=actor, at=morning)


def test_a_huddle_keeps_its_day(story, morning):
    huddle = plan_activity(
        activity_type=ActivityType.EVENING_HUDDLE, body=story.body, place="", scheduled_from=morning + HOUR,
        scheduled_until=morning + 2 * HOUR, actor=story.lead, at=morning,
    )  # fmt: skip
    with pytest.raises(HuddleKeepsItsDay):
        moved(huddle, morning + timedelta(days=1), story.lead, morning)
    assert moved(huddle, morning + 3 * HOUR, story.lead, morning).scheduled_from == morning + 3 * HOUR


def test_what_is_called_off_stays_with_its_reason(story, theme_day, morning):
    call_off_activity(activity=theme_day, reason="防汛值守", actor=story.lead, at=morning)

    assert Activity.objects.get().state == ActivityState.CALLED_OFF
    assert changes_of(theme_day).get().reason == "防汛值守"
    assert Fact.objects.filter(kind=ACTIVITY_CALLED_OFF.name).count() == 1
    for act in (
        lambda: call_off_activity(activity=theme_day, reason="x", actor=story.lead, at=morning),
        lambda: open_activity(activity=theme_day, actor=story.lead, at=morning),
        lambda: moved(theme_day, morning + HOUR, story.lead, morning),
    ):
        with pytest.raises(StepNotAllowed):
            act()


def test_a_huddle_called_off_leaves_room_for_another(story, morning):
    first = make_huddle(story, morning)
    call_off_activity(activity=first, reason="误开", actor=story.lead, at=morning)

    assert huddle_on(story.body, ActivityType.MORNING_HUDDLE, morning.date()) is None
    second = open_huddle(
        body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.lead, at=morning
    )  # fmt: skip
    assert second.pk != first.pk


def test_what_people_came_to_is_not_called_off(story, morning):
    meeting = make_meeting(story, morning)
    tick_present(activity=meeting, person=story.members[0], actor=story.lead, at=morning)

    with pytest.raises(PeopleCame) as refusal:
        call_off_activity(activity=meeting, reason="x", actor=story.lead, at=morning)

    assert "1 人" in str(refusal.value)
    assert Activity.objects.get().state == ActivityState.OPEN


def test_two_who_move_at_once_one_wins(story, theme_day, morning):
    other = Activity.objects.get(pk=theme_day.pk)
    moved(theme_day, morning + timedelta(days=2), story.lead, morning)

    with pytest.raises(Stale):
        moved(other, morning + timedelta(days=3), story.lead, morning)


def test_changes_are_never_changed(story, theme_day, morning):
    call_off_activity(activity=theme_day, reason="防汛值守", actor=story.lead, at=morning)

    with pytest.raises(DatabaseError), transaction.atomic():
        ActivityChange.objects.update(reason="没有这回事")
