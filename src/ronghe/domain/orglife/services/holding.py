"""A sitting begins and ends in the rhythm; the session learns of it in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.calc.shares import LIST_REVIEW_MONTHS, months_later
from ronghe.domain.orglife.enums import OVER, SESSION_FLOW, MeetingPart, SessionState
from ronghe.domain.orglife.facts import MEETING_HELD
from ronghe.domain.orglife.models import LifeSession, SessionMeeting
from ronghe.domain.orglife.selectors.sessions import meetings_of
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.kernel.facts.record import Draft, record


@transaction.atomic
def note_begun(*, activity_id: int, at: datetime) -> None:
    """Note that a session's first sitting began: the statements are open to its members."""
    LifeSession.objects.filter(meetings__activity_id=activity_id, opened_at=None).exclude(
        state__in=sorted(OVER)
    ).update(opened_at=at)


@transaction.atomic
def note_held(*, activity_id: int, actor: Person | None, at: datetime) -> None:
    """Note that the organization-life meeting was held, once the last of its sittings is closed (PM-06).

    Marking may have begun in the same sitting; then the step is behind and only the meeting is recorded.
    """
    meeting = SessionMeeting.objects.filter(activity_id=activity_id, part=MeetingPart.LIFE).first()
    if meeting is None:
        return
    session = LifeSession.objects.select_for_update().get(pk=meeting.session_id)
    sittings = [row for row in meetings_of(session) if row.part == MeetingPart.LIFE]
    is_done = all(row.activity.state == ActivityState.CLOSED for row in sittings)
    if session.held_at is not None or session.state in OVER or not is_done:
        return
    day = max(row.activity.day for row in sittings)
    session.held_at, session.review_on = at, months_later(day, LIST_REVIEW_MONTHS)
    session.save(update_fields=["held_at", "review_on"])
    if session.state == SessionState.PREPARING:
        SESSION_FLOW.advance(session, "hold")
    taking = session.members.filter(exemption="")
    attributes = {
        "year": session.year, "form": session.form, "day": day,
        "members": taking.count(), "statements": taking.filter(statement_version__gt=0).count(),
    }  # fmt: skip
    record(Draft(MEETING_HELD, at, actor, body=session.body_id, attributes=attributes, source=session))
