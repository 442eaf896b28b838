"""Who may see, open, do and settle tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission, Reach

OPENERS = MASS_LEADERS | {
    PostRole.COMMITTEE_CLERK,
    PostRole.SECRETARY,
    PostRole.DEPUTY_SECRETARY,
    PostRole.ZONE_LEAD,
    PostRole.GROUP_LEADER,
}
SETTLERS = frozenset({PostRole.SECRETARY, PostRole.ZONE_LEAD})


@dataclass(frozen=True, slots=True)
class NotOwn:
    """As far as `reach`, but never to what the actor answers for: nobody accepts the own work."""

    reach: Reach
    path: str = "assignee_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return bool(getattr(thing, self.path) != actor.pk and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(**{self.path: actor.pk})


SEE_TASK = Permission(
    "work.see_task",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), Own("assignee_id")),
    Grant((), Own("opened_by_id")),
)
OPEN_TASK = Permission("work.open_task", Grant(OPENERS, ByBody("pk")))
"""Asked of the body."""
SUBMIT_TASK = Permission("work.submit_task", Grant((), Own("assignee_id")))
SETTLE_TASK = Permission(
    "work.settle_task", Grant(SETTLERS, NotOwn(ByBody("body_id"))), Grant((), NotOwn(Own("opened_by_id")))
)
"""Accept or return."""
CANCEL_TASK = Permission(
    "work.cancel_task", Grant(SETTLERS, NotOwn(ByBody("body_id"))), Grant((), NotOwn(Own("opened_by_id")))
)
