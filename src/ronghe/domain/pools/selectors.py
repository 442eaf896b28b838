"""资源共享、思想共管: what an actor may see; what each side gave and got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.calc.overlap import Taken, peak
from ronghe.domain.pools.enums import HOLDING, BookingState
from ronghe.domain.pools.models import Booking, MoodFollowUp, MoodNote, SharedItem
from ronghe.domain.pools.rules import NOTE_MOOD, OFFER_ITEM, SEE_ITEM, SEE_MOOD, SETTLE_BOOKING
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.domain.zones.selectors.zones import participating_units
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.db.tree import on_day

ORDERS = {"title": ["title"], "-title": ["-title"], "kind": ["kind", "title"], "-kind": ["-kind", "title"]}
LEAST_PEOPLE = 3
"""Fewer people than these are not told apart from each other: their number is not shown."""


def items_seen_by(actor: Person, at: datetime) -> QuerySet[SharedItem]:
    rows = SEE_ITEM.narrow(actor, SharedItem.objects.all(), at=at)
    return rows.select_related("zone__body", "unit", "contact").order_by("title", "pk")


def filtered_items(*, words: str = "", kind: str = "", zone: int | None = None) -> QuerySet[Any]:
    """Return what is offered now, with these filters."""
    rows = SharedItem.objects.filter(withdrawn_at=None).select_related("zone", "unit", "contact")
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(place__icontains=words) | Q(unit__name__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(zone_id=zone) if zone is not None else rows


def list_items(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", zone: int | None = None, order: str = "title",
    page: int = 1, size: int = 20,
) -> Listed[SharedItem]:  # fmt: skip
    rows = filtered_items(words=words, kind=kind, zone=zone)
    by = ORDERS.get(order, ORDERS["title"])
    return list_seen(SEE_ITEM, actor, rows, order_by=by, at=at, page=page, size=size)


def zones_with_pool(actor: Person, at: datetime) -> QuerySet[CollaborationZone]:
    """Return the zones that are under way and seen by `actor`, by name."""
    return SEE_ZONE.narrow(actor, CollaborationZone.objects.filter(body__isnull=False), at=at).order_by("name", "pk")


def parties_offering(actor: Person, at: datetime) -> QuerySet[ParticipatingUnit]:
    """Return the sides for which `actor` may offer something."""
    return OFFER_ITEM.narrow(actor, _parties(at), at=at).order_by("zone__name", "unit__name", "pk")


def parties_noting(actor: Person, at: datetime) -> QuerySet[ParticipatingUnit]:
    """Return the sides of whose people `actor` may write how they feel."""
    return NOTE_MOOD.narrow(actor, _parties(at), at=at).order_by("zone__name", "unit__name", "pk")


def side_of(zone: CollaborationZone, person: Person, day: date) -> AdminUnit | None:
    """Return the unit of the zone to which `person` belongs: the nearest above the own unit."""
    if person.unit_id is None:
        return None
    parties = {party.unit_id: party.unit for party in participating_units(zone, day)}
    links = AdminUnit.links().filter(on_day(day), descendant_id=person.unit_id, ancestor_id__in=parties)
    nearest = links.order_by("depth").values_list("ancestor_id", flat=True).first()
    return parties.get(nearest) if nearest is not None else None


def bookings_between(item: SharedItem, start: datetime, end: datetime) -> QuerySet[Booking]:
    """Return what takes a part of the item within the span, in order of time."""
    rows = item.bookings.filter(state__in=sorted(HOLDING), starts_at__lt=end, ends_at__gt=start)
    return rows.select_related("booked_by", "unit").order_by("starts_at", "pk")


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
    closed = list(item.closures.filter(from_on__lte=monday + timedelta(days=6), until_on__gte=monday))
    days = [monday + timedelta(days=number) for number in range(7)]
    return [
        ItemDay(
            day,
            str(day.isoweekday()) in item.weekdays and not any(one.from_on <= day <= one.until_on for one in closed),
            [one for one in bookings if local_day(one.starts_at) <= day <= local_day(one.ends_at)],
        )
        for day in days
    ]


def bookings_of(actor: Person, at: datetime) -> QuerySet[Booking]:
    """Return what `actor` has booked and not yet used, the next first."""
    rows = Booking.objects.filter(booked_by=actor, state__in=[BookingState.REQUESTED, BookingState.APPROVED])
    return rows.filter(ends_at__gte=at - timedelta(days=7)).select_related("item").order_by("starts_at", "pk")


def bookings_waiting(actor: Person, at: datetime) -> QuerySet[Booking]:
    """Return what waits for the actor's answer, or to be closed after its time."""
    rows = Booking.objects.filter(
        Q(state=BookingState.REQUESTED) | Q(state=BookingState.APPROVED, ends_at__lte=at)
    ).select_related("item", "unit", "booked_by")
    return SETTLE_BOOKING.narrow(actor, rows, at=at).order_by("starts_at", "pk")


