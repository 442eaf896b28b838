"""无记名投票: who may open a vote, see it, check the papers. Voting itself asks only whether one is on the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.ballots.models import BallotVoter
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, Own
from ronghe.kernel.access.permissions import Grant, Permission


@dataclass(frozen=True, slots=True)
class OnTheList:
    """The actor votes in it. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return BallotVoter.objects.filter(ballot_id=thing.pk, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = BallotVoter.objects.filter(person=actor).order_by()
        if walk:
            return Q(Exists(mine.filter(ballot=OuterRef("pk"))))
        return Q(pk__in=mine.values("ballot_id"))


OPENERS = LEADERS | MASS_LEADERS | {PostRole.GROUP_LEADER, PostRole.ZONE_LEAD, PostRole.UNION_GROUP_LEADER}

OPEN_BALLOT = Permission("ballots.open_ballot", Grant(OPENERS, ByBody("pk")))
"""Asked of the body for which people vote."""
SEE_BALLOT = Permission(
    "ballots.see_ballot",
    Grant((), Own("opened_by_id")),
    Grant((), OnTheList()),
    Grant(LEADERS | WATCHERS | MASS_LEADERS, ByBody("body_id")),
)
RUN_BALLOT = Permission("ballots.run_ballot", Grant((), Own("opened_by_id")))
"""Close, void, admit, count papers: whoever opened it."""
CHECK_PAPERS = Permission(
    "ballots.check_papers", Grant((), OnTheList()), Grant(LEADERS | MASS_LEADERS, ByBody("body_id"))
)
"""Check the papers that somebody else counted."""
