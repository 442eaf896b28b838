"""A session with everything that its page shows and offers."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.enums import OVER, SessionState
from ronghe.domain.orglife.models import LifeSession, SessionMember
from ronghe.domain.orglife.rules import GIVE_OPINION, READ_COMMITTEE_OPINIONS, READ_STATEMENT, RUN_SESSION
from ronghe.domain.orglife.selectors.corrections import corrections_of, last_years, progress_of
from ronghe.domain.orglife.selectors.members import MemberView, members_of, people_here, shares_of, views_of
from ronghe.domain.orglife.selectors.reading import members_read_by
from ronghe.domain.orglife.selectors.sessions import (
    meetings_of,
    preparations_of,
    sessions_seen_by,
    sitting_of,
    studies_offered,
)
from ronghe.domain.orglife.services.marking import present_people
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.web.orglife.forms import CorrectionForm, NoteForm, PreparationForm, ReasonForm, StudyForm
from ronghe.web.requests import actor_of

SESSION_SHAPES = {
    SessionState.PREPARING: "upcoming",
    SessionState.HELD: "running",
    SessionState.MARKING: "running",
    SessionState.OPINION: "due",
    SessionState.TOLD: "due",
    SessionState.CLOSED: "done",
    SessionState.CALLED_OFF: "waived",
}
TASK_SHAPES = {
    "open": "due",
    "submitted": "running",
    "returned": "attention",
    "accepted": "done",
    "cancelled": "waived",
}
GRADE_SHAPES = {"excellent": "done", "qualified": "done", "basic": "attention", "unqualified": "failed"}
CORRECTION_DAYS = 60


def seen_session(request: HttpRequest, pk: int) -> LifeSession:
    return get_object_or_404(sessions_seen_by(actor_of(request), timezone.now()), pk=pk)


def members_here(session: LifeSession) -> Any:
    return session.members.filter(exemption="").select_related("person").order_by("place")


def due_default(days: int = CORRECTION_DAYS) -> datetime:
    day = local_day(timezone.now()) + timedelta(days=days)
    return timezone.localtime(timezone.make_aware(datetime.combine(day, time(18))))


def steps_of(session: LifeSession) -> list[tuple[str, str]]:
    """Return the steps of the session with their state, for the stepper."""
    order = [SessionState.PREPARING, SessionState.HELD]
    if session.has_review:
        order += [SessionState.MARKING, SessionState.OPINION, SessionState.TOLD]
    order.append(SessionState.CLOSED)
    if session.state == SessionState.CALLED_OFF:
        return []
    here = order.index(SessionState(session.state))
    names = []
    for place, state in enumerate(order):
        is_done = place < here or session.state == SessionState.CLOSED
        names.append(("done" if is_done else "now" if place == here else "next", str(state.label)))
    return names


def session_context(request: HttpRequest, session: LifeSession, *, failed: Any = None) -> dict[str, Any]:
    """Return what the page of a session shows; `failed` is the form that was refused."""
    actor, now = actor_of(request), timezone.now()
    may_run = RUN_SESSION.allows(actor, session, at=now)
    is_over = session.state in OVER
    members = members_of(session)
    views = views_of(session, members, actor, now)
    readable = set(READ_STATEMENT.narrow(actor, session.members.all(), at=now).order_by().values_list("pk", flat=True))
    meetings, lines, earlier = meetings_of(session), corrections_of(session), last_years(session)
    sitting = sitting_of(session, meetings)
    context: dict[str, Any] = {
        "session": session,
        "shape": SESSION_SHAPES[SessionState(session.state)],
        "steps": steps_of(session),
        "meetings": meetings,
        "members": [_member_line(view, readable) for view in views],
        "mine": next((view.member for view in views if view.member.person_id == actor.pk), None),
        "taking": [member for member in members if not member.exemption],
        "shares": shares_of(session, members),
        "sees_all": bool(views) and all(view.is_seen for view in views),
        "preparations": preparations_of(session, members, len(earlier)),
        "corrections": [(row, TASK_SHAPES.get(row.task.state, "due"), row.task.is_overdue(now)) for row in lines],
        "earlier": [(row, TASK_SHAPES.get(row.task.state, "due")) for row in earlier],
        "progress": progress_of(lines, now),
        "may_run": may_run,
        "may_opine": session.takes_papers and GIVE_OPINION.allows(actor, session, at=now),
        "may_read_opinions": READ_COMMITTEE_OPINIONS.allows(actor, session, at=now),
        "is_over": is_over,
        "may_arrange": may_run and session.takes_papers and _lacks_meeting(session, meetings)
        and PLAN_ACTIVITY.allows(actor, session.body, at=now),
        "sitting_begun": bool(sitting) and all(row.activity.state in ("open", "closed") for row in sitting),
        "review_due": session.review_on is not None and session.review_on <= local_day(now)
        and session.reviewed_at is None and not is_over,
        "can_close": _can_close(session, now),
        "failed": type(failed).__name__ if failed is not None else "",
    }  # fmt: skip
    if may_run and session.state in (SessionState.HELD, SessionState.PREPARING, SessionState.MARKING):
        context["present"] = len(present_people(session)) if context["sitting_begun"] else 0
    if session.state == SessionState.MARKING:
        ballots = list(session.ballots.select_related("ballot__opened_by"))
        context["ballots"] = [(row.ballot, row.ballot.voters.exclude(way="waiting").count()) for row in ballots]
    if may_run and not is_over:
        context |= _forms(session, failed)
    return context


def _member_line(view: MemberView, readable: set[int]) -> tuple[MemberView, bool, str]:
    """Return a member's line: what is seen of it, whether its page opens for the reader, and the shape of its grade."""
    return view, view.is_seen or view.member.pk in readable, GRADE_SHAPES.get(view.member.grade, "upcoming")


def _forms(session: LifeSession, failed: Any) -> dict[str, Any]:
    members, people = members_here(session), people_here(session)
    studies = studies_offered(session)
    made: dict[str, Any] = {
        "study_form": StudyForm(studies=studies) if session.takes_papers and studies else None,
        "preparation_form": PreparationForm() if session.takes_papers else None,
        "reason_form": ReasonForm(),
        "note_form": NoteForm(),
        "correction_form": CorrectionForm(members=members, people=people, initial={"due_at": due_default()}),
    }
    if failed is not None:
        made |= {name: failed for name, form in made.items() if form is not None and type(form) is type(failed)}
    return made


def _lacks_meeting(session: LifeSession, meetings: list[Any]) -> bool:
    parts = {row.part for row in meetings}
    return "life" not in parts or (session.has_review and not session.is_combined and "review" not in parts)


def _can_close(session: LifeSession, now: datetime) -> bool:
    if session.state == SessionState.TOLD:
        return session.objections_until is not None and local_day(now) > session.objections_until
    return session.state == SessionState.HELD and not session.has_review


def seen_member(request: HttpRequest, session: LifeSession, pk: int) -> SessionMember:
    """Return a member whose page the reader may open; 404 for everybody else."""
    rows = members_read_by(actor_of(request), timezone.now())
    return get_object_or_404(rows, pk=pk, session=session)
