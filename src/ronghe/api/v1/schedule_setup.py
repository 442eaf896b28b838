"""进度计划: on which days a project works, lots changed and removed, and tasks moved in the outline."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.schedule_shapes import ScheduleLotRequest, ScheduleLotRow
from ronghe.api.v1.shapes import named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.enums import BaseCalendar
from ronghe.domain.schedule.models import DayOff, Lot, Schedule, ScheduleTask
from ronghe.domain.schedule.selectors.people import units_for
from ronghe.domain.schedule.selectors.schedules import schedules_seen_by
from ronghe.domain.schedule.services.plans import add_days_off, change_lot, lift_days_off, remove_lot, set_calendar
from ronghe.domain.schedule.services.tasks import move_task

router = Router(tags=["schedule"])


class ScheduleCalendarShape(Schema):
    base: BaseCalendar = Field(description="every_day 每天施工；statutory 法定工作日；file 导入文件里的日历")
    begins_on: date


class ScheduleDaysOffRequest(Schema):
    first_on: date
    last_on: date = Field(description="最后一天，含")
    reason: str = Field(min_length=1, max_length=80)


class ScheduleDaysOffRow(Schema):
    id: int
    from_on: date
    until_on: date = Field(description="到这一天恢复施工")
    reason: str


class SchedulePlaceInOutline(Schema):
    id: int
    uid: int
    row: int
    level: int


@router.get(
    "/{project_id}/calendar", response=ScheduleCalendarShape, summary="哪些天施工", operation_id="schedule_calendar"
)
def calendar_shown(request: HttpRequest, project_id: int) -> Any:
    return _seen(actor_of(request), project_id)


@router.put(
    "/{project_id}/calendar",
    response=ScheduleCalendarShape,
    summary="定哪些天施工",
    operation_id="schedule_calendar_set",
)
def calendar_set(request: HttpRequest, project_id: int, wanted: ScheduleCalendarShape) -> Any:
    actor, now = actor_of(request), timezone.now()
    schedule = _seen(actor, project_id)
    return set_calendar(schedule=schedule, base=wanted.base, begins_on=wanted.begins_on, actor=actor, at=now)


@router.get(
    "/{project_id}/days-off", response=list[ScheduleDaysOffRow], summary="停工", operation_id="schedule_days_off"
)
def days_off(request: HttpRequest, project_id: int) -> Any:
    return _seen(actor_of(request), project_id).days_off.order_by("from_on", "pk")


@router.post(
    "/{project_id}/days-off",
    response={201: ScheduleDaysOffRow},
    summary="登记停工",
    operation_id="schedule_days_off_add",
)
def days_off_add(request: HttpRequest, project_id: int, wanted: ScheduleDaysOffRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    return Status(201, add_days_off(schedule=_seen(actor, project_id), actor=actor, at=now, **wanted.dict()))


@router.delete(
    "/days-off/{day_off_id}", response={204: None}, summary="照常施工", operation_id="schedule_days_off_lift"
)
def days_off_lift(request: HttpRequest, day_off_id: int) -> Status[None]:
    actor = actor_of(request)
    rows = DayOff.objects.select_related("schedule__project", "schedule__calendar")
    found = get_object_or_404(rows, pk=day_off_id, schedule__in=_all_seen(actor))
    lift_days_off(day_off=found, actor=actor, at=timezone.now())
    return Status(204, None)


@router.put("/lots/{lot_id}", response=ScheduleLotRow, summary="改标段", operation_id="schedule_lot_change")
def lot_change(request: HttpRequest, lot_id: int, wanted: ScheduleLotRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    lot = _seen_lot(actor, lot_id)
    units = units_for(lot.schedule, local_day(now))
    unit = get_object_or_404(units, pk=wanted.unit) if wanted.unit is not None else None
    made = change_lot(lot=lot, name=wanted.name, unit=unit, actor=actor, at=now)
    return {"id": made.pk, "name": made.name, "unit": named(unit) if unit is not None else None}


@router.delete("/lots/{lot_id}", response={204: None}, summary="删标段", operation_id="schedule_lot_remove")
def lot_remove(request: HttpRequest, lot_id: int) -> Status[None]:
    actor = actor_of(request)
    remove_lot(lot=_seen_lot(actor, lot_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post(
    "/tasks/{task_id}/move/{way}",
    response=SchedulePlaceInOutline,
    summary="上移、下移、降级、升级",
    operation_id="schedule_task_move",
)
def task_move(request: HttpRequest, task_id: int, way: Literal["up", "down", "in", "out"]) -> Any:
    actor = actor_of(request)
    rows = ScheduleTask.objects.select_related("schedule__project")
    task = get_object_or_404(rows, pk=task_id, schedule__in=_all_seen(actor))
    return move_task(task=task, way=way, actor=actor, at=timezone.now())


def _all_seen(actor: Person) -> Any:
    return schedules_seen_by(actor, timezone.now()).order_by()


def _seen(actor: Person, project_id: int) -> Schedule:
    return get_object_or_404(schedules_seen_by(actor, timezone.now()), project_id=project_id)


def _seen_lot(actor: Person, lot_id: int) -> Lot:
    return get_object_or_404(Lot.objects.select_related("schedule__project"), pk=lot_id, schedule__in=_all_seen(actor))
