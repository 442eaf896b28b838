"""Who drafts and pilots, who reviews and rolls out, and who answers for a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody
from ronghe.domain.rollouts.models import Target
from ronghe.kernel.access.permissions import Grant, Permission, Reach

DRAFTERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})
OFFICE = frozenset({PostRole.COMMITTEE_CLERK})


@dataclass(frozen=True, slots=True)
class ThroughTarget:
    """The roll-out names a unit that `reach` holds: whoever is to take it up reads where it comes from."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        reached = self.reach.rows(actor, roles, at, walk=False)
        return reached is not None and Target.objects.filter(reached, rollout_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        reached = self.reach.rows(actor, roles, at, walk=False)
        return None if reached is None else Q(pk__in=Target.objects.filter(reached).order_by().values("rollout_id"))


SEE_ROLLOUT = Permission(
    "rollouts.see_rollout",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant(LEADERS | WATCHERS | TEAM, ThroughTarget(ByBody("body_id"))),
)
DRAFT_ROLLOUT = Permission("rollouts.draft_rollout", Grant(DRAFTERS, ByBody("pk")))
"""Asked of the body that hands something on."""
RUN_PILOT = Permission("rollouts.run_pilot", Grant(DRAFTERS, ByBody("body_id")))
REVIEW_PILOT = Permission("rollouts.review_pilot", Grant(OFFICE, ByBody("body_id")))
"""The committee's office alone: a branch does not approve its own pilot."""
ROLL_OUT = Permission("rollouts.roll_out", Grant(OFFICE, ByBody("body_id")))
SEE_TARGET = Permission(
    "rollouts.see_target",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant(LEADERS | WATCHERS, ByBody("rollout__body_id")),
)
ANSWER_TARGET = Permission("rollouts.answer_target", Grant(DRAFTERS, ByBody("body_id")))
"""Say why not yet, and tell what came of it."""
