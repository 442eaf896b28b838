"""项目管控: idle hours and rework, and approvals from outside. Their items are at `/work/items`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1 import control_shapes as shapes
from ronghe.api.v1.control_works import one_of_project, project_seen
from ronghe.api.v1.shapes import named
from ronghe.domain.control.models import IdleClaim, OutsideApproval, WorkProcess
from ronghe.domain.control.rules import APPROVAL, LOSS
from ronghe.domain.control.selectors.register import (
    ApprovalLine,
    LossSum,
    approvals_of,
    line_of,
    losses_listed,
    losses_of,
)
from ronghe.domain.control.selectors.standards import cause_words, causes_of
from ronghe.domain.control.services.losing import ANSWER_DAYS, LossText, hand_in_again, record_loss
from ronghe.domain.control.services.registering import (
    ApprovalText,
    Told,
    advance_approval,
    get_approval,
    open_phone,
    plan_next,
    refuse_approval,
    register_approval,
    submit_approval,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.org.models import AdminUnit
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.errors import NotFound

router = Router(tags=["control"])
AT_ONCE = 500
STEPS: dict[str, Callable[..., Any]] = {
    "submit": submit_approval, "advance": advance_approval, "refuse": refuse_approval, "get": get_approval,
}  # fmt: skip


@router.get("/{project_id}/losses", response=shapes.ControlLosses, summary="窝工返工", operation_id="control_losses")
def losses(request: HttpRequest, project_id: int, state: str = "", kind: str = "") -> Any:
    project, actor, now = project_seen(request, project_id), actor_of(request), timezone.now()
    found = losses_of(project, actor, now)
    rows = losses_listed(project, actor, now, state=state if state in LOSS.state_by_id else "", kind=kind)
    return {
        "total": _sum(found.total),
        "by_cause": [_sum(one) for one in found.by_cause],
        "by_crew": [_sum(one) for one in found.by_crew],
        "by_month": [{**_sum(one), "title": f"{month:%Y-%m}"} for month, one in found.by_month],
        "waiting": found.waiting,
        "contested": found.contested,
        "causes": dict(causes_of(project.body_id, local_day(now))),
        "rows": [_loss(one) for one in rows[:AT_ONCE]],
    }


@router.post(
    "/{project_id}/losses", response=shapes.ControlLossRow, summary="记窝工、返工", operation_id="control_loss_record"
)
def loss_record(request: HttpRequest, project_id: int, wanted: shapes.ControlLossRequest) -> Any:
    project, now = project_seen(request, project_id), timezone.now()
    process = None
    if wanted.process is not None:
        process = get_object_or_404(WorkProcess, pk=wanted.process, project=project)
    values = {name: str(getattr(wanted, name)) for name in ("crew", "people", "hours", "cost", "basis")}
    text = LossText(
        wanted.kind, wanted.cause, wanted.happened_on, values, _unit(wanted.answers_unit),
        _unit(wanted.crew_unit) if wanted.crew_unit is not None else None,
        one_of_project(request, project, wanted.answerer) if wanted.answerer is not None else None,
        wanted.text, wanted.lot, process, now + timedelta(days=ANSWER_DAYS),
    )  # fmt: skip
    return _loss(record_loss(project=project, text=text, actor=actor_of(request), at=now))


@router.post(
    "/losses/{item_id}/again", response=shapes.ControlItemAnswer, summary="改好再送", operation_id="control_loss_again"
)
def loss_again(request: HttpRequest, item_id: int, wanted: shapes.ControlLossAgainRequest) -> Any:
    item = _seen_item(request, item_id, LOSS.id)
    given = {name: str(value) for name, value in wanted.dict(exclude={"note"}, exclude_none=True).items()}
    again = hand_in_again(item=item, values=given, note=wanted.note, actor=actor_of(request), at=timezone.now())
    return {"item": again.pk, "state": again.state}


@router.get(
    "/{project_id}/approvals",
    response=list[shapes.ControlApprovalRow],
    summary="外部审批",
    operation_id="control_approvals",
)
def approvals(request: HttpRequest, project_id: int, state: str = "", kind: str = "") -> Any:
    project = project_seen(request, project_id)
    return [
        _approval(line) for line in approvals_of(project, actor_of(request), timezone.now(), state=state, kind=kind)
    ]


@router.post(
    "/{project_id}/approvals", response=shapes.ControlApprovalRow, summary="登记外部审批",
    operation_id="control_approval_register",
)  # fmt: skip
def approval_register(request: HttpRequest, project_id: int, wanted: shapes.ControlApprovalRequest) -> Any:
    project, now = project_seen(request, project_id), timezone.now()
    given = wanted.dict(exclude={"owner"})
    text = ApprovalText(owner=one_of_project(request, project, wanted.owner), **given)
    made = register_approval(project=project, text=text, actor=actor_of(request), at=now)
    return _approval(line_of(made, local_day(now)))


@router.put(
    "/approvals/{item_id}/next",
    response=shapes.ControlApprovalRow,
    summary="改下一步",
    operation_id="control_approval_next",
)
def approval_next(request: HttpRequest, item_id: int, wanted: shapes.ControlNextRequest) -> Any:
    now = timezone.now()
    found = plan_next(approval=_seen_approval(request, item_id), actor=actor_of(request), at=now, **wanted.dict())
    return _approval(line_of(found, local_day(now)))


@router.post(
    "/approvals/{item_id}/phone",
    response=dict[str, str],
    summary="看办公电话，留记录",
    operation_id="control_approval_phone",
)
def approval_phone(request: HttpRequest, item_id: int) -> Any:
    approval = _seen_approval(request, item_id)
    return {"phone": open_phone(approval=approval, actor=actor_of(request), at=timezone.now())}


@router.post(
    "/approvals/{item_id}/{step}", response=shapes.ControlApprovalRow, summary="外部审批往前走",
    operation_id="control_approval_step",
)  # fmt: skip
def approval_step(request: HttpRequest, item_id: int, step: str, wanted: shapes.ControlApprovalStepRequest) -> Any:
    """`step`: submit, advance, refuse; get wants a paper and has a call of its own."""
    if step not in STEPS:
        raise NotFound
    return _move(request, item_id, step, wanted, Told(wanted.note))


@router.post(
    "/approvals/{item_id}/{step}/files", response=shapes.ControlApprovalRow, summary="外部审批往前走，附文件",
    operation_id="control_approval_step_files",
)  # fmt: skip
def approval_step_files(
    request: HttpRequest, item_id: int, step: str, photo: File[list[UploadedFile]],
    wanted: Annotated[shapes.ControlApprovalStepRequest, Form()],
) -> Any:  # fmt: skip
    if step not in STEPS:
        raise NotFound
    told = Told(wanted.note, [Upload(file.name or "", file) for file in photo])
    return _move(request, item_id, step, wanted, told)


def _move(
    request: HttpRequest, item_id: int, step: str, wanted: shapes.ControlApprovalStepRequest, told: Told
) -> dict[str, Any]:
    approval, now = _seen_approval(request, item_id), timezone.now()
    more = {"document_number": wanted.document_number} if step == "get" else {}
    STEPS[step](approval=approval, day=wanted.day, told=told, actor=actor_of(request), at=now, **more)
    return _approval(line_of(_seen_approval(request, item_id), local_day(now)))


def _unit(unit_id: int) -> AdminUnit:
    """Return a unit; that it takes part in the project is for the service."""
    found: AdminUnit = get_object_or_404(AdminUnit, pk=unit_id)
    return found


def _seen_item(request: HttpRequest, item_id: int, kind: str) -> WorkItem:
    found: WorkItem = get_object_or_404(items_seen_by(actor_of(request), timezone.now()).filter(kind=kind), pk=item_id)
    return found


def _seen_approval(request: HttpRequest, item_id: int) -> OutsideApproval:
    item = _seen_item(request, item_id, APPROVAL.id)
    rows = OutsideApproval.objects.select_related("item__project__body", "item__owner", "project__body")
    found: OutsideApproval = get_object_or_404(rows.prefetch_related("stages"), item=item)
    return found


def _sum(one: LossSum) -> dict[str, Any]:
    return {"title": one.title, "count": one.count, "hours": one.hours, "yuan": one.yuan}


def _loss(one: IdleClaim) -> dict[str, Any]:
    return {
        "item": one.item_id, "state": one.item.state, "kind": one.kind, "cause": cause_words(one.cause, one.own_cause),
        "crew": one.crew, "crew_unit": named(one.crew_unit), "answers_unit": named(one.answers_unit),
        "happened_on": one.happened_on, "people": one.people, "hours": one.hours, "yuan": one.yuan,
    }  # fmt: skip


def _approval(line: ApprovalLine) -> dict[str, Any]:
    one = line.approval
    names = ("kind", "authority", "submitted_on", "expected_on", "got_on", "next_step")
    return {
        **{name: getattr(one, name) for name in names},
        "item": one.item_id, "state": one.item.state, "title": one.item.title, "stage": line.stage_title,
        "stage_days": line.stage_days, "all_days": line.all_days, "is_overdue": line.is_overdue,
        "owner": named(one.item.owner),
    }  # fmt: skip
