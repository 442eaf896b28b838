"""进度计划: who sees a plan, who plans, who reports from the site, who approves a baseline, who vouches for money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.items.rules import NotBy
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, InBodyOf, Own, local_day, standing_of, value_at
from ronghe.domain.projects.rules import KEEPERS
from ronghe.domain.schedule.models import Lot, ScheduleTask
from ronghe.domain.zones.models import ZoneProject
from ronghe.domain.zones.rules import LeadingZone, OfServedProject, parts_of
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day

DECIDERS = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.PROJECT_MANAGER})
"""Who approves a baseline that somebody else proposed."""
BOOKKEEPERS = KEEPERS | {PostRole.AUDITOR}
"""Who vouches for an amount that somebody else entered."""


@dataclass(frozen=True, slots=True)
class TakingPart(OfServedProject):
    """The actor belongs to the zone's branch or stands on one of its sides. Roles do not matter."""

    path: str

    def served(self, actor: Person, roles: frozenset[str], day: date) -> QuerySet[ZoneProject]:  # noqa: ARG002
        sides = Q(zone_id__in=parts_of(actor, day).order_by().values("zone_id"))
        return ZoneProject.objects.filter(on_day(day), sides | Q(zone__body_id__in=standing_of(actor, day).bodies))


@dataclass(frozen=True, slots=True)
class Building:
    """The actor works in the unit that builds a lot of the schedule. Roles do not matter."""

    path: str = "pk"

    def _lots(self, actor: Person, day: date) -> QuerySet[Lot]:
        above = AdminUnit.links().filter(on_day(day), descendant_id=actor.unit_id).order_by().values("ancestor_id")
        return Lot.objects.filter(unit_id__in=above)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        if actor.unit_id is None:
            return False
        return self._lots(actor, local_day(at)).filter(schedule_id=value_at(thing, self.path)).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if actor.unit_id is None:
            return None
        found = self._lots(actor, local_day(at))
        if walk:
            return Q(Exists(found.filter(schedule_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": found.order_by().values("schedule_id")})


@dataclass(frozen=True, slots=True)
class Answering:
    """The actor answers for a task of the schedule. Roles do not matter."""

    def _mine(self, actor: Person) -> QuerySet[ScheduleTask]:
        return ScheduleTask.objects.filter(person=actor, removed_at=None)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return self._mine(actor).filter(schedule_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if walk:
            return Q(Exists(self._mine(actor).filter(schedule_id=OuterRef("pk"))))
        return Q(pk__in=self._mine(actor).order_by().values("schedule_id"))


def _of_project(roles: frozenset[PostRole], prefix: str) -> tuple[Grant, ...]:
    """The posts at the body that answers for the project, in the unit that runs it, and in the zones that serve it."""
    project = prefix.removesuffix("__")
    return (
        Grant(roles, ByBody(f"{prefix}body_id")),
        Grant(roles, ByUnit(f"{prefix}unit_id")),
        Grant(roles, LeadingZone(f"{project}_id" if project else "pk")),
    )


SEE_SCHEDULE = Permission(
    "schedule.see_schedule",
    *_of_project(LEADERS | WATCHERS | TEAM | {PostRole.PROJECT_MANAGER}, "project__"),
    Grant((), InBodyOf("project__body_id")),
    Grant((), TakingPart("project_id")),
    Grant((), Building()),
    Grant((), Answering()),
)
START_SCHEDULE = Permission("schedule.start_schedule", *_of_project(KEEPERS, ""))
"""Asked of the project."""
PLAN_SCHEDULE = Permission("schedule.plan_schedule", *_of_project(KEEPERS, "project__"))
"""Tasks, links, lots, days off, files, and proposing a baseline."""
REPORT_PROGRESS = Permission(
    "schedule.report_progress",
    *_of_project(KEEPERS, "schedule__project__"),
    Grant({PostRole.TEAM_LEADER, PostRole.PROJECT_MANAGER}, ByUnit("lot__unit_id")),
    Grant((), Own("person_id")),
)
"""Asked of the task: who answers for it, the foremen of the unit that builds its lot, and who plans."""
APPROVE_BASELINE = Permission(
    "schedule.approve_baseline",
    *(
        Grant(grant.roles, NotBy(grant.reach, ("proposed_by_id",)))
        for grant in _of_project(DECIDERS, "schedule__project__")[:2]
    ),
)
"""Approve or refuse: a head at the project's body or unit, never who proposed it."""
WITHDRAW_BASELINE = Permission("schedule.withdraw_baseline", Grant((), Own("proposed_by_id")))
ENTER_AMOUNT = Permission("schedule.enter_amount", *_of_project(KEEPERS, "project__")[:2])
VOUCH_AMOUNT = Permission(
    "schedule.vouch_amount",
    *(
        Grant(grant.roles, NotBy(grant.reach, ("entered_by_id",)))
        for grant in _of_project(BOOKKEEPERS, "schedule__project__")[:2]
    ),
)
WITHDRAW_AMOUNT = Permission(
    "schedule.withdraw_amount",
    *_of_project(BOOKKEEPERS, "schedule__project__")[:2],
    Grant((), Own("entered_by_id")),
)
