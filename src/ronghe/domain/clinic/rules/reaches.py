"""Reaches that only the clinic knows: what is not sealed, what waits for anybody of a field, what is shown to all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.clinic.enums import ExpertState
from ronghe.domain.clinic.models import Expert
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import value_at
from ronghe.kernel.access.permissions import Reach

OPEN = "asked"
"""The state of a case that nobody has taken."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The thing's `field` says that it is for everybody in the unit. Roles do not matter."""

    field: str
    value: str
    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(getattr(thing, self.field) == self.value)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(**{self.field: self.value})


@dataclass(frozen=True, slots=True)
class ExpertIn:
    """The actor sits as an expert of the field that the thing (along `path`, to its id) is about. Roles do not matter."""

    path: str = "field_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        field = value_at(thing, self.path)
        return field is not None and self._mine(actor).filter(clinicfield_id=field).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if walk:
            return Q(Exists(self._mine(actor).filter(clinicfield_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": self._mine(actor).values("clinicfield_id")})

    def _mine(self, actor: Person) -> Any:
        through = Expert.fields.through.objects
        return through.filter(expert__person=actor, expert__state=ExpertState.ACTIVE).order_by()


@dataclass(frozen=True, slots=True)
class Unsealed:
    """As far as `reach`, but never to a sealed case."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return value_at(thing, "case_sheet__is_sealed") is False and self.reach.holds(actor, roles, thing, at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & Q(case_sheet__is_sealed=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """As far as `reach`, to an unsealed case only while nobody has taken it."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        is_open = thing.state == OPEN and thing.owner_id is None
        return is_open and Unsealed(self.reach).holds(actor, roles, thing, at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = Unsealed(self.reach).rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & Q(state=OPEN, owner__isnull=True)


@dataclass(frozen=True, slots=True)
class Agreed:
    """As far as `reach`, once the asker agreed that the case is told."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return thing.agreed_at is not None and self.reach.holds(actor, roles, thing, at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & Q(agreed_at__isnull=False)


@dataclass(frozen=True, slots=True)
class NotOwn:
    """As far as `reach`, but never to what is the actor's own along one of `paths`: nobody settles the own thing."""

    reach: Reach
    paths: Collection[str]

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return all(value_at(thing, path) != actor.pk for path in self.paths) and self.reach.holds(
            actor, roles, thing, at
        )

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is not None:
            for path in self.paths:
                reached &= ~Q(**{path: actor.pk})
        return reached
