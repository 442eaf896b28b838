"""四方责任: who may see a sheet and speak for a side. Who keeps it is who keeps the zone's responsibility sheet."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.domain.zones.rules import SHEET_KEEPERS, OnSide
from ronghe.kernel.access.permissions import Grant, Permission

SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})

SEE_SHEET = Permission(
    "duties.see_sheet",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("zone__sponsor_id")),
    Grant(LEADERS | WATCHERS | TEAM | SHEET_KEEPERS, ByBody("zone__body_id")),
    Grant((), InBodyOf("zone__body_id")),
    Grant((), OnSide("zone_id")),
)
"""Which rows of it: all with `zones.see_whole_sheet`, else those of the own side and the shared ones (D9)."""
SPEAK_FOR_UNIT = Permission(
    "duties.speak_for_unit", Grant((), Own("contact_id")), Grant(SECRETARIES, AtBody("home_branch_id"))
)
"""Agree to the rows of a side or object to them; asked of the participating unit."""
