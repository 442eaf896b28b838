"""`ronghe body`: the trees on any day; founding, splitting, merging, moving, renaming, converting, dissolving; units."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.figures import figures, set_figure_
from ronghe.cli.finding import body_called, person_called
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
    from ronghe.domain.org.selectors.trees import Branch
    from ronghe.domain.structure.models import BodyAct

EPILOG = """\b
举例：
  ronghe --as dangqun body tree --day 2026-03-01
  ronghe --as dangqun body found 注水党支部 --kind branch --parent 东区党总支 --grounds 新建注水站
  ronghe --as dangqun body approve 12 --ref 厂党字〔2026〕3号
  ronghe --as dangqun body unit close 一班 --until 2026-09-01

\b
退出码：0 已办；1 不能办，原因见提示；2 写法看不懂。
"""


class NoSuchUnit(DomainError):
    code = "no_such_unit"
    sentence = N_("没有找到单位“%(name)s”，或者您不能查看；同名的请写编号。")
    status = 404


DAY = click.DateTime(["%Y-%m-%d"])
TREES = ("party", "union", "league", "unit")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_number = click.argument("number", type=int, metavar="NUMBER")
_body = click.argument("body", metavar="BODY")
_on = click.option("--on", type=DAY, help="生效日期，不写为今天")
_grounds = click.option("--grounds", required=True, help="事由")
_ref = click.option("--ref", default="", help="批复文号")


@click.group(epilog=EPILOG, short_help=_("党组织与单位：设立、调整、合并、撤销"))
def body() -> None:
    """党组织与单位：设立、调整、合并、撤销。"""


body.add_command(figures)
body.add_command(set_figure_)


@body.command("tree", short_help=_("看某天的架构"))
@click.option("--day", type=DAY, help="哪一天，不写为今天")
@click.option("--tree", type=click.Choice(TREES), default="party", show_default=True, help="哪一棵树")
@_json
def tree(day: datetime | None, tree: str, as_json: bool) -> None:
    """看某天的架构：名称、隶属、人数都是当天的。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.enums import BodyTree
    from ronghe.domain.structure.selectors.trees import body_tree, unit_tree

    now, on = timezone.now(), _day(day)
    found = (
        unit_tree(actor, now, day=on) if tree == "unit" else body_tree(actor, now, day=on, tree=BodyTree(tree))
    )  # fmt: skip
    if as_json:
        _print([_node(branch) for branch in found])
        return
    for branch in found:
        _draw(branch, 0)


@body.command("show", short_help=_("看一个组织"))
@_body
@_json
def show(body: str, as_json: bool) -> None:
    """看一个组织：人数、规则、办过的调整。"""
    actor = acting_person()
    from ronghe.domain.structure.selectors.acts import acts_of, acts_seen_by
    from ronghe.domain.structure.selectors.previews import size_of

    found = _one_body(actor, body)
    size = size_of(found, _day(None))
    seen = set(acts_seen_by(actor, _now()).values_list("pk", flat=True))
    acts = [act for act in acts_of(found) if act.pk in seen]
    if as_json:
        findings = [{"code": row.code, "rule": row.rule, "sentence": row.sentence} for row in size.findings]
        _print({
            "id": found.pk, "name": found.name, "kind": found.kind, "formal": size.headcount.formal,
            "all": size.headcount.all, "findings": findings, "acts": [_row(act) for act in acts],
        })  # fmt: skip
        return
    click.echo(f"#{found.pk} {found.name}  {found.get_kind_display()}")
    click.echo(_("正式 %(formal)s，总数 %(all)s") % {"formal": size.headcount.formal, "all": size.headcount.all})
    for row in size.findings:
        click.echo("  " + row.sentence)
    for act in acts:
        click.echo(f"  {act.effective_on}  {act.get_kind_display()}  {act.get_state_display()}")


@body.command("acts", short_help=_("列出组织调整"))
@click.option("--waiting", is_flag=True, help="只看等我批准的")
@_json
def acts(waiting: bool, as_json: bool) -> None:
    """列出在办的组织调整。"""
    actor = acting_person()
    from django.db.models import Q

    from ronghe.domain.structure.enums import OPEN_STATES
    from ronghe.domain.structure.selectors.acts import acts_to_decide, list_acts

    rows = (
        list(acts_to_decide(actor, _now())) if waiting
        else list(list_acts(actor, _now(), filters=Q(state__in=OPEN_STATES), size=200))
    )  # fmt: skip
    if as_json:
        _print([_row(act) for act in rows])
        return
    for act in rows:
        name = act.body.name if act.body is not None else act.name
        click.echo(f"{act.pk:>6}  {act.effective_on}  {act.get_kind_display()}  {act.get_state_display()}  {name}")


