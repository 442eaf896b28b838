"""精准问需: what needs have beyond other items; steps, notes and files are taken at `/work/items`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by, list_items
from ronghe.domain.items.services.showing import RecordOf
from ronghe.domain.needs.enums import HelpWay, NeedTag
from ronghe.domain.needs.models import HelpMoment
from ronghe.domain.needs.rules import NEED
from ronghe.domain.needs.selectors import (
    BoardRow,
    Pace,
    boards_for,
    bodies_serving,
    likely_doubles,
    lives_below,
    moments_of,
    moments_waiting,
    row_of,
    tagged,
    targets_of,
)
from ronghe.domain.needs.services.moments import MomentText, agree_moment, call_off_moment, set_targets
from ronghe.domain.needs.services.raising import NeedText, merge_need, raise_need
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import NotAllowed

router = Router(tags=["needs"])


class NeedRow(Schema):
    id: int
    title: str
    tags: list[NeedTag]
    state: str
    body: Named
    owner: Named | None
    raised_by: Named
    raised_at: datetime
    due_at: datetime | None
    is_overdue: bool
    score: int | None


class NeedMomentAnswer(Schema):
    id: int
    need: int
    way: HelpWay
    helper: Named
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    is_called_off: bool


class NeedPace(Schema):
    median_hours: int | None
    ninetieth_hours: int | None
    longest_hours: int | None
    done: int
    within_target: int
    running: int
    late: int = Field(description="还没办、已超过时限的")


class NeedBoardLine(Schema):
    title: str
    key: str
    total: int
    states: dict[str, int]
    triage: NeedPace
    answer: NeedPace
    ratings: int
    solved_percent: Decimal | None = Field(description="满 3 件评价才有")
    mean_score: Decimal | None
    hours_saved: Decimal
    money_saved: Decimal


class NeedBoardAnswer(Schema):
    body: Named
    triage_days: int
    answer_days: int
    whole: NeedBoardLine
    by_tag: list[NeedBoardLine]


class NeedRaiseRequest(Schema):
    title: str = Field(max_length=120)
    tags: list[NeedTag]
    place: str = Field(default="", max_length=80)
    text: str = Field(default="", max_length=2000)
    hides_name: bool = Field(default=False, description="只让受理人和帮扶人看到")
    body: int | None = Field(default=None, description="交给哪个组织；不写就是离您单位最近的")
    source: str | None = Field(
        default=None, pattern=r"^[a-z]+\.[a-z]+:\d{1,18}$", description="来自哪条记录，如 rhythm.activity:12"
    )


class NeedMergeRequest(Schema):
    into: int


class NeedMomentRequest(Schema):
    way: HelpWay
    starts_at: datetime
    ends_at: datetime | None = None
    place: str = Field(default="", max_length=80)
    link: str = Field(default="", max_length=200)


class NeedTargetsRequest(Schema):
    body: int
    triage_days: int = Field(ge=1, le=250)
    answer_days: int = Field(ge=1, le=250)


@router.get("", response=Page[NeedRow], summary="需求", operation_id="needs_list")
def need_list(
    request: HttpRequest, tag: NeedTag | None = None, state: str | None = None, is_open: bool | None = None,
    mine: bool = False, q: str | None = None, page: int = Query(1, ge=1),
) -> Any:  # fmt: skip
    actor, now = actor_of(request), timezone.now()
    found = tagged(tag) if tag is not None else Q()
    if state:
        found &= Q(state=state)
    if is_open is not None:
        found &= Q(closed_at__isnull=is_open)
    if mine:
        found &= Q(owner=actor) | Q(raised_by=actor)
    if q:
        found &= Q(title__contains=q)
    listed = list_items(actor, now, kind=NEED.id, filters=found, order_by=("-raised_at",), page=page, size=PAGE_SIZE)
    return listed_answer(listed, lambda item: _row(item, now))


@router.post("", response={201: NeedRow}, summary="提需求", operation_id="needs_raise")
def need_raise(request: HttpRequest, wanted: NeedRaiseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    serving = bodies_serving(actor, now)
    body = next((one for one in serving if wanted.body in (None, one.pk)), None)
    if body is None:
        raise NotAllowed
    label, _colon, key = (wanted.source or "").partition(":")
    text = NeedText(
        wanted.title, wanted.tags, wanted.place, wanted.text, wanted.hides_name,
        source=RecordOf(label, int(key), "") if key else None,
    )  # fmt: skip
    return Status(201, _row(raise_need(text=text, body=body, actor=actor, at=now), now))


@router.get("/board", response=NeedBoardAnswer, summary="问需看板", operation_id="needs_board")
def need_board(request: HttpRequest, body: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    asked = get_object_or_404(boards_for(actor, now), pk=body)
    lives = lives_below(asked, now)
    triage_days, answer_days = targets_of(asked, now)
    by_tag = [
        row_of(str(tag.label), tag.value, [life for life in lives if tag.value in life.tags], now) for tag in NeedTag
    ]
    return {
        "body": named(asked), "triage_days": triage_days, "answer_days": answer_days,
        "whole": _line(row_of(asked.name, "", lives, now)), "by_tag": [_line(row) for row in by_tag],
    }  # fmt: skip


@router.put("/targets", response={204: None}, summary="设定办理时限", operation_id="needs_set_targets")
def need_targets(request: HttpRequest, wanted: NeedTargetsRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(boards_for(actor, now), pk=wanted.body)
    set_targets(body=body, triage_days=wanted.triage_days, answer_days=wanted.answer_days, actor=actor, at=now)
    return Status(204, None)


@router.get("/moments", response=list[NeedMomentAnswer], summary="约我去帮的时间", operation_id="needs_my_moments")
def my_moments(request: HttpRequest) -> Any:
    rows = moments_waiting(actor_of(request), timezone.now()).select_related("helper")
    return [_moment(row) for row in rows[:PAGE_SIZE]]


@router.delete(
    "/moments/{moment_id}", response={204: None}, summary="取消约好的时间", operation_id="needs_call_off_moment"
)
def moment_off(request: HttpRequest, moment_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(HelpMoment.objects.select_related("item", "helper"), pk=moment_id)
    _seen(actor, row.item_id)
    call_off_moment(moment=row, actor=actor, at=now)
    return Status(204, None)


@router.get("/{need_id}/doubles", response=list[NeedRow], summary="可能说同一件事的需求", operation_id="needs_doubles")
def need_doubles(request: HttpRequest, need_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return [_row(item, now) for item in likely_doubles(_seen(actor, need_id), actor, now)]


@router.post("/{need_id}/merge", response=NeedRow, summary="并入另一个需求", operation_id="needs_merge")
def need_merge(request: HttpRequest, need_id: int, wanted: NeedMergeRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = merge_need(item=_seen(actor, need_id), into=_seen(actor, wanted.into), actor=actor, at=now)
    return _row(item, now)


@router.get("/{need_id}/moments", response=list[NeedMomentAnswer], summary="约好的帮扶", operation_id="needs_moments")
def need_moments(request: HttpRequest, need_id: int) -> Any:
    return [_moment(row) for row in moments_of(_seen(actor_of(request), need_id))]


@router.post(
    "/{need_id}/moments", response={201: NeedMomentAnswer}, summary="约帮扶的时间", operation_id="needs_agree_moment"
)
def moment_create(request: HttpRequest, need_id: int, wanted: NeedMomentRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    text = MomentText(wanted.way, wanted.starts_at, wanted.ends_at, wanted.place, wanted.link)
    return Status(201, _moment(agree_moment(item=_seen(actor, need_id), text=text, actor=actor, at=now)))


def _seen(actor: Person, need_id: int) -> WorkItem:
    return get_object_or_404(items_seen_by(actor, timezone.now()).filter(kind=NEED.id), pk=need_id)


def _row(item: WorkItem, now: datetime) -> dict[str, Any]:
    return {
        "id": item.pk, "title": item.title, "tags": item.values["tags"], "state": item.state, "body": named(item.body),
        "owner": named(item.owner), "raised_by": named(item.raised_by), "raised_at": item.raised_at,
        "due_at": item.due_at, "is_overdue": item.is_overdue(now),
        "score": int(item.values["score"]) if item.values.get("score") else None,
    }  # fmt: skip


def _moment(row: HelpMoment) -> dict[str, Any]:
    return {
        "id": row.pk, "need": row.item_id, "way": row.way, "helper": named(row.helper), "starts_at": row.starts_at,
        "ends_at": row.ends_at, "place": row.place, "link": row.link, "is_called_off": row.called_off_at is not None,
    }  # fmt: skip


def _line(row: BoardRow) -> dict[str, Any]:
    return {
        "title": row.title, "key": row.key, "total": row.total, "states": dict(row.states),
        "triage": _pace(row.triage), "answer": _pace(row.answer),
        "ratings": row.satisfaction.count if row.satisfaction is not None else 0,
        "solved_percent": Decimal(row.share_text) if row.share_text else None,
        "mean_score": Decimal(row.mean_text) if row.mean_text else None, "hours_saved": row.hours_saved,
        "money_saved": row.money_saved,
    }  # fmt: skip


def _pace(pace: Pace | None) -> dict[str, Any] | None:
    if pace is None:
        return None
    return {
        "median_hours": pace.hours.median, "ninetieth_hours": pace.hours.ninetieth, "longest_hours": pace.hours.longest,
        "done": pace.hours.count, "within_target": pace.within, "running": pace.running, "late": pace.late,
    }  # fmt: skip
