"""学习交流: who keeps a programme, teaches, signs for a pair, plans a visit; everybody of the sides reads.

Contacts of outside partners reach nothing of it: they are kept apart from every room but their alliance's list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.exchange.models import PairProgramme, ProgrammeSide, VisitPerson
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import (
    Belonging,
    ByBody,
    ByUnit,
    InBodyOf,
    Own,
    UnitOfMyBody,
    local_day,
    standing_of,
)
from ronghe.domain.rhythm.enums import AttendanceStatus
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.rules import RUNNERS
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.db.tree import on_day

PLANNERS = RUNNERS | {PostRole.COMMITTEE_CLERK, PostRole.PUBLICITY_MEMBER}
READERS = LEADERS | WATCHERS | TEAM
TEAM_LEADER = frozenset({PostRole.TEAM_LEADER})


@dataclass(frozen=True, slots=True)
class OfSide:
    """One of the programme's sides is a body that `reach`, asked of its `body_id`, holds for; `path` leads to the programme."""

    reach: Reach
    path: str = "pk"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        sides = ProgrammeSide.objects.filter(programme_id=getattr(thing, self.path)).order_by("pk")
        return any(self.reach.holds(actor, roles, side, at) for side in sides)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        sides = ProgrammeSide.objects.filter(reached).order_by()
        if walk:
            return Q(Exists(sides.filter(programme=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": sides.values("programme_id")})


@dataclass(frozen=True, slots=True)
class Below:
    """The actor belongs to, or holds a post in, the body along `path` or one below it. Roles do not matter."""

    path: str = "shown_to_id"

    def _bodies(self, actor: Person, at: datetime) -> Any:
        day = local_day(at)
        standing = standing_of(actor, day)
        mine = {*standing.bodies, *(post.body_id for post in standing.posts if post.body_id is not None)}
        return PartyOrg.links().filter(on_day(day), descendant_id__in=sorted(mine)) if mine else None

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        above = self._bodies(actor, at)
        return above is not None and above.filter(ancestor_id=getattr(thing, self.path)).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        above = self._bodies(actor, at)
        return None if above is None else Q(**{f"{self.path}__in": above.order_by().values("ancestor_id")})


@dataclass(frozen=True, slots=True)
class Only:
    """As far as `reach`, but only to rows whose `field` is true."""

    reach: Reach
    field: str

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return bool(getattr(thing, self.field) and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & Q(**{self.field: True})


@dataclass(frozen=True, slots=True)
class Witnessing:
    """The actor witnesses the pair's agreement. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return PairProgramme.objects.filter(witness=actor, pair_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=PairProgramme.objects.filter(witness=actor).order_by().values("pair_id"))


@dataclass(frozen=True, slots=True)
class WentThere:
    """The actor was among those who went. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return VisitPerson.objects.filter(person=actor, visit_id=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=VisitPerson.objects.filter(person=actor).order_by().values("visit_id"))


@dataclass(frozen=True, slots=True)
class Listened:
    """The actor signed in at the lecture. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(activity_id=thing.activity_id).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(activity_id__in=self._mine(actor).order_by().values("activity_id"))

    def _mine(self, actor: Person) -> Any:
        return Attendance.objects.filter(person=actor, status=AttendanceStatus.PRESENT)


SEE_PROGRAMME = Permission(
    "exchange.see_programme", Grant(READERS, OfSide(ByBody("body_id"))), Grant((), OfSide(InBodyOf("body_id")))
)
OPEN_PROGRAMME = Permission("exchange.open_programme", Grant(PLANNERS, ByBody("pk")))
"""Asked of the body in which the studies are held, or of a side."""
KEEP_PROGRAMME = Permission("exchange.keep_programme", Grant(PLANNERS, OfSide(ByBody("body_id"))))
"""Topics, materials, planning: the leaders of every side."""
PREPARE_LINE = Permission(
    "exchange.prepare_line", Grant((), Own("preparer_id")), Grant(PLANNERS, OfSide(ByBody("body_id"), "programme_id"))
)
"""Asked of the line: add materials, answer what was asked beforehand."""

SEE_LECTURE = Permission(
    "exchange.see_lecture", Grant((), Own("lecturer_id")), Grant((), Below()), Grant(READERS, ByBody("body_id"))
)
OFFER_LECTURE = Permission("exchange.offer_lecture", Grant((), Own("pk")), Grant(LEADERS, Belonging(at_home=True)))
"""Asked of the lecturer: oneself, or whoever leads the lecturer's branch."""
KEEP_LECTURE = Permission("exchange.keep_lecture", Grant((), Own("lecturer_id")), Grant(LEADERS, ByBody("body_id")))
RATE_SESSION = Permission("exchange.rate_session", Grant((), Listened()))

_PAIR_LEADERS = (
    Grant(LEADERS, Belonging("apprentice_id", at_home=True)),
    Grant(LEADERS, UnitOfMyBody("apprentice__unit_id")),
    Grant(TEAM_LEADER, ByUnit("apprentice__unit_id")),
)
"""As for pairing (`members.keep_mentors`)."""
SEE_PAIR = Permission(
    "exchange.see_pair",
    Grant((), Own("mentor_id")),
    Grant((), Own("apprentice_id")),
    Grant((), Witnessing()),
    Grant(WATCHERS, Belonging("apprentice_id", at_home=True)),
    *_PAIR_LEADERS,
)
"""Asked of the pair, whether it has a programme or not."""
KEEP_PAIR = Permission("exchange.keep_pair", Grant((), Own("mentor_id")), *_PAIR_LEADERS)
"""Draft the programme and review it: the mentor, and whoever leads the apprentice."""
JUDGE_PAIR = Permission("exchange.judge_pair", *_PAIR_LEADERS)
"""Conclude: out of apprenticeship, extended, ended. Never one's own pair (the service refuses)."""
SIGN_PAIR = Permission(
    "exchange.sign_pair", Grant((), Own("mentor_id")), Grant((), Own("apprentice_id")), Grant((), Witnessing())
)

SEE_VISIT = Permission(
    "exchange.see_visit",
    Grant(READERS, ByBody("body_id")),
    Grant(READERS, ByBody("host_body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), InBodyOf("host_body_id")),
    Grant((), Own("lead_id")),
    Grant((), WentThere()),
)
PLAN_VISIT = Permission("exchange.plan_visit", Grant(PLANNERS, ByBody("pk")))
"""Asked of the body that keeps the visit."""
KEEP_VISIT = Permission("exchange.keep_visit", Grant(PLANNERS, ByBody("body_id")), Grant((), Own("lead_id")))
ANSWER_VISIT = Permission("exchange.answer_visit", Grant(PLANNERS, ByBody("host_body_id")))
"""The host's word about it."""
SEE_PRACTICE = Permission(
    "exchange.see_practice",
    Grant((), Own("owner_id")),
    Grant(READERS, ByBody("visit__body_id")),
    Grant((), InBodyOf("visit__body_id")),
    Grant((), Only(Below(), "is_offered")),
)
SETTLE_PRACTICE = Permission(
    "exchange.settle_practice", Grant((), Own("owner_id")), Grant(PLANNERS, ByBody("visit__body_id"))
)
