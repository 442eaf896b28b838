"""Who may see, make and fix runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.appraisal.enums import CHECKED, PUBLISHED, Level
from ronghe.domain.appraisal.models import Panel, PanelReviewer, Run
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules import LEADERS, WATCHERS
from ronghe.domain.org.rules.reaches import Belonging, ByBody, Own, UnitOfMyBody, local_day, roots
from ronghe.kernel.access.permissions import Grant, Permission
from ronghe.kernel.db.tree import on_day

MAKERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY})
"""They start, publish and fix runs of their body and of those below it."""


@dataclass(frozen=True, slots=True)
class PublishedAbove:
    """The run is published, and I belong to, or hold a post in, its body or one below it."""

    def _above(self, actor: Person, at: datetime) -> Any:
        day = local_day(at)
        mine = actor.memberships.filter(on_day(day)).order_by().values("body_id")
        posts = actor.posts.filter(on_day(day), body__isnull=False).order_by().values("body_id")
        return (
            PartyOrg.links()
            .filter(on_day(day), Q(descendant_id__in=mine) | Q(descendant_id__in=posts))
            .order_by()
            .values("ancestor_id")
        )

    def holds(self, actor: Person, roles: frozenset[str], thing: Run, at: datetime) -> bool:  # noqa: ARG002
        return thing.state in PUBLISHED and bool(self._above(actor, at).filter(ancestor_id=thing.body_id).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(state__in=sorted(PUBLISHED), body_id__in=self._above(actor, at))


@dataclass(frozen=True, slots=True)
class CheckedBelow:
    """The run is in its self-check or review, and I answer for a body below it, or am a member whom it judges."""

    def condition(self, actor: Person, at: datetime) -> Q:
        day = local_day(at)
        led = roots(actor, frozenset(map(str, LEADERS | WATCHERS)), day, "body")
        homes = actor.memberships.filter(on_day(day)).order_by().values("body_id")
        links = PartyOrg.links().filter(on_day(day)).order_by()
        about = Q(body_id__in=links.filter(descendant_id__in=led).values("ancestor_id"))
        mine = Q(level=Level.MEMBER, body_id__in=links.filter(descendant_id__in=homes).values("ancestor_id"))
        return Q(state__in=sorted(CHECKED)) & (about | mine)

    def holds(self, actor: Person, roles: frozenset[str], thing: Run, at: datetime) -> bool:  # noqa: ARG002
        if thing.state not in CHECKED:
            return False
        return Run.objects.filter(self.condition(actor, at), pk=thing.pk).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return self.condition(actor, at)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """I am one of the panel's reviewers."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Panel, at: datetime) -> bool:  # noqa: ARG002
        return PanelReviewer.objects.filter(panel=thing, person=actor).exists()

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=PanelReviewer.objects.filter(person=actor).order_by().values("panel_id"))


KEEPERS = MAKERS | WATCHERS
"""They answer for what a run takes in by decision; whoever began a matter does not settle it."""

SEE_RUN = Permission(
    "appraisal.see_run",
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant((), PublishedAbove()),
    Grant((), CheckedBelow()),
)
SEE_WHOLE_RUN = Permission("appraisal.see_whole_run", Grant(LEADERS | WATCHERS, ByBody("body_id")))
START_RUN = Permission("appraisal.start_run", Grant(MAKERS, ByBody("pk")))
PUBLISH_RUN = Permission("appraisal.publish_run", Grant(MAKERS, ByBody("body_id")))
FINALIZE_RUN = Permission("appraisal.finalize_run", Grant(MAKERS, ByBody("body_id")))
SETTLE_QUESTION = Permission("appraisal.settle_question", Grant(MAKERS, ByBody("pk")))
REVIEW_RUN = Permission("appraisal.review_run", Grant(WATCHERS, ByBody("body_id")))
SEE_REMARK = Permission(
    "appraisal.see_remark",
    Grant(LEADERS | WATCHERS, ByBody("run__body_id")),
    Grant(LEADERS | WATCHERS, ByBody("judged_body")),
    Grant((), Own("made_by_id")),
)
ANSWER_REMARK = Permission("appraisal.answer_remark", Grant(WATCHERS, ByBody("run__body_id")))
ANSWER_OBJECTION = Permission("appraisal.answer_objection", Grant(KEEPERS, ByBody("run__body_id")))
TAKE_BACK_REMARK = Permission("appraisal.take_back_remark", Grant((), Own("made_by_id")))

SEE_FIGURE = Permission(
    "appraisal.see_figure",
    Grant(LEADERS | WATCHERS, ByBody("body_id")),
    Grant(LEADERS | WATCHERS, UnitOfMyBody("unit_id")),
    Grant((), Own("person_id")),
)
ENTER_FIGURE = Permission("appraisal.enter_figure", Grant(MAKERS, ByBody("pk")))
ENTER_UNIT_FIGURE = Permission("appraisal.enter_unit_figure", Grant(MAKERS, UnitOfMyBody("pk")))

SEE_VETO = Permission("appraisal.see_veto", Grant(LEADERS | WATCHERS, ByBody("body_id")), Grant((), Own("person_id")))
RAISE_VETO = Permission("appraisal.raise_veto", Grant(KEEPERS, ByBody("pk")))
REVIEW_VETO = Permission("appraisal.review_veto", Grant(KEEPERS, ByBody("body_id")))

SEE_PANEL = Permission("appraisal.see_panel", Grant(LEADERS | WATCHERS, ByBody("body_id")), Grant((), Reviewing()))
SEE_MARKS = Permission("appraisal.see_marks", Grant(KEEPERS, ByBody("body_id")))
OPEN_PANEL = Permission("appraisal.open_panel", Grant(MAKERS, ByBody("pk")))
RUN_PANEL = Permission("appraisal.run_panel", Grant(MAKERS, ByBody("body_id")))
MARK_PANEL = Permission("appraisal.mark_panel", Grant((), Reviewing()))

SEE_POINTS = Permission(
    "appraisal.see_points", Grant(LEADERS | WATCHERS, Belonging("pk", at_home=True)), Grant((), Own("pk"))
)
"""Asked of the person: everybody sees the own points, leaders and watchers those of members at home with them (PI-05)."""
SEE_MEMBERS_POINTS = Permission("appraisal.see_members_points", Grant(LEADERS | WATCHERS, ByBody("pk")))
"""Asked of the body: the points of its members as they stand, without places."""
LOOK_INTO = Permission("appraisal.look_into", Grant(MAKERS | {PostRole.DISCIPLINE_MEMBER}, ByBody("pk")))
"""Asked of the body: what looks odd among its members' points, and what came of asking."""
