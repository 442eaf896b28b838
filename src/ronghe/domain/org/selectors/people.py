"""People and bodies as an actor may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG, SEE_PERSON, SEE_UNIT
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
