"""主题活动、专项活动: who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY, SEE_ACTIVITY
from ronghe.kernel.access.permissions import Grant, Permission, Reach

WRITERS = frozenset(
    {
        PostRole.COMMITTEE_CLERK,
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.ZONE_LEAD,
    }
)
"""Who writes for a body, in that body alone: the one above reads and takes note."""
READERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
"""Who takes note of a report for the body above."""


@dataclass(frozen=True, slots=True)
class AsTheActivity:
    """Whoever has a right on the activity has it on its theme. Roles are that permission's own."""

    permission: Permission

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return self.permission.allows(actor, thing.activity, at=at)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if walk:
            rows = self.permission.narrow(actor, Activity.objects.filter(pk=OuterRef("activity_id")), at=at, walk=True)
            return Q(Exists(rows))
        return Q(activity__in=self.permission.narrow(actor, Activity.objects.all(), at=at).order_by().values("pk"))


@dataclass(frozen=True, slots=True)
class OfTheTop:
    """As far as `reach`, where nobody stands above the campaign's body."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        is_top = thing.campaign.body.parent_id is None
        return bool(is_top and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & Q(campaign__body__parent=None)


SEE_THEMED = Permission("campaigns.see_themed", Grant((), AsTheActivity(SEE_ACTIVITY)))
RUN_THEMED = Permission("campaigns.run_themed", Grant((), AsTheActivity(RUN_ACTIVITY)))
"""Enter the result, take up problems, give another theme while there is no result."""

SEE_CAMPAIGN = Permission(
    "campaigns.see_campaign", Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
RUN_CAMPAIGN = Permission("campaigns.run_campaign", Grant(WRITERS, AtBody("body_id")))
"""Write summaries and the report."""
SETTLE_REPORT = Permission(
    "campaigns.settle_report",
    Grant(READERS, ByBody("campaign__body__parent_id")),
    Grant(READERS, OfTheTop(AtBody("campaign__body_id"))),
)
"""Take note of a report or return it. Of a body that stands below none, its own leaders do; never who handed it in."""
