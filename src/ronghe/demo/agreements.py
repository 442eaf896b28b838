"""意向书 of the demonstration field: one in force and measured, one being negotiated, one half signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.projects import DIGITAL, STATION
from ronghe.domain.agreements.calc.content import Content, Section, read
from ronghe.domain.agreements.enums import AgreementKind
from ronghe.domain.agreements.models import Agreement, AgreementParty, AgreementVersion
from ronghe.domain.agreements.selectors.forms import form_named
from ronghe.domain.agreements.services.drafting import draft_agreement
from ronghe.domain.agreements.services.goals import read_goal
from ronghe.domain.agreements.services.negotiating import comment, consent, revise, settle_comment
from ronghe.domain.agreements.services.reviewing import Finding, review_agreement
from ronghe.domain.agreements.services.signing import sign
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person, PostHolding
from ronghe.domain.projects.models import Project

FORM = "yilong_4plus1@1"
READINGS = {
    "joint_studies": (1, 3, 5), "theme_days": (1, 1, 2), "member_lectures": (0, 2, 4), "points_resolved": (10, 35, 55),
    "tasks_in_time": (60, 82, 88), "accidents": (0, 0, 0), "three_settled": (70, 92, 100), "needs_met": (20, 45, 60),
}  # fmt: skip
"""Goal → what it stood at after a month, two and three and a half; the coverage of stations was never read."""
SOURCES = ("联合学习签到表", "项目攻关任务领办清单", "攻关党小组月度台账")


def show_agreements(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - every step is asked alike
    """Tell the story of the area and the information station, and what waits for the mine's secretary."""
    _in_force(since, now)
    _negotiated(now)
    _half_signed(now)


def _in_force(since: date, now: datetime) -> None:
    bodies = [_body("仪陇输气作业区党支部"), _body(f"{STATION}党支部")]
    secretaries = [_secretary(body) for body in bodies]
    project, begins = Project.objects.get(name=DIGITAL), since + timedelta(days=9)
    form, months = form_named(bodies[0], AgreementKind.LETTER_OF_INTENT, FORM, begins)
    agreement = draft_agreement(
        project=project, bodies=bodies, kind=AgreementKind.LETTER_OF_INTENT, form=form, starts_on=begins,
        ends_on=project.ends_on, review_months=months or 3, actor=secretaries[0], at=at(begins, 9, 0),
    )  # fmt: skip
    _revise(
        agreement, bodies[1], secretaries[1], at(begins, 14, 20), section="resources",
        text="双方共享场地、设备、专家和课程；信息站每周派一名技术员到中心站驻点，远程支持随叫随到。", note="写明驻点支持",
    )  # fmt: skip
    for body, secretary in zip(bodies, secretaries, strict=True):
        _consent(agreement, body, secretary, at(begins, 16, 0))
    for body, secretary in zip(bodies, secretaries, strict=True):
        _sign(agreement, body, secretary, at(begins, 16, 30))
    _read(agreement, bodies, secretaries, begins, now)
    held = min(begins + timedelta(days=94), now.date() - timedelta(days=3))
    goals = {goal.key: goal.pk for goal in agreement.goals.all()}
    review_agreement(
        agreement=agreement, party=_side(agreement, bodies[0]), held_on=held, actor=secretaries[0], at=at(held, 17, 0),
        conclusion="阀室远控联调已通，两项通信难点还在攻。下一步：信息站增派一人驻点，十二月底前完成中心站数据上线。",
        findings={goals["needs_met"]: Finding(None, "值班室网络改造等年底计划")},
    )  # fmt: skip


def _read(
    agreement: Agreement, bodies: Sequence[PartyOrg], secretaries: Sequence[Person], begins: date, now: datetime
) -> None:
    days = [begins + timedelta(days=30), begins + timedelta(days=61), begins + timedelta(days=92)]
    for goal in agreement.goals.select_related("agreement").filter(key__in=READINGS):
        for number, day in enumerate(days):
            if day >= now.date():
                continue
            who = number % 2
            read_goal(
                goal=goal, party=_side(agreement, bodies[who]), value=Decimal(READINGS[goal.key][number]), day=day,
                evidence=SOURCES[number], actor=secretaries[who], at=at(day, 17, 10),
            )  # fmt: skip


