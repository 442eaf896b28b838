"""Who may see, found and run a zone, keep its sheet, speak for a side, and set the figures behind the advice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own, local_day, roots, standing_of, value_at
from ronghe.domain.zones.models import ParticipatingUnit, ZoneProject
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import descendants, on_day

FOUNDERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})
RUNNERS = frozenset({PostRole.ZONE_LEAD, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
SHEET_KEEPERS = RUNNERS | {PostRole.PROJECT_MANAGER, PostRole.HSE_OFFICER}


def parts_of(actor: Person, day: date) -> QuerySet[ParticipatingUnit]:
    """Return the parts in zones for which `actor` stands on `day`: as contact, at home in the unit's branch, or in the unit."""
    mine = Q(contact_id=actor.pk) | Q(home_branch_id__in=standing_of(actor, day).bodies)
    if actor.unit_id is not None:
        above = AdminUnit.links().filter(on_day(day), descendant_id=actor.unit_id).order_by().values("ancestor_id")
        mine |= Q(unit_id__in=above)
    return ParticipatingUnit.objects.filter(mine, on_day(day))


@dataclass(frozen=True, slots=True)
class OnSide:
    """The actor stands on a side of the zone along `path` (to its id). Roles do not matter."""

    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return parts_of(actor, local_day(at)).filter(zone_id=getattr(thing, self.path)).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(**{f"{self.path}__in": parts_of(actor, local_day(at)).order_by().values("zone_id")})


class OfServedProject(ABC):
    """A reach over things of projects that zones serve: the project's id lies along `path`. The rooms of projects add their own."""

    path: str

    @abstractmethod
    def served(self, actor: Person, roles: frozenset[str], day: date) -> QuerySet[ZoneProject] | None:
        """Return the projects in zones that are reached, `None` where there are none for sure."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        found, project = self.served(actor, roles, local_day(at)), value_at(thing, self.path)
        return found is not None and project is not None and found.filter(project_id=project).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        found = self.served(actor, roles, local_day(at))
        if found is None:
            return None
        if walk:
            return Q(Exists(found.filter(project_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": found.order_by().values("project_id")})


@dataclass(frozen=True, slots=True)
class LeadingZone(OfServedProject):
    """The actor holds one of the roles in the branch of a zone that serves the project, or above it."""

    path: str = "project_id"

    def served(self, actor: Person, roles: frozenset[str], day: date) -> QuerySet[ZoneProject] | None:
        mine = roots(actor, roles, day, "body")
        if not mine:
            return None
        return ZoneProject.objects.filter(on_day(day), zone__body__in=descendants(PartyOrg, mine, day=day))


SEE_ZONE = Permission(
    "zones.see_zone",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("sponsor_id")),
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
)
PROPOSE_ZONE = Permission("zones.propose_zone", Grant(FOUNDERS, ByBody("pk")))
"""Asked of the sponsoring body."""
FOUND_ZONE = Permission("zones.found_zone", Grant(FOUNDERS, ByBody("sponsor_id")))
"""Agree, return, approve, start, dissolve: a post at the sponsor or above it."""
RUN_ZONE = Permission("zones.run_zone", Grant(FOUNDERS, ByBody("sponsor_id")), Grant(RUNNERS, ByBody("body_id")))
KEEP_SHEET = Permission(
    "zones.keep_sheet", Grant(FOUNDERS, ByBody("sponsor_id")), Grant(SHEET_KEEPERS, ByBody("body_id"))
)
SEE_WHOLE_SHEET = Permission(
    "zones.see_whole_sheet",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("sponsor_id")),
    Grant(LEADERS | WATCHERS | TEAM | SHEET_KEEPERS, ByBody("body_id")),
)
"""Everybody else reads the lines of the own side and the shared ones (D9)."""
SPEAK_FOR_SIDE = Permission(
    "zones.speak_for_side",
    Grant((), Own("contact_id")),
    Grant(FOUNDERS, ByBody("zone__sponsor_id")),
    Grant(RUNNERS, ByBody("zone__body_id")),
)
"""Asked of the participating unit: its contact, or whoever runs the zone noting what the side said."""
SET_PARAMETER = Permission("zones.set_parameter", Grant(FOUNDERS, ByBody("pk")))
"""Asked of the committee whose figures they are."""
