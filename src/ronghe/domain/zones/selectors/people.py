"""Who is in a zone: posts in its two bodies, people side by side, and who holds posts in several places (交叉任职)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, Person, PostHolding
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.domain.zones.selectors.sides import nearest_units
from ronghe.domain.zones.selectors.zones import participating_units, people_of
from ronghe.kernel.db.tree import on_day

BRANCH_POSTS = (
    PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER,
    PostRole.DISCIPLINE_MEMBER, PostRole.COMMITTEE_MEMBER, PostRole.ZONE_LEAD,
)  # fmt: skip
OFFICE_POSTS = (PostRole.PROJECT_MANAGER, PostRole.HSE_OFFICER)
"""Held in the co-built branch as well: it is one crew with two bodies, and rights hang on the branch."""


@dataclass(slots=True)
class Side:
    """One unit of the zone with its roles there and its people."""

    unit: AdminUnit
    parties: list[ParticipatingUnit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def members(self) -> int:
        return sum(person.is_party_member for person in self.people)

    @property
    def contact(self) -> Person | None:
        return next((party.contact for party in self.parties if party.contact is not None), None)


@dataclass(frozen=True, slots=True)
class Overlap:
    """A person with posts in the zone and further ones at home or in a unit."""

    person: Person
    here: list[PostHolding]
    elsewhere: list[PostHolding]


def posts_in(zone: CollaborationZone, day: date) -> QuerySet[PostHolding]:
    """Return the posts in the zone's branch and office on `day`, in the order in which they were given."""
    place = Q(body__isnull=False, body=zone.body_id) | Q(unit__isnull=False, unit=zone.office_id)
    rows = PostHolding.objects.filter(place, on_day(day)).select_related("person__unit")
    return rows.order_by("pk")


def sides_of(zone: CollaborationZone, day: date) -> list[Side]:
    """Return the units of the zone by name, each with the people from it or from below it; three statements.

    Whoever belongs to a unit inside another participating unit stands with the nearer one.
    """
    sides: dict[int, Side] = {}
    for party in participating_units(zone, day):
        sides.setdefault(party.unit_id, Side(party.unit)).parties.append(party)
    people = list(people_of(zone, day))
    units = {person.unit_id for person in people if person.unit_id is not None}
    nearest = nearest_units(sides, units, day)
    for person in people:
        found = nearest.get(person.unit_id or 0)
        if found is not None:
            sides[found].people.append(person)
    return list(sides.values())


def overlaps_of(zone: CollaborationZone, day: date) -> list[Overlap]:
    """Return who holds two posts in the zone, or one here and another elsewhere, by name; two statements."""
    here: dict[int, list[PostHolding]] = defaultdict(list)
    for post in posts_in(zone, day):
        here[post.person_id].append(post)
    others: dict[int, list[PostHolding]] = defaultdict(list)
    mine = Q(body__isnull=False, body=zone.body_id) | Q(unit__isnull=False, unit=zone.office_id)
    rows = PostHolding.objects.filter(on_day(day), person_id__in=here).exclude(mine)
    for post in rows.select_related("body", "unit").order_by("pk"):
        others[post.person_id].append(post)
    found = [
        Overlap(posts[0].person, posts, others[person])
        for person, posts in here.items()
        if len(posts) > 1 or others[person]
    ]
    return sorted(found, key=lambda one: (one.person.initials, one.person.pk))
