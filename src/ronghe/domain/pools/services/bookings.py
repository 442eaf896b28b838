"""Bookings: never more at any moment than there is; agreed to, moved, used, cancelled, missed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.calc.opening import is_open
from ronghe.domain.pools.enums import BOOKING_FLOW, BookingState
from ronghe.domain.pools.facts import BOOKING_MOVED, BOOKING_SETTLED, ITEM_BOOKED, ITEM_USED
from ronghe.domain.pools.models import Booking, SharedItem
from ronghe.domain.pools.rules import BOOK_ITEM, CANCEL_BOOKING, SETTLE_BOOKING
from ronghe.domain.pools.selectors.items import bookings_between, hours_of, taken_at_most
from ronghe.domain.pools.selectors.pools import SIDE_READ, side_of
from ronghe.domain.pools.services.opening import PoolEndsSooner, hold, refuse_closed
from ronghe.domain.pools.services.telling import tell
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
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
    sentence = N_("您所在的单位或党组织不是“%(pool)s”的一方，不能预订。")


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
    :raises NoSide: the actor belongs to no side of the pool
    :raises PoolClosed, PoolEndsSooner: it is not shared today, or not any more then
    """
    BOOK_ITEM.require(actor, item, at=at)
    if not 1 <= quantity <= item.capacity:
        raise MoreThanThereIs(title=item.title, capacity=item.capacity)
    side = side_of(item.pool, actor, local_day(at))
    if side is None:
        raise NoSide(pool=item.pool.name)
    _require(item, starts_at, ends_at, quantity, at)
    booking = Booking.objects.create(
        item=item, **side.columns(), booked_by=actor, purpose=purpose.strip(), starts_at=starts_at, ends_at=ends_at,
        quantity=quantity, booked_at=at,
        state=BookingState.APPROVED if is_sure(item, actor) else BookingState.REQUESTED,
    )  # fmt: skip
    _record(ITEM_BOOKED, booking, actor, at, quantity=quantity)
    return booking


@transaction.atomic
def move_booking(*, booking: Booking, starts_at: datetime, ends_at: datetime, actor: Person, at: datetime) -> Booking:
    """Move what is not used yet to other hours; whose contact agrees first is asked anew.

    :raises StepNotAllowed: it is used, declined or cancelled
    :raises Stale: somebody else settled it a moment ago
    And what `book_item` refuses of times and quantities; its own part does not stand in its way.
    """
    CANCEL_BOOKING.require(actor, booking, at=at)
    return rebook(booking, starts_at, ends_at, actor, at)


def rebook(
    booking: Booking, starts_at: datetime, ends_at: datetime, actor: Person, at: datetime, *,
    besides: Collection[int] = (),
) -> Booking:  # fmt: skip
    """Move a booking as part of another act, whose right was asked; refuses as `move_booking` does.

    `besides` are the ids of bookings that move after it in the same act, and so do not stand in its way.
    """
    item = booking.item
    _require(item, starts_at, ends_at, booking.quantity, at, besides={booking.pk, *besides})
    step = "rebook" if is_sure(item, actor) else "ask_again"
    BOOKING_FLOW.advance(booking, step, starts_at=starts_at, ends_at=ends_at)
    _record(BOOKING_MOVED, booking, actor, at, asks_again=step == "ask_again")
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
    return give_up(booking, actor, at, reason.strip())


def give_up(booking: Booking, actor: Person, at: datetime, reason: str) -> Booking:
    """Cancel a booking as part of another act, whose right was asked."""
    return _settle(booking, "cancel", actor, at, reason=reason)


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


def is_sure(item: SharedItem, actor: Person) -> bool:
    """Tell whether nobody has to be asked where `actor` books or moves."""
    return item.is_auto or item.contact_id == actor.pk


def refusal_of(
    item: SharedItem, starts_at: datetime, ends_at: datetime, quantity: int, at: datetime, others: Sequence[Booking]
) -> DomainError | None:
    """Return what stands against `quantity` of the item for these hours, if anything does.

    `others` are the bookings that take their part then, in order of time. What was read along with the item is not read
    again: its closures, its pool.
    """
    try:
        _check_times(item, starts_at, ends_at, at)
        refuse_closed(item.pool, at, until=ends_at)
        if item.withdrawn_at is not None:
            raise ItemGone(title=item.title)
        _check_left(item, starts_at, ends_at, quantity, others)
    except DomainError as refusal:
        return refusal
    return None


def _require(
    item: SharedItem, starts_at: datetime, ends_at: datetime, quantity: int, at: datetime, *,
    besides: Collection[int] = (),
) -> None:  # fmt: skip
    """Hold pool and item until the act is over, and refuse what stands against it: two who book at once see each other.

    The row locks do this on PostgreSQL; on SQLite the transaction itself does.
    """
    hold(item.pool)
    held = SharedItem.objects.select_for_update(of=("self",)).select_related("zone", *SIDE_READ).get(pk=item.pk)
    others = list(bookings_between(item, starts_at, ends_at).exclude(pk__in=besides))
    refusal = refusal_of(held, starts_at, ends_at, quantity, at, others)
    if refusal is not None:
        raise refusal
    _refuse_after_leaving(held, ends_at)


def _refuse_after_leaving(item: SharedItem, ends_at: datetime) -> None:
    """Refuse hours at which the unit whose item it is takes no part in the zone any more."""
    if item.zone is None or item.unit is None:
        return
    parts = ParticipatingUnit.objects.filter(zone=item.zone, unit=item.unit)
    leaves_on = parts.order_by(F("valid_until").desc(nulls_first=True)).values_list("valid_until", flat=True).first()
    if leaves_on is not None and local_day(ends_at - timedelta(microseconds=1)) >= leaves_on:
        raise PoolEndsSooner(name=item.unit.name, day=leaves_on - timedelta(days=1))


def _check_times(item: SharedItem, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if starts_at < at - timedelta(minutes=15):
        raise BookingPast
    if ends_at <= starts_at or ends_at - starts_at > LONGEST or starts_at - at > FARTHEST:
        raise BookingTimesWrong
    if not is_open(hours_of(item), starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)):
        raise ItemClosed(title=item.title, opens=f"{item.opens_at:%H:%M}", closes=f"{item.closes_at:%H:%M}")


def _check_left(
    item: SharedItem, starts_at: datetime, ends_at: datetime, quantity: int, others: Sequence[Booking]
) -> None:
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


def _record(fact: FactKind, booking: Booking, actor: Person, at: datetime, **attributes: object) -> None:
    item = booking.item
    tell(fact, item.pool, booking.side, source=booking, actor=actor, at=at, kind=item.kind, **attributes)
