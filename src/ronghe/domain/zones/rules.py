"""Who may see, found and run a zone."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf
from ronghe.kernel.access.permissions import Grant, Permission

FOUNDERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})
RUNNERS = frozenset({PostRole.ZONE_LEAD, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})

SEE_ZONE = Permission(
    "zones.see_zone",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("sponsor_id")),
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
)
PROPOSE_ZONE = Permission("zones.propose_zone", Grant(FOUNDERS, ByBody("pk")))
"""Asked of the sponsoring body."""
FOUND_ZONE = Permission("zones.found_zone", Grant(FOUNDERS, ByBody("sponsor_id")))
RUN_ZONE = Permission("zones.run_zone", Grant(FOUNDERS, ByBody("sponsor_id")), Grant(RUNNERS, ByBody("body_id")))
