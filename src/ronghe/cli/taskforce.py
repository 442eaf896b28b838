"""`ronghe taskforce`: difficult points with the four fixes."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.taskforce_people import PEOPLE
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.taskforces.models import DifficultPoint, TaskForce

EPILOG = """\b
举例：
  ronghe --as yilong taskforce list
  ronghe --as yilong taskforce propose 3 28 仪陇数字化攻关小组 陈立 --member 李江 --member 何春
  ronghe --as dangqun taskforce act 1 approve
  ronghe --as yilong taskforce raise 1 technical 老站仪表协议不统一
  ronghe --as yilong taskforce fix 4 李江 --duty 李江=现场调试 --goal 误码率降到0.1%以下 --due 2026-10-20
  ronghe --as yilong taskforce start 1 --playbook yilong_4plus1@1
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
ACTS = ("approve", "submit", "withdraw", "call_off", "wind_up", "resume", "close")
KINDS = ("technical", "construction", "safety", "quality", "material", "coordination", "people", "other")


@click.group(epilog=EPILOG, short_help=_("项目攻关临时党小组"))
def taskforce() -> None:
    """项目攻关临时党小组。"""


for _command in PEOPLE:
    taskforce.add_command(_command)


@taskforce.command("list", short_help=_("列出攻关党小组"))
@click.option("--state", default="", help="只看这个状态，例如 under_way")
@click.option("--search", default="", help="小组、项目或品牌里的字")
@_json
def list_(state: str, search: str, as_json: bool) -> None:
    """列出您能看到的攻关党小组，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.selectors import list_forces

    found = list_forces(actor, timezone.now(), words=search, state=state, size=500)
    if as_json:
        _print([_force(row) for row in found.rows])
        return
    for row in found.rows:
        click.echo(f"{row.pk:>6}  {row.name}  {row.project.name}  {row.get_state_display()}")
    click.echo(_("共 %(count)s 个。") % {"count": found.count})


@taskforce.command("show", short_help=_("看一个小组和它的难点"))
@_number
@_json
def show(number: int, as_json: bool) -> None:
    """看攻关党小组 NUMBER：组员、难点和四定。"""
    force = _seen(acting_person(), number)
    from django.utils import timezone

    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.taskforces.selectors import members_on, point_lines

    day = local_day(timezone.now())
    members = list(members_on(force, day))
    lines = point_lines(list(force.points.order_by("number")), day)
    if as_json:
        people = [{"id": row.pk, "name": row.person.name, "part": row.part} for row in members]
        points = [_point(line.point) | {"missing": [fix.value for fix in line.missing]} for line in lines]
        _print(_force(force) | {"members": people, "points": points})
        return
    click.echo(f"{force.name}  {force.get_state_display()}")
    for row in members:
        click.echo(f"  {row.get_part_display()}  {row.person.name}")
    for line in lines:
        charge = line.in_charge.name if line.in_charge else "—"
        click.echo(f"{line.point.pk:>6}  {line.point.title}  {charge}  {line.point.get_state_display()}")


@taskforce.command("propose", short_help=_("提出成立小组"))
@click.argument("project", type=int, metavar="PROJECT")
@click.argument("parent", metavar="PARENT")
@click.argument("name")
@click.argument("leader")
@click.option("--member", "members", multiple=True, help="组员的姓名或员工号，可写多个")
@click.option("--guide", help="跟踪指导人")
@_json
def propose(
    project: int, parent: str, name: str, leader: str, members: tuple[str, ...], guide: str | None, as_json: bool
) -> None:
    """为项目 PROJECT 在党组织 PARENT 下面提出成立小组 NAME，组长 LEADER。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import body_called, person_called
    from ronghe.domain.agreements.selectors import agreement_in_force
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import bodies_seen_by
    from ronghe.domain.projects.selectors import projects_seen_by
    from ronghe.domain.taskforces.selectors import may_be_asked
    from ronghe.domain.taskforces.services.proposing import propose_task_force, sides_of

    now = timezone.now()
    found = projects_seen_by(actor, now).filter(pk=project).first()
    if found is None:
        raise NotFound
    body = body_called(parent, bodies_seen_by(actor, now))
    agreement = agreement_in_force(found, local_day(now))
    sides = [body.pk, *(side.pk for side in sides_of(agreement))] if agreement is not None else [body.pk]
    people = may_be_asked(sides, now)
    made = propose_task_force(
        name=name, project=found, parent=body, leader=person_called(leader, people),
        guide=person_called(guide, people) if guide else None,
        people=[person_called(one, people) for one in members], actor=actor, at=now,
    )  # fmt: skip
    _tell(_force(made), _("已报党群部门批准，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@taskforce.command("act", short_help=_("批准、撤回、收尾、结束"))
@_number
@click.argument("which", type=click.Choice(ACTS), metavar="ACT")
@_json
def act(number: int, which: str, as_json: bool) -> None:
    """对小组 NUMBER 办一步：approve 批准、submit 重新提交、withdraw 撤回、call_off 取消、wind_up 收尾、resume 继续、close 结束。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.services import proposing, running

    acts: dict[str, Any] = {
        "approve": proposing.approve_task_force, "submit": proposing.submit_task_force,
        "withdraw": proposing.withdraw_task_force, "call_off": running.call_off_task_force,
        "wind_up": running.wind_up_task_force, "resume": running.resume_task_force, "close": running.close_task_force,
    }  # fmt: skip
    made = acts[which](force=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(_force(made), made.get_state_display(), as_json=as_json)


@taskforce.command("return", short_help=_("退回申请"))
@_number
@click.option("--reason", required=True, help="为什么退回")
@_json
def return_(number: int, reason: str, as_json: bool) -> None:
    """把小组 NUMBER 的申请退回支部，写明原因。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.services.proposing import return_task_force

    made = return_task_force(force=_seen(actor, number), reason=reason, actor=actor, at=timezone.now())
    _tell(_force(made), _("已退回支部。"), as_json=as_json)


@taskforce.command("start", short_help=_("启动攻关"))
@_number
@click.option("--playbook", default="", help="采用的范本，例如 yilong_4plus1@1")
@_json
def start(number: int, playbook: str, as_json: bool) -> None:
    """启动小组 NUMBER：意向书已生效（SD-02），难点都已四定（SD-03）。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.playbooks.selectors.books import shelved_as
    from ronghe.domain.taskforces.services.running import start_task_force

    shelved = shelved_as(playbook) if playbook else None
    if playbook and shelved is None:
        raise NotFound
    made = start_task_force(
        force=_seen(actor, number), playbook=shelved.playbook if shelved else None, actor=actor, at=timezone.now()
    )
    _tell(_force(made), _("攻关启动。"), as_json=as_json)


@taskforce.command("points", short_help=_("列出难点"))
@click.option("--overdue", is_flag=True, help="只看逾期的")
@click.option("--mine", is_flag=True, help="只看我的")
@_json
def points(overdue: bool, mine: bool, as_json: bool) -> None:
    """列出您能看到的难点，新的在前。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.selectors import list_points

    found = list_points(actor, timezone.now(), overdue=overdue, mine=mine, size=500)
    if as_json:
        _print([_point(row) for row in found.rows])
        return
    for row in found.rows:
        click.echo(f"{row.pk:>6}  {row.title}  {row.task_force.name}  {row.due_on or '—'}  {row.get_state_display()}")
    click.echo(_("共 %(count)s 个。") % {"count": found.count})


@taskforce.command("clock", short_help=_("各类难点的用时"))
@_json
def clock(as_json: bool) -> None:
    """各类难点从提出到解决用了几小时。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.enums import DifficultyKind
    from ronghe.domain.taskforces.selectors import clock_by_kind

    rows = clock_by_kind(actor, timezone.now())
    if as_json:
        _print([
            {"kind": row.kind, "open": row.open, "resolved": row.resolved, "median_hours": row.median_hours}
            for row in rows
        ])  # fmt: skip
        return
    for row in rows:
        middle = "—" if row.median_hours is None else row.median_hours
        click.echo(f"{DifficultyKind(row.kind).label}  {row.open}  {row.resolved}  {middle}")


@taskforce.command("raise", short_help=_("提出难点"))
@_number
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("title")
@click.option("--text", default="", help="具体情况")
@_json
def raise_(number: int, kind: str, title: str, text: str, as_json: bool) -> None:
    """在小组 NUMBER 提出一个难点 TITLE，从现在起计时。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.enums import DifficultyKind
    from ronghe.domain.taskforces.services.points import raise_point

    made = raise_point(
        force=_seen(actor, number), title=title, kind=DifficultyKind(kind), text=text, actor=actor, at=timezone.now()
    )
    _tell(_point(made), _("难点已提出，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@taskforce.command("fix", short_help=_("给难点四定"))
@_number
@click.argument("charge")
@click.option("--duty", "duties", multiple=True, required=True, help="谁=什么责任，可写多个")
@click.option("--goal", required=True, help="做到什么程度算解决")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), required=True, help="时限")
@click.option("--baseline", help="现状值")
@click.option("--target", help="目标值")
@click.option("--unit", default="", help="单位")
@_json
def fix(
    number: int, charge: str, duties: tuple[str, ...], goal: str, due: datetime, baseline: str | None,
    target: str | None, unit: str, as_json: bool,
) -> None:  # fmt: skip
    """给难点 NUMBER 四定：CHARGE 负责，每人的责任，目标和时限。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.cli.finding import person_called
    from ronghe.domain.org.models import Person
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.taskforces.selectors import members_on
    from ronghe.domain.taskforces.services.points import Fixes, fix_point

    now = timezone.now()
    point = _seen_point(actor, number)
    inside = members_on(point.task_force, local_day(now)).order_by().values("person_id")
    people = Person.objects.filter(pk__in=inside)
    said = [one.partition("=") for one in duties]
    fixes = Fixes(
        duties=[(person_called(who, people), duty[:120]) for who, _mark, duty in said],
        in_charge=person_called(charge, people), goal=goal[:200], due_on=due.date(), baseline=_figure(baseline),
        target=_figure(target), unit=unit[:12],
    )  # fmt: skip
    _tell(_point(fix_point(point=point, fixes=fixes, actor=actor, at=now)), _("四定已存下。"), as_json=as_json)


@taskforce.command("note", short_help=_("记进展"))
@_number
@click.argument("text")
@click.option("--figure", help="现在的数值")
@_json
def note(number: int, text: str, figure: str | None, as_json: bool) -> None:
    """记难点 NUMBER 的进展。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.services.points import note_progress

    point = _seen_point(actor, number)
    note_progress(point=point, text=text[:400], figure=_figure(figure), actor=actor, at=timezone.now())
    _tell(_point(point), _("进展已记下。"), as_json=as_json)


@taskforce.command("resolve", short_help=_("办结难点"))
@_number
@click.argument("result")
@click.option("--actual", help="达到的数值")
@_json
def resolve(number: int, result: str, actual: str | None, as_json: bool) -> None:
    """办结难点 NUMBER，写明结果 RESULT。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.services.points import resolve_point

    point = _seen_point(actor, number)
    resolve_point(point=point, result=result[:400], actual=_figure(actual), actor=actor, at=timezone.now())
    _tell(_point(point), _("难点已办结。"), as_json=as_json)


@taskforce.command("hand-over", short_help=_("移交难点"))
@_number
@click.argument("to")
@_json
def hand_over(number: int, to: str, as_json: bool) -> None:
    """把难点 NUMBER 移交给别人办，写明交给谁、接着怎么办。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.services.points import hand_over_point

    made = hand_over_point(point=_seen_point(actor, number), to=to[:400], actor=actor, at=timezone.now())
    _tell(_point(made), _("难点已移交。"), as_json=as_json)


@taskforce.command("outcome", short_help=_("写成果"))
@_number
@click.argument("kind", type=click.Choice(("team", "experience", "brand")), metavar="KIND")
@click.argument("text")
@_json
def outcome(number: int, kind: str, text: str, as_json: bool) -> None:
    """写小组 NUMBER 的一项成果：team 团队、experience 经验、brand 品牌。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.taskforces.enums import OutcomeKind
    from ronghe.domain.taskforces.services.outcomes import write_outcome

    force = _seen(actor, number)
    write_outcome(force=force, kind=OutcomeKind(kind), text=text[:2000], actor=actor, at=timezone.now())
    _tell(_force(force), _("成果已存下。"), as_json=as_json)


def _figure(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        figure = Decimal(text)
    except InvalidOperation as error:
        raise click.BadParameter(text) from error
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 10:
        raise click.BadParameter(text)
    return round(figure, 4)


def _seen(actor: Person, number: int) -> TaskForce:
    from django.utils import timezone

    from ronghe.domain.taskforces.selectors import forces_seen_by

    found = forces_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _seen_point(actor: Person, number: int) -> DifficultPoint:
    from django.utils import timezone

    from ronghe.domain.taskforces.selectors import points_seen_by

    found = points_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _force(found: TaskForce) -> dict[str, Any]:
    return {
        "id": found.pk, "name": found.name, "project": found.project.name, "parent": found.parent.name,
        "state": found.state, "brand": found.brand,
    }  # fmt: skip


def _point(found: DifficultPoint) -> dict[str, Any]:
    return {
        "id": found.pk, "title": found.title, "kind": found.kind, "state": found.state, "goal": found.goal,
        "due_on": f"{found.due_on}" if found.due_on else None, "result": found.result,
    }  # fmt: skip


def _tell(data: dict[str, Any], said: str, *, as_json: bool) -> None:
    _print(data) if as_json else click.echo(said)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
