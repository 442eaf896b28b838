"""The days to come of the demonstration field: meetings planned, one moved, one called off; waivers asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.asking import ask_waiver, refuse_waiver
from ronghe.domain.obligations.services.moving import days_open_to, move_planned_day
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.changes import call_off_activity, move_activity
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import add_working_days, next_working_day

AN_HOUR = timedelta(hours=1)
PLANNED = (
    (1, 15, ActivityType.WEEKLY_MEETING),
    (2, 10, ActivityType.CONTRACTOR_SAFETY_CHECK),
    (3, 14, ActivityType.TECHNICAL_BRIEFING),
    (4, 9, ActivityType.JOINT_CONFERENCE),
    (6, 15, ActivityType.WEEKLY_MEETING),
    (8, 14, ActivityType.THEME_PARTY_DAY),
)
"""Working days from today, hour, kind."""


def show_calendars(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - every step gets them
    """Plan a fortnight of the zone, move and call off, and let branches ask for what they cannot do."""
    today = local_day(now)
    _plan_ahead(field, today, now)
    _move_theme_day(field, today, now)
    _ask(field, today, now)


def _plan_ahead(field: Field, today: date, now: datetime) -> None:
    calendar = statutory_calendar()
    planned = []
    for days, hour, kind in PLANNED:
        begins = at(add_working_days(calendar, today, days), hour, 0)
        planned.append(
            plan_activity(
                activity_type=kind,
                body=field.zone_body,
                place="联合项目部会议室",
                scheduled_from=begins,
                scheduled_until=begins + AN_HOUR,
                actor=field.lead,
                at=now,
            )
        )
    conference, briefing = planned[3], planned[2]
    later = at(add_working_days(calendar, today, 5), 9, 30)
    move_activity(
        activity=conference, scheduled_from=later, scheduled_until=later + AN_HOUR, reason="监理方当天在外审图",
        actor=field.lead, at=now,
    )  # fmt: skip
    call_off_activity(activity=briefing, reason="方案未批，批后另行安排", actor=field.lead, at=now)


def _move_theme_day(field: Field, today: date, now: datetime) -> None:
    """The next theme day that may still be moved goes to the working day after its own (PM-05)."""
    rows = Obligation.objects.filter(
        body=field.zone_body, is_settled=False, planned_on__gt=today, due_on__gt=today
    ).select_related("body", "version")
    for duty in rows.order_by("planned_on", "pk"):
        allowed = days_open_to(duty)
        if allowed is None or duty.planned_on is None:
            continue
        to = next_working_day(statutory_calendar(), duty.planned_on + timedelta(days=1))
        if to in allowed:
            move_planned_day(obligation=duty, to=to, reason="当天吊装，全员在现场", actor=field.lead, at=now)
            return


def _ask(field: Field, today: date, now: datetime) -> None:
    """Two branches ask to be let off; one is refused, one waits for the committee's answer."""
    secretaries = _secretaries(today)
    for number, (branch, secretary) in enumerate(secretaries[:2]):
        rows = Obligation.objects.filter(body=branch, is_settled=False, window_from__lte=today, grace_until__gt=today)
        owed = list(rows.select_related("body", "version").order_by("due_on", "pk")[: 1 + number])
        if not owed:
            continue
        reason = ("井场抢险，党员都在一线", "倒班和停产检修撞期，人凑不齐")[number]
        request = ask_waiver(obligations=owed, reason=reason, actor=secretary, at=now - timedelta(hours=20))
        if number == 0:
            refuse_waiver(
                request=request, answer="可以分班补开，月底前办了就算", actor=field.clerk, at=now - timedelta(hours=3)
            )


def _secretaries(today: date) -> list[tuple[PartyOrg, Person]]:
    """Branches that owe something and have a secretary, in the order of their names."""
    rows = PartyOrg.objects.filter(
        adoptions__valid_until=None, posts__role=PostRole.SECRETARY, posts__valid_until=None, parent__isnull=False
    ).exclude(zone__isnull=False)
    found = []
    for branch in rows.distinct().order_by("name", "pk"):
        post = branch.posts.filter(role=PostRole.SECRETARY, valid_until=None).select_related("person").first()
        if post is not None and branch.obligations.filter(is_settled=False, window_from__lte=today).exists():
            found.append((branch, post.person))
    return found
