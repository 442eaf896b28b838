"""What is booked for an activity."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from ronghe.domain.pools.enums import OPEN
from ronghe.domain.pools.models import Booking
from ronghe.domain.pools.selectors.items import OF_ITEM
from ronghe.domain.rhythm.models import Activity, ActivityBooking


def bookings_for(activity: Activity) -> QuerySet[Booking]:
    """Return what was booked for an activity, in order of time."""
    rows = Booking.objects.filter(for_activity__activity=activity)
    return rows.select_related(*OF_ITEM).order_by("starts_at", "pk")


def bookings_open_for(activity: Activity) -> QuerySet[Booking]:
    """Return what was booked for an activity and is neither used nor given up, in order of time."""
    return bookings_for(activity).filter(state__in=sorted(OPEN))


def activities_of_bookings(bookings: Iterable[Booking]) -> dict[int, Activity]:
    """Return booking id → the activity that it is for, of those that are for one; one statement."""
    links = ActivityBooking.objects.filter(booking__in=[booking.pk for booking in bookings]).select_related("activity")
    return {link.booking_id: link.activity for link in links}
