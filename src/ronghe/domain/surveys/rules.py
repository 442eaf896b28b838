"""问卷: who draws one up, sees it, reads what came of it. Answering itself asks only whether one is on the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, MASS_LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import ByBody, Own
from ronghe.domain.surveys.enums import SurveyState
from ronghe.domain.surveys.models import SurveyPerson
from ronghe.kernel.access.permissions import Grant, Permission

ASKERS = LEADERS | MASS_LEADERS | {PostRole.ZONE_LEAD}
PUT = (SurveyState.OPEN, SurveyState.CLOSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """The actor is on the list of a survey that was put, and `shows_results` where only such count. Roles do not matter."""

    reading: bool = False

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        if thing.state not in PUT or (self.reading and not thing.shows_results):
            return False
        return SurveyPerson.objects.filter(survey_id=thing.pk, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        mine = SurveyPerson.objects.filter(person=actor).order_by()
        found = Q(Exists(mine.filter(survey=OuterRef("pk")))) if walk else Q(pk__in=mine.values("survey_id"))
        found &= Q(state__in=PUT)
        return found & Q(shows_results=True) if self.reading else found


@dataclass(frozen=True, slots=True)
class Put:
    """As far as `reach`, once it was put to people: a draft is its author's."""

    reach: Any

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:
        return bool(thing.state != SurveyState.DRAFT and self.reach.holds(actor, roles, thing, at))

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:
        reached = self.reach.rows(actor, roles, at, walk=walk)
        return None if reached is None else reached & ~Q(state=SurveyState.DRAFT)


DRAW_UP = Permission("surveys.draw_up", Grant(ASKERS, ByBody("pk")))
"""Asked of the body whose people are asked."""
SEE_SURVEY = Permission(
    "surveys.see_survey",
    Grant((), Own("made_by_id")),
    Grant((), Asked()),
    Grant(ASKERS | WATCHERS, Put(ByBody("body_id"))),
)
RUN_SURVEY = Permission("surveys.run_survey", Grant((), Own("made_by_id")))
"""Change, open, extend, close, take back, raise a text as a need: whoever drew it up."""
SEE_RESULTS = Permission(
    "surveys.see_results",
    Grant((), Own("made_by_id")),
    Grant((), Asked(reading=True)),
    Grant(ASKERS | WATCHERS, Put(ByBody("body_id"))),
)
SEE_NAMES = Permission("surveys.see_names", Grant((), Own("made_by_id")))
"""Of a survey that keeps names: who answered what. Nobody but whoever asked."""
