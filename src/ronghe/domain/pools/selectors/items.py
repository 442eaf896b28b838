"""资源共享: what is offered and booked, as an actor may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.calc.opening import Hours
from ronghe.domain.pools.calc.overlap import Taken, peak
from ronghe.domain.pools.enums import HOLDING, OPEN, BookingState
from ronghe.domain.pools.models import Booking, Pool, SharedItem
from ronghe.domain.pools.rules import BOOK_ITEM, SEE_ITEM, SETTLE_BOOKING
from ronghe.domain.pools.selectors.pools import SIDE_READ, in_open_pool, of_pool
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.moments import SHANGHAI

ORDERS = {"title": ["title"], "-title": ["-title"], "kind": ["kind", "title"], "-kind": ["-kind", "title"]}
OF_ITEM = ("item__contact", "item__zone__body", *(f"item__{path}" for path in SIDE_READ), *SIDE_READ, "booked_by")
"""What a booking needs to be shown and to be acted on."""


def items_seen_by(actor: Person, at: datetime) -> QuerySet[SharedItem]:
    rows = SEE_ITEM.narrow(actor, SharedItem.objects.all(), at=at)
    return rows.select_related("zone__body", *SIDE_READ, "contact").order_by("title", "pk")


def items_found(*, at: datetime, words: str = "", kind: str = "", pool: Pool | None = None) -> QuerySet[Any]:
    """Return what is offered now in pools shared today, with these filters; `words` occur in title, place or side."""
    rows = SharedItem.objects.filter(in_open_pool(local_day(at)), withdrawn_at=None)
    if words:
        named = ("title", "place", "unit__name", "party__unit__name", "party__body__name")
        found = Q()
        for name in named:
            found |= Q(**{f"{name}__icontains": words})
        rows = rows.filter(found)
    if kind:
        rows = rows.filter(kind=kind)
    if pool is not None:
        rows = rows.filter(of_pool(pool))
    return rows.select_related("zone", *SIDE_READ, "contact")


def list_items(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", pool: Pool | None = None, order: str = "title",
    page: int = 1, size: int = 20,
) -> Listed[SharedItem]:  # fmt: skip
    """Return one page of what `actor` may see of it, filtered as `items_found` does; `order` is a key of `ORDERS`."""
    rows = items_found(at=at, words=words, kind=kind, pool=pool)
    by = ORDERS.get(order, ORDERS["title"])
    return list_seen(SEE_ITEM, actor, rows, order_by=by, at=at, page=page, size=size)


def items_to_book(actor: Person, at: datetime) -> QuerySet[SharedItem]:
    """Return what `actor` may book today, by name."""
    rows = SharedItem.objects.filter(in_open_pool(local_day(at)), withdrawn_at=None)
    return BOOK_ITEM.narrow(actor, rows, at=at).select_related("zone", *SIDE_READ).order_by("title", "pk")


def hours_of(item: SharedItem) -> Hours:
    """Return when the item is open; its closures are read once where they were read along with a list."""
    closed = [(one.from_on, one.until_on) for one in item.closures.all()]
    return Hours(item.weekdays, item.opens_at, item.closes_at, closed)


def bookings_between(item: SharedItem, start: datetime, end: datetime) -> QuerySet[Booking]:
    """Return what takes a part of the item within the span, in order of time."""
    rows = item.bookings.filter(state__in=sorted(HOLDING), starts_at__lt=end, ends_at__gt=start)
    return rows.select_related(*SIDE_READ, "booked_by").order_by("starts_at", "pk")


def bookings_of_items(items: Iterable[SharedItem], start: datetime, end: datetime) -> dict[int, list[Booking]]:
    """Return item id → what takes a part of it within the span, in order of time; one statement."""
    rows = Booking.objects.filter(
        item__in=[item.pk for item in items], state__in=sorted(HOLDING), starts_at__lt=end, ends_at__gt=start
    )
    found: dict[int, list[Booking]] = {}
    for booking in rows.select_related("booked_by").order_by("starts_at", "pk"):
        found.setdefault(booking.item_id, []).append(booking)
    return found


def taken_at_most(bookings: Iterable[Booking], start: datetime, end: datetime) -> int:
    """Return how much of the item is gone at the fullest moment of the span."""
    return peak((Taken(one.starts_at, one.ends_at, one.quantity) for one in bookings), start, end)


@dataclass(frozen=True, slots=True)
class ItemDay:
    """One day of an item: open or not, and what is booked."""

    day: date
    is_open: bool
    bookings: list[Booking]


def week_of(item: SharedItem, monday: date) -> list[ItemDay]:
    """Return the seven days from `monday`; two statements."""
    start = datetime.combine(monday, time.min, tzinfo=SHANGHAI)
    bookings = list(bookings_between(item, start, start + timedelta(days=7)))
    hours = hours_of(item)
    days = [monday + timedelta(days=number) for number in range(7)]
    return [
        ItemDay(
            day,
            hours.is_open_on(day),
            [one for one in bookings if local_day(one.starts_at) <= day <= local_day(one.ends_at)],
        )
        for day in days
    ]


def bookings_seen_by(actor: Person, at: datetime) -> QuerySet[Booking]:
    """Return the bookings of all items that `actor` may see, in order of time."""
    seen = SEE_ITEM.narrow(actor, SharedItem.objects.all(), at=at).order_by().values("pk")
    return Booking.objects.filter(item__in=seen).select_related(*OF_ITEM).order_by("starts_at", "pk")


def bookings_of(actor: Person, at: datetime) -> QuerySet[Booking]:
    """Return what `actor` has booked and not yet used, or lost before its time came, the next first."""
    rows = Booking.objects.filter(booked_by=actor, state__in=sorted(OPEN), ends_at__gte=at - timedelta(days=7))
    return (rows | bookings_lost(actor, at).order_by()).select_related("item").order_by("starts_at", "pk")


def bookings_lost(actor: Person, at: datetime) -> QuerySet[Booking]:
    """Return what `actor` had booked and somebody else declined or cancelled, until its time is over."""
    gone = [BookingState.DECLINED, BookingState.CANCELLED]
    rows = Booking.objects.filter(booked_by=actor, state__in=gone, ends_at__gte=at)
    return rows.exclude(settled_by=F("booked_by")).order_by("starts_at", "pk")


def bookings_waiting(actor: Person, at: datetime) -> QuerySet[Booking]:
    """Return what waits for the actor's answer, or to be closed after its time."""
    rows = Booking.objects.filter(
        Q(state=BookingState.REQUESTED) | Q(state=BookingState.APPROVED, ends_at__lte=at)
    ).select_related("item", *SIDE_READ, "booked_by")
    return SETTLE_BOOKING.narrow(actor, rows, at=at).order_by("starts_at", "pk")
