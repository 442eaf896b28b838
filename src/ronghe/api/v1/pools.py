"""资源共享、思想共管."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import BookingState, ItemKind, MoodLevel, MoodTopic
from ronghe.domain.pools.models import Booking, MoodNote, SharedItem
from ronghe.domain.pools.rules import SEE_ITEM
from ronghe.domain.pools.selectors import (
    LEAST_PEOPLE,
    balances,
    items_seen_by,
    list_items,
    list_moods,
    parties_noting,
    parties_offering,
    zones_with_pool,
)
from ronghe.domain.pools.services.bookings import (
    approve_booking,
    book_item,
    cancel_booking,
    close_booking,
    decline_booking,
)
from ronghe.domain.pools.services.items import offer_item, withdraw_item
from ronghe.domain.pools.services.moods import note_mood

router = Router(tags=["pools"])


class PoolItemRow(Schema):
    id: int
    zone: Named
    unit: Named = Field(description="哪一方拿出来的")
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
    party: int = Field(description="参建单位编号")
    kind: ItemKind
    title: str = Field(max_length=60, min_length=1)
    place: str = Field("", max_length=80)
    capacity: int = Field(1, ge=1, le=9999)
    weekdays: str = Field("1234567", max_length=7)
    opens_at: time = time(8)
    closes_at: time = time(18)
    is_auto: bool = True


class PoolBookingRow(Schema):
    id: int
    item: int
    unit: Named
    booked_by: Named
    purpose: str
    starts_at: datetime
    ends_at: datetime
    quantity: int
    state: BookingState
    minutes_used: int | None


class PoolBookingRequest(Schema):
    starts_at: datetime
    ends_at: datetime
    quantity: int = Field(1, ge=1, le=9999)
    purpose: str = Field(max_length=80, min_length=1)


class PoolUseRequest(Schema):
    minutes: int | None = Field(None, description="实际用了多少分钟，不写按预订")
    damage: str = Field("", max_length=200)


class PoolBalanceRow(Schema):
    unit: Named
    offered: int
    lent: int
    lent_minutes: int
    borrowed: int
    borrowed_minutes: int
    minutes: int = Field(description="借出减借入")


class PoolMoodRow(Schema):
    id: int
    zone: Named
    unit: Named
    day: date
    level: MoodLevel
    topics: list[MoodTopic]
    people: int | None = Field(description="少于 3 人时不给出")


class PoolMoodRequest(Schema):
    party: int
    level: MoodLevel
    topics: list[MoodTopic]
    people: int = Field(ge=1, le=9999)
    text: str = Field(max_length=2000, description="加密保存，接口不返回")


@router.get("", response=Page[PoolItemRow], summary="共享资源清单", operation_id="pools_items")
def item_list(request: HttpRequest, q: str = "", zone: int | None = None, page: int = Query(1, ge=1)) -> Any:
    listed = list_items(actor_of(request), timezone.now(), words=q[:40], zone=zone, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _item)


@router.post("", response={201: PoolItemRow}, summary="拿出共享资源", operation_id="pools_offer")
def item_offer(request: HttpRequest, wanted: PoolItemRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    party = get_object_or_404(parties_offering(actor, now), pk=wanted.party)
    return Status(201, _item(offer_item(actor=actor, at=now, **(wanted.dict() | {"party": party}))))


@router.get("/balance", response=list[PoolBalanceRow], summary="各方借出借入", operation_id="pools_balance")
def balance(request: HttpRequest, zone: int, since: date, until: date) -> Any:
    found = get_object_or_404(zones_with_pool(actor_of(request), timezone.now()), pk=zone)
    first, last = max(since, date(2000, 1, 1)), min(until, date(2099, 12, 31))
    return [
        {"unit": named(row.unit), "offered": row.offered, "lent": row.lent, "lent_minutes": row.lent_minutes,
         "borrowed": row.borrowed, "borrowed_minutes": row.borrowed_minutes, "minutes": row.minutes}
        for row in balances(found, first, max(last, first + timedelta(days=1)))
    ]  # fmt: skip


@router.get("/moods", response=Page[PoolMoodRow], summary="思想动态", operation_id="pools_moods")
def mood_list(request: HttpRequest, page: int = Query(1, ge=1)) -> Any:
    return listed_answer(list_moods(actor_of(request), timezone.now(), page=page, size=PAGE_SIZE), _mood)


@router.post("/moods", response={201: PoolMoodRow}, summary="记思想动态", operation_id="pools_note_mood")
def mood_note(request: HttpRequest, wanted: PoolMoodRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    party = get_object_or_404(parties_noting(actor, now), pk=wanted.party)
    return Status(201, _mood(note_mood(actor=actor, at=now, **(wanted.dict() | {"party": party}))))


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


@router.get("/{item_id}", response=PoolItemRow, summary="一项共享资源", operation_id="pools_item")
def item_detail(request: HttpRequest, item_id: int) -> Any:
    return _item(_seen(actor_of(request), item_id))


@router.post("/{item_id}/bookings", response={201: PoolBookingRow}, summary="预订", operation_id="pools_book")
def item_book(request: HttpRequest, item_id: int, wanted: PoolBookingRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    given = wanted.dict()
    for name in ("starts_at", "ends_at"):
        if timezone.is_naive(given[name]):
            given[name] = timezone.make_aware(given[name])
    return Status(201, _booking(book_item(item=_seen(actor, item_id), actor=actor, at=now, **given)))


@router.post("/{item_id}/withdraw", response=PoolItemRow, summary="收回共享资源", operation_id="pools_withdraw")
def item_withdraw(request: HttpRequest, item_id: int) -> Any:
    actor = actor_of(request)
    return _item(withdraw_item(item=_seen(actor, item_id), actor=actor, at=timezone.now()))


def _seen(actor: Person, item_id: int) -> SharedItem:
    return get_object_or_404(items_seen_by(actor, timezone.now()), pk=item_id)


def _seen_booking(actor: Person, booking_id: int) -> Booking:
    seen = SEE_ITEM.narrow(actor, SharedItem.objects.all(), at=timezone.now()).order_by().values("pk")
    rows = Booking.objects.filter(item__in=seen).select_related("item__zone", "unit", "booked_by")
    return get_object_or_404(rows, pk=booking_id)


def _item(row: SharedItem) -> dict[str, Any]:
    return {
        "id": row.pk, "zone": named(row.zone), "unit": named(row.unit), "kind": row.kind, "title": row.title,
        "place": row.place, "capacity": row.capacity, "weekdays": row.weekdays, "opens_at": row.opens_at,
        "closes_at": row.closes_at, "contact": named(row.contact), "is_auto": row.is_auto,
    }  # fmt: skip


def _booking(row: Booking) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item_id, "unit": named(row.unit), "booked_by": named(row.booked_by),
        "purpose": row.purpose, "starts_at": row.starts_at, "ends_at": row.ends_at, "quantity": row.quantity,
        "state": row.state, "minutes_used": row.minutes_used,
    }  # fmt: skip


def _mood(row: MoodNote) -> dict[str, Any]:
    return {
        "id": row.pk, "zone": named(row.zone), "unit": named(row.unit), "day": row.day, "level": row.level,
        "topics": row.topics, "people": row.people if row.people >= LEAST_PEOPLE else None,
    }  # fmt: skip
