"""`ronghe schedule`: 进度计划."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ronghe.cli.acting import acting_person
from ronghe.cli.schedule_setup import SETUP_COMMANDS
from ronghe.kernel.errors import NotFound
from ronghe.kernel.words import _

if TYPE_CHECKING:
    from ronghe.domain.org.models import Person
    from ronghe.domain.schedule.models import Schedule, ScheduleTask

EPILOG = """\b
举例：
  ronghe --as dangqun schedule list --late
  ronghe --as dangqun schedule start 3
  ronghe --as dangqun schedule import 3 南I-1.xml --dry-run
  ronghe --as dangqun schedule show 3 --critical
  ronghe --as dangqun schedule report 3 12 --percent 50
  ronghe --as dangqun schedule propose 3
  ronghe --as shuji schedule approve 3 --decision 基建〔2026〕12号
  ronghe --as dangqun schedule export 3 南I-1.xml
  ronghe --as dangqun schedule figures --year 2026

\b
PROJECT 是项目编号，TASK 是任务在计划里的编号。
"""

_project = click.argument("project", type=int, metavar="PROJECT")
_task = click.argument("uid", type=int, metavar="TASK")
_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
_day = click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，不写为今天")


@click.group("schedule", epilog=EPILOG, short_help=_("进度计划"))
def schedule() -> None:
    """进度计划：编、导入、报进度、报批基线、看按期投产率。"""


for _command in SETUP_COMMANDS:
    schedule.add_command(_command)


@schedule.command("list", short_help=_("列出进度计划"))
@click.option("--search", default="", help="项目或单位里的字")
@click.option("--late", is_flag=True, help="只列有晚了的任务的")
@_json
def list_(search: str, late: bool, as_json: bool) -> None:
    """列出您能看到的进度计划，最多 1000 个。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.selectors.schedules import list_schedules, standings

    listed = list_schedules(actor, timezone.now(), words=search, late=late, size=1000)
    rows = standings(list(listed))
    if as_json:
        told = [
            {"project": one.schedule.project_id, "name": one.schedule.project.name, "forecast_on": _said(one.forecast_on),
             "baseline_on": _said(one.baseline.commissioned_on) if one.baseline is not None else None,
             "days_gained": one.gained, "late_count": one.schedule.late_count}
            for one in rows
        ]  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in rows:
        gained = "" if one.gained is None else _("提前 %(days)s 天") % {"days": one.gained}
        click.echo(f"{one.schedule.project_id:>6}  {one.forecast_on}  {one.schedule.project.name}  {gained}")
    click.echo(_("共 %(count)s 个计划。") % {"count": listed.count})


@schedule.command("start", short_help=_("给项目编计划"))
@_project
@click.option(
    "--calendar", type=click.Choice(["every_day", "statutory"]), default="every_day", help="每天施工或法定工作日"
)
@_json
def start(project: int, calendar: str, as_json: bool) -> None:
    """给项目 PROJECT 建一份空计划。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.enums import BaseCalendar
    from ronghe.domain.schedule.selectors.schedules import projects_without
    from ronghe.domain.schedule.services.plans import start_schedule

    now = timezone.now()
    found = projects_without(actor, now).filter(pk=project).first()
    if found is None:
        raise NotFound
    start_schedule(project=found, base=BaseCalendar(calendar), actor=actor, at=now)
    _tell({"project": project}, _("计划已建。"), as_json=as_json)


@schedule.command("show", short_help=_("看一份计划"))
@_project
@click.option("--critical", is_flag=True, help="只看关键路径")
@click.option("--late", is_flag=True, help="只看晚了的")
@_json
def show(project: int, critical: bool, late: bool, as_json: bool) -> None:
    """按顺序列出项目 PROJECT 的任务：编号、起止、完成百分比、晚几天。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.org.rules.reaches import local_day
    from ronghe.domain.schedule.calc.worktime import last_day_of, minute_of
    from ronghe.domain.schedule.selectors.schedules import view_plan

    view = view_plan(_seen(actor, project), timezone.now())
    rows = []
    for task in view.shown((), only="critical" if critical else "late" if late else ""):
        start_at, finish_at = task.actual_start or task.forecast_start, task.actual_finish or task.forecast_finish
        rows.append({
            "uid": task.uid, "level": task.level, "name": task.name, "percent": view.percent_of(task),
            "start": _said(local_day(start_at)) if start_at else None,
            "finish": _said(last_day_of(minute_of(finish_at))) if finish_at else None, "slip_days": view.slip(task),
            "is_critical": task.is_critical,
        })  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        mark = "*" if row["is_critical"] else " "
        click.echo(
            f"{row['uid']:>5}{mark} {row['start']} {row['finish']} {row['percent']:>3}% {row['slip_days']:>+4}  "
            f"{'  ' * (int(str(row['level'])) - 1)}{row['name']}"
        )


