"""节拍: what is owed, when, and whether it was met; letting a body off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.obligations.enums import ObligationState, RequestState
from ronghe.domain.obligations.models import WaiverRequest
from ronghe.domain.obligations.selectors import list_obligations, obligations_seen_by
from ronghe.domain.obligations.selectors.behind import BehindRow, What, list_behind
from ronghe.domain.obligations.selectors.requests import list_requests, requests_seen_by
from ronghe.domain.obligations.services.asking import ask_waiver, grant_waiver, refuse_waiver, take_back_request
from ronghe.domain.obligations.services.moving import days_open_to, move_planned_day
from ronghe.domain.obligations.services.waiving import waive, waive_several, withdraw_waiver
from ronghe.kernel.calendar.periods import PeriodKind, period_around
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
    planned_on: date | None = Field(None, description="固定的那一天，没有的哪天办都可以")
    met_on: date | None = None
    fact: int | None = Field(None, description="由哪条事实办结")
    why_owed: str = Field("", description="由哪一期、哪次考评的等次产生；不由等次产生的为空")
    grade_run: int | None = Field(None, description="由哪次定稿的考评产生")

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


class DaysOpen(Schema):
    from_on: date | None
    last_on: date | None = Field(description="最后一天，含")


class MoveDayRequest(Schema):
    day: date = Field(description="移到哪一天，要在应办期内（PM-05）")
    reason: str = Field(max_length=120)


class AskWaiverRequest(Schema):
    obligations: list[int] = Field(min_length=1, max_length=200)
    reason: str = Field(max_length=200)


class AnswerWaiverRequest(Schema):
    grant: bool = Field(description="同意还是不同意")
    answer: str = Field("", max_length=200, description="不同意时必须写")


class WaiverRequestRow(Schema):
    id: int
    body: Named
    reason: str
    state: RequestState
    asked_by: Named
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    obligations: list[int] = Field(description="申请免办的事项；清单里不列，只有数目")
    count: int


class BehindLineRow(Schema):
    mechanism: str
    title: str
    role: str = Field(description="范本规定由谁负责")
    people: list[str] = Field(description="今天由谁负责；职务空缺的由本组织或上级负责人负责")
    standing: str = Field(description="held 在任，stands_in 本组织负责人代，superior 上级过问，nobody 没有人")
    missed: int
    due: int
    late: int
    since: date | None


class BehindRowShape(Schema):
    body: Named
    missed: int
    due: int
    late: int
    since: date | None = Field(description="从哪一天起")
    why: list[str] = Field(
        description="asked 申请免办中，nobody 没有人负责，vacant 职务空缺，shut_down 停工，holiday 放假，unadopted 没有采用范本"
    )
    lines: list[BehindLineRow]


@router.get(
    "/behind", response=Page[BehindRowShape], summary="谁落后了、从何时起、为什么", operation_id="obligations_behind"
)
def obligations_behind(
    request: HttpRequest,
    what: What = What.MISSED,
    span: Literal["month", "quarter", "year"] = "year",
    below: int | None = None,
    page: int = Query(1, ge=1),
) -> Any:
    now = timezone.now()
    days = period_around(timezone.localdate(now), PeriodKind(span)).span
    listed = list_behind(actor_of(request), now, span=days, what=what, below=below, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _behind)


@router.get("/waivers", response=Page[WaiverRequestRow], summary="免办申请清单", operation_id="obligations_waivers")
def waiver_list(
    request: HttpRequest, state: RequestState | None = None, page: int = Query(1, ge=1)
) -> Any:  # fmt: skip
    listed = list_requests(actor_of(request), timezone.now(), state=state or "", page=page, size=PAGE_SIZE)
    return listed_answer(listed, _request)


@router.post(
    "/waivers",
    response={201: WaiverRequestRow},
    summary="申请免办，可以一次几件",
    operation_id="obligations_ask_waiver",
)
def waiver_ask(request: HttpRequest, wanted: AskWaiverRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = list(obligations_seen_by(actor, now).filter(pk__in=wanted.obligations))
    if len(rows) != len(set(wanted.obligations)):
        raise NotFound
    made = ask_waiver(obligations=rows, reason=wanted.reason, actor=actor, at=now)
    return Status(201, _request(get_object_or_404(requests_seen_by(actor, now), pk=made.pk)))


@router.post("/waive", response=list[ObligationRow], summary="一次免办几件", operation_id="obligations_waive_several")
def obligations_waive(request: HttpRequest, wanted: AskWaiverRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    rows = list(obligations_seen_by(actor, now).filter(pk__in=wanted.obligations))
    if len(rows) != len(set(wanted.obligations)):
        raise NotFound
    waive_several(obligations=rows, reason=wanted.reason, actor=actor, at=now)
    return list(obligations_seen_by(actor, now).filter(pk__in=wanted.obligations))


@router.get(
    "/waivers/{request_id}", response=WaiverRequestRow, summary="一件免办申请", operation_id="obligations_waiver"
)
def waiver_detail(request: HttpRequest, request_id: int) -> Any:
    return _request(_asked(request, request_id))


@router.post(
    "/waivers/{request_id}/answer",
    response=WaiverRequestRow,
    summary="答复一件免办申请",
    operation_id="obligations_answer_waiver",
)
def waiver_answer(request: HttpRequest, request_id: int, wanted: AnswerWaiverRequest) -> Any:
    given: dict[str, Any] = {"request": _asked(request, request_id), "actor": actor_of(request), "at": timezone.now()}
    act = grant_waiver if wanted.grant else refuse_waiver
    act(answer=wanted.answer, **given)
    return _request(_asked(request, request_id))


@router.delete(
    "/waivers/{request_id}",
    response=WaiverRequestRow,
    summary="撤回一件免办申请",
    operation_id="obligations_take_back_waiver",
)
def waiver_take_back(request: HttpRequest, request_id: int) -> Any:
    take_back_request(request=_asked(request, request_id), actor=actor_of(request), at=timezone.now())
    return _request(_asked(request, request_id))


@router.get("/{obligation_id}", response=ObligationRow, summary="一件应办事项", operation_id="obligations_detail")
def obligation_detail(request: HttpRequest, obligation_id: int) -> Any:
    return _seen(request, obligation_id)


@router.get(
    "/{obligation_id}/days-open",
    response=DaysOpen,
    summary="固定日可以改到哪些天",
    operation_id="obligations_days_open",
)
def obligation_days_open(request: HttpRequest, obligation_id: int) -> Any:
    """空的就是不能改。"""
    found = days_open_to(_seen(request, obligation_id), timezone.localdate())
    return {"from_on": found.from_on if found else None, "last_on": found.last_on if found else None}


@router.post(
    "/{obligation_id}/move", response=ObligationRow, summary="改一件应办事项的固定日", operation_id="obligations_move"
)
def obligation_move(request: HttpRequest, obligation_id: int, wanted: MoveDayRequest) -> Any:
    obligation = _seen(request, obligation_id)
    move_planned_day(
        obligation=obligation, to=wanted.day, reason=wanted.reason, actor=actor_of(request), at=timezone.now()
    )
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
        "planned_on": obligation.planned_on, "met_on": match.met_on if match else None, "fact": match.fact if match else None,
        "why_owed": obligation.why_owed, "grade_run": obligation.grade.run if obligation.grade else None,
    }  # fmt: skip


def _asked(request: HttpRequest, request_id: int) -> WaiverRequest:
    return get_object_or_404(requests_seen_by(actor_of(request), timezone.now()), pk=request_id)


def _request(row: Any) -> dict[str, Any]:
    is_listed = hasattr(row, "count")
    items = [] if is_listed else [item.obligation_id for item in row.items.all()]
    return {
        "id": row.pk, "body": named(row.body), "reason": row.reason, "state": row.state,
        "asked_by": named(row.asked_by), "asked_at": row.asked_at, "answer": row.answer,
        "answered_at": row.answered_at, "obligations": items, "count": row.count if is_listed else len(items),
    }  # fmt: skip


def _behind(row: BehindRow) -> dict[str, Any]:
    lines = [
        {
            "mechanism": line.mechanism, "title": line.title, "role": line.role, "people": line.names,
            "standing": line.answer.standing.value, "missed": line.missed, "due": line.due, "late": line.late,
            "since": line.since,
        }
        for line in row.lines
    ]  # fmt: skip
    return {
        "body": named(row.body), "missed": row.missed, "due": row.due, "late": row.late, "since": row.since,
        "why": [why.value for why in row.why], "lines": lines,
    }  # fmt: skip
