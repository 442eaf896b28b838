"""风险台账: everybody who works there reads it; who looks after safety keeps it; nobody puts back what is their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.items.rules import NotBy
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import AdminUnit, Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, ByUnit, InBodyOf, Own, local_day, value_at
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day

SAFETY = frozenset({PostRole.HSE_OFFICER, PostRole.PROJECT_MANAGER, PostRole.ZONE_LEAD})
"""Who looks after safety in a body, a unit, or a zone's branch."""
KEEPERS = SAFETY | {PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY}


@dataclass(frozen=True, slots=True)
class WorkingThere:
    """The actor comes from the unit along `path` (to its id), or from below it: Party or not. Roles do not matter."""

    path: str

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        unit = value_at(thing, self.path)
        return unit is not None and self._above(actor, at).filter(ancestor_id=unit).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if actor.unit_id is None:
            return None
        above = self._above(actor, at)
        if walk:
            return Q(Exists(above.filter(ancestor_id=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": above.values("ancestor_id")})

    def _above(self, actor: Person, at: datetime) -> Any:
        return AdminUnit.links().filter(on_day(local_day(at)), descendant_id=actor.unit_id or 0).order_by()


def _seeing(start: str) -> tuple[Grant, ...]:
    """Return who reads what lies in an area; `start` leads to the area."""
    return (
        Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS | SAFETY, ByBody(f"{start}body_id")),
        Grant(SAFETY | TEAM, ByUnit(f"{start}unit_id")),
        Grant((), InBodyOf(f"{start}body_id")),
        Grant((), InBodyOf(f"{start}zone__body_id")),
        Grant((), WorkingThere(f"{start}unit_id")),
    )


SEE_AREA = Permission("risks.see_area", *_seeing(""))
SEE_RISK = Permission("risks.see_risk", *_seeing("area__"), Grant((), Own("owner_id")))
OPEN_AREA = Permission("risks.open_area", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body that is to answer for it."""
KEEP_AREA = Permission("risks.keep_area", Grant(KEEPERS, ByBody("body_id")), Grant(SAFETY, ByUnit("unit_id")))
"""Change and close it, enter risks in it."""
KEEP_RISK = Permission(
    "risks.keep_risk", Grant(KEEPERS, ByBody("area__body_id")), Grant(SAFETY, ByUnit("area__unit_id"))
)
"""Change, close, raise by hand."""
RAISE_RISK = Permission("risks.raise_risk", *KEEP_RISK.grants, Grant((), Own("owner_id")))
_PATHS = ("owner_id", "raised_by_id")
REVIEW_RISK = Permission(
    "risks.review_risk",
    Grant(KEEPERS, NotBy(ByBody("area__body_id"), _PATHS)),
    Grant(SAFETY, NotBy(ByUnit("area__unit_id"), _PATHS)),
)
"""Look at it again and put its grade back: neither who answers for it nor who raised it."""
