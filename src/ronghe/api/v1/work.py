"""任务: given, done with evidence, accepted or returned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by, person_seen_by
from ronghe.domain.work.enums import MediaType, TaskState
from ronghe.domain.work.models import Task
from ronghe.domain.work.selectors import evidence_of, evidence_seen_by, list_tasks, tasks_seen_by
from ronghe.domain.work.services.files import Upload, path_of
from ronghe.domain.work.services.tasks import accept_task, cancel_task, open_task, return_task, submit_task
from ronghe.domain.zones.selectors import zone_of

router = Router(tags=["work"])

FILES = File([], description="照片（JPEG、PNG、WebP）或 PDF")


class TaskRow(Schema):
    id: int
    title: str
    state: TaskState = Field(
        description="open 待办；submitted 待验收；returned 已退回；accepted 已验收；cancelled 已取消"
    )
    due_at: datetime
    assignee: Named
    body: Named
    zone: Named | None


class EvidenceAnswer(Schema):
    id: int
    name: str
    media_type: MediaType
    size: int = Field(description="字节数")
    round: int = Field(description="第几次提交时附的")
    is_reused: bool = Field(description="同一文件曾作为别的任务的证据")
    added_by: Named
    added_at: datetime

    @staticmethod
    def resolve_media_type(row: Any) -> str:
        return str(row.file.media_type)

    @staticmethod
    def resolve_size(row: Any) -> int:
        return int(row.file.size)


class TaskAnswer(TaskRow):
    goal: str | None
    opened_by: Named
    opened_at: datetime
    submitted_at: datetime | None
    submission_note: str | None
    round: int = Field(description="提交过几次")
    is_on_time: bool = Field(description="最近一次提交在期限内")
    settled_by: Named | None
    settled_at: datetime | None
    settling_note: str | None = Field(description="退回或取消的原因")
    evidence: list[EvidenceAnswer]

    @staticmethod
    def resolve_evidence(task: Task) -> Any:
        return evidence_of(task)


class TaskRequest(Schema):
    title: str = Field(min_length=1, max_length=120)
    goal: str | None = Field(None, max_length=400)
    body: int = Field(description="党组织编号")
    assignee: int = Field(description="责任人编号")
    due_at: AwareDatetime = Field(description="期限，须带时区")


class ReasonRequest(Schema):
    reason: str = Field(max_length=400)


@router.get("/tasks", response=Page[TaskRow], summary="任务清单", operation_id="tasks_list")
def task_list(
    request: HttpRequest,
    state: TaskState | None = None,
    is_mine: bool = Query(False, description="只看我负责的"),
    page: int = Query(1, ge=1),
) -> Any:
    actor = actor_of(request)
    filters = (Q(state=state) if state else Q()) & (Q(assignee=actor) if is_mine else Q())
    return listed_answer(list_tasks(actor, timezone.now(), filters=filters, page=page, size=PAGE_SIZE), _row)


@router.get("/tasks/{task_id}", response=TaskAnswer, summary="一项任务", operation_id="tasks_detail")
def task_detail(request: HttpRequest, task_id: int) -> Any:
    return _seen(actor_of(request), task_id)


@router.post("/tasks", response={201: TaskAnswer}, summary="下达一项任务", operation_id="tasks_open")
def task_open(request: HttpRequest, wanted: TaskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    assignee = get_object_or_404(person_seen_by(actor, now), pk=wanted.assignee)
    task = open_task(
        title=wanted.title, goal=wanted.goal, assignee=assignee, due_at=wanted.due_at, body=body, zone=zone_of(body),
        actor=actor, at=now,
    )  # fmt: skip
    return Status(201, task)


@router.post("/tasks/{task_id}/submit", response=TaskAnswer, summary="提交任务，可附证据", operation_id="tasks_submit")
def task_submit(
    request: HttpRequest,
    task_id: int,
    note: str | None = Form(None, max_length=400, description="完成情况"),
    files: list[UploadedFile] = FILES,
) -> Any:
    actor = actor_of(request)
    task = _seen(actor, task_id)
    uploads = [Upload(file.name or "", file) for file in files]
    return submit_task(task=task, actor=actor, at=timezone.now(), note=note, uploads=uploads)


@router.post("/tasks/{task_id}/accept", response=TaskAnswer, summary="验收任务", operation_id="tasks_accept")
def task_accept(request: HttpRequest, task_id: int) -> Any:
    actor = actor_of(request)
    return accept_task(task=_seen(actor, task_id), actor=actor, at=timezone.now())


@router.post("/tasks/{task_id}/return", response=TaskAnswer, summary="退回任务", operation_id="tasks_return")
def task_return(request: HttpRequest, task_id: int, wanted: ReasonRequest) -> Any:
    actor = actor_of(request)
    return return_task(task=_seen(actor, task_id), reason=wanted.reason, actor=actor, at=timezone.now())


@router.post("/tasks/{task_id}/cancel", response=TaskAnswer, summary="取消一项任务", operation_id="tasks_cancel")
def task_cancel(request: HttpRequest, task_id: int, wanted: ReasonRequest) -> Any:
    actor = actor_of(request)
    return cancel_task(task=_seen(actor, task_id), reason=wanted.reason, actor=actor, at=timezone.now())


@router.get("/evidence/{evidence_id}/file", summary="证据文件", operation_id="evidence_file")
def evidence_file(request: HttpRequest, evidence_id: int) -> FileResponse:
    evidence = get_object_or_404(evidence_seen_by(actor_of(request), timezone.now()), pk=evidence_id)
    content = path_of(evidence.file.sha256).open("rb")
    answer = FileResponse(content, content_type=evidence.file.media_type, as_attachment=True, filename=evidence.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _seen(actor: Person, task_id: int) -> Task:
    rows = tasks_seen_by(actor, timezone.now()).select_related("assignee", "body", "zone", "opened_by", "settled_by")
    return get_object_or_404(rows, pk=task_id)


def _row(task: Task) -> dict[str, Any]:
    return {
        "id": task.pk, "title": task.title, "state": task.state, "due_at": task.due_at, "assignee": named(task.assignee),
        "body": named(task.body), "zone": named(task.zone),
    }  # fmt: skip
