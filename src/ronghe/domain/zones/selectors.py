"""Zones as an actor may see them, who takes part, and when the site works."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db.models import F, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.zones import models
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.calendar.calendars import EveryDayCalendar, ShutDown, SiteCalendar, WorkCalendar
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.db.tree import on_day


def zones_seen_by(actor: Person, at: datetime) -> QuerySet[CollaborationZone]:
    """Return the zones that `actor` may see, by name."""
    rows = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=at)
    return rows.select_related("sponsor", "body", "office").order_by("name", "pk")


def list_zones(actor: Person, at: datetime, *, page: int = 1, size: int = 50) -> Listed[CollaborationZone]:
    """Return one page of the zones that `actor` may see, by name; two statements."""
    rows = CollaborationZone.objects.select_related("sponsor", "body", "office")
    return list_seen(SEE_ZONE, actor, rows, order_by=("name",), at=at, page=page, size=size)


def zone_of(body: PartyOrg) -> CollaborationZone | None:
    """Return the zone whose co-built branch `body` is."""
    return CollaborationZone.objects.filter(body=body).first()


def participating_units(zone: CollaborationZone, day: date) -> QuerySet[ParticipatingUnit]:
    """Return the units that take part on `day`, by unit and role."""
    rows = ParticipatingUnit.objects.filter(on_day(day), zone=zone).select_related("unit", "home_branch")
    return rows.order_by("unit__name", "role", "pk")


def people_of(zone: CollaborationZone, day: date) -> QuerySet[Person]:
    """Return everybody who takes part in the zone's co-built branch on `day`, by name; nobody before the start."""
    return people_in(zone.body, day) if zone.body is not None else Person.objects.none()


def shut_downs_of(zone: CollaborationZone) -> QuerySet[models.ShutDown]:
    """Return the zone's shut-downs that were not called off, the latest first."""
    return zone.shut_downs.filter(until_on__gt=F("from_on")).order_by("-from_on", "-pk")


def site_calendars(zone_ids: Collection[int], *, base: WorkCalendar | None = None) -> Mapping[int, SiteCalendar]:
    """Return the site's own calendar of each zone, in one read: `base` (every day unless told) less its shut-downs."""
    spans: dict[int, list[ShutDown]] = {zone_id: [] for zone_id in zone_ids}
    rows = models.ShutDown.objects.filter(zone_id__in=spans, until_on__gt=F("from_on")).order_by("from_on", "pk")
    for row in rows:
        spans[row.zone_id].append(ShutDown(DaySpan(row.from_on, row.until_on), row.reason))
    return {zone_id: SiteCalendar(base or EveryDayCalendar(), tuple(found)) for zone_id, found in spans.items()}


def site_calendar(zone: CollaborationZone, *, base: WorkCalendar | None = None) -> SiteCalendar:
    """Return the calendar of one zone's site."""
    return site_calendars([zone.pk], base=base)[zone.pk]
