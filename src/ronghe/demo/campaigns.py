"""主题活动、专项活动 of the demonstration field: one campaign under way, one ended with reports, four themes with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import DAY, at
from ronghe.demo.organization import Field
from ronghe.domain.campaigns.models import Campaign, CampaignStage
from ronghe.domain.campaigns.services.reports import accept_report, hand_in_report, return_report, save_report
from ronghe.domain.campaigns.services.stages import summarize_stage
from ronghe.domain.campaigns.services.themed import ThemedPlan, enter_result, note_problem, plan_themed
from ronghe.domain.obligations.services.generating import generate_obligations
from ronghe.domain.org.enums import PARTY_MEMBERS, PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.playbooks.calc.library import SHIPPED
from ronghe.domain.playbooks.calc.loading import load_playbook
from ronghe.domain.playbooks.calc.model import Playbook
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.rhythm.services.forms import enter_figure
from ronghe.domain.rhythm.services.sign_in import sign_in_with_card
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.kernel.calendar.periods import DaySpan, PeriodKind, period_around

FOR = "for: [committee, general_branch, branch, joint_branch]"
PLUS = """\
schema: 1
id: party_plus
version: 1
title: {zh: “党建+”主题活动, en: “Party-building plus” activities}
dimensions: [{id: themes, title: {zh: 主题活动, en: Themed activities}}]
roles: [{id: secretary, title: {zh: 支部书记, en: Branch secretary}}]
mechanisms:
"""
THEME = """\
  - id: plus_THEME
    title: {zh: “党建+”TITLE, en: “Party-building plus” THEME}
    dimension: themes
    for: [general_branch, branch, joint_branch, co_built_branch]
    cadence: {rrule: "FREQ=MONTHLY;INTERVAL=3", window: quarter}
    grace: {days: 10, unit: working}
    answers: secretary
    expected: [members]
    form: {figures: [{id: FIGURE, title: {zh: NAMED, en: FIGURE}, unit: {zh: UNIT, en: UNIT}}]}
    satisfied_by: [{kind: campaigns.activity_held, where: {theme: THEME}}]
