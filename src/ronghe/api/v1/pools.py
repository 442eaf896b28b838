"""资源共享、思想共管."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import BookingState, FollowUpWay, ItemKind, MoodLevel, MoodTopic
from ronghe.domain.pools.models import Booking, ItemClosure, MoodFollowUp, MoodNote, Part, Pool, SharedItem, Side
from ronghe.domain.pools.selectors.balances import balances
from ronghe.domain.pools.selectors.items import bookings_between, bookings_seen_by, items_seen_by, list_items
from ronghe.domain.pools.selectors.moods import (
    LEAST_PEOPLE,
    follow_ups_of,
    follow_ups_to_finish,
    list_moods,
    moods_seen_by,
)
from ronghe.domain.pools.selectors.pools import (
    part_called,
    parts_noting,
    parts_offering,
    people_of_pool,
    pool_called,
    pools_seen_by,
)
from ronghe.domain.pools.services.bookings import (
    approve_booking,
    book_item,
    cancel_booking,
    close_booking,
    decline_booking,
    miss_booking,
    move_booking,
)
from ronghe.domain.pools.services.items import close_item, offer_item, withdraw_item
from ronghe.domain.pools.services.moods import FollowUp, finish_follow_up, note_mood, read_mood
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotFound

router = Router(tags=["pools"])


class PoolAnswer(Schema):
    key: str = Field(description="协作区 zone-编号，意向书 agreement-编号")
    name: str
    is_open: bool = Field(description="今天在有效期内")


class PoolSide(Schema):
    """One side: in a zone a unit; in an agreement a Party body, with the unit that carries it where it is named."""

    name: str
    unit: Named | None
    body: Named | None


class PoolPart(Schema):
    key: str = Field(description="参建单位 unit-编号，意向书一方 party-编号")
    name: str
    pool: PoolAnswer


class PoolItemRow(Schema):
    id: int
    pool: PoolAnswer
    side: PoolSide = Field(description="哪一方拿出来的")
    kind: ItemKind
    title: str
    place: str
    capacity: int
    weekdays: str = Field(description="开放的星期，1 是周一")
    opens_at: time
    closes_at: time
    contact: Named
    is_auto: bool = Field(description="不用联系人同意")


class PoolItemRequest(Schema):
    part: str = Field(description="代表哪一方，见 /pools/parts", max_length=30)
    kind: ItemKind
    title: str = Field(max_length=60, min_length=1)
    place: str = Field("", max_length=80)
    capacity: int = Field(1, ge=1, le=9999)
    weekdays: str = Field("1234567", max_length=7)
    opens_at: time = time(8)
    closes_at: time = time(18)
    is_auto: bool = True


class PoolClosureRow(Schema):
    id: int
    from_on: date
    until_on: date
    reason: str


class PoolClosureRequest(Schema):
    from_on: date
    until_on: date
    reason: str = Field("", max_length=80)


class PoolBookingRow(Schema):
    id: int
    item: int
    side: PoolSide
    booked_by: Named
    purpose: str
    starts_at: datetime
    ends_at: datetime
    quantity: int
    state: BookingState
    reason: str = Field(description="为什么没同意或取消")
    minutes_used: int | None


class PoolBookingRequest(Schema):
    starts_at: datetime
    ends_at: datetime
    quantity: int = Field(1, ge=1, le=9999)
    purpose: str = Field(max_length=80, min_length=1)


class PoolMoveRequest(Schema):
    starts_at: datetime
    ends_at: datetime


class PoolUseRequest(Schema):
    minutes: int | None = Field(None, description="实际用了多少分钟，不写按预订")
    damage: str = Field("", max_length=200)


class PoolBalanceRow(Schema):
    side: PoolSide
    offered: int
    lent: int
    lent_minutes: int
    borrowed: int
    borrowed_minutes: int
    minutes: int = Field(description="借出减借入")


class PoolFollowUpRow(Schema):
    id: int
    way: FollowUpWay
    person: Named
    due_on: date
    done_at: datetime | None


class PoolMoodRow(Schema):
    id: int
    pool: PoolAnswer
    side: PoolSide
    day: date
    level: MoodLevel
    topics: list[MoodTopic]
    people: int | None = Field(description="少于 3 人时不给出")
    follow_ups: list[PoolFollowUpRow]


class PoolFollowUpRequest(Schema):
    way: FollowUpWay
    person: int = Field(description="各方的一个人")
    due_on: date


class PoolMoodRequest(Schema):
    part: str = Field(description="哪一方的人，见 /pools/parts", max_length=30)
    level: MoodLevel
    topics: list[MoodTopic]
    people: int = Field(ge=1, le=9999)
    text: str = Field(max_length=2000, description="加密保存，接口不返回")
    follow_ups: list[PoolFollowUpRequest] = Field(default_factory=list, description="需关注的必须有")


@router.get("", response=Page[PoolItemRow], summary="共享资源清单", operation_id="pools_items")
def item_list(request: HttpRequest, q: str = "", pool: str = "", page: int = Query(1, ge=1)) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = _pool_seen(actor, pool) if pool else None
    listed = list_items(actor, now, words=q[:40], pool=found, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _item)


@router.post("", response={201: PoolItemRow}, summary="拿出共享资源", operation_id="pools_offer")
def item_offer(request: HttpRequest, wanted: PoolItemRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    part = _part_seen(wanted.part, parts_offering, actor)
    return Status(201, _item(offer_item(actor=actor, at=now, **(wanted.dict() | {"part": part}))))


@router.get("/pools", response=list[PoolAnswer], summary="能看到的协作区和意向书", operation_id="pools_list")
def pool_list(request: HttpRequest) -> Any:
    return [_pool(row) for row in pools_seen_by(actor_of(request), timezone.now())]


@router.get("/parts", response=list[PoolPart], summary="代表哪几方", operation_id="pools_parts")
def part_list(request: HttpRequest, act: Literal["offer", "note"] = "offer") -> Any:
    """拿出资源（offer）或记思想动态（note）时，您代表的各方。"""
    found = {"offer": parts_offering, "note": parts_noting}[act](actor_of(request), timezone.now())
    return [{"key": part.key, "name": part.side.name, "pool": _pool(part.pool)} for part in found]


@router.get("/balance", response=list[PoolBalanceRow], summary="各方借出借入", operation_id="pools_balance")
def balance(request: HttpRequest, pool: str, since: date, until: date) -> Any:
    found = _pool_seen(actor_of(request), pool)
    first, last = max(since, date(2000, 1, 1)), min(until, date(2099, 12, 31))
    return [
        {"side": _side(row.side), "offered": row.offered, "lent": row.lent, "lent_minutes": row.lent_minutes,
         "borrowed": row.borrowed, "borrowed_minutes": row.borrowed_minutes, "minutes": row.minutes}
        for row in balances(found, first, max(last, first + timedelta(days=1)))
    ]  # fmt: skip


@router.get("/moods", response=Page[PoolMoodRow], summary="思想动态", operation_id="pools_moods")
def mood_list(request: HttpRequest, pool: str = "", page: int = Query(1, ge=1)) -> Any:
    actor = actor_of(request)
    found = _pool_seen(actor, pool) if pool else None
    return listed_answer(list_moods(actor, timezone.now(), pool=found, page=page, size=PAGE_SIZE), _mood)


@router.post("/moods", response={201: PoolMoodRow}, summary="记思想动态", operation_id="pools_note_mood")
def mood_note(request: HttpRequest, wanted: PoolMoodRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    part = _part_seen(wanted.part, parts_noting, actor)
    people = people_of_pool(part.pool, local_day(now))
    follow_ups = [FollowUp(one.way, get_object_or_404(people, pk=one.person), one.due_on) for one in wanted.follow_ups]
    given = wanted.dict() | {"part": part, "follow_ups": follow_ups}
    return Status(201, _mood(note_mood(actor=actor, at=now, **given)))


@router.post(
    "/moods/{mood_id}/read", response=dict[str, str], summary="看写了什么，留记录", operation_id="pools_read_mood"
)
def mood_read(request: HttpRequest, mood_id: int) -> Any:
    """A POST, because the look is recorded."""
    actor, now = actor_of(request), timezone.now()
    return {"text": read_mood(note=get_object_or_404(moods_seen_by(actor, now), pk=mood_id), actor=actor, at=now)}


@router.get("/moods/follow-ups", response=list[PoolFollowUpRow], summary="等您跟进的", operation_id="pools_follow_ups")
def follow_up_list(request: HttpRequest) -> Any:
    return [_follow_up(row) for row in follow_ups_of(actor_of(request)).select_related("person")]


@router.post(
    "/moods/follow-ups/{follow_up_id}/done", response=PoolFollowUpRow, summary="已跟进",
    operation_id="pools_follow_up_done",
)  # fmt: skip
def follow_up_done(request: HttpRequest, follow_up_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = get_object_or_404(follow_ups_to_finish(actor, now), pk=follow_up_id)
    return _follow_up(finish_follow_up(follow_up=found, actor=actor, at=now))


@router.post("/bookings/{booking_id}/use", response=PoolBookingRow, summary="登记使用", operation_id="pools_use")
def booking_use(request: HttpRequest, booking_id: int, wanted: PoolUseRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    booking = _seen_booking(actor, booking_id)
    return _booking(close_booking(booking=booking, minutes=wanted.minutes, damage=wanted.damage, actor=actor, at=now))


@router.post(
    "/bookings/{booking_id}/approve", response=PoolBookingRow, summary="同意预订", operation_id="pools_approve"
)
def booking_approve(request: HttpRequest, booking_id: int) -> Any:
    actor = actor_of(request)
    return _booking(approve_booking(booking=_seen_booking(actor, booking_id), actor=actor, at=timezone.now()))


@router.post(
    "/bookings/{booking_id}/decline", response=PoolBookingRow, summary="不同意预订", operation_id="pools_decline"
)
def booking_decline(request: HttpRequest, booking_id: int) -> Any:
    actor = actor_of(request)
    return _booking(decline_booking(booking=_seen_booking(actor, booking_id), actor=actor, at=timezone.now()))


@router.post("/bookings/{booking_id}/cancel", response=PoolBookingRow, summary="取消预订", operation_id="pools_cancel")
def booking_cancel(request: HttpRequest, booking_id: int) -> Any:
    actor = actor_of(request)
    return _booking(cancel_booking(booking=_seen_booking(actor, booking_id), actor=actor, at=timezone.now()))


@router.post("/bookings/{booking_id}/miss", response=PoolBookingRow, summary="没有来用", operation_id="pools_miss")
def booking_miss(request: HttpRequest, booking_id: int) -> Any:
    actor = actor_of(request)
    return _booking(miss_booking(booking=_seen_booking(actor, booking_id), actor=actor, at=timezone.now()))


@router.post("/bookings/{booking_id}/move", response=PoolBookingRow, summary="改时间", operation_id="pools_move")
def booking_move(request: HttpRequest, booking_id: int, wanted: PoolMoveRequest) -> Any:
    """要联系人同意的，改了要重新同意。"""
    actor = actor_of(request)
    booking = _seen_booking(actor, booking_id)
    return _booking(move_booking(booking=booking, actor=actor, at=timezone.now(), **_aware(wanted.dict())))


@router.get("/{item_id}", response=PoolItemRow, summary="一项共享资源", operation_id="pools_item")
def item_detail(request: HttpRequest, item_id: int) -> Any:
    return _item(_seen(actor_of(request), item_id))


@router.post("/{item_id}/bookings", response={201: PoolBookingRow}, summary="预订", operation_id="pools_book")
def item_book(request: HttpRequest, item_id: int, wanted: PoolBookingRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    return Status(201, _booking(book_item(item=_seen(actor, item_id), actor=actor, at=now, **_aware(wanted.dict()))))


@router.get("/{item_id}/bookings", response=list[PoolBookingRow], summary="谁订了", operation_id="pools_bookings")
def item_bookings(request: HttpRequest, item_id: int, since: date, until: date) -> Any:
    """从 since 起、到 until 前的预订，最长 31 天。"""
    first = max(since, date(2000, 1, 1))
    last = min(max(until, first + timedelta(days=1)), first + timedelta(days=31))
    start, end = (datetime.combine(day, time.min, tzinfo=SHANGHAI) for day in (first, last))
    return [_booking(row) for row in bookings_between(_seen(actor_of(request), item_id), start, end)]


@router.post("/{item_id}/closures", response={201: PoolClosureRow}, summary="停用几天", operation_id="pools_close")
def item_close(request: HttpRequest, item_id: int, wanted: PoolClosureRequest) -> Status[Any]:
    actor = actor_of(request)
    made = close_item(item=_seen(actor, item_id), actor=actor, at=timezone.now(), **wanted.dict())
    return Status(201, _closure(made))


@router.post("/{item_id}/withdraw", response=PoolItemRow, summary="收回共享资源", operation_id="pools_withdraw")
def item_withdraw(request: HttpRequest, item_id: int) -> Any:
    actor = actor_of(request)
    return _item(withdraw_item(item=_seen(actor, item_id), actor=actor, at=timezone.now()))


def _seen(actor: Person, item_id: int) -> SharedItem:
    return get_object_or_404(items_seen_by(actor, timezone.now()), pk=item_id)


def _seen_booking(actor: Person, booking_id: int) -> Booking:
    return get_object_or_404(bookings_seen_by(actor, timezone.now()), pk=booking_id)


def _pool_seen(actor: Person, key: str) -> Pool:
    found = pool_called(key, actor, timezone.now())
    if found is None:
        raise NotFound
    return found


def _part_seen(key: str, parts: Callable[[Person, datetime], list[Part]], actor: Person) -> Part:
    found = part_called(key, parts, actor, timezone.now())
    if found is None:
        raise NotFound
    return found


def _aware(given: dict[str, Any]) -> dict[str, Any]:
    """Return the moments of a request; one without a zone is of this place."""
    return {
        name: timezone.make_aware(value) if isinstance(value, datetime) and timezone.is_naive(value) else value
        for name, value in given.items()
    }


def _pool(row: Pool) -> dict[str, Any]:
    return {"key": row.key, "name": row.name, "is_open": row.is_open(local_day(timezone.now()))}


def _side(row: Side) -> dict[str, Any]:
    unit = row.party.unit if row.party is not None else row.unit
    return {"name": row.name, "unit": named(unit), "body": named(row.party.body) if row.party is not None else None}


def _item(row: SharedItem) -> dict[str, Any]:
    return {
        "id": row.pk, "pool": _pool(row.pool), "side": _side(row.side), "kind": row.kind, "title": row.title,
        "place": row.place, "capacity": row.capacity, "weekdays": row.weekdays, "opens_at": row.opens_at,
        "closes_at": row.closes_at, "contact": named(row.contact), "is_auto": row.is_auto,
    }  # fmt: skip


def _closure(row: ItemClosure) -> dict[str, Any]:
    return {"id": row.pk, "from_on": row.from_on, "until_on": row.until_on, "reason": row.reason}


def _booking(row: Booking) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item_id, "side": _side(row.side), "booked_by": named(row.booked_by),
        "purpose": row.purpose, "starts_at": row.starts_at, "ends_at": row.ends_at, "quantity": row.quantity,
        "state": row.state, "reason": row.reason, "minutes_used": row.minutes_used,
    }  # fmt: skip


def _follow_up(row: MoodFollowUp) -> dict[str, Any]:
    return {"id": row.pk, "way": row.way, "person": named(row.person), "due_on": row.due_on, "done_at": row.done_at}


def _mood(row: MoodNote) -> dict[str, Any]:
    return {
        "id": row.pk, "pool": _pool(row.pool), "side": _side(row.side), "day": row.day, "level": row.level,
        "topics": row.topics, "people": row.people if row.people >= LEAST_PEOPLE else None,
        "follow_ups": [_follow_up(one) for one in row.follow_ups.all()],
    }  # fmt: skip
