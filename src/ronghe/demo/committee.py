"""The committee works by the shipped model for committees: adopted last month, so that its calendar and its duties are alive."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.models_shipped import playbook_named
from ronghe.demo.organization import Field
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.forms import write_outcome
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.rhythm.services.visits import Account, Place, record_visit
from ronghe.kernel.calendar.calendars import statutory_calendar

LEADING = (PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.COMMITTEE_MEMBER)
MEETINGS = (
    (4, ActivityType.FIRST_TOPIC, "学习习近平总书记关于能源安全的重要论述", "各作业区结合冬季保供谈打算，下月对账。"),
    (
        11,
        ActivityType.MONTHLY_ANALYSIS,
        "上月产量、安全和党建工作效率通报",
        "注水欠账由南区补上，三个支部补齐会议记录。",
    ),
    (18, ActivityType.COMMITTEE_STUDY, "中心组学习：党建工作责任制考核评价办法", "办法拆到责任清单，每人一份。"),
)
"""Day of the month, what was held, what it was about, what was decided."""
ROUND = "到站里看了交接班和巡检记录，听班组说取暖和倒班的事，能定的当场定了。"


def show_committee(field: Field, since: date, now: datetime) -> None:
    """Let the committee adopt its model at the beginning of last month, and hold what a month asks for."""
    first = max(since, (now.date().replace(day=1) - timedelta(days=1)).replace(day=1))
    adopt_playbook(
        body=field.committee,
        playbook=playbook_named("changqing_six"),
        since=first,
        actor=field.clerk,
        at=at(first, 7, 30),
    )
    leaders = _leaders(field)
    for month in (first, (first + timedelta(days=32)).replace(day=1)):
        for day, kind, topic, decision in MEETINGS:
            held_on = _working(month + timedelta(days=day - 1))
            if held_on < now.date():
                _hold(field, leaders, kind, (topic, decision), held_on)
        visited_on = _working(month + timedelta(days=7))
        if visited_on < now.date():
            _go_round(field, leaders[1], visited_on)


def _leaders(field: Field) -> list[Person]:
    posts = PostHolding.objects.filter(body=field.committee, role__in=LEADING, valid_until=None)
    order = {str(role): place for place, role in enumerate(LEADING)}
    return [post.person for post in sorted(posts.select_related("person"), key=lambda row: (order[row.role], row.pk))]


def _working(day: date) -> date:
    """Return the day, or the next one on which people work."""
    calendar = statutory_calendar()
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day


def _hold(field: Field, leaders: list[Person], kind: ActivityType, told: tuple[str, str], day: date) -> None:
    begins = at(day, 9, 0)
    planned = plan_activity(
        activity_type=kind, body=field.committee, place="二楼会议室", scheduled_from=begins,
        scheduled_until=begins + timedelta(hours=2), actor=leaders[0], recorder=field.clerk,
        at=begins - timedelta(days=3),
    )  # fmt: skip
    meeting = open_activity(activity=planned, actor=leaders[0], at=begins)
    for person in leaders:
        sign_in_with_card(activity=meeting, card=member_card(person), actor=leaders[0], at=begins)
    topic, decision = told
    add_agenda_item(
        activity=meeting, topic=topic, decision=decision, actor=leaders[0], at=begins + timedelta(minutes=40)
    )
    meeting = write_outcome(activity=meeting, next_step=decision, actor=leaders[0], at=begins + timedelta(minutes=90))
    close_activity(activity=meeting, actor=leaders[0], at=begins + timedelta(minutes=95), without="")


def _go_round(field: Field, leader: Person, day: date) -> None:
    record_visit(to=Place(field.committee), day=day, account=Account(note=ROUND), actor=leader, at=at(day, 16, 0))
