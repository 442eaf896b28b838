"""A session is planned with its members, arranged as meetings with one tap, brought up to date, or called off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.org.enums import PartyOrgKind
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.enums import (
    BEFORE_MARKS,
    SESSION_FLOW,
    Exemption,
    MeetingForm,
    MeetingPart,
    MemberStanding,
    SessionState,
)
from ronghe.domain.orglife.facts import CALLED_OFF, EXEMPTED, PLANNED
from ronghe.domain.orglife.models import LifeSession, SessionMeeting, SessionMember
from ronghe.domain.orglife.rules import PLAN_SESSION, RUN_SESSION
from ronghe.domain.orglife.selectors.sessions import (
    HOLDERS,
    chairs_for,
    is_full,
    meetings_of,
    members_at_home,
    share_for,
)
from ronghe.domain.rhythm.enums import ActivityState, ActivityType
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

FIRST_YEAR, LAST_YEAR = 2000, 2999
REVIEW_LASTS = timedelta(hours=2)


class SessionShapeless(DomainError):
    code = "life_session_shapeless"
    sentence = N_("请写明主题和地点，年度在 2000 到 2999 之间，结束要晚于开始。")
    status = 422


class NotABranch(DomainError):
    code = "life_session_not_a_branch"
    sentence = N_("“%(body)s”不是党支部、党总支，党员组织关系不在这里。请在党员所在的支部安排。")
    status = 422


class SessionThere(DomainError):
    code = "life_session_there"
    sentence = N_("“%(body)s” %(year)s 年的组织生活会已经安排了，请打开那一条。")


class NobodyAtHome(DomainError):
    code = "life_session_nobody"
    sentence = N_("“%(body)s”里没有党员，不能安排组织生活会。请先把党员编入支部。")


class ChairNotHere(DomainError):
    code = "life_session_chair_elsewhere"
    sentence = N_("%(name)s不是“%(body)s”的支委会成员，不能主持。请另选主持人。")
    status = 422


class MeetingsThere(DomainError):
    code = "life_session_meetings_there"
    sentence = N_("会议已经安排好了。")


class NoGroupsHere(DomainError):
    code = "life_session_no_groups"
    sentence = N_("“%(body)s”没有编入党员的党小组，不能开党小组会。请改开党员大会，或先把党员编入党小组。")
    status = 422


class ExemptionReasonMissing(DomainError):
    code = "life_exemption_reason"
    sentence = N_("请写明免参加的原因，报上级时一起报。")
    status = 422


@dataclass(frozen=True, slots=True)
class SessionText:
    """What is said of a session when it is planned; moments with their zone."""

    year: int
    form: MeetingForm
    theme: str
    chair: Person
    starts_at: datetime
    ends_at: datetime
    place: str
    has_review: bool = True
    is_combined: bool = True
    peers_by_group: bool = False
    objection_days: int = 5


@transaction.atomic
def plan_session(*, body: PartyOrg, text: SessionText, actor: Person, at: datetime) -> LifeSession:
    """Plan a year's session: everybody at home takes part; where the actor may call the body together, the meeting stands too.

    :raises NotABranch, SessionShapeless, ChairNotHere, NobodyAtHome: see their sentences
    :raises SessionThere: the body has one for the year
    """
    PLAN_SESSION.require(actor, body, at=at)
    day = local_day(at)
    if body.kind not in HOLDERS:
        raise NotABranch(body=body.name)
    if not text.theme.strip() or not text.place.strip() or not FIRST_YEAR <= text.year <= LAST_YEAR:
        raise SessionShapeless
    if text.ends_at <= text.starts_at:
        raise SessionShapeless
    if not chairs_for(body, day).filter(pk=text.chair.pk).exists():
        raise ChairNotHere(name=text.chair.name, body=body.name)
    share = share_for(body, day)
    is_combined = text.is_combined and text.form != MeetingForm.COMMITTEE  # a committee cannot review everybody
    try:
        with transaction.atomic():
            session = LifeSession.objects.create(
                body=body, year=text.year, form=text.form, theme=text.theme.strip(), chair=text.chair,
                starts_at=text.starts_at, ends_at=text.ends_at, place=text.place.strip(), has_review=text.has_review,
                is_combined=is_combined, peers_by_group=text.peers_by_group, share_of=share.numerator,
                share_in=share.denominator, objection_days=text.objection_days, planned_by=actor, planned_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise SessionThere(body=body.name, year=text.year) from error
    if not _settle_members(session, at):
        raise NobodyAtHome(body=body.name)
    attributes = {"year": session.year, "form": session.form, "review": session.has_review}
    record(Draft(PLANNED, at, actor, body=body.pk, attributes=attributes, source=session))
    if PLAN_ACTIVITY.allows(actor, body, at=at):
        arrange_meetings(session=session, actor=actor, at=at)
    return session


@transaction.atomic
def arrange_meetings(*, session: LifeSession, actor: Person, at: datetime) -> list[SessionMeeting]:
    """Arrange the sittings that are missing as activities: one, one a Party group, and the review's own where it is apart.

    :raises MeetingsThere: they are all there
    :raises NoGroupsHere: held in groups, and nobody is in one
    :raises StepNotAllowed: the session is over
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, *BEFORE_MARKS)
    there = {row.part for row in meetings_of(session)}
    made: list[SessionMeeting] = []
    if MeetingPart.LIFE not in there:
        bodies = _groups_of(session) if session.form == MeetingForm.GROUP else [session.body]
        if not bodies:
            raise NoGroupsHere(body=session.body.name)
        made += [_arranged(session, MeetingPart.LIFE, body, actor, at) for body in bodies]
    if session.has_review and not session.is_combined and MeetingPart.REVIEW not in there:
        made.append(_arranged(session, MeetingPart.REVIEW, session.body, actor, at))
    if not made:
        raise MeetingsThere
    return made