@dataclass(slots=True)
class Balance:
    """What one side gave to others and got from others in a period; use by the own side counts on neither."""

    unit: AdminUnit
    offered: int = 0
    lent: int = 0
    lent_minutes: int = 0
    borrowed: int = 0
    borrowed_minutes: int = 0

    @property
    def minutes(self) -> int:
        """Given less got."""
        return self.lent_minutes - self.borrowed_minutes


def balances(zone: CollaborationZone, since: date, until: date) -> list[Balance]:
    """Return the balance of each side from `since` up to, not including, `until`, by name; the sum of all is nought."""
    found: dict[int, Balance] = {}
    for party in participating_units(zone, until - timedelta(days=1)):
        found.setdefault(party.unit_id, Balance(party.unit))
    for item in zone.shared_items.filter(withdrawn_at=None).select_related("unit"):
        found.setdefault(item.unit_id, Balance(item.unit)).offered += 1
    start, end = (datetime.combine(day, time.min, tzinfo=SHANGHAI) for day in (since, until))
    used = Booking.objects.filter(
        item__zone=zone, state=BookingState.USED, starts_at__gte=start, starts_at__lt=end
    ).exclude(unit=F("item__unit"))
    for one in used.select_related("item__unit", "unit"):
        giver = found.setdefault(one.item.unit_id, Balance(one.item.unit))
        taker = found.setdefault(one.unit_id, Balance(one.unit))
        giver.lent += 1
        giver.lent_minutes += one.minutes_used or 0
        taker.borrowed += 1
        taker.borrowed_minutes += one.minutes_used or 0
    return sorted(found.values(), key=lambda one: (one.unit.name, one.unit.pk))


def moods_seen_by(actor: Person, at: datetime) -> QuerySet[MoodNote]:
    rows = SEE_MOOD.narrow(actor, MoodNote.objects.all(), at=at)
    return (
        rows.select_related("zone", "unit", "noted_by").prefetch_related("follow_ups__person").order_by("-day", "-pk")
    )


def list_moods(
    actor: Person, at: datetime, *, level: str = "", zone: int | None = None, page: int = 1, size: int = 20
) -> Listed[MoodNote]:
    rows: Any = MoodNote.objects.select_related("zone", "unit", "noted_by").prefetch_related("follow_ups__person")
    if level:
        rows = rows.filter(level=level)
    if zone is not None:
        rows = rows.filter(zone_id=zone)
    return list_seen(SEE_MOOD, actor, rows, order_by=["-day"], at=at, page=page, size=size)


def follow_ups_of(actor: Person) -> QuerySet[MoodFollowUp]:
    """Return what `actor` has to follow up, the most pressing first."""
    return (
        actor.mood_follow_ups.filter(done_at=None).select_related("note__unit", "note__zone").order_by("due_on", "pk")
    )


def trend_of(zone: CollaborationZone, actor: Person, at: datetime) -> dict[str, list[str]]:
    """Return the levels of each side's last eight notes, the oldest first, by the side's name."""
    rows = SEE_MOOD.narrow(actor, zone.mood_notes.all(), at=at).select_related("unit").order_by("-day", "-pk")
    found: dict[str, list[str]] = {}
    for note in rows[:200]:
        levels = found.setdefault(note.unit.name, [])
        if len(levels) < 8:
            levels.insert(0, note.level)
    return dict(sorted(found.items()))


def _parties(at: datetime) -> QuerySet[ParticipatingUnit]:
    rows = ParticipatingUnit.objects.filter(on_day(local_day(at)), zone__body__isnull=False)
    return rows.select_related("zone__body", "unit", "home_branch")
