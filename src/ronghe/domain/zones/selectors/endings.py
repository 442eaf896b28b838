"""What the end of a zone takes with it, counted before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.floating.enums import StayState
from ronghe.domain.floating.models import FloatingStay
from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import AdminUnit, Membership, PartyOrg, Person, PostHolding
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit


@dataclass(frozen=True, slots=True)
class WhatEnds:
    """What goes with a zone. `in_the_way` are bodies and units below its two bodies that have to be closed first."""

    adoptions: list[Adoption]
    participations: int
    posts: int
    units: int
    floating: list[FloatingStay]
    unsettled: int
    """Floating members registered here and not attached: nobody knows yet whose they are."""
    groups: list[PartyOrg]
    in_the_way: list[str]
    agreement: Agreement | None
    """Goes on: its sides end it themselves."""

    @property
    def counts(self) -> dict[str, int]:
        return {
            "adoptions": len(self.adoptions), "participations": self.participations, "posts": self.posts,
            "units": self.units, "floating": len(self.floating), "groups": len(self.groups),
        }  # fmt: skip


def what_ends(zone: CollaborationZone) -> WhatEnds:
    """Return what the end of a started zone takes with it; a constant number of statements."""
    groups: list[PartyOrg] = []
    others: list[PartyOrg] = []
    for body in _below(zone):
        (groups if body.kind == PartyOrgKind.PARTY_GROUP else others).append(body)
    attached = stays_of(zone).filter(state=StayState.ATTACHED).select_related("person", "home_branch")
    return WhatEnds(
        adoptions=list(adoptions_ending(zone)),
        participations=memberships_ending(zone).count(),
        posts=posts_ending(zone).count(),
        units=ParticipatingUnit.objects.filter(zone=zone, valid_until=None).count(),
        floating=list(attached.order_by("person__name", "pk")),
        unsettled=stays_of(zone).filter(state__in=[StayState.FOUND, StayState.VERIFIED]).count(),
        groups=groups,
        in_the_way=[body.name for body in others] + _in_office(zone),
        agreement=zone.agreement if zone.agreement is not None and zone.agreement.valid_until is not None else None,
    )


def adoptions_ending(zone: CollaborationZone) -> QuerySet[Adoption]:
    rows = Adoption.objects.filter(body=zone.body_id, valid_until=None).select_related("version", "body")
    return rows.order_by("pk")


def memberships_ending(zone: CollaborationZone) -> QuerySet[Membership]:
    rows = Membership.objects.filter(body=zone.body_id, valid_until=None).select_related("person", "body")
    return rows.order_by("pk")


def posts_ending(zone: CollaborationZone) -> QuerySet[PostHolding]:
    """Return the posts in both bodies of the zone and in the Party groups below."""
    groups = PartyOrg.objects.filter(parent=zone.body_id, valid_until=None, kind=PartyOrgKind.PARTY_GROUP).values("pk")
    place = Q(body=zone.body_id) | Q(unit=zone.office_id) | Q(body__in=groups)
    rows = PostHolding.objects.filter(place, valid_until=None).select_related("person", "body", "unit")
    return rows.order_by("pk")


def stays_of(zone: CollaborationZone) -> QuerySet[FloatingStay]:
    return FloatingStay.objects.filter(body=zone.body_id).select_related("body", "membership")


def _below(zone: CollaborationZone) -> list[PartyOrg]:
    rows = PartyOrg.objects.filter(parent=zone.body_id, valid_until=None)
    return list(rows.order_by("name", "pk")) if zone.body_id is not None else []


def _in_office(zone: CollaborationZone) -> list[str]:
    units = AdminUnit.objects.filter(parent=zone.office_id, parent__isnull=False, valid_until=None)
    found = list(units.order_by("name", "pk").values_list("name", flat=True))
    here = Person.objects.filter(unit=zone.office_id, unit__isnull=False, valid_until=None)
    return found + list(here.order_by("name", "pk").values_list("name", flat=True))
