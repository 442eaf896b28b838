"""四同检查: who draws up plans, who confirms them, who checks, who sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.domain.planning.models import PlanItem
from ronghe.kernel.access.permissions import Grant, Permission

DRAWERS = frozenset(
    {
        PostRole.COMMITTEE_CLERK,
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.ZONE_LEAD,
    }
)
HEADS = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
"""Who stands for the Party side of a body; the deputy where the secretary is away or there is none."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The actor answers for an item of the plan. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(plan_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = self._mine(actor)
        if walk:
            return Q(Exists(mine.filter(plan=OuterRef("pk"))))
        return Q(pk__in=mine.order_by().values("plan_id"))

    def _mine(self, actor: Person) -> Any:
        return PlanItem.objects.filter(Q(production_owner=actor) | Q(party_owner=actor))


SEE_PLAN = Permission(
    "planning.see_plan",
    Grant(LEADERS | WATCHERS | TEAM, ByBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), Own("production_head_id")),
    Grant((), Answering()),
)
DRAW_PLAN = Permission("planning.draw_plan", Grant(DRAWERS, ByBody("pk")))
"""Asked of the body."""
EDIT_PLAN = Permission("planning.edit_plan", Grant(DRAWERS, ByBody("body_id")), Grant((), Own("production_head_id")))
CONFIRM_FOR_PARTY = Permission("planning.confirm_for_party", Grant(HEADS, AtBody("body_id")))
CONFIRM_FOR_PRODUCTION = Permission("planning.confirm_for_production", Grant((), Own("production_head_id")))
CHECK_PLAN = Permission(
    "planning.check_plan", Grant(HEADS, ByBody("body_id")), Grant({PostRole.COMMITTEE_CLERK}, AtBody("body_id"))
)
"""Walk the items, confirm, say that a check does not apply, close the quarter."""
CONTEST_CHECK = Permission(
    "planning.contest_check",
    Grant(HEADS | WATCHERS | {PostRole.COMMITTEE_CLERK}, ByBody("body_id")),
    Grant((), Own("production_head_id")),
    Grant((), Answering()),
)
FINISH_ITEM = Permission(
    "planning.finish_item",
    Grant((), Own("production_owner_id")),
    Grant((), Own("party_owner_id")),
    Grant(DRAWERS, ByBody("plan__body_id")),
)
"""Say that an item is achieved, with its result."""
