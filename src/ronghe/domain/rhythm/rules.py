"""Who may see and run activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.contacts.enums import ContactKind
from ronghe.domain.contacts.rules import COMMITTEE_POSTS, KINDS, MANAGING_POSTS, Question
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, ByUnit, InBodyOf, Own, local_day, posts_of, roots
from ronghe.domain.rhythm.enums import SAFETY_CHECKS, ActivityType, AttendanceStatus, VisitKind
from ronghe.domain.rhythm.models import ActivityHost, Attendance
from ronghe.kernel.access.permissions import Grant, Permission, Reach
from ronghe.kernel.words import N_

RUNNERS = frozenset(
    {
        PostRole.ZONE_LEAD,
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.GROUP_LEADER,
        PostRole.UNION_GROUP_LEADER,
        *MASS_LEADERS,
    }
)
"""Who calls people together: the zone's lead, and the officers of a body for what hangs below it.

The posts of union and league are held in bodies of those trees, so they reach those bodies alone.
"""


@dataclass(frozen=True, slots=True)
class CameTo:
    """The actor was there: a guest sees the record of what he took part in."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(activity_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=self._mine(actor).order_by().values("activity_id"))

    def _mine(self, actor: Person) -> Any:
        return Attendance.objects.filter(person=actor, status=AttendanceStatus.PRESENT)


@dataclass(frozen=True, slots=True)
class Hosting:
    """The activity is held together with a body that `reach`, asked of a host's `body_id`, holds for."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        hosts = ActivityHost.objects.filter(activity_id=thing.pk).order_by("pk")
        return any(self.reach.holds(actor, roles, host, at) for host in hosts)

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        if reached is None:
            return None
        hosts = ActivityHost.objects.filter(reached).order_by()
        if walk:
            return Q(Exists(hosts.filter(activity=OuterRef("pk"))))
        return Q(pk__in=hosts.values("activity_id"))


@dataclass(frozen=True, slots=True)
class NotCare:
    """As far as `reach`, but not to care visits: who is cared for is nobody's talk."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return bool(thing.kind != VisitKind.CARE and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(kind=VisitKind.CARE)


@dataclass(frozen=True, slots=True)
class AtMyUnit:
    """The thing is about the unit that the actor works in. Roles do not matter."""

    path: str = "unit_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return actor.unit_id is not None and getattr(thing, self.path) == actor.unit_id

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return None if actor.unit_id is None else Q(**{self.path: actor.unit_id})


@dataclass(frozen=True, slots=True)
class BesideBody:
    """The body (along `path`, to its id) has its unit, or the office of its zone, where the actor holds the post.

    It is how a duty finds who answers for it (`obligations.selectors.Answering`); not below that unit.
    """

    path: str = "body_id"

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        bodies = self._bodies(actor, roles, at)
        return bodies is not None and bodies.filter(pk=getattr(thing, self.path)).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        bodies = self._bodies(actor, roles, at)
        return None if bodies is None else Q(**{f"{self.path}__in": bodies.order_by().values("pk")})

    def _bodies(self, actor: Person, roles: frozenset[str], at: datetime) -> Any | None:
        units = roots(actor, roles, local_day(at), "unit")
        return PartyOrg.objects.filter(Q(unit__in=units) | Q(zone__office__in=units)) if units else None


@dataclass(frozen=True, slots=True)
class SafetyChecks:
    """As far as `reach`, but only to safety checks."""

    reach: Reach

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return bool(thing.activity_type in SAFETY_CHECKS and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & Q(activity_type__in=sorted(SAFETY_CHECKS))


SAFETY_OFFICERS = frozenset({PostRole.HSE_OFFICER})

SEE_ACTIVITY = Permission(
    "rhythm.see_activity",
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, ByBody("body_id")),
    Grant(LEADERS | WATCHERS | TEAM | MASS_LEADERS, Hosting(ByBody("body_id"))),
    Grant((), InBodyOf("body_id")),
    Grant((), Hosting(InBodyOf("body_id"))),
    Grant((), Own("chair_id")),
    Grant((), Own("recorder_id")),
    Grant((), CameTo()),
    Grant(SAFETY_OFFICERS, SafetyChecks(ByBody("body_id"))),
    Grant(SAFETY_OFFICERS, SafetyChecks(BesideBody("body_id"))),
)
RECORDERS = frozenset({PostRole.COMMITTEE_CLERK})
"""Whose work it is to prepare and record the meetings of the very body, and of none below it."""

