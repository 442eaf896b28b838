"""What an activity needs is booked from its page, moves with it, and is given up with it: the pool records all three."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.pools.models import Booking, SharedItem
from ronghe.domain.pools.selectors.items import bookings_of_items, items_to_book
from ronghe.domain.pools.services.bookings import book_item, give_up, is_sure, rebook, refusal_of
from ronghe.domain.pools.services.opening import hold
from ronghe.domain.rhythm.calc.shifting import Hours, shifted
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity, ActivityBooking
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors.bookings import bookings_open_for
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

MOST_INSTEAD = 20
"""So many other things are looked at for one that is taken."""


class ActivityHasNoTime(DomainError):
    code = "activity_has_no_time"
    sentence = N_("这场活动没有写起止时间，请写明订到几时。")
    status = 422


class BookingsInTheWay(DomainError):
    code = "bookings_in_the_way"
    sentence = N_("订的资源改不过去：%(what)s请在活动页面改期，可以改订别的、不要这一项，或另选时间。")


@dataclass(frozen=True, slots=True)
class BookingMove:
    """What becomes of one booking when its activity moves: the new hours, what stands against them, what else is free.

    `instead` are other things of the same kind that the actor may book for these hours; only where it is refused.
    """

    booking: Booking
    starts_at: datetime
    ends_at: datetime
    refusal: DomainError | None
    asks_again: bool
    instead: tuple[SharedItem, ...] = ()


@transaction.atomic
def book_for_activity(
    *, activity: Activity, item: SharedItem, actor: Person, at: datetime, quantity: int = 1,
    starts_at: datetime | None = None, ends_at: datetime | None = None,
) -> Booking:  # fmt: skip
    """Book something for an activity, for its own hours unless told.

    :raises StepNotAllowed: it is over or called off
    :raises ActivityHasNoTime: nobody said from when until when
    :raises DomainError: what the pool refuses, such as `ItemTaken`
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if activity.state not in (ActivityState.PLANNED, ActivityState.OPEN):
        raise StepNotAllowed(state=activity.get_state_display())
    begins, ends = starts_at or activity.scheduled_from, ends_at or activity.scheduled_until
    if begins is None or ends is None:
        raise ActivityHasNoTime
    purpose = _("%(title)s（%(body)s）") % {"title": activity.get_activity_type_display(), "body": activity.body.name}
    booking = book_item(
        item=item, starts_at=begins, ends_at=ends, purpose=purpose[:80], quantity=quantity, actor=actor, at=at
    )
    ActivityBooking.objects.create(activity=activity, booking=booking)
    return booking


def free_bookings(*, activity: Activity, actor: Person, at: datetime) -> int:
    """Give up what was booked for an activity and not used yet; return how many; part of calling off."""
    rows = _open_bookings(activity)
    for booking in rows:
        give_up(booking, actor, at, _("活动已取消"))
    return len(rows)


def foresee_bookings(*, activity: Activity, after: Hours, actor: Person, at: datetime) -> list[BookingMove]:
    """Return what moving the activity to `after` would do to what is booked for it; changes nothing.

    Statements do not grow with the bookings. What moves along does not stand in the way of what moves along.
    """
    bookings = _open_bookings(activity)
    wanted = {booking.pk: shifted(_hours_of(booking), hours_of(activity), after) for booking in bookings}
    if not bookings:
        return []
    start, end = min(one.begins for one in wanted.values()), max(one.ends for one in wanted.values())
    free = items_to_book(actor, at).filter(kind__in={booking.item.kind for booking in bookings})
    others = list(free.prefetch_related("closures")[: MOST_INSTEAD * 5])
    taken = bookings_of_items([*(booking.item for booking in bookings), *others], start, end)
    staying = {pk: [one for one in rows if one.pk not in wanted] for pk, rows in taken.items()}
    moves = []
    for booking in bookings:
        item, hours = booking.item, wanted[booking.pk]
        there = staying.setdefault(item.pk, [])
        refusal = refusal_of(item, hours.begins, hours.ends, booking.quantity, at, _within(there, hours))
        if refusal is None:
            there.append(_as_moved(booking, hours))
        instead = _free_instead(booking, hours, others, staying, at) if refusal is not None else ()
        moves.append(
            BookingMove(booking, hours.begins, hours.ends, refusal, not is_sure(item, actor), instead)
        )  # fmt: skip
    return moves


