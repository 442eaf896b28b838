"""项目管控 of the demonstration field: 276 of 276 excellent processes, a site with hold points open, reviews of two days instead of ten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import BUILDER, Field
from ronghe.demo.pictures import site_photo
from ronghe.demo.projects import SUN
from ronghe.domain.control.calc.acceptance import RatingTerms
from ronghe.domain.control.calc.hours import DayHours
from ronghe.domain.control.calc.plan import Past, PlanRow
from ronghe.domain.control.enums import ApprovalKind, Aspect, Check, Discipline, IncidentKind, LossKind, Opinion
from ronghe.domain.control.models import DesignReview, WorkProcess
from ronghe.domain.control.services.accepting import accept_process, stand_by
from ronghe.domain.control.services.checking import check_process, send_back
from ronghe.domain.control.services.counting import record_incident
from ronghe.domain.control.services.losing import LossText, add_cause, record_loss
from ronghe.domain.control.services.moving import NOTHING_SHOWN, Shown
from ronghe.domain.control.services.rating import rate_process, set_rating_rule
from ronghe.domain.control.services.readying import PointText, raise_point, record_aspect
from ronghe.domain.control.services.registering import (
    NOTHING_TOLD,
    ApprovalText,
    Told,
    advance_approval,
    get_approval,
    register_approval,
    submit_approval,
)
from ronghe.domain.control.services.reviewing import (
    CommentText,
    ReviewText,
    Seat,
    give_opinion,
    issue,
    resubmit,
    set_baseline,
    submit_review,
)
from ronghe.domain.control.services.structure import build_structure
from ronghe.domain.control.services.templates import LineIn, save_template
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.enums import MembershipKind, PoliticalStatus, UnitKind
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.models.people import initials_of
from ronghe.domain.org.services.people import join_body
from ronghe.domain.org.services.trees import create_unit
from ronghe.domain.projects.models import Project
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.services.parties import add_participating_unit
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import previous_working_day

CROSSING = "中引水厂水源地替代工程第一标段"
WORKS = (("G10 高速公路桥穿越", 5), ("输水管道", 9), ("阀井及附属", 6), ("取水泵房", 3))
"""Unit works of the crossing with how many inspection lots: 23 of twelve processes each are 276."""
TWELVE = ("测量放线", "沟槽开挖", "地基处理", "管材检验", "下管就位", "组对焊接", "无损检测", "防腐补口", "分层回填", "强度试压",
          "严密性试验", "地貌恢复")  # fmt: skip
HOLDS = {"地基处理": "hold", "无损检测": "witness", "强度试压": "hold", "分层回填": "standby"}
PIPING = (("管沟开挖", "ordinary", "沟底标高偏差 ±50 mm，坡度符合设计"), ("组对焊接", "hold", "错边量不大于壁厚 10%，且不大于 1.6 mm"),
          ("无损检测", "witness", "RT 抽检 20%，Ⅲ级合格"), ("防腐补口", "ordinary", "电火花检漏 15 kV 无漏点"),
          ("强度试压", "hold", "1.5 倍设计压力稳压 4 h 无压降"), ("沟槽回填", "standby", "分层夯实，压实系数不小于 0.93"))  # fmt: skip
FOUNDATION = (("基坑验槽", "hold", "四方验槽，地基承载力符合设计"), ("钢筋绑扎", "witness", "间距偏差 ±10 mm，保护层 ±5 mm"),
              ("模板支护", "ordinary", "轴线偏移不大于 5 mm"), ("混凝土浇筑", "standby", "坍落度、试块按批留置"))  # fmt: skip
LOTS = (
    ("一标段", "注水站改造", "工艺管道", "高压注水管道", "1号管线 K0+000～K0+180", PIPING, 6),
    ("一标段", "注水站改造", "工艺管道", "高压注水管道", "2号管线 K0+180～K0+360", PIPING, 2),
    ("一标段", "注水站改造", "设备基础", "注水泵基础", "1号泵基础", FOUNDATION, 4),
    ("一标段", "注水站改造", "设备基础", "注水泵基础", "2号泵基础", FOUNDATION, 1),
    ("二标段", "污水站改造", "设备基础", "缓冲罐基础", "1号罐基础", FOUNDATION, 0),
)
"""Lot, unit work, division, section, inspection lot, its processes, and how many are accepted."""
DRAWINGS = (
    # title, number, discipline, working days ago it was submitted, hours to the opinions, with a comment, is it issued
    ("注水站工艺管道安装图", "GY-01", Discipline.PROCESS, 40, 6, True, True),
    ("注水泵房土建结构图", "TJ-02", Discipline.CIVIL, 33, 26, False, True),
    ("污水站平面布置图", "ZT-01", Discipline.PROCESS, 27, 22, False, True),
    ("35 kV 变电所一次系统图", "DQ-01", Discipline.ELECTRICAL, 19, 28, True, True),
    ("站控系统配置图", "ZK-03", Discipline.INSTRUMENT, 12, 7, False, True),
    ("缓冲罐基础施工图", "TJ-07", Discipline.CIVIL, 1, 3, True, False),
)
LOSSES = (
    # kind, cause, crew, people, hours, yuan, days ago, agreed
    (LossKind.IDLE, "drawings", "管工一班", 6, "36.50", "4380.00", 41, True),
    (LossKind.IDLE, "drawings", "焊接二班", 8, "28.00", "3640.00", 30, True),
    (LossKind.IDLE, "permit", "管工一班", 5, "12.50", "1500.00", 22, True),
    (LossKind.IDLE, "drawings", "管工一班", 6, "18.00", "2160.00", 13, True),
    (LossKind.REWORK, "workmanship", "焊接二班", 4, "16.00", "2880.00", 9, True),
    (LossKind.IDLE, "production", "电气班", 7, "21.00", "2730.00", 2, False),
)


def show_control(field: Field, since: date, now: datetime) -> None:
    """Tell of the crossing that is done, the site that is under way and the approvals that are waited for."""
    designers = _designers(field, since)
    _standards(field, at(since, 9, 0))
    _crossing(field, since, now)
    project = field.zone.projects.order_by("pk")[0]
    builders, supervisors, owners = (_side(field, name) for name in (BUILDER, "庆安监理有限公司", "基建管理中心"))
    processes = _site(field, project, builders, supervisors, owners, since, now)
    _reviews(field, project, designers, owners, now)
    _losses(project, builders, owners, processes, now)
    _points(field, project, builders, supervisors, now)
    _approvals(field, project, owners, now)
    sun = Project.objects.get(name=SUN)
    safety = Person.objects.get(account__login="anquan")
    record_incident(
        project=project, kind=IncidentKind.POLLUTION, happened_on=max(since, now.date() - timedelta(days=58)),
        actor=safety, at=now - timedelta(days=57), class_code="一般，未出站", note="试压排水带油花流入雨水沟，当班回收。",
    )  # fmt: skip
    _sun(field, sun, now)


def _designers(field: Field, since: date) -> list[Person]:
    """Let the design institute take part: the rosters know no designer."""
    moment = at(since, 8, 0)
    unit = create_unit(
        name="龙江油田设计院", kind=UnitKind.UNIT, parent=field.company, since=since, actor=None, at=moment
    )
    people = []
    for name in ("沈绘川", "宁图南"):
        person = Person.objects.create(
            name=name, initials=initials_of(name), unit=unit, valid_from=since, job_title="设计工程师",
            political_status=PoliticalStatus.MASSES,
        )  # fmt: skip
        join_body(
            person=person, body=field.zone_body, kind=MembershipKind.PARTICIPATION, since=since, actor=None, at=moment
        )
        people.append(person)
    add_participating_unit(
        zone=field.zone, unit=unit, role=ParticipantRole.DESIGNER, since=since, actor=field.clerk, at=moment,
        contact=people[0],
    )  # fmt: skip
    return people


def _standards(field: Field, moment: datetime) -> None:
    """The unit's own rule, pace, causes and templates, set by its committee."""
    body = field.zone.sponsor
    terms = RatingTerms(Decimal("95.0"))
    set_rating_rule(
        body=body, terms=terms, actor=field.clerk, at=moment, text="外观一次合格，资料与实体同步，样板段经各方看过。"
    )
    set_baseline(
        body=body, old_days=Decimal(10), target_days=Decimal(2), hours=DayHours(), actor=field.clerk, at=moment
    )
    add_cause(body=body, name="吊车调配不到位", actor=field.clerk, at=moment)
    for name, lines in (("管道安装", PIPING), ("设备基础", FOUNDATION)):
        save_template(body=body, name=name, lines=[LineIn(*line) for line in lines], actor=field.clerk, at=moment)