@schedule.command("task", short_help=_("加任务"))
@_project
@click.argument("name")
@click.option("--days", default="1", show_default=True, help="工期，天")
@click.option("--links", default="", help="前置任务，如 3FS+2天, 5SS")
@click.option("--milestone", is_flag=True, help="里程碑")
@click.option("--stage", type=click.Choice(["designed", "started", "commissioned"]), help="设计完成、开工或投产")
@click.option("--key", "is_key", is_flag=True, help="关键任务")
@_json
def task(
    project: int, name: str, days: str, links: str, milestone: bool, stage: str | None, is_key: bool, as_json: bool
) -> None:
    """在项目 PROJECT 的计划末尾加任务 NAME。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.services.tasks import TaskText, add_task

    try:
        length = Decimal(days)
    except InvalidOperation as error:
        raise click.BadParameter(_("工期请写天数，如 10 或 0.5")) from error
    text = TaskText(name, length, links=links, is_milestone=milestone, stage=stage or "", is_key=is_key)
    made = add_task(schedule=_seen(actor, project), text=text, actor=actor, at=timezone.now())
    _tell({"uid": made.uid}, _("已加入计划，编号 %(uid)s。") % {"uid": made.uid}, as_json=as_json)


@schedule.command("import", short_help=_("导入计划"))
@_project
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写")
@click.option("--own-calendar", is_flag=True, help="不用文件里的日历")
@click.option("--baseline", is_flag=True, help="把文件里的基线报批")
@_json
def import_(project: int, path: Path, dry_run: bool, own_calendar: bool, baseline: bool, as_json: bool) -> None:
    """把 Project XML 或 Excel 文件 PATH 导入项目 PROJECT 的计划。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.services.importing import accept_import, discard_import, preview_of, upload_plan

    now = timezone.now()
    found = upload_plan(schedule=_seen(actor, project), path=path, name=path.name, actor=actor, at=now)
    preview = preview_of(found)
    assert preview is not None  # it waits
    if not as_json:
        for remark in preview.plan.remarks:
            click.echo(f"{'!' if remark.is_error else '-'} {remark.where} {remark.text}")
    if dry_run or preview.plan.errors:
        discard_import(found=found, actor=actor, at=now)
        _tell(found.counts, _("没有写入。任务 %(tasks)s 个，新增 %(added)s，改动 %(changed)s，去掉 %(removed)s，要改 %(errors)s 处。")
              % found.counts, as_json=as_json)  # fmt: skip
        if preview.plan.errors and not dry_run:
            raise SystemExit(1)
        return
    accept_import(found=found, actor=actor, at=now, takes_calendar=not own_calendar, takes_baseline=baseline)
    _tell(found.counts, _("已导入 %(tasks)s 个任务、%(links)s 条前置关系。") % found.counts, as_json=as_json)


@schedule.command("export", short_help=_("导出 Project XML"))
@_project
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export(project: int, path: Path) -> None:
    """把项目 PROJECT 的计划写成 Microsoft Project 的 XML 文件 PATH。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.documents import as_project_xml
    from ronghe.domain.schedule.selectors.schedules import view_plan

    path.write_bytes(as_project_xml(view_plan(_seen(actor, project), timezone.now())))
    click.echo(_("已写到 %(path)s。") % {"path": path})


@schedule.command("report", short_help=_("报进度"))
@_project
@_task
@click.option("--start", "begun", is_flag=True, help="开始了")
@click.option("--percent", type=int, help="干到百分之几")
@click.option("--finish", "done", is_flag=True, help="完成了")
@_day
@_json
def report(
    project: int, uid: int, begun: bool, percent: int | None, done: bool, day: datetime | None, as_json: bool
) -> None:
    """报项目 PROJECT 的任务 TASK：--start、--percent 或 --finish 三选一。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.services.progress import report_finish, report_percent, report_start

    if [begun, percent is not None, done].count(True) != 1:
        raise click.UsageError(_("请用 --start、--percent 或 --finish 中的一个。"))
    found, now, on = _task_seen(actor, project, uid), timezone.now(), day.date() if day else None
    if begun:
        report_start(task=found, actor=actor, at=now, day=on)
    elif done:
        report_finish(task=found, actor=actor, at=now, day=on)
    else:
        report_percent(task=found, percent=percent or 0, actor=actor, at=now, started_on=on)
    _tell(
        {"uid": uid, "percent": found.percent}, _("已记：%(percent)s%%。") % {"percent": found.percent}, as_json=as_json
    )


