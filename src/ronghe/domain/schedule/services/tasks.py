"""The lines of a plan: added, changed, moved in the outline, put on a day, removed and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.links import (
    DATED,
    DAYS_FORMAT,
    ELAPSED_DAYS_FORMAT,
    OF_FINISH,
    Constraint,
    WrittenLink,
    read_links,
)
from ronghe.domain.schedule.calc.network import LinksInCircle
from ronghe.domain.schedule.calc.outline import block, moved
from ronghe.domain.schedule.calc.plan_file import LONGEST_NAME, LONGEST_NOTES, MOST_TASKS
from ronghe.domain.schedule.calc.worktime import DAY, last_day_of, minute_of, moment_at
from ronghe.domain.schedule.enums import Stage
from ronghe.domain.schedule.facts import SCHEDULE_CHANGED
from ronghe.domain.schedule.models import Lot, Schedule, ScheduleTask, TaskLink
from ronghe.domain.schedule.rules import PLAN_SCHEDULE
from ronghe.domain.schedule.selectors.loading import links_text, work_time
from ronghe.domain.schedule.services.scheduling import hold, tell, work_out
from ronghe.kernel.db.bulk import update_each
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

MOST_DAYS = Decimal(9999)
CENT = Decimal("0.01")


class TaskUnnamed(DomainError):
    code = "schedule_task_unnamed"
    sentence = N_("请写任务名称。")
    status = 422


class DaysUnfit(DomainError):
    code = "schedule_days_unfit"
    sentence = N_("工期请填 0 到 %(most)s 天，最多两位小数；里程碑是 0 天。")
    status = 422


class PredecessorUnknown(DomainError):
    code = "schedule_predecessor_unknown"
    sentence = N_("本计划里没有编号 %(uid)s 的任务，请看“编号”一列再写。")
    status = 422


class ConstraintWithoutDay(DomainError):
    code = "schedule_constraint_without_day"
    sentence = N_("这种限制要写明日期。")
    status = 422


class StageTaken(DomainError):
    code = "schedule_stage_taken"
    sentence = N_("已有别的里程碑是“%(stage)s”。先把那一个改掉，再指定这一个。")


class StageOfMilestone(DomainError):
    code = "schedule_stage_of_milestone"
    sentence = N_("只有里程碑能指定为设计完成、开工或投产。")
    status = 422


class TooManyTasks(DomainError):
    code = "schedule_too_many_tasks"
    sentence = N_("一个计划最多 %(most)s 个任务，请按标段拆成几个项目。")


class CannotMove(DomainError):
    code = "schedule_cannot_move"
    sentence = N_("这一行不能再往那边移。")


class SummaryNotPlaced(DomainError):
    code = "schedule_summary_not_placed"
    sentence = N_("“%(name)s”的日期由下级任务决定，请移动下级任务。")


class DoneNotRemoved(DomainError):
    code = "schedule_done_not_removed"
    sentence = N_("“%(name)s”已报过进度，不能删。不再做的，请改为“停用”。")


@dataclass(frozen=True, slots=True)
class TaskText:
    """What somebody writes of a task; days of work, or by the clock where elapsed; `links` such as `3FS+2天, 5SS`."""

    name: str
    days: Decimal = Decimal(1)
    is_elapsed: bool = False
    links: str = ""
    lot: Lot | None = None
    person: Person | None = None
    side: str = ""
    is_key: bool = False
    is_milestone: bool = False
    is_active: bool = True
    stage: str = Stage.NONE
    constraint: int = Constraint.AS_SOON_AS_POSSIBLE
    constraint_on: date | None = None
    deadline_on: date | None = None
    notes: str = ""


def as_written(task: ScheduleTask) -> TaskText:
    """Return a task as somebody would write it, so that what is left out of a change stays."""
    constraint, day = Constraint(task.constraint), None
    if task.constraint_at is not None and constraint in DATED:
        is_end = constraint in OF_FINISH
        day = last_day_of(minute_of(task.constraint_at)) if is_end else local_day(task.constraint_at)
    per_day = DAY if task.is_elapsed else task.schedule.minutes_per_day
    return TaskText(
        name=task.name, days=(Decimal(task.minutes) / per_day).quantize(Decimal("0.01")), is_elapsed=task.is_elapsed,
        links=links_text(task), lot=task.lot, person=task.person, side=task.side, is_key=task.is_key,
        is_milestone=task.is_milestone, is_active=task.is_active, stage=task.stage, constraint=constraint,
        constraint_on=day, notes=task.notes,
        deadline_on=None if task.deadline_at is None else last_day_of(minute_of(task.deadline_at)),
    )  # fmt: skip


@transaction.atomic
def add_task(
    *, schedule: Schedule, text: TaskText, actor: Person, at: datetime, after: ScheduleTask | None = None,
    is_below: bool = False,
) -> ScheduleTask:  # fmt: skip
    """Add a task at the end, or behind `after` and what is below it; with `is_below` as the first one below it.

    :raises TaskUnnamed, DaysUnfit, PredecessorUnknown, LinkUnreadable, LinksInCircle: what stands against it
    :raises StageTaken, StageOfMilestone, ConstraintWithoutDay, TooManyTasks: likewise
    """
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    rows = list(schedule.tasks.standing().order_by("row", "pk"))
    if len(rows) >= MOST_TASKS:
        raise TooManyTasks(most=MOST_TASKS)
    last = schedule.tasks.aggregate(last=Max("uid"))["last"] or 0
    place, level = _place(rows, after, is_below=is_below)
    row = rows[place - 1].row + 1 if place else 1
    schedule.tasks.filter(row__gte=row).update(row=F("row") + 1)  # removed ones too: they come back to where they were
    task = ScheduleTask(schedule=schedule, uid=last + 1, row=row, level=level)
    _write(task, text)
    _set_links(task, text.links)
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="task_added", task=task.uid)
    task.refresh_from_db()
    return task


@transaction.atomic
def change_task(*, task: ScheduleTask, text: TaskText, actor: Person, at: datetime) -> ScheduleTask:
    """Write a task anew; its dates follow from its links again unless a file or somebody has fixed them.

    :raises DomainError: as of `add_task`
    """
    schedule = task.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    _refuse_removed(task)
    _write(task, text)
    _set_links(task, text.links)
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="task_changed", task=task.uid)
    task.refresh_from_db()
    return task


@transaction.atomic
def move_task(*, task: ScheduleTask, way: str, actor: Person, at: datetime) -> ScheduleTask:
    """Move a task with all below it: up, down, in (below the one before it), out.

    :raises CannotMove: there is nowhere to go
    """
    schedule = task.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    _refuse_removed(task)
    rows = list(schedule.tasks.standing().order_by("row", "pk"))
    place = next(number for number, row in enumerate(rows) if row.pk == task.pk)
    found = moved([row.level for row in rows], place, way) if way in ("up", "down", "in", "out") else None
    if found is None:
        raise CannotMove
    order, levels = found
    numbers = [row.row for row in rows]
    for number, old, level in zip(numbers, order, levels, strict=True):
        rows[old].row, rows[old].level = number, level
    update_each(rows, ["row", "level"])
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act=f"task_{way}", task=task.uid)
    task.refresh_from_db()
    return task


@transaction.atomic
def place_task(*, task: ScheduleTask, day: date | None, actor: Person, at: datetime) -> ScheduleTask:
    """Let a task begin no earlier than `day`, as dragging its bar does; `None` lets it follow its links alone again.

    :raises SummaryNotPlaced: it takes its dates from what is below it
    """
    schedule = task.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    _refuse_removed(task)
    if task.is_summary:
        raise SummaryNotPlaced(name=task.name)
    task.placed_at, task.is_manual = None, False
    if day is None:
        task.constraint, task.constraint_at = Constraint.AS_SOON_AS_POSSIBLE, None
    else:
        task.constraint = Constraint.START_NO_EARLIER
        task.constraint_at = moment_at(work_time(schedule).begin_of(day))
    task.save(update_fields=["placed_at", "is_manual", "constraint", "constraint_at"])
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="task_placed", task=task.uid)
    task.refresh_from_db()
    return task


@transaction.atomic
def remove_task(*, task: ScheduleTask, actor: Person, at: datetime) -> list[ScheduleTask]:
    """Take a task with all below it out of the plan; returns what went. Its number is not given again.

    :raises DoneNotRemoved: progress of one of them was reported
    """
    schedule = task.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    _refuse_removed(task)
    rows = list(schedule.tasks.standing().order_by("row", "pk"))
    place = next(number for number, row in enumerate(rows) if row.pk == task.pk)
    going = [rows[number] for number in block([row.level for row in rows], place)]
    done = next((one for one in going if one.actual_start is not None), None)
    if done is not None:
        raise DoneNotRemoved(name=done.name)
    ScheduleTask.objects.filter(pk__in=[one.pk for one in going]).update(removed_at=at, stage=Stage.NONE)
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="task_removed", task=task.uid)
    return going


@transaction.atomic
def restore_task(*, task: ScheduleTask, actor: Person, at: datetime) -> ScheduleTask:
    """Bring a removed task back to where it was, with what went with it.

    :raises Stale: it stands already
    """
    schedule = task.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    hold(schedule)
    task.refresh_from_db(fields=["removed_at"])
    if task.removed_at is None:
        raise Stale
    schedule.tasks.filter(removed_at=task.removed_at).update(removed_at=None)
    work_out(schedule, at)
    tell(SCHEDULE_CHANGED, schedule, actor, at, act="task_restored", task=task.uid)
    task.refresh_from_db()
    return task


def _place(rows: list[ScheduleTask], after: ScheduleTask | None, *, is_below: bool) -> tuple[int, int]:
    """Return the place among the rows and the level of a new task."""
    if after is None:
        return len(rows), rows[-1].level if rows else 1
    place = next((number for number, row in enumerate(rows) if row.pk == after.pk), None)
    if place is None:
        raise Stale
    if is_below:
        return place + 1, after.level + 1
    return block([row.level for row in rows], place).stop, after.level


def _write(task: ScheduleTask, text: TaskText) -> None:
    schedule = task.schedule
    name = " ".join(text.name.replace("\x00", "").split())[:LONGEST_NAME]
    if not name:
        raise TaskUnnamed
    days = Decimal(0) if text.is_milestone else text.days
    if not (days.is_finite() and 0 <= days <= MOST_DAYS and days == days.quantize(CENT)):
        raise DaysUnfit(most=MOST_DAYS)
    if text.stage and not text.is_milestone:
        raise StageOfMilestone
    constraint = Constraint(text.constraint)
    if constraint in DATED and text.constraint_on is None:
        raise ConstraintWithoutDay
    calendar = work_time(schedule)
    values: dict[str, Any] = {
        "name": name, "notes": text.notes.replace("\x00", "").strip()[:LONGEST_NOTES], "lot": text.lot,
        "person": text.person, "side": text.side, "is_key": text.is_key, "is_milestone": text.is_milestone,
        "is_active": text.is_active, "stage": text.stage, "is_elapsed": text.is_elapsed, "constraint": constraint,
        "constraint_at": None, "deadline_at": None,
    }  # fmt: skip
    minutes = int(days * (DAY if text.is_elapsed else schedule.minutes_per_day))
    if not task.is_summary:
        values |= _length(task, minutes, is_elapsed=text.is_elapsed)
    if constraint in DATED and text.constraint_on is not None:
        at_end = constraint in OF_FINISH
        find = calendar.end_of_day if at_end else calendar.begin_of
        values["constraint_at"] = moment_at(find(text.constraint_on))
    if text.deadline_on is not None:
        values["deadline_at"] = moment_at(calendar.end_of_day(text.deadline_on))
    if constraint != task.constraint or values["constraint_at"] != task.constraint_at:
        values |= {"placed_at": None, "is_manual": False}
    for field, value in values.items():
        setattr(task, field, value)
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError as error:
        raise StageTaken(stage=Stage(text.stage).label) from error


def _length(task: ScheduleTask, minutes: int, *, is_elapsed: bool) -> Mapping[str, Any]:
    """Return what a duration sets; one that says the same as before stays as its file had it."""
    if (minutes, is_elapsed) == (task.minutes, task.is_elapsed) and task.pk is not None:
        return {}
    form = ELAPSED_DAYS_FORMAT if is_elapsed else DAYS_FORMAT
    return {"minutes": minutes, "pause": 0, "duration_format": form}


def _set_links(task: ScheduleTask, text: str) -> None:
    """Make a task's links those of the text; where it says what stands, they stay as exact as their file had them.

    :raises PredecessorUnknown: a number that no task of the plan has
    """
    if text.strip() == links_text(task):
        return
    wanted: dict[tuple[int, int], WrittenLink] = {}
    for link in read_links(text, task.schedule.minutes_per_day):
        if link.predecessor == task.uid:
            raise LinksInCircle(circle=f"“{task.name}”")
        wanted[link.predecessor, link.kind] = link
    uids = {uid for uid, _kind in wanted}
    known = dict(task.schedule.tasks.standing().filter(uid__in=uids).values_list("uid", "pk"))
    if missing := sorted(uids - known.keys()):
        raise PredecessorUnknown(uid=missing[0])
    task.links.all().delete()
    TaskLink.objects.bulk_create(
        TaskLink(task=task, predecessor_id=known[uid], kind=kind, lag=link.lag.amount, lag_format=link.lag.format)
        for (uid, kind), link in wanted.items()
    )


def _refuse_removed(task: ScheduleTask) -> None:
    task.refresh_from_db(fields=["removed_at", "is_summary", "row", "level"])
    if task.removed_at is not None:
        raise Stale
