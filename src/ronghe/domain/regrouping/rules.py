"""Who may do what here (PO-08: a branch decides on its own groups and tells the body above)."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody
from ronghe.kernel.access.permissions import Grant, Permission

DRAFTERS = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.COMMITTEE_CLERK})
DECIDERS = frozenset(
    {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER, PostRole.DISCIPLINE_MEMBER,
     PostRole.PUBLICITY_MEMBER, PostRole.COMMITTEE_MEMBER, PostRole.COMMITTEE_CLERK}
)  # fmt: skip
"""The members of a branch's committee, and the office of the committee above."""

DRAFT_GROUPS = Permission("regrouping.draft_groups", Grant(DRAFTERS, ByBody("pk")))
"""Asked of the body whose groups are to be drawn."""
SEE_REGROUPING = Permission("regrouping.see_regrouping", Grant(LEADERS | WATCHERS | DECIDERS, ByBody("body_id")))
DRAFT_REGROUPING = Permission("regrouping.draft_regrouping", Grant(DRAFTERS, ByBody("body_id")))
"""Ask, search, move, pin, submit, drop."""
DECIDE_REGROUPING = Permission("regrouping.decide_regrouping", Grant(DECIDERS, ByBody("body_id")))
"""Note what the branch's committee decided: approve or return (PO-08)."""
CARRY_OUT_REGROUPING = Permission(
    "regrouping.carry_out_regrouping", Grant({PostRole.SECRETARY, PostRole.COMMITTEE_CLERK}, ByBody("body_id"))
)
"""Carry out on the date and undo within the day: those who may change the tree there."""
