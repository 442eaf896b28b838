"""Who may see the grid, name members, raise and answer requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.grid.enums import GridLevel
from ronghe.domain.grid.models import GridLiaison, GridRequestStep
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, Belonging, ByBody, ByUnit, Own, UnitOfMyBody, local_day, roots
from ronghe.domain.work.rules import NotOwn
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day

ANSWERERS = frozenset(
    {PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PassedBy:
    """The request stood, or stands, at a body in which the actor holds the post: whoever had it goes on seeing it."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        mine = roots(actor, roles, local_day(at), "body")
        return bool(mine) and GridRequestStep.objects.filter(request=thing.pk, body__in=mine).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        mine = roots(actor, roles, local_day(at), "body")
        if not mine:
            return None
        steps = GridRequestStep.objects.filter(body__in=mine).order_by()
        if walk:
            return Q(Exists(steps.filter(request=OuterRef("pk"))))
        return Q(pk__in=steps.values("request_id"))


@dataclass(frozen=True, slots=True)
class AsNamedMember:
    """The request is at the named member's level, and that is the actor. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(thing.level == GridLevel.MEMBER and thing.handler_id == actor.pk)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(level=GridLevel.MEMBER, handler=actor.pk)


@dataclass(frozen=True, slots=True)
class NamedFor:
    """The person is an employee for whom the actor is the named member. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return GridLiaison.objects.filter(on_day(local_day(at)), member=actor, employee=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = GridLiaison.objects.filter(on_day(local_day(at)), member=actor).order_by()
        return Q(pk__in=mine.values("employee_id"))


SEE_GRID = Permission("grid.see_grid", Grant(LEADERS | WATCHERS, ByBody("pk")))
"""Asked of the body from which the grid is looked at."""
DISMISS_GAP = Permission("grid.dismiss_gap", Grant(LEADERS, ByBody("pk")))
"""Asked of the body that answers for the gap."""
TASK_GAP = Permission("grid.task_gap", Grant(LEADERS, ByBody("pk")))
"""Asked of the body that answers for the gap; giving the task asks for `work.open_task` too."""
NAME_MEMBERS = Permission("grid.name_members", Grant(LEADERS, ByBody("pk")))
"""Asked of the branch."""
CHANGE_SETTINGS = Permission(
    "grid.change_settings", Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("pk"))
)
"""Asked of the body whose part of the grid follows them."""
RAISE_REQUEST = Permission(
    "grid.raise_request",
    Grant((), Own("pk")),
    Grant((), NamedFor()),
    Grant(LEADERS, ByUnit()),
    Grant(LEADERS, UnitOfMyBody("unit_id")),
    Grant(LEADERS, Belonging()),
)
"""Asked of the person for whom it is raised."""
SEE_REQUEST = Permission(
    "grid.see_request",
    Grant((), Own("raiser_id")),
    Grant((), Own("entered_by_id")),
    Grant((), Own("handler_id")),
    Grant(ANSWERERS, PassedBy()),
)
ANSWER_REQUEST = Permission(
    "grid.answer_request",
    Grant((), NotOwn(AsNamedMember(), "raiser_id")),
    Grant(ANSWERERS, NotOwn(AtBody("body_id"), "raiser_id")),
)
"""Nobody answers the own request."""
CLOSE_REQUEST = Permission("grid.close_request", Grant((), Own("raiser_id")), Grant((), Own("entered_by_id")))
"""Say whether it is solved, or take it back."""
