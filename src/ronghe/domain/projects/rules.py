"""项目: who may see, register and change one."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, InBodyOf
from ronghe.kernel.access.permissions import Grant, Permission

KEEPERS = frozenset(
    {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ZONE_LEAD,
     PostRole.PROJECT_MANAGER}
)  # fmt: skip

SEE_PROJECT = Permission(
    "projects.see_project",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant(LEADERS | WATCHERS | TEAM | {PostRole.PROJECT_MANAGER}, ByUnit("unit_id")),
    Grant((), InBodyOf("body_id")),
)
REGISTER_PROJECT = Permission("projects.register_project", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body that will answer for it."""
CHANGE_PROJECT = Permission("projects.change_project", Grant(KEEPERS, ByBody("body_id")), Grant(KEEPERS, ByUnit()))
