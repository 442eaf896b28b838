"""`ronghe schedule`: tasks changed and moved, lots, days off, the calendar, money, and baselines that come to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_now
from ronghe.cli.finding import row_called
from ronghe.cli.telling import DAY, JSON, tell
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _

if TYPE_CHECKING:
    from ronghe.domain.org.models import AdminUnit, Person
    from ronghe.domain.schedule.models import Baseline, Schedule, ScheduleTask

WAYS = ("up", "down", "in", "out")
BASES = ("every_day", "statutory", "file")
AMOUNTS = ("estimate", "budget", "change", "committed", "paid")

_project = click.argument("project", type=int, metavar="PROJECT")
_task = click.argument("uid", type=int, metavar="TASK")


class FigureUnreadable(DomainError):
    code = "schedule_figure_unreadable"
    sentence = N_("看不懂“%(text)s”，请写数字，如 10 或 0.5。")
    status = 422


@click.command("task-change", short_help=_("改任务"))
@_project
@_task
@click.option("--name", default=None, help="名称")
@click.option("--days", default=None, help="工期，天")
@click.option("--links", default=None, help="前置任务，如 3FS+2天, 5SS")
@click.option(
    "--stage", type=click.Choice(["", "designed", "started", "commissioned"]), default=None, help="设计完成、开工或投产"
)
@click.option("--key/--no-key", "is_key", default=None, help="关键任务")
@click.option("--milestone/--no-milestone", "is_milestone", default=None, help="里程碑")
@click.option("--notes", default=None, help="备注")
@JSON
def task_change(project: int, uid: int, days: str | None, as_json: bool, **wanted: Any) -> None:
    """改项目 PROJECT 的任务 TASK；没有写的不变。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.tasks import as_written, change_task

    found = _task_seen(actor, project, uid, now)
    changes = {key: value for key, value in wanted.items() if value is not None}
    if days is not None:
        changes["days"] = _decimal(days)
    made = change_task(task=found, text=replace(as_written(found), **changes), actor=actor, at=now)
    tell(_task_row(made), _("已改。"), as_json=as_json)


@click.command("move", short_help=_("上移、下移、降级、升级"))
@_project
@_task
@click.argument("way", type=click.Choice(WAYS), metavar="WAY")
@JSON
def move(project: int, uid: int, way: str, as_json: bool) -> None:
    """把任务 TASK 连同下级移动：WAY 是 up 上移、down 下移、in 降一级、out 升一级。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.tasks import move_task

    made = move_task(task=_task_seen(actor, project, uid, now), way=way, actor=actor, at=now)
    tell(_task_row(made), _("已移动。"), as_json=as_json)


@click.command("place", short_help=_("挪到哪天"))
@_project
@_task
@click.option("--day", type=DAY, default=None, help="从哪天起；不写就按前置任务排")
@JSON
def place(project: int, uid: int, day: datetime | None, as_json: bool) -> None:
    """让任务 TASK 不早于那天开始。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.tasks import place_task

    found = _task_seen(actor, project, uid, now)
    made = place_task(task=found, day=day.date() if day else None, actor=actor, at=now)
    tell(_task_row(made), _("已挪。"), as_json=as_json)


@click.command("remove", short_help=_("从计划里去掉"))
@_project
@_task
@JSON
def remove(project: int, uid: int, as_json: bool) -> None:
    """把任务 TASK 连同下级从计划里去掉；用 restore 放回来。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.tasks import remove_task

    gone = remove_task(task=_task_seen(actor, project, uid, now), actor=actor, at=now)
    tell([one.uid for one in gone], _("去掉了 %(count)s 个任务。") % {"count": len(gone)}, as_json=as_json)


@click.command("restore", short_help=_("放回计划"))
@_project
@_task
@JSON
def restore(project: int, uid: int, as_json: bool) -> None:
    """把去掉的任务 TASK 连同当时的下级放回计划。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.tasks import restore_task

    rows = _seen(actor, project, now).tasks.select_related("schedule__project", "lot")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    tell(_task_row(restore_task(task=found, actor=actor, at=now)), _("已放回计划。"), as_json=as_json)


@click.command("lots", short_help=_("列出标段"))
@_project
@JSON
def lots(project: int, as_json: bool) -> None:
    """列出项目 PROJECT 的标段。"""
    actor, now = acting_now()
    rows = _seen(actor, project, now).lots.select_related("unit").order_by("name", "pk")
    told = [{"id": one.pk, "name": one.name, "unit": one.unit.name if one.unit else None} for one in rows]
    tell(told, "\n".join(f"{row['id']:>6}  {row['name']}  {row['unit'] or '—'}" for row in told), as_json=as_json)


