"""Who may see what is offered, which body keeps a pair, and who may be named."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.exchange.rules import OPEN_PROGRAMME, PLAN_VISIT
from ronghe.domain.org.enums import HOME_KINDS, PARTY_KINDS, MembershipKind, PartyOrgKind, PostRole
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import descendants, on_day

WITNESSES = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.COMMITTEE_CLERK,
        PostRole.GROUP_LEADER,
    }
)


def circle_of(body: PartyOrg, day: date) -> PartyOrg:
    """Return in which body's circle something of `body` is shown: the nearest committee at or above it, else itself."""
    links = PartyOrg.links().filter(on_day(day), descendant_id=body.pk, ancestor__kind=PartyOrgKind.COMMITTEE)
    found = links.order_by("depth").values_list("ancestor_id", flat=True).first()
    return PartyOrg.objects.get(pk=found) if found is not None else body


def home_of(person: Person, day: date) -> PartyOrg | None:
    """Return the body that answers for a person: the home branch, else the Party body of the unit or one above it."""
    home = (
        Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME).select_related("body").first()
    )
    if home is not None:
        return home.body
    if person.unit_id is None:
        return None
    above = AdminUnit.links().filter(on_day(day), descendant_id=person.unit_id)
    depths = dict(above.order_by().values_list("ancestor_id", "depth"))
    order = [str(kind) for kind in (*sorted(HOME_KINDS), *sorted(PARTY_KINDS - HOME_KINDS))]
    bodies = PartyOrg.objects.filter(on_day(day), unit_id__in=depths, kind__in=PARTY_KINDS)
    ranked = sorted(bodies, key=lambda body: (depths[body.unit_id or 0], order.index(body.kind), body.pk))
    return ranked[0] if ranked else None


def people_around(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who belongs to the body or below it, holds a post there, or works in a unit of it, by name."""
    below = descendants(PartyOrg, [body.pk], day=day)
    units = PartyOrg.objects.filter(pk__in=below, unit__isnull=False).order_by().values("unit_id")
    members = Membership.objects.filter(on_day(day), body_id__in=below).order_by().values("person_id")
    posts = PostHolding.objects.held_on(day).filter(body_id__in=below).order_by().values("person_id")
    found = Q(pk__in=members) | Q(pk__in=posts) | Q(unit_id__in=units)
    return Person.objects.filter(found, on_day(day)).select_related("unit").order_by("name", "pk")


def witnesses_of(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return who may witness for a body: who leads it or a body above it, by name."""
    above = PartyOrg.links().filter(on_day(day), descendant_id=body.pk).order_by().values("ancestor_id")
    posts = PostHolding.objects.held_on(day).filter(body_id__in=above, role__in=WITNESSES)
    people = Person.objects.filter(pk__in=posts.order_by().values("person_id"))
    return people.select_related("unit").order_by("name", "pk")


def first_witness(body: PartyOrg, day: date, *, besides: tuple[int, ...] = ()) -> Person | None:
    """Return the secretary of the body, else of the nearest one above it."""
    above = PartyOrg.links().filter(on_day(day), descendant_id=body.pk)
    depths = dict(above.order_by().values_list("ancestor_id", "depth"))
    posts = PostHolding.objects.held_on(day).filter(body_id__in=depths, role__in=WITNESSES).exclude(person__in=besides)
    order = {PostRole.SECRETARY: 0, PostRole.DEPUTY_SECRETARY: 1}
    rows = posts.select_related("person").order_by("pk")
    ranked = sorted(rows, key=lambda post: (depths[post.body_id or 0], order.get(PostRole(post.role), 2), post.pk))
    return ranked[0].person if ranked else None


def bodies_to_plan_in(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies for which `actor` may open a programme, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return OPEN_PROGRAMME.narrow(actor, rows, at=at).order_by("name", "pk")


def bodies_to_visit_for(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies for which `actor` may plan a visit, by name."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)), kind__in=PARTY_KINDS)
    return PLAN_VISIT.narrow(actor, rows, at=at).order_by("name", "pk")


def hosts_named(words: str, *, besides: int = 0) -> QuerySet[PartyOrg]:
    """Return the Party bodies whose name contains `words`, by name: whom one visits is often outside one's own tree."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=PARTY_KINDS, name__icontains=words.strip())
    return rows.exclude(pk=besides).order_by("name", "pk")
