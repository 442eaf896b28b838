"""任务领办清单: sheets; their tasks are items of the kind `claim` (`/work/items`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.claims.documents import sheet_document
from ronghe.domain.claims.enums import SheetState
from ronghe.domain.claims.models import ClaimSheet
from ronghe.domain.claims.selectors import (
    bodies_to_split,
    claimable_by,
    forces_to_split,
    list_sheets,
    sheets_seen_by,
    sides_of,
    view_of,
)
from ronghe.domain.claims.services.sheets import (
    NoSideOfSheet,
    TaskText,
    add_task,
    close_sheet,
    draw_up_sheet,
    publish_sheet,
    sign_sheet,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.models import DifficultPoint
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.printing import PaperForm

router = Router(tags=["claims"])


class ClaimSheetRow(Schema):
    id: int
    title: str
    body: Named
    force: Named | None
    state: SheetState
    version: int
    drawn_up_at: datetime
    published_at: datetime | None


class ClaimTaskRow(Schema):
    item: int = Field(description="事项编号，步骤走 /work/items")
    number: int
    title: str
    point: int | None
    state: str
    owner: Named | None
    due_at: datetime | None
    signed_at: datetime | None


class ClaimSideRow(Schema):
    body: Named
    signed_by: Named | None
    signed_at: datetime | None


class ClaimSheetAnswer(ClaimSheetRow):
    digest: str | None
    tasks: list[ClaimTaskRow]
    sides: list[ClaimSideRow]
    accepted: int
    overdue: int


class ClaimSheetRequest(Schema):
    force: int | None = None
    body: int | None = Field(default=None, description="不属于攻关党小组时写党组织")
    title: str = Field(default="", max_length=120)


class ClaimTaskRequest(Schema):
    title: str = Field(max_length=120)
    goal: str = Field(max_length=400)
    due_at: datetime
    point: int | None = None
    place: str = Field(default="", max_length=80)
    qhse_duty: str = Field(max_length=120)
    project_duty: str = Field(max_length=120)
    member_duty: str = Field(max_length=120)
    responsibility: str = Field(max_length=120)


class ClaimableTask(Schema):
    id: int
    title: str
    body: Named
    due_at: datetime | None


class ClaimSignRequest(Schema):
    body: int


@router.get("", response=Page[ClaimSheetRow], summary="领办清单", operation_id="claims_list")
def sheet_list(request: HttpRequest, state: SheetState | None = None, page: int = Query(1, ge=1)) -> Any:
    filters = Q(state=state) if state else Q()
    listed = list_sheets(actor_of(request), timezone.now(), filters=filters, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.post("", response={201: ClaimSheetAnswer}, summary="起一张清单", operation_id="claims_draw_up")
def sheet_create(request: HttpRequest, wanted: ClaimSheetRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    if wanted.force is not None:
        force = get_object_or_404(forces_to_split(actor, now), pk=wanted.force)
        assert force.body is not None  # a running group has one
        body, title = force.body, wanted.title or force.name
    else:
        force, body, title = None, get_object_or_404(bodies_to_split(actor, now), pk=wanted.body), wanted.title
    sheet = draw_up_sheet(title=title, body=body, force=force, actor=actor, at=now)
    return Status(201, _whole(sheet, now))


@router.get("/claimable", response=list[ClaimableTask], summary="可以领办的任务", operation_id="claims_claimable")
def claimable(request: HttpRequest) -> Any:
    actor = actor_of(request)
    rows = claimable_by(actor, timezone.now())[:PAGE_SIZE]
    return [{"id": row.pk, "title": row.title, "body": named(row.body), "due_at": row.due_at} for row in rows]


@router.get("/{sheet_id}", response=ClaimSheetAnswer, summary="一张清单", operation_id="claims_show")
def sheet_show(request: HttpRequest, sheet_id: int) -> Any:
    return _whole(_seen(actor_of(request), sheet_id), timezone.now())


@router.post("/{sheet_id}/tasks", response={201: ClaimSheetAnswer}, summary="分解任务", operation_id="claims_add_task")
def task_add(request: HttpRequest, sheet_id: int, wanted: ClaimTaskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id)
    point = None
    if wanted.point is not None:
        point = get_object_or_404(DifficultPoint.objects.filter(task_force=sheet.force_id), pk=wanted.point)
    duties = ("qhse_duty", "project_duty", "member_duty", "responsibility")
    values = {name: getattr(wanted, name) for name in duties}
    task = TaskText(wanted.title, wanted.goal, wanted.due_at, values, point, wanted.place)
    add_task(sheet=sheet, task=task, actor=actor, at=now)
    return Status(201, _whole(sheet, now))


@router.post("/{sheet_id}/publish", response=ClaimSheetAnswer, summary="发布", operation_id="claims_publish")
def sheet_publish(request: HttpRequest, sheet_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id)
    publish_sheet(sheet=sheet, actor=actor, at=now)
    return _whole(sheet, now)


@router.post("/{sheet_id}/sign", response=ClaimSheetAnswer, summary="代表一方签字", operation_id="claims_sign")
def sheet_sign(request: HttpRequest, sheet_id: int, wanted: ClaimSignRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id)
    body = next((side for side in sides_of(sheet) if side.pk == wanted.body), None)
    if body is None:
        raise NoSideOfSheet(body=wanted.body)
    sign_sheet(sheet=sheet, body=body, actor=actor, at=now)
    return _whole(sheet, now)


@router.post("/{sheet_id}/close", response=ClaimSheetAnswer, summary="办结", operation_id="claims_close")
def sheet_close(request: HttpRequest, sheet_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id)
    close_sheet(sheet=sheet, actor=actor, at=now)
    return _whole(sheet, now)


@router.get("/{sheet_id}/print.{form}", summary="领办清单文件", operation_id="claims_print")
def sheet_print(request: HttpRequest, sheet_id: int, form: PaperForm) -> HttpResponse:
    now = timezone.now()
    sheet = _seen(actor_of(request), sheet_id)
    document = sheet_document(view_of(sheet, now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=sheet, layout=GBT_9704_LANDSCAPE)


def _seen(actor: Person, sheet_id: int) -> ClaimSheet:
    sheet: ClaimSheet = get_object_or_404(sheets_seen_by(actor, timezone.now()), pk=sheet_id)
    return sheet


def _row(sheet: ClaimSheet) -> dict[str, Any]:
    return {
        "id": sheet.pk, "title": sheet.title, "body": named(sheet.body), "force": named(sheet.force),
        "state": sheet.state, "version": sheet.version, "drawn_up_at": sheet.drawn_up_at,
        "published_at": sheet.published_at,
    }  # fmt: skip


def _whole(sheet: ClaimSheet, now: datetime) -> dict[str, Any]:
    view = view_of(sheet, now)
    tasks = [
        {"item": line.item.pk, "number": line.number, "title": line.item.title, "point": line.point_id,
         "state": line.item.state, "owner": named(line.item.owner), "due_at": line.item.due_at,
         "signed_at": view.pledged[line.item.pk].signed_at if line.item.pk in view.pledged else None}
        for line in view.lines
    ]  # fmt: skip
    sides = [
        {"body": named(side.body), "signed_by": named(side.signature.person) if side.signature else None,
         "signed_at": side.signature.signed_at if side.signature else None}
        for side in view.sides
    ]  # fmt: skip
    return {
        **_row(sheet), "digest": view.versions[0].digest if view.versions else None, "tasks": tasks, "sides": sides,
        "accepted": view.counts.accepted, "overdue": view.counts.overdue,
    }  # fmt: skip
