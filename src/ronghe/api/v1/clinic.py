"""专家门诊: cases with their threads and visits. Experts and knowledge are in files of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.clinic_experts import router as experts
from ronghe.api.v1.clinic_pieces import router as pieces
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.clinic.enums import HelpKind, MessageKind, SlotWay, VisitState
from ronghe.domain.clinic.models import ClinicField, Visit
from ronghe.domain.clinic.selectors.cases import cases_seen_by, list_cases, visits_of_case
from ronghe.domain.clinic.selectors.experts import experts_seen_by, sitting_experts, visits_coming
from ronghe.domain.clinic.services.asking import Question, address_case, ask
from ronghe.domain.clinic.services.treating import (
    answer_case,
    ask_on,
    confirm_case,
    decline_case,
    lapse_case,
    let_reader_in,
    read_case,
    read_thread,
    take_case,
    withdraw_case,
    write_word,
)
from ronghe.domain.clinic.services.visiting import book_visit, call_off_visit, hold_visit, miss_visit, move_visit
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.services.files import Upload

router = Router(tags=["clinic"])
router.add_router("", experts)
router.add_router("", pieces)


class CaseRow(Schema):
    id: int
    title: str = Field(description="连心关爱的只写“连心关爱”")
    help: HelpKind
    field: Named | None
    state: str
    asker: Named
    expert: Named | None
    raised_at: datetime
    due_at: datetime | None
    is_sealed: bool
    score: int | None


class CaseVisit(Schema):
    id: int
    case: int
    expert: Named
    starts_at: datetime
    ends_at: datetime
    way: SlotWay
    place: str
    link: str
    state: VisitState


class CaseMessageAnswer(Schema):
    kind: MessageKind
    words: str
    by: Named
    at: datetime
    visit_at: datetime | None
    pictures: list[str] = Field(description="照片的 SHA-256，用 /files 取")


class CaseAnswer(CaseRow):
    question: str = Field(description="什么问题")
    goal: str
    messages: list[CaseMessageAnswer]
    visits: list[CaseVisit]


class CaseAskRequest(Schema):
    title: str = Field(max_length=120)
    text: str = Field(default="", max_length=2000)
    help: HelpKind = HelpKind.POST
    goal: str = Field(default="", max_length=200)
    field: int | None = None
    expert: int | None = Field(default=None, description="不写就由这个专业的专家来接")
    visit_at: datetime | None = Field(default=None, description="同时约好的时间，要是专家空着的")


class CaseWordsRequest(Schema):
    words: str = Field(default="", max_length=2000)


class CaseConfirmRequest(Schema):
    score: int = Field(ge=1, le=5)
    words: str = Field(default="", max_length=2000)


class CaseAddressRequest(Schema):
    expert: int


class CaseReaderRequest(Schema):
    person: int


class CaseVisitRequest(Schema):
    starts_at: datetime


class CaseHeldRequest(Schema):
    words: str = Field(max_length=2000)
    answers: bool = Field(default=True, description="这就是答复")


@router.get("/cases", response=Page[CaseRow], summary="求助", operation_id="clinic_cases")
def case_list(
    request: HttpRequest, state: str | None = None, is_open: bool | None = None, mine: bool = False,
    help: HelpKind | None = None, field: int | None = None, q: str | None = None, page: int = Query(1, ge=1),  # noqa: A002
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    found = Q()
    if state:
        found &= Q(state=state)
    if is_open is not None:
        found &= Q(closed_at__isnull=is_open)
    if mine:
        found &= Q(raised_by=actor)
    if help is not None:
        found &= Q(case_sheet__help=help)
    if field is not None:
        found &= Q(case_sheet__field=field)
    if q:
        found &= Q(title__contains=q)
    return listed_answer(list_cases(actor, now, filters=found, page=page, size=PAGE_SIZE), _row)


@router.post("/cases", response={201: CaseAnswer}, summary="问专家", operation_id="clinic_ask")
def case_ask(request: HttpRequest, wanted: CaseAskRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    field = get_object_or_404(ClinicField, pk=wanted.field) if wanted.field is not None else None
    expert = get_object_or_404(experts_seen_by(actor, now), pk=wanted.expert) if wanted.expert is not None else None
    question = Question(wanted.title, wanted.text, wanted.help, wanted.goal, field, expert)
    item = ask(question=question, actor=actor, at=now, visit_at=wanted.visit_at)
    return Status(201, _whole(item, actor, now))


@router.get("/cases/{case_id}", response=CaseAnswer, summary="一件求助和一对一", operation_id="clinic_case")
def case_detail(request: HttpRequest, case_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(_seen(actor, case_id), actor, now)


@router.post("/cases/{case_id}/take", response=CaseAnswer, summary="接诊", operation_id="clinic_take")
def case_take(request: HttpRequest, case_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(take_case(item=_seen(actor, case_id), actor=actor, at=now), actor, now)


@router.post("/cases/{case_id}/messages", response=CaseAnswer, summary="留言", operation_id="clinic_say")
def case_say(request: HttpRequest, case_id: int, wanted: CaseWordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, case_id)
    write_word(item=item, words=wanted.words, actor=actor, at=now)
    return _whole(item, actor, now)


@router.post("/cases/{case_id}/pictures", response=CaseAnswer, summary="发照片", operation_id="clinic_show")
def case_show(request: HttpRequest, case_id: int, photo: File[list[UploadedFile]]) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = _seen(actor, case_id)
    uploads = [Upload(file.name or "", file) for file in photo]
    write_word(item=item, words="", actor=actor, at=now, uploads=uploads)
    return _whole(item, actor, now)


@router.post("/cases/{case_id}/answer", response=CaseAnswer, summary="答复", operation_id="clinic_answer")
def case_answer(request: HttpRequest, case_id: int, wanted: CaseWordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(answer_case(item=_seen(actor, case_id), words=wanted.words, actor=actor, at=now), actor, now)


@router.post("/cases/{case_id}/decline", response={204: None}, summary="转回", operation_id="clinic_decline")
def case_decline(request: HttpRequest, case_id: int, wanted: CaseWordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    decline_case(item=_seen(actor, case_id), words=wanted.words, actor=actor, at=now)
    return Status(204, None)


@router.post("/cases/{case_id}/confirm", response=CaseAnswer, summary="解决了，评分", operation_id="clinic_confirm")
def case_confirm(request: HttpRequest, case_id: int, wanted: CaseConfirmRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = confirm_case(item=_seen(actor, case_id), score=wanted.score, words=wanted.words, actor=actor, at=now)
    return _whole(item, actor, now)


@router.post("/cases/{case_id}/reopen", response=CaseAnswer, summary="还没解决，接着问", operation_id="clinic_ask_on")
def case_reopen(request: HttpRequest, case_id: int, wanted: CaseWordsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(ask_on(item=_seen(actor, case_id), words=wanted.words, actor=actor, at=now), actor, now)


@router.post("/cases/{case_id}/lapse", response=CaseAnswer, summary="没有回应，结束", operation_id="clinic_lapse")
def case_lapse(request: HttpRequest, case_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(lapse_case(item=_seen(actor, case_id), actor=actor, at=now), actor, now)


@router.post("/cases/{case_id}/withdraw", response=CaseAnswer, summary="撤回", operation_id="clinic_withdraw")
def case_withdraw(request: HttpRequest, case_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(withdraw_case(item=_seen(actor, case_id), actor=actor, at=now), actor, now)


@router.post("/cases/{case_id}/address", response={204: None}, summary="请某位专家看", operation_id="clinic_address")
def case_address(request: HttpRequest, case_id: int, wanted: CaseAddressRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    expert = get_object_or_404(experts_seen_by(actor, now), pk=wanted.expert)
    address_case(item=_seen(actor, case_id), expert=expert, actor=actor, at=now)
    return Status(204, None)


@router.post("/cases/{case_id}/readers", response={204: None}, summary="请人一起看", operation_id="clinic_let_in")
def case_let_in(request: HttpRequest, case_id: int, wanted: CaseReaderRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    seen = people_seen_by(actor, now).order_by().values("pk")
    sitting = sitting_experts().order_by().values("person_id")
    person = get_object_or_404(Person, Q(pk__in=seen) | Q(pk__in=sitting), pk=wanted.person, valid_until=None)
    let_reader_in(item=_seen(actor, case_id), person=person, actor=actor, at=now)
    return Status(204, None)


@router.put("/cases/{case_id}/seen", response={204: None}, summary="看过了", operation_id="clinic_seen")
def case_seen(request: HttpRequest, case_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    read_thread(item=_seen(actor, case_id), actor=actor, at=now)
    return Status(204, None)


@router.post("/cases/{case_id}/visits", response={201: CaseVisit}, summary="约时间", operation_id="clinic_book")
def visit_book(request: HttpRequest, case_id: int, wanted: CaseVisitRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    visit = book_visit(item=_seen(actor, case_id), starts_at=wanted.starts_at, actor=actor, at=now)
    return Status(201, _visit(visit))


@router.get("/visits", response=list[CaseVisit], summary="我约好的", operation_id="clinic_visits")
def visit_list(request: HttpRequest) -> Any:
    return [_visit(row) for row in visits_coming(actor_of(request), timezone.now())[:PAGE_SIZE]]


@router.put("/visits/{visit_id}", response=CaseVisit, summary="改约", operation_id="clinic_move")
def visit_move(request: HttpRequest, visit_id: int, wanted: CaseVisitRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _visit(
        move_visit(visit=_seen_visit(actor, visit_id), starts_at=wanted.starts_at, actor=actor, at=now)
    )  # fmt: skip


@router.delete("/visits/{visit_id}", response={204: None}, summary="取消预约", operation_id="clinic_call_off")
def visit_off(request: HttpRequest, visit_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    call_off_visit(visit=_seen_visit(actor, visit_id), actor=actor, at=now)
    return Status(204, None)


@router.post("/visits/{visit_id}/hold", response=CaseVisit, summary="谈过了，记结果", operation_id="clinic_hold")
def visit_hold(request: HttpRequest, visit_id: int, wanted: CaseHeldRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    visit = _seen_visit(actor, visit_id)
    return _visit(hold_visit(visit=visit, words=wanted.words, answers=wanted.answers, actor=actor, at=now))


@router.post("/visits/{visit_id}/miss", response=CaseVisit, summary="没见成", operation_id="clinic_miss")
def visit_miss(request: HttpRequest, visit_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _visit(miss_visit(visit=_seen_visit(actor, visit_id), actor=actor, at=now))


def _seen(actor: Person, case_id: int) -> WorkItem:
    return get_object_or_404(cases_seen_by(actor, timezone.now()), pk=case_id)


def _seen_visit(actor: Person, visit_id: int) -> Visit:
    visit = get_object_or_404(Visit.objects.select_related("expert__person"), pk=visit_id)
    visit.item = _seen(actor, visit.item_id)
    return visit


def _row(item: WorkItem) -> dict[str, Any]:
    sheet = item.case_sheet
    return {
        "id": item.pk, "title": item.title, "help": sheet.help, "field": named(sheet.field), "state": item.state,
        "asker": named(item.raised_by), "expert": named(sheet.expert.person) if sheet.expert is not None else None,
        "raised_at": item.raised_at, "due_at": item.due_at, "is_sealed": sheet.is_sealed, "score": sheet.score,
    }  # fmt: skip


def _whole(item: WorkItem, actor: Person, now: datetime) -> dict[str, Any]:
    words, lines = read_case(item=item, actor=actor, at=now)
    messages = [
        {
            "kind": line.kind, "words": line.words, "by": named(line.message.by), "at": line.message.at,
            "visit_at": line.message.visit_at,
            "pictures": [picture.file.sha256 for picture in line.pictures if picture.file is not None],
        }
        for line in lines
    ]  # fmt: skip
    visits = [_visit(row) for row in visits_of_case(item)]
    return {**_row(item), "question": words.title, "goal": words.goal, "messages": messages, "visits": visits}


def _visit(row: Visit) -> dict[str, Any]:
    return {
        "id": row.pk, "case": row.item_id, "expert": named(row.expert.person), "starts_at": row.starts_at,
        "ends_at": row.ends_at, "way": row.way, "place": row.place, "link": row.link, "state": row.state,
    }  # fmt: skip
