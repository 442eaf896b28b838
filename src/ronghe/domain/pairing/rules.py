"""Who may pair a group with a team, grant powers to its leader, use them, and settle what the leader proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, InBodyOf, Own
from ronghe.domain.pairing.models import PowerUse
from ronghe.kernel.access.permissions import Grant, Permission, Reach

SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
GRANTERS = SECRETARIES | {PostRole.COMMITTEE_CLERK}


@dataclass(frozen=True, slots=True)
class Named:
    """The use names the actor: whoever is concerned sees what was proposed or noted about them. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(thing.people.filter(pk=actor.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=PowerUse.people.through.objects.filter(person_id=actor.pk).values("poweruse_id"))


@dataclass(frozen=True, slots=True)
class NotByOneself:
    """As far as `reach`, but never to a use of the actor's own power."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return thing.power.leader_id != actor.pk and self.reach.holds(actor, roles, thing, at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(power__leader_id=actor.pk)


SEE_PAIR = Permission(
    "pairing.see_pair",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("group_id")),
    Grant(LEADERS | WATCHERS | TEAM, ByUnit("team_id")),
    Grant((), InBodyOf("group__parent_id")),
)
LINK_PAIR = Permission("pairing.link_pair", Grant(LEADERS, ByBody("pk")))
"""Asked of the group."""
GRANT_POWER = Permission("pairing.grant_power", Grant(GRANTERS, ByBody("group_id")))
"""Asked of the pair: the branch grants, and takes back."""
LIST_POWER = Permission("pairing.list_power", Grant({PostRole.COMMITTEE_CLERK}, ByBody("pk")))
"""Asked of any body of the field; the list is one for the platform."""
USE_POWER = Permission("pairing.use_power", Grant((), Own("leader_id")))
SEE_USE = Permission(
    "pairing.see_use",
    Grant((), Own("power__leader_id")),
    Grant(LEADERS | WATCHERS, ByBody("power__link__group_id")),
    Grant((), Named()),
)
SETTLE_USE = Permission("pairing.settle_use", Grant(SECRETARIES, NotByOneself(ByBody("power__link__group_id"))))
"""Adopt or return a proposal; a leader who is secretary as well never settles the own one."""
