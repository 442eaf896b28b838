"""进度计划."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out
from ronghe.api.v1.schedule_setup import router as setup
from ronghe.api.v1.schedule_shapes import (
    ScheduleAmountRequest,
    ScheduleAmountRow,
    ScheduleBaselineRequest,
    ScheduleBaselineRow,
    ScheduleDecision,
    ScheduleFigures,
    ScheduleImportAccept,
    ScheduleImportRow,
    ScheduleLotRequest,
    ScheduleLotRow,
    ScheduleMoney,
    SchedulePlaceRequest,
    SchedulePlan,
    ScheduleReason,
    ScheduleReportRequest,
    ScheduleRequest,
    ScheduleRow,
    ScheduleTaskNew,
    ScheduleTaskRequest,
    ScheduleTaskRow,
)
from ronghe.api.v1.shapes import PAGE_SIZE, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.links import SHORT, LinkKind, lag_text
from ronghe.domain.schedule.calc.worktime import last_day_of, minute_of
from ronghe.domain.schedule.documents import as_project_xml
from ronghe.domain.schedule.models import Amount, Baseline, Schedule, ScheduleImport, ScheduleTask
from ronghe.domain.schedule.selectors.figures import figures_of, key_tasks_of, money_of
from ronghe.domain.schedule.selectors.people import people_for, units_for
from ronghe.domain.schedule.selectors.schedules import (
    PlanView,
    Standing,
    list_schedules,
    projects_without,
    schedules_seen_by,
    standings,
    view_plan,
)
from ronghe.domain.schedule.services.baselines import (
    approve_baseline,
    propose_baseline,
    refuse_baseline,
    withdraw_baseline,
)
from ronghe.domain.schedule.services.importing import accept_import, discard_import, preview_of, upload_plan
from ronghe.domain.schedule.services.money import enter_amount, vouch_amount, withdraw_amount
from ronghe.domain.schedule.services.plans import add_lot, start_schedule
from ronghe.domain.schedule.services.progress import report_finish, report_percent, report_start, take_back_report
from ronghe.domain.schedule.services.tasks import TaskText, add_task, change_task, place_task, remove_task, restore_task
from ronghe.kernel.calendar.periods import PeriodKind, period_around

router = Router(tags=["schedule"])
FILE: Any = File(..., description="Microsoft Project 的 XML，或 Excel（.xlsx、.xls）、CSV")


@router.get("", response=Page[ScheduleRow], summary="进度计划清单", operation_id="schedule_list")
def schedule_list(
    request: HttpRequest, q: str = Query("", max_length=60), late: bool = Query(False, description="只看有晚了的任务的"),
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    listed = list_schedules(actor_of(request), timezone.now(), words=q, late=late, page=page, size=PAGE_SIZE)
    rows = {one.schedule.pk: one for one in standings(list(listed))}
    return listed_answer(listed, lambda schedule: _row(rows[schedule.pk]))


@router.post("", response={201: ScheduleRow}, summary="给项目编计划", operation_id="schedule_start")
def schedule_start(request: HttpRequest, wanted: ScheduleRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    project = get_object_or_404(projects_without(actor, now), pk=wanted.project)
    made = start_schedule(project=project, base=wanted.base, begins_on=wanted.begins_on, actor=actor, at=now)
    return Status(201, _row(standings([made])[0]))


@router.get(
    "/figures", response=ScheduleFigures, summary="按期投产率、当年投产、关键任务", operation_id="schedule_figures"
)
def schedule_figures(request: HttpRequest, year: int | None = Query(None, ge=2000, le=2099)) -> Any:
    actor, now = actor_of(request), timezone.now()
    day = date(year, 1, 1) if year is not None else local_day(now)
    found, keys = figures_of(actor, now, period_around(day, PeriodKind.YEAR).span), key_tasks_of(actor, now)
    rate = found.on_time
    return {
        "year": day.year, "on_time_percent": rate.percent, "due": rate.due, "on_time": rate.on_time,
        "to_come": rate.to_come, "changed": rate.changed,
        "projects": [
            {"project": named(row.project), "planned_on": row.commissioning.planned_on,
             "first_planned_on": row.commissioning.first_planned_on, "commissioned_on": row.commissioned_on,
             "is_on_time": row.commissioning.is_on_time}
            for row in found.counted
            if row.commissioning is not None
        ],
        "same_year": [named(row.project) for row in found.same_year],
        "key_tasks": [
            {"id": row.task.pk, "name": row.task.name, "project": named(row.task.schedule.project),
             "zone": named(row.zone) if row.zone is not None else None, "planned_days": row.days.planned,
             "actual_days": row.days.actual}
            for row in keys.rows
        ],
        "key_planned_average": keys.average.planned, "key_actual_average": keys.average.actual,
    }  # fmt: skip


@router.get("/{project_id}", response=SchedulePlan, summary="一个项目的进度计划", operation_id="schedule_detail")
def schedule_detail(request: HttpRequest, project_id: int) -> Any:
    view = view_plan(_seen(actor_of(request), project_id), timezone.now())
    return _row(standings([view.schedule])[0]) | {
        "planned_percent": Decimal(view.planned_share()) / 100, "actual_percent": Decimal(view.actual_share()) / 100,
        "tasks": [_task(view, task) for task in view.loaded.tasks],
    }  # fmt: skip


@router.get("/{project_id}/xml", summary="Microsoft Project 的 XML", operation_id="schedule_xml")
def schedule_xml(request: HttpRequest, project_id: int) -> HttpResponse:
    view = view_plan(_seen(actor_of(request), project_id), timezone.now())
    return HttpResponse(as_project_xml(view), content_type="application/xml")


# ---- tasks ----------------------------------------------------------------------------------------------------------
@router.post("/{project_id}/tasks", response={201: ScheduleTaskRow}, summary="加任务", operation_id="schedule_task_add")
def task_add(request: HttpRequest, project_id: int, wanted: ScheduleTaskNew) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    schedule = _seen(actor, project_id)
    after = get_object_or_404(schedule.tasks.standing(), pk=wanted.after) if wanted.after is not None else None
    made = add_task(
        schedule=schedule, text=_text(schedule, wanted), actor=actor, at=now, after=after, is_below=wanted.is_below
    )
    return Status(201, _one(made, now))


@router.put("/tasks/{task_id}", response=ScheduleTaskRow, summary="改任务", operation_id="schedule_task_change")
def task_change(request: HttpRequest, task_id: int, wanted: ScheduleTaskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    task = _seen_task(actor, task_id)
    return _one(change_task(task=task, text=_text(task.schedule, wanted), actor=actor, at=now), now)


@router.post("/tasks/{task_id}/place", response=ScheduleTaskRow, summary="挪到哪天", operation_id="schedule_task_place")
def task_place(request: HttpRequest, task_id: int, wanted: SchedulePlaceRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _one(place_task(task=_seen_task(actor, task_id), day=wanted.day, actor=actor, at=now), now)


@router.delete("/tasks/{task_id}", response={204: None}, summary="从计划里去掉", operation_id="schedule_task_remove")
def task_remove(request: HttpRequest, task_id: int) -> Status[None]:
    actor = actor_of(request)
    remove_task(task=_seen_task(actor, task_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/tasks/{task_id}/restore", response=ScheduleTaskRow, summary="放回计划", operation_id="schedule_task_restore"
)
def task_restore(request: HttpRequest, task_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _one(restore_task(task=_seen_task(actor, task_id), actor=actor, at=now), now)


@router.post("/tasks/{task_id}/report", response=ScheduleTaskRow, summary="报进度", operation_id="schedule_task_report")
def task_report(request: HttpRequest, task_id: int, wanted: ScheduleReportRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    task = _seen_task(actor, task_id)
    match wanted.kind:
        case "started":
            report_start(task=task, actor=actor, at=now, day=wanted.day, note=wanted.note)
        case "finished":
            report_finish(
                task=task, actor=actor, at=now, day=wanted.day, started_on=wanted.started_on, note=wanted.note
            )
        case _:
            report_percent(
                task=task, percent=wanted.percent or 0, actor=actor, at=now, started_on=wanted.started_on,
                note=wanted.note,
            )  # fmt: skip
    return _one(task, now)


@router.post(
    "/tasks/{task_id}/take-back",
    response=ScheduleTaskRow,
    summary="撤回上一次进度",
    operation_id="schedule_task_take_back",
)
def task_take_back(request: HttpRequest, task_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    task = _seen_task(actor, task_id)
    take_back_report(task=task, actor=actor, at=now)
    return _one(task, now)


# ---- baselines ------------------------------------------------------------------------------------------------------
@router.get(
    "/{project_id}/baselines", response=list[ScheduleBaselineRow], summary="各版基线", operation_id="schedule_baselines"
)
def baseline_list(request: HttpRequest, project_id: int) -> Any:
    schedule = _seen(actor_of(request), project_id)
    rows = schedule.baselines.select_related("proposed_by", "decided_by").order_by("-number")
    return [_baseline(row) for row in rows]


@router.post(
    "/{project_id}/baselines", response={201: ScheduleBaselineRow}, summary="报批基线", operation_id="schedule_propose"
)
def baseline_propose(request: HttpRequest, project_id: int, wanted: ScheduleBaselineRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    made = propose_baseline(schedule=_seen(actor, project_id), actor=actor, at=now, reason=wanted.reason)
    return Status(201, _baseline(made))


@router.post(
    "/baselines/{baseline_id}/approve",
    response=ScheduleBaselineRow,
    summary="批准基线",
    operation_id="schedule_approve",
)
def baseline_approve(request: HttpRequest, baseline_id: int, wanted: ScheduleDecision) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = _seen_baseline(actor, baseline_id)
    return _baseline(
        approve_baseline(baseline=found, digest=wanted.digest, decision=wanted.decision, actor=actor, at=now)
    )


@router.post(
    "/baselines/{baseline_id}/refuse", response=ScheduleBaselineRow, summary="不批准", operation_id="schedule_refuse"
)
def baseline_refuse(request: HttpRequest, baseline_id: int, wanted: ScheduleDecision) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = _seen_baseline(actor, baseline_id)
    return _baseline(refuse_baseline(baseline=found, decision=wanted.decision, actor=actor, at=now))


@router.post(
    "/baselines/{baseline_id}/withdraw",
    response=ScheduleBaselineRow,
    summary="撤回报批",
    operation_id="schedule_withdraw",
)
def baseline_withdraw(request: HttpRequest, baseline_id: int) -> Any:
    actor = actor_of(request)
    return _baseline(withdraw_baseline(baseline=_seen_baseline(actor, baseline_id), actor=actor, at=timezone.now()))


# ---- lots and money -------------------------------------------------------------------------------------------------
@router.get("/{project_id}/lots", response=list[ScheduleLotRow], summary="标段", operation_id="schedule_lots")
def lot_list(request: HttpRequest, project_id: int) -> Any:
    lots = _seen(actor_of(request), project_id).lots.select_related("unit").order_by("pk")
    return [{"id": lot.pk, "name": lot.name, "unit": named(lot.unit) if lot.unit else None} for lot in lots]


@router.post("/{project_id}/lots", response={201: ScheduleLotRow}, summary="加标段", operation_id="schedule_lot_add")
def lot_add(request: HttpRequest, project_id: int, wanted: ScheduleLotRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    schedule = _seen(actor, project_id)
    units = units_for(schedule, local_day(now))
    unit = get_object_or_404(units, pk=wanted.unit) if wanted.unit is not None else None
    made = add_lot(schedule=schedule, name=wanted.name, unit=unit, actor=actor, at=now)
    return Status(201, {"id": made.pk, "name": made.name, "unit": named(unit) if unit is not None else None})


@router.get("/{project_id}/money", response=ScheduleMoney, summary="投资", operation_id="schedule_money")
def money(request: HttpRequest, project_id: int) -> Any:
    found = money_of(_seen(actor_of(request), project_id))
    names = ("ceiling", "estimate", "budget", "change", "committed", "paid", "left", "is_over")
    return {name: getattr(found.total, name) for name in names} | {"amounts": [_amount(row) for row in found.amounts]}


@router.post(
    "/{project_id}/money",
    response={201: ScheduleAmountRow},
    summary="登记一笔投资",
    operation_id="schedule_amount_enter",
)
def amount_enter(request: HttpRequest, project_id: int, wanted: ScheduleAmountRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    schedule = _seen(actor, project_id)
    lot = get_object_or_404(schedule.lots, pk=wanted.lot) if wanted.lot is not None else None
    made = enter_amount(
        schedule=schedule, kind=wanted.kind, yuan=wanted.yuan, day=wanted.day, source=wanted.source, lot=lot,
        actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _amount(made))


@router.post(
    "/amounts/{amount_id}/vouch", response=ScheduleAmountRow, summary="核实", operation_id="schedule_amount_vouch"
)
def amount_vouch(request: HttpRequest, amount_id: int) -> Any:
    actor = actor_of(request)
    return _amount(vouch_amount(amount=_seen_amount(actor, amount_id), actor=actor, at=timezone.now()))


@router.post(
    "/amounts/{amount_id}/withdraw", response=ScheduleAmountRow, summary="撤下", operation_id="schedule_amount_withdraw"
)
def amount_withdraw(request: HttpRequest, amount_id: int, wanted: ScheduleReason) -> Any:
    actor = actor_of(request)
    amount = _seen_amount(actor, amount_id)
    return _amount(withdraw_amount(amount=amount, reason=wanted.reason, actor=actor, at=timezone.now()))


# ---- files ----------------------------------------------------------------------------------------------------------
@router.post(
    "/{project_id}/imports", response={201: ScheduleImportRow}, summary="上传计划看预览", operation_id="schedule_upload"
)
def import_upload(request: HttpRequest, project_id: int, file: UploadedFile = FILE) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    schedule = _seen(actor, project_id)
    with laid_out(file) as path:
        found = upload_plan(schedule=schedule, path=path, name=file.name or "", actor=actor, at=now)
    return Status(201, _import(found))


@router.post(
    "/imports/{import_id}/accept", response=ScheduleImportRow, summary="导入计划", operation_id="schedule_import_accept"
)
def import_accept(request: HttpRequest, import_id: int, wanted: ScheduleImportAccept) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = _seen_import(actor, import_id)
    accept_import(
        found=found, actor=actor, at=now, takes_calendar=wanted.takes_calendar, takes_baseline=wanted.takes_baseline
    )
    return _import(found)


@router.post(
    "/imports/{import_id}/discard",
    response=ScheduleImportRow,
    summary="放弃导入",
    operation_id="schedule_import_discard",
)
def import_discard(request: HttpRequest, import_id: int) -> Any:
    actor = actor_of(request)
    return _import(discard_import(found=_seen_import(actor, import_id), actor=actor, at=timezone.now()))


# ---- what is seen, and how it is told -------------------------------------------------------------------------------
router.add_router("", setup)


def _seen(actor: Person, project_id: int) -> Schedule:
    return get_object_or_404(schedules_seen_by(actor, timezone.now()), project_id=project_id)


def _seen_task(actor: Person, task_id: int) -> ScheduleTask:
    seen = schedules_seen_by(actor, timezone.now()).order_by()
    rows = ScheduleTask.objects.select_related("schedule__project", "lot", "person")
    return get_object_or_404(rows, pk=task_id, schedule__in=seen)


def _seen_baseline(actor: Person, baseline_id: int) -> Baseline:
    seen = schedules_seen_by(actor, timezone.now()).order_by()
    rows = Baseline.objects.select_related("schedule__project", "proposed_by", "decided_by")
    return get_object_or_404(rows, pk=baseline_id, schedule__in=seen)


def _seen_amount(actor: Person, amount_id: int) -> Amount:
    seen = schedules_seen_by(actor, timezone.now()).order_by()
    rows = Amount.objects.select_related("schedule__project", "lot", "entered_by", "vouched_by")
    return get_object_or_404(rows, pk=amount_id, schedule__in=seen)


def _seen_import(actor: Person, import_id: int) -> ScheduleImport:
    seen = schedules_seen_by(actor, timezone.now()).order_by()
    return get_object_or_404(
        ScheduleImport.objects.select_related("schedule__project"), pk=import_id, schedule__in=seen
    )


def _text(schedule: Schedule, wanted: ScheduleTaskRequest) -> TaskText:
    given = wanted.dict()
    given.pop("after", None)
    given.pop("is_below", None)
    lot, person = given.pop("lot"), given.pop("person")
    people = people_for(schedule, local_day(timezone.now()))
    return TaskText(
        lot=get_object_or_404(schedule.lots, pk=lot) if lot is not None else None,
        person=get_object_or_404(people, pk=person) if person is not None else None,
        **{**given, "side": given["side"] or ""},
    )  # fmt: skip


def _row(one: Standing) -> dict[str, Any]:
    schedule, baseline = one.schedule, one.baseline
    return {
        "project": named(schedule.project), "unit": named(schedule.project.unit), "state": schedule.project.state,
        "begins_on": schedule.begins_on, "base": schedule.base, "finish_on": _last(schedule.finish_at),
        "forecast_on": one.forecast_on, "commissioned_on": one.commissioned_on,
        "baseline_on": baseline.commissioned_on if baseline is not None else None,
        "baseline_number": baseline.number if baseline is not None else None, "days_gained": one.gained,
        "late_count": schedule.late_count,
    }  # fmt: skip


def _one(task: ScheduleTask, at: datetime) -> dict[str, Any]:
    view = view_plan(task.schedule, at)
    return _task(view, view.loaded.by_pk[task.pk])


def _task(view: PlanView, task: ScheduleTask) -> dict[str, Any]:
    line = view.lines.get(task.pk)
    names = (
        "uid", "level", "name", "is_summary", "is_milestone", "is_key", "is_active", "stage", "minutes", "is_critical",
    )  # fmt: skip
    return {name: getattr(task, name) for name in names} | {
        "id": task.pk, "number": view.loaded.numbers[task.pk], "percent": view.percent_of(task),
        "lot": named(task.lot) if task.lot is not None else None,
        "person": named(task.person) if task.person is not None else None, "slip_days": view.slip(task),
        "start_on": _first(task.start_at), "finish_on": _last(task.finish_at),
        "baseline_start_on": _first(line.start_at) if line is not None else None,
        "baseline_finish_on": _last(line.finish_at) if line is not None else None,
        "forecast_start_on": _first(task.forecast_start), "forecast_finish_on": _last(task.forecast_finish),
        "actual_start_on": _first(task.actual_start), "actual_finish_on": _last(task.actual_finish),
        "total_float_minutes": task.total_float,
        "links": [
            {"predecessor": view.loaded.by_pk[link.predecessor_id].uid, "kind": SHORT[LinkKind(link.kind)],
             "lag": lag_text(link.lag_told, view.schedule.minutes_per_day)}
            for link in view.loaded.links_of.get(task.pk, ())
        ],
    }  # fmt: skip


def _baseline(row: Baseline) -> dict[str, Any]:
    names = (
        "number", "state", "reason", "digest", "starts_on", "ends_on", "commissioned_on", "proposed_at", "decided_at",
        "decision",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "proposed_by": named(row.proposed_by),
        "decided_by": named(row.decided_by) if row.decided_by is not None else None,
    }  # fmt: skip


def _amount(row: Amount) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "lot": named(row.lot) if row.lot is not None else None, "yuan": row.yuan,
        "day": row.day, "source": row.source, "state": row.state, "entered_by": named(row.entered_by),
        "vouched_by": named(row.vouched_by) if row.vouched_by is not None else None,
    }  # fmt: skip


def _import(found: ScheduleImport) -> dict[str, Any]:
    preview = preview_of(found)
    return {
        "id": found.pk, "state": found.state, "file_name": found.file_name, "counts": found.counts,
        "remarks": [
            {"where": one.where, "text": one.text, "is_error": one.is_error}
            for one in (preview.plan.remarks if preview is not None else ())
        ],
        "changes": [
            {"uid": one.uid, "name": one.name, "act": one.act, "fields": list(one.fields)}
            for one in (preview.changes if preview is not None else ())
        ],
    }  # fmt: skip


def _first(moment: datetime | None) -> date | None:
    return None if moment is None else local_day(moment)


def _last(moment: datetime | None) -> date | None:
    return None if moment is None else last_day_of(minute_of(moment))