def _crossing(field: Field, since: date, now: datetime) -> None:
    """276 processes, all accepted and all excellent: kept on paper then, taken over now."""
    project = Project.objects.get(name=CROSSING)
    builders, supervisors = _people(BUILDER, 6), _people("庆安监理有限公司", 2)
    raters = _people("基建管理中心", 2)
    span = max(1, ((project.completed_on or now.date()) - since).days - 1)
    rows, number = [], 0
    for unit_work, lots in WORKS:
        for lot in range(1, lots + 1):
            for name in TWELVE:
                day = since + timedelta(days=number * span // 276)
                three = [builders[(number + place) % 6].pk for place in range(3)]
                past = _past(supervisors[number % 2], day, three, raters[number % 2], 19 + number % 2)
                parts = (unit_work, "主体", "管道安装", f"{unit_work}第 {lot} 批")
                rows.append(PlanRow(parts, name, HOLDS.get(name, "ordinary"), lot="第一标段", past=past))
                number += 1
    build_structure(project=project, rows=rows, actor=field.clerk, at=now - timedelta(days=6))


def _past(supervisor: Person, day: date, three: Sequence[int], rater: Person, passed: int) -> Past:
    """Return how a process went on paper: twenty points measured, excellent from nineteen on."""
    return Past(
        supervisor.pk, day, self_by=three[0], mutual_by=three[1], special_by=three[2], is_excellent=passed >= 19,
        rated_by=rater.pk, measured=20, passed=passed,
    )  # fmt: skip


def _site(
    field: Field, project: Project, builders: list[Person], supervisors: list[Person], owners: list[Person], since: date,
    now: datetime,
) -> list[WorkProcess]:  # fmt: skip
    """Five inspection lots, some done on paper before, one process sent back, hold points that wait."""
    rows = []
    for lot, *parts, lines, done in LOTS:
        names = (str(parts[0]), str(parts[1]), str(parts[2]), str(parts[3]))
        for place, (name, point, standard) in enumerate(lines):
            past = None
            if place < done - 1:
                day = max(since, now.date() - timedelta(days=30 - 3 * place))
                three = [person.pk for person in builders[:3]]
                past = _past(supervisors[0], day, three, owners[1], 20 if place % 4 != 3 else 18)
            rows.append(PlanRow(names, name, point, standard, lot=lot, past=past))
    processes = build_structure(project=project, rows=rows, actor=field.clerk, at=now - timedelta(days=9))
    place = 0
    for *_parts, lines, done in LOTS:
        if done:
            _accept(processes[place + done - 1], builders, supervisors[0], now - timedelta(days=4))
        place += len(lines)
    welded = _fresh(processes[8])
    _check(welded, builders, now - timedelta(days=3), Check.SELF, Check.MUTUAL, Check.SPECIAL)
    rebar = _fresh(processes[17])
    _check(rebar, builders, now - timedelta(days=2), Check.SELF, Check.MUTUAL, Check.SPECIAL)
    fault = Shown("箍筋间距超差 3 处，保护层垫块缺失。", [site_photo(9100)])
    send_back(process=_fresh(rebar), actor=supervisors[0], at=now - timedelta(days=1, hours=20), shown=fault)
    dug = _fresh(processes[20])
    _check(dug, builders, now - timedelta(hours=5), Check.SELF, Check.MUTUAL, Check.SPECIAL)
    done_well = _fresh(processes[5])
    rate_process(process=done_well, is_excellent=True, actor=owners[1], at=now - timedelta(days=3, hours=2))
    return processes


def _accept(process: WorkProcess, builders: list[Person], supervisor: Person, moment: datetime) -> None:
    fresh = _fresh(process)
    _check(fresh, builders, moment, Check.SELF, Check.MUTUAL, Check.SPECIAL)
    fresh = _fresh(process)
    if fresh.point == "standby":
        stand_by(
            process=fresh,
            actor=supervisor,
            at=moment + timedelta(hours=2),
            shown=Shown("14:00 至 16:30 全程旁站，分层厚度 300 mm。"),
        )
    accept_process(process=fresh, actor=supervisor, at=moment + timedelta(hours=3), shown=Shown("实测与报验一致。"))


def _fresh(process: WorkProcess) -> WorkProcess:
    return WorkProcess.objects.select_related("project", "part").get(pk=process.pk)


def _check(process: WorkProcess, builders: list[Person], moment: datetime, *checks: Check) -> None:
    for place, check in enumerate(checks):
        shown = Shown("实测 20 点。", measured=20, passed=20) if check == Check.SPECIAL else NOTHING_SHOWN
        check_process(
            process=process, check=check, actor=builders[place], at=moment + timedelta(minutes=25 * place), shown=shown
        )


def _reviews(field: Field, project: Project, designers: list[Person], owners: list[Person], now: datetime) -> None:
    """Most are issued within two working days; one with a comment waits for its answer."""
    calendar, reviewers = statutory_calendar(), owners[:2]
    for title, number, discipline, ago, hours, has_comment, is_issued in DRAWINGS:
        day = previous_working_day(calendar, now.date() - timedelta(days=ago))
        begun = min(at(day, 8, 40), now - timedelta(hours=4))
        seats = [Seat(reviewers[0], field.lead, "工艺"), Seat(reviewers[1], None, "造价")]
        text = ReviewText(title, discipline, seats, number, "一标段")
        review = submit_review(project=project, text=text, actor=designers[0], at=begun)
        give_opinion(review=review, opinion=Opinion.AGREES, actor=reviewers[1], at=begun + timedelta(hours=1))
        comments = [CommentText("管道穿墙处缺套管", f"{number}-3", "GB 50540")] if has_comment else []
        opinion, by = (Opinion.COMMENTS, field.lead) if has_comment else (Opinion.AGREES, reviewers[0])
        said = begun + timedelta(hours=hours)
        review = give_opinion(
            review=review, opinion=opinion, actor=by, at=min(said, now - timedelta(hours=1)), comments=comments
        )
        if not is_issued:
            continue
        if has_comment:
            said = _answered(review, designers[0], field.lead, said)
        issue(review=review, actor=field.clerk, at=said + timedelta(hours=1))


def _answered(review: DesignReview, designer: Person, raiser: Person, said: datetime) -> datetime:
    """Let the designer answer the comment, the raiser accept it, and the next round begin."""
    later = said + timedelta(hours=2)
    for item in WorkItem.objects.filter(kind="design_comment", source_id=review.pk, state="open").select_related(
        "owner"
    ):
        answer = Said(note="已补套管，见修改云线。", values={"answer": "adopted"})
        take_step(item=item, step="answer", actor=designer, at=later, said=answer)
        take_step(item=item, step="accept", actor=raiser, at=later + timedelta(minutes=20))
    resubmit(review=review, actor=designer, at=later + timedelta(minutes=30))
    return later + timedelta(hours=1)


def _losses(
    project: Project, builders: list[Person], owners: list[Person], processes: Sequence[WorkProcess],
    now: datetime,
) -> None:  # fmt: skip
    unit = AdminUnit.objects.get(name="基建管理中心", valid_until=None)
    for kind, cause, crew, people, hours, cost, ago, is_agreed in LOSSES:
        moment = now - timedelta(days=ago)
        values = {"crew": crew, "people": str(people), "hours": hours, "cost": cost,
                  "basis": "定额人工单价 × 签证工时，机械停置另计"}  # fmt: skip
        text = LossText(
            kind, cause, moment.date(), values, unit, AdminUnit.objects.get(name=BUILDER, valid_until=None), owners[0],
            "碰头会上各方都在，监理见证。", "一标段", processes[17] if kind == LossKind.REWORK else None,
            moment + timedelta(days=7),
        )  # fmt: skip
        claim = record_loss(project=project, text=text, actor=builders[1], at=moment)
        if is_agreed:
            take_step(item=claim.item, step="confirm", actor=owners[0], at=moment + timedelta(days=1))


def _points(field: Field, project: Project, builders: list[Person], supervisors: list[Person], now: datetime) -> None:
    """Two of the three checks are made; of three points one is closed."""
    moment = now - timedelta(days=8)
    for aspect in (Aspect.DESIGN, Aspect.QUALITY):
        record_aspect(project=project, aspect=aspect, checked_on=moment.date(), actor=supervisors[0], at=moment)
    wanted = (
        (Aspect.DESIGN, "1号泵出口缺放空阀", "补设计变更单，加 DN25 放空阀", builders[0]),
        (Aspect.QUALITY, "法兰螺栓露丝不足 2 扣", "更换加长螺栓并复检", builders[1]),
        (Aspect.QUALITY, "管廊护栏接地跨接缺 2 处", "补焊跨接线，测接地电阻", builders[2]),
    )
    for number, (aspect, title, measure, owner) in enumerate(wanted):
        text = PointText(aspect, title, owner, now + timedelta(days=3 + number), measure, place="注水站")
        item = raise_point(project=project, text=text, actor=supervisors[0], at=moment + timedelta(hours=number))
        if number == 1:
            fixed = Said(note="24 套全部更换，逐个复拧。", uploads=[site_photo(9200)])
            take_step(item=item, step="fix", actor=owner, at=now - timedelta(days=3), said=fixed)
            take_step(item=item, step="verify", actor=field.lead, at=now - timedelta(days=2))


def _approvals(field: Field, project: Project, owners: list[Person], now: datetime) -> None:
    text = ApprovalText(
        ApprovalKind.LAND, "管线临时用地", "区自然资源局", ("预审", "勘测定界", "批复"), owners[1], "耕地保护科", "0459-5550101",
        expected_on=now.date() - timedelta(days=20),
    )  # fmt: skip
    land = register_approval(project=project, text=text, actor=field.clerk, at=now - timedelta(days=60))
    submit_approval(
        approval=land,
        day=now.date() - timedelta(days=55),
        told=NOTHING_TOLD,
        actor=owners[1],
        at=now - timedelta(days=55),
    )
    get_approval(
        approval=land, day=now.date() - timedelta(days=24), document_number="区资规临〔2026〕17号",
        told=Told("批复文件", [site_photo(9300)]), actor=owners[1], at=now - timedelta(days=24),
    )  # fmt: skip


def _sun(field: Field, sun: Project, now: datetime) -> None:
    """Green power waits for authorities: the grid for 23 days at one stage."""
    owner = Person.objects.filter(unit=sun.unit, valid_until=None).order_by("pk").first() or field.lead
    wanted = (
        (ApprovalKind.GRID, "12 MW 光伏并网", "市供电公司", ("接入系统方案", "方案批复", "并网协议", "调度协议", "并网验收"), "发展策划部",
         "补送短路电流计算书", 51, 23, 12),
        (ApprovalKind.QUOTA, "年度新能源建设指标", "省能源局", ("材料受理", "主管部门审核", "下达指标"), "新能源处",
         "等月度会审，周三电话问进度", 70, 34, -5),
        (ApprovalKind.GREEN_TRADE, "绿电交易单元注册", "省电力交易中心", ("交易单元注册", "合同签订", "校核备案"), "市场服务部",
         "备齐并网意见后提交", 0, 0, 60),
    )  # fmt: skip
    for number, (kind, title, authority, stages, contact, next_step, ago, stage_ago, expected) in enumerate(wanted):
        moment = now - timedelta(days=ago + 5)
        text = ApprovalText(
            kind, title, authority, stages, owner, contact, f"0459-555020{number}", next_step,
            now + timedelta(days=2 + number), now.date() + timedelta(days=expected),
        )  # fmt: skip
        made = register_approval(project=sun, text=text, actor=field.clerk, at=moment)
        if ago:
            told = {"told": NOTHING_TOLD, "actor": field.clerk, "approval": made}
            submit_approval(day=now.date() - timedelta(days=ago), at=now - timedelta(days=ago), **told)  # type: ignore[arg-type]
            advance_approval(day=now.date() - timedelta(days=stage_ago), at=now - timedelta(days=stage_ago), **told)  # type: ignore[arg-type]


def _side(field: Field, unit: str) -> list[Person]:
    """Return those of the zone's crew who come from a unit, those who can log in last."""
    rows = Person.objects.filter(pk__in=[person.pk for person in field.crew], unit__name=unit, valid_until=None)
    return sorted(rows.select_related("account").order_by("pk"), key=lambda person: person.account is not None)


def _people(unit: str, count: int) -> list[Person]:
    return list(Person.objects.filter(unit__name=unit, valid_until=None).order_by("pk")[:count])
