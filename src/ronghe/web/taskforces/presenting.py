"""What the page of one group shows, and how its states look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.agreements.selectors import agreement_in_force
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.calc.vocabulary import BodyKind
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.playbooks.selectors.books import newest, shelf
from ronghe.domain.taskforces.calc.fixes import WORDS
from ronghe.domain.taskforces.enums import FORCE_FLOW, ForceState, PointState
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.taskforces.rules import (
    DECIDE_TASK_FORCE,
    DIRECT_TASK_FORCE,
    LEAD_TASK_FORCE,
    OPEN_MESSENGER,
    RAISE_POINT,
    SET_UP_TASK_FORCE,
    TRACK_TASK_FORCE,
)
from ronghe.domain.taskforces.selectors import (
    PointLine,
    may_be_asked,
    outcomes_of,
    point_lines,
    roster_of,
    tracking_of,
)
from ronghe.domain.taskforces.services.points import RAISED_IN
from ronghe.kernel.words import _, listed
from ronghe.web.requests import actor_of
from ronghe.web.taskforces.forms import (
    DescribeForm,
    MemberForm,
    OutcomeForm,
    ReasonForm,
    StartForm,
    TrackForm,
    outcome_initial,
)

FORCE_SHAPES = {
    ForceState.PROPOSED: "due",
    ForceState.RETURNED: "attention",
    ForceState.WITHDRAWN: "waived",
    ForceState.APPROVED: "upcoming",
    ForceState.UNDER_WAY: "running",
    ForceState.CLOSING: "attention",
    ForceState.CLOSED: "done",
    ForceState.CALLED_OFF: "waived",
}


def shape_of(line: PointLine) -> str:
    """Return the shape of a point's state; overdue shows before everything else."""
    if line.is_overdue:
        return "failed"
    if line.point.state == PointState.RAISED:
        return "attention"
    return {PointState.FIXED: "running", PointState.RESOLVED: "done", PointState.HANDED_OVER: "waived"}[
        PointState(line.point.state)
    ]


def word_of(line: PointLine) -> str:
    """Return a point's state in words: what is missing of the four, or that it is overdue, or the state."""
    if line.point.is_open and line.missing:
        return _("缺%(missing)s") % {"missing": listed(_(WORDS[fix]) for fix in line.missing)}
    if line.is_overdue:
        return _("已逾期")
    return _("攻关中") if line.point.state == PointState.FIXED else line.point.get_state_display()


def shown(lines: list[PointLine]) -> list[tuple[PointLine, str, str]]:
    """Return each line with shape and word."""
    return [(line, shape_of(line), word_of(line)) for line in lines]


def playbooks_to_choose() -> list[tuple[str, str]]:
    """Return the newest version of each playbook that asks something of a temporary project Party group."""
    kind = BodyKind.TEMPORARY_PARTY_GROUP
    return [(one.reference, one.title) for one in newest(shelf()).values() if one.playbook.mechanisms_for(kind)]


def force_context(request: HttpRequest, force: TaskForce, *, failed: Any = None) -> dict[str, Any]:
    """Return the context of the page; a form that failed is handed back in."""
    actor, now = actor_of(request), timezone.now()
    day = local_day(now)
    can = _rights(actor, force)
    lines = point_lines(list(force.points.order_by("number")), day, with_notes=False)
    sides = list(PartyOrg.objects.filter(pk__in=force.sides.values("body_id")).order_by("name", "pk"))
    forms = _forms(force, can, sides)
    if failed is not None:
        forms |= {name: failed for name, form in forms.items() if type(form) is type(failed)}
    still = [line for line in lines if line.point.is_open]
    agreement = force.agreement or agreement_in_force(force.project, day)
    return forms | can | {
        "force": force, "shape": FORCE_SHAPES[ForceState(force.state)], "lines": shown(lines), "sides": sides,
        "roster": roster_of(force), "tracking": list(tracking_of(force)[:20]), "agreement": agreement,
        "adoptions": list(adoptions_of(force.body, day)) if force.body is not None else [],
        "outcomes": _outcomes(force) if force.state in (ForceState.CLOSING, ForceState.CLOSED) else [],
        "files": list(force.outcome_files.select_related("file").order_by("added_at", "pk")),
        "resolved": len([line for line in lines if line.point.state == PointState.RESOLVED]),
        "still": len(still), "overdue": len([line for line in lines if line.is_overdue]),
        "not_fixed": [line for line in still if line.missing],
        "failed": type(failed).__name__ if failed is not None else "",
        "today": day,
    }  # fmt: skip


def _rights(actor: Person, force: TaskForce) -> dict[str, bool]:
    now = timezone.now()
    leads = LEAD_TASK_FORCE.allows(actor, force, at=now)
    directs = DIRECT_TASK_FORCE.allows(actor, force, at=now)
    sets_up = SET_UP_TASK_FORCE.allows(actor, force, at=now)
    allows = FORCE_FLOW.allows
    return {
        "can_decide": allows(force, "approve") and DECIDE_TASK_FORCE.allows(actor, force, at=now),
        "can_submit": allows(force, "submit") and directs,
        "can_withdraw": allows(force, "withdraw") and directs,
        "can_start": allows(force, "start") and sets_up,
        "can_wind_up": allows(force, "wind_up") and directs,
        "can_resume": allows(force, "resume") and directs and force.wind_up_reason == "by_hand",
        "can_close": allows(force, "close") and sets_up,
        "can_direct": force.is_open and directs,
        "can_lead": force.is_open and leads,
        "can_raise": force.state in RAISED_IN and RAISE_POINT.allows(actor, force, at=now),
        "can_track": force.is_running and TRACK_TASK_FORCE.allows(actor, force, at=now),
        "can_write": force.state == ForceState.CLOSING and leads,
        "can_talk": bool(force.messenger_url) and OPEN_MESSENGER.allows(actor, force, at=now),
    }


def _forms(force: TaskForce, can: dict[str, bool], sides: list[PartyOrg]) -> dict[str, Any]:
    """Only the forms that the reader may use: each that chooses people or playbooks costs a read."""
    now = timezone.now()
    found: dict[str, Any] = {}
    if can["can_decide"]:
        found["reason_form"] = ReasonForm()
    if can["can_start"]:
        offered = playbooks_to_choose()
        found["start_form"] = StartForm(playbooks=offered, initial={"playbook": offered[0][0] if offered else ""})
    if can["can_lead"]:
        fields = ("feature", "brand", "base_place", "base_note", "messenger_url")
        found["describe_form"] = DescribeForm(initial={name: getattr(force, name) for name in fields})
    if can["can_direct"]:
        bodies = {force.parent_id, *(body.pk for body in sides)}
        inside = force.members.filter(valid_until=None).values("person_id")
        found["member_form"] = MemberForm(people=may_be_asked(bodies, now).exclude(pk__in=inside))
    if can["can_track"]:
        found["track_form"] = TrackForm(initial={"day": local_day(now)})
    return found


def _outcomes(force: TaskForce) -> list[tuple[Any, Any, OutcomeForm]]:
    return [
        (kind, outcome, OutcomeForm(initial=outcome_initial(outcome), prefix=kind.value))
        for kind, outcome in outcomes_of(force).items()
    ]
