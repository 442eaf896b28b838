"""How a session of 组织生活会 is found and answered with, as far as its reader may see it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from ronghe.api.v1.shapes import named
from ronghe.domain.org.models import Person
from ronghe.domain.orglife.models import LifeSession, SessionMember
from ronghe.domain.orglife.selectors.corrections import corrections_of, progress_of
from ronghe.domain.orglife.selectors.members import member_of, members_of, shares_of, views_of
from ronghe.domain.orglife.selectors.reading import members_read_by
from ronghe.domain.orglife.selectors.sessions import sessions_seen_by


def session_seen(actor: Person, session_id: int) -> LifeSession:
    return get_object_or_404(sessions_seen_by(actor, timezone.now()), pk=session_id)


def own_member(actor: Person, session_id: int) -> SessionMember:
    session = session_seen(actor, session_id)
    mine = member_of(session, actor)
    return mine if mine is not None else get_object_or_404(session.members.none())


def member_seen(actor: Person, member_id: int) -> SessionMember:
    return get_object_or_404(members_read_by(actor, timezone.now()), pk=member_id)


def session_row(session: Any) -> dict[str, Any]:
    return {
        "id": session.pk, "body": named(session.body), "year": session.year, "theme": session.theme,
        "form": session.form, "has_review": session.has_review, "starts_at": session.starts_at,
        "state": session.state, "members": session.size, "graded": session.graded if session.told_at else 0,
        "corrections": session.listed, "corrections_done": session.settled,
    }  # fmt: skip


def session_whole(session: LifeSession, actor: Person) -> dict[str, Any]:
    now = timezone.now()
    members = members_of(session)
    lines = corrections_of(session)
    return {
        "id": session.pk, "body": named(session.body), "year": session.year, "state": session.state,
        "should": session.should_count, "present": session.present_count,
        "most_excellent": shares_of(session, members).most, "objections_until": session.objections_until,
        "reported_at": session.reported_at, "corrections_percent": progress_of(lines, now).percent,
        "members": [
            {
                "id": view.member.pk, "person": named(view.member.person), "standing": view.member.standing,
                "exemption": view.member.exemption, "has_statement": view.member.statement_version > 0,
                "has_self_appraisal": view.member.self_at is not None, "is_seen": view.is_seen,
                "marks": view.marks if _shows(session, view.member, actor) else None,
                "grade": view.member.grade if view.is_seen and _shows(session, view.member, actor) else "",
                "is_acknowledged": view.is_seen and view.member.acknowledged_at is not None,
            }
            for view in views_of(session, members, actor, now)
        ],
        "corrections": [
            {"id": row.pk, "level": row.level, "problem": row.task.title, "measure": row.measure,
             "assignee": named(row.task.assignee), "due_at": row.task.due_at, "task": row.task_id,
             "state": row.task.state, "is_carried": row.carried_at is not None}
            for row in lines
        ],
    }  # fmt: skip


def _shows(session: LifeSession, member: SessionMember, actor: Person) -> bool:
    """Tell whether grade and marks are out for the reader: to oneself only once they are told."""
    return session.told_at is not None or member.person_id != actor.pk
