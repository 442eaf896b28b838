"""A plan comes in from a file: read and shown, then taken over whole or given up. Tasks are known again by their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.comparing import differences
from ronghe.domain.schedule.calc.mspdi_reading import looks_like_xml, read_project_xml
from ronghe.domain.schedule.calc.network import Job, LinksInCircle, LinkToOwnSummary, Net, Tie
from ronghe.domain.schedule.calc.outline import outline
from ronghe.domain.schedule.calc.plan_file import Difference, FileTask, PlanFile, Remark, plan_from
from ronghe.domain.schedule.calc.table import read_plan_table
from ronghe.domain.schedule.calc.worktime import day_at, moment_at
from ronghe.domain.schedule.enums import IMPORT_FLOW, BaseCalendar, FileKind
from ronghe.domain.schedule.facts import SCHEDULE_IMPORTED
from ronghe.domain.schedule.models import (
    FileCalendar,
    Lot,
    ProgressReport,
    Schedule,
    ScheduleImport,
    ScheduleTask,
    TaskLink,
)
from ronghe.domain.schedule.rules import PLAN_SCHEDULE
from ronghe.domain.schedule.selectors.loading import (
    LoadedPlan,
    load_plan,
    summary_uids,
    work_time,
)
from ronghe.domain.schedule.selectors.people import people_by_name
from ronghe.domain.schedule.services.baselines import propose_baseline
from ronghe.domain.schedule.services.progress import mark_imported
from ronghe.domain.schedule.services.scheduling import hold, tell, work_out
from ronghe.kernel.db.bulk import update_each
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_, _, listed

WRITTEN = (
    "row", "level", "name", "wbs", "notes", "minutes", "duration_format", "is_elapsed", "is_milestone", "is_manual",
    "is_active", "constraint", "constraint_at", "deadline_at", "calendar", "pause", "placed_at", "lot", "person",
    "is_key", "start_at", "finish_at", "percent", "actual_start", "actual_finish", "removed_at",
)  # fmt: skip
TOLD = 8


class FileHasErrors(DomainError):
    code = "schedule_file_has_errors"
    sentence = N_("文件里有 %(count)s 处要改，没有改动任何内容：%(problems)s")
    status = 422


class PlanMovedOn(DomainError):
    code = "schedule_plan_moved_on"
    sentence = N_("预览以后计划又改过，请重新选文件看预览。")


class DoneWouldGo(DomainError):
    code = "schedule_done_would_go"
    sentence = N_("文件里少了已报过进度的任务：%(tasks)s。请在文件里补上，或先撤回进度。")


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file says and what it would change; nothing is written yet."""

    plan: PlanFile
    changes: list[Difference]

    def count(self, act: str) -> int:
        return sum(one.act == act for one in self.changes)

    def counts(self) -> dict[str, int]:
        return {
            "tasks": len(self.plan.tasks), "links": self.plan.link_count, "added": self.count("added"),
            "changed": self.count("changed"), "removed": self.count("removed"), "errors": len(self.plan.errors),
            "remarks": len(self.plan.remarks) - len(self.plan.errors),
        }  # fmt: skip


def read_plan_file(schedule: Schedule, path: Path, name: str, day: date) -> tuple[FileKind, PlanFile]:
    """Read a file by what it is: Microsoft Project's XML, or a table. Circles and unknown people are among the remarks.

    :raises Unreadable: it is neither, or not to be read
    """
    if looks_like_xml(path):
        kind, plan = FileKind.MSPDI, read_project_xml(path, name=name)
    else:
        plan = read_plan_table(path, name=name, calendar=work_time(schedule), minutes_per_day=schedule.minutes_per_day)
        kind = FileKind.TABLE
    return kind, _without_strangers(schedule, plan.with_remarks(_circle(plan)), day)