def _arranged(session: LifeSession, part: MeetingPart, body: PartyOrg, actor: Person, at: datetime) -> SessionMeeting:
    is_life = part == MeetingPart.LIFE
    begins, ends = session.starts_at, session.ends_at
    if not is_life:
        begins, ends = ends, ends + REVIEW_LASTS
    activity = plan_activity(
        activity_type=ActivityType.ORG_LIFE_MEETING if is_life else ActivityType.DEMOCRATIC_APPRAISAL, body=body,
        place=session.place, scheduled_from=begins, scheduled_until=ends, chair=session.chair, recorder=actor,
        actor=actor, at=at,
    )  # fmt: skip
    return SessionMeeting.objects.create(session=session, part=part, body=body, activity=activity)


def _groups_of(session: LifeSession) -> list[PartyOrg]:
    rows = session.members.filter(group__isnull=False).order_by().values("group_id")
    return list(PartyOrg.objects.filter(pk__in=rows, kind=PartyOrgKind.PARTY_GROUP).order_by("name", "pk"))


@transaction.atomic
def refresh_members(*, session: LifeSession, actor: Person, at: datetime) -> int:
    """Bring the members up to date with who is at home today; whoever has written something stays. Return how many are new.

    :raises StepNotAllowed: marking has begun
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, *BEFORE_MARKS)
    return _settle_members(session, at)


def _settle_members(session: LifeSession, at: datetime) -> int:
    """Write who is at home as members by name; return how many are new."""
    rows = {row.person_id: row for row in members_at_home(session.body, local_day(at))}
    known = {row.person_id: row for row in session.members.all()}
    gone = [
        row.pk
        for person_id, row in known.items()
        if person_id not in rows and not row.statement_version and row.self_at is None
        and not row.opinions.exists() and not row.criticisms.exists() and not hasattr(row, "peer_sheet")
    ]  # fmt: skip
    SessionMember.objects.filter(pk__in=gone).delete()
    kept = {person_id: row for person_id, row in known.items() if row.pk not in gone}
    for row in kept.values():
        there = rows.get(row.person_id)
        if there is not None:
            standing = MemberStanding.FULL if is_full(there) else MemberStanding.PROBATIONARY
            SessionMember.objects.filter(pk=row.pk).update(standing=standing, group=there.group)
    new = [row for person_id, row in rows.items() if person_id not in kept]
    last = max((row.place for row in kept.values()), default=0)
    SessionMember.objects.bulk_create(
        SessionMember(
            session=session, person=row.person, group=row.group, place=place,
            standing=MemberStanding.FULL if is_full(row) else MemberStanding.PROBATIONARY,
        )
        for place, row in enumerate(new, start=last + 1)
    )  # fmt: skip
    return len(new)


@transaction.atomic
def exempt_member(*, member: SessionMember, reason: Exemption, note: str, actor: Person, at: datetime) -> SessionMember:
    """Note that a member does not take part this year and gets no grade, with the reason.

    :raises ExemptionReasonMissing: another reason without words
    :raises StepNotAllowed: marking has begun
    """
    RUN_SESSION.require(actor, member.session, at=at)
    require_state(member.session, *BEFORE_MARKS)
    if reason == Exemption.OTHER and not note.strip():
        raise ExemptionReasonMissing
    member.exemption, member.exempt_note = reason, note.strip()
    member.save(update_fields=["exemption", "exempt_note"])
    record(
        Draft(EXEMPTED, at, actor, about=member.person, body=member.session.body_id, attributes={"reason": reason},
              source=member)
    )  # fmt: skip
    return member


@transaction.atomic
def take_back_exemption(*, member: SessionMember, actor: Person, at: datetime) -> SessionMember:
    """Let a member take part after all.

    :raises StepNotAllowed: marking has begun
    """
    RUN_SESSION.require(actor, member.session, at=at)
    require_state(member.session, *BEFORE_MARKS)
    member.exemption, member.exempt_note = "", ""
    member.save(update_fields=["exemption", "exempt_note"])
    return member


@transaction.atomic
def call_off_session(*, session: LifeSession, reason: str, actor: Person, at: datetime) -> LifeSession:
    """Call off a session that is being prepared, and its meetings; the year may then be planned anew.

    :raises CallOffReasonMissing: no reason
    :raises StepNotAllowed: a meeting was held
    """
    RUN_SESSION.require(actor, session, at=at)
    if not reason.strip():
        raise CallOffReasonMissing
    if session.opened_at is not None:
        raise StepNotAllowed(state=session.get_state_display())
    SESSION_FLOW.advance(session, "call_off", call_off_reason=reason.strip(), closed_at=at)
    for meeting in meetings_of(session):
        if meeting.activity.state == ActivityState.PLANNED:
            try:
                call_off_activity(activity=meeting.activity, reason=reason, actor=actor, at=at)
            except NotAllowed:
                continue  # left to those who may; the session is off all the same
    record(Draft(CALLED_OFF, at, actor, body=session.body_id, attributes={"year": session.year}, source=session))
    return session


class CallOffReasonMissing(DomainError):
    code = "life_call_off_reason"
    sentence = N_("请写明取消的原因，党员会看到。")
    status = 422


def require_state(session: LifeSession, *states: SessionState) -> LifeSession:
    """Return the session, in one of the states, and hold it so until the transaction ends.

    :raises StepNotAllowed: it is in another one
    """
    fresh = LifeSession.objects.select_for_update().get(pk=session.pk)
    if fresh.state not in states:
        raise StepNotAllowed(state=fresh.get_state_display())
    return fresh


def names_of(members: Iterable[SessionMember]) -> list[str]:
    return [member.person.name for member in members]
