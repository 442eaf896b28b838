"""What happened: huddles, meetings and tasks of a quarter and of the weeks since, day by day, with their gaps.

Acts go through the services; only the sign-in rows of one huddle are written in one statement, since nobody wants to
wait for eleven thousand of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ronghe.demo.organization import Field
from ronghe.demo.pictures import site_photo
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType, AttendanceStatus, AttendanceWay, LeaveKind
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.selectors import expected_people
from ronghe.domain.rhythm.services.activities import open_activity, open_huddle, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.forms import answer_rest_fine, write_outcome
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, return_task, submit_task
from ronghe.kernel.calendar.calendars import SiteCalendar, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)

TOPICS = (
    "3号管廊动火点移到上风向", "注水泵房墙体改胶粘挂网样板段", "阀组间盲板清单核对", "电缆桥架开料尺寸复核",
    "雨后基坑边坡复测", "吊装区警戒线外移", "管线试压分段方案", "沉降罐保温收口补齐", "外雇工宿舍用电检查",
    "审图意见逐条回复", "污水池临边护栏补齐", "焊材库房湿度超标", "清管球收发筒基础验收", "夜间照明增补",
)  # fmt: skip
NOTES = ("各方到现场看过，意见一致。", "属地方提醒风险，施工方当天落实。", "监理要求先做样板再铺开。", "")
DECISIONS = ("按样板段做法铺开。", "当班完成，下班前复查。", "报联合项目部备案。", "")


def at(day: date, hour: int, minute: int) -> datetime:
    """Return a moment of the day in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


