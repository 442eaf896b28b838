"""The text that the sides start from: a form of open places, filled with the names and days that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from ronghe.domain.agreements.calc.checks import LONGEST_TITLE
from ronghe.domain.agreements.calc.content import Content, Goal, Section


@dataclass(frozen=True, slots=True)
class GoalForm:
    """A goal that the sides start from; a number that the form leaves open is the sides' to say."""

    id: str
    head: str
    title: str
    unit: str
    better: str
    baseline: Decimal
    target: Decimal


@dataclass(frozen=True, slots=True)
class Form:
    """A text with the open places {project}, {parties}, {starts_on}, {ends_on}. `reference` names its playbook."""

    title: str
    preamble: str
    sections: tuple[Section, ...]
    goals: tuple[GoalForm, ...]
    reference: str = ""


LETTER = Form(
    title="联创共建攻关{project}合作意向书",
    preamble=(
        "为找准党建工作与生产经营的切入点，{parties}经协商，就联创共建、攻关{project}中的重点难点达成如下意向，"
        "自{starts_on}起至{ends_on}止。"
    ),
    sections=(
        Section(
            "overall_idea", "总体思路",
            "围绕{project}建设的重点难点立项攻关，把组织、目标、过程、职责融合起来，做到一个项目锻炼一个团队、"
            "收获一份经验、树立一个品牌。",
        ),
        Section(
            "plan", "实施方案",
            "成立项目攻关临时党小组，逐项难点定人员、定目标、定责任、定时限。\n"
            "每月集中联合学习一次，每两个月举办主题党日一次。\n"
            "现场按顺序召开党小组会、安全交底会、技术交底会。",
        ),
        Section("outcome", "目标成果", "项目按期完工；形成可复制的标准范本和典型案例；队伍技能与项目要求相匹配。"),
        Section(
            "resources", "资源共享与责任分担",
            "{parties}共用会议场所、设备、专家和课程；各自承担本单位人员的安全教育与管理责任。",
        ),
    ),
    goals=(
        GoalForm("joint_study", "party_building", "集中联合学习", "次", "up", Decimal(0), Decimal(6)),
        GoalForm("hard_points", "project", "解决项目重点难点", "项", "up", Decimal(0), Decimal(5)),
        GoalForm("talks", "ideology", "攻关人员谈心谈话覆盖", "%", "up", Decimal(0), Decimal(100)),
    ),
)  # fmt: skip

SAFETY = Form(
    title="{project}作业区域安全管理协议",
    preamble=(
        "{parties}在{project}同一作业区域内生产经营，可能危及对方生产安全。根据《中华人民共和国安全生产法》第四十八条，"
        "签订本协议，自{starts_on}起至{ends_on}止。"
    ),
    sections=(
        Section("duties", "各方安全管理职责", "各方对本单位人员、设备和作业负责，落实入场教育、作业许可和现场监护。"),
        Section("measures", "应当采取的安全措施", "交叉作业前共同辨识风险，确定隔离、监护和通信办法，书面告知作业人员。"),
        Section("officer", "安全检查与协调", "指定专职安全生产管理人员进行安全检查与协调；发现问题当场通知整改并登记。"),
        Section("emergency", "应急与事故报告", "发生险情立即停止作业、撤离人员并通知各方；事故按规定逐级报告。"),
    ),
    goals=(
        GoalForm("accidents", "project", "安全环保事故", "起", "down", Decimal(0), Decimal(0)),
        GoalForm("briefings", "project", "进场人员安全交底", "%", "up", Decimal(0), Decimal(100)),
    ),
)  # fmt: skip

SUPPLEMENT = Form(
    title="{agreement}补充协议",
    preamble="{parties}就“{agreement}”订立补充协议，自{starts_on}起至{ends_on}止。未作变更的内容仍按原意向书执行。",
    sections=(Section("changes", "变更内容", "把原文的哪一部分改成什么，写在这里。"),),
    goals=(),
)  # fmt: skip

NEUTRAL = {"letter_of_intent": LETTER, "safety": SAFETY}


def form_from(playbook: Any) -> Form | None:
    """Return the form that a playbook gives, in Chinese as the paper is; `None` where it gives none."""
    given = playbook.agreement
    if given is None:
        return None
    return Form(
        title=given.title.zh,
        preamble=given.preamble.zh,
        sections=tuple(Section(section.id, section.title.zh, section.text.zh) for section in given.sections),
        goals=tuple(_goal_form(goal) for goal in given.goals),
        reference=playbook.reference,
    )


def filled(
    form: Form, *, kind: str, project: str, sides: Sequence[str], starts_on: date, ends_on: date, review_months: int,
    agreement: str = "",
) -> Content:  # fmt: skip
    """Return the form's text with every open place filled; goals are due on the last day.

    `agreement` is the title of the one that is supplemented.
    """
    places = {
        "{project}": project,
        "{parties}": "、".join(sides),
        "{starts_on}": chinese_day(starts_on),
        "{ends_on}": chinese_day(ends_on),
        "{agreement}": agreement,
    }
    return Content(
        kind=kind, title=_put(form.title, places)[:LONGEST_TITLE], project=project, sides=tuple(sides), starts_on=starts_on,
        ends_on=ends_on, review_months=review_months, preamble=_put(form.preamble, places),
        sections=tuple(Section(s.id, _put(s.title, places), _put(s.text, places)) for s in form.sections),
        goals=tuple(
            Goal(g.id, g.head, g.title, g.unit, g.better, g.baseline, g.target, ends_on) for g in form.goals
        ),
        supplements=agreement,
    )  # fmt: skip


def chinese_day(day: date) -> str:
    """Return 2026年9月14日, as the paper writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _put(text: str, places: dict[str, str]) -> str:
    """Fill places one after another in one walk, so that nothing put in is read for places again."""
    parts, rest = [], text
    while rest:
        found = [(at, place) for place in places if (at := rest.find(place)) >= 0]
        if not found:
            break
        at, place = min(found)
        parts += [rest[:at], places[place]]
        rest = rest[at + len(place) :]
    return "".join([*parts, rest])


def _goal_form(goal: Any) -> GoalForm:
    better = str(goal.better)
    first, last = (Decimal(0), Decimal(1)) if better == "up" else (Decimal(1), Decimal(0))
    return GoalForm(
        goal.id, str(goal.head), goal.title.zh, goal.unit.zh, better, _number(goal.baseline, first),
        _number(goal.target, last),
    )  # fmt: skip


def _number(text: str | None, otherwise: Decimal) -> Decimal:
    try:
        return otherwise if text is None else Decimal(text)
    except InvalidOperation:
        return otherwise