@schedule.command("take-back", short_help=_("撤回上一次进度"))
@_project
@_task
@_json
def take_back(project: int, uid: int, as_json: bool) -> None:
    """撤回项目 PROJECT 的任务 TASK 上一次报的进度。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.services.progress import take_back_report

    found = _task_seen(actor, project, uid)
    take_back_report(task=found, actor=actor, at=timezone.now())
    _tell({"uid": uid, "percent": found.percent}, _("已撤回上一次进度。"), as_json=as_json)


@schedule.command("propose", short_help=_("报批基线"))
@_project
@click.option("--reason", default="", help="变更原因")
@_json
def propose(project: int, reason: str, as_json: bool) -> None:
    """把项目 PROJECT 计划现在的日期报批。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.services.baselines import propose_baseline

    made = propose_baseline(schedule=_seen(actor, project), actor=actor, at=timezone.now(), reason=reason)
    said = _("已报批第 %(number)s 版，投产 %(day)s。") % {"number": made.number, "day": made.commissioned_on}
    _tell(
        {"number": made.number, "digest": made.digest, "commissioned_on": _said(made.commissioned_on)},
        said,
        as_json=as_json,
    )


@schedule.command("approve", short_help=_("批准基线"))
@_project
@click.option("--decision", default="", help="批复文号")
@_json
def approve(project: int, decision: str, as_json: bool) -> None:
    """批准项目 PROJECT 等批准的基线。"""
    actor = acting_person()
    from django.utils import timezone

    from ronghe.domain.schedule.services.baselines import approve_baseline

    found = _seen(actor, project).baselines.select_related("schedule__project").filter(state="proposed").first()
    if found is None:
        raise NotFound
    approve_baseline(baseline=found, digest=found.digest, decision=decision, actor=actor, at=timezone.now())
    _tell(
        {"number": found.number, "state": found.state},
        _("已批准第 %(number)s 版。") % {"number": found.number},
        as_json=as_json,
    )


@schedule.command("figures", short_help=_("按期投产率和关键任务"))
@click.option("--year", type=click.IntRange(2000, 2099), help="哪一年，不写为今年")
@_json
def figures(year: int | None, as_json: bool) -> None:
    """按期投产率（PJ-03）、当年设计开工投产的项目（PJ-02）、关键任务的计划和实际天数。"""
    actor = acting_person()
    from datetime import date

    from django.utils import timezone

    from ronghe.domain.schedule.selectors.figures import figures_of, key_tasks_of
    from ronghe.kernel.calendar.periods import PeriodKind, period_around

    now = timezone.now()
    day = date(year, 1, 1) if year is not None else timezone.localdate(now)
    found, keys = figures_of(actor, now, period_around(day, PeriodKind.YEAR).span), key_tasks_of(actor, now)
    rate = found.on_time
    if as_json:
        told: dict[str, Any] = {
            "year": day.year, "due": rate.due, "on_time": rate.on_time, "changed": rate.changed,
            "percent": str(rate.percent) if rate.percent is not None else None,
            "same_year": [row.project.name for row in found.same_year],
            "key_tasks": [
                {"name": row.task.name, "planned": row.days.planned, "actual": row.days.actual} for row in keys.rows
            ],
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    percent = "—" if rate.percent is None else f"{rate.percent}%"
    click.echo(_("按期投产率 %(percent)s：到期 %(due)s 个，按期 %(on_time)s 个，改过基线 %(changed)s 个。")
               % {"percent": percent, "due": rate.due, "on_time": rate.on_time, "changed": rate.changed})  # fmt: skip
    for row in found.same_year:
        click.echo(_("当年设计、开工、投产：%(name)s") % {"name": row.project.name})
    for key in keys.rows:
        click.echo(f"{key.days.planned:>4} → {'—' if key.days.actual is None else key.days.actual:>4}  {key.task.name}")


def _seen(actor: Person, project: int) -> Schedule:
    from django.utils import timezone

    from ronghe.domain.schedule.selectors.schedules import schedules_seen_by

    found = schedules_seen_by(actor, timezone.now()).filter(project_id=project).first()
    if found is None:
        raise NotFound
    return found


def _task_seen(actor: Person, project: int, uid: int) -> ScheduleTask:
    rows = _seen(actor, project).tasks.standing().select_related("schedule__project", "lot")
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found


def _said(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _tell(told: dict[str, Any], said: str, *, as_json: bool) -> None:
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else said)
