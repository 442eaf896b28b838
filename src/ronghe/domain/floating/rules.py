"""Who may see stays of floating members, look after them here, and answer for them at home."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, Own
from ronghe.kernel.access.permissions import Grant, Permission

TENDERS = LEADERS | {PostRole.ZONE_LEAD}

SEE_STAY = Permission(
    "floating.see_stay",
    Grant(TENDERS | WATCHERS | {PostRole.GROUP_LEADER}, ByBody("body_id")),
    Grant(LEADERS | WATCHERS, ByBody("home_branch_id")),
    Grant((), Own("person_id")),
)
REGISTER_STAY = Permission("floating.register_stay", Grant(TENDERS, ByBody("pk")))
"""Asked of the body that answers for the stay from then on."""
REPORT_STAY = Permission(
    "floating.report_stay", Grant(TENDERS | {PostRole.HSE_OFFICER, PostRole.PROJECT_MANAGER}, ByBody("pk"))
)
"""Asked of the body at whose site somebody was found: who registers contractors reports, and looks after nobody (PF-03)."""
TEND_STAY = Permission("floating.tend_stay", Grant(TENDERS, ByBody("body_id")))
"""Verify, attach, inform, contact, end."""
ANSWER_STAY = Permission("floating.answer_stay", Grant(LEADERS, ByBody("home_branch_id")))
"""The home branch, where it stands on this platform, takes note of the stay and of the return slip."""
AGREE_SIDES = Permission("floating.agree_sides", Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("pk")))
"""Asked of the branch of floating members (PO-07)."""
