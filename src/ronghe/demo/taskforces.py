"""The task forces of 仪陇: one at work with three difficult points, one that closed with its outcomes, one to be approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.demo.zone_papers import secretary_of
from ronghe.domain.agreements.enums import BINDING, AgreementKind
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.org.enums import MembershipKind, PoliticalStatus
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.projects.models import Project
from ronghe.domain.taskforces.enums import DifficultyKind, OutcomeKind
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.services.outcomes import Figure, track_task_force, write_outcome
from ronghe.domain.taskforces.services.points import Fixes, note_progress, raise_point, resolve_point
from ronghe.domain.taskforces.services.proposing import approve_task_force, propose_task_force
from ronghe.domain.taskforces.services.running import (
    close_task_force,
    describe_task_force,
    start_task_force,
    wind_up_task_force,
)

BRANCH = "仪陇输气作业区党支部"
RUNNING, CLOSED, PROPOSED = (
    "新型输气作业区攻关临时党小组",
    "中心站集中监视攻关临时党小组",
    "无人值守站改造攻关临时党小组",
)


@dataclass(slots=True)
class Ground:
    """What the task forces stand on: two branches, their agreement, and who of them takes part."""

    project: Project
    branch: PartyOrg
    secretary: Person
    other_secretary: Person
    own: list[Person]
    others: list[Person]
    begins_on: date


def show_taskforces(field: Field, since: date, now: datetime) -> None:
    """Close one, run one with points in every state, and leave one waiting for the office."""
    ground = _ground(since, now)
    if ground is None:
        return
    room = (now.date() - ground.begins_on).days
    if room < 12:  # the story needs some days behind it
        return
    _close_one(field, ground, ground.begins_on, ground.begins_on + timedelta(days=max(6, room * 2 // 3)))
    _run_one(field, ground, ground.begins_on + timedelta(days=max(3, room // 3)), now)
    _propose_one(ground, now)


def force_called(name: str) -> TaskForce | None:
    """Return the demonstration's task force of that name."""
    return TaskForce.objects.filter(name=name).select_related("body", "project").first()


def _ground(since: date, now: datetime) -> Ground | None:
    branch = PartyOrg.objects.get(name=BRANCH, valid_until=None)
    agreement = _agreement(branch, now.date())
    if agreement is None:
        return None
    others = [party.body for party in agreement.parties.select_related("body") if party.body_id != branch.pk]
    begins_on = max(agreement.valid_from or since, since) + timedelta(days=2)
    secretary, other = secretary_of(branch, now), secretary_of(others[0], now)
    return Ground(
        agreement.project, branch, secretary, other, _members(branch, secretary)[:5], _members(others[0], other)[:3],
        begins_on,
    )  # fmt: skip


def _agreement(branch: PartyOrg, day: date) -> Agreement | None:
    """Return the letter of intent that binds the branch on a project today."""
    rows = Agreement.objects.filter(
        kind=AgreementKind.LETTER_OF_INTENT, parties__body=branch, state__in=sorted(BINDING), supplements=None
    ).select_related("project")
    return next((row for row in rows.order_by("pk") if agreement_in_force(row.project, day) == row), None)


def _members(branch: PartyOrg, secretary: Person) -> list[Person]:
    """Return the full members at home in a branch, its secretary left out."""
    rows = Membership.objects.filter(
        body=branch, kind=MembershipKind.HOME, valid_until=None,
        person__political_status=PoliticalStatus.FULL_MEMBER,
    )  # fmt: skip
    return [row.person for row in rows.exclude(person=secretary).select_related("person").order_by("pk")]


def _found(field: Field, ground: Ground, name: str, day: date, leader: Person) -> TaskForce:
    force = propose_task_force(
        name=name, project=ground.project, parent=ground.branch, leader=leader, guide=ground.other_secretary,
        people=[one for one in (*ground.own[:4], *ground.others) if one not in (leader, ground.other_secretary)],
        actor=ground.secretary, at=at(day, 9, 0), base_place="仪陇中心站会议室",
        base_note="展板、党员承诺牌、项目进度表、学习角",
    )  # fmt: skip
    return approve_task_force(force=force, actor=field.clerk, at=at(day, 16, 0))


def _raise(
    ground: Ground, force: TaskForce, title: str, kind: DifficultyKind, day: date, *, goal: str, people: list[Person],
    duties: tuple[str, ...], due_on: date, measured: tuple[str, str, str] | None = None, text: str = "",
) -> DifficultPoint:  # fmt: skip
    baseline, target, unit = measured or ("", "", "")
    fixes = Fixes(
        duties=list(zip(people, duties, strict=False)), in_charge=people[0], goal=goal, due_on=due_on,
        baseline=Decimal(baseline) if baseline else None, target=Decimal(target) if target else None, unit=unit,
    )  # fmt: skip
    return raise_point(
        force=force, title=title, kind=kind, text=text, fixes=fixes, actor=ground.secretary, at=at(day, 10, 30)
    )


