"""荣誉: who keeps the register, calls for nominations, names, vets and answers. What was given and what is on notice is public."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.honours.enums import Aspect, HonourState, NominationState
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, InBodyOf, Own, value_at
from ronghe.kernel.access.permissions import Grant, Permission

CONVENERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
NAMERS = LEADERS | TEAM | {PostRole.UNION_GROUP_LEADER}


@dataclass(frozen=True, slots=True)
class InStates:
    """The thing stands in one of these states, and then everybody may read it. Roles do not matter."""

    states: Collection[str]
    path: str = "state"
    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return value_at(thing, self.path) in self.states

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(**{f"{self.path}__in": sorted(self.states)})


@dataclass(frozen=True, slots=True)
class Everybody:
    """Whoever has an account. Roles do not matter."""

    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return True

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return ~Q(pk=None)


SHOWN = frozenset({NominationState.PROPOSED.value, NominationState.AWARDED.value})

KEEP_CATALOGUE = Permission("honours.keep_catalogue", Grant({PostRole.COMMITTEE_CLERK}, ByBody("pk")))
"""Asked of the body that keeps it."""
CHANGE_TITLE = Permission("honours.change_title", Grant({PostRole.COMMITTEE_CLERK}, ByBody("body_id")))
SEE_HONOUR = Permission(
    "honours.see_honour",
    Grant((), InStates(frozenset({HonourState.VALID.value}))),
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant((), Own("person_id")),
)
"""Honours are public; what was withdrawn is seen by those above and by whoever held it."""
ENTER_HONOUR = Permission("honours.enter_honour", Grant(LEADERS, ByBody("pk")))
"""Asked of the holder's body."""
WITHDRAW_HONOUR = Permission("honours.withdraw_honour", Grant({PostRole.COMMITTEE_CLERK}, ByBody("body_id")))

SEE_CALL = Permission("honours.see_call", Grant((), Everybody()))
CONVENE = Permission("honours.convene", Grant(CONVENERS, ByBody("pk")))
"""Asked of the body that calls for nominations, or lets its offices be rated."""
RUN_CALL = Permission("honours.run_call", Grant(CONVENERS, ByBody("body_id")))
NOMINATE = Permission("honours.nominate", Grant(NAMERS, ByBody("pk")))
"""Asked of the body in whose name it is done."""
NAME_ONESELF = Permission("honours.name_oneself", Grant((), InBodyOf("pk")))
"""Asked of the own body, where the call allows it."""
SEE_NOMINATION = Permission(
    "honours.see_nomination",
    Grant((), InStates(SHOWN)),
    Grant((), Own("person_id")),
    Grant((), Own("named_by_id")),
    Grant(LEADERS | WATCHERS, ByBody("call__body_id")),
    Grant({PostRole.HSE_OFFICER}, ByBody("call__body_id")),
    Grant({PostRole.HSE_OFFICER}, ByUnit("call__body__unit_id")),
    Grant(LEADERS | WATCHERS, ByBody("by_body_id")),
)
CHANGE_NOMINATION = Permission(
    "honours.change_nomination", Grant((), Own("named_by_id")), Grant(LEADERS, ByBody("by_body_id"))
)
"""Add evidence, and withdraw it."""
SEE_VETTING = Permission(
    "honours.see_vetting",
    Grant(LEADERS | WATCHERS, ByBody("call__body_id")),
    Grant({PostRole.HSE_OFFICER}, ByBody("call__body_id")),
    Grant({PostRole.HSE_OFFICER}, ByUnit("call__body__unit_id")),
    Grant((), Own("person_id")),
    Grant((), Own("named_by_id")),
)
"""Opinions and vetoes of a nomination; who is named may read what was said (CA-12)."""
VET_ORGANIZATION = Permission("honours.vet_organization", Grant(LEADERS, ByBody("call__body_id")))
VET_DISCIPLINE = Permission("honours.vet_discipline", Grant(WATCHERS, ByBody("call__body_id")))
VET_SAFETY = Permission(
    "honours.vet_safety",
    Grant({PostRole.HSE_OFFICER}, ByBody("call__body_id")),
    Grant({PostRole.HSE_OFFICER}, ByUnit("call__body__unit_id")),
)
VET = dict.fromkeys(Aspect, VET_ORGANIZATION) | {
    Aspect.DISCIPLINE: VET_DISCIPLINE,
    Aspect.SAFETY: VET_SAFETY,
}
"""Who gives which opinion; the four tests are judged by the organization side."""
OBJECT = Permission("honours.object", Grant((), InStates({NominationState.PROPOSED.value})))
"""Whoever reads the notice may object (PD-11, CA-12)."""
SEE_OBJECTION = Permission(
    "honours.see_objection",
    Grant((), Own("made_by_id")),
    Grant(CONVENERS | WATCHERS, ByBody("nomination__call__body_id")),
)
ANSWER_OBJECTION = Permission(
    "honours.answer_objection", Grant(CONVENERS | WATCHERS, ByBody("nomination__call__body_id"))
)
"""Never by who made it or is meant (the service refuses)."""

SEE_ROUND = Permission("honours.see_round", Grant((), Everybody()))
RUN_ROUND = Permission("honours.run_round", Grant(CONVENERS, ByBody("body_id")))
