"""三亮四比一创建: whose card one may read, who issues badges, says what a post is held to, and runs a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.honours.rules import CONVENERS, Everybody
from ronghe.domain.members.models import CardConsent
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Membership, Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import Belonging, ByBody, Own, local_day, standing_of
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class BodyShared:
    """The person belongs to a branch or zone that the actor belongs to as well. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return self._with(actor, local_day(at)).filter(person_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        shared = self._with(actor, local_day(at)).order_by()
        return Q(Exists(shared.filter(person=OuterRef("pk")))) if walk else Q(pk__in=shared.values("person_id"))

    def _with(self, actor: Person, day: date) -> QuerySet[Membership]:
        return Membership.objects.filter(on_day(day), body_id__in=standing_of(actor, day).bodies)


@dataclass(frozen=True, slots=True)
class CardShown:
    """The person consents to be shown to colleagues (`members.CardConsent`). Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return CardConsent.objects.filter(person_id=thing.pk, withdrawn_at=None).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        shown = CardConsent.objects.filter(withdrawn_at=None).order_by()
        return Q(Exists(shown.filter(person=OuterRef("pk")))) if walk else Q(pk__in=shown.values("person_id"))


RUNNERS = CONVENERS | {PostRole.UNION_CHAIR}

SEE_CARD = Permission(
    "shows.see_card",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, Belonging()),
    Grant((), Own("pk")),
    Grant((), BodyShared()),
    Grant((), CardShown()),
)
"""Asked of the person: the own branch and zone, those above, and whoever consents to be shown."""
ISSUE_BADGE = Permission("shows.issue_badge", Grant(LEADERS, Belonging(at_home=True)), Grant((), Own("pk")))
"""Asked of the bearer: print, or stop a lost one and print another."""
AGREE_BADGE = Permission("shows.agree_badge", Grant((), Own("pk")))
"""Nobody consents for another (PI-01)."""
ISSUE_BADGES = Permission("shows.issue_badges", Grant(LEADERS, ByBody("pk")))
"""Asked of the branch whose members get theirs on one sheet."""
SET_STANDARD = Permission("shows.set_standard", Grant(LEADERS, ByBody("pk")))
"""Asked of the body in which it holds."""
OPEN_CAMPAIGN = Permission("shows.open_campaign", Grant(RUNNERS, ByBody("pk")))
SEE_CAMPAIGN = Permission("shows.see_campaign", Grant((), Everybody()))
RUN_CAMPAIGN = Permission("shows.run_campaign", Grant(RUNNERS, ByBody("body_id")))
