"""What is booked for an activity: booked, foreseen before a move, moved with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named
from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import BookingState
from ronghe.domain.pools.models import Booking, SharedItem
from ronghe.domain.pools.selectors.items import items_to_book
from ronghe.domain.rhythm.calc.shifting import Hours
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by
from ronghe.domain.rhythm.selectors.bookings import bookings_for
from ronghe.domain.rhythm.services.bookings import BookingMove, book_for_activity, foresee_bookings

router = Router(tags=["rhythm"])


class ActivityBookingRequest(Schema):
    item: int = Field(description="共享资源编号")
    quantity: int = Field(1, ge=1, le=9999)
    starts_at: AwareDatetime | None = Field(None, description="不写就是活动的时间")
    ends_at: AwareDatetime | None = None


class ActivityBookingAnswer(Schema):
    id: int
    item: int
    title: str
    starts_at: datetime
    ends_at: datetime
    quantity: int
    state: BookingState


class BookingMoveAnswer(Schema):
    booking: ActivityBookingAnswer = Field(description="现在的预订")
    starts_at: datetime
    ends_at: datetime
    refusal: str = Field(description="为什么改不过去，空的就是能一起改")
    asks_again: bool = Field(description="要联系人重新同意")
    instead: list[Named] = Field(description="这时有空的同类资源")


@router.get(
    "/activities/{activity_id}/bookings", response=list[ActivityBookingAnswer], summary="为活动订的资源",
    operation_id="activities_bookings",
)  # fmt: skip
def activity_bookings(request: HttpRequest, activity_id: int) -> Any:
    return [_booking(row) for row in bookings_for(_seen(actor_of(request), activity_id))]


@router.post(
    "/activities/{activity_id}/bookings", response={201: ActivityBookingAnswer}, summary="为活动订资源",
    operation_id="activities_book",
)  # fmt: skip
def activity_book(request: HttpRequest, activity_id: int, wanted: ActivityBookingRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    item = get_object_or_404(items_to_book(actor, now), pk=wanted.item)
    made = book_for_activity(
        activity=_seen(actor, activity_id), item=item, quantity=wanted.quantity, starts_at=wanted.starts_at,
        ends_at=wanted.ends_at, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _booking(made))


@router.get(
    "/activities/{activity_id}/bookings/foreseen", response=list[BookingMoveAnswer],
    summary="改期会怎样动订的资源", operation_id="activities_bookings_foreseen",
)  # fmt: skip
def activity_bookings_foreseen(
    request: HttpRequest, activity_id: int, scheduled_from: AwareDatetime, scheduled_until: AwareDatetime
) -> Any:
    """改期前先看：哪些一起改，哪些改不过去、改订什么。什么都不动。"""
    actor, now = actor_of(request), timezone.now()
    activity = _seen(actor, activity_id)
    RUN_ACTIVITY.require(actor, activity, at=now)
    after = Hours(scheduled_from, scheduled_until)
    return [_move(row) for row in foresee_bookings(activity=activity, after=after, actor=actor, at=now)]


def _seen(actor: Person, activity_id: int) -> Activity:
    return get_object_or_404(activities_seen_by(actor, timezone.now()).select_related("body"), pk=activity_id)


def _booking(row: Booking) -> dict[str, Any]:
    return {
        "id": row.pk, "item": row.item_id, "title": row.item.title, "starts_at": row.starts_at, "ends_at": row.ends_at,
        "quantity": row.quantity, "state": row.state,
    }  # fmt: skip


def _move(row: BookingMove) -> dict[str, Any]:
    return {
        "booking": _booking(row.booking), "starts_at": row.starts_at, "ends_at": row.ends_at,
        "refusal": str(row.refusal) if row.refusal is not None else "", "asks_again": row.asks_again,
        "instead": [_item(item) for item in row.instead],
    }  # fmt: skip


def _item(row: SharedItem) -> dict[str, Any]:
    return {"id": row.pk, "name": row.title}
