"""公文: who may draft, issue, read and receive one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, Own
from ronghe.domain.papers.enums import PaperState
from ronghe.domain.papers.models import PaperRecipient
from ronghe.kernel.access.permissions import Grant, Permission, Reach

ISSUERS = frozenset(
    {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ZONE_LEAD, *MASS_LEADERS}
)
DRAFTERS = ISSUERS | {PostRole.ORG_MEMBER, PostRole.PUBLICITY_MEMBER, PostRole.GROUP_LEADER}


@dataclass(frozen=True, slots=True)
class OnceIssued:
    """As far as `reach`, but nothing that is still a draft."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return bool(thing.state != PaperState.DRAFT and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(state=PaperState.DRAFT)


@dataclass(frozen=True, slots=True)
class SentTo:
    """It went to a body that `reach`, asked of the recipient's `body_id`, holds for."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return any(self.reach.holds(actor, roles, row, at) for row in thing.recipients.order_by("pk"))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        return Q(pk__in=PaperRecipient.objects.filter(reached).order_by().values("paper_id"))


SEE_PAPER = Permission(
    "papers.see_paper",
    Grant((), Own("drafted_by_id")),
    Grant(DRAFTERS, ByBody("body_id")),
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, OnceIssued(ByBody("body_id"))),
    Grant((), OnceIssued(InBodyOf("body_id"))),
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, OnceIssued(SentTo(ByBody("body_id")))),
    Grant((), OnceIssued(SentTo(InBodyOf("body_id")))),
)
DRAFT_PAPER = Permission("papers.draft_paper", Grant(DRAFTERS, ByBody("pk")))
"""Asked of the body whose paper it will be."""
EDIT_PAPER = Permission("papers.edit_paper", Grant(DRAFTERS, ByBody("body_id")))
ISSUE_PAPER = Permission("papers.issue_paper", Grant(ISSUERS, ByBody("body_id")))
"""Issue, and withdraw."""
RECEIVE_PAPER = Permission("papers.receive_paper", Grant(LEADERS | TEAM | MASS_LEADERS, ByBody("body_id")))
"""Asked of the recipient."""
