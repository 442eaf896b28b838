"""考评: self-check, review, objections, and what follows from a final result."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.appraisal import EXCEL, RunAnswer, as_answer, seen_run
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, named, page_answer
from ronghe.domain.appraisal.calc.deadlines import CHECK_WORKDAYS
from ronghe.domain.appraisal.enums import RemarkKind, RemarkState, RunState
from ronghe.domain.appraisal.models import Remark
from ronghe.domain.appraisal.selectors.consequences import consequence_lines, consequence_sheets, consequences_of
from ronghe.domain.appraisal.selectors.remarks import answers_for, list_remarks, missing_facts, remark_seen_by
from ronghe.domain.appraisal.selectors.results import result_seen_by
from ronghe.domain.appraisal.services.remarks import (
    add_remark,
    answer_remark,
    begin_review,
    object_to_result,
    open_check,
    take_back_remark,
)
from ronghe.domain.appraisal.tasks import compute_now_or_later
from ronghe.kernel.errors import NotFound
from ronghe.kernel.tabular.writing import write_csv, write_workbook

router = Router(tags=["appraisal"])


class CheckRequest(Schema):
    workdays: int = Field(CHECK_WORKDAYS, ge=1, le=60, description="自查几个工作日")


class RemarkRequest(Schema):
    subject: int
    text: str = Field(min_length=1, max_length=400)
    node: str = Field("", max_length=60, description="评分表里的哪一项；空着是整个结果")
    fact: int | None = Field(None, description="没有计入的记录的编号")


class AnswerRequest(Schema):
    is_upheld: bool
    answer: str = Field(min_length=1, max_length=400)


class RemarkRow(Schema):
    id: int
    run: int
    kind: RemarkKind
    subject: str
    node: str
    text: str
    fact: int | None
    made_by: Named
    made_at: datetime
    due_on: date
    state: RemarkState
    answer: str
    answered_by: Named | None
    answered_at: datetime | None


class MissingFactRow(Schema):
    id: int
    title: str
    at: datetime
    is_after: bool = Field(description="计算之后才记的，重算就计入")


class AppliedRow(Schema):
    subject: str
    name: str
    place: str
    score: str
    grade: str
    pay: str = Field(description="薪酬系数；评分表没写的为空")
    is_selected: bool
    bars: list[str]
    vetoes: list[str]


@router.post("/runs/{run_id}/check", response=RunAnswer, summary="开始自查", operation_id="appraisal_check")
def run_check(request: HttpRequest, run_id: int, wanted: CheckRequest) -> Any:
    run = seen_run(request, run_id)
    return as_answer(open_check(run=run, actor=actor_of(request), at=timezone.now(), workdays=wanted.workdays))


@router.post("/runs/{run_id}/review", response=RunAnswer, summary="开始复核", operation_id="appraisal_review")
def run_review(request: HttpRequest, run_id: int) -> Any:
    return as_answer(begin_review(run=seen_run(request, run_id), actor=actor_of(request), at=timezone.now()))


@router.get("/remarks", response=Page[RemarkRow], summary="自查意见和异议", operation_id="appraisal_remarks")
def remark_list(
    request: HttpRequest, run: int | None = None, state: str = "", kind: str = "", page: int = Query(1, ge=1)
) -> Any:
    listed = list_remarks(
        actor_of(request), timezone.now(), run=run, state=state, kind=kind, page=page, size=PAGE_SIZE
    )  # fmt: skip
    return {**page_answer(listed), "items": [_row(remark) for remark in listed]}


@router.get("/remarks/{remark_id}", response=RemarkRow, summary="一条意见", operation_id="appraisal_remark")
def remark_detail(request: HttpRequest, remark_id: int) -> Any:
    return _row(remark_seen_by(actor_of(request), remark_id, timezone.now()))


@router.post(
    "/runs/{run_id}/remarks", response={201: RemarkRow}, summary="自查提意见", operation_id="appraisal_remark_add"
)
def remark_add(request: HttpRequest, run_id: int, wanted: RemarkRequest) -> Any:
    run = seen_run(request, run_id)
    made = add_remark(run=run, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return Status(201, _row(made))


@router.post(
    "/runs/{run_id}/objections", response={201: RemarkRow}, summary="公示期提异议", operation_id="appraisal_object"
)
def objection_add(request: HttpRequest, run_id: int, wanted: RemarkRequest) -> Any:
    run = seen_run(request, run_id)
    made = object_to_result(run=run, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return Status(201, _row(made))


@router.post("/remarks/{remark_id}/answer", response=RemarkRow, summary="答复", operation_id="appraisal_answer")
def remark_answer(request: HttpRequest, remark_id: int, wanted: AnswerRequest) -> Any:
    """公示中的异议成立，考评随即重算，再公示一次。"""
    actor, now = actor_of(request), timezone.now()
    remark = remark_seen_by(actor, remark_id, now)
    remark = answer_remark(remark=remark, is_upheld=wanted.is_upheld, answer=wanted.answer, actor=actor, at=now)
    if remark.run.state == RunState.COMPUTING:
        compute_now_or_later(run=remark.run, at=now)
    return _row(remark)


@router.post("/remarks/{remark_id}/take-back", response=RemarkRow, summary="收回", operation_id="appraisal_take_back")
def remark_take_back(request: HttpRequest, remark_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _row(take_back_remark(remark=remark_seen_by(actor, remark_id, now), actor=actor, at=now))


@router.get(
    "/runs/{run_id}/results/{subject}/missing",
    response=list[MissingFactRow],
    summary="本期没有计入的记录",
    operation_id="appraisal_missing",
)
def result_missing(request: HttpRequest, run_id: int, subject: int) -> Any:
    actor, now, run = actor_of(request), timezone.now(), seen_run(request, run_id)
    row = result_seen_by(actor, run, subject, now).row
    if not answers_for(actor, run, now).allows(row.subject, row.body):
        raise NotFound
    return missing_facts(run, subject)


@router.get(
    "/runs/{run_id}/consequences", response=list[AppliedRow], summary="结果运用", operation_id="appraisal_consequences"
)
def run_consequences(request: HttpRequest, run_id: int) -> Any:
    rows = consequences_of(seen_run(request, run_id), actor_of(request), timezone.now())
    return [
        {
            "subject": str(row.subject), "name": row.name, "place": row.place, "score": row.score, "grade": row.grade,
            "pay": row.pay, "is_selected": row.is_selected, "bars": list(row.bars), "vetoes": list(row.vetoes),
        }
        for row in rows
    ]  # fmt: skip


@router.get(
    "/runs/{run_id}/consequences/{form}", summary="结果运用存成文件", operation_id="appraisal_consequences_file"
)
def run_consequences_file(request: HttpRequest, run_id: int, form: str) -> HttpResponse:
    """`form`：xlsx 或 csv。"""
    run, actor, now = seen_run(request, run_id), actor_of(request), timezone.now()
    if form == "xlsx":
        content = io.BytesIO()
        write_workbook(content, consequence_sheets(run, actor, now))
        return _file(content.getvalue(), EXCEL, f"consequences-{run.pk}.xlsx")
    if form != "csv":
        raise NotFound
    text = io.StringIO()
    write_csv(text, consequence_lines(run, actor, now))
    return _file(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"consequences-{run.pk}.csv")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _row(remark: Remark) -> dict[str, Any]:
    return {
        "id": remark.pk, "run": remark.run_id, "kind": remark.kind, "subject": str(remark.subject),
        "node": remark.node, "text": remark.text, "fact": remark.fact, "made_by": named(remark.made_by),
        "made_at": remark.made_at, "due_on": remark.due_on, "state": remark.state, "answer": remark.answer,
        "answered_by": named(remark.answered_by), "answered_at": remark.answered_at,
    }  # fmt: skip
