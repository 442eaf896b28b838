"""What waits in this room: visits to make, effects to look at, grades to decide. What a finding asks else waits as an item."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ronghe.domain.inspections.enums import InspectionState
from ronghe.domain.inspections.models import Inspection
from ronghe.domain.inspections.rules import DECIDE_GRADE, VISIT
from ronghe.domain.inspections.selectors.findings import effects_to_look_at
from ronghe.domain.inspections.selectors.inspections import open_to_grade
from ronghe.domain.org.models import Person
from ronghe.kernel.inbox import Inbox, Says, Topic, Weight, declare_inbox
from ronghe.kernel.words import N_


def visits_to_make(actor: Person, at: datetime) -> QuerySet[Inspection]:
    """Return the visits of `actor` that are not sealed yet, the soonest first."""
    rows = Inspection.objects.filter(state__in=[InspectionState.PLANNED, InspectionState.UNDER_WAY])
    return VISIT.narrow(actor, rows, at=at).order_by("until_on", "pk")


def grades_to_decide(actor: Person, at: datetime) -> QuerySet[Inspection]:
    """Return the acceptances whose notice is over and whose grade is `actor`'s to decide."""
    return DECIDE_GRADE.narrow(actor, open_to_grade(at), at=at)


for _inbox in (
    Inbox(
        "inspections_to_make", N_("等您去督查"), "inspections", visits_to_make, Topic.WORK,
        Says(what="body__name", where="body__name", due_on="until_on", since="arranged_at"), page="inspection",
        is_named=False,
    ),
    Inbox(
        "effects_to_look_at", N_("等您看成效"), "findings", effects_to_look_at, Topic.DECIDING,
        Says(what="title", who="owner__name", where="body__name", due_at="due_at", since="since"), page="item_detail",
        is_named=False, weight=Weight.HEAVY,
    ),
    Inbox(
        "grades_to_decide", N_("等您定级"), "inspections", grades_to_decide, Topic.DECIDING,
        Says(what="body__name", where="body__name", since="sealed_at"), page="inspection", is_named=False,
    ),
):  # fmt: skip
    declare_inbox(_inbox)
