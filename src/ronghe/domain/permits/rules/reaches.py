"""How far a part in a permit and an office at a site reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.permits.models import Handover, PermitPart, SiteOffice
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class OnPermit:
    """The actor is named on the permit, as one of `roles` where told. Posts do not matter."""

    parts: Collection[str] | None = None

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(permit_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = self._mine(actor).order_by()
        return Q(Exists(mine.filter(permit=OuterRef("pk")))) if walk else Q(pk__in=mine.values("permit_id"))

    def _mine(self, actor: Person) -> QuerySet[PermitPart]:
        rows = PermitPart.objects.filter(person=actor)
        return rows if self.parts is None else rows.filter(role__in=sorted(self.parts))


@dataclass(frozen=True, slots=True)
class ToTakeOver:
    """A hand-over of the permit was offered to the actor and is open. Posts do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(permit_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = self._mine(actor).order_by()
        return Q(Exists(mine.filter(permit=OuterRef("pk")))) if walk else Q(pk__in=mine.values("permit_id"))

    def _mine(self, actor: Person) -> QuerySet[Handover]:
        return Handover.objects.filter(taker=actor, taken_at=None, dropped_at=None)


@dataclass(frozen=True, slots=True)
class AtSite:
    """The actor holds an office at the site (`path` leads to its id) on the day, one of `offices` where told."""

    path: str = "site_id"
    offices: Collection[str] | None = None

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor, at).filter(site_id=getattr(thing, self.path)).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = self._mine(actor, at).order_by()
        if walk:
            return Q(Exists(mine.filter(site=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": mine.values("site_id")})

    def _mine(self, actor: Person, at: datetime) -> QuerySet[SiteOffice]:
        rows = SiteOffice.objects.filter(on_day(local_day(at)), person=actor)
        return rows if self.offices is None else rows.filter(office__in=sorted(self.offices))
