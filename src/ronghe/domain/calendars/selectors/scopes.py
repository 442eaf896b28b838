"""Whose calendar it is: the reader's own, a body's, or a zone's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Value

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import SEE_PARTY_ORG
from ronghe.domain.org.rules.reaches import local_day, standing_of
from ronghe.domain.org.selectors.readers import rows_of
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.rules import SEE_ZONE

ZONE, BODY = "zone", "body"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose entries are asked for, and by whom: nobody gets more than `actor` may see.

    `body_ids` are the bodies whose duties and activities stand in it; `posts` those of them in which the actor holds a
    post, for whom duties are the actor's own business.
    """

    actor: Person
    body_ids: tuple[int, ...]
    posts: tuple[int, ...] = ()
    title: str = ""
    word: str = "mine"
    """`mine`, `body-7` or `zone-3`: the scope in an address."""
    zone_id: int | None = None

    @property
    def is_mine(self) -> bool:
        return self.word == "mine"

    @property
    def numbers(self) -> tuple[int, ...]:
        """The bodies chosen, where they do not follow from who reads: what a prepared statement is filled in with."""
        return () if self.is_mine else self.body_ids


def own_scope(actor: Person, at: datetime) -> Scope:
    """Return the reader's own calendar: the bodies belonged to, and those in which a post is held."""
    standing = standing_of(actor, local_day(at))
    posts = {post.body_id for post in standing.posts if post.body_id is not None}
    bodies = tuple(sorted({*standing.bodies, *posts}))
    return Scope(actor, bodies, tuple(sorted(posts)))


def scope_with(actor: Person, at: datetime, numbers: Sequence[int]) -> Scope:
    """Return the scope that `numbers` of a scope came from, as far as a statement needs it."""
    return Scope(actor, tuple(numbers), word="") if numbers else own_scope(actor, at)


def scope_named(word: str, actor: Person, at: datetime) -> Scope | None:
    """Return the scope that an address names, `None` where there is none that `actor` may see."""
    if word in {"", "mine"}:
        return own_scope(actor, at)
    kind, _sep, number = word.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    if kind == "body":
        rows: Any = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(pk=int(number)), at=at, walk=True)
        body = rows.first()
        return None if body is None else scope_of_body(body, actor)
    if kind == "zone":
        zones: Any = SEE_ZONE.narrow(actor, CollaborationZone.objects.filter(pk=int(number)), at=at, walk=True)
        zone = zones.first()
        return None if zone is None else scope_of_zone(zone, actor)
    return None


def scope_of_body(body: PartyOrg, actor: Person) -> Scope:
    return Scope(actor, (body.pk,), title=body.name, word=f"body-{body.pk}")


def scope_of_zone(zone: CollaborationZone, actor: Person) -> Scope:
    bodies = (zone.body_id,) if zone.body_id is not None else ()
    return Scope(actor, bodies, title=zone.name, word=f"zone-{zone.pk}", zone_id=zone.pk)


def scopes_to_choose(actor: Person, at: datetime, most: int) -> list[tuple[str, str]]:
    """Return word and name of the zones, then of the bodies, that `actor` may see: what the switcher offers; one statement."""
    found = rows_of(_choices, actor, at, key=(most,))
    return [(f"{kind}-{pk}", name) for kind, name, pk in sorted(found, key=lambda row: (row[0] != ZONE, *row[1:]))]


def _choices(actor: Person, at: datetime, _more: Any, most: int) -> Any:
    zones = SEE_ZONE.narrow(actor, CollaborationZone.objects.all(), at=at)
    bodies = SEE_PARTY_ORG.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at)
    zone_keys = zones.order_by().values("pk")[:most]
    body_keys = bodies.order_by().values("pk")[:most]
    some_zones = CollaborationZone.objects.filter(pk__in=zone_keys).annotate(which=Value(ZONE))
    some_bodies = PartyOrg.objects.filter(pk__in=body_keys).annotate(which=Value(BODY))
    columns = ("which", "name", "pk")
    return some_zones.values_list(*columns).union(some_bodies.values_list(*columns), all=True)