@click.command("lot", short_help=_("加、改、删标段"))
@_project
@click.option("--name", default=None, help="标段名称")
@click.option("--unit", default=None, help="施工单位：名称或编号")
@click.option("--change", "number", type=int, default=None, help="改这个标段（编号），没有写的不变")
@click.option("--remove", "gone", type=int, default=None, help="删这个标段（编号）")
@JSON
def lot(project: int, name: str | None, unit: str | None, number: int | None, gone: int | None, as_json: bool) -> None:
    """给项目 PROJECT 加标段；写 --change 就改，写 --remove 就删。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.plans import add_lot, change_lot, remove_lot

    schedule = _seen(actor, project, now)
    rows = schedule.lots.select_related("unit", "schedule__project")
    if gone is not None:
        remove_lot(lot=row_called(gone, rows), actor=actor, at=now)
        tell({"id": gone}, _("标段已删。"), as_json=as_json)
        return
    builder = _unit(schedule, unit, now) if unit is not None else None
    if number is None:
        made = add_lot(schedule=schedule, name=name or "", unit=builder, actor=actor, at=now)
    else:
        known = row_called(number, rows)
        made = change_lot(
            lot=known, name=known.name if name is None else name, unit=builder or known.unit, actor=actor, at=now
        )
    said = {"id": made.pk, "name": made.name, "unit": made.unit.name if made.unit else None}
    tell(said, _("标段已存下，编号 %(number)s。") % {"number": made.pk}, as_json=as_json)


@click.command("rest", short_help=_("登记停工"))
@_project
@click.argument("first", type=DAY)
@click.argument("last", type=DAY)
@click.option("--reason", required=True, help="为什么停工")
@JSON
def rest(project: int, first: datetime, last: datetime, reason: str, as_json: bool) -> None:
    """项目 PROJECT 从 FIRST 停工到 LAST（都含），计划重新排。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.plans import add_days_off

    made = add_days_off(
        schedule=_seen(actor, project, now), first_on=first.date(), last_on=last.date(), reason=reason, actor=actor,
        at=now,
    )  # fmt: skip
    tell(
        {"id": made.pk, "from_on": made.from_on, "until_on": made.until_on},
        _("停工已登记，计划重新排过。"),
        as_json=as_json,
    )


@click.command("work-on", short_help=_("停工的日子照常施工"))
@_project
@click.argument("first", type=DAY)
@JSON
def work_on(project: int, first: datetime, as_json: bool) -> None:
    """撤掉项目 PROJECT 从 FIRST 起的停工。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.plans import lift_days_off

    rows = _seen(actor, project, now).days_off.select_related("schedule__project", "schedule__calendar")
    found = rows.filter(from_on=first.date()).first()
    if found is None:
        raise NotFound
    lift_days_off(day_off=found, actor=actor, at=now)
    tell({"from_on": first.date()}, _("这几天照常施工。"), as_json=as_json)


@click.command("calendar", short_help=_("哪些天施工，哪天开始"))
@_project
@click.argument("base", type=click.Choice(BASES), metavar="BASE")
@click.option("--from", "begins_on", type=DAY, default=None, help="计划从哪天起，不写就不变")
@JSON
def calendar_(project: int, base: str, begins_on: datetime | None, as_json: bool) -> None:
    """定项目 PROJECT 的日历：BASE 是 every_day 每天施工、statutory 法定工作日、file 导入文件里的日历。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.enums import BaseCalendar
    from ronghe.domain.schedule.services.plans import set_calendar

    schedule = _seen(actor, project, now)
    begins = begins_on.date() if begins_on else schedule.begins_on
    made = set_calendar(schedule=schedule, base=BaseCalendar(base), begins_on=begins, actor=actor, at=now)
    tell({"base": made.base, "begins_on": made.begins_on}, _("日历已改，计划重新排过。"), as_json=as_json)


