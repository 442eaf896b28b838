"""Contact points as an actor may see them, what is due, and which bodies and stations have none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.contacts.enums import ContactKind, DueState
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.rules import KINDS, SEE_CONTACT
from ronghe.domain.org.enums import (
    LEAGUE_KINDS,
    PARTY_KINDS,
    UNION_KINDS,
    BodyTree,
    MembershipKind,
    PoliticalStatus,
    PostRole,
    UnitKind,
)
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules import SEE_PARTY_ORG
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import descendants, on_day

WITH = ("holder", "body", "to_body", "to_unit", "to_person")
KINDS_OF_TREE = {BodyTree.PARTY: PARTY_KINDS, BodyTree.UNION: UNION_KINDS}


def contacts_seen_by(actor: Person, at: datetime) -> QuerySet[ContactPoint]:
    """Return the contact points that `actor` may see, the soonest due first: to be cut to one or a few."""
    rows = SEE_CONTACT.narrow(actor, ContactPoint.objects.all(), at=at, walk=True)
    return rows.select_related(*WITH).order_by("due_on", "pk")


def list_contacts(
    actor: Person, at: datetime, *, rows: QuerySet[ContactPoint], page: int = 1, size: int = 50,
    order_by: tuple[str, ...] = ("due_on",),
) -> Listed[ContactPoint]:  # fmt: skip
    """Return one page of `rows` as far as `actor` may see them; two statements."""
    return list_seen(SEE_CONTACT, actor, rows.select_related(*WITH), order_by=order_by, at=at, page=page, size=size)


def in_state(state: DueState | None, day: date) -> QuerySet[ContactPoint]:
    """Return the contact points in a state on `day`; of no state named, those that hold."""
    points = ContactPoint.objects.all()
    if state == DueState.ENDED:
        return points.filter(valid_until__lte=day)
    running = points.filter(on_day(day))
    if state == DueState.OVERDUE:
        return running.filter(due_on__lt=day)
    if state == DueState.DUE:
        return running.filter(due_on__gte=day, asked_from__lte=day)
    if state == DueState.VISITED:
        return running.filter(asked_from__gt=day)
    return running


def visits_due_of(holder: Person, day: date) -> QuerySet[ContactPoint]:
    """Return the contacts whose visit of the present period `holder` still owes, the longest overdue first."""
    rows = ContactPoint.objects.filter(on_day(day), holder=holder, asked_from__lte=day)
    return rows.select_related(*WITH).order_by("due_on", "pk")


def contacts_of(holder: Person, day: date) -> QuerySet[ContactPoint]:
    """Return everything `holder` keeps in touch with on `day`, the soonest due first."""
    rows = ContactPoint.objects.filter(on_day(day), holder=holder)
    return rows.select_related(*WITH).order_by("due_on", "pk")


def contacts_with(day: date, *, body: PartyOrg | None = None, unit: AdminUnit | None = None) -> QuerySet[ContactPoint]:
    """Return who keeps in touch with a body or a unit on `day`."""
    rows = ContactPoint.objects.filter(on_day(day))
    rows = rows.filter(to_body=body) if body is not None else rows.filter(to_unit=unit)
    return rows.select_related(*WITH).order_by("kind", "pk")


def bodies_without_contact(bodies: QuerySet[PartyOrg], day: date) -> QuerySet[PartyOrg]:
    """Cut `bodies` to those with which nobody keeps in touch on `day`; one statement, whatever their number."""
    return bodies.filter(~Exists(ContactPoint.objects.filter(on_day(day), to_body=OuterRef("pk"))))


def stations_without_contact(units: QuerySet[AdminUnit], day: date) -> QuerySet[AdminUnit]:
    """Cut `units` to the stations with which nobody keeps in touch on `day`; one statement."""
    points = ContactPoint.objects.filter(on_day(day), to_unit=OuterRef("pk"))
    return units.filter(~Exists(points), kind=UnitKind.STATION)


def bodies_to_set_up(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies of which `actor` may set up contacts of some kind, by name."""
    standing = PartyOrg.objects.filter(valid_until=None)
    found = Q(pk__in=[])
    for rule in KINDS.values():
        own = standing.filter(kind__in=KINDS_OF_TREE[rule.tree])
        found |= Q(pk__in=rule.permission.narrow(actor, own, at=at).order_by().values("pk"))
    return standing.filter(found).order_by("name", "pk")


def holders_for(kind: ContactKind | None, bodies: QuerySet[PartyOrg], day: date) -> QuerySet[Person]:
    """Return the people whose post on `day` lets them hold a contact, by name.

    Their post lies in, above or below one of `bodies`, or in a unit: managers hold posts of units. No kind: any of them.
    """
    roles = (
        KINDS[kind].holders if kind is not None else frozenset[PostRole]().union(*(r.holders for r in KINDS.values()))
    )
    links = PartyOrg.links().filter(on_day(day))
    keys = bodies.order_by().values("pk")
    near = Q(body__in=links.filter(ancestor__in=keys).values("descendant"))
    near |= Q(body__in=links.filter(descendant__in=keys).values("ancestor")) | Q(unit__isnull=False)
    posts = PostHolding.objects.filter(near, on_day(day), role__in=roles).order_by()
    rows = Person.objects.filter(pk__in=posts.values("person_id"), valid_until=None)
    return rows.select_related("unit").order_by("name", "pk")


def units_below(bodies: QuerySet[PartyOrg], day: date) -> QuerySet[AdminUnit]:
    """Return the units that carry one of `bodies` and everything below them, by name."""
    carrying = bodies.filter(unit__isnull=False).order_by().values("unit_id")
    rows = AdminUnit.objects.filter(valid_until=None, pk__in=descendants(AdminUnit, carrying, day=day))
    return rows.select_related("parent").order_by("name", "pk")


def chain_of(contact: ContactPoint) -> Iterator[ContactPoint]:
    """Yield who held the contact before, the latest first."""
    seen = {contact.pk}
    before = contact.follows
    while before is not None and before.pk not in seen:
        seen.add(before.pk)
        yield before
        before = before.follows


def mass_bodies(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies of union and league that `actor` may see, by name."""
    standing = PartyOrg.objects.filter(valid_until=None, kind__in=UNION_KINDS | LEAGUE_KINDS)
    rows = SEE_PARTY_ORG.narrow(actor, standing, at=at)
    return rows.select_related("parent", "unit").order_by("kind", "name", "pk")


def candidates_for(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who could be put on the list of a union or league body and is on none, by name.

    For the union everybody who works in the units of the body (its own, else those of the nearest body above that has one);
    for the league whoever of them is a league member by political status (03).
    """
    kind = MembershipKind.UNION if body.tree == BodyTree.UNION else MembershipKind.LEAGUE
    above = PartyOrg.links().filter(on_day(day), descendant=body, ancestor__unit__isnull=False)
    unit = above.order_by("depth").values("ancestor__unit_id")[:1]
    inside = AdminUnit.links().filter(on_day(day), ancestor_id__in=unit).order_by().values("descendant_id")
    listed = Membership.objects.filter(on_day(day), kind=kind, person=OuterRef("pk"))
    rows = Person.objects.filter(~Exists(listed), valid_until=None, unit_id__in=inside)
    if kind == MembershipKind.LEAGUE:
        rows = rows.filter(political_status=PoliticalStatus.LEAGUE_MEMBER)
    return rows.select_related("unit").order_by("name", "pk")