def compare(schedule: Schedule, plan: PlanFile) -> ImportPreview:
    """Return what taking a plan over would change."""
    loaded = load_plan(schedule)
    here = loaded.as_file({})
    places = outline([task.level for task in plan.tasks])
    summaries = {task.uid: place.is_summary for task, place in zip(plan.tasks, places, strict=True)}
    changes = differences(
        here.tasks, plan.tasks, plan.minutes_per_day, summaries=summary_uids(loaded.tasks) | summaries
    )
    done = [one for one in changes if one.act == "removed" and loaded.by_uid[one.uid].actual_start is not None]
    if done:
        text = str(DoneWouldGo(tasks=listed(one.name for one in done[:TOLD])))
        plan = plan.with_remarks([Remark(_("任务"), text, is_error=True)])
    return ImportPreview(plan, changes)


@transaction.atomic
def upload_plan(*, schedule: Schedule, path: Path, name: str, actor: Person, at: datetime) -> ScheduleImport:
    """Read a file and keep what it says until it is taken over or given up.

    :raises Unreadable: nothing of it can be used
    """
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    schedule.refresh_from_db(fields=["version"])
    kind, plan = read_plan_file(schedule, path, name, local_day(at))
    preview = compare(schedule, plan)
    return ScheduleImport.objects.create(
        schedule=schedule, kind=kind, file_name=name[-120:], contents=preview.plan.as_data(), counts=preview.counts(),
        version=schedule.version, uploaded_by=actor, uploaded_at=at,
    )  # fmt: skip


def preview_of(found: ScheduleImport) -> ImportPreview | None:
    """Return what an import that waits would change; nothing of a settled one."""
    return compare(found.schedule, plan_from(found.contents)) if found.contents is not None else None


@transaction.atomic
def discard_import(*, found: ScheduleImport, actor: Person, at: datetime) -> ScheduleImport:
    """Give a file up; what it said goes."""
    PLAN_SCHEDULE.require(actor, found.schedule, at=at)
    IMPORT_FLOW.advance(found, "discard", contents=None, settled_at=at)
    return found


@transaction.atomic
def accept_import(
    *, found: ScheduleImport, actor: Person, at: datetime, takes_calendar: bool = True, takes_baseline: bool = False
) -> ScheduleImport:
    """Take a file over, all of it or nothing. Dates that do not follow from links are kept as fixed ones; what was reported
    on site stays, and progress in the file counts only where nobody reported.

    :raises FileHasErrors: remarks that stand against it
    :raises PlanMovedOn: the plan changed since it was shown
    :raises Stale: it was settled a moment ago
    """
    schedule = found.schedule
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    if found.contents is None:
        raise Stale
    plan = plan_from(found.contents)
    hold(schedule)
    if schedule.version != found.version + 1:
        raise PlanMovedOn
    _refuse(compare(schedule, plan).plan)
    IMPORT_FLOW.advance(found, "accept", contents=None, settled_at=at)
    calendars = _write_calendars(schedule, plan, takes_calendar=takes_calendar)
    _write_tasks(schedule, plan, calendars, actor, at)
    _fit(schedule, plan)
    work_out(schedule, at)
    counts = {name: found.counts.get(name, 0) for name in ("tasks", "links", "added", "changed", "removed")}
    tell(SCHEDULE_IMPORTED, schedule, actor, at, source=found, file=found.kind, **counts)
    if takes_baseline and plan.has_baseline:
        dates = {task.uid: task.baseline for task in plan.tasks if task.baseline is not None}
        propose_baseline(schedule=schedule, actor=actor, at=at, reason=found.file_name, dates=dates)
    return found


# ---- what stands against it -----------------------------------------------------------------------------------------
def _refuse(plan: PlanFile) -> None:
    if plan.errors:
        told = listed(f"{one.where} {one.text}" for one in plan.errors[:TOLD])
        raise FileHasErrors(count=len(plan.errors), problems=told)


