"""四方责任: the sheet of four sides of a zone, its rows, versions and what each unit said."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.duties.calc.shares import Share
from ronghe.domain.duties.calc.words import FieldDiff, RowDiff
from ronghe.domain.duties.documents import sheet_document
from ronghe.domain.duties.enums import AcceptState, GapKind, Part, Rhythm, RowKind, RowSource, Standing
from ronghe.domain.duties.models import DutyRow, DutySheet
from ronghe.domain.duties.selectors.candidates import candidates_of
from ronghe.domain.duties.selectors.people import people_to_name
from ronghe.domain.duties.selectors.sheets import (
    list_sheets,
    row_seen,
    sheets_seen_by,
    version_seen,
    view_of,
    zones_to_open,
)
from ronghe.domain.duties.selectors.tables import read_table
from ronghe.domain.duties.services.accepting import agree_for_unit, issue_sheet, object_for_unit
from ronghe.domain.duties.services.rows import RowPlan, RowText, SideShare, add_row, fix_row, take_lines
from ronghe.domain.duties.services.sheets import drop_row, gather_rows, open_sheet
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.zones.enums import SheetSide, SheetTopic
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.domain.zones.rules import KEEP_SHEET
from ronghe.kernel.documents.layout import GBT_9704_LANDSCAPE
from ronghe.kernel.printing import PaperForm

router = Router(tags=["duties"])
TABLE: Any = File(..., description="Excel（.xlsx、.xls）或 CSV，表头同责任表")


class DutySheetRow(Schema):
    id: int
    zone: Named
    version: int
    issued_at: datetime | None


class DutyShare(Schema):
    side: SheetSide
    part: Part
    person: Named | None


class DutyRowAnswer(Schema):
    id: int
    number: int
    source: RowSource
    kind: RowKind
    title: str
    text: str
    basis: str
    due_on: date | None
    cadence: str
    shares: list[DutyShare]
    is_over: bool = Field(description="来处已停用")
    standing: Standing
    done: int
    of: int


class DutyGap(Schema):
    row: int
    kind: GapKind
    side: str
    blocks: bool = Field(description="不补齐就不能发布")


class DutyUnit(Schema):
    party: int = Field(description="参建单位编号，确认和提异议时用")
    side: SheetSide
    unit: Named
    state: AcceptState
    said_by: Named | None
    said_at: datetime | None
    reason: str
    changed: list[int] = Field(description="确认以后改了的条目")
    digest: str = Field(description="本方条目的摘要，确认时带上；空的不用确认")


class DutySheetAnswer(DutySheetRow):
    is_whole: bool = Field(description="看到全部条目；否则只看到本方的和共担的")
    changed: list[int] = Field(description="发布以后改了的条目")
    rows: list[DutyRowAnswer]
    gaps: list[DutyGap]
    units: list[DutyUnit]


class DutyCandidate(Schema):
    key: str
    source: RowSource
    title: str
    note: str


class DutyShareRequest(Schema):
    part: Part
    person: int | None = None


class DutyRowRequest(Schema):
    topic: SheetTopic
    matter: str = Field(max_length=80)
    duty: str = Field(max_length=200)
    shares: dict[SheetSide, DutyShareRequest]
    due_on: date | None = None
    rhythm: Rhythm | None = None
    basis: str = Field(default="", max_length=120)


class DutyFixRequest(Schema):
    shares: dict[SheetSide, DutyShareRequest]
    basis: str = Field(default="", max_length=120)
    due_on: date | None = Field(default=None, description="只有条款的期限在清单上定")
    rhythm: Rhythm | None = None


class DutyGatherRequest(Schema):
    keys: list[str] = Field(max_length=500)


class DutyOpenRequest(Schema):
    zone: int


class DutyIssueRequest(Schema):
    note: str = Field(default="", max_length=200)


class DutyWordRequest(Schema):
    party: int
    digest: str = Field(max_length=64)
    reason: str = Field(default="", max_length=200)


class DutyImported(Schema):
    rows: int


class DutyFieldDiff(Schema):
    field: str
    before: str
    after: str


class DutyRowDiff(Schema):
    kind: str
    row: int
    number: int
    title: str
    fields: list[DutyFieldDiff]


class DutyVersionAnswer(Schema):
    number: int
    digest: str
    note: str
    issued_by: Named
    issued_at: datetime
    changes: list[DutyRowDiff]


@router.get("", response=Page[DutySheetRow], summary="四方责任清单", operation_id="duties_list")
def sheet_list(request: HttpRequest, q: str = "", running: bool = True, page: int = Query(1, ge=1)) -> Any:
    listed = list_sheets(actor_of(request), timezone.now(), words=q, running=running, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _head)


@router.post("", response={201: DutySheetAnswer}, summary="起清单", operation_id="duties_open")
def sheet_open(request: HttpRequest, wanted: DutyOpenRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    zone = get_object_or_404(zones_to_open(actor, now), pk=wanted.zone)
    return Status(201, _whole(open_sheet(zone=zone, actor=actor, at=now), actor, now))


@router.get("/{sheet_id}", response=DutySheetAnswer, summary="一张清单", operation_id="duties_show")
def sheet_show(request: HttpRequest, sheet_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(_seen(actor, sheet_id, now), actor, now)


@router.get(
    "/{sheet_id}/candidates", response=list[DutyCandidate], summary="可以收进来的", operation_id="duties_candidates"
)
def candidates(request: HttpRequest, sheet_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    KEEP_SHEET.require(actor, sheet.zone, at=now)
    return [
        {"key": one.key, "source": one.source, "title": one.title, "note": one.note}
        for one in candidates_of(sheet, actor, now)
    ]


@router.post("/{sheet_id}/gather", response=DutySheetAnswer, summary="收进清单", operation_id="duties_gather")
def gather(request: HttpRequest, sheet_id: int, wanted: DutyGatherRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    gather_rows(sheet=sheet, keys=wanted.keys, actor=actor, at=now)
    return _whole(sheet, actor, now)


@router.post("/{sheet_id}/rows", response={201: DutySheetAnswer}, summary="写一条", operation_id="duties_add_row")
def row_add(request: HttpRequest, sheet_id: int, wanted: DutyRowRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    text = RowText(
        wanted.topic, wanted.matter, wanted.duty, _shares(sheet, wanted.shares, local_day(now)), wanted.due_on,
        wanted.rhythm, basis=wanted.basis,
    )  # fmt: skip
    add_row(sheet=sheet, text=text, actor=actor, at=now)
    return Status(201, _whole(sheet, actor, now))


@router.put("/{sheet_id}/rows/{row_id}", response=DutySheetAnswer, summary="定分工", operation_id="duties_fix_row")
def row_fix(request: HttpRequest, sheet_id: int, row_id: int, wanted: DutyFixRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    row = _row(sheet, row_id, actor, now)
    shares = _shares(sheet, wanted.shares, local_day(now))
    fix_row(row=row, plan=RowPlan(shares, wanted.basis, wanted.due_on, wanted.rhythm), actor=actor, at=now)
    return _whole(sheet, actor, now)


@router.post(
    "/{sheet_id}/rows/{row_id}/drop", response=DutySheetAnswer, summary="移出清单", operation_id="duties_drop_row"
)
def row_drop(request: HttpRequest, sheet_id: int, row_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    drop_row(row=_row(sheet, row_id, actor, now), actor=actor, at=now)
    return _whole(sheet, actor, now)


@router.post("/{sheet_id}/import", response={201: DutyImported}, summary="从表格导入", operation_id="duties_import")
def rows_import(request: HttpRequest, sheet_id: int, table: UploadedFile = TABLE) -> Any:
    """一处不对就一条也不导入，答复里写明是哪个单元格。"""
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    KEEP_SHEET.require(actor, sheet.zone, at=now)
    with TemporaryDirectory(prefix="ronghe-upload-") as folder:
        path = Path(folder) / "table"
        path.write_bytes(table.read())
        preview = read_table(path, table.name or "", sheet, local_day(now))
    preview.refuse_problems()
    return Status(201, {"rows": len(take_lines(sheet=sheet, lines=preview.lines, actor=actor, at=now))})


@router.post("/{sheet_id}/issue", response=DutySheetAnswer, summary="发布", operation_id="duties_issue")
def sheet_issue(request: HttpRequest, sheet_id: int, wanted: DutyIssueRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    issue_sheet(sheet=sheet, actor=actor, at=now, note=wanted.note)
    return _whole(sheet, actor, now)


@router.post("/{sheet_id}/agree", response=DutySheetAnswer, summary="代表一家单位确认", operation_id="duties_agree")
def side_agree(request: HttpRequest, sheet_id: int, wanted: DutyWordRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    agree_for_unit(sheet=sheet, party=_party(sheet, wanted.party), digest=wanted.digest, actor=actor, at=now)
    return _whole(sheet, actor, now)


@router.post("/{sheet_id}/object", response=DutySheetAnswer, summary="代表一家单位提异议", operation_id="duties_object")
def side_object(request: HttpRequest, sheet_id: int, wanted: DutyWordRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    object_for_unit(
        sheet=sheet, party=_party(sheet, wanted.party), digest=wanted.digest, reason=wanted.reason, actor=actor, at=now
    )
    return _whole(sheet, actor, now)


@router.get(
    "/{sheet_id}/versions/{number}", response=DutyVersionAnswer, summary="一版改了什么", operation_id="duties_version"
)
def sheet_version(request: HttpRequest, sheet_id: int, number: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = version_seen(_seen(actor, sheet_id, now), number, actor, now)
    if found is None:
        raise Http404
    version, _rows, changes = found
    return {
        "number": version.number, "digest": version.digest, "note": version.note, "issued_by": named(version.issued_by),
        "issued_at": version.issued_at, "changes": [_diff(diff) for diff in changes],
    }  # fmt: skip


@router.get("/{sheet_id}/print.{form}", summary="四方责任清单文件", operation_id="duties_print")
def sheet_print(request: HttpRequest, sheet_id: int, form: PaperForm) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    sheet = _seen(actor, sheet_id, now)
    document = sheet_document(view_of(sheet, actor, now), printed_on=local_day(now))
    return paper_answer(request, document, form, source=sheet, layout=GBT_9704_LANDSCAPE)


def _seen(actor: Person, sheet_id: int, now: datetime) -> DutySheet:
    sheet: DutySheet = get_object_or_404(sheets_seen_by(actor, now), pk=sheet_id)
    return sheet


def _row(sheet: DutySheet, row_id: int, actor: Person, now: datetime) -> DutyRow:
    found = row_seen(sheet, row_id, actor, now)
    if found is None:
        raise Http404
    found.row.sheet = sheet
    return found.row


def _party(sheet: DutySheet, pk: int) -> ParticipatingUnit:
    rows = ParticipatingUnit.objects.select_related("unit", "zone__sponsor", "zone__body")
    return get_object_or_404(rows, pk=pk, zone=sheet.zone_id, valid_until=None)


def _shares(sheet: DutySheet, wanted: dict[SheetSide, DutyShareRequest], day: date) -> dict[str, SideShare]:
    return {
        side.value: SideShare(
            one.part,
            get_object_or_404(people_to_name(sheet.zone, day, side.value), pk=one.person) if one.person else None,
        )
        for side, one in wanted.items()
    }


def _head(sheet: DutySheet) -> dict[str, Any]:
    return {"id": sheet.pk, "zone": named(sheet.zone), "version": sheet.version, "issued_at": sheet.issued_at}


def _whole(sheet: DutySheet, actor: Person, now: datetime) -> dict[str, Any]:
    view = view_of(sheet, actor, now)
    rows = [
        {"id": row.row.pk, "number": row.row.number, "source": row.source, "kind": row.kind, "title": row.title,
         "text": row.text, "basis": row.basis, "due_on": row.due_on, "cadence": row.cadence,
         "shares": [_share(side, share) for side, share in row.shares.items()], "is_over": row.is_over,
         "standing": record.standing, "done": record.done, "of": record.of}
        for row in view.rows
        for record in (view.records[row.row.pk],)
    ]  # fmt: skip
    units = [
        {"party": one.party.pk, "side": one.side, "unit": named(one.unit), "state": one.state,
         "said_by": named(one.word.person) if one.word else None, "said_at": one.word.said_at if one.word else None,
         "reason": one.word.reason if one.word else "", "changed": [diff.row.key for diff in one.changed],
         "digest": view.issued_digest(one.side)}
        for one in view.acceptances
    ]  # fmt: skip
    return {
        **_head(sheet), "is_whole": view.is_whole, "changed": [diff.row.key for diff in view.changed], "rows": rows,
        "gaps": [
            {"row": gap.row.row.pk, "kind": gap.kind, "side": gap.side, "blocks": gap.blocks} for gap in view.gaps
        ],
        "units": units,
    }  # fmt: skip


def _share(side: str, share: Share) -> dict[str, Any]:
    person = {"id": share.person, "name": share.name} if share.person is not None else None
    return {"side": side, "part": share.part, "person": person}


def _diff(diff: RowDiff) -> dict[str, Any]:
    return {
        "kind": diff.kind, "row": diff.row.key, "number": diff.row.number, "title": diff.row.title,
        "fields": [_field(one) for one in diff.fields],
    }  # fmt: skip


def _field(one: FieldDiff) -> dict[str, str]:
    return {"field": one.field, "before": _said(one.before), "after": _said(one.after)}


def _said(value: str | Share | None) -> str:
    return f"{value.part} {value.name}".strip() if isinstance(value, Share) else value or ""
