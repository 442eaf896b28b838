"""Who may see an item and add to it, and the reaches that the rights of the kinds are built from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import ItemPerson
from ronghe.domain.items.rules.kinds import declared_kinds
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.domain.taskforces.rules import TakingPart as InForce
from ronghe.kernel.access.permissions import Grant, Permission, Reach


@dataclass(frozen=True, slots=True)
class Open:
    """As far as `reach`, but not to what only those involved may read; `path` leads from the thing to its item."""

    reach: Reach
    path: str = ""

    @property
    def is_plain(self) -> bool:
        return getattr(self.reach, "is_plain", False)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        item = getattr(thing, self.path) if self.path else thing
        return bool(item.visibility != Visibility.INVOLVED and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        field = f"{self.path}__visibility" if self.path else "visibility"
        return None if reached is None else reached & ~Q(**{field: Visibility.INVOLVED})


@dataclass(frozen=True, slots=True)
class ForEveryone:
    """The item is published to the whole unit. Roles do not matter."""

    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(thing.visibility == Visibility.EVERYONE)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(visibility=Visibility.EVERYONE)


@dataclass(frozen=True, slots=True)
class SeesTo:
    """The item's kind lets the actor see to what only those involved may read. The kind's own right names the roles."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        kind = declared_kinds().get(thing.kind)
        if kind is None or kind.involved_right is None or thing.visibility != Visibility.INVOLVED:
            return False
        return kind.involved_right.allows(actor, thing, at=at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        found = [
            Q(kind=kind.id, visibility=Visibility.INVOLVED) & reached
            for kind in declared_kinds().values()
            if kind.involved_right is not None
            for grant in kind.involved_right.grants
            if (reached := grant.reach.rows(actor, grant.roles, at, walk=walk)) is not None
        ]
        return reduce(or_, found) if found else None


@dataclass(frozen=True, slots=True)
class TakingPart:
    """The actor has one of `parts` (any, unless told) in the item, until somebody took it back. Roles do not matter."""

    parts: Collection[str] | None = None
    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(item_id=getattr(thing, self.path)).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = self._mine(actor).order_by()
        if walk:
            return Q(Exists(mine.filter(item=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": mine.values("item_id")})

    def _mine(self, actor: Person) -> Any:
        rows = ItemPerson.objects.filter(person=actor, until=None)
        return rows if self.parts is None else rows.filter(part__in=sorted(self.parts))


@dataclass(frozen=True, slots=True)
class NotBy:
    """As far as `reach`, but never to what is the actor's own along one of `paths`: nobody judges the own work."""

    reach: Reach
    paths: tuple[str, ...] = ("owner_id",)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        if any(getattr(thing, path) == actor.pk for path in self.paths):
            return False
        return bool(self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        for path in self.paths:
            # A bare `~Q(owner=…)` loses the rows without an owner on both databases.
            reached &= ~Q(**{path: actor.pk}) | Q(**{f"{path.removesuffix('_id')}__isnull": True})
        return reached


SEE_ITEM = Permission(
    "items.see_item",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, Open(ByBody("body_id"))),
    Grant((), Open(InBodyOf("body_id"))),
    Grant((), Open(InBodyOf("zone__body_id"))),
    Grant((), Open(InForce("force_id"))),
    Grant((), ForEveryone()),
    Grant((), Own("owner_id")),
    Grant((), Own("raised_by_id")),
    Grant((), TakingPart()),
    Grant((), SeesTo()),
)
ADD_NOTE = Permission(
    "items.add_note",
    Grant(LEADERS | MASS_LEADERS, Open(ByBody("body_id"))),
    Grant((), Own("owner_id")),
    Grant((), Own("raised_by_id")),
    Grant((), TakingPart()),
    Grant((), SeesTo()),
)
