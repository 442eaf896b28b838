"""劳动竞赛: who opens and runs a contest, judges and takes part. Contests and their standings are public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.contests.models import ContestJudge
from ronghe.domain.honours.rules import CONVENERS, Everybody
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import ByBody, local_day, standing_of
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day

RUNNERS = CONVENERS | {PostRole.UNION_CHAIR}


@dataclass(frozen=True, slots=True)
class NamedJudge:
    """The actor is one of the judges named for the contest. Roles do not matter."""

    is_plain: bool = True

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return ContestJudge.objects.filter(contest_id=thing.pk, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=ContestJudge.objects.filter(person=actor).order_by().values("contest_id"))


@dataclass(frozen=True, slots=True)
class OverMyBody:
    """The contest is of a body that the actor belongs to, or of one above it. Roles do not matter."""

    is_plain: bool = True

    def _above(self, actor: Person, at: datetime) -> Any:
        day = local_day(at)
        links = PartyOrg.links().filter(on_day(day), descendant_id__in=standing_of(actor, day).bodies)
        return links.order_by().values("ancestor_id")

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._above(actor, at).filter(ancestor_id=thing.body_id).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(body_id__in=self._above(actor, at))


SEE_CONTEST = Permission("contests.see_contest", Grant((), Everybody()))
OPEN_CONTEST = Permission("contests.open_contest", Grant(RUNNERS, ByBody("pk")))
"""Asked of the body that holds it."""
RUN_CONTEST = Permission("contests.run_contest", Grant(RUNNERS, ByBody("body_id")))
JUDGE_CONTEST = Permission("contests.judge_contest", Grant((), NamedJudge()))
"""Never the own entry (the service refuses)."""
JOIN_CONTEST = Permission("contests.join_contest", Grant((), OverMyBody()))