def _circle(plan: PlanFile) -> list[Remark]:
    """Return the circle that the links make, if they do: named, as an error."""
    places = outline([task.level for task in plan.tasks])
    uids = [task.uid for task in plan.tasks]
    jobs = (
        Job(task.uid, task.name, uids[place.parent] if place.parent is not None else None)
        for task, place in zip(plan.tasks, places, strict=True)
    )
    ties = [Tie(link.predecessor, task.uid, link.kind, link.lag) for task in plan.tasks for link in task.links]
    try:
        Net(jobs, ties)
    except (LinksInCircle, LinkToOwnSummary) as error:
        return [Remark(_("前置任务"), str(error), is_error=True)]
    return []


def _without_strangers(schedule: Schedule, plan: PlanFile, day: date) -> PlanFile:
    """Leave out the names that nobody who takes part bears, or that several do: those tasks come without a person."""
    names = {name for task in plan.tasks for name in task.people}
    known = people_by_name(schedule, names, day)
    unknown = sorted(name for name in names if len(known.get(name, ())) != 1)
    if not unknown:
        return plan
    tasks = tuple(
        replace(task, people=tuple(name for name in task.people if name not in unknown)) for task in plan.tasks
    )
    text = _("%(names)s 等 %(count)s 个名称对不上参建人员，这些任务先不写负责人。") % {
        "names": listed(unknown[:TOLD]), "count": len(unknown),
    }  # fmt: skip
    return replace(plan, tasks=tasks).with_remarks([Remark(_("负责人"), text)])


# ---- writing --------------------------------------------------------------------------------------------------------
def _write_calendars(schedule: Schedule, plan: PlanFile, *, takes_calendar: bool) -> dict[int, FileCalendar]:
    known = {row.uid: row for row in schedule.calendars.order_by("pk")}
    for one in plan.calendars:
        row = known.get(one.uid) or FileCalendar(schedule=schedule, uid=one.uid)
        row.name, row.contents = one.name, one.as_data()
        row.save()
        known[one.uid] = row
    if plan.calendar is not None and takes_calendar:
        schedule.base, schedule.calendar = BaseCalendar.FILE, known[plan.calendar]
        schedule.minutes_per_day = plan.minutes_per_day
    if plan.begins_at is not None:
        schedule.begins_on = day_at(plan.begins_at)
    schedule.save(update_fields=["base", "calendar", "minutes_per_day", "begins_on"])
    return known


def _write_tasks(
    schedule: Schedule, plan: PlanFile, calendars: Mapping[int, FileCalendar], actor: Person, at: datetime
) -> None:
    known = {task.uid: task for task in schedule.tasks.all()}
    lots = _lots(schedule, plan)
    people = people_by_name(schedule, {name for task in plan.tasks for name in task.people}, local_day(at))
    made, changed, progressed = list[ScheduleTask](), list[ScheduleTask](), list[ScheduleTask]()
    for row, told in enumerate(plan.tasks, start=1):
        task = known.pop(told.uid, None) or ScheduleTask(schedule=schedule, uid=told.uid)
        had_progress = task.actual_start is not None
        _fill(task, told, row, calendars, lots, people)
        if not had_progress and task.actual_start is not None:
            progressed.append(task)
        (changed if task.pk is not None else made).append(task)
    schedule.tasks.filter(pk__in=[task.pk for task in known.values() if task.removed_at is None]).update(
        removed_at=at, stage=""
    )
    ScheduleTask.objects.bulk_create(made, batch_size=200)
    update_each(changed, WRITTEN)
    ProgressReport.objects.bulk_create([mark_imported(task, actor, at) for task in progressed], batch_size=200)
    _write_links(schedule, plan)


