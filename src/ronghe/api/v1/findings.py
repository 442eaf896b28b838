"""督查问题: raising, settling the measure, objecting; carrying out and looking at the effect are steps at `/work/items`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Key, Named, Page, listed_answer, named
from ronghe.domain.inspections.selectors.findings import bodies_to_find_in, findings_seen_by, list_findings
from ronghe.domain.inspections.services.findings import (
    Board,
    FindingText,
    Measure,
    object_to,
    raise_finding,
    settle_measure,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import people_to_ask
from ronghe.domain.org.models import Person

router = Router(tags=["inspections"])


class FollowedFinding(Schema):
    id: int
    title: str
    body: Named
    about: str
    state: str
    owner: Named | None
    measure: str
    due_at: datetime | None
    is_overdue: bool
    inspection: int | None
    board: str
    run: int | None
    subject: int | None
    period: str
    figure_then: Decimal | None
    effect_days: int
    effect_on: date | None
    recurrences: int = Field(description="没有见效或又出现过几次")


class FindingRequest(Schema):
    body: Key
    title: str = Field(max_length=120)
    text: str = Field(default="", max_length=2000)
    about: str = Field(default="", max_length=120)
    effect_days: int | None = Field(None, ge=1, le=366)
    board: str = Field(default="", max_length=64, pattern="^[A-Za-z0-9_.:@/-]*$")
    run: Key | None = None
    subject: Key | None = None
    period: str = Field(default="", max_length=16)
    figure: Decimal | None = Field(None, max_digits=14, decimal_places=4)


class FindingMeasureRequest(Schema):
    measure: str = Field(max_length=2000)
    owner: Key
    due_on: date


class ObjectionRequest(Schema):
    reason: str = Field(max_length=1000)


@router.get("", response=Page[FollowedFinding], summary="督查问题", operation_id="findings_list")
def finding_list(
    request: HttpRequest, state: str | None = None, is_open: bool | None = None, inspection: Key | None = None,
    body: Key | None = None, mine: bool = False, q: str = "", page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    found = Q(state=state) if state else Q()
    if is_open is not None:
        found &= Q(closed_at__isnull=is_open)
    if inspection is not None:
        found &= Q(inspection_finding__inspection=inspection)
    if body is not None:
        found &= Q(body=body)
    if mine:
        found &= Q(owner=actor) | Q(raised_by=actor)
    if q:
        found &= Q(title__contains=q)
    listed = list_findings(actor, now, filters=found, page=page, size=PAGE_SIZE)
    return listed_answer(listed, lambda item: _row(item, now))


@router.post("", response={201: FollowedFinding}, summary="提出督查问题", operation_id="findings_raise")
def finding_raise(request: HttpRequest, wanted: FindingRequest) -> Any:
    """措施接着用 `POST /inspections/findings/{id}/settle` 定。"""
    actor, now = actor_of(request), timezone.now()
    board = Board(wanted.board, wanted.run, wanted.subject, wanted.period, wanted.figure) if wanted.board else None
    text = FindingText(wanted.title, wanted.text, wanted.about, board=board, effect_days=wanted.effect_days)
    body = get_object_or_404(bodies_to_find_in(actor, now), pk=wanted.body)
    return Status(201, _row(_seen(actor, raise_finding(text=text, body=body, actor=actor, at=now).pk, now), now))


@router.get("/{item_id}", response=FollowedFinding, summary="一个督查问题", operation_id="findings_get")
def finding_get(request: HttpRequest, item_id: int) -> Any:
    now = timezone.now()
    return _row(_seen(actor_of(request), item_id, now), now)


@router.post("/{item_id}/settle", response=FollowedFinding, summary="定措施", operation_id="findings_settle")
def finding_settle(request: HttpRequest, item_id: int, wanted: FindingMeasureRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, item_id, now)
    owner = get_object_or_404(people_to_ask(item, actor, now), pk=wanted.owner)
    settle_measure(item=item, measure=Measure(wanted.measure, owner, wanted.due_on), actor=actor, at=now)
    return _row(_seen(actor, item_id, now), now)


@router.post("/{item_id}/object", response=FollowedFinding, summary="对认定有异议", operation_id="findings_object")
def finding_object(request: HttpRequest, item_id: int, wanted: ObjectionRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    object_to(item=_seen(actor, item_id, now), reason=wanted.reason, actor=actor, at=now)
    return _row(_seen(actor, item_id, now), now)


def _seen(actor: Person, key: int, now: datetime) -> WorkItem:
    return get_object_or_404(findings_seen_by(actor, now), pk=key)


def _row(item: WorkItem, now: datetime) -> dict[str, Any]:
    own: Any = item.inspection_finding
    return {
        "id": item.pk, "title": item.title, "body": named(item.body), "about": own.about, "state": item.state,
        "owner": named(item.owner), "measure": str(item.values.get("measure", "")), "due_at": item.due_at,
        "is_overdue": item.is_overdue(now), "inspection": own.inspection_id, "board": own.board, "run": own.run,
        "subject": own.subject, "period": own.period, "figure_then": own.figure_then, "effect_days": own.effect_days,
        "effect_on": own.effect_on, "recurrences": own.recurrences,
    }  # fmt: skip
