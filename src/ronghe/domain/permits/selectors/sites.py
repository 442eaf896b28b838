"""Sites: the profile with the unit's own numbers, offices, what goes on, the wind and the alarms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from ronghe.domain.contractors.models import Contractor, Worker
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.calc.profiles import Number, Profile, profile_called, with_settings
from ronghe.domain.permits.enums import NoticeKind
from ronghe.domain.permits.models import (
    ClockBaseline,
    Permit,
    PermitSite,
    SiteActivity,
    SiteNotice,
    SiteOffice,
    SiteSetting,
)
from ronghe.domain.permits.rules import MAKE_SITE, REQUEST_PERMIT, SEE_SITE
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.db.tree import descendants, on_day


@dataclass(frozen=True, slots=True)
class Air:
    """What is known of a site at a moment: the wind as last read, and alarms that were not cleared."""

    wind: int | None
    alarms: tuple[tuple[str, str], ...]
    """(key of the area, text); an empty one is the whole site."""

    def alarms_at(self, area: str) -> tuple[str, ...]:
        return tuple(text for where, text in self.alarms if not where or where == area)


def area_key(row: Permit | SiteActivity | SiteNotice) -> str:
    """Return what two works in one area have in common: the area of the register, else the words."""
    return row.area if row.risk_area_id is None else f"#{row.risk_area_id}"


def sites_seen_by(actor: Person, at: datetime) -> QuerySet[PermitSite]:
    """Return the sites that `actor` may see, by name."""
    return SEE_SITE.narrow(actor, PermitSite.objects.all(), at=at).select_related("body", "zone").order_by("name", "pk")


def sites_to_request_at(actor: Person, at: datetime) -> QuerySet[PermitSite]:
    """Return the sites at which `actor` may ask for a permit, by name."""
    rows = REQUEST_PERMIT.narrow(actor, PermitSite.objects.all(), at=at)
    return rows.select_related("body", "zone").order_by("name", "pk")


def bodies_to_make_site_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies for which `actor` may set up a site, by name."""
    return MAKE_SITE.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def profiles_of(sites: Collection[PermitSite]) -> dict[int, Profile]:
    """Return the profile of each site with its own numbers; one statement."""
    own: dict[int, dict[str, Decimal | None]] = defaultdict(dict)
    rows = SiteSetting.objects.filter(site__in=[site.pk for site in sites]).order_by("at", "pk")
    for row in rows:
        own[row.site_id][row.key] = row.value
    return {
        site.pk: with_settings(
            profile_called(site.profile), {key: value for key, value in own[site.pk].items() if value is not None}
        )
        for site in sites
    }  # fmt: skip


def profile_of(site: PermitSite) -> Profile:
    return profiles_of([site])[site.pk]


def numbers_of(site: PermitSite) -> list[Number]:
    """Return every number of a site by key: what it is, by which rule, and whether somebody verified it."""
    return [number for _key, number in sorted(profile_of(site).numbers.items())]


def offices_of(site: PermitSite, at: datetime) -> QuerySet[SiteOffice]:
    """Return who holds which office at a site on the day, by office and name."""
    rows = SiteOffice.objects.filter(on_day(local_day(at)), site=site).select_related("person")
    return rows.order_by("office", "person__name", "pk")


def holds_office(site_id: int, person: Person, office: str, at: datetime) -> bool:
    """Tell whether somebody holds an office at a site on the day."""
    rows = SiteOffice.objects.filter(on_day(local_day(at)), site=site_id, person=person, office=office)
    return bool(rows.exists())


def air_of(sites: Collection[int]) -> dict[int, Air]:
    """Return wind and alarms of each site; two statements."""
    rows = SiteNotice.objects.filter(site__in=sites)
    alarms: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in rows.filter(kind=NoticeKind.ALARM, cleared_at=None).order_by("at", "pk"):
        alarms[row.site_id].append((area_key(row), row.text))
    wind: dict[int, int | None] = {}
    newest = rows.filter(kind=NoticeKind.WIND, cleared_at=None).order_by("site", "-at", "-pk")
    for row in newest:
        wind.setdefault(row.site_id, row.level)
    return {site: Air(wind.get(site), tuple(alarms[site])) for site in sites}


def notices_of(site: PermitSite) -> QuerySet[SiteNotice]:
    """Return the last readings and alarms of a site, open alarms first."""
    return site.notices.select_related("by", "cleared_by").order_by("cleared_at", "-at", "-pk")


def activities_of(site: PermitSite, at: datetime) -> QuerySet[SiteActivity]:
    """Return what else goes on or is planned at a site, by its beginning."""
    rows = site.activities.filter(ends_at__gt=at, ended_at=None)
    return rows.select_related("by").order_by("starts_at", "pk")


def baselines_at(sites: Collection[int]) -> dict[tuple[int, str], ClockBaseline]:
    """Return the old baseline of each site and kind, as it was entered last; one statement."""
    rows = ClockBaseline.objects.filter(site__in=list(sites)).order_by("at", "pk")
    return {(row.site_id, row.kind): row for row in rows}


def people_offered(site: PermitSite, at: datetime) -> QuerySet[Person]:
    """Return whom a permit of this site may name, by name (PC-19).

    Whoever is in its body, works for a unit that takes part, holds an office, or is engaged by one of its contractors.
    """
    day = local_day(at)
    below = descendants(PartyOrg, [site.body_id], day=day)
    inside = Membership.objects.filter(on_day(day), body_id__in=below).order_by().values("person_id")
    held = SiteOffice.objects.filter(on_day(day), site=site).order_by().values("person_id")
    engaged = Worker.objects.filter(until_on=None, contractor__body=site.body_id).order_by().values("person_id")
    who = Q(pk__in=inside) | Q(pk__in=held) | Q(pk__in=engaged)
    units = [site.body.unit_id] if site.body.unit_id is not None else []
    if site.zone_id is not None:
        parts = ParticipatingUnit.objects.filter(on_day(day), zone=site.zone_id).order_by()
        units += list(parts.values_list("unit_id", flat=True))
    if units:
        who |= Q(unit__in=descendants(AdminUnit, units, day=day))
    rows = Person.objects.filter(who, Q(valid_until=None) | Q(valid_until__gt=day))
    return rows.select_related("unit").order_by("name", "pk")


def units_offered(site: PermitSite, at: datetime) -> QuerySet[AdminUnit]:
    """Return which units may do the work of a permit, by name: those that take part in the zone, and its contractors."""
    taking_part = ParticipatingUnit.objects.filter(on_day(local_day(at)), zone=site.zone_id, zone__isnull=False)
    brought = Contractor.objects.filter(body=site.body_id, unit__isnull=False).order_by()
    who = Q(pk__in=taking_part.order_by().values("unit_id")) | Q(pk__in=brought.values("unit_id"))
    return AdminUnit.objects.filter(who).order_by("name", "pk")
