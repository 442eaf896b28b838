"""Bookings: never more at any moment than there is; agreed to, used, cancelled, missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.enums import BOOKING_FLOW, BookingState
from ronghe.domain.pools.facts import BOOKING_SETTLED, ITEM_BOOKED, ITEM_USED
from ronghe.domain.pools.models import Booking, SharedItem
from ronghe.domain.pools.rules import BOOK_ITEM, CANCEL_BOOKING, SETTLE_BOOKING
from ronghe.domain.pools.selectors import bookings_between, side_of, taken_at_most
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=366)
MOST_MINUTES = 60 * 24 * 31


class BookingPast(DomainError):
    code = "pool_booking_past"
    sentence = N_("这个时间已经过去，请另选时间。")
    status = 422


class BookingTimesWrong(DomainError):
    code = "pool_booking_times_wrong"
    sentence = N_("结束要晚于开始，一次最长 31 天，最远订到一年后。")
    status = 422


class ItemClosed(DomainError):
    code = "pool_item_closed"
    sentence = N_("“%(title)s”这个时间不开放，开放时间是 %(opens)s 至 %(closes)s。")


class ItemTaken(DomainError):
    code = "pool_item_taken"
    sentence = N_("%(name)s已订 %(start)s 至 %(end)s，剩 %(left)s，请改时间或数量。")


class MoreThanThereIs(DomainError):
    code = "pool_more_than_there_is"
    sentence = N_("“%(title)s”一共 %(capacity)s，请改数量。")
    status = 422


class ItemGone(DomainError):
    code = "pool_item_gone"
    sentence = N_("“%(title)s”已经收回，不再共享。")


class NoSide(DomainError):
    code = "pool_no_side"
    sentence = N_("您所在单位没有参加这个协作区，不能预订。")


class UseNotBegun(DomainError):
    code = "pool_use_not_begun"
    sentence = N_("还没到使用时间，用过之后再记。")


class UseTimeWrong(DomainError):
    code = "pool_use_time_wrong"
    sentence = N_("请写明用了多长时间，最长 31 天。")
    status = 422


@transaction.atomic
def book_item(
    *, item: SharedItem, starts_at: datetime, ends_at: datetime, purpose: str, actor: Person, at: datetime,
    quantity: int = 1,
) -> Booking:  # fmt: skip
    """Book a part of an item for the actor's side; without `is_auto` its contact agrees first.

    Whoever comes first has it: a request that waits for an answer takes its part too.

    :raises ItemGone, BookingPast, BookingTimesWrong, ItemClosed, MoreThanThereIs: see their sentences
    :raises ItemTaken: too little is left; it names the booking in the way
    :raises NoSide: the actor's unit takes no part in the zone
    """
    BOOK_ITEM.require(actor, item, at=at)
    _check_times(item, starts_at, ends_at, at)
    if not 1 <= quantity <= item.capacity:
        raise MoreThanThereIs(title=item.title, capacity=item.capacity)
    side = side_of(item.zone, actor, local_day(at))
    if side is None:
        raise NoSide
    # The row lock lets two who book at once see each other; on SQLite the transaction itself does.
    still = SharedItem.objects.select_for_update().filter(pk=item.pk, withdrawn_at=None).values_list("pk").first()
    if still is None:
        raise ItemGone(title=item.title)
    _require_left(item, starts_at, ends_at, quantity)
    booking = Booking.objects.create(
        item=item, unit=side, booked_by=actor, purpose=purpose.strip(), starts_at=starts_at, ends_at=ends_at,
        quantity=quantity, booked_at=at,
        state=BookingState.APPROVED if item.is_auto or item.contact_id == actor.pk else BookingState.REQUESTED,
    )  # fmt: skip
    _record(ITEM_BOOKED, booking, actor, at, quantity=quantity)
    return booking


@transaction.atomic
def approve_booking(*, booking: Booking, actor: Person, at: datetime) -> Booking:
    """Agree to a request."""
    SETTLE_BOOKING.require(actor, booking, at=at)
    return _settle(booking, "approve", actor, at)


@transaction.atomic
def decline_booking(*, booking: Booking, actor: Person, at: datetime, reason: str = "") -> Booking:
    """Say no to a request."""
    SETTLE_BOOKING.require(actor, booking, at=at)
    return _settle(booking, "decline", actor, at, reason=reason.strip())


@transaction.atomic
def cancel_booking(*, booking: Booking, actor: Person, at: datetime, reason: str = "") -> Booking:
    """Give it up; its part is free for others at once."""
    CANCEL_BOOKING.require(actor, booking, at=at)
    return _settle(booking, "cancel", actor, at, reason=reason.strip())


@transaction.atomic
def miss_booking(*, booking: Booking, actor: Person, at: datetime) -> Booking:
    """Note that nobody came.

    :raises UseNotBegun: its time is still to come
    """
    SETTLE_BOOKING.require(actor, booking, at=at)
    if at < booking.starts_at:
        raise UseNotBegun
    return _settle(booking, "miss", actor, at)


@transaction.atomic
def close_booking(
    *, booking: Booking, actor: Person, at: datetime, minutes: int | None = None, damage: str = ""
) -> Booking:
    """Note how long it was really used (as booked unless said) and what was damaged.

    :raises UseNotBegun: its time is still to come
    :raises UseTimeWrong: no time, or more than 31 days
    """
    if not CANCEL_BOOKING.allows(actor, booking, at=at):
        SETTLE_BOOKING.require(actor, booking, at=at)
    if at < booking.starts_at:
        raise UseNotBegun
    used = minutes if minutes is not None else int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    if not 1 <= used <= MOST_MINUTES:
        raise UseTimeWrong
    BOOKING_FLOW.advance(
        booking, "use", minutes_used=used, is_damaged=bool(damage.strip()), damage=damage.strip(), settled_by=actor,
        settled_at=at,
    )  # fmt: skip
    _record(ITEM_USED, booking, actor, at, minutes=used, quantity=booking.quantity, damaged=booking.is_damaged)
    return booking


def _check_times(item: SharedItem, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if starts_at < at - timedelta(minutes=15):
        raise BookingPast
    if ends_at <= starts_at or ends_at - starts_at > LONGEST or starts_at - at > FARTHEST:
        raise BookingTimesWrong
    begins, ends = starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    last = (ends - timedelta(microseconds=1)).date()
    days = [begins.date() + timedelta(days=n) for n in range((last - begins.date()).days + 1)]
    closed = item.closures.filter(from_on__lte=last, until_on__gte=begins.date()).exists()
    too_late = ends.time() > item.closes_at or ends.date() > last
    if (
        closed or begins.time() < item.opens_at or too_late
        or any(str(day.isoweekday()) not in item.weekdays for day in days)
    ):  # fmt: skip
        raise ItemClosed(title=item.title, opens=f"{item.opens_at:%H:%M}", closes=f"{item.closes_at:%H:%M}")


def _require_left(item: SharedItem, starts_at: datetime, ends_at: datetime, quantity: int) -> None:
    others = list(bookings_between(item, starts_at, ends_at))
    left = item.capacity - taken_at_most(others, starts_at, ends_at)
    if quantity > left:
        first = others[0]
        raise ItemTaken(
            name=first.booked_by.name, start=f"{first.starts_at.astimezone(SHANGHAI):%m-%d %H:%M}",
            end=f"{first.ends_at.astimezone(SHANGHAI):%m-%d %H:%M}", left=left,
        )  # fmt: skip


def _settle(booking: Booking, step: str, actor: Person, at: datetime, **changes: object) -> Booking:
    BOOKING_FLOW.advance(booking, step, settled_by=actor, settled_at=at, **changes)
    _record(BOOKING_SETTLED, booking, actor, at, step=step)
    return booking


def _record(kind: FactKind, booking: Booking, actor: Person, at: datetime, **attributes: object) -> None:
    item = booking.item
    record(
        Draft(kind, at, actor, body=item.zone.body_id, unit=booking.unit_id, zone=item.zone_id,
              attributes={"kind": item.kind, **attributes}, source=booking)
    )  # fmt: skip