def _fill(
    task: ScheduleTask, told: FileTask, row: int, calendars: Mapping[int, FileCalendar], lots: Mapping[str, Lot],
    people: Mapping[str, list[Person]],
) -> None:  # fmt: skip
    """Set what the file says of a task; what it cannot say stays."""
    for name in ("name", "wbs", "notes", "minutes", "duration_format", "is_elapsed", "is_milestone", "is_manual",
                 "is_active", "constraint", "level"):  # fmt: skip
        setattr(task, name, getattr(told, name))
    task.row, task.pause, task.placed_at, task.removed_at = row, 0, None, None
    task.constraint_at, task.deadline_at = _moment(told.constraint_at), _moment(told.deadline_at)
    task.calendar = calendars.get(told.calendar) if told.calendar is not None else None
    if told.is_manual:
        task.placed_at = _moment(told.start)
    if not told.is_active:  # nothing reckons its dates
        task.start_at, task.finish_at = _moment(told.start), _moment(told.finish)
    if told.lot:
        task.lot = lots[told.lot]
    if told.is_key is not None:
        task.is_key = told.is_key
    named = [found[0] for name in told.people if len(found := people.get(name, [])) == 1]
    if named:
        task.person = named[0]
    if task.actual_start is None and told.actual_start is not None:
        task.percent = told.percent
        task.actual_start, task.actual_finish = _moment(told.actual_start), _moment(told.actual_finish)
        if task.actual_finish is not None and task.actual_start is not None:
            task.actual_finish = max(task.actual_finish, task.actual_start)


def _lots(schedule: Schedule, plan: PlanFile) -> dict[str, Lot]:
    known = {lot.name: lot for lot in schedule.lots.order_by("pk")}
    for name in dict.fromkeys(task.lot for task in plan.tasks if task.lot):
        if name not in known:
            known[name] = Lot.objects.create(schedule=schedule, name=name)
    return known


def _write_links(schedule: Schedule, plan: PlanFile) -> None:
    keys = dict(schedule.tasks.standing().values_list("uid", "pk"))
    TaskLink.objects.filter(task__schedule=schedule).delete()
    TaskLink.objects.bulk_create(
        (
            TaskLink(task_id=keys[task.uid], predecessor_id=keys[link.predecessor], kind=link.kind, lag=link.lag.amount,
                     lag_format=link.lag.format)
            for task in plan.tasks
            for link in task.links
        ),
        batch_size=400,
    )  # fmt: skip


def _fit(schedule: Schedule, plan: PlanFile) -> None:
    """Keep every date of the file: a start that does not follow from the links is fixed, a finish that does not follow from
    the duration is a pause.
    """
    if not any(task.start is not None for task in plan.tasks):
        return
    _set_parents(schedule)
    loaded = load_plan(schedule)
    _stretch(loaded, plan)
    wanted = {
        task.uid: task.start for task in plan.tasks if task.start is not None and not loaded.by_uid[task.uid].is_summary
    }
    fixed = loaded.solver().fit(wanted)
    changed = []
    for uid, start in fixed.items():
        task = loaded.by_uid[uid]
        task.placed_at = moment_at(start)
        changed.append(task)
    update_each(changed, ["placed_at"])


def _set_parents(schedule: Schedule) -> None:
    tasks = list(schedule.tasks.standing().order_by("row", "pk"))
    for task, place in zip(tasks, outline([task.level for task in tasks]), strict=True):
        task.level, task.is_summary = place.level, place.is_summary
        task.parent = tasks[place.parent] if place.parent is not None else None
    update_each(tasks, ["level", "parent", "is_summary"])


def _stretch(loaded: LoadedPlan, plan: PlanFile) -> None:
    """Set the pause of each task whose finish lies elsewhere than its duration says."""
    changed = []
    for told in plan.tasks:
        task = loaded.by_uid[told.uid]
        if told.start is None or told.finish is None or task.is_summary:
            continue
        calendar = loaded.calendars.get(task.calendar_id or 0, loaded.calendar)
        span = told.finish - told.start if task.is_elapsed else calendar.between(told.start, told.finish)
        end = told.start + told.minutes if task.is_elapsed else calendar.add(told.start, told.minutes)
        if end != told.finish and span - told.minutes:
            task.pause = span - told.minutes
            changed.append(task)
    update_each(changed, ["pause"])


def _moment(minute: int | None) -> datetime | None:
    return None if minute is None else moment_at(minute)
