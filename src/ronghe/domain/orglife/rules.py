"""组织生活会与民主评议: who plans and runs it, who reads what about a member, who sees grades and the view from above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, InBodyOf, Own
from ronghe.domain.orglife.models import SessionMember
from ronghe.kernel.access.permissions import Grant, Permission

PLANNERS = LEADERS
COMMITTEE = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)
SECRETARIES = frozenset({PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
OFFICE = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER})


@dataclass(frozen=True, slots=True)
class TakingPart:
    """The actor takes part in the session (along `path`, to its id). Roles do not matter.

    With `while_open` only from the first sitting on and until the session is closed: the statements are read in the meeting.
    """

    path: str = "pk"
    while_open: bool = False

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        session_id = thing.pk if self.path == "pk" else getattr(thing, self.path)
        return bool(self._mine(actor).filter(session_id=session_id).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        if walk:
            return Q(Exists(self._mine(actor).filter(session=OuterRef(self.path))))
        return Q(**{f"{self.path}__in": self._mine(actor).values("session_id")})

    def _mine(self, actor: Person) -> Any:
        rows = SessionMember.objects.filter(person=actor, exemption="").order_by()
        if self.while_open:
            rows = rows.filter(session__opened_at__isnull=False, session__closed_at=None)
        return rows


SEE_SESSION = Permission(
    "orglife.see_session",
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant(COMMITTEE, AtBody("body_id")),
    Grant((), InBodyOf("body_id")),
    Grant((), TakingPart()),
    Grant((), Own("chair_id")),
)
"""That it takes place, who takes part, how far it is, and the list of corrections; what is said of one member is apart."""
PLAN_SESSION = Permission("orglife.plan_session", Grant(PLANNERS, ByBody("pk")))
"""Asked of the body."""
RUN_SESSION = Permission("orglife.run_session", Grant((), Own("chair_id")), Grant(PLANNERS, ByBody("body_id")))
GIVE_OPINION = Permission(
    "orglife.give_opinion", Grant((), TakingPart()), Grant((), InBodyOf("body_id")), Grant(PLANNERS, ByBody("body_id"))
)
READ_COMMITTEE_OPINIONS = Permission(
    "orglife.read_committee_opinions",
    Grant(COMMITTEE, AtBody("body_id")),
    Grant((), Own("chair_id")),
    Grant(OFFICE, ByBody("body_id")),
)
"""Opinions on the committee as a whole; each look recorded."""
FILL_OWN = Permission("orglife.fill_own", Grant((), Own("person_id")))
"""Statement, own appraisal, ratings of others, acknowledging, objecting: asked of the own place in the session."""
READ_STATEMENT = Permission(
    "orglife.read_statement",
    Grant((), Own("person_id")),
    Grant((), Own("session__chair_id")),
    Grant(COMMITTEE, AtBody("session__body_id")),
    Grant((), TakingPart("session_id", while_open=True)),
)
READ_PERSONAL = Permission(
    "orglife.read_personal",
    Grant((), Own("person_id")),
    Grant((), Own("session__chair_id")),
    Grant(COMMITTEE, AtBody("session__body_id")),
)
"""Opinions on a member, criticism, ratings in sum, marks, reasons of the grade: each look recorded."""
SEE_GRADE = Permission(
    "orglife.see_grade",
    Grant((), Own("person_id")),
    Grant((), Own("session__chair_id")),
    Grant(COMMITTEE, AtBody("session__body_id")),
    Grant(OFFICE | WATCHERS, ByBody("session__body_id")),
)
SEE_MEASURE = Permission(
    "orglife.see_measure",
    Grant((), Own("person_id")),
    Grant((), Own("measure__helper_id")),
    Grant(SECRETARIES, AtBody("session__body_id")),
    Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("session__body_id")),
)
"""Help and disposal after a poor grade: few people, each look recorded."""
ANSWER_OBJECTION = Permission("orglife.answer_objection", Grant(OFFICE, ByBody("session__body_id")))
"""Asked of the member, never of oneself (the service refuses)."""
SEE_OVERVIEW = Permission("orglife.see_overview", Grant(LEADERS | WATCHERS, ByBody("pk")))
"""Asked of the body above: which bodies held theirs, shares of grades, corrections."""
SEE_LEADERS = Permission("orglife.see_leaders", Grant(OFFICE | WATCHERS, ByBody("pk")))
"""Asked of the committee: who of its leading group attended both meetings (PM-10)."""
