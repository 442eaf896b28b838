"""公文 of the demonstration field: last week's bulletin, received; a notice sent; one still a draft."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.papers.enums import PaperKind
from ronghe.domain.papers.services.drafting import draft_bulletin, draft_notice, draft_paper, revise_paper
from ronghe.domain.papers.services.issuing import issue_paper, receive_paper
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around


def show_papers(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001
    """Issue the bulletin of the last week and a notice of the next joint conference, and leave a draft."""
    today = local_day(now)
    week = period_around(today, PeriodKind.WEEK).previous().span
    zone_body, lead = field.zone_body, field.lead
    bulletin = draft_bulletin(body=zone_body, span=DaySpan(week.from_on, week.until_on), actor=lead, at=now)
    issue_paper(paper=bulletin, revision=bulletin.revision, dated=today, actor=lead, at=now)
    for row in bulletin.recipients.all():
        receive_paper(recipient=row, actor=field.clerk, at=now)
    day = today + timedelta(days=3)
    conference = plan_activity(
        activity_type=ActivityType.JOINT_CONFERENCE, body=zone_body, place="联合项目部会议室", scheduled_from=at(day, 9, 0),
        scheduled_until=at(day, 10, 30), actor=lead, at=now,
    )  # fmt: skip
    notice = draft_notice(activity=conference, actor=lead, at=now)
    notice = revise_paper(
        paper=notice, revision=notice.revision, title=notice.title,
        text=f"{notice.text}\n请各方带上本周进度和需要协调的事项。", copies_to="基建管理中心",
        recipients=[zone_body, field.committee], actor=lead, at=now,
    )  # fmt: skip
    issue_paper(paper=notice, revision=notice.revision, code="南一联建", dated=today, actor=lead, at=now)
    draft_paper(
        kind=PaperKind.NOTICE, body=field.committee, title="关于做好冬季施工安全工作的通知",
        text="一、总体要求\n各协作区要把冬季施工安全放在首位。\n二、具体安排\n（一）防冻防滑\n每日早碰头逐项核对。\n（二）用火用电\n动火、临时用电一律现场签批。",
        recipients=[zone_body], actor=field.clerk, at=now,
    )  # fmt: skip
