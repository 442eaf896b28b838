"""流动红旗."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.honours.models import BannerRound
from ronghe.domain.honours.selectors.banner import (
    list_rounds,
    offices_of,
    offices_offered,
    rounds_seen_by,
    trend_of,
    waits_for,
)
from ronghe.domain.honours.selectors.selection import bodies_to_call_for
from ronghe.domain.honours.services.banner import call_off_round, count_round, open_round, rate_offices, settle_tie
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day

router = Router(tags=["honours"])


class BannerRow(Schema):
    id: int
    body: Named
    year: int
    quarter: int
    state: str
    cast: int | None
    winner: Named | None = Field(description="红旗挂在哪里")


class BannerRating(Schema):
    office: int = Field(description="参评的编号，见 offices")
    rating: int | None = Field(None, ge=1, le=5, description="5 为很满意，1 为很不满意，不填为不了解")


class BannerRatings(Schema):
    ratings: list[BannerRating] = Field(min_length=1, max_length=60)


class BannerQuarter(Schema):
    year: int
    quarter: int
    means: dict[str, Decimal | None] = Field(description="各机关组织的平均分；评的人太少的不公布")


class BannerOfficeRow(Schema):
    id: int
    body: Named
    mean: Decimal | None = Field(description="平均分；评的人太少的不公布")
    rated: int | None


class BannerAnswer(BannerRow):
    reason: str
    waits_for_me: bool
    offices: list[BannerOfficeRow]
    trend: list[BannerQuarter]


class BannerRequest(Schema):
    body: int
    year: int
    quarter: int = Field(ge=1, le=4)
    offices: list[int]
    least_votes: int | None = Field(None, ge=3, le=500, description="不填按范本的参数")
    everybody: bool = Field(False, description="请基层全体来评；不写只请书记、组长")


class BannerSettling(Schema):
    office: int
    reason: str = Field(max_length=400)


class BannerReason(Schema):
    reason: str = Field(max_length=400)


@router.get("", response=Page[BannerRow], summary="流动红旗", operation_id="banner_list")
def round_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_rounds(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: BannerAnswer}, summary="开始评分", operation_id="banner_open")
def round_open(request: HttpRequest, wanted: BannerRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_to_call_for(actor, now), pk=wanted.body)
    offered = offices_offered(body, local_day(now))
    offices = [get_object_or_404(offered, pk=key) for key in wanted.offices]
    given = wanted.dict(exclude={"body", "offices"})
    return Status(201, _whole(open_round(body=body, offices=offices, actor=actor, at=now, **given), actor))


@router.get("/{round_id}", response=BannerAnswer, summary="一轮评分", operation_id="banner_detail")
def round_detail(request: HttpRequest, round_id: int) -> Any:
    return _whole(_seen(request, round_id), actor_of(request))


@router.post("/{round_id}/rate", response={204: None}, summary="评分", operation_id="banner_rate")
def round_rate(request: HttpRequest, round_id: int, wanted: BannerRatings) -> Status[None]:
    """本人评分，一人一票，每个机关组织都要评或者写不了解；交了不能改，也没有回执。"""
    found = _seen(request, round_id)
    places = {row.pk: row.place for row in found.offices.all()}
    ratings = {places.get(row.office, 0): row.rating for row in wanted.ratings}
    rate_offices(found=found, ratings=ratings, actor=actor_of(request), at=timezone.now())
    return Status(204, None)


@router.post("/{round_id}/count", response=BannerAnswer, summary="结束评分并计分", operation_id="banner_count")
def round_count(request: HttpRequest, round_id: int) -> Any:
    actor = actor_of(request)
    return _whole(count_round(found=_seen(request, round_id), actor=actor, at=timezone.now()), actor)


@router.post("/{round_id}/settle", response=BannerAnswer, summary="在并列的里定", operation_id="banner_settle")
def round_settle(request: HttpRequest, round_id: int, wanted: BannerSettling) -> Any:
    found = _seen(request, round_id)
    winner = get_object_or_404(found.offices.all(), pk=wanted.office)
    actor = actor_of(request)
    return _whole(settle_tie(found=found, winner=winner, reason=wanted.reason, actor=actor, at=timezone.now()), actor)


@router.post("/{round_id}/call-off", response=BannerAnswer, summary="取消评分", operation_id="banner_call_off")
def round_call_off(request: HttpRequest, round_id: int, wanted: BannerReason) -> Any:
    found = _seen(request, round_id)
    actor = actor_of(request)
    return _whole(call_off_round(found=found, reason=wanted.reason, actor=actor, at=timezone.now()), actor)


def _seen(request: HttpRequest, round_id: int) -> BannerRound:
    return get_object_or_404(rounds_seen_by(actor_of(request), timezone.now()), pk=round_id)


def _row(found: BannerRound) -> dict[str, Any]:
    winner = found.winner.body if found.winner is not None else None
    return {
        "id": found.pk, "body": named(found.body), "year": found.year, "quarter": found.quarter, "state": found.state,
        "cast": found.cast, "winner": named(winner),
    }  # fmt: skip


def _whole(found: BannerRound, actor: Person) -> dict[str, Any]:
    trend = trend_of(found.body)
    quarters = [
        {"year": row.year, "quarter": row.quarter, "means": {name: means[place] for name, means in trend.lines}}
        for place, row in enumerate(trend.rounds)
    ]
    offices = [
        {"id": row.pk, "body": named(row.body), "mean": row.mean, "rated": row.rated} for row in offices_of(found)
    ]
    return _row(found) | {
        "reason": found.reason, "offices": offices, "waits_for_me": waits_for(found, actor), "trend": quarters,
    }  # fmt: skip
