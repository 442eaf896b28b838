"""党员上讲台: the wall of lectures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.exchange.enums import LectureKind, LectureState, SessionState
from ronghe.domain.exchange.models import Lecture
from ronghe.domain.exchange.selectors.lectures import (
    bodies_to_lecture_in,
    lecture_view,
    lectures_seen_by,
    list_lectures,
)
from ronghe.domain.exchange.services.lectures import (
    change_lecture,
    offer_again,
    offer_lecture,
    rate_session,
    want_lecture,
    withdraw_lecture,
)
from ronghe.domain.exchange.services.planning import plan_lecture
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotFound

router = Router(tags=["exchange"])


class LectureRow(Schema):
    id: int
    title: str
    kind: LectureKind
    lecturer: Named
    minutes: int
    audience: str
    wanted: int
    times: int = Field(description="讲过几次")


class LectureSessionRow(Schema):
    id: int
    activity: int
    day: date
    state: SessionState
    listeners: int
    ratings: int
    usefulness: Decimal | None = Field(description="不足 3 人评的不公布")
    clarity: Decimal | None
    words: list[str]


class LectureAnswer(Schema):
    id: int
    title: str
    kind: LectureKind
    state: LectureState
    lecturer: Named
    minutes: int
    audience: str
    outline: str
    wanted: int
    is_wanted: bool = Field(description="您想听")
    wishers: list[Named] = Field(description="不足 3 人想听的不显示是谁")
    taught: int
    sessions: list[LectureSessionRow]


class LectureRequest(Schema):
    title: str = Field(max_length=80)
    kind: LectureKind
    minutes: int = Field(ge=5, le=480)
    audience: str = Field(max_length=80)
    outline: str = Field("", max_length=1000)


class LectureWishRequest(Schema):
    is_wanted: bool = True


class LecturePlanRequest(Schema):
    body: int
    scheduled_from: datetime
    scheduled_until: datetime
    place: str = Field(max_length=80)


class LectureRatingRequest(Schema):
    usefulness: int = Field(ge=1, le=5)
    clarity: int = Field(ge=1, le=5)
    word: str = Field("", max_length=100)


@router.get("", response=Page[LectureRow], summary="党员上讲台", operation_id="exchange_lectures")
def lecture_list(
    request: HttpRequest, q: str = Query("", max_length=40), kind: LectureKind | None = None, page: int = Query(1, ge=1)
) -> Any:
    rows = list_lectures(actor_of(request), timezone.now(), words=q, kind=kind or "", page=page, size=PAGE_SIZE)
    return listed_answer(rows, _row)


@router.post("", response={201: LectureAnswer}, summary="报名讲课", operation_id="exchange_lecture_offer")
def lecture_offer(request: HttpRequest, wanted: LectureRequest) -> Status[Any]:
    actor = actor_of(request)
    return Status(201, _whole(offer_lecture(lecturer=actor, actor=actor, at=timezone.now(), **wanted.dict()), actor))


@router.get("/{lecture_id}", response=LectureAnswer, summary="一课", operation_id="exchange_lecture")
def lecture_detail(request: HttpRequest, lecture_id: int) -> Any:
    return _whole(_seen(request, lecture_id), actor_of(request))


@router.post("/{lecture_id}/want", response=LectureAnswer, summary="想听", operation_id="exchange_lecture_want")
def lecture_want(request: HttpRequest, lecture_id: int, wanted: LectureWishRequest) -> Any:
    actor, lecture = actor_of(request), _seen(request, lecture_id)
    want_lecture(lecture=lecture, is_wanted=wanted.is_wanted, actor=actor, at=timezone.now())
    return _whole(lecture, actor)


@router.put("/{lecture_id}", response=LectureAnswer, summary="改一课", operation_id="exchange_lecture_change")
def lecture_change(request: HttpRequest, lecture_id: int, wanted: LectureRequest) -> Any:
    actor, lecture = actor_of(request), _seen(request, lecture_id)
    return _whole(change_lecture(lecture=lecture, actor=actor, at=timezone.now(), **wanted.dict()), actor)


@router.post(
    "/{lecture_id}/offer-again", response=LectureAnswer, summary="再报名", operation_id="exchange_lecture_offer_again"
)
def lecture_offer_again(request: HttpRequest, lecture_id: int) -> Any:
    actor, lecture = actor_of(request), _seen(request, lecture_id)
    return _whole(offer_again(lecture=lecture, actor=actor, at=timezone.now()), actor)


@router.post(
    "/{lecture_id}/withdraw", response=LectureAnswer, summary="收回报名", operation_id="exchange_lecture_withdraw"
)
def lecture_withdraw(request: HttpRequest, lecture_id: int) -> Any:
    actor, lecture = actor_of(request), _seen(request, lecture_id)
    return _whole(withdraw_lecture(lecture=lecture, actor=actor, at=timezone.now()), actor)


@router.post(
    "/{lecture_id}/plan", response={201: LectureAnswer}, summary="安排讲课", operation_id="exchange_lecture_plan"
)
def lecture_plan(request: HttpRequest, lecture_id: int, wanted: LecturePlanRequest) -> Status[Any]:
    actor, now, lecture = actor_of(request), timezone.now(), _seen(request, lecture_id)
    body = get_object_or_404(bodies_to_lecture_in(actor, now), pk=wanted.body)
    plan_lecture(lecture=lecture, body=body, actor=actor, at=now, **wanted.dict(exclude={"body"}))
    return Status(201, _whole(lecture, actor))


@router.post(
    "/{lecture_id}/sessions/{session_id}/rating",
    response=LectureAnswer,
    summary="评课",
    operation_id="exchange_session_rate",
)
def session_rate(request: HttpRequest, lecture_id: int, session_id: int, wanted: LectureRatingRequest) -> Any:
    """听过的人才能评；一个星期内可以改，讲课的人看不到是谁评的。"""
    actor, lecture = actor_of(request), _seen(request, lecture_id)
    session = get_object_or_404(lecture.sessions.select_related("lecture"), pk=session_id)
    rate_session(session=session, actor=actor, at=timezone.now(), **wanted.dict())
    return _whole(lecture, actor)


def _seen(request: HttpRequest, pk: int) -> Lecture:
    found = lectures_seen_by(actor_of(request), timezone.now()).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "title": row.title, "kind": row.kind, "lecturer": named(row.lecturer), "minutes": row.minutes,
        "audience": row.audience, "wanted": row.wanted, "times": row.times,
    }  # fmt: skip


def _whole(lecture: Lecture, actor: Person) -> dict[str, Any]:
    view = lecture_view(lecture, actor, timezone.now())
    return {
        "id": lecture.pk, "title": lecture.title, "kind": lecture.kind, "state": lecture.state,
        "lecturer": named(lecture.lecturer), "minutes": lecture.minutes, "audience": lecture.audience,
        "outline": lecture.outline, "wanted": view.wanted, "is_wanted": view.is_wanted,
        "wishers": [named(person) for person in view.wishers], "taught": view.taught,
        "sessions": [
            {"id": one.session.pk, "activity": one.session.activity_id, "day": one.session.activity.day,
             "state": one.session.state, "listeners": one.session.listeners, "ratings": one.means.count,
             "usefulness": one.means.usefulness, "clarity": one.means.clarity, "words": one.words}
            for one in view.sessions
        ],
    }  # fmt: skip