def _negotiated(now: datetime) -> None:
    """Two versions, remarks, and the mine's secretary to answer next."""
    bodies = [_body("第一采油厂第三油矿党支部"), _body("水务工程公司党支部")]
    mine, water = (_secretary(body) for body in bodies)
    project = Project.objects.filter(name__startswith="喇十七注水").order_by("pk")[0]
    day = now.date() - timedelta(days=4)
    agreement = _draft(project, bodies, mine, at(day, 10, 0))
    remark = comment(
        agreement=agreement, party=_side(agreement, bodies[1]), section="section:plan", actor=water,
        at=at(day, 15, 5), text="每两个月一次主题党日，停产对接期间人手紧，能否放到对接以后？",
    )  # fmt: skip
    comment(
        agreement=agreement, party=_side(agreement, bodies[0]), reply_to=remark, actor=mine, at=at(day, 16, 40),
        text="可以，对接前一周不安排。",
    )  # fmt: skip
    settle_comment(remark=remark, party=_side(agreement, bodies[1]), is_settled=True, actor=water, at=at(day, 16, 55))
    later = day + timedelta(days=2)
    _revise(
        agreement, bodies[1], water, at(later, 9, 30), section="plan", note="主题党日避开停产对接；难点改为六项",
        text="成立项目攻关临时党小组，逐项难点定人员、定目标、定责任、定时限。\n"
        "每月集中联合学习一次，每两个月举办主题党日一次，停产对接前一周不安排。\n"
        "现场按顺序召开党小组会、安全交底会、技术交底会。",
        goal=("hard_points", Decimal(6)),
    )  # fmt: skip
    _consent(agreement, bodies[1], water, at(later, 9, 40))
    comment(
        agreement=agreement, party=_side(agreement, bodies[1]), section="goal:hard_points", actor=water,
        at=at(later, 9, 45), text="污水沉降罐倒流程单列一项，所以改成六项。",
    )  # fmt: skip


def _half_signed(now: datetime) -> None:
    bodies = [_body("第一采油厂第三油矿党支部"), _body("油建二公司第六工程部党支部")]
    secretaries = [_secretary(body) for body in bodies]
    project = Project.objects.filter(name__startswith="喇十七管廊").order_by("pk")[0]
    day = now.date() - timedelta(days=2)
    agreement = _draft(project, bodies, secretaries[0], at(day, 11, 0))
    for body, secretary in zip(bodies, secretaries, strict=True):
        _consent(agreement, body, secretary, at(day, 15, 0))
    _sign(agreement, bodies[1], secretaries[1], at(day, 15, 30))


def _draft(project: Project, bodies: Sequence[PartyOrg], actor: Person, moment: datetime) -> Agreement:
    day = moment.date()
    return draft_agreement(
        project=project, bodies=bodies, kind=AgreementKind.LETTER_OF_INTENT, starts_on=day,
        ends_on=max(project.ends_on, day), actor=actor, at=moment,
    )  # fmt: skip


def _revise(
    agreement: Agreement, body: PartyOrg, actor: Person, moment: datetime, *, section: str, text: str, note: str,
    goal: tuple[str, Decimal] | None = None,
) -> None:  # fmt: skip
    content = _on_table(agreement)
    sections = tuple(Section(s.id, s.title, text if s.id == section else s.text) for s in content.sections)
    goals = tuple(replace(g, target=goal[1]) if goal and g.id == goal[0] else g for g in content.goals)
    revise(
        agreement=agreement, party=_side(agreement, body), content=replace(content, sections=sections, goals=goals),
        base=agreement.current, note_text=note, actor=actor, at=moment,
    )  # fmt: skip
    agreement.refresh_from_db()


def _consent(agreement: Agreement, body: PartyOrg, actor: Person, moment: datetime) -> None:
    side = _side(agreement, body)
    consent(agreement=agreement, party=side, number=agreement.current, actor=actor, at=moment)


def _sign(agreement: Agreement, body: PartyOrg, actor: Person, moment: datetime) -> None:
    digest = AgreementVersion.objects.get(agreement=agreement, number=agreement.current).digest
    sign(agreement=agreement, party=_side(agreement, body), digest=digest, actor=actor, at=moment)


def _on_table(agreement: Agreement) -> Content:
    return read(AgreementVersion.objects.get(agreement=agreement, number=agreement.current).content)


def _side(agreement: Agreement, body: PartyOrg) -> AgreementParty:
    return AgreementParty.objects.select_related("body__unit", "unit", "agreement").get(agreement=agreement, body=body)


def _body(name: str) -> PartyOrg:
    return PartyOrg.objects.get(name=name, valid_until=None)


def _secretary(body: PartyOrg) -> Person:
    held = PostHolding.objects.filter(body=body, role=PostRole.SECRETARY, valid_until=None)
    return held.select_related("person").order_by("pk")[0].person