def _close_one(field: Field, ground: Ground, day: date, end: date) -> None:
    leader = ground.own[1]
    force = _found(field, ground, CLOSED, day, leader)
    point = _raise(
        ground, force, "中心站看不到支站实时画面", DifficultyKind.TECHNICAL, day, goal="全部支站画面接入中心站",
        people=[leader, ground.others[-1]], duties=("现场接入和调试", "网络和平台配置"), due_on=end,
        measured=("2", "9", "座"),
    )  # fmt: skip
    start_task_force(force=force, actor=ground.secretary, at=at(day + timedelta(days=1), 9, 0))
    middle = day + (end - day) / 2
    note_progress(point=point, text="5 座支站已接入，画面稳定。", figure=Decimal(5), actor=leader, at=at(middle, 17, 0))
    track_task_force(
        force=force, day=middle, text="到中心站看接入效果，要求补齐夜间照明。", actor=ground.other_secretary,
        at=at(middle, 18, 0),
    )  # fmt: skip
    last = end - timedelta(days=2)
    resolve_point(
        point=point, result="9 座支站画面全部接入中心站，夜间补光后清晰可辨。", actual=Decimal(9), actor=leader,
        at=at(last, 16, 0),
    )  # fmt: skip
    describe_task_force(
        force=force,
        feature="一站一策、当天问题当天清",
        brand="集中监视先锋",
        actor=leader,
        at=at(day + timedelta(days=2), 9, 0),
    )
    wind_up_task_force(force=force, actor=ground.secretary, at=at(last, 17, 0))
    _write_outcomes(force, leader, end - timedelta(days=1))
    close_task_force(force=force, actor=ground.secretary, at=at(end, 10, 0))


def _write_outcomes(force: TaskForce, leader: Person, day: date) -> None:
    said: tuple[tuple[OutcomeKind, str, list[Figure]], ...] = (
        (OutcomeKind.TEAM, "双方 7 名党员一起调试，3 人学会独立接入和排障，1 人转为中心站值班骨干。",
         [Figure("能独立接入的人", Decimal(3), Decimal(0), "人")]),
        (OutcomeKind.EXPERIENCE, "形成《支站视频接入作业卡》：先勘查、再布点、后联调，一站半天。",
         [Figure("接入一座站用时", Decimal("0.5"), Decimal(3), "天")]),
        (OutcomeKind.BRAND, "“集中监视先锋”在处内推广，另两个作业区来现场观摩。", []),
    )  # fmt: skip
    for kind, text, figures in said:
        write_outcome(force=force, kind=kind, text=text, figures=figures, actor=leader, at=at(day, 15, 0))


def _run_one(field: Field, ground: Ground, day: date, now: datetime) -> None:
    leader, hands, today = ground.own[0], ground.own[1:4], now.date()
    force = _found(field, ground, RUNNING, day, leader)
    first = _raise(
        ground, force, "老站仪表协议不统一，数据上不来", DifficultyKind.TECHNICAL, day,
        text="三个厂家四种协议，有的还是模拟量。", goal="全部仪表数据接入中心站", due_on=today - timedelta(days=5),
        people=[hands[0], ground.others[-1]], duties=("现场核对点表、接线", "协议转换和组态"), measured=("38", "126", "点"),
    )  # fmt: skip
    second = _raise(
        ground, force, "井站到中心站网络时断时续", DifficultyKind.TECHNICAL, day, text="雨天和夜间最明显。",
        goal="每月中断不超过 1 次", due_on=today + timedelta(days=12), people=[ground.others[-1], hands[1]],
        duties=("光路改造和备用链路", "现场配合、登记每次中断"), measured=("11", "1", "次"),
    )  # fmt: skip
    _raise(
        ground, force, "停输割接窗口短，三方要一次成", DifficultyKind.COORDINATION, day,
        goal="8 小时内完成割接，安全无事故", due_on=today - timedelta(days=1), people=[hands[2], leader],
        duties=("编割接方案、排时间表", "统一指挥、现场把关"), text="施工、调度、信息三方要在一个窗口里完成。",
    )  # fmt: skip
    book = shipped_playbook("yilong_4plus1")
    started = at(day + timedelta(days=1), 9, 0)
    start_task_force(force=force, actor=ground.secretary, at=started, playbook=book)
    describe_task_force(
        force=force, feature="一日一测、问题不过夜", brand="数智仪陇", actor=leader, at=started + timedelta(hours=1),
        messenger_url="https://work.weixin.qq.com/ca/cawcdedemo",
    )  # fmt: skip
    step = max(1, (today - day).days // 5)
    note_progress(
        point=first, text="点表核对完，71 点已上传。", figure=Decimal(71), actor=hands[0],
        at=at(day + timedelta(days=step), 17, 20),
    )  # fmt: skip
    solved = min(day + timedelta(days=3 * step), today - timedelta(days=6))
    resolve_point(
        point=first, result="加装 4 台协议转换网关，126 点全部上传，误码率 0.08%。", actual=Decimal(126), actor=hands[0],
        at=datetime.combine(max(solved, day + timedelta(days=step + 1)), time(16, 30), now.tzinfo),
    )  # fmt: skip
    note_progress(
        point=second, text="主光路改完，本月中断降到 4 次。", figure=Decimal(4), actor=ground.others[-1],
        at=at(today - timedelta(days=2), 18, 0),
    )  # fmt: skip
    for back, text in ((step * 2, "看协议转换调试，提醒先备份再切换。"), (3, "到光路改造现场，要求夜间作业双人双岗。")):
        seen = today - timedelta(days=back)
        track_task_force(force=force, day=seen, text=text, actor=ground.other_secretary, at=at(seen, 17, 40))


def _propose_one(ground: Ground, now: datetime) -> None:
    leader = ground.own[2]
    force = propose_task_force(
        name=PROPOSED, project=ground.project, parent=ground.branch, leader=leader, guide=ground.other_secretary,
        people=[one for one in (*ground.own[1:4], ground.others[-1]) if one not in (leader, ground.other_secretary)],
        feature="先试一座、再推六座", brand="", actor=ground.secretary, at=now - timedelta(hours=3),
    )  # fmt: skip
    raise_point(
        force=force, title="老站阀门没有远程执行机构", kind=DifficultyKind.MATERIAL, text="六座站共 42 台，型号不一。",
        actor=ground.secretary, at=now - timedelta(hours=2),
    )  # fmt: skip
