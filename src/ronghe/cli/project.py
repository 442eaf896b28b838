"""`ronghe project`: the projects that agreements, zones and task forces are about."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now, acting_person
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from ronghe.domain.org.models import Person
    from ronghe.domain.projects.models import Project

EPILOG = """\b
举例：
  ronghe --as dangqun project list --state under_way
  ronghe --as dangqun project register 南I-1联合站改造 --body 12 --kind station_renovation --from 2026-03-01 --until 2026-12-20
  ronghe --as dangqun project start 3 --day 2026-03-05
  ronghe --as dangqun project take-back 3
"""

_number = click.argument("number", type=int, metavar="NUMBER")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")


@click.group(epilog=EPILOG, short_help=_("项目"))
def project() -> None:
    """项目：登记、更改、开工、完工、取消。"""


@project.command("list", short_help=_("列出项目"))
@click.option("--search", default="", help="名称、地点或单位里的字")
@click.option("--kind", default="", help="类别代码")
@click.option("--state", default="", help="状态：planned、under_way、completed、called_off")
@click.option("--late", is_flag=True, help="只列超过计划完工日期的")
@_json
def list_(search: str, kind: str, state: str, late: bool, as_json: bool) -> None:
    """列出您能看到的项目，最多 1000 个。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.projects.selectors import list_projects

    listed = list_projects(actor, timezone.now(), words=search, kind=kind, state=state, late=late, size=1000)
    if as_json:
        click.echo(json.dumps([_row(found) for found in listed], ensure_ascii=False))
        return
    for found in listed:
        click.echo(f"{found.pk:>6}  {found.get_state_display()}  {found.ends_on}  {found.name}  {found.unit.name}")
    click.echo(_("共 %(count)s 个项目。") % {"count": listed.count})


@project.command("register", short_help=_("登记项目"))
@click.argument("name")
@click.option("--body", type=int, required=True, help="负责的党组织编号")
@click.option("--kind", required=True, help="类别代码，如 station_renovation")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="计划开工日期")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="计划完工日期")
@click.option("--place", default="", help="地点")
@click.option("--yuan", type=click.IntRange(0, 10**13), help="投资，元")
@click.option("--difficulty", default="ordinary", help="难度：ordinary、hard、very_hard")
@_json
def register(
    name: str, body: int, kind: str, since: datetime, until: datetime, place: str, yuan: int | None, difficulty: str,
    as_json: bool,
) -> None:  # fmt: skip
    """登记项目 NAME，由党组织所在的单位建设。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.projects.enums import Difficulty, ProjectKind
    from ronghe.domain.projects.selectors import bodies_to_register_for
    from ronghe.domain.projects.services.projects import register_project

    if kind not in ProjectKind.values or difficulty not in Difficulty.values:
        raise click.BadParameter(_("没有这个代码：%(codes)s") % {"codes": f"{kind} {difficulty}"})
    now = timezone.now()
    responsible = bodies_to_register_for(actor, now).filter(pk=body).first()
    if responsible is None or responsible.unit is None:
        raise NotFound
    made = register_project(
        name=name[:120], kind=ProjectKind(kind), unit=responsible.unit, body=responsible, starts_on=since.date(),
        ends_on=until.date(), place=place[:80], investment_yuan=yuan, difficulty=Difficulty(difficulty), actor=actor,
        at=now,
    )  # fmt: skip
    _tell(made, _("已登记，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@project.command("change", short_help=_("改项目"))
@_number
@click.option("--name", help="名称")
@click.option("--place", help="地点")
@click.option("--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), help="计划开工日期")
@click.option("--until", "ends_on", type=click.DateTime(["%Y-%m-%d"]), help="计划完工日期")
@click.option("--yuan", "investment_yuan", type=click.IntRange(0, 10**13), help="投资，元")
@click.option("--difficulty", type=click.Choice(["ordinary", "hard", "very_hard"]), help="难度")
@_json
def change(
    number: int, starts_on: datetime | None, ends_on: datetime | None, as_json: bool, **said: Any
) -> None:  # fmt: skip
    """改项目 NUMBER；没有写的不动。"""
    actor, now = acting_now()
    from ronghe.domain.projects.services.projects import change_project

    days = {"starts_on": starts_on, "ends_on": ends_on}
    changes = {name: value for name, value in said.items() if value is not None}
    changes |= {name: value.date() for name, value in days.items() if value is not None}
    made = change_project(project=_seen(actor, number), actor=actor, at=now, **changes)
    _tell(made, _("已改。"), as_json=as_json)


@project.command("start", short_help=_("登记开工"))
@_number
@_day
@_json
def start(number: int, day: datetime | None, as_json: bool) -> None:
    """登记项目 NUMBER 开工。"""
    actor = acting_person()
    from ronghe.domain.projects.services.projects import start_project

    _on_a_day(start_project, actor, number, day, _("已开工。"), as_json=as_json)


@project.command("complete", short_help=_("登记完工"))
@_number
@_day
@_json
def complete(number: int, day: datetime | None, as_json: bool) -> None:
    """登记项目 NUMBER 完工。"""
    actor = acting_person()
    from ronghe.domain.projects.services.projects import complete_project

    _on_a_day(complete_project, actor, number, day, _("已完工。"), as_json=as_json)


@project.command("call-off", short_help=_("取消项目"))
@_number
@_json
def call_off(number: int, as_json: bool) -> None:
    """取消项目 NUMBER。"""
    actor = acting_person()
    from ronghe.domain.projects.services.projects import call_off_project

    _on_a_day(call_off_project, actor, number, None, _("项目已取消。"), as_json=as_json)


@project.command("take-back", short_help=_("撤回开工、完工或取消"))
@_number
@_json
def take_back_(number: int, as_json: bool) -> None:
    """撤回项目 NUMBER 最近的一步。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.projects.services.projects import take_back

    made = take_back(project=_seen(actor, number), actor=actor, at=timezone.now())
    _tell(made, _("已撤回，现在是“%(state)s”。") % {"state": made.get_state_display()}, as_json=as_json)


def _on_a_day(
    act: Callable[..., Project], actor: Person, number: int, day: datetime | None, said: str, *, as_json: bool
) -> None:
    from django.utils import timezone

    from ronghe.domain.org.rules.reaches import local_day

    now = timezone.now()
    made = act(project=_seen(actor, number), day=day.date() if day else local_day(now), actor=actor, at=now)
    _tell(made, said, as_json=as_json)


def _seen(actor: Person, number: int) -> Project:
    from django.utils import timezone

    from ronghe.domain.projects.selectors import projects_seen_by

    found = projects_seen_by(actor, timezone.now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(found: Project) -> dict[str, Any]:
    return {
        "id": found.pk, "name": found.name, "kind": found.kind, "state": found.state, "unit": found.unit.name,
        "body": found.body.name, "starts_on": f"{found.starts_on}", "ends_on": f"{found.ends_on}",
        "investment_yuan": found.investment_yuan,
    }  # fmt: skip


def _tell(found: Project, said: str, *, as_json: bool) -> None:
    click.echo(json.dumps(_row(found), ensure_ascii=False) if as_json else said)
