"""现场三会: who may see, lead, sign, and whose talk is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.domain.rhythm.rules import RUNNERS
from ronghe.domain.sitemeetings.models import ChainMeeting, ChainPerson
from ronghe.kernel.access.permissions import Grant, Permission

SAFETY_WATCHERS = frozenset({PostRole.HSE_OFFICER})


@dataclass(frozen=True, slots=True)
class OnSite:
    """The actor was on the site that day: at the meetings or later. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(ChainPerson.objects.filter(person=actor, chain_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=ChainPerson.objects.filter(person=actor).order_by().values("chain_id"))


@dataclass(frozen=True, slots=True)
class Briefing:
    """The actor briefs at one of the meetings. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(ChainMeeting.objects.filter(briefer=actor, chain_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=ChainMeeting.objects.filter(briefer=actor).order_by().values("chain_id"))


SEE_CHAIN = Permission(
    "sitemeetings.see_chain",
    Grant(LEADERS | WATCHERS | TEAM | SAFETY_WATCHERS, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), Own("leader_id")),
    Grant((), OnSite()),
    Grant((), Briefing()),
)
BEGIN_CHAIN = Permission("sitemeetings.begin_chain", Grant(RUNNERS, ByBody("pk")))
"""Asked of the body; the same posts that plan its activities."""
RUN_CHAIN = Permission("sitemeetings.run_chain", Grant((), Own("leader_id")), Grant(RUNNERS, ByBody("body_id")))
"""Open and close the meetings, note who came and left."""
WRITE_BRIEFING = Permission(
    "sitemeetings.write_briefing",
    Grant((), Own("leader_id")),
    Grant(RUNNERS, ByBody("body_id")),
    Grant((), Briefing()),
)
"""Write what is said, and brief those who came late."""
SIGN_CHAIN = Permission(
    "sitemeetings.sign_chain", Grant((), InBodyOf("body_id")), Grant((), OnSite()), Grant((), Briefing())
)
"""Sign by a tap; whoever is none of these scans the code on the leader's screen."""
KNOW_MINDS = Permission(
    "sitemeetings.know_minds",
    Grant((), Own("leader_id")),
    Grant({PostRole.GROUP_LEADER, PostRole.SECRETARY}, AtBody("body_id")),
)
"""Who is not settled, and needs a talk: the leader of the day and of the very body, nobody above."""
