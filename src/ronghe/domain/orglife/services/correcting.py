"""The list of corrections: each line a task; looked at again after a quarter, carried over with a reason, and the end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.enums import OVER, SESSION_FLOW, ListLevel, ObjectionState, SessionState
from ronghe.domain.orglife.facts import CARRIED, CLOSED, LIST_REVIEWED, LISTED, RECTIFIED
from ronghe.domain.orglife.models import Correction, GradeObjection, LifeSession, SessionMember
from ronghe.domain.orglife.rules import FILL_OWN, RUN_SESSION
from ronghe.domain.orglife.selectors.corrections import SETTLED, corrections_of, open_lines, progress_of
from ronghe.domain.orglife.services.planning import require_state
from ronghe.domain.orglife.services.preparing import WordsMissing
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

LONGEST_PROBLEM, LONGEST_MEASURE = 120, 300


class WhoIsMissing(DomainError):
    code = "life_correction_who"
    sentence = N_("请选这一条整改由谁负责。")
    status = 422


class SettledAlready(DomainError):
    code = "life_correction_settled"
    sentence = N_("这一条整改已经了结，不用转入下一年。")


class CorrectionsOpen(DomainError):
    code = "life_corrections_open"
    sentence = N_("整改清单还有 %(count)s 条没有验收，也没有转入下一年，不能办结。")


class MeetingNotHeld(DomainError):
    code = "life_meeting_not_held"
    sentence = N_("组织生活会的会议还没有结束。请先在会议页结束会议，再来。")


class ReviewStillOpen(DomainError):
    code = "life_review_still_open"
    sentence = N_("民主评议还没有完成，请先测评、评定并告知本人，再办结。")


class ObjectionsStillOpen(DomainError):
    code = "life_objections_still_open"
    sentence = N_("还有 %(count)s 条异议没有答复，不能办结。")


class ObjectionTime(DomainError):
    code = "life_objection_time"
    sentence = N_("异议期到 %(until)s，过后才能办结。")


class NoCorrections(DomainError):
    code = "life_no_corrections"
    sentence = N_("整改清单还是空的。请至少列一条支部的整改（PM-06），再办结。")


@transaction.atomic
def list_correction(
    *, session: LifeSession, level: ListLevel, problem: str, measure: str, due_at: datetime, actor: Person,
    at: datetime, assignee: Person | None = None, member: SessionMember | None = None,
) -> Correction:  # fmt: skip
    """Put a problem on the list: who puts it right by when is a task. A member may list the own lines.

    :raises WordsMissing: problem or measure missing
    :raises WhoIsMissing: nobody answers for it
    :raises DeadlinePast: the deadline is over
    :raises StepNotAllowed: the session is over
    """
    if level == ListLevel.MEMBER and member is not None and member.person_id == actor.pk:
        FILL_OWN.require(actor, member, at=at)
    else:
        RUN_SESSION.require(actor, session, at=at)
    if session.state in OVER:
        raise StepNotAllowed(state=session.get_state_display())
    if not problem.strip() or not measure.strip():
        raise WordsMissing
    whose = member if level == ListLevel.MEMBER else None
    who = whose.person if whose is not None else assignee
    if who is None or (level == ListLevel.MEMBER and (whose is None or whose.session_id != session.pk)):
        raise WhoIsMissing
    task = give_task(
        title=problem.strip()[:LONGEST_PROBLEM], goal=measure.strip()[:LONGEST_MEASURE], assignee=who, due_at=due_at,
        body=session.body, actor=actor, at=at,
    )  # fmt: skip
    made = Correction.objects.create(
        session=session, level=level, member=whose, measure=measure.strip()[:LONGEST_MEASURE], task=task,
        listed_by=actor, listed_at=at,
    )  # fmt: skip
    attributes = {"level": level, "due": local_day(due_at)}
    record(Draft(LISTED, at, actor, about=who, body=session.body_id, attributes=attributes, source=made))
    return made


@transaction.atomic
def carry_over(*, correction: Correction, reason: str, actor: Person, at: datetime) -> Correction:
    """Carry a line into the next year's session, with the reason; its task goes on, and it stands first there (PM-06).

    :raises WordsMissing: no reason
    :raises SettledAlready: it was accepted or cancelled
    :raises StepNotAllowed: the session is over
    """
    session = correction.session
    RUN_SESSION.require(actor, session, at=at)
    if session.state in OVER:
        raise StepNotAllowed(state=session.get_state_display())
    if not reason.strip():
        raise WordsMissing
    if correction.task.state in SETTLED:
        raise SettledAlready
    correction.carried_reason, correction.carried_at = reason.strip()[:200], at
    correction.save(update_fields=["carried_reason", "carried_at"])
    record(
        Draft(CARRIED, at, actor, about=correction.task.assignee, body=session.body_id,
              attributes={"level": correction.level}, source=correction)
    )  # fmt: skip
    return correction


@transaction.atomic
def take_back_carrying(*, correction: Correction, actor: Person, at: datetime) -> Correction:
    """Keep a line in this session after all.

    :raises StepNotAllowed: the session is over
    """
    RUN_SESSION.require(actor, correction.session, at=at)
    if correction.session.state in OVER:
        raise StepNotAllowed(state=correction.session.get_state_display())
    correction.carried_reason, correction.carried_at = "", None
    correction.save(update_fields=["carried_reason", "carried_at"])
    return correction


@transaction.atomic
def review_list(*, session: LifeSession, note: str, actor: Person, at: datetime) -> LifeSession:
    """Look at the list again, a quarter after the meeting, and say how it stands.

    :raises WordsMissing: no words
    :raises MeetingNotHeld: the meeting is not closed
    :raises StepNotAllowed: the session is over
    """
    RUN_SESSION.require(actor, session, at=at)
    if not note.strip():
        raise WordsMissing
    if session.held_at is None:
        raise MeetingNotHeld
    if session.state in OVER:
        raise StepNotAllowed(state=session.get_state_display())
    session.reviewed_at, session.review_note = at, note.strip()[:400]
    session.save(update_fields=["reviewed_at", "review_note"])
    progress = progress_of(corrections_of(session), at)
    attributes = {"listed": progress.listed, "done": progress.done}
    record(Draft(LIST_REVIEWED, at, actor, body=session.body_id, attributes=attributes, source=session))
    return session


@transaction.atomic
def close_session(*, session: LifeSession, actor: Person, at: datetime) -> LifeSession:
    """Close a session: the review is told and nobody can object any more, and every correction is accepted or carried over.

    :raises ReviewStillOpen, ObjectionTime, ObjectionsStillOpen, NoCorrections, CorrectionsOpen: see their sentences
    :raises MeetingNotHeld: the meeting is not closed
    :raises StepNotAllowed: marking or grading, or closed
    """
    RUN_SESSION.require(actor, session, at=at)
    if session.state == SessionState.HELD and session.has_review:
        raise ReviewStillOpen
    fresh = require_state(session, SessionState.HELD, SessionState.TOLD)
    if fresh.held_at is None:
        raise MeetingNotHeld
    if fresh.objections_until is not None and local_day(at) <= fresh.objections_until:
        raise ObjectionTime(until=fresh.objections_until)
    waiting = GradeObjection.objects.filter(member__session=fresh, state=ObjectionState.OPEN).count()
    if waiting:
        raise ObjectionsStillOpen(count=waiting)
    lines = corrections_of(fresh)
    if not lines:
        raise NoCorrections
    if count := open_lines(fresh).count():
        raise CorrectionsOpen(count=count)
    SESSION_FLOW.advance(session, "close" if session.has_review else "close_meeting", closed_at=at)
    progress = progress_of(lines, at)
    attributes = {"listed": progress.listed, "done": progress.done, "carried": progress.carried}
    record(Draft(RECTIFIED, at, actor, body=session.body_id, attributes=attributes, source=session))
    record(Draft(CLOSED, at, actor, body=session.body_id, attributes={"year": session.year}, source=session))
    return session
