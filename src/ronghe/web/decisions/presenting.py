"""One matter with everything that its page shows and offers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.decisions.enums import ELSEWHERE, TO_SCHEDULE, UNDECIDED, MatterState, Outcome, Purpose
from ronghe.domain.decisions.models import Matter
from ronghe.domain.decisions.rules import RUN_MATTER, WITHDRAW_MATTER
from ronghe.domain.decisions.selectors.matters import (
    floor_in,
    lines_of,
    matters_seen_by,
    meetings_for,
    meetings_to_report_to,
    members_of,
    sittings_of,
    was_studied,
)
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.rhythm.enums import ActivityState, VoteMethod
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.rules import RUN_ACTIVITY, SEE_ACTIVITY
from ronghe.web.decisions.forms import (
    AvoidForm,
    ChecksForm,
    ElsewhereForm,
    PartForm,
    ReportForm,
    ScheduleForm,
    SettleForm,
)
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import default_deadline

MATTER_SHAPES = {
    MatterState.RAISED: "upcoming",
    MatterState.PREPARED: "due",
    MatterState.SCHEDULED: "running",
    MatterState.STUDIED: "due",
    MatterState.FOLLOWING: "running",
    MatterState.DONE: "done",
    MatterState.UNDONE: "failed",
    MatterState.REJECTED: "waived",
    MatterState.WITHDRAWN: "waived",
}
OUTCOME_SHAPES = {
    Outcome.CARRIED: "done",
    Outcome.NOT_CARRIED: "failed",
    Outcome.NO_QUORUM: "attention",
    Outcome.DEFERRED: "waived",
}


def matters_seen(request: HttpRequest) -> QuerySet[Matter]:
    return matters_seen_by(actor_of(request), timezone.now())


def people_to_ask(actor: Person) -> Any:
    """Return whom a part of the decision may be given to: whom the actor sees, with the unit beside the name."""
    return people_seen_by(actor, timezone.now()).filter(valid_until=None).select_related("unit").order_by("name", "pk")


def forms_of(request: HttpRequest, matter: Matter, *, may_run: bool) -> dict[str, Any]:
    """Return the forms that the matter's state asks for, filled with what is known."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    if not may_run:
        return {}
    forms: dict[str, Any] = {}
    members = members_of(matter.forum, matter.body, day).select_related("unit")
    if matter.state in UNDECIDED:
        forms["checks_form"] = ChecksForm(
            initial={name: getattr(matter, name) for name in ("legal_checked_by", "legal_opinion", "consulted_note")}
        )
        forms["avoid_form"] = AvoidForm(people=members)
    if matter.state in TO_SCHEDULE:
        entry = matter.entry
        wants_study = entry is not None and entry.needs_study and matter.state != MatterState.STUDIED
        purpose = Purpose.STUDY if wants_study else Purpose.DECIDE
        forms["schedule_form"] = ScheduleForm(meetings=meetings_for(matter, day), initial={"purpose": purpose})
        if matter.forum in ELSEWHERE:
            forms["elsewhere_form"] = ElsewhereForm(initial={"forum": matter.forum, "held_on": day})
    if matter.state == MatterState.SCHEDULED:
        method = matter.entry.vote_method if matter.entry is not None else VoteMethod.SHOW_OF_HANDS
        forms["settle_form"] = SettleForm(people=members, initial={"method": method})
    if matter.state == MatterState.FOLLOWING:
        forms["part_form"] = PartForm(people=people_to_ask(actor), initial={"due_at": default_deadline(now)})
        forms["report_form"] = ReportForm(meetings=meetings_to_report_to(matter))
    return forms


def matter_context(request: HttpRequest, matter: Matter, *, failed: Any = None) -> dict[str, Any]:
    """Return what the page of a matter shows; `failed` is the form that was refused, with what was typed."""
    actor, now = actor_of(request), timezone.now()
    may_run = RUN_MATTER.allows(actor, matter, at=now)
    forms = forms_of(request, matter, may_run=may_run)
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    sittings = sittings_of(matter)
    current = next((view.sitting for view in sittings if view.sitting.outcome is None), None)
    meeting = current.activity if current is not None else None
    seen = (
        set(
            SEE_ACTIVITY.narrow(actor, Activity.objects.filter(matter_sittings__matter=matter), at=now).values_list(
                "pk", flat=True
            )
        )
        if sittings
        else set()
    )
    is_open = meeting is not None and meeting.state == ActivityState.OPEN
    return forms | {
        "matter": matter,
        "shape": MATTER_SHAPES[MatterState(matter.state)],
        "entry": matter.entry,
        "papers": list(matter.papers.select_related("file", "added_by").order_by("pk")),
        "avoidances": list(matter.avoidances.select_related("person").order_by("pk")),
        "departures": list(matter.departures.select_related("noted_by").order_by("pk")),
        "sittings": [(view, OUTCOME_SHAPES.get(view.sitting.outcome or "", "upcoming")) for view in sittings],  # type: ignore[call-overload]
        "activities_seen": seen,
        "current": current,
        "meeting": meeting,
        "is_open": is_open,
        "floor": floor_in(matter, meeting) if is_open and meeting is not None else None,
        "may_run_meeting": meeting is not None and RUN_ACTIVITY.allows(actor, meeting, at=now),
        "lines": lines_of(matter, now),
        "reports": list(matter.reports.select_related("reported_by", "activity").order_by("-pk")),
        "was_studied": was_studied(matter),
        "may_run": may_run,
        "may_withdraw": matter.state in (*TO_SCHEDULE, MatterState.RAISED)
        and WITHDRAW_MATTER.allows(actor, matter, at=now),
        "is_undecided": matter.state in UNDECIDED,
        "failed": type(failed).__name__ if failed is not None else "",
    }
