"""考评: runs, their results, where a number comes from, and the steps to final."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, page_answer
from ronghe.domain.appraisal.calc.notice import PUBLICITY_WORKDAYS
from ronghe.domain.appraisal.calc.workbook import write_results_workbook
from ronghe.domain.appraisal.enums import RunStage, RunState
from ronghe.domain.appraisal.models import Run
from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.domain.appraisal.selectors.kept import playbook_kept
from ronghe.domain.appraisal.selectors.playbooks import playbook_named
from ronghe.domain.appraisal.selectors.reports import report_for
from ronghe.domain.appraisal.selectors.results import NamedResult, result_seen_by, results_seen_by
from ronghe.domain.appraisal.selectors.runs import run_seen_by, runs_seen_by
from ronghe.domain.appraisal.services.computing import recompute_run
from ronghe.domain.appraisal.services.evidence import settle_question
from ronghe.domain.appraisal.services.runs import finalize_run, publish_run, replace_run, start_run, withdraw_run
from ronghe.domain.appraisal.tasks import compute_now_or_later
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.scoring.exact import text

router = Router(tags=["appraisal"])

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RunRow(Schema):
    id: int
    body: Named
    playbook: str = Field(description="范本@版本")
    sheet: str
    title: str
    level: str
    period: str
    state: RunState
    started_at: datetime
    subject_count: int | None
    notice_last_on: date | None
    replaces: int | None = Field(description="这次更正替换的考评")


class RunAnswer(RunRow):
    stage: RunStage
    progress: int
    computed_at: datetime | None
    cutoff_seq: int | None = Field(description="截止序号：之后封存的事实不计")
    inputs_digest: str | None
    results_digest: str | None
    notice_from: date | None
    notice_workdays: int | None
    check_until: date | None = Field(description="自查的最后一天")
    published_at: datetime | None
    finalized_at: datetime | None
    questions: list[dict[str, Any]] = Field(description="等人裁定的并列")
    failure: str | None


class PanelItemAnswer(Schema):
    id: str
    score: str | None
    applicable: bool


class ResultRow(Schema):
    subject: str
    name: str
    body: int | None
    category: str | None
    total: str | None = Field(description="精确的十进制文字；不参加或没有适用项目的为空")
    rank: int | None
    grade: str | None
    vetoes: list[str]
    notes: list[str]


class ResultAnswer(ResultRow):
    items: list[PanelItemAnswer]


class ResultsPage(Schema):
    items: list[ResultRow]
    count: int
    page: int
    pages: int


class StartRequest(Schema):
    body: int
    playbook: str = Field(max_length=60, description="采用中或随平台提供的范本 id")
    sheet: str = Field(max_length=60)
    period: str = Field(max_length=20, description="2026Q3、2026 或 2026-03")


class PublishRequest(Schema):
    workdays: int = Field(PUBLICITY_WORKDAYS, ge=1, le=60, description="公示几个工作日（PD-11）")


class ReplaceRequest(Schema):
    reason: str = Field(min_length=1, max_length=200)
    playbook: str | None = Field(None, max_length=60, description="换一版范本；不写就按原来那一版")


class PlacesRequest(Schema):
    places: dict[int, int] = Field(description="并列的对象 → 先后，从 1 起")


@router.get("/runs", response=Page[RunRow], summary="考评清单", operation_id="appraisal_runs")
def run_list(request: HttpRequest, period: str = "", state: str = "", page: int = Query(1, ge=1)) -> Any:
    listed = runs_seen_by(actor_of(request), timezone.now(), period=period, state=state, page=page, size=PAGE_SIZE)
    return {**page_answer(listed), "items": [_row(run) for run in listed]}


@router.post("/runs", response={201: RunAnswer}, summary="开始一次考评", operation_id="appraisal_start")
def run_start(request: HttpRequest, wanted: StartRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    run = start_run(
        body=body, playbook=playbook_named(wanted.playbook), sheet_id=wanted.sheet, period=wanted.period, actor=actor,
        at=now,
    )  # fmt: skip
    return Status(201, as_answer(compute_now_or_later(run=run, at=now)))


@router.get("/runs/{run_id}", response=RunAnswer, summary="一次考评", operation_id="appraisal_run")
def run_detail(request: HttpRequest, run_id: int) -> Any:
    return as_answer(seen_run(request, run_id))


@router.get("/runs/{run_id}/results", response=ResultsPage, summary="结果", operation_id="appraisal_results")
def run_results(request: HttpRequest, run_id: int, page: int = Query(1, ge=1)) -> Any:
    run = seen_run(request, run_id)
    found = results_seen_by(actor_of(request), run, timezone.now(), start=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    pages = max(1, -(-found.count // PAGE_SIZE))
    return {"items": [_result(named) for named in found.rows], "count": found.count, "page": page, "pages": pages}


@router.get(
    "/runs/{run_id}/results/{subject}", response=ResultAnswer, summary="一个对象的结果", operation_id="appraisal_result"
)
def run_result(request: HttpRequest, run_id: int, subject: int) -> Any:
    named = result_seen_by(actor_of(request), seen_run(request, run_id), subject, timezone.now())
    items = [
        {"id": item.id, "score": None if item.score is None else text(item.score), "applicable": item.applicable}
        for item in named.row.items
    ]
    return {**_result(named), "items": items}


@router.get(
    "/runs/{run_id}/results/{subject}/explanation",
    response=dict[str, Any],
    summary="分从哪里来",
    description="评分表的树，每个节点有 id、kind、value、full、applicable、facts、children。",
    operation_id="appraisal_explain",
)
def run_explain(request: HttpRequest, run_id: int, subject: int) -> Any:
    return explained_for(actor_of(request), seen_run(request, run_id), subject, timezone.now()).tree


@router.post("/runs/{run_id}/recompute", response=RunAnswer, summary="重算", operation_id="appraisal_recompute")
def run_recompute(request: HttpRequest, run_id: int) -> Any:
    now = timezone.now()
    run = recompute_run(run=seen_run(request, run_id), actor=actor_of(request), at=now)
    return as_answer(compute_now_or_later(run=run, at=now))


@router.post("/runs/{run_id}/places", response=RunAnswer, summary="裁定并列的先后", operation_id="appraisal_settle")
def run_settle(request: HttpRequest, run_id: int, wanted: PlacesRequest) -> Any:
    """评议定下并列对象的先后，随即重算。"""
    run, actor, now = seen_run(request, run_id), actor_of(request), timezone.now()
    settle_question(run=run, places=wanted.places, actor=actor, at=now)
    return as_answer(compute_now_or_later(run=recompute_run(run=run, actor=actor, at=now), at=now))


@router.post("/runs/{run_id}/publish", response=RunAnswer, summary="公示草稿", operation_id="appraisal_publish")
def run_publish(request: HttpRequest, run_id: int, wanted: PublishRequest) -> Any:
    run = seen_run(request, run_id)
    return as_answer(publish_run(run=run, actor=actor_of(request), at=timezone.now(), workdays=wanted.workdays))


@router.post("/runs/{run_id}/finalize", response=RunAnswer, summary="定稿并封存", operation_id="appraisal_finalize")
def run_finalize(request: HttpRequest, run_id: int) -> Any:
    return as_answer(finalize_run(run=seen_run(request, run_id), actor=actor_of(request), at=timezone.now()))


@router.post(
    "/runs/{run_id}/withdraw", response=RunAnswer, summary="撤回没有定稿的考评", operation_id="appraisal_withdraw"
)
def run_withdraw(request: HttpRequest, run_id: int) -> Any:
    return as_answer(withdraw_run(run=seen_run(request, run_id), actor=actor_of(request), at=timezone.now()))


@router.post(
    "/runs/{run_id}/replace", response={201: RunAnswer}, summary="更正已定稿的考评", operation_id="appraisal_replace"
)
def run_replace(request: HttpRequest, run_id: int, wanted: ReplaceRequest) -> Any:
    run, now = seen_run(request, run_id), timezone.now()
    playbook = playbook_named(wanted.playbook) if wanted.playbook else playbook_kept(run)
    corrected = replace_run(run=run, playbook=playbook, reason=wanted.reason, actor=actor_of(request), at=now)
    return Status(201, as_answer(compute_now_or_later(run=corrected, at=now)))


@router.get("/runs/{run_id}/export", summary="结果存成 Excel", operation_id="appraisal_export")
def run_export(request: HttpRequest, run_id: int) -> HttpResponse:
    run = seen_run(request, run_id)
    report, lines = report_for(actor_of(request), run, timezone.now())
    content = io.BytesIO()
    write_results_workbook(content, report, lines)
    name = f"run-{run.pk}-{run.period}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content.getvalue(), content_type=EXCEL, headers=headers)


def seen_run(request: HttpRequest, run_id: int) -> Run:
    return run_seen_by(actor_of(request), run_id, timezone.now())


def _row(run: Run) -> dict[str, Any]:
    return {
        "id": run.pk, "body": run.body, "playbook": run.playbook_reference, "sheet": run.sheet_id,
        "title": run.title_zh, "level": run.level, "period": run.period, "state": run.state,
        "started_at": run.started_at, "subject_count": run.subject_count, "notice_last_on": run.notice_last_on,
        "replaces": run.replaces_id,
    }  # fmt: skip


def as_answer(run: Run) -> dict[str, Any]:
    return {
        **_row(run), "stage": run.stage, "progress": run.progress, "computed_at": run.computed_at,
        "cutoff_seq": run.cutoff_seq, "inputs_digest": run.inputs_digest, "results_digest": run.results_digest,
        "notice_from": run.notice_from, "notice_workdays": run.notice_workdays, "check_until": run.check_until, "published_at": run.published_at,
        "finalized_at": run.finalized_at, "questions": run.open_questions, "failure": run.failure,
    }  # fmt: skip


def _result(named: NamedResult) -> dict[str, Any]:
    row = named.row
    return {
        "subject": str(row.subject), "name": named.name, "body": row.body, "category": row.category,
        "total": None if row.score is None else text(row.score), "rank": row.rank, "grade": row.grade,
        "vetoes": list(row.vetoes), "notes": list(row.notes),
    }  # fmt: skip
