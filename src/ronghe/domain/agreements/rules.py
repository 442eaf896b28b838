"""联创共建合作意向书: who may read one, act for a side, and sign for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.agreements.enums import BINDING, AgreementState
from ronghe.domain.agreements.models import AgreementParty, SigningAuthorization
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, ByUnit, InBodyOf, Own, local_day, value_at
from ronghe.domain.projects.rules import SEE_PROJECT
from ronghe.kernel.access.permissions import Grant, Permission, Reach

SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
SITE_KEEPERS = frozenset({PostRole.HSE_OFFICER, PostRole.PROJECT_MANAGER})


@dataclass(frozen=True, slots=True)
class OfSomeSide:
    """As far as `reach` goes to one of the agreement's sides; with `binding` only once it came into force.

    `path` leads from a thing to its agreement where the thing is none itself; what has none is not reached.
    """

    reach: Reach
    binding: bool = False
    path: str = ""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        agreement = value_at(thing, self.path) if self.path else thing
        if agreement is None or (self.binding and agreement.state not in BINDING):
            return False
        return any(self.reach.holds(actor, roles, side, at) for side in agreement.sides)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        sides = AgreementParty.objects.filter(reached).order_by()
        if self.binding:
            sides = sides.filter(agreement__state__in=sorted(BINDING))
        return Q(**{f"{self.path or 'pk'}__in": sides.values("agreement_id")})


@dataclass(frozen=True, slots=True)
class Authorized:
    """The side (along `path`, to its id; with `of_agreement` any side) named the actor in writing. Roles do not matter."""

    of_agreement: bool = False

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        place = {"party__agreement_id": thing.pk} if self.of_agreement else {"party_id": thing.pk}
        return bool(self._given(actor).filter(**place).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        place = "party__agreement_id" if self.of_agreement else "party_id"
        return Q(pk__in=self._given(actor).values(place))

    def _given(self, actor: Person) -> Any:
        return SigningAuthorization.objects.filter(person_id=actor.pk, withdrawn_at=None).order_by()


@dataclass(frozen=True, slots=True)
class ProjectOfSide:
    """The project that an agreement in force names, for whom `reach` goes to one of the agreement's sides."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        sides = self._sides(at).filter(agreement__project=thing.pk)
        return any(self.reach.holds(actor, roles, side, at) for side in sides)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        return Q(pk__in=self._sides(at).filter(reached).values("agreement__project_id"))

    def _sides(self, at: datetime) -> Any:
        day = local_day(at)
        rows = AgreementParty.objects.filter(agreement__state=AgreementState.IN_FORCE, agreement__valid_from__lte=day)
        return rows.filter(agreement__valid_until__gt=day).order_by()


SEE_PROJECT.extend(
    Grant(LEADERS | WATCHERS | TEAM, ProjectOfSide(ByBody("body_id"))),
    Grant((), ProjectOfSide(InBodyOf("body_id"))),
)
"""The sides read the project that they agreed on, wherever it is registered, as long as the agreement is in force."""

SEE_AGREEMENT = Permission(
    "agreements.see_agreement",
    Grant(LEADERS | WATCHERS, OfSomeSide(ByBody("body_id"))),
    Grant((), OfSomeSide(InBodyOf("body_id"), binding=True)),
    Grant((), Authorized(of_agreement=True)),
    Grant(SITE_KEEPERS, OfSomeSide(ByUnit("unit_id"), binding=True)),
    Grant((), Own("safety_officer_id")),
)
SEE_NEGOTIATION = Permission(
    "agreements.see_negotiation",
    Grant(LEADERS | WATCHERS, OfSomeSide(ByBody("body_id"))),
    Grant((), Authorized(of_agreement=True)),
)
"""Versions, comments and who agreed when: the sides' own business, and of those above and those who watch."""
DRAFT_AGREEMENT = Permission("agreements.draft_agreement", Grant(SECRETARIES, AtBody("pk")))
"""Asked of the body that drafts, which is one of the sides."""
ACT_FOR_SIDE = Permission("agreements.act_for_side", Grant(SECRETARIES, AtBody()))
"""Asked of the side: change the text, comment, agree, read goals, review, end."""
NAME_SIGNER = Permission("agreements.name_signer", Grant({PostRole.SECRETARY}, AtBody()))
"""Asked of the side."""
SIGN_BY_POST = Permission("agreements.sign_by_post", Grant({PostRole.SECRETARY}, AtBody()))
"""Asked of the side: the branch's secretary signs by post."""
SIGN_FOR_SIDE = Permission(
    "agreements.sign_for_side", Grant({PostRole.SECRETARY}, AtBody()), Grant((), Authorized())
)  # fmt: skip
"""Asked of the side: the secretary by post, or whom the side named in writing."""

OPEN = frozenset({AgreementState.NEGOTIATING, AgreementState.SIGNING})
