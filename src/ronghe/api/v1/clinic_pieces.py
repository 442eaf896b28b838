"""专家门诊: knowledge out of answered cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.clinic.enums import PieceState
from ronghe.domain.clinic.models import Piece
from ronghe.domain.clinic.selectors.cases import cases_seen_by
from ronghe.domain.clinic.selectors.pieces import (
    list_pieces,
    pieces_seen_by,
    pieces_to_review,
    similar_pieces,
    with_helped,
)
from ronghe.domain.clinic.services.helping import say_helped, unsay_helped
from ronghe.domain.clinic.services.proposing import (
    PieceText,
    answer_consent,
    propose_piece,
    rewrite_piece,
    take_piece_down,
)
from ronghe.domain.clinic.services.reviewing import mark_current, mark_outdated, publish_piece, return_piece
from ronghe.domain.org.models import Person

router = Router(tags=["clinic"])


class PieceRow(Schema):
    id: int
    title: str
    question: str
    answer: str
    field: Named
    expert: Named = Field(description="谁解答")
    state: PieceState
    version: int = Field(description="发布的是第几版，没发布是 0")
    published_at: datetime | None
    is_outdated: bool
    outdated_why: str


class PieceFound(PieceRow):
    helped: int = Field(description="帮到几人")


class PieceTextRequest(Schema):
    title: str = Field(max_length=120)
    question: str = Field(max_length=2000)
    answer: str = Field(max_length=4000)


class PieceAgreeRequest(Schema):
    agrees: bool


class PieceNoteRequest(Schema):
    note: str = Field(max_length=400)


class PieceOutdatedRequest(Schema):
    why: str = Field(max_length=200)


class PieceHelped(Schema):
    helped: int


@router.get("/knowledge", response=Page[PieceFound], summary="门诊知识", operation_id="clinic_knowledge")
def piece_list(
    request: HttpRequest, q: str = "", field: int | None = None, expert: int | None = None,
    state: PieceState = PieceState.PUBLISHED, order: str = "", page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    listed = list_pieces(
        actor_of(request), timezone.now(), words=q, field=field, expert=expert, state=state.value, order=order,
        page=page, size=PAGE_SIZE,
    )  # fmt: skip
    return listed_answer(listed, _found)


@router.get("/knowledge/similar", response=list[PieceRow], summary="有人问过差不多的", operation_id="clinic_similar")
def piece_similar(request: HttpRequest, text: str = Query("", max_length=400)) -> Any:  # noqa: ARG001 - for everybody
    return [_row(piece) for piece in similar_pieces(text)]


@router.get("/knowledge/reviews", response=list[PieceRow], summary="等我审核的", operation_id="clinic_reviews")
def review_list(request: HttpRequest) -> Any:
    return [_row(piece) for piece in pieces_to_review(actor_of(request), timezone.now())[:PAGE_SIZE]]


@router.post(
    "/cases/{case_id}/knowledge", response={201: PieceFound}, summary="推荐成知识", operation_id="clinic_propose"
)
def piece_propose(request: HttpRequest, case_id: int, wanted: PieceTextRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = get_object_or_404(cases_seen_by(actor, now), pk=case_id)
    piece = propose_piece(item=item, text=PieceText(**wanted.dict()), actor=actor, at=now)
    return Status(201, _again(piece))


@router.get("/knowledge/{piece_id}", response=PieceFound, summary="一条知识", operation_id="clinic_piece")
def piece_detail(request: HttpRequest, piece_id: int) -> Any:
    return _found(_seen(actor_of(request), piece_id))


@router.put("/knowledge/{piece_id}", response=PieceFound, summary="写新的一版", operation_id="clinic_rewrite")
def piece_rewrite(request: HttpRequest, piece_id: int, wanted: PieceTextRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    piece = _seen(actor, piece_id)
    rewrite_piece(piece=piece, text=PieceText(**wanted.dict()), actor=actor, at=now)
    return _again(piece)


@router.post(
    "/knowledge/{piece_id}/consent", response={204: None}, summary="同意公开或不同意", operation_id="clinic_consent"
)
def piece_consent(request: HttpRequest, piece_id: int, wanted: PieceAgreeRequest) -> Any:
    actor = actor_of(request)
    answer_consent(piece=_seen(actor, piece_id), agrees=wanted.agrees, actor=actor, at=timezone.now())
    return Status(204, None)


@router.delete("/knowledge/{piece_id}", response={204: None}, summary="撤下自己问过的", operation_id="clinic_take_down")
def piece_take_down(request: HttpRequest, piece_id: int) -> Any:
    actor = actor_of(request)
    take_piece_down(piece=_seen(actor, piece_id), actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/knowledge/{piece_id}/publish", response=PieceFound, summary="审核通过", operation_id="clinic_publish")
def piece_publish(request: HttpRequest, piece_id: int) -> Any:
    actor = actor_of(request)
    return _again(publish_piece(piece=_seen(actor, piece_id), actor=actor, at=timezone.now()))


@router.post("/knowledge/{piece_id}/return", response=PieceFound, summary="退回修改", operation_id="clinic_return")
def piece_return(request: HttpRequest, piece_id: int, wanted: PieceNoteRequest) -> Any:
    actor = actor_of(request)
    return _again(return_piece(piece=_seen(actor, piece_id), note=wanted.note, actor=actor, at=timezone.now()))


@router.put("/knowledge/{piece_id}/outdated", response=PieceFound, summary="标过时", operation_id="clinic_outdated")
def piece_outdated(request: HttpRequest, piece_id: int, wanted: PieceOutdatedRequest) -> Any:
    actor = actor_of(request)
    return _again(mark_outdated(piece=_seen(actor, piece_id), why=wanted.why, actor=actor, at=timezone.now()))


@router.delete("/knowledge/{piece_id}/outdated", response=PieceFound, summary="改回有效", operation_id="clinic_current")
def piece_current(request: HttpRequest, piece_id: int) -> Any:
    actor = actor_of(request)
    return _again(mark_current(piece=_seen(actor, piece_id), actor=actor, at=timezone.now()))


@router.put("/knowledge/{piece_id}/helped", response=PieceHelped, summary="帮到我了", operation_id="clinic_helped")
def piece_helped(request: HttpRequest, piece_id: int) -> Any:
    actor = actor_of(request)
    return {"helped": say_helped(piece=_seen(actor, piece_id), actor=actor, at=timezone.now())}


@router.delete(
    "/knowledge/{piece_id}/helped", response=PieceHelped, summary="收回“帮到我了”", operation_id="clinic_unhelped"
)
def piece_unhelped(request: HttpRequest, piece_id: int) -> Any:
    actor = actor_of(request)
    return {"helped": unsay_helped(piece=_seen(actor, piece_id), actor=actor, at=timezone.now())}


def _seen(actor: Person, piece_id: int) -> Piece:
    return get_object_or_404(pieces_seen_by(actor, timezone.now()), pk=piece_id)


def _again(piece: Piece) -> dict[str, Any]:
    return _found(with_helped(Piece.objects.select_related("field", "expert")).get(pk=piece.pk))


def _row(piece: Piece) -> dict[str, Any]:
    return {
        "id": piece.pk, "title": piece.title, "question": piece.question, "answer": piece.answer,
        "field": named(piece.field), "expert": named(piece.expert), "state": piece.state, "version": piece.number,
        "published_at": piece.published_at, "is_outdated": piece.outdated_at is not None,
        "outdated_why": piece.outdated_why,
    }  # fmt: skip


def _found(piece: Any) -> dict[str, Any]:
    return {**_row(piece), "helped": piece.helped_count}
