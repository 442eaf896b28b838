"""Who may see, propose, decide and take note of acts on bodies, and who sets the figures of the rules."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, Own
from ronghe.kernel.access.permissions import Grant, Permission

DECIDERS = frozenset(
    {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.UNION_CHAIR, PostRole.LEAGUE_SECRETARY}
)  # fmt: skip
"""Who decides for the body that approves: the committee's office or its secretary; in a branch, its secretary (PO-08)."""

SEE_ACT = Permission(
    "structure.see_act",
    Grant(LEADERS | WATCHERS | MASS_LEADERS, ByBody("approver_id")),
    Grant(LEADERS | WATCHERS | MASS_LEADERS, ByBody("body_id")),
    Grant(LEADERS | WATCHERS | MASS_LEADERS, ByBody("parent_id")),
    Grant((), Own("proposed_by_id")),
)
PROPOSE_ACT = Permission("structure.propose_act", Grant(LEADERS | MASS_LEADERS, ByBody("pk")))
"""Asked of the body that is changed; of a founding, of the body above."""
DECIDE_ACT = Permission("structure.decide_act", Grant(DECIDERS, ByBody("approver_id")))
"""Approve or refuse."""
WITHDRAW_ACT = Permission(
    "structure.withdraw_act", Grant(DECIDERS, ByBody("approver_id")), Grant((), Own("proposed_by_id"))
)
NOTE_ACT = Permission(
    "structure.note_act", Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("reports_to_id"))
)
"""Take note of what a branch decided about its groups (PO-08)."""
SET_FIGURE = Permission("structure.set_figure", Grant({PostRole.COMMITTEE_CLERK}, ByBody("pk")))
"""Asked of the uppermost committee: the figures hold for everybody."""