def hold_pools(activity: Activity, *items: SharedItem) -> None:
    """Hold the pools of what is booked for the activity, and of `items`, until the act is over.

    Said before the activity's own step: whoever ends a pool holds it first and comes to the activity next.
    """
    pools = {item.pool.key: item.pool for item in (*(one.item for one in _open_bookings(activity)), *items)}
    for key in sorted(pools):
        hold(pools[key])


def take_bookings_along(
    *, activity: Activity, before: Hours | None, after: Hours, without: Collection[int],
    instead: Mapping[int, SharedItem], actor: Person, at: datetime,
) -> None:  # fmt: skip
    """Move what is booked for an activity with it; part of moving, which asked the right.

    `without` are ids of bookings to give up, `instead` says what is booked in place of which; the others move along.

    :raises NotFound: an id is of no open booking of this activity
    :raises BookingsInTheWay: some cannot move, and nobody said what becomes of them; it names each with the reason
    """
    bookings = _open_bookings(activity)
    if not {*without, *instead} <= {booking.pk for booking in bookings}:
        raise NotFound
    staying = [booking for booking in bookings if booking.pk not in without and booking.pk not in instead]
    for booking in bookings:
        if booking not in staying:
            give_up(booking, actor, at, _("活动已改期"))
    refused = []
    for place, booking in enumerate(staying):
        hours, later = shifted(_hours_of(booking), before, after), [one.pk for one in staying[place + 1 :]]
        try:
            rebook(booking, hours.begins, hours.ends, actor, at, besides=later)
        except DomainError as refusal:
            refused.append(f"{booking.item.title}：{refusal}")
    if refused:
        raise BookingsInTheWay(what="".join(refused))
    for booking in bookings:
        if booking.pk in instead:
            hours = shifted(_hours_of(booking), before, after)
            book_for_activity(
                activity=activity, item=instead[booking.pk], quantity=booking.quantity, starts_at=hours.begins,
                ends_at=hours.ends, actor=actor, at=at,
            )  # fmt: skip


def hours_of(activity: Activity) -> Hours | None:
    """Return the planned hours of an activity, where it has both."""
    begins, ends = activity.scheduled_from, activity.scheduled_until
    return Hours(begins, ends) if begins is not None and ends is not None else None


def _open_bookings(activity: Activity) -> list[Booking]:
    """Return what is booked for the activity and not used yet, in the order in which things are held."""
    found = bookings_open_for(activity).prefetch_related("item__closures")
    return sorted(found, key=lambda booking: (booking.item.pool.key, booking.item_id, booking.pk))


def _hours_of(booking: Booking) -> Hours:
    return Hours(booking.starts_at, booking.ends_at)


def _within(bookings: Sequence[Booking], hours: Hours) -> list[Booking]:
    return [one for one in bookings if one.starts_at < hours.ends and one.ends_at > hours.begins]


def _as_moved(booking: Booking, hours: Hours) -> Booking:
    """Return the booking as it would stand, unsaved."""
    return Booking(
        pk=booking.pk, item_id=booking.item_id, booked_by=booking.booked_by, starts_at=hours.begins,
        ends_at=hours.ends, quantity=booking.quantity,
    )  # fmt: skip


def _free_instead(
    booking: Booking, hours: Hours, items: Sequence[SharedItem], taken: Mapping[int, Sequence[Booking]], at: datetime
) -> tuple[SharedItem, ...]:
    same = (one for one in items if one.kind == booking.item.kind and one.pk != booking.item_id)
    enough = (one for one in same if one.capacity >= booking.quantity)
    free = [
        one
        for one in enough
        if refusal_of(one, hours.begins, hours.ends, booking.quantity, at, _within(taken.get(one.pk, ()), hours))
        is None
    ]
    return tuple(free[:MOST_INSTEAD])
