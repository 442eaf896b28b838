"""Who may see, make and fix runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.appraisal.enums import PUBLISHED
from ronghe.domain.appraisal.models import Run
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import Belonging, ByBody, Own, local_day
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day

MAKERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})
"""They start, publish and fix runs of their body and of those below it."""


@dataclass(frozen=True, slots=True)
class PublishedAbove:
    """The run is published, and I belong to, or hold a post in, its body or one below it."""

    def _above(self, actor: Person, at: datetime) -> Any:
        day = local_day(at)
        mine = actor.memberships.filter(on_day(day)).order_by().values("body_id")
        posts = actor.posts.filter(on_day(day), body__isnull=False).order_by().values("body_id")
        return (
            PartyOrg.links()
            .filter(on_day(day), Q(descendant_id__in=mine) | Q(descendant_id__in=posts))
            .order_by()
            .values("ancestor_id")
        )

    def holds(self, actor: Person, roles: frozenset[str], thing: Run, at: datetime) -> bool:  # noqa: ARG002
        return thing.state in PUBLISHED and bool(self._above(actor, at).filter(ancestor_id=thing.body_id).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(state__in=sorted(PUBLISHED), body_id__in=self._above(actor, at))


SEE_RUN = Permission("appraisal.see_run", Grant(LEADERS | WATCHERS, ByBody("body_id")), Grant((), PublishedAbove()))
SEE_WHOLE_RUN = Permission("appraisal.see_whole_run", Grant(LEADERS | WATCHERS, ByBody("body_id")))
START_RUN = Permission("appraisal.start_run", Grant(MAKERS, ByBody("pk")))
PUBLISH_RUN = Permission("appraisal.publish_run", Grant(MAKERS, ByBody("body_id")))
FINALIZE_RUN = Permission("appraisal.finalize_run", Grant(MAKERS, ByBody("body_id")))
SETTLE_QUESTION = Permission("appraisal.settle_question", Grant(MAKERS, ByBody("pk")))
SEE_POINTS = Permission(
    "appraisal.see_points", Grant(LEADERS | WATCHERS, Belonging("pk", at_home=True)), Grant((), Own("pk"))
)
"""Asked of the person: everybody sees the own points, leaders and watchers those of members at home with them (PI-05)."""
SEE_MEMBERS_POINTS = Permission("appraisal.see_members_points", Grant(LEADERS | WATCHERS, ByBody("pk")))
"""Asked of the body: the points of its members as they stand, without places."""
LOOK_INTO = Permission("appraisal.look_into", Grant(MAKERS | {PostRole.DISCIPLINE_MEMBER}, ByBody("pk")))
"""Asked of the body: what looks odd among its members' points, and what came of asking."""