@body.command("found", short_help=_("设立"))
@click.argument("name", metavar="NAME")
@click.option("--kind", required=True, help="类型，如 branch、party_group、temporary_branch")
@click.option("--parent", required=True, help="上级组织")
@click.option("--person", "people", multiple=True, help="编入的人，可写多个")
@click.option("--unit", help="所在单位")
@click.option("--covers", multiple=True, help="覆盖的单位，可写多个")
@click.option("--ends", type=DAY, help="项目结束日期（临时党支部）")
@click.option("--outflow", default="", help="流出地党组织")
@click.option("--inflow", default="", help="流入地党组织")
@_on
@_grounds
@_ref
@_json
def found(name: str, kind: str, parent: str, people: tuple[str, ...], unit: str | None, covers: tuple[str, ...],
          ends: datetime | None, outflow: str, inflow: str, on: datetime | None, grounds: str, ref: str,
          as_json: bool) -> None:  # fmt: skip
    """提出设立一个组织；党小组由支部直接定（PO-08）。"""
    actor = acting_person()
    from ronghe.domain.structure.services.wanted import NewBody

    into = [NewBody(name, _kind(kind), [_person(actor, who) for who in people])]
    _propose(actor, "found", on, grounds, ref, as_json=as_json, parent=_one_body(actor, parent), into=into,
             unit=_one_unit(actor, unit) if unit else None, units=[_one_unit(actor, one) for one in covers],
             planned_end_on=ends.date() if ends else None, outflow_name=outflow, inflow_name=inflow)  # fmt: skip


@body.command("split", short_help=_("拆分"))
@_body
@click.argument("name", metavar="NAME")
@click.option("--person", "people", multiple=True, help="去新组织的人，可写多个")
@click.option("--group", "groups", multiple=True, help="整组去的党小组，可写多个")
@_on
@_grounds
@_ref
@_json
def split(body: str, name: str, people: tuple[str, ...], groups: tuple[str, ...], on: datetime | None, grounds: str,
          ref: str, as_json: bool) -> None:  # fmt: skip
    """从一个组织拆出一个新组织。"""
    actor = acting_person()
    from ronghe.domain.structure.services.wanted import NewBody

    source = _one_body(actor, body)
    new = NewBody(name, _kind(source.kind), [_person(actor, who) for who in people],
                  [_one_body(actor, group) for group in groups])  # fmt: skip
    _propose(actor, "split", on, grounds, ref, as_json=as_json, body=source, into=[new])


@body.command("merge", short_help=_("合并"))
@_body
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.option("--name", default="", help="合并后改名")
@_on
@_grounds
@_ref
@_json
def merge(body: str, others: tuple[str, ...], name: str, on: datetime | None, grounds: str, ref: str,
          as_json: bool) -> None:  # fmt: skip
    """把几个组织并入一个。"""
    actor = acting_person()
    _propose(actor, "merge", on, grounds, ref, as_json=as_json, body=_one_body(actor, body), name=name,
             others=[_one_body(actor, other) for other in others])  # fmt: skip


@body.command("move", short_help=_("调整隶属"))
@_body
@click.option("--parent", required=True, help="新的上级")
@_on
@_grounds
@_ref
@_json
def move(body: str, parent: str, on: datetime | None, grounds: str, ref: str, as_json: bool) -> None:
    """把一个组织调到另一个上级。"""
    actor = acting_person()
    _propose(actor, "move", on, grounds, ref, as_json=as_json, body=_one_body(actor, body),
             parent=_one_body(actor, parent))  # fmt: skip


@body.command("rename", short_help=_("更名"))
@_body
@click.argument("name", metavar="NAME")
@_on
@_grounds
@_ref
@_json
def rename(body: str, name: str, on: datetime | None, grounds: str, ref: str, as_json: bool) -> None:
    """给一个组织改名；以前的日子仍是原名。"""
    actor = acting_person()
    _propose(actor, "rename", on, grounds, ref, as_json=as_json, body=_one_body(actor, body), name=name)


@body.command("convert", short_help=_("改设"))
@_body
@click.option("--kind", required=True, help="改设为什么类型")
@click.option("--name", default="", help="改设后的名称")
@_on
@_grounds
@_ref
@_json
def convert(body: str, kind: str, name: str, on: datetime | None, grounds: str, ref: str, as_json: bool) -> None:
    """改设一个组织，如党支部改设党总支。"""
    actor = acting_person()
    _propose(actor, "convert", on, grounds, ref, as_json=as_json, body=_one_body(actor, body), body_kind=_kind(kind),
             name=name)  # fmt: skip


