"""A plan on paper and in a workbook; the list, the key tasks and the money as rows of sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.links import LinkKind, link_text, plain_number
from ronghe.domain.schedule.calc.mspdi_writing import Written, write_project_xml
from ronghe.domain.schedule.calc.table import HEADS
from ronghe.domain.schedule.calc.worktime import DAY, last_day_of, minute_of
from ronghe.domain.schedule.enums import AmountKind
from ronghe.domain.schedule.models import ScheduleTask
from ronghe.domain.schedule.selectors.figures import KeyTasks, Money
from ronghe.domain.schedule.selectors.schedules import PlanView, Standing
from ronghe.kernel.documents import (
    Block,
    Column,
    Labelled,
    OfficialDocument,
    Signature,
    Signatures,
    Table,
    chinese_date,
)
from ronghe.kernel.tabular.writing import OutCell
from ronghe.kernel.words import _

SLOTS = 16
"""Columns of time on paper."""
Rows = tuple[list[str], list[list[OutCell]]]


def plan_document(view: PlanView, *, printed_on: date) -> OfficialDocument:
    """Return the plan for a landscape page: dates at the left, time as columns at the right, one row a task."""
    tasks = [task for task in view.loaded.tasks if task.is_active and task.start_at is not None]
    slots = _slots(tasks)
    length = (slots[0][2] - slots[0][1]).days if slots else 1
    columns = (
        Column("编号", share=3), Column("任务", share=13, align="left"), Column("天", share=3), Column("开始", share=5),
        Column("完成", share=5), Column("%", share=3), *(Column(label, share=2) for label, _first, _until in slots),
    )  # fmt: skip
    project, baseline = view.schedule.project, view.baseline
    told = "还没有批准的基线"
    if baseline is not None and baseline.decided_at is not None and baseline.commissioned_on is not None:
        told = f"第 {baseline.number} 版，投产 {chinese_date(baseline.commissioned_on)}，{chinese_date(local_day(baseline.decided_at))}批准"
    blocks: list[Block] = [
        Labelled("项目", f"{project.name}（{project.unit.name}）"),
        Labelled("基线", told),
        Labelled("进度", f"应完成 {_percent(view.planned_share())}，实际完成 {_percent(view.actual_share())}，晚了的任务 {len([task for task in view.loaded.leaves() if view.is_late(task)])} 个"),
        Labelled("图例", f"■ 计划，▣ 已干，◆ 里程碑，★ 关键线路上的任务；表头的数是月份，每格 {length} 天"),
        Table(columns, tuple(_paper_row(view, task, slots) for task in tasks)),
        Signatures((Signature("编制"), Signature("批准"))),
    ]  # fmt: skip
    return OfficialDocument(
        title=f"{project.name}进度计划", blocks=tuple(blocks), issuer=project.unit.name, dated=printed_on
    )


def _slots(tasks: Sequence[ScheduleTask]) -> list[tuple[str, date, date]]:
    """Return at most `SLOTS` spans of whole days that cover the plan; the first of a month is labelled with its number."""
    if not tasks:
        return []
    first = min(local_day(task.start_at) for task in tasks if task.start_at is not None)
    last = max(_last(task.forecast_finish or task.finish_at) or first for task in tasks)
    length = -(-((last - first).days + 1) // SLOTS)
    count = -(-((last - first).days + 1) // length)
    starts = [first + timedelta(days=length * number) for number in range(count)]
    months = [0, *(day.month for day in starts)]
    return [
        (f"{day.month}" if day.month != before else "", day, day + timedelta(days=length))
        for before, day in zip(months, starts, strict=False)
    ]


def _paper_row(view: PlanView, task: ScheduleTask, slots: Sequence[tuple[str, date, date]]) -> tuple[str, ...]:
    start = task.actual_start or task.forecast_start or task.start_at
    finish = _last(task.actual_finish or task.forecast_finish or task.finish_at)
    assert start is not None  # only such are printed
    assert finish is not None
    first, percent = min(local_day(start), finish), view.percent_of(task)
    done_until = first + timedelta(days=((finish - first).days + 1) * percent // 100)
    mark = "★" if task.is_critical and not task.is_summary and task.actual_finish is None else ""
    indent = "　" * min(task.level - 1, 4)
    return (
        str(task.uid), f"{indent}{mark}{task.name}", "" if task.is_summary else _days(view, task), f"{first:%m-%d}",
        f"{finish:%m-%d}", str(percent),
        *(_mark(task, first, finish, done_until, since, until) for _label, since, until in slots),
    )  # fmt: skip


def _mark(task: ScheduleTask, first: date, finish: date, done_until: date, since: date, until: date) -> str:
    if finish < since or first >= until:
        return ""
    if task.is_milestone:
        return "◆"
    return "▣" if done_until > since else "■"


def _days(view: PlanView, task: ScheduleTask) -> str:
    return plain_number(Decimal(task.minutes) / (DAY if task.is_elapsed else view.schedule.minutes_per_day))


def _percent(share: int) -> str:
    return f"{Decimal(share) / 100:.1f}%"


def _last(moment: object) -> date | None:
    return None if moment is None else last_day_of(minute_of(moment))  # type: ignore[arg-type]


def as_project_xml(view: PlanView) -> bytes:
    """Return the plan as a file of Microsoft Project, with the baseline in force."""
    solved = view.loaded.solver().plan()
    return write_project_xml(view.loaded.as_file(view.lines), Written(solved.times, solved.finish))


def plan_rows(view: PlanView) -> Rows:
    """Return heads and rows of a plan as it may be imported again, with its state behind."""
    heads = [_(head) for head in HEADS.values()]
    heads += [_("基线开始"), _("基线完成"), _("预计完成"), _("晚几天")]
    return heads, [_task_row(view, task) for task in view.loaded.tasks]


def _task_row(view: PlanView, task: ScheduleTask) -> list[OutCell]:
    per_day = view.schedule.minutes_per_day
    links = ", ".join(
        link_text(view.loaded.by_pk[link.predecessor_id].uid, LinkKind(link.kind), link.lag_told, per_day)
        for link in view.loaded.links_of.get(task.pk, ())
    )
    line, yes = view.lines.get(task.pk), _("是")
    return [
        task.uid, task.level, task.name, _days(view, task) + ("ed" if task.is_elapsed else ""),
        local_day(task.start_at) if task.start_at else None, _last(task.finish_at), links,
        task.lot.name if task.lot is not None else "", yes if task.is_key else "", yes if task.is_milestone else "",
        task.person.name if task.person is not None else "", task.percent,
        local_day(task.actual_start) if task.actual_start else None, _last(task.actual_finish), _last(task.deadline_at),
        task.notes, local_day(line.start_at) if line is not None else None,
        _last(line.finish_at) if line is not None else None, _last(task.forecast_finish),
        None if task.is_summary else view.slip(task),
    ]  # fmt: skip


def empty_rows() -> Rows:
    """Return the table to be filled in, with examples of how links and days are written."""
    heads = [_(head) for head in HEADS.values()]
    day = date(2026, 3, 1)
    rows: list[list[OutCell]] = [
        [1, 1, "一标段", 15, day, None, "", "一标段", "", "", "", None, None, None, None, "汇总行，下面的级别为 2"],
        [2, 2, "管沟开挖", 10, day, None, "", "一标段", "是", "", "", None, None, None, None, ""],
        [3, 2, "管线下沟", 5, None, None, "2FS+1天", "一标段", "", "", "", None, None, None, None, ""],
        [4, 1, "投产", 0, None, None, "3", "", "", "是", "", None, None, None, None, ""],
    ]
    return heads, rows


def standing_rows(rows: Sequence[Standing]) -> Rows:
    """Return heads and rows of the list of schedules."""
    heads = [_("项目"), _("建设单位"), _("状态"), _("基线投产"), _("预计投产"), _("实际投产"), _("计划完成"), _("提前天数"),
             _("晚了的任务")]  # fmt: skip
    return heads, [
        [row.schedule.project.name, row.schedule.project.unit.name, str(row.schedule.project.get_state_display()),
         row.baseline.commissioned_on if row.baseline is not None else None, row.forecast_on, row.commissioned_on,
         _last(row.schedule.finish_at), row.gained, row.schedule.late_count]
        for row in rows
    ]  # fmt: skip


def key_rows(found: KeyTasks) -> Rows:
    """Return heads and rows of the key tasks."""
    heads = [_("关键任务"), _("项目"), _("协作区"), _("标段"), _("施工单位"), _("计划天数"), _("实际天数"), _("提前天数"),
             _("实际开始"), _("实际完成")]  # fmt: skip
    rows: list[list[OutCell]] = []
    for row in found.rows:
        task, lot = row.task, row.task.lot
        rows.append([
            task.name, task.schedule.project.name, row.zone.name if row.zone is not None else "",
            lot.name if lot is not None else "", lot.unit.name if lot is not None and lot.unit is not None else "",
            row.days.planned, row.days.actual, row.days.gained,
            local_day(task.actual_start) if task.actual_start else None, _last(task.actual_finish),
        ])  # fmt: skip
    return heads, rows


def money_rows(found: Money) -> list[tuple[str, list[str], list[list[OutCell]], list[int]]]:
    """Return the sheets of a project's money: sums by lot, and every amount. Excel holds yuan exactly to the fen."""
    kinds = [str(label) for _value, label in AmountKind.choices]
    sums: list[list[OutCell]] = []
    for name, one in (
        (_("合计"), found.total),
        *((lot.name if lot is not None else _("整个项目"), one) for lot, one in found.lots),
    ):
        sums.append(
            [name, *(_cell(getattr(one, value)) for value in AmountKind.values), _cell(one.ceiling), _cell(one.left)]
        )
    amounts: list[list[OutCell]] = [
        [row.day, row.get_kind_display(), row.lot.name if row.lot is not None else _("整个项目"), _cell(row.yuan), row.source,
         row.get_state_display(), row.entered_by.name, row.vouched_by.name if row.vouched_by is not None else "",
         row.withdrawn_why]
        for row in found.amounts
    ]  # fmt: skip
    return [
        (_("按标段"), [_("标段"), *kinds, _("控制额"), _("剩余")], sums, [24, *[16] * 7]),
        (_("明细"), [_("日期"), _("是什么"), _("标段"), _("金额（元）"), _("依据"), _("状态"), _("登记人"), _("核实人"),
                    _("撤下原因")], amounts, [12, 14, 18, 18, 40, 10, 10, 10, 30]),
    ]  # fmt: skip


def _cell(yuan: Decimal | None) -> OutCell:
    return None if yuan is None else f"{yuan:.2f}"
