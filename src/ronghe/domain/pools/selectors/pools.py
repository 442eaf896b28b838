"""Pools as an actor may see them, their sides, and for which of these somebody speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ronghe.domain.agreements.enums import BINDING
from ronghe.domain.agreements.models import Agreement, AgreementParty
from ronghe.domain.agreements.rules import ACT_FOR_SIDE
from ronghe.domain.agreements.selectors.agreements import with_sides
from ronghe.domain.agreements.selectors.sides import people_of_side
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.pools.models import Part, Pool, Side
from ronghe.domain.pools.rules import NOTE_MOOD, OFFER_ITEM, SEE_POOL
from ronghe.domain.zones.enums import LIVING
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.domain.zones.rules import SEE_ZONE
from ronghe.domain.zones.selectors.zones import participating_units, people_of
from ronghe.kernel.access.permissions import Permission
from ronghe.kernel.db.tree import on_day

MOST_POOLS = 100
"""So many of either kind are offered in a chooser; any other one is found by its key."""
SIDE_READ = ("unit", "party__agreement", "party__body__unit", "party__unit")
"""What a row of this room needs to name its side and its pool."""


def in_open_pool(day: date) -> Q:
    """Return the condition that an item's pool is shared on `day` (as `Pool.is_open` says of one)."""
    in_force = on_day(day, "party__agreement__") & Q(party__agreement__state__in=sorted(BINDING))
    return Q(zone__state__in=sorted(LIVING)) | in_force


def of_pool(pool: Pool) -> Q:
    """Return the condition that an item or a note belongs to the pool."""
    return Q(zone=pool.zone) if pool.zone is not None else Q(party__agreement=pool.agreement)


def pools_seen_by(actor: Person, at: datetime, *, is_open: bool = False) -> list[Pool]:
    """Return the pools that `actor` may see, with `is_open` only those shared today; zones first, each by name."""
    zones, agreements = _zones(actor, at), _agreements(actor, at)
    if is_open:
        zones = zones.filter(state__in=sorted(LIVING))
        agreements = agreements.filter(on_day(local_day(at)))
    return [
        *(Pool(zone=zone) for zone in zones.order_by("name", "pk")[:MOST_POOLS]),
        *(Pool(agreement=one) for one in agreements.order_by("title", "pk")[:MOST_POOLS]),
    ]


def pool_called(key: str, actor: Person, at: datetime) -> Pool | None:
    """Return the pool with this key, where there is one that `actor` may see."""
    kind, _sep, number = key.partition("-")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    if kind == "zone":
        zone = _zones(actor, at).filter(pk=number).first()
        return Pool(zone=zone) if zone is not None else None
    agreement = _agreements(actor, at).filter(pk=number).first() if kind == "agreement" else None
    return Pool(agreement=agreement) if agreement is not None else None


def parts_offering(actor: Person, at: datetime) -> list[Part]:
    """Return the sides for which `actor` may offer something today, zones first; two statements."""
    return _parts(actor, at, OFFER_ITEM)


def parts_noting(actor: Person, at: datetime) -> list[Part]:
    """Return the sides of whose people `actor` may write how they feel, zones first; two statements."""
    return _parts(actor, at, NOTE_MOOD)


def part_called(key: str, parts: Callable[[Person, datetime], list[Part]], actor: Person, at: datetime) -> Part | None:
    """Return the side with this key, where it is one of those that `parts` gives."""
    return next((part for part in parts(actor, at) if part.key == key), None)


def sides_of(pool: Pool, day: date) -> list[Side]:
    """Return the sides of a pool on `day`: a zone's units by name, an agreement's parties 甲方 first."""
    if pool.zone is not None:
        return list(dict.fromkeys(Side(unit=row.unit) for row in participating_units(pool.zone, day)))
    assert pool.agreement is not None  # one of both is given
    return [Side(party=party) for party in pool.agreement.sides]


def side_of(pool: Pool, person: Person, day: date) -> Side | None:
    """Return the side to which `person` belongs on `day`.

    In a zone the unit nearest above the own one. In an agreement the party whose body is the nearest above a body that
    the person belongs to or holds a post in; else the one whose unit is the nearest above the own.
    """
    sides = sides_of(pool, day)
    if pool.zone is None:
        by_body = {side.party.body_id: side for side in sides if side.party is not None}
        standing = standing_of(person, day)
        bodies = {*standing.bodies, *(post.body_id for post in standing.posts if post.body_id is not None)}
        links = PartyOrg.links().filter(on_day(day), descendant_id__in=bodies, ancestor_id__in=by_body)
        nearest = links.order_by("depth", "ancestor_id").values_list("ancestor_id", flat=True).first()
        if nearest is not None:
            return by_body[nearest]
    if person.unit_id is None:
        return None
    by_unit = {pk: side for side in reversed(sides) if (pk := _unit_of(side)) is not None}
    links = AdminUnit.links().filter(on_day(day), descendant_id=person.unit_id, ancestor_id__in=by_unit)
    nearest = links.order_by("depth").values_list("ancestor_id", flat=True).first()
    return by_unit[nearest] if nearest is not None else None


def people_of_pool(pool: Pool, day: date) -> QuerySet[Person]:
    """Return everybody of the pool on `day`, by name: who takes part in the zone, who belongs to the agreement's sides."""
    if pool.zone is not None:
        return people_of(pool.zone, day)
    belong = Q()
    for side in sides_of(pool, day):
        assert side.party is not None  # an agreement's sides are parties
        belong |= Q(pk__in=people_of_side(side.party, day).order_by().values("pk"))
    return Person.objects.filter(belong).select_related("unit").order_by("name", "pk")


def _unit_of(side: Side) -> int | None:
    if side.unit is not None:
        return side.unit.pk
    assert side.party is not None  # one of both is given
    return side.party.unit_id or side.party.body.unit_id


def _zones(actor: Person, at: datetime) -> QuerySet[CollaborationZone]:
    return SEE_ZONE.narrow(actor, CollaborationZone.objects.filter(body__isnull=False), at=at)


def _agreements(actor: Person, at: datetime) -> QuerySet[Agreement]:
    """Return the agreements with a pool; a supplement adds to the text of another one and has none of its own."""
    rows = Agreement.objects.filter(state__in=sorted(BINDING), supplements=None)
    return SEE_POOL.narrow(actor, rows, at=at).prefetch_related(with_sides())


def _parts(actor: Person, at: datetime, right: Permission) -> list[Part]:
    """Return the parts for which `right` is there in a zone, and those in agreements that the actor acts for."""
    day = local_day(at)
    units = ParticipatingUnit.objects.filter(on_day(day), zone__state__in=sorted(LIVING))
    units = right.narrow(actor, units, at=at).select_related("zone__body", "unit", "home_branch")
    parties = AgreementParty.objects.filter(
        on_day(day, "agreement__"), agreement__state__in=sorted(BINDING), agreement__supplements=None
    )
    parties = ACT_FOR_SIDE.narrow(actor, parties, at=at).select_related("agreement", "body__unit", "unit")
    return [
        *(Part(row) for row in units.order_by("zone__name", "unit__name", "pk")),
        *(Part(row) for row in parties.order_by("agreement__title", "position", "pk")),
    ]
