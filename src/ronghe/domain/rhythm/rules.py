"""Who may see and run activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.domain.rhythm.enums import AttendanceStatus
from ronghe.domain.rhythm.models import Attendance
from ronghe.kernel.access.permissions import Grant, Permission

RUNNERS = frozenset(
    {
        PostRole.ZONE_LEAD,
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.GROUP_LEADER,
    }
)
"""Who calls people together: the zone's lead, and the officers of a body for what hangs below it."""


@dataclass(frozen=True, slots=True)
class CameTo:
    """The actor was there: a guest sees the record of what he took part in."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(activity_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=self._mine(actor).order_by().values("activity_id"))

    def _mine(self, actor: Person) -> Any:
        return Attendance.objects.filter(person=actor, status=AttendanceStatus.PRESENT)


SEE_ACTIVITY = Permission(
    "rhythm.see_activity",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), Own("chair_id")),
    Grant((), Own("recorder_id")),
    Grant((), CameTo()),
)
PLAN_ACTIVITY = Permission("rhythm.plan_activity", Grant(RUNNERS, ByBody("pk")))
"""Asked of the body."""
RUN_ACTIVITY = Permission(
    "rhythm.run_activity",
    Grant((), Own("chair_id")),
    Grant((), Own("recorder_id")),
    Grant(RUNNERS, ByBody("body_id")),
)
"""Open, take attendance, keep the agenda, close, correct."""
