"""The secret ballot of the review (PM-07): at least half are there, each marks everybody, only sums come out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.ballots.selectors import progress_of, result_of
from ronghe.domain.ballots.services.ballots import (
    MOST_ITEMS,
    admit_voters,
    close_ballot,
    open_ballot,
    void_ballot,
)
from ronghe.domain.org.models import Person
from ronghe.domain.orglife.calc.shares import is_half_present, least_present
from ronghe.domain.orglife.enums import BEFORE_MARKS, SESSION_FLOW, SessionState
from ronghe.domain.orglife.facts import MARKING_COUNTED, MARKING_OPENED, MARKING_STOPPED
from ronghe.domain.orglife.models import LifeSession, MemberMarks, SessionBallot, SessionMember
from ronghe.domain.orglife.rules import RUN_SESSION
from ronghe.domain.orglife.selectors.members import GRADES
from ronghe.domain.orglife.selectors.sessions import meetings_of, sitting_of
from ronghe.domain.orglife.services.planning import names_of, require_state
from ronghe.domain.orglife.services.preparing import NoReviewHere
from ronghe.domain.rhythm.enums import ActivityState, AttendanceStatus, AttendanceWay
from ronghe.domain.rhythm.models import Attendance
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _, listed

CHOICES = (N_("优秀"), N_("合格"), N_("基本合格"), N_("不合格"), N_("弃权"))
"""The grades in their order, then abstaining."""
SHOWN_NAMES = 8


class SittingNotBegun(DomainError):
    code = "life_sitting_not_begun"
    sentence = N_("评议的会还没有开始签到，不能测评。请先在会议页开始会议、签到。")


class TooFewPresent(DomainError):
    code = "life_too_few_present"
    sentence = N_(
        "应到 %(should)s 人，实到 %(present)s 人，不到半数。至少 %(least)s 人到会才能测评，请等人到齐或改期。"
    )


class SelfAppraisalMissing(DomainError):
    code = "life_self_appraisal_missing"
    sentence = N_("到会的还有 %(count)s 人没有个人自评：%(names)s。请先在手机上自评，再测评。")


class NobodyGraded(DomainError):
    code = "life_nobody_graded"
    sentence = N_("没有要评定等次的正式党员，请核对参加名单和免参加情况。")


class MarkingOfSomebodyElse(DomainError):
    code = "life_marking_of_somebody_else"
    sentence = N_("这次测评由%(name)s发起，只能由%(name)s计票或作废。")
    status = 403


def present_people(session: LifeSession) -> set[int]:
    """Return the ids of the people who signed in at the sitting of the review; online is no presence for a vote (PM-15)."""
    sitting = [row.activity_id for row in sitting_of(session, meetings_of(session))]
    rows = Attendance.objects.filter(activity_id__in=sitting, status=AttendanceStatus.PRESENT)
    return set(rows.exclude(way=AttendanceWay.ONLINE).values_list("person_id", flat=True))


@transaction.atomic
def open_marking(*, session: LifeSession, actor: Person, at: datetime) -> LifeSession:
    """Let those who are there mark every full member on their phones; with more than fit on a ballot, on several.

    :raises NoReviewHere, SittingNotBegun, NobodyGraded, TooFewPresent, SelfAppraisalMissing: see their sentences
    :raises TooFewVoters: so few that one could guess who marked what
    :raises StepNotAllowed: it is open, or over
    """
    RUN_SESSION.require(actor, session, at=at)
    if not session.has_review:
        raise NoReviewHere
    require_state(session, *BEFORE_MARKS)
    sitting = sitting_of(session, meetings_of(session))
    begun = {ActivityState.OPEN, ActivityState.CLOSED}
    if not sitting or not all(row.activity.state in begun for row in sitting):
        raise SittingNotBegun
    members = list(session.members.filter(exemption="").select_related("person").order_by("place"))
    graded = [member for member in members if member.takes_grade]
    if not graded:
        raise NobodyGraded
    there = present_people(session)
    present = [member for member in members if member.person_id in there]
    if not is_half_present(len(present), len(members)):
        raise TooFewPresent(should=len(members), present=len(present), least=least_present(len(members)))
    silent = [member for member in present if member.self_at is None]
    if silent:
        raise SelfAppraisalMissing(count=len(silent), names=listed(names_of(silent)[:SHOWN_NAMES]))
    SESSION_FLOW.advance(
        session, "mark", marked_at=at, should_count=len(members), present_count=len(present),
        opened_at=session.opened_at or at,
    )  # fmt: skip
    parts = -(-len(graded) // MOST_ITEMS)
    size = -(-len(graded) // parts)
    for part in range(parts):
        rows = graded[part * size : (part + 1) * size]
        title = _("%(body)s %(year)s 年民主评议党员") % {"body": session.body.name, "year": session.year}
        ballot = open_ballot(
            title=(title if parts == 1 else f"{title} {part + 1}/{parts}")[:120],
            items=[_item(row) for row in rows], choices=CHOICES, voters=[row.person for row in present], actor=actor,
            at=at, least_shown=session.least_shown, blank_choice=len(CHOICES),
        )  # fmt: skip
        SessionBallot.objects.create(session=session, ballot=ballot, members=[row.pk for row in rows])
    attributes = {"members": len(graded), "voters": len(present)}
    record(Draft(MARKING_OPENED, at, actor, body=session.body_id, attributes=attributes, source=session))
    return session


@transaction.atomic
def admit_late(*, session: LifeSession, actor: Person, at: datetime) -> int:
    """Put on the list of voters whoever has signed in since; return how many.

    :raises StepNotAllowed: nobody is marking
    :raises MarkingOfSomebodyElse: somebody else opened it
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, SessionState.MARKING)
    there = present_people(session)
    late = [row.person for row in session.members.filter(exemption="", person__in=there).select_related("person")]
    added = 0
    for row in _running(session, actor):
        added = max(added, admit_voters(ballot=row.ballot, voters=late, actor=actor, at=at))
    if added:
        LifeSession.objects.filter(pk=session.pk).update(present_count=len(late))
    return added


