"""节拍: what is owed, when, and whether it was met; letting a body off."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.selectors import list_obligations, obligations_seen_by
from ronghe.domain.obligations.services.waiving import waive, withdraw_waiver
from ronghe.kernel.errors import NotFound

router = Router(tags=["obligations"])


class ObligationRow(Schema):
    id: int
    title: str = Field(description="制度；一天几次的为其中一次")
    mechanism: str
    occurrence: str
    body: Named
    window_from: date = Field(description="从这天起可以办")
    due_on: date
    grace_until: date = Field(description="到这天（不含）为止还算迟办")
    state: ObligationState
    met_on: date | None = None
    fact: int | None = Field(None, description="由哪条事实办结")

    @staticmethod
    def resolve_met_on(row: Any) -> date | None:
        return row.match.met_on if hasattr(row, "match") else None

    @staticmethod
    def resolve_fact(row: Any) -> int | None:
        return row.match.fact if hasattr(row, "match") else None


class WaiveRequest(Schema):
    reason: str = Field(max_length=200)


@router.get("/", response=Page[ObligationRow], summary="应办事项清单", operation_id="obligations_list")
def obligation_list(
    request: HttpRequest,
    state: Literal["open", "missed", "met", "waived", "all"] = "open",
    body: int | None = None,
    page: int = Query(1, ge=1),
) -> Any:
    listed = list_obligations(actor_of(request), timezone.now(), choice=state, body_id=body, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.get("/{obligation_id}", response=ObligationRow, summary="一件应办事项", operation_id="obligations_detail")
def obligation_detail(request: HttpRequest, obligation_id: int) -> Any:
    return _seen(request, obligation_id)


@router.post(
    "/{obligation_id}/waive", response=ObligationRow, summary="免办一件应办事项", operation_id="obligations_waive"
)
def obligation_waive(request: HttpRequest, obligation_id: int, wanted: WaiveRequest) -> Any:
    obligation = _seen(request, obligation_id)
    waive(obligation=obligation, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _seen(request, obligation_id)


@router.delete(
    "/{obligation_id}/waive", response=ObligationRow, summary="撤销一件免办", operation_id="obligations_unwaive"
)
def obligation_unwaive(request: HttpRequest, obligation_id: int) -> Any:
    obligation = _seen(request, obligation_id)
    if not hasattr(obligation, "waiver"):
        raise NotFound
    withdraw_waiver(waiver=obligation.waiver, actor=actor_of(request), at=timezone.now())
    return _seen(request, obligation_id)


def _seen(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(obligations_seen_by(actor_of(request), timezone.now()), pk=pk)


def _row(obligation: Any) -> dict[str, Any]:
    match = getattr(obligation, "match", None)
    return {
        "id": obligation.pk, "title": obligation.title, "mechanism": obligation.mechanism,
        "occurrence": obligation.occurrence, "body": named(obligation.body), "window_from": obligation.window_from,
        "due_on": obligation.due_on, "grace_until": obligation.grace_until, "state": obligation.state,
        "met_on": match.met_on if match else None, "fact": match.fact if match else None,
    }  # fmt: skip
