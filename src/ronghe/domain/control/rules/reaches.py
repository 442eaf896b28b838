"""How far a hand goes on a project's site: over the sides of its zones (PJ-01), its zone's posts, and the parts in a review."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.control.models import Reviewer
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules.reaches import local_day, standing_of, value_at
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.models import ParticipatingUnit, ZoneProject
from ronghe.domain.zones.rules import OfServedProject
from ronghe.kernel.db.tree import on_day

BUILDERS = frozenset({ParticipantRole.CONSTRUCTOR, ParticipantRole.EPC_CONTRACTOR})
OWNERS = frozenset({ParticipantRole.OWNER, ParticipantRole.PMC})
DESIGNERS = frozenset({ParticipantRole.DESIGNER, ParticipantRole.EPC_CONTRACTOR})
SUPERVISORS = frozenset({ParticipantRole.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class InZone(OfServedProject):
    """The project is served by a zone in whose branch the actor takes part. Roles do not matter."""

    path: str = "project_id"

    def served(self, actor: Person, roles: frozenset[str], day: date) -> QuerySet[ZoneProject] | None:  # noqa: ARG002
        bodies = standing_of(actor, day).bodies
        return ZoneProject.objects.filter(on_day(day), zone__body__in=bodies).order_by() if bodies else None


@dataclass(frozen=True, slots=True)
class OnSide(OfServedProject):
    """The actor stands for a side of the project (PJ-01): takes part in its zone and comes from a unit with one of `sides`
    or from below it, or is that unit's contact. With `in_person` only the contact. Roles do not matter.
    """

    sides: Collection[str]
    path: str = "project_id"
    in_person: bool = False

    def served(self, actor: Person, roles: frozenset[str], day: date) -> QuerySet[ZoneProject] | None:  # noqa: ARG002
        parties = parties_of(actor, self.sides, day, in_person=self.in_person)
        return ZoneProject.objects.filter(on_day(day), zone__in=parties.values("zone_id")).order_by()


@dataclass(frozen=True, slots=True)
class InPlaceOfSupervisor(OfServedProject):
    """The owner's side, for projects in whose zone no supervisor takes part on that day. Roles do not matter."""

    path: str = "project_id"

    def served(self, actor: Person, roles: frozenset[str], day: date) -> QuerySet[ZoneProject] | None:  # noqa: ARG002
        parties = parties_of(actor, OWNERS, day)
        supervised = ParticipatingUnit.objects.filter(
            on_day(day), role__in=sorted(SUPERVISORS), zone__zone_projects__project=OuterRef("project_id")
        )
        rows = ZoneProject.objects.filter(on_day(day), ~Exists(supervised), zone__in=parties.values("zone_id"))
        return rows.order_by()


@dataclass(frozen=True, slots=True)
class InReview:
    """The actor reviews the document, or is the deputy of who does. Roles do not matter."""

    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(review_id=value_at(thing, self.path)).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if walk:
            return Q(Exists(self._mine(actor).filter(review=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": self._mine(actor).values("review_id")})

    def _mine(self, actor: Person) -> Any:
        return Reviewer.objects.filter(Q(person=actor) | Q(deputy=actor)).order_by()


@dataclass(frozen=True, slots=True)
class FromUnit:
    """The actor comes from the unit along `path` (to its id), or from below it. Roles do not matter."""

    path: str

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(units_above(actor, local_day(at)).filter(ancestor_id=value_at(thing, self.path)).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        above = units_above(actor, local_day(at))
        if walk:
            return Q(Exists(above.filter(ancestor_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": above.values("ancestor_id")})


def units_above(actor: Person, day: date) -> Any:
    """Return the links from the actor's unit to itself and every unit above it."""
    return AdminUnit.links().filter(on_day(day), descendant_id=actor.unit_id or 0).order_by()


def parties_of(
    actor: Person, sides: Collection[str], day: date, *, in_person: bool = False
) -> QuerySet[ParticipatingUnit]:
    """Return the participations for which the actor stands on `day`, of one of the sides."""
    mine = Q(contact=actor)
    if not in_person:
        above = units_above(actor, day).values("ancestor_id")
        mine |= Q(unit__in=above, zone__body__in=standing_of(actor, day).bodies)
    return ParticipatingUnit.objects.filter(on_day(day), mine, role__in=sorted(sides)).order_by()
