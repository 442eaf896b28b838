"""考评的依据: figures brought in, one-vote vetoes, panels."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.uploads import laid_out, stored_file, upload_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, named, page_answer
from ronghe.domain.appraisal.enums import PanelState, VetoState
from ronghe.domain.appraisal.models import Figure, Panel, VetoCase
from ronghe.domain.appraisal.selectors.figure_checks import FigurePreview
from ronghe.domain.appraisal.selectors.figures import figure_seen_by, figure_titles, list_figures
from ronghe.domain.appraisal.selectors.panels import (
    bodies_below,
    bodies_to_open_for,
    list_panels,
    panel_seen_by,
    people_below,
    reviewer_of,
    reviewers_seen,
    subjects_of,
)
from ronghe.domain.appraisal.selectors.runs import run_seen_by
from ronghe.domain.appraisal.selectors.vetoes import bodies_to_veto, list_vetoes, veto_file_of, veto_kinds, veto_seen_by
from ronghe.domain.appraisal.services.figures import enter_figures, enter_for_run, import_table, try_table
from ronghe.domain.appraisal.services.panels import (
    PanelPlan,
    count_panel,
    declare_conflict,
    give_marks,
    open_panel,
    read_criteria,
    void_panel,
)
from ronghe.domain.appraisal.services.vetoes import add_veto_files, lift_veto, raise_veto, review_veto
from ronghe.domain.appraisal.tasks import compute_now_or_later
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.services.files import arrived_file
from ronghe.kernel.errors import NotFound

router = Router(tags=["appraisal"])

TABLE: Any = File(..., description="Excel 或 CSV，表头：指标、对象、期间、数值、数据来源、担保人、更正编号")


class FigureLine(Schema):
    item: str = Field(max_length=60, description="指标的名称或代码")
    whose: str = Field(
        max_length=120,
        description="党组织、单位、承包商的名称，党员的姓名或员工号；或 #编号、unit#编号、contractor#编号、member#编号",
    )
    period: str = Field(max_length=20)
    value: Decimal
    source: str = Field(max_length=120)
    vouched_by: str = Field(max_length=60)
    corrects: int | None = Field(None, description="更正哪一条")


class FiguresRequest(Schema):
    lines: list[FigureLine] = Field(min_length=1, max_length=5000)
    is_tried: bool = Field(False, description="只看一遍，不写入")
    run: int | None = Field(None, description="写入后重算哪一次考评")


class FigureRow(Schema):
    id: int
    item: str
    body: Named | None
    unit: Named | None
    whose: str
    member: str | None = Field(description="党员在结果里的编号")
    level: str = Field(description="别处登记的对象（承包商）是哪一级，其余为空")
    subject: int | None
    period: str
    value: Decimal
    source: str
    vouched_by: str
    entered_by: Named
    entered_at: datetime
    file_name: str
    corrects: int | None
    is_current: bool


class FigureProblem(Schema):
    place: str
    head: str
    why: str


class FiguresAnswer(Schema):
    rows: int
    problems: list[FigureProblem]
    written: list[int]


class VetoKind(Schema):
    id: str
    title: str


class VetoRequest(Schema):
    body: int
    veto: str = Field(max_length=60)
    evidence: str = Field(min_length=1, max_length=400)
    happened_on: date
    until_on: date
    person: int | None = None


class VetoReviewRequest(Schema):
    holds: bool
    remark: str = Field(min_length=1, max_length=200)


class VetoLiftRequest(Schema):
    reason: str = Field(min_length=1, max_length=200)
    from_on: date | None = Field(None, description="从哪一天起不再有效；不写是今天")


class VetoFileRow(Schema):
    id: int
    name: str
    added_at: datetime


class VetoRow(Schema):
    id: int
    veto: str
    title: str
    body: Named
    person: Named | None
    happened_on: date
    until_on: date
    evidence: str
    state: VetoState
    raised_by: Named
    reviewed_by: Named | None
    review: str
    lift_reason: str
    files: list[VetoFileRow]


class PanelRequest(Schema):
    body: int
    item: str = Field(max_length=60)
    title: str = Field(min_length=1, max_length=120)
    period: str = Field(max_length=20)
    criteria: str = Field(description="一行一项，末尾写权重：完成任务 0.6")
    closes_on: date
    bodies: list[int] = []
    people: list[int] = []
    reviewers: list[int]
    scale: int = 100
    trim: int = Field(1, ge=0, le=10)
    least: int = Field(5, ge=1, le=100)
    is_secret: bool = False
    adjusts: bool = True


class PanelMarksRequest(Schema):
    marks: dict[int, list[int]] = Field(description="对象序号 → 按标准的次序打的分")


class PanelConflictRequest(Schema):
    subject: int = Field(description="对象序号")
    reason: str = Field(min_length=1, max_length=120)


class PanelReasonRequest(Schema):
    reason: str = Field(min_length=1, max_length=200)


class PanelRow(Schema):
    id: int
    body: Named
    item: str
    title: str
    period: str
    is_secret: bool
    closes_on: date
    state: PanelState


class PanelSubjectRow(Schema):
    number: int
    name: str
    score: Decimal | None
    raw: Decimal | None
    marked: int
    missing: int
    kept_out: int
    trimmed: int


class PanelReviewerRow(Schema):
    person: Named
    has_marked: bool
    severity: Decimal | None = Field(description="比别人高出几分（满分 100）；不调整的为空")
    kept_out: int


class PanelAnswer(PanelRow):
    criteria: list[dict[str, str]]
    scale: int
    trim: int
    least: int
    subjects: list[PanelSubjectRow]
    reviewers: list[PanelReviewerRow] = Field(description="能看打分的人才有")


@router.get("/figures/items", response=dict[str, str], summary="指标", operation_id="figures_items")
def figure_items(request: HttpRequest) -> Any:  # noqa: ARG001 - what sheets take is no secret
    return figure_titles()


@router.get("/figures", response=Page[FigureRow], summary="导入的指标", operation_id="figures_list")
def figure_list(
    request: HttpRequest, period: str = "", item: str = "", with_corrected: bool = False, page: int = Query(1, ge=1)
) -> Any:
    listed = list_figures(
        actor_of(request), timezone.now(), period=period, item=item, only_current=not with_corrected, page=page,
        size=PAGE_SIZE,
    )  # fmt: skip
    return {**page_answer(listed), "items": [_figure(row) for row in listed]}


@router.get("/figures/{int:figure_id}", response=FigureRow, summary="一个数", operation_id="figures_one")
def figure_detail(request: HttpRequest, figure_id: int) -> Any:
    return _figure(figure_seen_by(actor_of(request), figure_id, timezone.now()))


@router.post("/figures", response={201: FiguresAnswer}, summary="填报指标", operation_id="figures_enter")
def figure_enter(request: HttpRequest, wanted: FiguresRequest) -> Any:
    """一处不对就一个也不写。同一指标、对象、期间只收一次；更正写明编号。"""
    lines = [
        (f"lines[{number}]", {name: _cell(value) for name, value in line.dict().items()})
        for number, line in enumerate(wanted.lines)
    ]
    actor, now = actor_of(request), timezone.now()
    if wanted.run is not None and not wanted.is_tried:
        run = run_seen_by(actor, wanted.run, now)
        made = enter_for_run(run=run, lines=lines, actor=actor, at=now)
        compute_now_or_later(run=run, at=now)
        return Status(201, _written(made))
    preview, written = enter_figures(lines=lines, actor=actor, at=now, is_tried=wanted.is_tried)
    return Status(201, _figures(preview, written))


@router.post("/figures/import", response={201: FiguresAnswer}, summary="从表格导入", operation_id="figures_import")
def figure_import(
    request: HttpRequest, is_tried: bool = False, run: int | None = None, table: UploadedFile = TABLE
) -> Any:
    actor, now, name = actor_of(request), timezone.now(), table.name or ""
    with laid_out(table) as path:
        if is_tried:
            return Status(201, _figures(try_table(path=path, name=name, actor=actor, at=now), []))
        waiting = None if run is None else run_seen_by(actor, run, now)
        written = import_table(path=path, name=name, actor=actor, at=now, run=waiting)
    if waiting is not None:
        compute_now_or_later(run=waiting, at=now)
    return Status(201, _written(written))


@router.get("/vetoes/kinds", response=list[VetoKind], summary="否决项清单", operation_id="vetoes_kinds")
def veto_kind_list(request: HttpRequest) -> Any:  # noqa: ARG001 - the list is everybody's
    return [{"id": kind.id, "title": kind.here} for kind in veto_kinds().values()]


@router.get("/vetoes", response=Page[VetoRow], summary="一票否决", operation_id="vetoes_list")
def veto_list(request: HttpRequest, state: str = "", page: int = Query(1, ge=1)) -> Any:
    listed = list_vetoes(actor_of(request), timezone.now(), state=state, page=page, size=PAGE_SIZE)
    return {**page_answer(listed), "items": [_veto(row) for row in listed]}


@router.post("/vetoes", response={201: VetoRow}, summary="提出一票否决", operation_id="vetoes_raise")
def veto_raise(request: HttpRequest, wanted: VetoRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    said = wanted.dict(exclude={"body", "person"})
    person = get_object_or_404(people_seen_by(actor, now), pk=wanted.person) if wanted.person else None
    body = get_object_or_404(bodies_to_veto(actor, now), pk=wanted.body)
    return Status(201, _veto(raise_veto(body=body, person=person, actor=actor, at=now, **said)))


@router.get("/vetoes/{veto_id}", response=VetoRow, summary="一条否决", operation_id="vetoes_one")
def veto_detail(request: HttpRequest, veto_id: int) -> Any:
    return _veto(veto_seen_by(actor_of(request), veto_id, timezone.now()))


@router.post("/vetoes/{veto_id}/files", response=VetoRow, summary="附一票否决的材料", operation_id="vetoes_files")
def veto_files(request: HttpRequest, veto_id: int, photo: File[list[UploadedFile]]) -> Any:
    """照片或 PDF，复核以前附；看得到这条否决的人才打得开。"""
    actor, now = actor_of(request), timezone.now()
    case = veto_seen_by(actor, veto_id, now)
    add_veto_files(case=case, files=[arrived_file(upload_of(one)) for one in photo], actor=actor, at=now)
    return _veto(case)


@router.get("/vetoes/{veto_id}/files/{file_id}", summary="一票否决的材料", operation_id="vetoes_file")
def veto_file(request: HttpRequest, veto_id: int, file_id: int) -> HttpResponseBase:
    found = veto_file_of(veto_seen_by(actor_of(request), veto_id, timezone.now()), file_id)
    if found is None:
        raise NotFound
    return stored_file(found.file)


@router.post("/vetoes/{veto_id}/review", response=VetoRow, summary="复核一票否决", operation_id="vetoes_review")
def veto_review(request: HttpRequest, veto_id: int, wanted: VetoReviewRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    case = veto_seen_by(actor, veto_id, now)
    return _veto(review_veto(case=case, holds=wanted.holds, remark=wanted.remark, actor=actor, at=now))


@router.post("/vetoes/{veto_id}/lift", response=VetoRow, summary="解除一票否决", operation_id="vetoes_lift")
def veto_lift(request: HttpRequest, veto_id: int, wanted: VetoLiftRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    case = veto_seen_by(actor, veto_id, now)
    return _veto(lift_veto(case=case, reason=wanted.reason, from_on=wanted.from_on, actor=actor, at=now))


@router.get("/panels", response=Page[PanelRow], summary="评议", operation_id="panels_list")
def panel_list(request: HttpRequest, state: str = "", page: int = Query(1, ge=1)) -> Any:
    listed = list_panels(actor_of(request), timezone.now(), state=state, page=page, size=PAGE_SIZE)
    return {**page_answer(listed), "items": [_panel(row) for row in listed]}


@router.post("/panels", response={201: PanelAnswer}, summary="发起评议", operation_id="panels_open")
def panel_open(request: HttpRequest, wanted: PanelRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_open_for(actor, now), pk=wanted.body)
    people = people_below(body, now)
    said = wanted.dict(exclude={"body", "bodies", "people", "reviewers", "criteria"})
    plan = PanelPlan(
        **said, criteria=read_criteria(wanted.criteria), bodies=_all(bodies_below(body, now), wanted.bodies),
        people=_all(people, wanted.people), reviewers=_all(people, wanted.reviewers),
    )  # fmt: skip
    return Status(201, _panel_whole(request, open_panel(body=body, plan=plan, actor=actor, at=now)))


@router.get("/panels/{panel_id}", response=PanelAnswer, summary="一次评议", operation_id="panels_one")
def panel_detail(request: HttpRequest, panel_id: int) -> Any:
    return _panel_whole(request, panel_seen_by(actor_of(request), panel_id, timezone.now()))


@router.post("/panels/{panel_id}/marks", response=PanelAnswer, summary="打分", operation_id="panels_mark")
def panel_mark(request: HttpRequest, panel_id: int, wanted: PanelMarksRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    panel = panel_seen_by(actor, panel_id, now)
    reviewer = reviewer_of(panel, actor)
    if reviewer is None:
        raise NotFound
    give_marks(reviewer=reviewer, marks=wanted.marks, actor=actor, at=now)
    return _panel_whole(request, panel)


@router.post("/panels/{panel_id}/conflicts", response=PanelAnswer, summary="声明回避", operation_id="panels_conflict")
def panel_conflict(request: HttpRequest, panel_id: int, wanted: PanelConflictRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    panel = panel_seen_by(actor, panel_id, now)
    reviewer = reviewer_of(panel, actor)
    subject = next((one for one in subjects_of(panel) if one.number == wanted.subject), None)
    if reviewer is None or subject is None:
        raise NotFound
    declare_conflict(reviewer=reviewer, subject=subject, reason=wanted.reason, actor=actor, at=now)
    return _panel_whole(request, panel)


@router.post("/panels/{panel_id}/count", response=PanelAnswer, summary="计分", operation_id="panels_count")
def panel_count(request: HttpRequest, panel_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _panel_whole(request, count_panel(panel=panel_seen_by(actor, panel_id, now), actor=actor, at=now))


@router.post("/panels/{panel_id}/void", response=PanelAnswer, summary="作废", operation_id="panels_void")
def panel_void(request: HttpRequest, panel_id: int, wanted: PanelReasonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    panel = panel_seen_by(actor, panel_id, now)
    return _panel_whole(request, void_panel(panel=panel, reason=wanted.reason, actor=actor, at=now))


def _all(rows: Any, keys: list[int]) -> list[Any]:
    """Return the rows of these keys, all of them or none.

    :raises NotFound: one is not there
    """
    found = rows.in_bulk(keys)
    if set(found) != set(keys):
        raise NotFound
    return [found[key] for key in dict.fromkeys(keys)]


def _cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def _figures(preview: FigurePreview, written: list[Figure]) -> dict[str, Any]:
    problems = [{"place": place, "head": head, "why": why} for place, head, why in preview.problems]
    return {"rows": len(preview.entries), "problems": problems, "written": [row.pk for row in written]}


def _written(made: list[Figure]) -> dict[str, Any]:
    return {"rows": len(made), "problems": [], "written": [row.pk for row in made]}


def _figure(row: Figure) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item, "body": named(row.body), "unit": named(row.unit),
        "whose": row.whose, "member": str(row.person.token) if row.person else None, "level": row.level,
        "subject": row.subject, "period": row.period,
        "value": row.value, "source": row.source, "vouched_by": row.vouched_by, "entered_by": named(row.entered_by),
        "entered_at": row.entered_at, "file_name": row.file_name, "corrects": row.corrects_id,
        "is_current": row.is_current,
    }  # fmt: skip


def _veto(case: VetoCase) -> dict[str, Any]:
    return {
        "id": case.pk, "veto": case.veto, "title": case.title_zh, "body": named(case.body),
        "person": named(case.person), "happened_on": case.happened_on, "until_on": case.until_on,
        "evidence": case.evidence, "state": case.state, "raised_by": named(case.raised_by),
        "reviewed_by": named(case.reviewed_by), "review": case.review, "lift_reason": case.lift_reason,
        "files": [{"id": one.pk, "name": one.name, "added_at": one.added_at} for one in case.files.all()],
    }  # fmt: skip


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "id": panel.pk, "body": named(panel.body), "item": panel.item, "title": panel.title, "period": panel.period,
        "is_secret": panel.is_secret, "closes_on": panel.closes_on, "state": panel.state,
    }  # fmt: skip


def _panel_whole(request: HttpRequest, panel: Panel) -> dict[str, Any]:
    lines = reviewers_seen(panel, actor_of(request), timezone.now())
    return {
        **_panel(panel), "criteria": panel.criteria, "scale": panel.scale, "trim": panel.trim, "least": panel.least,
        "subjects": [
            {"number": one.number, "name": one.name, "score": one.score, "raw": one.raw, "marked": one.marked,
             "missing": one.missing, "kept_out": one.kept_out, "trimmed": one.trimmed}
            for one in subjects_of(panel)
        ],
        "reviewers": [
            {"person": named(line.reviewer.person), "has_marked": line.reviewer.has_marked,
             "severity": line.reviewer.severity, "kept_out": len(line.conflicts)}
            for line in lines
        ],
    }  # fmt: skip