class History:
    """Plays the field's days in order; the same seed gives the same days."""

    def __init__(self, field: Field, calendar: WorkCalendar, site: SiteCalendar, *, seed: int = 55) -> None:
        self.field, self.calendar, self.site = field, calendar, site
        self.chance = random.Random(seed)
        self.diligence = {person.pk: self.chance.choice((0.98, 0.96, 0.93, 0.88, 0.8)) for person in field.crew}

    def play(self, since: date, until: date) -> Iterator[date]:
        """Play every day from `since` up to, not including, `until`, yielding each when it is over."""
        day = since
        while day < until:
            if self.site.is_working(day):
                self._working_day(day)
            self._safety(day)
            yield day
            day += DAY

    def _working_day(self, day: date) -> None:
        if self.chance.random() < 0.985:
            self._huddle(day, ActivityType.MORNING_HUDDLE, (7, 40), (7, 58))
        if self.chance.random() < 0.95:
            self._huddle(day, ActivityType.EVENING_HUDDLE, (17, 30), (17, 46))
        self._work_on_tasks(day)
        if day.weekday() == 4 and self.chance.random() < 0.94:
            self._meeting(day, ActivityType.WEEKLY_MEETING, (15, 0))
        if day.day == 12:
            self._meeting(day, ActivityType.JOINT_CONFERENCE, (9, 30))
        if day.day == 24 and self.chance.random() < 0.9:
            self._meeting(day, ActivityType.THEME_PARTY_DAY, (14, 0))
        if day.day == 27:
            self._meeting(day, ActivityType.MONTHLY_ANALYSIS, (10, 0))
        if day.month % 3 == 0 and day.day == 20:
            self._meeting(day, ActivityType.TWO_PLUS_ONE_APPRAISAL, (10, 0))

    def _safety(self, day: date) -> None:
        """Hired workers are checked every day that anybody works, contractors once a week."""
        if self.site.is_working(day) and self.chance.random() < 0.97:
            self._meeting(day, ActivityType.SUBCONTRACTOR_SAFETY_CHECK, (8, 15))
        if day.weekday() == 2 and self.chance.random() < 0.95:
            self._meeting(day, ActivityType.CONTRACTOR_SAFETY_CHECK, (16, 0))

    def _huddle(self, day: date, kind: ActivityType, begins: tuple[int, int], ends: tuple[int, int]) -> None:
        opened = at(day, *begins)
        huddle = open_huddle(body=self.field.zone_body, activity_type=kind, actor=self.field.lead, at=opened)
        self._sign_in(huddle, opened)
        if kind == ActivityType.MORNING_HUDDLE:
            for _number in range(self.chance.choice((0, 1, 1, 2))):
                self._topic(huddle, opened + timedelta(minutes=9), may_be_task=True)
        close_activity(activity=huddle, actor=self.field.lead, at=at(day, *ends))

    def _meeting(self, day: date, kind: ActivityType, begins: tuple[int, int]) -> None:
        opened = at(day, *begins)
        meeting = plan_activity(
            activity_type=kind, body=self.field.zone_body, place="联合项目部会议室", scheduled_from=opened,
            scheduled_until=opened + timedelta(hours=1), actor=self.field.lead, at=opened - timedelta(minutes=40),
        )  # fmt: skip
        open_activity(activity=meeting, actor=self.field.lead, at=opened)
        self._sign_in(meeting, opened)
        for _number in range(2):
            self._topic(meeting, opened + timedelta(minutes=20), may_be_task=False)
        ends = opened + timedelta(minutes=50)
        if meeting.form is not None and meeting.form.checks:
            answer_rest_fine(activity=meeting, actor=self.field.lead, at=ends)
        if kind == ActivityType.THEME_PARTY_DAY:
            self._outcome(meeting, ends)
        close_activity(activity=meeting, actor=self.field.lead, at=ends)

    def _outcome(self, meeting: Activity, moment: datetime) -> None:
        """A theme day held as work on site: the work is its result, and it closes with what will be done."""
        write_outcome(
            activity=meeting, result="清理3号管廊积水和废料", result_figure=Decimal(6), result_unit="车",
            next_step="责任区每周自查一次，问题当天交班", actor=self.field.lead, at=moment,
        )  # fmt: skip

    def _sign_in(self, activity: Activity, opened: datetime) -> None:
        rows = [self._attendance(activity, person, opened) for person in expected_people(activity)]
        Attendance.objects.bulk_create([row for row in rows if row is not None], batch_size=500)

    def _attendance(self, activity: Activity, person: Person, opened: datetime) -> Attendance | None:
        if person.pk == self.field.lead.pk or self.chance.random() < self.diligence.get(person.pk, 0.95):
            own = person.pk == self.field.lead.pk or self.chance.random() < 0.82
            way = AttendanceWay.OWN_PHONE if own else self.chance.choice((AttendanceWay.CARD, AttendanceWay.TICKED))
            if way == AttendanceWay.TICKED and not activity.allows_ticking:
                way = AttendanceWay.CARD
            signed = opened + timedelta(seconds=self.chance.randrange(20, 500))
            return Attendance(
                activity=activity, person=person, status=AttendanceStatus.PRESENT, way=way, signed_at=signed,
                recorded_by=person if own else self.field.lead, recorded_at=signed,
            )  # fmt: skip
        if self.chance.random() < 0.7:
            kind = self.chance.choice(
                (LeaveKind.OFF_SHIFT, LeaveKind.OFF_SHIFT, LeaveKind.BUSINESS_TRIP, LeaveKind.SICK)
            )
            return Attendance(
                activity=activity, person=person, status=AttendanceStatus.LEAVE, leave_kind=kind,
                recorded_by=self.field.lead, recorded_at=opened,
            )  # fmt: skip
        return None

    def _topic(self, activity: Activity, moment: datetime, *, may_be_task: bool) -> None:
        is_task = may_be_task and self.chance.random() < 0.6
        due_in = timedelta(hours=self.chance.choice((9, 33, 57)))
        add_agenda_item(
            activity=activity, topic=self.chance.choice(TOPICS), actor=self.field.lead, at=moment,
            notes=self.chance.choice(NOTES), decision=self.chance.choice(DECISIONS) or None,
            assignee=self.chance.choice([p for p in self.field.crew if p.pk != self.field.lead.pk]) if is_task else None,
            due_at=moment.replace(hour=8, minute=0) + due_in if is_task else None,
        )  # fmt: skip

    def _work_on_tasks(self, day: date) -> None:
        """In the afternoon whoever is diligent hands in; in the evening the lead accepts or gives back."""
        afternoon = at(day, 16, 10)
        for task in Task.objects.unfinished().filter(opened_at__lt=afternoon).order_by("pk"):
            if self.chance.random() > 0.45:
                continue
            uploads = [site_photo(task.pk)] if self.chance.random() < 0.3 else []
            submit_task(task=task, actor=task.assignee, at=afternoon, note="已按要求完成，请验收。", uploads=uploads)
        for task in Task.objects.filter(state="submitted").order_by("pk"):
            if self.chance.random() < 0.1:
                return_task(task=task, reason="照片缺参照尺，请补拍。", actor=self.field.lead, at=at(day, 17, 50))
            else:
                accept_task(task=task, actor=self.field.lead, at=at(day, 17, 50))
