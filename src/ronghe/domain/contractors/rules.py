"""Who may see and keep contractors and their people, decide about them, and stand at the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.contractors.models import Worker
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, Own
from ronghe.domain.qualifications.rules import (
    KEEP_CERTIFICATE,
    KEEP_HEALTH,
    KEEP_RECORD,
    OPEN_HEALTH,
    SEE_CERTIFICATE,
    SEE_RECORD,
)
from ronghe.kernel.access.permissions import Grant, Permission, Reach

SAFETY = frozenset({PostRole.HSE_OFFICER})
KEEPERS = SAFETY | {PostRole.PROJECT_MANAGER, PostRole.ZONE_LEAD, PostRole.COMMITTEE_CLERK}
DECIDERS = frozenset({PostRole.PROJECT_MANAGER, PostRole.ZONE_LEAD, PostRole.SECRETARY, PostRole.COMMITTEE_CLERK})
GUARDS = KEEPERS | {PostRole.TEAM_LEADER, PostRole.GROUP_LEADER}
SEERS = LEADERS | WATCHERS | TEAM | KEEPERS


@dataclass(frozen=True, slots=True)
class EngagedWhere:
    """The person (along `path`, to its id) works now for a company that `reach`, asked of the engagement, holds for."""

    reach: Reach
    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        person_id = getattr(thing, self.path)
        now = Worker.objects.filter(person_id=person_id, until_on=None).select_related("contractor").order_by("pk")
        return any(self.reach.holds(actor, roles, row, at) for row in now)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=False)
        if reached is None:
            return None
        rows = Worker.objects.filter(reached, until_on=None).order_by()
        if walk:
            return Q(Exists(rows.filter(person_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": rows.values("person_id")})


SEE_CONTRACTOR = Permission("contractors.see_contractor", Grant(SEERS, ByBody("body_id")))
REGISTER_CONTRACTOR = Permission("contractors.register_contractor", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body that answers for the company."""
KEEP_CONTRACTOR = Permission("contractors.keep_contractor", Grant(KEEPERS, ByBody("body_id")))
"""Review gates, note agreements and checks, register workers, issue passes, suspend (who sees danger stops work)."""
DECIDE_CONTRACTOR = Permission("contractors.decide_contractor", Grant(DECIDERS, ByBody("body_id")))
"""Admit, resume, list, delist, decide appeals, let go."""
SEE_WORKER = Permission(
    "contractors.see_worker", Grant(SEERS, ByBody("contractor__body_id")), Grant((), Own("person_id"))
)
KEEP_WORKER = Permission("contractors.keep_worker", Grant(KEEPERS, ByBody("contractor__body_id")))
WORK_GATE = Permission("contractors.work_gate", Grant(GUARDS, ByBody("pk")))
"""Asked of the body whose site it is."""

_SITE = ByBody("contractor__body_id")
SEE_RECORD.extend(Grant(SEERS, EngagedWhere(_SITE)))
KEEP_RECORD.extend(Grant(KEEPERS, EngagedWhere(_SITE)))
SEE_CERTIFICATE.extend(Grant(SEERS, EngagedWhere(_SITE, "person_id")))
KEEP_CERTIFICATE.extend(Grant(KEEPERS, EngagedWhere(_SITE, "person_id")))
KEEP_HEALTH.extend(Grant(SAFETY, EngagedWhere(_SITE)))
OPEN_HEALTH.extend(Grant(SAFETY, EngagedWhere(_SITE)))
"""Whoever keeps a company keeps what its people are qualified for: hired people like the own ones (PC-10)."""
