"""What is read of zones."""

from ronghe.domain.zones.selectors.calendars import shut_downs_of, site_calendar, site_calendars
from ronghe.domain.zones.selectors.zones import (
    list_zones,
    participating_units,
    people_of,
    projects_of,
    zone_of,
    zones_seen_by,
)

__all__ = [
    "list_zones",
    "participating_units",
    "people_of",
    "projects_of",
    "shut_downs_of",
    "site_calendar",
    "site_calendars",
    "zone_of",
    "zones_seen_by",
]
