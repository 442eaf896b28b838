"""三层责任清单: drafted from posts and playbook, edited, published; what is done is recorded line by line."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.decision_shapes import (
    LineDoneRequest,
    ResponsibilitySheetRow,
    SheetLineRequest,
    SheetLineRow,
    SheetRequest,
)
from ronghe.api.v1.shapes import named
from ronghe.domain.decisions.models import LineRecord, ResponsibilitySheet, SheetLine
from ronghe.domain.decisions.rules import SEE_LINE
from ronghe.domain.decisions.selectors.leaders import people_to_list
from ronghe.domain.decisions.selectors.rulebooks import bodies_to_keep
from ronghe.domain.decisions.selectors.sheets import LineStanding, lines_answered_by, lines_on, sheets_seen_by
from ronghe.domain.decisions.services.sheets import (
    LineText,
    adopt_sheet,
    draft_sheet,
    drop_line,
    record_line,
    set_line,
    take_back_record,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day

sheets_router = Router(tags=["decisions"])
lines_router = Router(tags=["decisions"])


@sheets_router.get("", response=list[ResponsibilitySheetRow], summary="责任清单", operation_id="responsibility_sheets")
def sheet_list(request: HttpRequest) -> Any:
    rows: Any = sheets_seen_by(actor_of(request), timezone.now())[:200]
    return [_sheet(row, row.size) for row in rows]


@sheets_router.post(
    "", response={201: ResponsibilitySheetRow}, summary="按任职和范本起草责任清单", operation_id="responsibility_draft"
)
def sheet_draft(request: HttpRequest, wanted: SheetRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_keep(actor, now), pk=wanted.body)
    made = draft_sheet(body=body, year=wanted.year, actor=actor, at=now)
    return Status(201, _sheet(made, made.lines.count()))


@sheets_router.get("/mine", response=list[SheetLineRow], summary="我的责任清单", operation_id="responsibility_mine")
def my_lines(request: HttpRequest) -> Any:
    day = local_day(timezone.now())
    return [_line(one) for one in lines_answered_by(actor_of(request), day, day.year)]


@sheets_router.get(
    "/{sheet_id}", response=list[SheetLineRow], summary="责任清单各条", operation_id="responsibility_lines"
)
def sheet_lines(request: HttpRequest, sheet_id: int) -> Any:
    return _lines(_seen(actor_of(request), sheet_id))


@sheets_router.post(
    "/{sheet_id}/lines", response={201: list[SheetLineRow]}, summary="加一条责任",
    operation_id="responsibility_line_add",
)  # fmt: skip
def line_add(request: HttpRequest, sheet_id: int, wanted: SheetLineRequest) -> Status[Any]:
    actor = actor_of(request)
    sheet = _seen(actor, sheet_id)
    set_line(sheet=sheet, text=_text(sheet, wanted), actor=actor, at=timezone.now())
    return Status(201, _lines(sheet))


@sheets_router.put(
    "/{sheet_id}/lines/{line_id}", response=list[SheetLineRow], summary="改一条责任",
    operation_id="responsibility_line_change",
)  # fmt: skip
def line_change(request: HttpRequest, sheet_id: int, line_id: int, wanted: SheetLineRequest) -> Any:
    actor = actor_of(request)
    sheet = _seen(actor, sheet_id)
    line = _line_of(sheet, line_id)
    set_line(sheet=sheet, text=_text(sheet, wanted), line=line, actor=actor, at=timezone.now())
    return _lines(sheet)


@sheets_router.delete(
    "/{sheet_id}/lines/{line_id}", response=list[SheetLineRow], summary="去掉一条责任",
    operation_id="responsibility_line_drop",
)  # fmt: skip
def line_drop(request: HttpRequest, sheet_id: int, line_id: int) -> Any:
    actor = actor_of(request)
    sheet = _seen(actor, sheet_id)
    drop_line(line=_line_of(sheet, line_id), actor=actor, at=timezone.now())
    return _lines(sheet)


@sheets_router.post(
    "/{sheet_id}/adopt", response=ResponsibilitySheetRow, summary="发布责任清单", operation_id="responsibility_adopt"
)
def sheet_adopt(request: HttpRequest, sheet_id: int) -> Any:
    actor = actor_of(request)
    made = adopt_sheet(sheet=_seen(actor, sheet_id), actor=actor, at=timezone.now())
    return _sheet(made, made.lines.count())


@lines_router.post(
    "/{line_id}/done", response={201: SheetLineRow}, summary="记办结", operation_id="responsibility_done"
)
def line_done(request: HttpRequest, line_id: int, wanted: LineDoneRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    line = get_object_or_404(_lines_seen(actor), pk=line_id)
    record_line(line=line, actor=actor, at=now, **wanted.dict())
    return Status(201, _standing(line))


@lines_router.delete(
    "/{line_id}/records/{record_id}", response=SheetLineRow, summary="撤回办结记录",
    operation_id="responsibility_take_back",
)  # fmt: skip
def record_take_back(request: HttpRequest, line_id: int, record_id: int) -> Any:
    actor = actor_of(request)
    line = get_object_or_404(_lines_seen(actor), pk=line_id)
    rows = LineRecord.objects.select_related("line__sheet__body", "line__person").filter(line=line)
    take_back_record(made=get_object_or_404(rows, pk=record_id), actor=actor, at=timezone.now())
    return _standing(line)


def _seen(actor: Person, sheet_id: int) -> ResponsibilitySheet:
    return get_object_or_404(sheets_seen_by(actor, timezone.now()), pk=sheet_id)


def _lines_seen(actor: Person) -> Any:
    return SEE_LINE.narrow(actor, SheetLine.objects.all(), at=timezone.now()).select_related("sheet__body", "person")


def _line_of(sheet: ResponsibilitySheet, line_id: int) -> SheetLine:
    return get_object_or_404(SheetLine.objects.select_related("sheet__body"), pk=line_id, sheet=sheet)


def _text(sheet: ResponsibilitySheet, wanted: SheetLineRequest) -> LineText:
    person = get_object_or_404(people_to_list(sheet.body, local_day(timezone.now())), pk=wanted.person)
    return LineText(**wanted.dict() | {"person": person})


def _sheet(row: ResponsibilitySheet, size: int) -> dict[str, Any]:
    return {
        "id": row.pk, "body": named(row.body), "year": row.year, "number": row.number, "state": row.state,
        "size": size,
    }  # fmt: skip


def _lines(sheet: ResponsibilitySheet) -> list[dict[str, Any]]:
    return [_line(one) for one in lines_on(sheet, local_day(timezone.now()))]


def _standing(line: SheetLine) -> dict[str, Any]:
    return _line(next(one for one in lines_on(line.sheet, local_day(timezone.now())) if one.line.pk == line.pk))


def _line(one: LineStanding) -> dict[str, Any]:
    line = one.line
    return {
        "id": line.pk, "layer": line.layer, "person": named(line.person), "title": line.title, "field": line.field,
        "mechanism": line.mechanism, "rhythm": line.rhythm, "evidence": line.evidence, "state": one.state.value,
        "done": one.done, "begun": one.begun,
        "records": [{"id": row.pk, "done_on": row.done_on, "text": row.text} for row in one.records],
    }  # fmt: skip
