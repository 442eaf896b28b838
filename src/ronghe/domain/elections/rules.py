"""Who may see, prepare, approve and file elections, and the figures in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from ronghe.domain.elections.calc.figures import Figures
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, InBodyOf, local_day, roots
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import TreeNode, on_day


@dataclass(frozen=True, slots=True)
class FromAbove:
    """The body (found along `path`) stands below a body of mine, never mine itself: nobody confirms the own election.

    A body at the top has no body above it on this platform; its own office enters what was confirmed on paper.
    """

    path: str = "body_id"
    node_model: type[TreeNode] = PartyOrg

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        day = local_day(at)
        mine = roots(actor, roles, day, "body")
        there = getattr(thing, self.path, None)
        return bool(mine) and there is not None and bool(self._places(mine, day, there).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        day = local_day(at)
        mine = roots(actor, roles, day, "body")
        if not mine:
            return None
        if walk:
            return Q(Exists(self._places(mine, day, OuterRef(self.path))))
        return Q(**{f"{self.path}__in": self._places(mine, day, None).order_by().values("descendant_id")})

    def _places(self, mine: list[int], day: Any, there: Any) -> Any:
        """Return the links from a body of mine down to `there`; to every body where it is not named."""
        links = self.node_model.links().filter(on_day(day), ancestor_id__in=mine)
        below = Q(depth__gt=0) | Q(descendant__parent=None)
        return links.filter(below) if there is None else links.filter(below, descendant_id=there)


PREPARERS = frozenset(
    {
        PostRole.COMMITTEE_CLERK,
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.UNION_CHAIR,
        PostRole.UNION_DEPUTY,
        PostRole.LEAGUE_SECRETARY,
        PostRole.LEAGUE_DEPUTY,
    }
)
OFFICE = frozenset({PostRole.COMMITTEE_CLERK})

SEE_ELECTION = Permission(
    "elections.see_election",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
)
RECORD_TERM = Permission("elections.record_term", Grant(LEADERS | MASS_LEADERS, ByBody("pk")))
"""Asked of the body."""
START_ELECTION = Permission("elections.start_election", Grant(PREPARERS, ByBody("pk")))
"""Asked of the body."""
RUN_ELECTION = Permission("elections.run_election", Grant(PREPARERS, ByBody("body_id")))
"""Name candidates, write down the count, report the result."""
APPROVE_CANDIDATES = Permission("elections.approve_candidates", Grant(OFFICE, FromAbove()))
FILE_RESULT = Permission("elections.file_result", Grant(OFFICE, FromAbove()))
"""PE-11: the posts that follow carry rights, so only the office above confirms a result."""
SHIFT_TERM = Permission("elections.shift_term", Grant(OFFICE, FromAbove("pk")))
"""Asked of the body: only the office above lets a term end later or sooner (PE-05)."""


def figures_in_force() -> Figures:
    """Return the figures of the regulations with what this installation changes (`RONGHE_ELECTION_FIGURES`)."""
    return Figures().changed(settings.ELECTION_FIGURES)
