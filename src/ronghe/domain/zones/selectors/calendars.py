"""When a zone's site works."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import F, QuerySet

from ronghe.domain.zones import models
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.calendar.calendars import EveryDayCalendar, ShutDown, SiteCalendar, WorkCalendar
from ronghe.kernel.calendar.periods import DaySpan


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
