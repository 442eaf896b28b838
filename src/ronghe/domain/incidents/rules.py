"""事故事件: whoever is there reports at once; who looks after safety tells the levels, adds figures, closes."""

from __future__ import annotations

from ronghe.domain.items.rules import NotBy
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.domain.risks.rules import SAFETY, WorkingThere
from ronghe.kernel.access.permissions import Grant, Permission

HANDLERS = SAFETY | {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.COMMITTEE_CLERK}

REPORT = Permission(
    "incidents.report", Grant(LEADERS | MASS_LEADERS | TEAM | SAFETY, ByBody("pk")), Grant((), InBodyOf("pk")),
    Grant((), WorkingThere("unit_id")),
)  # fmt: skip
"""Asked of the body (IN-02: whoever is on site reports at once)."""
SEE_ACCIDENT = Permission(
    "incidents.see_accident",
    Grant(LEADERS | WATCHERS | TEAM | SAFETY, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), InBodyOf("zone__body_id")),
    Grant((), Own("reported_by_id")),
)
TELL = Permission("incidents.tell", Grant(HANDLERS, ByBody("body_id")), Grant((), Own("reported_by_id")))
"""Note that a level was told."""
HANDLE = Permission("incidents.handle", Grant(HANDLERS, ByBody("body_id")))
"""Report changed figures, close."""
WITHDRAW = Permission("incidents.withdraw", Grant(HANDLERS, NotBy(ByBody("body_id"), ("reported_by_id",))))
"""What was reported by mistake: never by who reported it."""
