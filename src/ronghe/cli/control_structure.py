"""`ronghe control`: the parts of a project one by one, its processes before anybody entered them, and templates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.control_finding import project_called
from ronghe.cli.finding import body_called, row_called
from ronghe.cli.telling import JSON, NUMBER, tell
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.control.models import ProcessTemplate, WorkPart, WorkProcess
    from ronghe.domain.control.services.templates import LineIn
    from ronghe.domain.org.models import Person

LEVELS = ("unit_work", "division", "section", "inspection_lot")
POINTS = ("ordinary", "hold", "witness", "standby")
PIECES = 4


class LineUnreadable(DomainError):
    code = "control_template_line_unreadable"
    sentence = N_("看不懂工序“%(text)s”。请写成“名称|witness|标准|24”，后面几项可以不写。")
    status = 422


@click.command("part", short_help=_("加一个验收划分"))
@NUMBER
@click.argument("level", type=click.Choice(LEVELS), metavar="LEVEL")
@click.argument("name")
@click.option("--below", type=int, default=None, help="在哪个验收划分下面（编号）")
@click.option("--lot", default="", help="标段，只有单位工程写")
@JSON
def part(number: int, level: str, name: str, below: int | None, lot: str, as_json: bool) -> None:
    """给项目 NUMBER 加验收划分 NAME：LEVEL 是 unit_work、division、section 或 inspection_lot。"""
    actor, now = acting_now()
    from ronghe.domain.control.enums import PartLevel
    from ronghe.domain.control.models import WorkPart
    from ronghe.domain.control.services.structure import add_part

    project = project_called(actor, number)
    parent = row_called(below, WorkPart.objects.filter(project=project)) if below is not None else None
    made = add_part(project=project, level=PartLevel(level), name=name, parent=parent, lot=lot, actor=actor, at=now)
    tell(_part_row(made), _("已加上，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("part-rename", short_help=_("给验收划分改名"))
@click.argument("part", type=int, metavar="PART")
@click.argument("name")
@click.option("--lot", default=None, help="标段，不写就不变")
@JSON
def part_rename(part: int, name: str, lot: str | None, as_json: bool) -> None:
    """把验收划分 PART（编号）改名为 NAME。"""
    actor, now = acting_now()
    from ronghe.domain.control.services.structure import change_part

    found = _part(actor, part, now)
    made = change_part(part=found, name=name, lot=found.lot if lot is None else lot, actor=actor, at=now)
    tell(_part_row(made), _("已改。"), as_json=as_json)


@click.command("part-drop", short_help=_("去掉空的验收划分"))
@click.argument("part", type=int, metavar="PART")
def part_drop(part: int) -> None:
    """去掉验收划分 PART（编号）；里面要没有东西。"""
    actor, now = acting_now()
    from ronghe.domain.control.services.structure import drop_part

    drop_part(part=_part(actor, part, now), actor=actor, at=now)
    click.echo(_("已去掉。"))


@click.command("process-change", short_help=_("改还没开始的工序"))
@click.argument("process", type=int, metavar="PROCESS")
@click.option("--name", default=None, help="名称")
@click.option(
    "--point", type=click.Choice(POINTS), default=None, help="ordinary 一般、hold 停检点、witness 见证点、standby 旁站"
)
@click.option("--standard", default=None, help="标准")
@click.option("--notice", type=int, default=None, help="提前几小时通知见证")
@click.option("--before", "befores", multiple=True, type=int, help="先要验收哪道工序（编号），可写多个；写了就换成这些")
@click.option("--no-before", is_flag=True, help="前面不需要别的工序")
@JSON
def process_change(
    process: int, name: str | None, point: str | None, standard: str | None, notice: int | None,
    befores: tuple[int, ...], no_before: bool, as_json: bool,
) -> None:  # fmt: skip
    """改工序 PROCESS（编号）；没有写的不变。"""
    actor, now = acting_now()
    from ronghe.domain.control.calc.plan import PlanRow
    from ronghe.domain.control.selectors.structure import path_of, processes_of
    from ronghe.domain.control.services.structure import change_process

    found = _process(actor, process, now)
    parts = path_of(found.part)
    row = PlanRow(
        (parts[0], parts[1], parts[2], parts[3]), found.name if name is None else name, point or found.point,
        found.standard if standard is None else standard, found.notice_hours if notice is None else notice,
    )  # fmt: skip
    others = processes_of(found.project)
    before = [row_called(one, others) for one in befores] if befores or no_before else None
    made = change_process(process=found, row=row, before=before, actor=actor, at=now)
    tell(_process_row(made), _("已改。"), as_json=as_json)


@click.command("process-drop", short_help=_("去掉还没开始的工序"))
@click.argument("process", type=int, metavar="PROCESS")
def process_drop(process: int) -> None:
    """去掉工序 PROCESS（编号）；它前后的工序接上。"""
    actor, now = acting_now()
    from ronghe.domain.control.services.structure import drop_process

    drop_process(process=_process(actor, process, now), actor=actor, at=now)
    click.echo(_("已去掉。"))


@click.command("templates", short_help=_("列出工序模板"))
@click.option("--body", required=True, help="哪个组织：名称或编号")
@JSON
def templates(body: str, as_json: bool) -> None:
    """列出一个组织能用的工序模板：自己的和上级的。"""
    actor, now = acting_now()
    from ronghe.domain.control.selectors.structure import templates_for
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.org.selectors.people import bodies_seen_by

    found = body_called(body, bodies_seen_by(actor, now))
    rows = [_template_row(one) for one in templates_for(found.pk, local_day(now))]
    lines = [f"{row['id']:>6}  {row['body']}  {row['name']}  {len(row['lines'])}" for row in rows]
    tell(rows, "\n".join(lines), as_json=as_json)


@click.command("template", short_help=_("写工序模板"))
@click.argument("name")
@click.option("--body", required=True, help="哪个组织：名称或编号")
@click.option("--line", "lines", multiple=True, required=True, help="工序：名称|witness|标准|24，可写多个")
@click.option("--replace", type=int, default=None, help="重写这个模板（编号）")
@JSON
def template(name: str, body: str, lines: tuple[str, ...], replace: int | None, as_json: bool) -> None:
    """给一个组织写工序模板 NAME；用过它的项目不变。"""
    actor, now = acting_now()
    from ronghe.domain.control.selectors.structure import templates_kept_by
    from ronghe.domain.control.services.templates import save_template

    keeper = body_called(body, templates_kept_by(actor, now))
    made = save_template(
        body=keeper, name=name, lines=[_line(text) for text in lines], actor=actor, at=now,
        template=_kept(actor, replace, now) if replace is not None else None,
    )  # fmt: skip
    tell(_template_row(made), _("模板已存下，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("template-withdraw", short_help=_("停用工序模板"))
@click.argument("template", type=int, metavar="TEMPLATE")
def template_withdraw(template: int) -> None:
    """停用工序模板 TEMPLATE（编号）。"""
    actor, now = acting_now()
    from ronghe.domain.control.services.templates import withdraw_template

    withdraw_template(template=_kept(actor, template, now), actor=actor, at=now)
    click.echo(_("已停用。"))


@click.command("template-use", short_help=_("把工序模板写进检验批"))
@click.argument("template", type=int, metavar="TEMPLATE")
@click.argument("part", type=int, metavar="PART")
@JSON
def template_use(template: int, part: int, as_json: bool) -> None:
    """把工序模板 TEMPLATE 的工序写进检验批 PART（都是编号）。"""
    actor, now = acting_now()
    from ronghe.domain.control.selectors.structure import templates_for
    from ronghe.domain.control.services.structure import use_template
    from ronghe.domain.org.rules.reaches import local_day

    lot = _part(actor, part, now)
    chosen = row_called(template, templates_for(lot.project.body_id, local_day(now)))
    made = use_template(template=chosen, part=lot, actor=actor, at=now)
    said = _("已写入 %(count)s 道工序。") % {"count": len(made)}
    tell([_process_row(one) for one in made], said, as_json=as_json)


STRUCTURE_COMMANDS = (
    part, part_rename, part_drop, process_change, process_drop, templates, template, template_withdraw, template_use,
)  # fmt: skip


def _part(actor: Person, number: int, now: datetime) -> WorkPart:
    from ronghe.domain.control.models import WorkPart
    from ronghe.domain.control.selectors.sides import projects_controlled

    rows = WorkPart.objects.filter(project__in=projects_controlled(actor, now).order_by().values("pk"))
    return row_called(number, rows.select_related("project", "parent__parent__parent"))


def _process(actor: Person, number: int, now: datetime) -> WorkProcess:
    from ronghe.domain.control.selectors.structure import processes_seen_by

    return row_called(number, processes_seen_by(actor, now))


def _kept(actor: Person, number: int, now: datetime) -> ProcessTemplate:
    from ronghe.domain.control.models import ProcessTemplate
    from ronghe.domain.control.selectors.structure import templates_kept_by

    kept = templates_kept_by(actor, now).order_by().values("pk")
    return row_called(number, ProcessTemplate.objects.filter(body__in=kept).select_related("body"))


def _line(text: str) -> LineIn:
    """Read 名称|witness|标准|24.

    :raises LineUnreadable: it is none
    """
    from ronghe.domain.control.services.templates import LineIn

    pieces = [piece.strip() for piece in text.split("|")]
    if len(pieces) > PIECES or (len(pieces) > 1 and pieces[1] not in ("", *POINTS)):
        raise LineUnreadable(text=text)
    name, point, standard, hours = (*pieces, "", "", "")[:PIECES]
    line = LineIn(name, point or POINTS[0], standard)
    if not hours:
        return line
    if not hours.isascii() or not hours.isdigit():
        raise LineUnreadable(text=text)
    return LineIn(name, point or POINTS[0], standard, int(hours))


def _part_row(one: WorkPart) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "level": one.level, "below": one.parent_id, "lot": one.lot}


def _process_row(one: WorkProcess) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "point": one.point, "standard": one.standard, "notice": one.notice_hours}


def _template_row(one: ProcessTemplate) -> dict[str, Any]:
    lines = one.lines.order_by("number")
    return {
        "id": one.pk, "body": one.body.name, "name": one.name,
        "lines": [{"name": line.name, "point": line.point, "standard": line.standard} for line in lines],
    }  # fmt: skip
