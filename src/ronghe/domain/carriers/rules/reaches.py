"""How far a part in a carrier or in a call-up reaches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.carriers.enums import PUBLISHED, Answer, TeamState
from ronghe.domain.carriers.models import CallPerson, CallTeam, CarrierMember
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day, value_at
from ronghe.kernel.access.permissions import Reach
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class Published:
    """The carrier was approved: everybody may read what was promised. Roles do not matter."""

    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return thing.state in PUBLISHED

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(state__in=sorted(PUBLISHED))


@dataclass(frozen=True, slots=True)
class InCarrier:
    """The actor is in the carrier (`path` leads to it) on the day, as one of `parts` where told. Roles do not matter."""

    path: str = "pk"
    parts: Collection[str] | None = None

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        carrier = value_at(thing, self.path)
        return carrier is not None and bool(self._mine(actor, at).filter(carrier_id=carrier).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = self._mine(actor, at).order_by()
        if walk:
            return Q(Exists(mine.filter(carrier=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": mine.values("carrier_id")})

    def _mine(self, actor: Person, at: datetime) -> QuerySet[CarrierMember]:
        rows = CarrierMember.objects.filter(on_day(local_day(at)), person=actor)
        return rows if self.parts is None else rows.filter(part__in=sorted(self.parts))


@dataclass(frozen=True, slots=True)
class NotInCarrier:
    """As far as `reach`, but never to a carrier (`path` leads to it) that the actor is in: nobody judges the own work."""

    reach: Reach
    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        inside = InCarrier(self.path).holds(actor, roles, thing, at)
        return not inside and bool(self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        inside = InCarrier(self.path).rows(actor, roles, at, walk=True)
        return None if reached is None or inside is None else reached & ~inside


@dataclass(frozen=True, slots=True)
class OfTeam:
    """One of the call-up's teams is one that `reach`, asked of the team, holds for; only teams in one of `states`."""

    reach: Reach
    states: Collection[str] = frozenset({TeamState.CALLED})

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        rows = CallTeam.objects.filter(call_id=thing.pk, state__in=sorted(self.states)).select_related("carrier")
        return any(self.reach.holds(actor, roles, team, at) for team in rows.order_by("pk"))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        rows = CallTeam.objects.filter(reached, state__in=sorted(self.states)).order_by()
        return Q(Exists(rows.filter(call=OuterRef("pk")))) if walk else Q(pk__in=rows.values("call_id"))


@dataclass(frozen=True, slots=True)
class Called:
    """The actor is called up in it. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return CallPerson.objects.filter(call_id=thing.pk, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = CallPerson.objects.filter(person=actor).order_by()
        return Q(Exists(mine.filter(call=OuterRef("pk")))) if walk else Q(pk__in=mine.values("call_id"))


@dataclass(frozen=True, slots=True)
class NotOnSite:
    """As far as `reach`, but never to a call-up in which the actor was on site."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        here = CallPerson.objects.filter(call_id=thing.pk, person=actor, answer=Answer.ARRIVED).exists()
        return not here and bool(self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        here = CallPerson.objects.filter(person=actor, answer=Answer.ARRIVED, call=OuterRef("pk")).order_by()
        return None if reached is None else reached & ~Q(Exists(here))
