"""议事决策: who may see what a body decides, keep its rules, run its matters, and say that a responsibility was met."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.kernel.access.permissions import Grant, Permission

LEADING_GROUP = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)
"""Who leads a body together (领导班子): each sees and raises what the own body decides."""
KEEPERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})

SEE_MATTER = Permission(
    "decisions.see_matter",
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant(LEADING_GROUP, AtBody("body_id")),
    Grant((), Own("raised_by_id")),
)
RAISE_MATTER = Permission("decisions.raise_matter", Grant(LEADERS, ByBody("pk")), Grant(LEADING_GROUP, AtBody("pk")))
"""Asked of the body."""
RUN_MATTER = Permission("decisions.run_matter", Grant(KEEPERS, ByBody("body_id")))
"""Prepare, put on an agenda, settle, give lines, report, finish."""
WITHDRAW_MATTER = Permission(
    "decisions.withdraw_matter", Grant((), Own("raised_by_id")), Grant(KEEPERS, ByBody("body_id"))
)
SEE_RULES = Permission(
    "decisions.see_rules",
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant(LEADING_GROUP, AtBody("body_id")),
    Grant((), InBodyOf("body_id")),
)
"""Lists, rules of procedure and charters are no secret among those who belong to the body."""
KEEP_RULES = Permission("decisions.keep_rules", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body: draft and adopt lists, rules of procedure, clauses, responsibility sheets."""
SEE_SHEET = Permission(
    "decisions.see_sheet",
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant(LEADING_GROUP, AtBody("body_id")),
)
SEE_LINE = Permission(
    "decisions.see_line",
    Grant((), Own("person_id")),
    Grant(LEADERS | WATCHERS, ByBody("sheet__body_id")),
    Grant(LEADING_GROUP, AtBody("sheet__body_id")),
)
RECORD_LINE = Permission("decisions.record_line", Grant((), Own("person_id")), Grant(KEEPERS, ByBody("sheet__body_id")))
"""Say that a line was done: whoever answers for it, or the office for him."""
SEE_LEADERS = Permission(
    "decisions.see_leaders", Grant(LEADERS | WATCHERS, ByBody("pk")), Grant(LEADING_GROUP, AtBody("pk"))
)
"""Asked of the body: how often its leaders are in their fields."""
