"""People and bodies as an actor may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ronghe.domain.org.enums import HOME_KINDS, PARTY_MEMBERS, WORKING_KINDS, MembershipKind, PartyOrgKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules import ENROL, SEE_PARTY_ORG, SEE_PERSON, SEE_UNIT
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.db.tree import on_day


def home_branches(tokens: Sequence[int], at: datetime) -> Mapping[int, int]:
    """Return the home branch of each person that has one on the day of `at`, by token."""
    rows = Membership.objects.filter(on_day(local_day(at)), kind=MembershipKind.HOME, person__token__in=tokens)
    return dict(rows.values_list("person__token", "body_id"))


def people_seen_by(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the people that `actor` may see, by name."""
    rows = SEE_PERSON.narrow(actor, Person.objects.all(), at=at)
    return rows.select_related("unit").order_by("name", "pk")


def person_seen_by(actor: Person, at: datetime) -> QuerySet[Person]:
    """Return the people that `actor` may see, to be cut to one: asked of that one, not of everybody in reach."""
    return SEE_PERSON.narrow(actor, Person.objects.select_related("unit"), at=at, walk=True)


def bodies_seen_by(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the Party bodies that `actor` may see, by name."""
    rows = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at)
    return rows.select_related("unit", "parent").order_by("name", "pk")


def units_seen_by(actor: Person, at: datetime) -> QuerySet[AdminUnit]:
    """Return the units that `actor` may see, by name."""
    rows = SEE_UNIT.narrow(actor, AdminUnit.objects.filter(valid_until=None), at=at)
    return rows.select_related("parent").order_by("name", "pk")


def bodies_to_choose(actor: Person, at: datetime, most: int) -> list[tuple[str, str]]:
    """Return key and name of the bodies that `actor` may see, by name: what a filter offers.

    Whoever sees more than `most` is offered some of them: nobody looks through a thousand, and reading them all for every
    page would cost more than the page.
    """
    rows = PartyOrg.objects.filter(valid_until=None)
    return _offered(SEE_PARTY_ORG.sight_of(actor, at).some(rows, most=most, fields=("name", "pk")))


def units_to_choose(actor: Person, at: datetime, most: int) -> list[tuple[str, str]]:
    """Return key and name of the units that `actor` may see, by name; of some of them where there are more than `most`."""
    rows = AdminUnit.objects.filter(valid_until=None)
    return _offered(SEE_UNIT.sight_of(actor, at).some(rows, most=most, fields=("name", "pk")))


def _offered(rows: list[tuple[Any, ...]]) -> list[tuple[str, str]]:
    return [(str(pk), name) for name, pk in sorted(rows)]


def people_in(body: PartyOrg, day: date) -> QuerySet[Person]:
    """Return everybody who belongs to `body` on `day`, at home or as a participant, by name."""
    inside = Membership.objects.filter(on_day(day), body=body).order_by().values("person_id")
    return Person.objects.filter(pk__in=inside).select_related("unit").order_by("name", "pk")


def members_without_home(day: date) -> QuerySet[Person]:
    """Return the Party members who have no home on `day` (PO-13)."""
    home = Membership.objects.filter(on_day(day), kind=MembershipKind.HOME, person_id=OuterRef("pk"))
    rows = Person.objects.filter(valid_until=None, political_status__in=PARTY_MEMBERS, outside_home_branch=None)
    return rows.filter(~Exists(home))


def members_without_group(day: date) -> QuerySet[Person]:
    """Return the Party members whose home has groups on `day` and who are in none of them (PO-13)."""
    groups = PartyOrg.objects.filter(on_day(day), parent_id=OuterRef("body_id"), kind=PartyOrgKind.PARTY_GROUP)
    home = Membership.objects.filter(
        Exists(groups), on_day(day), kind=MembershipKind.HOME, group=None, person_id=OuterRef("pk")
    )
    return Person.objects.filter(Exists(home), valid_until=None, political_status__in=PARTY_MEMBERS)


def places_to_enrol(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the branches, and the groups of branches, into which `actor` may put people for good, by name (PO-12)."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=[*HOME_KINDS, PartyOrgKind.PARTY_GROUP])
    return ENROL.narrow(actor, rows, at=at).select_related("parent").order_by("name", "pk")


def working_bodies_to_enrol(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the working bodies in which `actor` may let people take part, by name (PO-12)."""
    rows = PartyOrg.objects.filter(valid_until=None, kind__in=WORKING_KINDS)
    return ENROL.narrow(actor, rows, at=at).select_related("parent").order_by("name", "pk")