@body.command("dissolve", short_help=_("撤销组织"))
@_body
@click.option("--receiver", help="人员和下级归到哪个组织")
@_on
@_grounds
@_ref
@_json
def dissolve(
    body: str, receiver: str | None, on: datetime | None, grounds: str, ref: str, as_json: bool
) -> None:  # fmt: skip
    """撤销一个组织。"""
    actor = acting_person()
    _propose(actor, "dissolve", on, grounds, ref, as_json=as_json, body=_one_body(actor, body),
             receiver=_one_body(actor, receiver) if receiver else None)  # fmt: skip


@body.command("approve", short_help=_("批准"))
@_number
@_ref
@click.option("--note", default="", help="意见")
@_json
def approve(number: int, ref: str, note: str, as_json: bool) -> None:
    """批准一项调整；生效日期已到的当即办理。"""
    actor = acting_person()
    from ronghe.domain.structure.services.deciding import approve_act

    act = approve_act(act=_one_act(actor, number), actor=actor, at=_now(), approval_ref=ref, note=note)
    _tell(act, as_json=as_json)


@body.command("refuse", short_help=_("不批准"))
@_number
@click.option("--reason", required=True, help="为什么")
@_json
def refuse(number: int, reason: str, as_json: bool) -> None:
    """不批准一项调整，写明原因。"""
    actor = acting_person()
    from ronghe.domain.structure.services.deciding import refuse_act

    _tell(refuse_act(act=_one_act(actor, number), reason=reason, actor=actor, at=_now()), as_json=as_json)


@body.command("withdraw", short_help=_("撤回"))
@_number
@_json
def withdraw(number: int, as_json: bool) -> None:
    """撤回一项还没生效的调整。"""
    actor = acting_person()
    from ronghe.domain.structure.services.deciding import withdraw_act

    _tell(withdraw_act(act=_one_act(actor, number), actor=actor, at=_now()), as_json=as_json)


@body.command("note", short_help=_("登记知晓"))
@_number
@_json
def note(number: int, as_json: bool) -> None:
    """登记知晓支部对党小组的调整（PO-08）。"""
    actor = acting_person()
    from ronghe.domain.structure.services.deciding import note_act

    _tell(note_act(act=_one_act(actor, number), actor=actor, at=_now()), as_json=as_json)


@body.group("unit", short_help=_("单位与站场"))
def unit() -> None:
    """单位与站场。"""


@unit.command("create", short_help=_("设立单位"))
@click.argument("name", metavar="NAME")
@click.option("--kind", required=True, help="类型，如 station、team、operation_area")
@click.option("--parent", required=True, help="上级单位")
@click.option("--since", type=DAY, help="设立日期，不写为今天")
@_json
def unit_create(name: str, kind: str, parent: str, since: datetime | None, as_json: bool) -> None:
    """设立一个单位。"""
    actor = acting_person()
    from ronghe.domain.org.enums import UnitKind
    from ronghe.domain.org.services.trees import create_unit

    made = create_unit(name=name, kind=_choice(UnitKind, kind), parent=_one_unit(actor, parent), since=_day(since),
                       actor=actor, at=_now())  # fmt: skip
    _tell_unit(made, as_json=as_json)


@unit.command("move", short_help=_("调整单位隶属"))
@click.argument("name", metavar="UNIT")
@click.option("--parent", required=True, help="新的上级")
@click.option("--since", type=DAY, help="从哪天起，不写为今天")
@_json
def unit_move(name: str, parent: str, since: datetime | None, as_json: bool) -> None:
    """把一个单位调到另一个上级。"""
    actor = acting_person()
    from ronghe.domain.structure.services.units import move_unit

    moved = move_unit(unit=_one_unit(actor, name), parent=_one_unit(actor, parent), since=_day(since), actor=actor,
                      at=_now())  # fmt: skip
    _tell_unit(moved, as_json=as_json)


@unit.command("rename", short_help=_("单位更名"))
@click.argument("name", metavar="UNIT")
@click.argument("new", metavar="NAME")
@click.option("--since", type=DAY, help="从哪天起，不写为今天")
@_json
def unit_rename(name: str, new: str, since: datetime | None, as_json: bool) -> None:
    """给一个单位改名。"""
    actor = acting_person()
    from ronghe.domain.structure.services.units import rename_unit

    found = _one_unit(actor, name)
    _tell_unit(rename_unit(unit=found, name=new, since=_day(since), actor=actor, at=_now()), as_json=as_json)