@click.command("amount", short_help=_("登记一笔投资"))
@_project
@click.argument("kind", type=click.Choice(AMOUNTS), metavar="KIND")
@click.argument("yuan")
@click.option("--day", type=DAY, default=None, help="哪一天，不写为今天")
@click.option("--source", required=True, help="写在哪里，如批复文号")
@click.option("--lot", "number", type=int, default=None, help="哪个标段（编号）")
@JSON
def amount(
    project: int, kind: str, yuan: str, day: datetime | None, source: str, number: int | None, as_json: bool
) -> None:
    """给项目 PROJECT 登记 YUAN 元：KIND 是 estimate 概算、budget 预算、change 变更、committed 合同额、paid 已付款。"""
    actor, now = acting_now()
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.schedule.enums import AmountKind
    from ronghe.domain.schedule.services.money import enter_amount

    schedule = _seen(actor, project, now)
    made = enter_amount(
        schedule=schedule, kind=AmountKind(kind), yuan=_decimal(yuan), day=day.date() if day else local_day(now),
        source=source, lot=row_called(number, schedule.lots.all()) if number is not None else None, actor=actor, at=now,
    )  # fmt: skip
    said = _("已登记，编号 %(number)s，等别人核实。") % {"number": made.pk}
    tell({"id": made.pk, "state": made.state}, said, as_json=as_json)


@click.command("vouch", short_help=_("核实或撤下一笔投资"))
@_project
@click.argument("number", type=int, metavar="AMOUNT")
@click.option("--withdraw", default="", metavar="REASON", help="撤下，写明原因")
@JSON
def vouch(project: int, number: int, withdraw: str, as_json: bool) -> None:
    """核实项目 PROJECT 登记的 AMOUNT（编号）；登记的人不能核实。写 --withdraw 就撤下。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.money import vouch_amount, withdraw_amount

    found = row_called(number, _seen(actor, project, now).amounts.select_related("schedule__project", "lot"))
    if withdraw:
        made = withdraw_amount(amount=found, reason=withdraw, actor=actor, at=now)
    else:
        made = vouch_amount(amount=found, actor=actor, at=now)
    tell({"id": made.pk, "state": made.state}, _("已撤下。") if withdraw else _("已核实，计入投资。"), as_json=as_json)


@click.command("refuse", short_help=_("不批准基线"))
@_project
@click.option("--decision", required=True, help="为什么不批准")
@JSON
def refuse(project: int, decision: str, as_json: bool) -> None:
    """不批准项目 PROJECT 等批准的基线；原来的仍有效。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.baselines import refuse_baseline

    found = _proposed(actor, project, now)
    made = refuse_baseline(baseline=found, decision=decision, actor=actor, at=now)
    tell({"number": made.number, "state": made.state}, _("没有批准。"), as_json=as_json)


@click.command("withdraw", short_help=_("撤回报批"))
@_project
@JSON
def withdraw_(project: int, as_json: bool) -> None:
    """撤回自己给项目 PROJECT 报批的基线。"""
    actor, now = acting_now()
    from ronghe.domain.schedule.services.baselines import withdraw_baseline

    made = withdraw_baseline(baseline=_proposed(actor, project, now), actor=actor, at=now)
    tell({"number": made.number, "state": made.state}, _("报批已撤回。"), as_json=as_json)


SETUP_COMMANDS = (
    task_change, move, place, remove, restore, lots, lot, rest, work_on, calendar_, amount, vouch, refuse, withdraw_,
)  # fmt: skip


def _seen(actor: Person, project: int, now: datetime) -> Schedule:
    from ronghe.domain.schedule.selectors.schedules import schedules_seen_by

    found = schedules_seen_by(actor, now).filter(project_id=project).first()
    if found is None:
        raise NotFound
    return found


def _task_seen(actor: Person, project: int, uid: int, now: datetime) -> ScheduleTask:
    rows = _seen(actor, project, now).tasks.standing().select_related("schedule__project", "lot", "person")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _proposed(actor: Person, project: int, now: datetime) -> Baseline:
    rows = _seen(actor, project, now).baselines.select_related("schedule__project")
    found = rows.filter(state="proposed").first()
    if found is None:
        raise NotFound
    return found


def _unit(schedule: Schedule, text: str, now: datetime) -> AdminUnit:
    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.schedule.selectors.people import units_for

    rows = units_for(schedule, local_day(now))
    is_number = text.isascii() and text.isdigit()
    found = (rows.filter(pk=int(text)) if is_number else rows.filter(name=text)).first()
    if found is None:
        raise NotFound
    return found


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise FigureUnreadable(text=text) from error
    if not number.is_finite():
        raise FigureUnreadable(text=text)
    return number


def _task_row(task: ScheduleTask) -> dict[str, Any]:
    return {"uid": task.uid, "name": task.name, "row": task.row, "level": task.level, "start_at": task.start_at}
