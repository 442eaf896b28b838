"""日历: what is owed and planned, day by day, and the addresses under which a phone reads it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.calc.layout import clamped
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.models import CalendarFeed
from ronghe.domain.calendars.selectors import entries_in, scope_named
from ronghe.domain.calendars.selectors.feeds import answered_by, feeds_of
from ronghe.domain.calendars.services.feeds import make_feed, revoke_feed
from ronghe.domain.calendars.services.moving import move_back, move_to_day
from ronghe.domain.org.selectors.people import bodies_seen_by
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.kernel.calendar.periods import DAY, DaySpan
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_

router = Router(tags=["calendars"])

LONGEST = 400
"""Days that one call returns at most."""


class SpanTooLong(DomainError):
    code = "span_too_long"
    sentence = N_("一次最多取 %(days)s 天，请分几次。")
    status = 422


class CalendarEntryRow(Schema):
    kind: EntryKind
    id: int
    uid: str = Field(description="不随改期变化")
    title: str
    body: str
    day: date
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    state: str = Field(description="done late attention due failed waived upcoming running")
    word: str
    window_from: date | None
    due_on: date | None
    grace_until: date | None = Field(description="到这天（不含）为止还算迟办")
    movable_from: date | None = Field(description="可以移到的第一天；空着就是不能移")
    movable_until: date | None = Field(description="可以移到的最后一天")
    is_called_off: bool
    is_moved: bool
    meets: list[str] = Field(description="这条记录同时办结了哪些制度")


class CalendarFeedRow(Schema):
    id: int
    body: Named | None = Field(description="空着就是自己的日历")
    made_at: datetime
    read_at: datetime | None
    address: str | None = Field(None, description="只在生成时给一次")


class MakeFeedRequest(Schema):
    body: int | None = None


class MoveEntryRequest(Schema):
    day: date
    starts: time | None = Field(None, description="不写就是原来的钟点")
    reason: str = Field(max_length=120)


@router.get(
    "/",
    response=list[CalendarEntryRow],
    summary="日历上的事，从 from_on 到 until_on（不含）",
    operation_id="calendar_entries",
)
def calendar_entries(
    request: HttpRequest,
    from_on: date,
    until_on: date,
    scope: str = Query("mine", description="mine、body-编号、zone-编号"),
    kind: EntryKind | None = None,
    mine: bool = Query(False, description="应办的只看我负责的"),
) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = scope_named(scope, actor, now)
    if found is None:
        raise NotFound
    span = DaySpan(clamped(from_on), clamped(until_on))
    if len(span) > LONGEST:
        raise SpanTooLong(days=LONGEST)
    entries = entries_in(found, span, now, kinds=(kind,) if kind else ())
    return [_entry(entry) for entry in (answered_by(found, entries, now) if mine else entries)]


@router.post(
    "/activity/{activity_id}/move", response={204: None}, summary="在日历上移一场活动", operation_id="calendar_move"
)
def calendar_move(request: HttpRequest, activity_id: int, wanted: MoveEntryRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    activity = get_object_or_404(activities_seen_by(actor, now), pk=activity_id)
    move_to_day(activity=activity, to=wanted.day, starts=wanted.starts, reason=wanted.reason, actor=actor, at=now)
    return Status(204, None)


@router.post(
    "/activity/{activity_id}/move-back", response={204: None}, summary="撤销上次改期", operation_id="calendar_move_back"
)
def calendar_move_back(request: HttpRequest, activity_id: int) -> Any:
    """没有改过期的，什么都不动。"""
    actor, now = actor_of(request), timezone.now()
    move_back(activity=get_object_or_404(activities_seen_by(actor, now), pk=activity_id), actor=actor, at=now)
    return Status(204, None)


@router.get("/feeds", response=list[CalendarFeedRow], summary="我的订阅地址", operation_id="calendar_feeds")
def feed_list(request: HttpRequest) -> Any:
    return [_feed(feed) for feed in feeds_of(actor_of(request), timezone.now())]


@router.post("/feeds", response={201: CalendarFeedRow}, summary="生成订阅地址", operation_id="calendar_make_feed")
def feed_make(request: HttpRequest, wanted: MakeFeedRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = None
    if wanted.body is not None:
        body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    feed, secret = make_feed(actor=actor, at=now, body=body)
    address = request.build_absolute_uri(reverse("web:calendar_feed", args=[secret]))
    return Status(201, {**_feed(feed), "address": address})


@router.delete("/feeds/{feed_id}", response={204: None}, summary="停用订阅地址", operation_id="calendar_revoke_feed")
def feed_revoke(request: HttpRequest, feed_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    revoke_feed(feed=get_object_or_404(feeds_of(actor, now), pk=feed_id), actor=actor, at=now)
    return Status(204, None)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind, "id": entry.pk, "uid": entry.uid, "title": entry.title, "body": entry.body,
        "day": entry.day, "starts_at": entry.starts_at, "ends_at": entry.ends_at, "place": entry.place,
        "state": entry.state, "word": entry.word,
        "window_from": entry.window.from_on if entry.window else None,
        "due_on": entry.window.until_on - DAY if entry.window else None, "grace_until": entry.grace_until,
        "movable_from": entry.movable.from_on if entry.movable else None,
        "movable_until": entry.movable.last_on if entry.movable else None,
        "is_called_off": entry.is_called_off, "is_moved": entry.is_moved, "meets": list(entry.meets),
    }  # fmt: skip


def _feed(feed: CalendarFeed) -> dict[str, Any]:
    return {"id": feed.pk, "body": named(feed.body), "made_at": feed.made_at, "read_at": feed.read_at, "address": None}
