"""What somebody on site tells of a task: begun, so far, done; and the last of these taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.progress import days_gained
from ronghe.domain.schedule.calc.worktime import last_day_of, minute_of, moment_at
from ronghe.domain.schedule.enums import ReportKind
from ronghe.domain.schedule.facts import MILESTONE_REACHED, PROGRESS_REPORTED, TASK_FINISHED
from ronghe.domain.schedule.models import BaselineLine, ProgressReport, ScheduleTask
from ronghe.domain.schedule.rules import REPORT_PROGRESS
from ronghe.domain.schedule.selectors.loading import baseline_in_force, work_time
from ronghe.domain.schedule.services.scheduling import forecast_anew, tell, wait_turn
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse
from ronghe.kernel.words import N_

WHOLE = 100


class SummaryNotReported(DomainError):
    code = "schedule_summary_not_reported"
    sentence = N_("“%(name)s”的进度由下级任务汇总，请报下级任务。")
    status = 422


class ReportDayToCome(DomainError):
    code = "schedule_report_day_to_come"
    sentence = N_("%(day)s 还没有到，到那天再报。")
    status = 422


class FinishedBeforeBegun(DomainError):
    code = "schedule_finished_before_begun"
    sentence = N_("完成日期不能早于开始的 %(day)s。")
    status = 422


class PercentUnfit(DomainError):
    code = "schedule_percent_unfit"
    sentence = N_("完成百分比请填 1 到 99；干完了请按“完成了”。")
    status = 422


class FinishedAlready(DomainError):
    code = "schedule_finished_already"
    sentence = N_("“%(name)s”已报完成。报错了请先撤回。")


class NotInPlan(DomainError):
    code = "schedule_not_in_plan"
    sentence = N_("“%(name)s”已停用或已从计划里去掉，不用再报。")


class NothingReported(DomainError):
    code = "schedule_nothing_reported"
    sentence = N_("“%(name)s”还没有报过进度，没有可撤回的。")


@transaction.atomic
def report_start(
    *, task: ScheduleTask, actor: Person, at: datetime, day: date | None = None, note: str = ""
) -> ProgressReport:
    """Note that work began on `day`, today unless told.

    :raises Stale: it was noted already
    :raises SummaryNotReported, ReportDayToCome, FinishedAlready, NotInPlan: what stands against it
    """
    begun = _day(day, at)
    _check(task, actor, at)
    if task.actual_start is not None:
        raise Stale
    start = moment_at(work_time(task.schedule).begin_of(begun))
    return _write(task, ReportKind.STARTED, 0, start, None, note, actor, at)


@transaction.atomic
def report_percent(
    *, task: ScheduleTask, percent: int, actor: Person, at: datetime, started_on: date | None = None, note: str = ""
) -> ProgressReport:
    """Note how far a task is, 1 to 99; one that was not begun began on `started_on`, today unless told.

    :raises PercentUnfit: another number
    """
    begun = _day(started_on, at)
    _check(task, actor, at)
    if not 0 < percent < WHOLE:
        raise PercentUnfit
    start = task.actual_start or moment_at(work_time(task.schedule).begin_of(begun))
    return _write(task, ReportKind.PROGRESS, percent, start, None, note, actor, at)


@transaction.atomic
def report_finish(
    *, task: ScheduleTask, actor: Person, at: datetime, day: date | None = None, started_on: date | None = None,
    note: str = "",
) -> ProgressReport:  # fmt: skip
    """Note that a task was done on `day`, today unless told; one that was not begun began on `started_on`, else when it
    was planned to as far as that lies before, else on that very day.

    :raises FinishedBeforeBegun: it began later
    """
    done = _day(day, at)
    _check(task, actor, at)
    calendar = work_time(task.schedule)
    finish = moment_at(calendar.end_of_day(done))
    start = task.actual_start
    if start is None or started_on is not None:
        begun = _day(started_on, at) if started_on is not None else _begun_by(task, done)
        start = moment_at(calendar.begin_of(begun))
    if task.is_milestone:
        start = finish
    if finish < start:
        raise FinishedBeforeBegun(day=local_day(start))
    return _write(task, ReportKind.FINISHED, WHOLE, start, finish, note, actor, at)


@transaction.atomic
def take_back_report(*, task: ScheduleTask, actor: Person, at: datetime) -> ProgressReport:
    """Take back what was told last of a task; its facts are reversed, the report stays with the one that reverses it.

    :raises NothingReported: nothing is left to take back
    """
    REPORT_PROGRESS.require(actor, task, at=at)
    wait_turn(task.schedule)
    last = (
        task.reports.filter(reverses=None, reversed_by=None).exclude(kind=ReportKind.IMPORTED).order_by("-pk").first()
    )
    if last is None:
        raise NothingReported(name=task.name)
    _move(task, last.percent_before, last.start_before, last.finish_before)
    back = ProgressReport.objects.create(
        task=task, kind=ReportKind.TAKEN_BACK, percent=last.percent_before, actual_start=last.start_before,
        actual_finish=last.finish_before, percent_before=last.percent, start_before=last.actual_start,
        finish_before=last.actual_finish, reverses=last, reported_by=actor, reported_at=at,
    )  # fmt: skip
    facts = Fact.objects.filter(source_type=last._meta.label_lower, source_id=last.pk, reverses=None)  # noqa: SLF001
    for fact in facts.order_by("pk"):
        reverse(fact, by=actor, at=at)
    forecast_anew(task.schedule, at)
    return back


def _day(day: date | None, at: datetime) -> date:
    today = local_day(at)
    if day is not None and day > today:
        raise ReportDayToCome(day=day)
    return day or today


def _begun_by(task: ScheduleTask, done: date) -> date:
    """Return when a task that nobody told of began: as planned where that is possible."""
    planned = local_day(task.start_at) if task.start_at is not None else done
    return min(planned, done)


def _check(task: ScheduleTask, actor: Person, at: datetime) -> None:
    REPORT_PROGRESS.require(actor, task, at=at)
    wait_turn(task.schedule)
    if task.removed_at is not None or not task.is_active:
        raise NotInPlan(name=task.name)
    if task.is_summary:
        raise SummaryNotReported(name=task.name)
    if task.actual_finish is not None:
        raise FinishedAlready(name=task.name)


def _move(task: ScheduleTask, percent: int, start: datetime | None, finish: datetime | None) -> None:
    """Set what is known of a task, unless somebody else told something a moment ago."""
    rows = ScheduleTask.objects.filter(
        pk=task.pk, percent=task.percent, actual_start=task.actual_start, actual_finish=task.actual_finish
    )
    if not rows.update(percent=percent, actual_start=start, actual_finish=finish):
        raise Stale
    task.percent, task.actual_start, task.actual_finish = percent, start, finish


def _write(
    task: ScheduleTask, kind: ReportKind, percent: int, start: datetime, finish: datetime | None, note: str,
    actor: Person, at: datetime,
) -> ProgressReport:  # fmt: skip
    before = {
        "percent_before": task.percent, "start_before": task.actual_start, "finish_before": task.actual_finish,
    }  # fmt: skip
    _move(task, percent, start, finish)
    report = ProgressReport.objects.create(
        task=task, kind=kind, percent=percent, actual_start=start, actual_finish=finish, reported_by=actor,
        reported_at=at, note=note.replace("\x00", "").strip()[:200], **before,
    )  # fmt: skip
    day = local_day(finish or (start if kind == ReportKind.STARTED else at))
    tell(PROGRESS_REPORTED, task.schedule, actor, at, source=report, kind=kind, percent=percent, day=day)
    if finish is not None:
        _tell_done(task, report, day, actor, at)
    forecast_anew(task.schedule, at)
    return report


def _tell_done(task: ScheduleTask, report: ProgressReport, day: date, actor: Person, at: datetime) -> None:
    """Tell whether it was on time: against the baseline in force where there is one (PJ-03)."""
    baseline = baseline_in_force(task.schedule)
    line = BaselineLine.objects.filter(baseline=baseline, task=task).first() if baseline is not None else None
    due = line.finish_at if line is not None else task.finish_at
    told: dict[str, Any] = {}
    if due is not None:
        due_on = last_day_of(minute_of(due))
        told = {"on_time": day <= due_on, "days_gained": days_gained(due_on, day)}
    tell(TASK_FINISHED, task.schedule, actor, at, source=report, day=day, is_key=task.is_key, **told)
    if task.is_milestone:
        if line is None:
            told = {}
        tell(MILESTONE_REACHED, task.schedule, actor, at, source=report, stage=task.stage or None, day=day, **told)


def mark_imported(task: ScheduleTask, actor: Person, at: datetime) -> ProgressReport:
    """Keep that what is known of a task came with a file."""
    return ProgressReport(
        task=task, kind=ReportKind.IMPORTED, percent=task.percent, actual_start=task.actual_start,
        actual_finish=task.actual_finish, percent_before=0, reported_by=actor, reported_at=at,
    )  # fmt: skip