@unit.command("close", short_help=_("撤销单位"))
@click.argument("name", metavar="UNIT")
@click.option("--until", type=DAY, help="从哪天起撤销，不写为今天")
@_json
def unit_close(name: str, until: datetime | None, as_json: bool) -> None:
    """撤销一个单位；里面还有人、下级或党组织的不能撤销。"""
    actor = acting_person()
    from ronghe.domain.structure.services.units import close_unit

    _tell_unit(
        close_unit(unit=_one_unit(actor, name), until=_day(until), actor=actor, at=_now()), as_json=as_json
    )  # fmt: skip


@unit.command("mode", short_help=_("定值守方式"))
@click.argument("name", metavar="UNIT")
@click.option("--staffing", required=True, help="attended 有人、sparse 少人、unattended 无人")
@click.option("--hub", help="归哪个中心站")
@click.option("--is-hub", is_flag=True, help="本站是中心站")
@click.option("--since", type=DAY, help="从哪天起，不写为今天")
@_json
def unit_mode(
    name: str, staffing: str, hub: str | None, is_hub: bool, since: datetime | None, as_json: bool
) -> None:  # fmt: skip
    """定一个站的值守方式和区域。"""
    actor = acting_person()
    from ronghe.domain.org.enums import StaffingMode
    from ronghe.domain.org.services.trees import set_station_mode

    station = _one_unit(actor, name)
    set_station_mode(station=station, staffing=_choice(StaffingMode, staffing), since=_day(since), is_hub=is_hub,
                     hub=_one_unit(actor, hub) if hub else None, actor=actor, at=_now())  # fmt: skip
    _tell_unit(station, as_json=as_json)


def _propose(
    actor: Person, kind: str, on: datetime | None, grounds: str, ref: str, *, as_json: bool, **wanted: Any
) -> None:
    from ronghe.domain.structure.enums import ActKind
    from ronghe.domain.structure.services.proposing import propose_act
    from ronghe.domain.structure.services.wanted import Wanted

    asked = Wanted(kind=ActKind(kind), effective_on=_day(on), grounds=grounds, approval_ref=ref, **wanted)
    _tell(propose_act(wanted=asked, actor=actor, at=_now()), as_json=as_json)


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def _day(given: datetime | None) -> date:
    from django.utils import timezone

    return given.date() if given is not None else timezone.localdate()


def _choice(kinds: Any, word: str) -> Any:
    if word not in kinds.values:
        raise click.BadParameter(", ".join(kinds.values))
    return kinds(word)


def _kind(word: str) -> Any:
    from ronghe.domain.org.enums import PartyOrgKind

    return _choice(PartyOrgKind, word)


def _one_body(actor: Person, name: str) -> PartyOrg:
    from ronghe.domain.org.selectors.people import bodies_seen_by

    return body_called(name, bodies_seen_by(actor, _now()))


def _person(actor: Person, who: str) -> Person:
    from ronghe.domain.org.selectors.people import people_seen_by

    return person_called(who, people_seen_by(actor, _now()))


def _one_unit(actor: Person, name: str) -> AdminUnit:
    from ronghe.domain.org.selectors.people import units_seen_by

    units = units_seen_by(actor, _now())
    found = units.filter(pk=int(name)).first() if name.isascii() and name.isdigit() else None
    named = [found] if found is not None else list(units.filter(name=name)[:2])
    if len(named) != 1:
        raise NoSuchUnit(name=name)
    return named[0]


def _one_act(actor: Person, number: int) -> BodyAct:
    from ronghe.domain.structure.selectors.acts import acts_seen_by

    found = acts_seen_by(actor, _now()).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _row(act: BodyAct) -> dict[str, Any]:
    return {
        "id": act.pk, "kind": act.kind, "state": act.state, "name": act.name,
        "body": act.body.name if act.body is not None else None, "approver": act.approver.name,
        "effective_on": act.effective_on.isoformat(), "due_on": act.due_on.isoformat() if act.due_on else None,
    }  # fmt: skip


def _tell(act: BodyAct, *, as_json: bool) -> None:
    if as_json:
        _print(_row(act))
        return
    click.echo(f"#{act.pk} {act.get_kind_display()}  {act.get_state_display()}")


def _tell_unit(found: AdminUnit, *, as_json: bool) -> None:
    if as_json:
        until = found.valid_until.isoformat() if found.valid_until else None
        _print({"id": found.pk, "name": found.name, "kind": found.kind, "valid_until": until})
        return
    click.echo(f"#{found.pk} {found.name}")


def _node(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.node.pk, "name": branch.name, "kind": branch.kind, "formal": branch.formal, "count": branch.count,
        "total": branch.total, "children": [_node(child) for child in branch.children],
    }  # fmt: skip


def _draw(branch: Branch, level: int) -> None:
    click.echo(f"{'  ' * level}{branch.name}  {branch.total}")
    for child in branch.children:
        _draw(child, level + 1)


def _print(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
