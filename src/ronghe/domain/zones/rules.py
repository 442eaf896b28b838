"""Who may see, found and run a zone, keep its sheet, speak for a side, and set the figures behind the advice."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission

FOUNDERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})
RUNNERS = frozenset({PostRole.ZONE_LEAD, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
SHEET_KEEPERS = RUNNERS | {PostRole.PROJECT_MANAGER, PostRole.HSE_OFFICER}

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
SPEAK_FOR_SIDE = Permission(
    "zones.speak_for_side",
    Grant((), Own("contact_id")),
    Grant(FOUNDERS, ByBody("zone__sponsor_id")),
    Grant(RUNNERS, ByBody("zone__body_id")),
)
"""Asked of the participating unit: its contact, or whoever runs the zone noting what the side said."""
SET_PARAMETER = Permission("zones.set_parameter", Grant(FOUNDERS, ByBody("pk")))
"""Asked of the committee whose figures they are."""
