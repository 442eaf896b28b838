"""One record, many uses: closing a huddle meets what the zone's playbook asks for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.playbooks.calc.library import SHIPPED
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.sign_in import tick_present
from ronghe.domain.zones.services.shut_downs import plan_shut_down
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.factories.rhythm import make_huddle, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    story = make_zone()
    playbook = load_playbook(SHIPPED / "daqing_zone.yaml").playbook
    adopt_playbook(body=story.body, playbook=playbook, since=morning.date(), actor=None, at=morning)
    return story


def held(story, at, activity_type=ActivityType.MORNING_HUDDLE, *, closed_after=timedelta(minutes=15)):
    """Open and close a huddle to which one person came; return what closing it met."""
    huddle = make_huddle(story, at, activity_type=activity_type)
    tick_present(activity=huddle, person=story.members[0], actor=story.lead, at=at)
    done = close_activity(activity=huddle, actor=story.lead, at=at + closed_after)
    return [(one.mechanism, one.sitting, one.due_on.day) for one in done.met]


def test_closing_the_morning_huddle_meets_its_sitting_and_the_daily_huddle(story, morning):
    assert held(story, morning) == [("daily_huddle", None, 14), ("morning_evening_huddles", "morning", 14)]


def test_evening_huddle_meets_its_own_sitting_only(story, morning):
    assert held(story, morning + timedelta(hours=10), ActivityType.EVENING_HUDDLE) == [
        ("morning_evening_huddles", "evening", 14)
    ]


def test_evening_huddle_closed_past_midnight_meets_the_day_it_was_held(story):
    opened = datetime(2026, 9, 14, 23, 50, tzinfo=SHANGHAI)

    assert held(story, opened, ActivityType.EVENING_HUDDLE, closed_after=timedelta(minutes=20)) == [
        ("morning_evening_huddles", "evening", 14)
    ]


def test_site_that_stands_still_owes_no_huddle_and_a_huddle_meets_nothing(story, morning):
    plan_shut_down(
        zone=story.zone, from_on=morning.date(), until_on=morning.date() + timedelta(days=2), reason="检修",
        actor=story.lead, at=morning,
    )  # fmt: skip

    huddles = Obligation.objects.filter(mechanism__in=["daily_huddle", "morning_evening_huddles"])
    assert huddles.order_by("due_on").first().due_on.day == 16
    assert held(story, morning) == []