"""
THEMES = (
    ("learning", "学习", "learners", "参加", "人"), ("production", "生产", "solved", "解决生产问题", "个"),
    ("culture", "文体", "attendees", "参加", "人"), ("integrity", "廉洁", "reminded", "受教育", "人"),
    ("safety", "安全", "found", "查出隐患", "处"),
)  # fmt: skip
"""The four, and one that the unit added."""
TITLES = {
    "learning": ("标准化操作大家讲", "新工艺流程共学"),
    "production": ("停产对接攻关赛", "冬防保温立功赛"),
    "culture": ("井站职工趣味运动会", "“我的岗位”短视频赛"),
    "integrity": ("工程签证廉洁提醒", "节前廉洁谈话会"),
    "safety": ("查找身边隐患", "冬季防冻防滑排查"),
}
PLACES = {"culture": "职工活动中心", "production": "南I-1联合站现场"}
SUMMARIES = (
    "开了动员会，制定了本支部的措施清单；学习跟上进度，倒班的同志按班次补学。不足：联系岗位谈得少。",
    "对照标准查出差距，逐项定人定期限；样板区的做法学回来两条，已在三号管廊试用。",
    "整改按月对账，能马上改的都改了；两项要等停产检修，已列入计划。",
)
REPORT = {
    "done": "一是动员到每个班组；二是到标杆支部对标，查出差距逐项整改；三是把碰头会和整改对账合在一起开，不另开会。",
    "figures": "按期办结率、到会率都有提高，见右侧数据。整改没有集中在最后一个月。",
    "problems": "倒班党员集中学习仍难，轮休时补学的占四成；两项设备改造等停产检修。",
    "rules": "形成《班前五分钟讲标准》《整改对账单》两项做法，已报党委。",
}
CAME = 8
"""People who come to an activity here."""


def show_campaigns(field: Field, since: date, now: datetime) -> None:
    """Tell of the year of benchmarks, which is over, of the theme education, half-way, and of themes over two quarters."""
    branches = _branches(field)
    bodies = [field.zone_body, *branches]
    quarter = period_around(now.date(), PeriodKind.QUARTER)
    _benchmarks(field, bodies[:4], since, quarter.span.from_on, now)
    _education(field, [field.committee, *bodies], since, quarter.span, now)
    _themes(field, bodies[:4], since, quarter.span.from_on, now)


def _branches(field: Field) -> list[PartyOrg]:
    """Branches of the committee that have a secretary: he writes what is written."""
    led = PostHolding.objects.filter(role=PostRole.SECRETARY, valid_until=None, body__parent=field.committee)
    rows = PartyOrg.objects.filter(pk__in=led.values("body_id")).exclude(pk=field.zone_body.pk)
    return list(rows.order_by("name", "pk")[:4])


def _secretary(body: PartyOrg) -> Person:
    return PostHolding.objects.filter(body=body, role=PostRole.SECRETARY, valid_until=None).order_by("pk")[0].person


def _people(body: PartyOrg) -> list[Person]:
    """Members of a body; of a committee those who hold a post in it."""
    rows = Person.objects.filter(memberships__body=body, political_status__in=PARTY_MEMBERS).distinct()
    people = list(rows.order_by("pk")[:CAME])
    return people or list(Person.objects.filter(posts__body=body).distinct().order_by("pk")[:CAME])


def _book(text: str) -> Playbook:
    found = load_playbook(text).playbook
    if found is None:
        raise LookupError(text[:60])
    return found


def _dated(name: str, days: dict[str, date], words: dict[str, str]) -> Playbook:
    """Return a shipped campaign with other days, also for the branch of a zone, as the version after the shipped one."""
    text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    for place, old in enumerate(days):
        text = text.replace(old, f"@{place}@")
    for place, day in enumerate(days.values()):
        text = text.replace(f"@{place}@", day.isoformat())
    text = text.replace("\nversion: 1\n", "\nversion: 2\n").replace(FOR, FOR.replace("]", ", co_built_branch]"))
    text = text.replace("for: [branch, joint_branch]", "for: [branch, joint_branch, co_built_branch]")
    for old, new in words.items():
        text = text.replace(old, new)
    return _book(text)


def _month(day: date, number: int) -> date:
    months = day.month - 1 + number
    return date(day.year + months // 12, months % 12 + 1, 1)


def _adopt(field: Field, bodies: Sequence[PartyOrg], book: Playbook, since: date, now: datetime) -> None:
    for body in bodies:
        adopt_playbook(body=body, playbook=book, since=since, actor=field.clerk, at=at(since, 6, 40))
    span = DaySpan(_month(since, -6), _month(since, 9))
    generate_obligations(at=now, span=span, body_ids=[body.pk for body in bodies])


def _benchmarks(field: Field, bodies: Sequence[PartyOrg], since: date, ends: date, now: datetime) -> None:
    """Joined in its second stage, over with the quarter: one report accepted, one returned, one handed in, one owed."""
    days = {
        "2026-01-01": _month(since, -3), "2026-04-01": since, "2026-07-01": _month(since, 1),
        "2026-10-01": _month(since, 2), "2027-01-01": ends,
    }  # fmt: skip
    monthly = {'"FREQ=MONTHLY;INTERVAL=3", window: quarter': "FREQ=MONTHLY, window: month"}
    _adopt(field, bodies, _dated("benchmark_year", days, monthly), since, now)
    for number, body in enumerate(bodies):
        lead = _secretary(body)
        held: tuple[tuple[int, ActivityType, dict[str, int]], ...] = (
            (0, ActivityType.LEARNING_VISIT, {"gaps": 6 - number}),
            (1, ActivityType.CAMPAIGN_MEETING, {"closed": 4, "left": 2}),
            (2, ActivityType.CAMPAIGN_MEETING, {}),
        )
        for month, kind, figures in held[: 3 if number < 3 else 2]:
            _hold(body, lead, kind, at(_month(since, month) + (12 + number) * DAY, 15, 0), figures)
        campaign = _campaign(body, "benchmark_year")
        for month, code in enumerate(("measure", "improve", "accept")):
            if number < 3:
                _summarize(campaign, code, lead, at(_month(since, month + 1) + 2 * DAY, 10, 0), SUMMARIES[month])
        if number < 3:
            _report(field, campaign, lead, number, ends)


def _report(field: Field, campaign: Campaign, lead: Person, number: int, ends: date) -> None:
    handed = at(ends + (4 + number) * DAY, 11, 0)
    report = save_report(campaign=campaign, sections=REPORT, actor=lead, at=handed)
    report.campaign = campaign
    hand_in_report(report=report, actor=lead, at=handed)
    if number == 0:
        accept_report(
            report=report, actor=field.clerk, at=handed + 2 * DAY, note="数据实，两项做法请在联席会上讲一讲。"
        )
    elif number == 1:
        reason = "“没解决的问题”只写了现象，请写明谁在什么时候解决。"
        return_report(report=report, reason=reason, actor=field.clerk, at=handed + 2 * DAY)


def _education(field: Field, bodies: Sequence[PartyOrg], since: date, quarter: DaySpan, now: datetime) -> None:
    """Half-way: most closed the first stage, one with something missing, one is behind, one joined late."""
    days = {"2026-07-01": since, "2026-10-01": quarter.from_on, "2027-01-01": quarter.until_on}
    months = {"BYMONTH=7": f"BYMONTH={since.month}", "BYMONTH=12": f"BYMONTH={quarter.last_on.month}"}
    book = _dated("theme_education", days, months)
    early, late = bodies[:5], bodies[5:6]
    _adopt(field, early, book, since, now)
    _adopt(field, late, book, min(quarter.from_on + 9 * DAY, now.date()), now)
    for number, body in enumerate(early):
        lead = _secretary(body)
        if number != 3:
            _hold(body, lead, ActivityType.CAMPAIGN_MEETING, at(since + (8 + number) * DAY, 9, 0), {})
        for month in range(3):
            if (number + month) % 4 != 3:
                day = _month(since, month) + (17 + number) * DAY
                _hold(body, lead, ActivityType.JOINT_STUDY, at(day, 15, 30), {"hours": 2})
        written = at(quarter.from_on + (7 + number) * DAY, 16, 0)
        if number != 4 and written < now:
            _summarize(_campaign(body, "theme_education"), "study", lead, written, SUMMARIES[0])
        for month in range(3):
            moment = at(_month(quarter.from_on, month) + (13 + number) * DAY, 16, 0)
            if moment < now and number != 4:
                _hold(body, lead, ActivityType.CAMPAIGN_MEETING, moment, {"closed": 2 + month, "left": 5 - 2 * month})


def _themes(field: Field, bodies: Sequence[PartyOrg], since: date, quarter: date, now: datetime) -> None:
    text = PLUS
    for theme, title, figure, named, unit in THEMES:
        line = THEME
        for mark, word in (
            ("THEME", theme), ("TITLE", title), ("FIGURE", figure), ("NAMED", named), ("UNIT", unit),
        ):  # fmt: skip
            line = line.replace(mark, word)
        text += line
    _adopt(field, bodies, _book(text), since, now)
    for number, body in enumerate(bodies):
        lead = _secretary(body)
        for place, (theme, _title, figure, _named, _unit) in enumerate(THEMES):
            for turn, begins in enumerate((since, quarter)):
                moment = at(begins + (15 + 6 * place + 2 * number) * DAY, 14, 30)
                if (number + place + turn) % 4 == 3 or (number == 0 and turn == 0 and theme == "integrity"):
                    continue  # a gap
                _themed(body, lead, theme, turn, moment, figure, now)
    plain = plan_activity(
        activity_type=ActivityType.THEMED_ACTIVITY, body=field.zone_body, place="联合项目部会议室",
        scheduled_from=at(now.date() + 4 * DAY, 15, 0), scheduled_until=at(now.date() + 4 * DAY, 17, 0),
        actor=_secretary(field.zone_body), at=now - timedelta(hours=3),
    )  # fmt: skip
    plain.refresh_from_db()


def _themed(body: PartyOrg, lead: Person, theme: str, turn: int, moment: datetime, figure: str, now: datetime) -> None:
    plan = ThemedPlan(theme, TITLES[theme][turn], PLACES.get(theme, "党员活动室"), moment, moment + timedelta(hours=2))
    planned = min(moment, now) - 5 * DAY
    themed = plan_themed(body=body, plan=plan, actor=lead, at=planned)
    if moment + timedelta(hours=3) > now:
        return
    people = _people(body)
    _carry_out(themed.activity, lead, people, moment, {})
    themed.refresh_from_db()
    if theme == "production":
        for place, problem in enumerate(("注水泵联轴器振动大", "三号管廊保温破损")):
            row = note_problem(
                themed=themed, problem=problem, assignee=people[place % len(people)], due_at=moment + 12 * DAY, actor=lead,
                at=moment + timedelta(hours=2),
            )  # fmt: skip
            done = moment + (4 + place) * DAY
            if place == 0 and done + DAY < now and row.task.assignee_id != lead.pk:
                submit_task(task=row.task, note="已处理，试运行三天正常。", actor=row.task.assignee, at=done)
                accept_task(task=row.task, actor=lead, at=done + timedelta(hours=5))
    value = {"production": 1, "safety": 7 + turn}.get(theme, len(people))
    entered = moment + 2 * DAY
    if entered < now - 3 * DAY:
        note = {"production": "现场攻关解决一项，另一项转为任务。", "safety": "当场整改五处，其余列入清单。"}.get(
            theme, ""
        )
        enter_result(themed=themed, figures={figure: Decimal(value)}, note=note, actor=lead, at=entered)


def _hold(body: PartyOrg, lead: Person, kind: ActivityType, moment: datetime, figures: dict[str, int]) -> None:
    activity = plan_activity(
        activity_type=kind, body=body, place="党员活动室", scheduled_from=moment,
        scheduled_until=moment + timedelta(hours=1), actor=lead, at=moment - 2 * DAY,
    )  # fmt: skip
    _carry_out(activity, lead, _people(body), moment, figures)


def _carry_out(
    activity: Activity, lead: Person, people: Sequence[Person], moment: datetime, figures: dict[str, int]
) -> None:
    running = open_activity(activity=activity, actor=lead, at=moment)
    for number, person in enumerate(people):
        sign_in_with_card(activity=running, card=member_card(person), actor=lead, at=moment + timedelta(minutes=number))
    add_agenda_item(
        activity=running, topic="对照标准谈做法", actor=lead, at=moment + timedelta(minutes=30), notes="逐项对过，说到岗位上的事。",
        decision="按清单办，下月对账。",
    )  # fmt: skip
    asked = {one.id for one in running.form.figures} if running.form is not None else set()
    for figure, value in figures.items():
        if figure in asked:
            enter_figure(
                activity=running, figure_id=figure, value=Decimal(value), actor=lead, at=moment + timedelta(minutes=40)
            )
    close_activity(activity=running, actor=lead, at=moment + timedelta(minutes=55))


def _campaign(body: PartyOrg, playbook: str) -> Campaign:
    return Campaign.objects.select_related("body__parent", "version").get(body=body, playbook=playbook)


def _summarize(campaign: Campaign, code: str, lead: Person, moment: datetime, text: str) -> None:
    stage = CampaignStage.objects.get(campaign=campaign, code=code)
    stage.campaign = campaign
    summarize_stage(stage=stage, text=text, reason="当月抢险，活动并到下月，已补。", actor=lead, at=moment)
