"""Who may see what is owed, and who may say that it need not be."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf
from ronghe.kernel.access.permissions import Grant, Permission

SEE_OBLIGATION = Permission(
    "obligations.see_obligation",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
)
WAIVE_OBLIGATION = Permission(
    "obligations.waive_obligation",
    Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("body__parent_id")),
)
"""The superior decides: whoever owes it cannot let himself off."""
