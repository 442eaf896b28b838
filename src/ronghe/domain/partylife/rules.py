"""组织生活: who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules import LEADERS, TEAM, WATCHERS
from ronghe.domain.org.rules.reaches import AtBody, Belonging, ByBody, InBodyOf, Own
from ronghe.domain.partylife.models import SiteVisit
from ronghe.domain.playbooks.rules import Standing
from ronghe.domain.rhythm.enums import ActivityState, AttendanceStatus
from ronghe.domain.rhythm.models import Attendance
from ronghe.domain.rhythm.selectors.expected import COMMITTEE
from ronghe.domain.work.rules import NotOwn
from ronghe.kernel.access.permissions import Grant, Permission

KEEPERS = LEADERS | {PostRole.PUBLICITY_MEMBER, PostRole.ZONE_LEAD}
"""Who looks after a body's birthdays, oaths, red sites and classes."""
CONFIRMERS = frozenset({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY, PostRole.DEPUTY_SECRETARY, PostRole.ORG_MEMBER})
SEERS = LEADERS | WATCHERS


@dataclass(frozen=True, slots=True)
class WasThere:
    """The actor came to an activity that was held at the red site. Roles do not matter."""

    def holds(self, actor: Person, roles: frozenset[str], thing: Any, at: datetime) -> bool:  # noqa: ARG002
        return bool(self._mine(actor).filter(site_id=thing.pk).exists())

    def rows(self, actor: Person, roles: frozenset[str], at: datetime, *, walk: bool) -> Q | None:  # noqa: ARG002
        return Q(pk__in=self._mine(actor).order_by().values("site_id"))

    def _mine(self, actor: Person) -> Any:
        came = Attendance.objects.filter(person=actor, status=AttendanceStatus.PRESENT).order_by()
        return SiteVisit.objects.filter(
            activity__state=ActivityState.CLOSED, activity__in=came.values("activity_id")
        )  # fmt: skip


SEE_TALK = Permission(
    "partylife.see_talk",
    Grant((), Own("by_id")),
    Grant((), Own("other_id")),
    Grant(SEERS, ByBody("body_id")),
)
"""That a talk was held, by whom with whom and when; never about what."""
READ_TALK = Permission("partylife.read_talk", Grant((), Own("by_id")), Grant((), Own("other_id")))
"""What was said is a compartment of its own, for the two who talked; each look into it is recorded."""
ANSWER_TALK = Permission("partylife.answer_talk", Grant((), Own("other_id")))
VOID_TALK = Permission("partylife.void_talk", Grant((), Own("by_id")))
SEE_MATRIX = Permission("partylife.see_matrix", Grant(SEERS, ByBody("pk")), Grant(COMMITTEE, AtBody("pk")))
"""Asked of the body whose pairs are looked at (PM-09)."""
RUN_PLAN = Permission("partylife.run_plan", Grant((), Own("by_id")))
"""To see, keep and drop a talk that one means to have."""

SEE_KEEPING = Permission(
    "partylife.see_keeping", Grant(SEERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id"))
)
KEEP_BIRTHDAY = Permission("partylife.keep_birthday", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body."""
CHANGE_KEEPING = Permission("partylife.change_keeping", Grant(KEEPERS, ByBody("body_id")))
"""Add a picture, take it back."""
SAY_WORDS = Permission("partylife.say_words", Grant((), Own("person_id")), Grant(KEEPERS, ByBody("keeping__body_id")))
SEE_OATH = Permission(
    "partylife.see_oath", Grant(SEERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id")),
    Grant((), Own("led_by_id")),
)  # fmt: skip
HOLD_OATH = Permission("partylife.hold_oath", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body."""
VOID_OATH = Permission("partylife.void_oath", Grant(KEEPERS, ByBody("body_id")))

SEE_SITE = Permission("partylife.see_site", Grant((), Standing()))
"""Red sites are open to the whole field."""
KEEP_SITE = Permission("partylife.keep_site", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body that keeps the register."""
CHANGE_SITE = Permission("partylife.change_site", Grant(KEEPERS, ByBody("body_id")))
RATE_SITE = Permission("partylife.rate_site", Grant((), WasThere()))
SET_ZONE_POINT = Permission(
    "partylife.set_zone_point", Grant(KEEPERS, ByBody("sponsor_id")), Grant(KEEPERS, ByBody("body_id"))
)
SET_PROJECT_POINT = Permission("partylife.set_project_point", Grant(KEEPERS, ByBody("body_id")))

SEE_CLASS = Permission(
    "partylife.see_class", Grant(SEERS | TEAM, ByBody("body_id")), Grant((), InBodyOf("body_id")),
    Grant((), Own("teller_id")),
)  # fmt: skip
LIST_CLASS = Permission("partylife.list_class", Grant(KEEPERS, ByBody("pk")))
"""Asked of the body whose rota it is."""
CHANGE_CLASS = Permission("partylife.change_class", Grant(KEEPERS, ByBody("body_id")))
ATTACH_MATERIAL = Permission(
    "partylife.attach_material", Grant(KEEPERS, ByBody("body_id")), Grant((), Own("teller_id"))
)

SEE_HOURS = Permission("partylife.see_hours", Grant(SEERS, Belonging(at_home=True)), Grant((), Own("pk")))
"""Asked of the person whose year it is."""
SEE_ENTRY = Permission("partylife.see_entry", Grant(SEERS, ByBody("body_id")), Grant((), Own("person_id")))
CLAIM_HOURS = Permission("partylife.claim_hours", Grant(CONFIRMERS, Belonging(at_home=True)), Grant((), Own("pk")))
"""Asked of the person who studied."""
SETTLE_ENTRY = Permission("partylife.settle_entry", Grant(CONFIRMERS, NotOwn(ByBody("body_id"), "person_id")))
"""Confirm or refuse; nobody does so of the own hours."""
WITHDRAW_ENTRY = Permission("partylife.withdraw_entry", Grant((), Own("person_id")), Grant((), Own("entered_by_id")))
SEE_DISPUTE = Permission("partylife.see_dispute", Grant(SEERS, ByBody("body_id")), Grant((), Own("person_id")))
ANSWER_DISPUTE = Permission("partylife.answer_dispute", Grant(CONFIRMERS, NotOwn(ByBody("body_id"), "person_id")))
SEE_STUDY_RULES = Permission("partylife.see_study_rules", Grant((), Standing()))
SET_STUDY_RULES = Permission(
    "partylife.set_study_rules", Grant({PostRole.COMMITTEE_CLERK, PostRole.SECRETARY}, ByBody("pk"))
)
"""Asked of the body for which, and for all below it, the figures are set."""
