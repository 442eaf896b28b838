"""A task is opened, submitted with evidence, accepted or returned by somebody else, or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.enums import TASK_FLOW
from ronghe.domain.work.facts import TASK_ACCEPTED, TASK_CANCELLED, TASK_DONE, TASK_OPENED, TASK_RETURNED
from ronghe.domain.work.models import Evidence, Task
from ronghe.domain.work.rules import CANCEL_TASK, OPEN_TASK, SETTLE_TASK, SUBMIT_TASK
from ronghe.domain.work.services.files import PreparedFile, Upload, is_shown_elsewhere, keep_file, prepare_file
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class DeadlinePast(DomainError):
    code = "deadline_past"
    sentence = N_("期限 %(due_at)s 已经过去，请另定期限。")
    status = 422


class OnlyAssigneeSubmits(DomainError):
    code = "only_assignee_submits"
    sentence = N_("这项任务由%(name)s负责，只能由本人提交。")
    status = 403


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    sentence = N_("请写明完成情况，或附上照片、PDF。")
    status = 422


class NoReason(DomainError):
    code = "no_reason"
    sentence = N_("请写明原因，好让对方知道怎么办。")
    status = 422


@transaction.atomic
def open_task(
    *, title: str, assignee: Person, due_at: datetime, body: PartyOrg, actor: Person, at: datetime,
    zone: CollaborationZone | None = None, goal: str | None = None,
) -> Task:  # fmt: skip
    """Give a person a task with a deadline.

    :raises NotAllowed: the actor may not give tasks in this body
    :raises DeadlinePast: `due_at` is not after `at`
    """
    OPEN_TASK.require(actor, body, at=at)
    return give_task(title=title, assignee=assignee, due_at=due_at, body=body, actor=actor, at=at, zone=zone, goal=goal)


@transaction.atomic
def give_task(
    *, title: str, assignee: Person, due_at: datetime, body: PartyOrg, actor: Person, at: datetime,
    zone: CollaborationZone | None = None, goal: str | None = None,
) -> Task:  # fmt: skip
    """Give a task that follows from another act, whose own right was asked: what a visitor finds becomes a task.

    :raises DeadlinePast: `due_at` is not after `at`
    """
    if due_at <= at:
        raise DeadlinePast(due_at=f"{local_day(due_at)}")
    task = Task.objects.create(
        title=title, goal=goal, body=body, zone=zone, assignee=assignee, due_at=due_at, opened_by=actor, opened_at=at
    )
    _record(task, TASK_OPENED, actor, at, due_on=local_day(due_at))
    return task


def submit_task(
    *, task: Task, actor: Person, at: datetime, note: str | None = None, uploads: Sequence[Upload] = ()
) -> Task:
    """Hand in a task with what shows that it is done. A photo or PDF is optional, but something must be said.

    :raises OnlyAssigneeSubmits: somebody else tries
    :raises EvidenceMissing: neither a note nor a file
    :raises StepNotAllowed: it was submitted, accepted or cancelled
    """
    if not SUBMIT_TASK.allows(actor, task, at=at):
        raise OnlyAssigneeSubmits(name=task.assignee.name)
    if not note and not uploads:
        raise EvidenceMissing
    files = [prepare_file(upload) for upload in uploads]
    return _submit(task, actor, at, note, files)


@transaction.atomic
def _submit(task: Task, actor: Person, at: datetime, note: str | None, files: Sequence[PreparedFile]) -> Task:
    TASK_FLOW.advance(task, "submit", submitted_at=at, submission_note=note, round=task.round + 1)
    for file in files:
        _add_evidence(task, file, actor, at)
    _record(task, TASK_DONE, actor, at, on_time=task.is_on_time, evidence=len(files), round=task.round)
    return task


@transaction.atomic
def accept_task(*, task: Task, actor: Person, at: datetime) -> Task:
    """Accept what the assignee handed in. The assignee never does, whatever the post."""
    SETTLE_TASK.require(actor, task, at=at)
    TASK_FLOW.advance(task, "accept", settled_by=actor, settled_at=at, settling_note=None)
    _record(task, TASK_ACCEPTED, actor, at, on_time=task.is_on_time, rounds=task.round)
    return task


@transaction.atomic
def return_task(*, task: Task, reason: str, actor: Person, at: datetime) -> Task:
    """Give a submitted task back with the reason; the deadline stays.

    :raises NoReason: the reason is empty
    """
    SETTLE_TASK.require(actor, task, at=at)
    if not reason.strip():
        raise NoReason
    TASK_FLOW.advance(task, "return", settled_by=actor, settled_at=at, settling_note=reason)
    _record(task, TASK_RETURNED, actor, at, round=task.round)
    return task


@transaction.atomic
def cancel_task(*, task: Task, reason: str, actor: Person, at: datetime) -> Task:
    """Take a task back that is not needed any more.

    :raises NoReason: the reason is empty
    """
    CANCEL_TASK.require(actor, task, at=at)
    if not reason.strip():
        raise NoReason
    TASK_FLOW.advance(task, "cancel", settled_by=actor, settled_at=at, settling_note=reason)
    _record(task, TASK_CANCELLED, actor, at)
    return task


def _add_evidence(task: Task, file: PreparedFile, actor: Person, at: datetime) -> None:
    stored = keep_file(file, at=at)
    elsewhere = Evidence.objects.filter(uploaded_sha256=file.uploaded_sha256) | Evidence.objects.filter(file=stored)
    Evidence.objects.get_or_create(
        task=task, file=stored,
        defaults={
            "uploaded_sha256": file.uploaded_sha256, "name": file.name, "round": task.round,
            "is_reused": elsewhere.exclude(task=task).exists() or is_shown_elsewhere(file), "added_by": actor, "added_at": at,
        },
    )  # fmt: skip


def _record(task: Task, kind: FactKind, actor: Person, at: datetime, **attributes: object) -> None:
    record(
        Draft(kind, at, actor, about=task.assignee, body=task.body_id, zone=task.zone_id, attributes=attributes,
              source=task)
    )  # fmt: skip
