"""Who may see what is owed, move its planned day, ask to be let off, and say that it need not be."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission

KEEPERS = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.GROUP_LEADER,
        PostRole.ZONE_LEAD,
        PostRole.UNION_GROUP_LEADER,
        *MASS_LEADERS,
    }
)
"""Who keeps the rhythm of a body and of what stands below it."""
SUPERIORS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})

SEE_OBLIGATION = Permission(
    "obligations.see_obligation",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
)
SEE_BEHIND = Permission("obligations.see_behind", Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("pk")))
"""Asked of the body: who is behind, since when and why."""
MOVE_PLANNED_DAY = Permission("obligations.move_planned_day", Grant(KEEPERS, ByBody("body_id")))
WAIVE_OBLIGATION = Permission("obligations.waive_obligation", Grant(SUPERIORS, ByBody("body__parent_id")))
"""The superior decides: whoever owes it cannot let himself off."""
ASK_WAIVER = Permission("obligations.ask_waiver", Grant(KEEPERS, ByBody("body_id")))
SEE_REQUEST = Permission(
    "obligations.see_request", Grant(LEADERS | WATCHERS, ByBody("body_id")), Grant((), Own("asked_by_id"))
)
ANSWER_REQUEST = Permission("obligations.answer_request", Grant(SUPERIORS, ByBody("body__parent_id")))
WITHDRAW_REQUEST = Permission("obligations.withdraw_request", Grant((), Own("asked_by_id")))