@transaction.atomic
def stop_marking(*, session: LifeSession, reason: str, actor: Person, at: datetime) -> LifeSession:
    """Void the marks given so far; it may be opened anew.

    :raises VoidReasonMissing: no words
    :raises MarkingOfSomebodyElse: somebody else opened it
    :raises StepNotAllowed: nobody is marking
    """
    RUN_SESSION.require(actor, session, at=at)
    SESSION_FLOW.advance(session, "stop_marks", marked_at=None)
    for row in _running(session, actor):
        void_ballot(ballot=row.ballot, reason=reason, actor=actor, at=at)
    session.ballots.all().delete()
    record(Draft(MARKING_STOPPED, at, actor, body=session.body_id, source=session))
    return session


@transaction.atomic
def count_marks(*, session: LifeSession, actor: Person, at: datetime) -> LifeSession:
    """Count the marks: what came to each is written once, for the committee to form its opinion; too few are not kept.

    :raises MarkingOfSomebodyElse: somebody else opened it
    :raises PapersNotChecked: papers were handed out whose count nobody checked
    :raises StepNotAllowed: nobody is marking
    """
    RUN_SESSION.require(actor, session, at=at)
    SESSION_FLOW.advance(session, "count", counted_at=at)
    marks: list[MemberMarks] = []
    for row in session.ballots.select_related("ballot__opened_by").order_by("pk"):
        ballot = row.ballot
        if ballot.state == BallotState.OPEN:
            _refuse_others(row, actor)
            if progress_of(ballot).cast:
                close_ballot(ballot=ballot, actor=actor, at=at)
            else:
                void_ballot(ballot=ballot, reason=_("没有人测评"), actor=actor, at=at)
        if ballot.state != BallotState.CLOSED:
            marks += [MemberMarks(member_id=pk, counts=None, cast=0) for pk in row.members]
            continue
        result = result_of(ballot)
        for pk, item in zip(row.members, result.items, strict=True):
            counts = None if item.is_hidden else [votes or 0 for votes in item.counts[: len(GRADES)]]
            abstained = item.counts[len(GRADES)] or 0
            marks.append(MemberMarks(member_id=pk, counts=counts, abstained=abstained, cast=result.cast))
    MemberMarks.objects.bulk_create(marks)
    record(Draft(MARKING_COUNTED, at, actor, body=session.body_id, attributes={"members": len(marks)}, source=session))
    return session


def _item(member: SessionMember) -> str:
    return f"{member.place}. {member.person.name}"


def _running(session: LifeSession, actor: Person) -> list[SessionBallot]:
    rows = [
        row
        for row in session.ballots.select_related("ballot__opened_by").order_by("pk")
        if row.ballot.state == BallotState.OPEN
    ]
    for row in rows:
        _refuse_others(row, actor)
    return rows


def _refuse_others(row: SessionBallot, actor: Person) -> None:
    if row.ballot.opened_by_id != actor.pk:
        raise MarkingOfSomebodyElse(name=row.ballot.opened_by.name)
