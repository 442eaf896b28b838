"""项目管控: the parts of a project one by one, its processes before anybody entered them, and templates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.control_works import project_seen
from ronghe.domain.control.calc.plan import NOTICE_HOURS, PlanRow
from ronghe.domain.control.enums import PartLevel, Point
from ronghe.domain.control.models import ProcessTemplate, WorkPart, WorkProcess
from ronghe.domain.control.selectors.structure import path_of, processes_of, templates_kept_by
from ronghe.domain.control.services.structure import change_part, change_process, drop_part, drop_process
from ronghe.domain.control.services.templates import withdraw_template

router = Router(tags=["control"])


class ControlPartRequest(Schema):
    level: PartLevel
    name: str = Field(max_length=80)
    below: int | None = Field(None, description="在哪个验收划分下面（编号）；单位工程不写")
    lot: str = Field("", max_length=40, description="标段，只有单位工程写")


class ControlPartChange(Schema):
    name: str = Field(max_length=80)
    lot: str = Field("", max_length=40)


class ControlPartAnswer(Schema):
    id: int
    name: str
    level: PartLevel
    below: int | None
    lot: str


class ControlProcessChange(Schema):
    name: str = Field(max_length=80)
    point: Point = Point.ORDINARY
    standard: str = Field("", max_length=400)
    notice_hours: int = NOTICE_HOURS
    before: list[int] | None = Field(None, description="先要验收的工序（编号）；不写就不变")


class ControlProcessPlanned(Schema):
    id: int
    name: str
    point: Point
    standard: str
    notice_hours: int


@router.put(
    "/{project_id}/parts/{part_id}",
    response=ControlPartAnswer,
    summary="改验收划分的名称、标段",
    operation_id="control_part_change",
)
def part_change(request: HttpRequest, project_id: int, part_id: int, wanted: ControlPartChange) -> Any:
    part = _part(request, project_id, part_id)
    changed = change_part(part=part, name=wanted.name, lot=wanted.lot, actor=actor_of(request), at=timezone.now())
    return part_answer(changed)


@router.delete(
    "/{project_id}/parts/{part_id}",
    response={204: None},
    summary="去掉空的验收划分",
    operation_id="control_part_drop",
)
def part_drop(request: HttpRequest, project_id: int, part_id: int) -> Any:
    drop_part(part=_part(request, project_id, part_id), actor=actor_of(request), at=timezone.now())
    return Status(204, None)


@router.put(
    "/{project_id}/processes/{process_id}",
    response=ControlProcessPlanned,
    summary="改还没开始的工序",
    operation_id="control_process_change",
)
def process_change(request: HttpRequest, project_id: int, process_id: int, wanted: ControlProcessChange) -> Any:
    process = _process(request, project_id, process_id)
    names = path_of(process.part)
    row = PlanRow(
        (names[0], names[1], names[2], names[3]), wanted.name, wanted.point.value, wanted.standard, wanted.notice_hours
    )
    others = processes_of(process.project)
    before = [get_object_or_404(others, pk=one) for one in wanted.before] if wanted.before is not None else None
    return change_process(process=process, row=row, before=before, actor=actor_of(request), at=timezone.now())


@router.delete(
    "/{project_id}/processes/{process_id}",
    response={204: None},
    summary="去掉还没开始的工序",
    operation_id="control_process_drop",
)
def process_drop(request: HttpRequest, project_id: int, process_id: int) -> Any:
    drop_process(process=_process(request, project_id, process_id), actor=actor_of(request), at=timezone.now())
    return Status(204, None)


@router.delete(
    "/templates/{template_id}",
    response={204: None},
    summary="停用工序模板",
    operation_id="control_template_withdraw",
)
def template_withdraw(request: HttpRequest, template_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    kept = templates_kept_by(actor, now).order_by().values("pk")
    rows = ProcessTemplate.objects.filter(body__in=kept).select_related("body")
    withdraw_template(template=get_object_or_404(rows, pk=template_id), actor=actor, at=now)
    return Status(204, None)


def _part(request: HttpRequest, project_id: int, part_id: int) -> WorkPart:
    rows = WorkPart.objects.select_related("project").filter(project=project_seen(request, project_id))
    return get_object_or_404(rows, pk=part_id)


def _process(request: HttpRequest, project_id: int, process_id: int) -> WorkProcess:
    found: WorkProcess = get_object_or_404(processes_of(project_seen(request, project_id)), pk=process_id)
    return found


def part_answer(part: WorkPart) -> dict[str, Any]:
    return {"id": part.pk, "name": part.name, "level": part.level, "below": part.parent_id, "lot": part.lot}
