"""承包商和门岗: companies through the five gates, workers with passes, in and out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.contractors.enums import (
    AppealState,
    ContractorKind,
    ContractorState,
    Direction,
    Employment,
    Gate,
    Mechanism,
    Way,
)
from ronghe.domain.contractors.models import Appeal, Contractor, EntryPass, GatePassage, Worker
from ronghe.domain.contractors.selectors.companies import (
    agreement_on,
    bodies_to_register_for,
    checklist_of,
    contractors_filtered,
    contractors_seen_by,
    gate_file_of,
    gates_of,
    list_contractors,
)
from ronghe.domain.contractors.selectors.people import (
    bars_to_enter,
    list_workers,
    live_pass_of,
    on_site,
    passages_at,
    sites_of,
    workers_seen_by,
)
from ronghe.domain.contractors.services.checking import check_contractor
from ronghe.domain.contractors.services.companies import (
    admit_contractor,
    decide_appeal,
    delist_contractor,
    file_appeal,
    let_go,
    list_contractor,
    note_agreement,
    register_contractor,
    resume_contractor,
    review_gate,
    suspend_contractor,
)
from ronghe.domain.contractors.services.gate import pass_gate
from ronghe.domain.contractors.services.papers import add_gate_files
from ronghe.domain.contractors.services.workers import (
    WorkerText,
    end_worker,
    issue_pass,
    pass_code,
    register_worker,
    revoke_pass,
)
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import units_seen_by
from ronghe.domain.work.services.files import Upload, arrived_file, path_of
from ronghe.kernel.errors import NotFound

router = Router(tags=["contractors"])
SHOWN = 500


class ContractorRow(Schema):
    id: int
    name: str
    credit_code: str
    kind: ContractorKind
    state: ContractorState = Field(
        description="applying 准入中；admitted 已准入；suspended 已停工；listed 黑名单；left 已退出"
    )
    body: Named
    parent: Named | None
    mechanism: Mechanism


class GateFileRow(Schema):
    id: int
    name: str


class GateRow(Schema):
    gate: Gate
    passed: bool | None = Field(description="没有评审为空")
    evidence: str
    reviewed_on: date | None
    files: list[GateFileRow]


class ContractorAppeal(Schema):
    id: int
    text: str
    state: AppealState
    answer: str


class ScoreRow(Schema):
    held_on: date
    score: Decimal
    note: str


class ChecklistLine(Schema):
    id: str
    title: str


class ContractorAnswer(ContractorRow):
    gates: list[GateRow]
    agreement_until: date | None = Field(description="有效的安全协议到哪天（不含），没有为空")
    checklist: list[ChecklistLine] = Field(description="本单位所属制度的检查表")
    scores: list[ScoreRow]
    appeals: list[ContractorAppeal]


class ContractorRequest(Schema):
    name: str = Field(max_length=80)
    credit_code: str = Field(max_length=24)
    kind: ContractorKind
    body: int = Field(description="由哪个组织监管")
    parent: int | None = None
    unit: int | None = None


class GateRequest(Schema):
    gate: Gate
    passed: bool
    evidence: str = Field(max_length=200)
    on: date


class SafetyAgreementRequest(Schema):
    number: str = Field(max_length=60)
    officer: str = Field(max_length=40)
    signed_on: date
    from_on: date
    until_on: date = Field(description="不含当天")


class ContractorReason(Schema):
    reason: str = Field(max_length=200)


class SuspendRequest(ContractorReason):
    reference: str = Field("", max_length=80)


class BlacklistRequest(ContractorReason):
    reference: str = Field(max_length=80)
    until_on: date | None = None


class ContractorAppealRequest(Schema):
    text: str = Field(max_length=1000)


class AppealDecision(Schema):
    grants: bool
    answer: str = Field(max_length=1000)


class CompanyCheckRequest(Schema):
    answers: dict[str, str] = Field(description="检查表条目编号 → ok 正常、problem 有问题、na 不适用")
    on: date
    note: str = Field("", max_length=400)


class WorkerRow(Schema):
    id: int
    person: Named
    contractor: Named
    employment: Employment
    job: str
    from_on: date
    until_on: date | None
    bars: list[str] = Field(description="不能进场的原因和依据，空为可以进")


class WorkerAnswer(WorkerRow):
    pass_number: int | None
    pass_code: str = Field(description="入场证二维码的内容，没有为空")
    pass_last_on: date | None


class WorkerRequest(Schema):
    name: str = Field(max_length=40)
    identity: str = Field(max_length=24)
    employment: Employment
    job: str = Field("", max_length=40)
    status: PoliticalStatus | None = Field(None, description="政治面貌代码，GB/T 4762")
    home_branch: str = Field("", max_length=80, description="党员的原党支部（PF-03）")
    on: date


class EntryPassRequest(Schema):
    last_on: date = Field(description="含当天")


class WorkerDay(Schema):
    on: date


class PassageRequest(Schema):
    code: str = Field(max_length=200, description="扫到的内容，或证号")
    site: int = Field(description="哪个组织的现场")
    direction: Direction


class PassageRow(Schema):
    id: int
    worker: Named
    contractor: Named
    direction: Direction
    way: Way
    passed: bool
    reasons: list[str]
    happened_at: datetime


class InsideRow(Schema):
    worker: Named
    contractor: Named
    since: datetime


gate_router = Router(tags=["contractors"])


@router.get("", response=Page[ContractorRow], summary="承包商清单", operation_id="contractors_list")
def contractor_list(
    request: HttpRequest, search: str = "", kind: ContractorKind | None = None, state: ContractorState | None = None,
    page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    rows = contractors_filtered(words=search, kind=kind or "", state=state or "")
    return listed_answer(list_contractors(actor_of(request), timezone.now(), rows, page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: ContractorAnswer}, summary="登记承包商", operation_id="contractors_register")
def contractor_register(request: HttpRequest, wanted: ContractorRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_register_for(actor, now), pk=wanted.body)
    parent = get_object_or_404(contractors_seen_by(actor, now), pk=wanted.parent) if wanted.parent else None
    unit = get_object_or_404(units_seen_by(actor, now), pk=wanted.unit) if wanted.unit else None
    row = register_contractor(
        name=wanted.name, credit_code=wanted.credit_code, kind=wanted.kind, body=body, parent=parent, unit=unit,
        actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _whole(row))


@router.get("/workers", response=Page[WorkerRow], summary="外来人员清单", operation_id="contractors_workers")
def worker_list(
    request: HttpRequest, contractor: int | None = None, search: str = "", page: int = Query(1, ge=1)
) -> Any:
    actor, now = actor_of(request), timezone.now()
    listed = list_workers(actor, now, contractor=contractor, words=search, page=page, size=PAGE_SIZE)
    bars = bars_to_enter(listed.rows, local_day(now))
    return listed_answer(listed, lambda row: _worker(row, bars[row.pk]))


@router.get("/workers/{worker_id}", response=WorkerAnswer, summary="一名外来人员", operation_id="contractors_worker")
def worker_detail(request: HttpRequest, worker_id: int) -> Any:
    return _whole_worker(_worker_seen(actor_of(request), worker_id))


@router.post(
    "/workers/{worker_id}/pass", response={201: WorkerAnswer}, summary="发入场证", operation_id="contractors_issue_pass"
)
def worker_pass(request: HttpRequest, worker_id: int, wanted: EntryPassRequest) -> Status[Any]:
    actor = actor_of(request)
    worker = _worker_seen(actor, worker_id)
    issue_pass(worker=worker, last_on=wanted.last_on, actor=actor, at=timezone.now())
    return Status(201, _whole_worker(worker))


@router.post(
    "/workers/{worker_id}/end", response=WorkerAnswer, summary="办理离开", operation_id="contractors_end_worker"
)
def worker_end(request: HttpRequest, worker_id: int, wanted: WorkerDay) -> Any:
    actor = actor_of(request)
    worker = _worker_seen(actor, worker_id)
    return _whole_worker(end_worker(worker=worker, on=wanted.on, actor=actor, at=timezone.now()))


@router.post(
    "/passes/{pass_id}/revoke", response=WorkerAnswer, summary="收回入场证", operation_id="contractors_revoke_pass"
)
def pass_revoke(request: HttpRequest, pass_id: int, wanted: ContractorReason) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = EntryPass.objects.filter(worker__in=workers_seen_by(actor, now).order_by())
    row = get_object_or_404(rows.select_related("worker__contractor__body", "worker__person"), pk=pass_id)
    return _whole_worker(revoke_pass(entry_pass=row, reason=wanted.reason, actor=actor, at=now).worker)


@router.post(
    "/appeals/{appeal_id}/decide", response=ContractorAnswer, summary="复核黑名单申诉",
    operation_id="contractors_decide_appeal",
)  # fmt: skip
def appeal_decide(request: HttpRequest, appeal_id: int, wanted: AppealDecision) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = Appeal.objects.filter(change__contractor__in=contractors_seen_by(actor, now).order_by())
    row = get_object_or_404(rows.select_related("change__contractor__body", "change__contractor__parent"), pk=appeal_id)
    return _whole(decide_appeal(appeal=row, actor=actor, at=now, **wanted.dict()).change.contractor)


@router.get("/{int:contractor_id}", response=ContractorAnswer, summary="一家承包商", operation_id="contractors_detail")
def contractor_detail(request: HttpRequest, contractor_id: int) -> Any:
    return _whole(_seen(actor_of(request), contractor_id))


@router.post(
    "/{int:contractor_id}/gates", response=ContractorAnswer, summary="五关评审", operation_id="contractors_review_gate"
)
def gate_review(request: HttpRequest, contractor_id: int, wanted: GateRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    review_gate(contractor=row, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/gates/{gate}/files", response=ContractorAnswer, summary="附五关评审的材料",
    operation_id="contractors_gate_files",
)  # fmt: skip
def gate_files(request: HttpRequest, contractor_id: int, gate: Gate, photo: File[list[UploadedFile]]) -> Any:
    """附在这一关最近一次评审上：照片或 PDF。"""
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    review = next(line.review for line in gates_of(row) if line.gate == gate)
    if review is None:
        raise NotFound
    files = [arrived_file(Upload(one.name or "", one)) for one in photo]
    add_gate_files(review=review, files=files, actor=actor, at=timezone.now())
    return _whole(row)


@router.get("/{int:contractor_id}/files/{int:file_id}", summary="五关评审的材料", operation_id="contractors_gate_file")
def gate_file(request: HttpRequest, contractor_id: int, file_id: int) -> HttpResponseBase:
    found = gate_file_of(_seen(actor_of(request), contractor_id), file_id)
    if found is None:
        raise NotFound
    answer = FileResponse(path_of(found.file.sha256).open("rb"), content_type=found.file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


@router.post(
    "/{int:contractor_id}/agreements", response=ContractorAnswer, summary="登记安全协议",
    operation_id="contractors_note_agreement",
)  # fmt: skip
def agreement_note(request: HttpRequest, contractor_id: int, wanted: SafetyAgreementRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    note_agreement(contractor=row, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(row)


@router.post("/{int:contractor_id}/admit", response=ContractorAnswer, summary="准入", operation_id="contractors_admit")
def admit(request: HttpRequest, contractor_id: int) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    admit_contractor(contractor=row, actor=actor, at=timezone.now())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/suspend", response=ContractorAnswer, summary="停止施工", operation_id="contractors_suspend"
)
def suspend(request: HttpRequest, contractor_id: int, wanted: SuspendRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    suspend_contractor(contractor=row, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/resume", response=ContractorAnswer, summary="复工", operation_id="contractors_resume"
)
def resume(request: HttpRequest, contractor_id: int, wanted: ContractorReason) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    resume_contractor(contractor=row, reason=wanted.reason, actor=actor, at=timezone.now())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/list", response=ContractorAnswer, summary="列入黑名单", operation_id="contractors_blacklist"
)
def blacklist(request: HttpRequest, contractor_id: int, wanted: BlacklistRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    list_contractor(contractor=row, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/delist", response=ContractorAnswer, summary="移出黑名单", operation_id="contractors_delist"
)
def delist(request: HttpRequest, contractor_id: int, wanted: ContractorReason) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    delist_contractor(contractor=row, reason=wanted.reason, actor=actor, at=timezone.now())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/leave", response=ContractorAnswer, summary="办理退出", operation_id="contractors_leave"
)
def leave(request: HttpRequest, contractor_id: int, wanted: ContractorReason) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    let_go(contractor=row, reason=wanted.reason, actor=actor, at=timezone.now())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/appeal", response=ContractorAnswer, summary="黑名单申诉", operation_id="contractors_appeal"
)
def appeal(request: HttpRequest, contractor_id: int, wanted: ContractorAppealRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    file_appeal(contractor=row, text=wanted.text, actor=actor, at=timezone.now())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/checks", response=ContractorAnswer, summary="检查评分", operation_id="contractors_check"
)
def check(request: HttpRequest, contractor_id: int, wanted: CompanyCheckRequest) -> Any:
    actor = actor_of(request)
    row = _seen(actor, contractor_id)
    check_contractor(contractor=row, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(row)


@router.post(
    "/{int:contractor_id}/workers", response={201: WorkerAnswer}, summary="登记人员",
    operation_id="contractors_register_worker",
)  # fmt: skip
def worker_register(request: HttpRequest, contractor_id: int, wanted: WorkerRequest) -> Status[Any]:
    actor = actor_of(request)
    given = wanted.dict()
    on = given.pop("on")
    company = _seen(actor, contractor_id)
    worker = register_worker(contractor=company, text=WorkerText(**given), on=on, actor=actor, at=timezone.now())
    return Status(201, _whole_worker(worker))


@gate_router.get("", response=list[Named], summary="我看守的现场", operation_id="gate_sites")
def site_list(request: HttpRequest) -> Any:
    return [named(one) for one in sites_of(actor_of(request), timezone.now())]


@gate_router.post("", response=PassageRow, summary="进出", operation_id="gate_pass")
def gate_pass(request: HttpRequest, wanted: PassageRequest) -> Any:
    """不让进也是一条记录：passed 为 false，reasons 写明原因和依据。"""
    actor, now = actor_of(request), timezone.now()
    site = _site(actor, wanted.site)
    return _passage(pass_gate(code=wanted.code, body=site, direction=wanted.direction, actor=actor, at=now))


@gate_router.get("/{int:site_id}/inside", response=list[InsideRow], summary="现在在场内", operation_id="gate_inside")
def inside(request: HttpRequest, site_id: int) -> Any:
    rows = on_site(_site(actor_of(request), site_id))[:SHOWN]
    return [
        {"worker": named_worker(row.worker), "contractor": named(row.worker.contractor), "since": row.since}
        for row in rows
    ]


@gate_router.get("/{int:site_id}/log", response=list[PassageRow], summary="门岗记录", operation_id="gate_log")
def log(request: HttpRequest, site_id: int) -> Any:
    return [_passage(row) for row in passages_at(_site(actor_of(request), site_id))[:SHOWN]]


def named_worker(worker: Worker) -> dict[str, Any]:
    """Return a worker under the engagement's own number, with the person's name."""
    return {"id": worker.pk, "name": worker.person.name}


def _site(actor: Person, site_id: int) -> PartyOrg:
    return get_object_or_404(sites_of(actor, timezone.now()), pk=site_id)


def _seen(actor: Person, contractor_id: int) -> Contractor:
    return get_object_or_404(contractors_seen_by(actor, timezone.now()), pk=contractor_id)


def _worker_seen(actor: Person, worker_id: int) -> Worker:
    return get_object_or_404(workers_seen_by(actor, timezone.now()), pk=worker_id)


def _row(row: Contractor) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "credit_code": row.credit_code, "kind": row.kind, "state": row.state,
        "body": named(row.body), "parent": named(row.parent), "mechanism": row.mechanism,
    }  # fmt: skip


def _whole(row: Contractor) -> dict[str, Any]:
    today = local_day(timezone.now())
    agreement = agreement_on(row, today)
    appeals = Appeal.objects.filter(change__contractor=row).order_by("-pk")
    return {
        **_row(row),
        "gates": [
            {
                "gate": line.gate, "passed": line.review.passed if line.review else None,
                "evidence": line.review.evidence if line.review else "",
                "reviewed_on": line.review.reviewed_on if line.review else None,
                "files": list(line.review.files.all()) if line.review else [],
            }
            for line in gates_of(row)
        ],
        "agreement_until": agreement.until_on if agreement else None,
        "checklist": [{"id": line, "title": title} for line, title in checklist_of(row, today).lines],
        "scores": list(row.scores.order_by("-held_on", "-pk")[:SHOWN]),
        "appeals": list(appeals),
    }  # fmt: skip


def _worker(row: Worker, bars: list[str]) -> dict[str, Any]:
    return {
        "id": row.pk, "person": named(row.person), "contractor": named(row.contractor), "employment": row.employment,
        "job": row.job, "from_on": row.from_on, "until_on": row.until_on, "bars": bars,
    }  # fmt: skip


def _whole_worker(row: Worker) -> dict[str, Any]:
    bars = bars_to_enter([row], local_day(timezone.now()))[row.pk]
    entry_pass = live_pass_of(row)
    return {
        **_worker(row, bars),
        "pass_number": entry_pass.pk if entry_pass else None,
        "pass_code": pass_code(entry_pass) if entry_pass else "",
        "pass_last_on": entry_pass.last_on if entry_pass else None,
    }


def _passage(row: GatePassage) -> dict[str, Any]:
    return {
        "id": row.pk, "worker": named_worker(row.worker), "contractor": named(row.worker.contractor),
        "direction": row.direction, "way": row.way, "passed": row.passed, "reasons": row.reasons,
        "happened_at": row.happened_at,
    }  # fmt: skip
