"""A calendar with something of everything: duties of every kind of day, and activities planned, held, moved, called off."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.domain.playbooks.making import playbook
from tests.factories.org import SET_UP_AT
from tests.factories.rhythm import ZoneStory

TWO_DUTIES = """\
  - id: fixed_day
    title: {zh: 主题党日, en: Theme day}
    dimension: life
    for: [branch, co_built_branch]
    cadence: {rrule: "FREQ=MONTHLY;BYMONTHDAY=25", window: month}
    grace: {days: 5}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: theme_party_day}}]
  - id: quarterly
    title: {zh: 党课, en: Lecture}
    dimension: life
    for: [branch, co_built_branch]
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter}
    answers: secretary
    satisfied_by: [{kind: rhythm.activity_closed, where: {activity_type: [theme_party_day, party_lecture]}}]
"""


def adopt_two(story: ZoneStory, *, since: date = date(2026, 7, 1)) -> list[Obligation]:
    """Let the zone's body owe a monthly duty with a day of its own and a quarterly one without, both open to one meeting."""
    adopt_playbook(body=story.body, playbook=playbook(TWO_DUTIES), since=since, actor=None, at=SET_UP_AT)
    return list(Obligation.objects.filter(body=story.body).select_related("body", "version").order_by("due_on", "pk"))


def plan(
    story: ZoneStory, day: date, hour: int, at: datetime, *, kind: ActivityType = ActivityType.WEEKLY_MEETING
) -> Activity:
    """Plan a meeting of one hour of the zone's body."""
    begins = datetime.combine(day, time(hour), SHANGHAI)
    return plan_activity(
        activity_type=kind, body=story.body, place="联合项目部会议室", scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=1), actor=story.lead, at=at,
    )  # fmt: skip
