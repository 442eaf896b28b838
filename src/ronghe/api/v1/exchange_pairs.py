"""传帮带: mentor pairs with their programmes, signatures and reviews."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.exchange.documents import pair_document, review_document
from ronghe.domain.exchange.enums import Better, NoteKind, PairOutcome, PairRole, PairState
from ronghe.domain.exchange.models import PairProgramme
from ronghe.domain.exchange.selectors.circles import home_of, witnesses_of
from ronghe.domain.exchange.selectors.pairs import list_pairs, pair_view, pairs_seen_by, programme_of
from ronghe.domain.exchange.services.pair_reviews import ReviewText
from ronghe.domain.exchange.services.pair_reviews import review_pair as review
from ronghe.domain.exchange.services.pairs import (
    GoalText,
    PairWithoutBody,
    ProgrammeOfPair,
    draft_pair,
    note_pair,
    rework_pair,
    sign_pair,
    submit_pair,
)
from ronghe.domain.members.enums import MentorKind
from ronghe.domain.members.models import MentorPair
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["exchange"])


class MentorPairRow(Schema):
    id: int
    mentor: Named
    apprentice: Named
    kind: MentorKind
    topic: str
    state: PairState | None = Field(description="没有培养计划为空")
    review_on: date | None
    reviews: int


class PairGoalRow(Schema):
    number: int
    what: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None = Field(description="没有目标值的按做到没有评")
    now: Decimal | None
    is_met: bool
    due_on: date


class PairReviewRow(Schema):
    number: int
    held_on: date
    mentor_word: str
    apprentice_word: str
    next_step: str
    outcome: PairOutcome


class PairAnswer(Schema):
    id: int
    mentor: Named
    apprentice: Named
    witness: Named | None
    state: PairState | None
    until_on: date | None
    review_on: date | None
    digest: str = Field(description="待签文本的摘要，签字时原样带回")
    signed: list[PairRole]
    goals: list[PairGoalRow]
    reviews: list[PairReviewRow]


class PairGoalRequest(Schema):
    what: str = Field(max_length=80)
    due_on: date
    unit: str = Field("", max_length=12)
    better: Better = Better.UP
    baseline: Decimal | None = Field(None, max_digits=14, decimal_places=4)
    target: Decimal | None = Field(None, max_digits=14, decimal_places=4)


class PairProgrammeRequest(Schema):
    starts_on: date
    until_on: date
    witness: int
    goals: list[PairGoalRequest] = Field(min_length=2, max_length=6)
    text: str = Field("", max_length=2000)
    review_months: int = Field(3, ge=1, le=24)


class PairSignRequest(Schema):
    digest: str = Field(max_length=64)


class PairNoteRequest(Schema):
    kind: NoteKind
    text: str = Field(max_length=300)
    day: date


class PairReviewRequest(Schema):
    held_on: date
    mentor_word: str = Field(max_length=400)
    apprentice_word: str = Field(max_length=400)
    outcome: PairOutcome = PairOutcome.GOES_ON
    next_step: str = Field("", max_length=300)
    until_on: date | None = None
    figures: dict[int, Decimal] = Field(default_factory=dict, description="目标序号：现在的数")
    met: dict[int, bool] = Field(default_factory=dict, description="目标序号：做到没有")


@router.get("", response=Page[MentorPairRow], summary="传帮带", operation_id="exchange_pairs")
def pair_list(
    request: HttpRequest, q: str = Query("", max_length=40),
    state: PairState | Literal["without", "overdue"] | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    rows = list_pairs(actor_of(request), timezone.now(), words=q, state=state or "", page=page, size=PAGE_SIZE)
    return listed_answer(rows, _row)


@router.get("/{pair_id}", response=PairAnswer, summary="一对师徒", operation_id="exchange_pair")
def pair_detail(request: HttpRequest, pair_id: int) -> Any:
    return _whole(_seen(request, pair_id))


@router.put("/{pair_id}/programme", response=PairAnswer, summary="定培养计划", operation_id="exchange_pair_draft")
def pair_draft(request: HttpRequest, pair_id: int, wanted: PairProgrammeRequest) -> Any:
    actor, now, pair = actor_of(request), timezone.now(), _seen(request, pair_id)
    body = home_of(pair.apprentice, local_day(now))
    if body is None:
        raise PairWithoutBody(name=pair.apprentice.name)
    witness = get_object_or_404(witnesses_of(body, local_day(now)), pk=wanted.witness)
    goals = [GoalText(**goal.dict()) for goal in wanted.goals]
    given = ProgrammeOfPair(**wanted.dict(exclude={"witness", "goals"}), witness=witness, goals=goals)
    draft_pair(pair=pair, given=given, actor=actor, at=now)
    return _whole(_seen(request, pair_id))


@router.post("/{pair_id}/submit", response=PairAnswer, summary="师徒协议送签", operation_id="exchange_pair_submit")
def pair_submit(request: HttpRequest, pair_id: int) -> Any:
    submit_pair(programme=_programme(request, pair_id), actor=actor_of(request), at=timezone.now())
    return _whole(_seen(request, pair_id))


@router.post("/{pair_id}/rework", response=PairAnswer, summary="师徒协议退回修改", operation_id="exchange_pair_rework")
def pair_rework(request: HttpRequest, pair_id: int) -> Any:
    rework_pair(programme=_programme(request, pair_id), actor=actor_of(request), at=timezone.now())
    return _whole(_seen(request, pair_id))


@router.post("/{pair_id}/sign", response=PairAnswer, summary="师徒协议签字", operation_id="exchange_pair_sign")
def pair_sign(request: HttpRequest, pair_id: int, wanted: PairSignRequest) -> Any:
    programme = _programme(request, pair_id)
    sign_pair(programme=programme, digest=wanted.digest, actor=actor_of(request), at=timezone.now())
    return _whole(_seen(request, pair_id))


@router.post("/{pair_id}/notes", response={204: None}, summary="记师徒活动", operation_id="exchange_pair_note")
def pair_note(request: HttpRequest, pair_id: int, wanted: PairNoteRequest) -> Status[Any]:
    note_pair(programme=_programme(request, pair_id), actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return Status(204, None)


@router.post(
    "/{pair_id}/reviews", response={201: PairAnswer}, summary="评估师徒结对", operation_id="exchange_pair_review"
)
def pair_review(request: HttpRequest, pair_id: int, wanted: PairReviewRequest) -> Status[Any]:
    """出师、延长、结束由师徒以外的负责人评定。"""
    programme = _programme(request, pair_id)
    review(programme=programme, given=ReviewText(**wanted.dict()), actor=actor_of(request), at=timezone.now())
    return Status(201, _whole(_seen(request, pair_id)))


@router.get("/{pair_id}/agreement.{form}", summary="打印师徒协议", operation_id="exchange_pair_print")
def pair_print(request: HttpRequest, pair_id: int, form: PaperForm) -> Any:
    programme = _programme(request, pair_id)
    document = pair_document(pair_view(programme), printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=programme)


@router.get("/{pair_id}/reviews.{form}", summary="打印师徒评估表", operation_id="exchange_pair_reviews_print")
def reviews_print(request: HttpRequest, pair_id: int, form: PaperForm) -> Any:
    programme = _programme(request, pair_id)
    document = review_document(pair_view(programme), printed_on=local_day(timezone.now()))
    return paper_answer(request, document, form, source=programme)


def _seen(request: HttpRequest, pk: int) -> MentorPair:
    found = pairs_seen_by(actor_of(request), timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _programme(request: HttpRequest, pk: int) -> PairProgramme:
    programme = programme_of(_seen(request, pk))
    if programme is None:
        raise NotFound
    return programme


def _row(pair: Any) -> dict[str, Any]:
    programme = programme_of(pair)
    return {
        "id": pair.pk, "mentor": named(pair.mentor), "apprentice": named(pair.apprentice), "kind": pair.kind,
        "topic": pair.topic, "state": programme.state if programme else None,
        "review_on": programme.review_on if programme else None, "reviews": pair.reviewed,
    }  # fmt: skip


def _whole(pair: MentorPair) -> dict[str, Any]:
    programme = programme_of(pair)
    answer: dict[str, Any] = {
        "id": pair.pk, "mentor": named(pair.mentor), "apprentice": named(pair.apprentice), "witness": None,
        "state": None, "until_on": pair.planned_until, "review_on": None, "digest": "", "signed": [], "goals": [],
        "reviews": [],
    }  # fmt: skip
    if programme is None:
        return answer
    view = pair_view(programme)
    return answer | {
        "witness": named(programme.witness), "state": programme.state, "until_on": programme.until_on,
        "review_on": programme.review_on,
        "digest": view.text.digest if view.text is not None and programme.state != PairState.DRAFT else "",
        "signed": list(view.signatures),
        "goals": [
            {"number": one.goal.number, "what": one.goal.what, "unit": one.goal.unit, "baseline": one.goal.baseline,
             "target": one.goal.target, "now": one.now, "is_met": one.last is not None and one.last.is_met,
             "due_on": one.goal.due_on}
            for one in view.goals
        ],
        "reviews": [
            {"number": row.number, "held_on": row.held_on, "mentor_word": row.mentor_word,
             "apprentice_word": row.apprentice_word, "next_step": row.next_step, "outcome": row.outcome}
            for row in view.reviews
        ],
    }  # fmt: skip
