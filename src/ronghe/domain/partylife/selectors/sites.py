"""Red sites with how far they are, how often they were visited and what the visitors think of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.partylife.calc.distance import Point, straight_line_km
from ronghe.domain.partylife.models import RedSite, SitePoint, SiteRating, SiteVisit
from ronghe.domain.partylife.rules import KEEP_SITE, RATE_SITE, SEE_SITE, SET_PROJECT_POINT, SET_ZONE_POINT
from ronghe.domain.projects.enums import ProjectState
from ronghe.domain.projects.models import Project
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.access.listing import Listed, list_seen

LEAST_RATINGS = 3
"""Fewer answers than these tell who gave them: no stars are shown."""
ORDERS = {"name": ["name"], "-name": ["-name"], "kind": ["kind", "name"], "-kind": ["-kind", "name"]}


def with_use(rows: QuerySet[RedSite]) -> QuerySet[Any]:
    """Add how often each was visited (`visit_count`), by how many ratings (`rating_count`) and their mean (`mean_stars`)."""
    held = SiteVisit.objects.filter(site=OuterRef("pk"), activity__state=ActivityState.CLOSED).order_by()
    rated = SiteRating.objects.filter(site=OuterRef("pk")).order_by().values("site")
    return rows.annotate(
        visit_count=Coalesce(Subquery(held.values("site").annotate(n=Count("pk")).values("n")), 0),
        rating_count=Coalesce(Subquery(rated.annotate(n=Count("pk")).values("n")), 0),
        mean_stars=Subquery(rated.annotate(n=Avg("stars")).values("n")),
    )


def filtered_sites(*, words: str = "", kind: str = "", closed: bool = False) -> QuerySet[Any]:
    """Return the sites that are open, with these filters; with `closed` those taken out of use too."""
    rows = with_use(RedSite.objects.all()).select_related("body")
    if not closed:
        rows = rows.filter(closed_at=None)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(address__icontains=words) | Q(about__icontains=words))
    return rows.filter(kind=kind) if kind else rows


def list_sites(
    actor: Person, at: datetime, *, words: str = "", kind: str = "", order: str = "name", page: int = 1, size: int = 20
) -> Listed[RedSite]:
    by = ORDERS.get(order, ORDERS["name"])
    rows = filtered_sites(words=words, kind=kind)
    return list_seen(SEE_SITE, actor, rows, order_by=by, at=at, page=page, size=size)


def sites_seen_by(actor: Person, at: datetime) -> QuerySet[Any]:
    rows = SEE_SITE.narrow(actor, with_use(RedSite.objects.all()), at=at, walk=True)
    return rows.select_related("body", "kept_by").order_by("name", "pk")


def bodies_keeping_sites(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose register `actor` keeps, by name."""
    return KEEP_SITE.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).order_by("name", "pk")


def bodies_going(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies whose theme days `actor` plans, by name."""
    kinds = ("branch", "joint_branch", "floating_branch", "co_built_branch", "regional_branch", "temporary_branch",
             "party_group", "temporary_party_group", "general_branch", "committee")  # fmt: skip
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=kinds)
    return PLAN_ACTIVITY.narrow(actor, rows, at=at).order_by("name", "pk")


def shown_stars(site: Any) -> Decimal | None:
    """Return the mean of the stars to a tenth; nothing below three answers."""
    if site.rating_count < LEAST_RATINGS or site.mean_stars is None:
        return None
    return Decimal(str(site.mean_stars)).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Origin:
    """A place from which distances are told: the site of a zone or of a project."""

    key: str
    name: str
    point: SitePoint | None


def origins_of(actor: Person, at: datetime) -> list[Origin]:
    """Return the zones and projects that `actor` may see, by name, those whose place is known first; two statements."""
    zones = SEE_ZONE.narrow(actor, CollaborationZone.objects.filter(body__isnull=False), at=at)
    projects = SEE_PROJECT.narrow(actor, Project.objects.exclude(state=ProjectState.CALLED_OFF), at=at)
    found = [Origin(f"zone-{row.pk}", row.name, getattr(row, "point", None))
             for row in zones.select_related("point").order_by("name", "pk")[:200]]  # fmt: skip
    found += [Origin(f"project-{row.pk}", row.name, getattr(row, "point", None))
              for row in projects.select_related("point").order_by("name", "pk")[:200]]  # fmt: skip
    return sorted(found, key=lambda one: (one.point is None, one.name, one.key))


@dataclass(frozen=True, slots=True)
class Near:
    """A site and its straight-line distance in kilometres."""

    site: Any
    km: Decimal


def nearby(origin: SitePoint, sites: Iterable[Any]) -> list[Near]:
    """Return the sites whose place is known, the nearest first."""
    here = Point(origin.latitude, origin.longitude)
    found = [
        Near(site, straight_line_km(here, Point(site.latitude, site.longitude))) for site in sites if site.has_point
    ]
    return sorted(found, key=lambda one: (one.km, one.site.name, one.site.pk))


def visits_of(site: RedSite) -> QuerySet[SiteVisit]:
    """Return the activities held or planned there, the latest first."""
    rows = site.visits.exclude(activity__state=ActivityState.CALLED_OFF)
    return rows.select_related("activity__body").order_by("-activity__day", "-pk")


def may_rate(actor: Person, site: RedSite, at: datetime) -> bool:
    return RATE_SITE.allows(actor, site, at=at)


def zone_or_project(key: str, actor: Person, at: datetime) -> CollaborationZone | Project | None:
    """Return what an origin's key names, as far as `actor` may see it."""
    kind, _sep, number = key.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    if kind == "zone":
        rows = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=at, walk=True)
        return rows.select_related("point").filter(pk=int(number)).first()
    if kind == "project":
        found = SEE_PROJECT.narrow(actor, Project.objects.all(), at=at, walk=True)
        return found.select_related("point").filter(pk=int(number)).first()
    return None


def may_set_point(place: CollaborationZone | Project, actor: Person, at: datetime) -> bool:
    if isinstance(place, Project):
        return SET_PROJECT_POINT.allows(actor, place, at=at)
    return SET_ZONE_POINT.allows(actor, place, at=at)