PLAN_ACTIVITY = Permission("rhythm.plan_activity", Grant(RUNNERS, ByBody("pk")), Grant(RECORDERS, AtBody("pk")))
"""Asked of the body, for whatever its tree holds."""
CHAIR_ACTIVITY = Permission(
    "rhythm.chair_activity",
    Grant(RUNNERS | SAFETY_OFFICERS, ByBody("pk")),
    Grant(SAFETY_OFFICERS, BesideBody("pk")),
)
"""Asked of the body: who chairs what he plans. A clerk plans and records, and decides nothing."""
PLAN_CHECK = Permission(
    "rhythm.plan_check",
    Grant(RUNNERS | SAFETY_OFFICERS, ByBody("pk")),
    Grant(SAFETY_OFFICERS, BesideBody("pk")),
    Grant(RECORDERS, AtBody("pk")),
)
"""Asked of the body, for safety checks: whoever plans anything there, and the safety officer. Nobody plans more."""
RUN_ACTIVITY = Permission(
    "rhythm.run_activity",
    Grant((), Own("chair_id")),
    Grant((), Own("recorder_id")),
    Grant(RUNNERS, ByBody("body_id")),
    Grant(RECORDERS, AtBody("body_id")),
    Grant(SAFETY_OFFICERS, SafetyChecks(ByBody("body_id"))),
    Grant(SAFETY_OFFICERS, SafetyChecks(BesideBody("body_id"))),
)
"""Open, take attendance, keep the agenda, close, correct."""


def right_to_plan(activity_type: str) -> Permission:
    """Return the right that is asked of a body before a gathering of this kind is planned there."""
    return PLAN_CHECK if activity_type in SAFETY_CHECKS else PLAN_ACTIVITY


def may_plan_somewhere(actor: Person, at: datetime) -> bool:
    """Tell whether `actor` plans anything anywhere: the posts that were read already say it, without a statement of its own.

    A post in a living body reaches that body; only a safety officer's post in a unit has to be asked for the body beside it.
    """
    planners = RUNNERS | SAFETY_OFFICERS | RECORDERS
    posts = posts_of(actor, local_day(at))
    if any(post.body_id is not None and post.role in planners for post in posts):
        return True
    if not any(post.unit_id is not None and post.role in SAFETY_OFFICERS for post in posts):
        return False
    return PLAN_CHECK.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=at).exists()


def kinds_to_plan(actor: Person, body: PartyOrg, at: datetime) -> frozenset[str]:
    """Return the kinds of gathering that `actor` may plan for a body, whatever its tree."""
    if PLAN_ACTIVITY.allows(actor, body, at=at):
        return frozenset(ActivityType.values)
    return frozenset(SAFETY_CHECKS) if PLAN_CHECK.allows(actor, body, at=at) else frozenset()


VISITORS = COMMITTEE_POSTS | MANAGING_POSTS | MASS_LEADERS | {PostRole.GROUP_LEADER, PostRole.COMMITTEE_CLERK}
"""Who goes and looks without a contact: committees, managers, union and league, each as far as the post reaches."""

SEE_VISIT = Permission(
    "rhythm.see_visit",
    Grant(LEADERS | WATCHERS | MASS_LEADERS, ByBody("body_id")),
    Grant(TEAM, NotCare(ByBody("body_id"))),
    Grant(LEADERS | TEAM, NotCare(ByUnit("unit_id"))),
    Grant((), NotCare(InBodyOf("body_id"))),
    Grant((), NotCare(AtMyUnit("unit_id"))),
    Grant((), Own("visitor_id")),
    Grant((), Own("person_id")),
)
VISIT_CONTACT = Permission("rhythm.visit_contact", Grant((), Own("holder_id")))
"""Asked of the contact point: whoever keeps it makes its visits."""
VISIT_BODY = Permission("rhythm.visit_body", Grant(VISITORS, ByBody("pk")))
"""Asked of the body that is visited, or that answers for the unit visited."""
CORRECT_VISIT = Permission(
    "rhythm.correct_visit",
    Grant((), Own("visitor_id")),
    Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, NotCare(ByBody("body_id"))),
)
READ_CARE = Permission(
    "rhythm.read_care",
    Grant(
        {PostRole.UNION_CHAIR, PostRole.UNION_DEPUTY, PostRole.UNION_MEMBER, PostRole.WOMEN_OFFICER},
        AtBody("body_id"),
    ),
    Grant((), Own("visitor_id")),
)
"""What was said on a care visit is a compartment of its own; each look into it is recorded."""

SEE_RAISER = Permission(
    "rhythm.see_raiser",
    Grant((), Own("raised_by_id")),
    Grant((), Own("visit__visitor_id")),
    Grant(LEADERS | MASS_LEADERS | {PostRole.GROUP_LEADER, PostRole.ZONE_LEAD}, AtBody("visit__body_id")),
)
"""Asked of a problem: who raised it, and what he said to the answer. Nobody else reads it, whoever reads the visit."""
RATE_ANSWER = Permission("rhythm.rate_answer", Grant((), Own("problem__raised_by_id")))

ROUND_QUESTIONS = (
    Question("safety", N_("现场安全有序")),
    Question("production", N_("生产任务推进顺利")),
    Question("people", N_("职工诉求有人管")),
)


def questions_of(kind: VisitKind) -> tuple[Question, ...]:
    """Return what a visit of a kind looks at; a contact's visits as the contact's kind says."""
    return ROUND_QUESTIONS if kind == VisitKind.ROUND else KINDS[ContactKind(kind.value)].questions
