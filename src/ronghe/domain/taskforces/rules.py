"""项目攻关临时党小组: who may see, propose, approve, lead one, and write about its difficult points."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, Own, local_day
from ronghe.domain.taskforces.enums import MemberPart
from ronghe.domain.taskforces.models import ForceMember, ForceSide, PointPerson
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.db.tree import on_day

SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
SETTERS_UP = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.ZONE_LEAD})
"""Who founds and dissolves what hangs below their body, and decides which playbook it works by."""


@dataclass(frozen=True, slots=True)
class OfSide:
    """One of the group's sides is a body that `reach`, asked of its `body_id`, holds for; `path` leads to the group."""

    reach: Reach
    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        sides = ForceSide.objects.filter(task_force_id=getattr(thing, self.path)).order_by("pk")
        return any(self.reach.holds(actor, roles, side, at) for side in sides)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        sides = ForceSide.objects.filter(reached).order_by()
        if walk:
            return Q(Exists(sides.filter(task_force=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": sides.values("task_force_id")})


@dataclass(frozen=True, slots=True)
class TakingPart:
    """The actor is in the group (`path` leads to it): on the day, or with `ever` at any time. Roles do not matter."""

    path: str = "pk"
    ever: bool = False
    parts: Collection[str] = frozenset(MemberPart.values)

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor, at).filter(task_force_id=getattr(thing, self.path)).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(**{f"{self.path}__in": self._mine(actor, at).order_by().values("task_force_id")})

    def _mine(self, actor: Person, at: datetime) -> Any:
        rows = ForceMember.objects.filter(person=actor, part__in=sorted(self.parts))
        return rows if self.ever else rows.filter(on_day(local_day(at)))


@dataclass(frozen=True, slots=True)
class FixedFor:
    """The actor is one of those fixed for the point, or with `in_charge` the one in charge. Roles do not matter."""

    in_charge: bool = False

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(point_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=self._mine(actor).order_by().values("point_id"))

    def _mine(self, actor: Person) -> Any:
        rows = PointPerson.objects.filter(person=actor)
        return rows.filter(is_in_charge=True) if self.in_charge else rows


def _seeing(group: str, below: str) -> tuple[Grant, ...]:
    """Who sees a group, or what hangs on one: `group` leads to it, `below` to its fields."""
    return (
        Grant(LEADERS | WATCHERS | TEAM, ByBody(f"{below}parent_id")),
        Grant(LEADERS | WATCHERS, OfSide(ByBody("body_id"), group)),
        Grant((), TakingPart(group, ever=True)),
        Grant((), Own(f"{below}proposed_by_id")),
    )


def _directing(group: str, below: str) -> tuple[Grant, ...]:
    return (
        Grant(SECRETARIES | {PostRole.ZONE_LEAD}, ByBody(f"{below}parent_id")),
        Grant(SECRETARIES, OfSide(ByBody("body_id"), group)),
    )


def _leading(group: str, below: str) -> tuple[Grant, ...]:
    return (*_directing(group, below), Grant((), TakingPart(group, parts=frozenset({MemberPart.LEADER}))))


SEE_TASK_FORCE = Permission("taskforces.see_task_force", *_seeing("pk", ""))
"""Secretaries of both sides, what stands above them, and whoever is or was in the group."""
PROPOSE_TASK_FORCE = Permission(
    "taskforces.propose_task_force", Grant(SECRETARIES | {PostRole.ZONE_LEAD}, ByBody("pk"))
)
"""Asked of a branch that signed the agreement, or of the zone's body."""
DECIDE_TASK_FORCE = Permission("taskforces.decide_task_force", Grant({PostRole.COMMITTEE_CLERK}, ByBody("parent_id")))
SET_UP_TASK_FORCE = Permission("taskforces.set_up_task_force", Grant(SETTERS_UP, ByBody("parent_id")))
"""Start and close: the branch below which the group hangs, for its body begins and ends with it."""
DIRECT_TASK_FORCE = Permission("taskforces.direct_task_force", *_directing("pk", ""))
"""The secretaries of all sides: who is in it, when it sums up."""
LEAD_TASK_FORCE = Permission("taskforces.lead_task_force", *_leading("pk", ""))
"""Those, and the group's own leader: points and their fixes, feature and brand, outcomes."""
TRACK_TASK_FORCE = Permission(
    "taskforces.track_task_force",
    *_directing("pk", ""),
    Grant((), TakingPart(parts=frozenset({MemberPart.LEADER, MemberPart.GUIDE}))),
)
RAISE_POINT = Permission("taskforces.raise_point", *_directing("pk", ""), Grant((), TakingPart()))
"""Asked of the group: whoever is in it may name a difficulty."""
OPEN_MESSENGER = Permission("taskforces.open_messenger", Grant((), TakingPart()))
"""The link to the members' messenger group is for them alone."""

SEE_POINT = Permission("taskforces.see_point", *_seeing("task_force_id", "task_force__"))
NOTE_POINT = Permission("taskforces.note_point", *_leading("task_force_id", "task_force__"), Grant((), FixedFor()))
RESOLVE_POINT = Permission(
    "taskforces.resolve_point", *_leading("task_force_id", "task_force__"), Grant((), FixedFor(in_charge=True))
)
