"""Zones as an actor may see them, what they are for and who takes part."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import people_in
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit, ZoneProject
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day

ORDERS = {"name": "name", "-name": "-name", "started": "started_on", "-started": "-started_on"}


def zones_seen_by(actor: Person, at: datetime) -> QuerySet[CollaborationZone]:
    """Return the zones that `actor` may see, by name."""
    rows = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=at)
    return rows.select_related("sponsor", "body", "office").order_by("name", "pk")


def list_zones(
    actor: Person, at: datetime, *, words: str = "", state: str = "", mode: str = "", sponsor: int | None = None,
    order: str = "name", page: int = 1, size: int = 50,
) -> Listed[CollaborationZone]:  # fmt: skip
    """Return one page of the zones that `actor` may see; two statements.

    `words` occur in the name of the zone or of a project it is for; `order` is a key of `ORDERS`.
    """
    rows = CollaborationZone.objects.select_related("sponsor", "body", "office")
    if words:
        named = ZoneProject.objects.filter(project__name__icontains=words).order_by().values("zone_id")
        rows = rows.filter(Q(name__icontains=words) | Q(purpose__icontains=words) | Q(pk__in=named))
    if state:
        rows = rows.filter(state=state)
    if mode:
        rows = rows.filter(mode=mode)
    if sponsor is not None:
        rows = rows.filter(sponsor_id=sponsor)
    by = ORDERS.get(order, "name")
    return list_seen(SEE_ZONE, actor, rows, order_by=(by,), at=at, page=page, size=size)


def zone_of(body: PartyOrg) -> CollaborationZone | None:
    """Return the zone whose co-built branch `body` is."""
    return CollaborationZone.objects.filter(body=body).first()


def projects_of(zone: CollaborationZone, day: date) -> QuerySet[ZoneProject]:
    """Return what the zone is for on `day`, by project name."""
    rows = ZoneProject.objects.filter(on_day(day), zone=zone).select_related("project__unit")
    return rows.order_by("project__name", "pk")


def participating_units(zone: CollaborationZone, day: date) -> QuerySet[ParticipatingUnit]:
    """Return the units that take part on `day`, by unit and role."""
    rows = ParticipatingUnit.objects.filter(on_day(day), zone=zone).select_related("unit", "home_branch", "contact")
    return rows.order_by("unit__name", "role", "pk")


def people_of(zone: CollaborationZone, day: date) -> QuerySet[Person]:
    """Return everybody who takes part in the zone's co-built branch on `day`, by name; nobody before the start."""
    return people_in(zone.body, day) if zone.body is not None else Person.objects.none()
