"""述职评议: who plans a hearing, runs it, sees it; reporters see their own, employees' representatives only vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.hearings.models import HearingReporter
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, ByBody, Own
from ronghe.kernel.access.permissions import Grant, Permission

PLANNERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY})
LEADING_GROUP = frozenset(
    {
        PostRole.SECRETARY,
        PostRole.DEPUTY_SECRETARY,
        PostRole.ORG_MEMBER,
        PostRole.PUBLICITY_MEMBER,
        PostRole.DISCIPLINE_MEMBER,
        PostRole.COMMITTEE_MEMBER,
    }
)


@dataclass(frozen=True, slots=True)
class Reporting:
    """The actor reports in it. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return HearingReporter.objects.filter(hearing_id=thing.pk, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = HearingReporter.objects.filter(person=actor).order_by()
        if walk:
            return Q(Exists(mine.filter(hearing=OuterRef("pk"))))
        return Q(pk__in=mine.values("hearing_id"))


SEE_HEARING = Permission(
    "hearings.see_hearing",
    Grant(PLANNERS | WATCHERS, ByBody("body_id")),
    Grant(LEADING_GROUP, AtBody("body_id")),
    Grant((), Own("chair_id")),
    Grant((), Reporting()),
)
"""That it takes place, who reports and how far it is; what is said of one reporter asks `SEE_REPORTER`."""
PLAN_HEARING = Permission("hearings.plan_hearing", Grant(PLANNERS, ByBody("pk")))
"""Asked of the body."""
RUN_HEARING = Permission("hearings.run_hearing", Grant((), Own("chair_id")), Grant(PLANNERS, ByBody("body_id")))
SEE_REPORTER = Permission(
    "hearings.see_reporter",
    Grant((), Own("person_id")),
    Grant((), Own("hearing__chair_id")),
    Grant(PLANNERS | WATCHERS, ByBody("hearing__body_id")),
    Grant(LEADING_GROUP, AtBody("hearing__body_id")),
)
"""Report, remarks, result, objection and problems of one reporter."""
HAND_IN = Permission("hearings.hand_in", Grant((), Own("person_id")))
OBJECT = Permission("hearings.object", Grant((), Own("person_id")))
ANSWER_OBJECTION = Permission("hearings.answer_objection", Grant(PLANNERS, ByBody("hearing__body_id")))
"""Asked of the reporter, never of oneself (the service refuses)."""
REMARK = Permission(
    "hearings.remark",
    Grant((), Own("hearing__chair_id")),
    Grant(PLANNERS, ByBody("hearing__body_id")),
    Grant(LEADING_GROUP, AtBody("hearing__body_id")),
)
