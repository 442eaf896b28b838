"""A chain is begun, its meetings are opened and closed in their order and in no other (SD-05)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors.forms import check_lines
from ronghe.domain.rhythm.services.activities import open_activity, plan_activity
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.forms import answer_rest_fine
from ronghe.domain.sitemeetings.enums import ACTIVITY_OF, CHAIN_FLOW, OPEN_STAGE, ORDER, ChainStage, Meeting
from ronghe.domain.sitemeetings.facts import CHAIN_BEGUN, CHAIN_CALLED_OFF, CHECKS_CONFIRMED, MEETING_OPENED
from ronghe.domain.sitemeetings.models import BriefingText, ChainMeeting, SiteChain
from ronghe.domain.sitemeetings.rules import BEGIN_CHAIN, RUN_CHAIN
from ronghe.domain.sitemeetings.selectors import site_bodies
from ronghe.domain.sitemeetings.selectors.boards import state_of
from ronghe.domain.sitemeetings.services.telling import locked, record
from ronghe.domain.sitemeetings.services.texts import DraftText, write_first
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.zones.selectors import zone_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

LASTS = timedelta(minutes=20)


class NoSiteBody(DomainError):
    code = "no_site_body"
    sentence = N_("“%(body)s”不是攻关中的临时党小组，也不是运行中的协作区，不开现场三会。")
    status = 422


class PlaceMissing(DomainError):
    code = "chain_place_missing"
    sentence = N_("请写明在哪里开。")
    status = 422


class ChainThere(DomainError):
    code = "chain_there"
    sentence = N_("“%(body)s”今天在%(place)s的现场三会已经开了，请打开那一条。")


class MeetingLocked(DomainError):
    """SD-05."""

    code = "meeting_locked"
    sentence = N_("%(before)s还没有结束，不能开%(meeting)s（SD-05）。请先结束%(before)s。")


class MeetingNotNext(DomainError):
    code = "meeting_not_next"
    sentence = N_("%(meeting)s已经开过，或三会已取消，不能再开。")


class MeetingNotOpen(DomainError):
    code = "meeting_not_open"
    sentence = N_("%(meeting)s没有在开，不用结束。")


class BriefingMissing(DomainError):
    code = "briefing_missing"
    sentence = N_("还没有写%(meeting)s的内容，不能开。请先写，或用上次的。")


class ChainReasonMissing(DomainError):
    code = "chain_reason_missing"
    sentence = N_("请写明取消的原因，到场的人会看到。")
    status = 422


class ChecksUnconfirmed(DomainError):
    code = "checks_unconfirmed"
    sentence = N_("%(meeting)s的检查表还有 %(count)s 项没有确认。请逐项看过再确认，有问题的写明。")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was prepared for one meeting; without a briefer the leader briefs."""

    heading: str = ""
    text: str = ""
    briefer: Person | None = None


@transaction.atomic
def begin_chain(
    *, body: PartyOrg, place: str, prepared: Mapping[Meeting, Prepared], actor: Person, at: datetime
) -> SiteChain:
    """Begin the chain of a body at a place for today and open its first meeting; the actor leads the day.

    What is not prepared yet is written before its meeting is opened.

    :raises NoSiteBody: neither a task force at work nor a running zone
    :raises PlaceMissing: no words
    :raises ChainThere: the body has one there today
    :raises BriefingMissing: the group meeting has no study item
    :raises DomainError: what a text lacks, see `write_text`
    """
    BEGIN_CHAIN.require(actor, body, at=at)
    if not site_bodies(actor, at).filter(pk=body.pk).exists():
        raise NoSiteBody(body=body.name)
    if not place.strip():
        raise PlaceMissing
    chain = SiteChain(
        body=body, zone=zone_of(body), task_force=TaskForce.objects.filter(body=body).first(), day=local_day(at),
        place=place.strip(), leader=actor, begun_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            chain.save(force_insert=True)
    except IntegrityError as error:
        raise ChainThere(body=body.name, place=place.strip()) from error
    for meeting in ORDER:
        given = prepared.get(meeting, Prepared())
        row = ChainMeeting.objects.create(chain=chain, meeting=meeting, briefer=given.briefer or actor)
        if given.heading.strip() or given.text.strip():
            write_first(row, DraftText(given.heading, given.text), actor, at)
    record(CHAIN_BEGUN, chain, actor, at, day=chain.day)
    return open_meeting(chain=chain, meeting=Meeting.GROUP, actor=actor, at=at)


@transaction.atomic
def open_meeting(*, chain: SiteChain, meeting: Meeting, actor: Person, at: datetime) -> SiteChain:
    """Open the next meeting of a chain; the rhythm keeps it as an activity of the body.

    :raises MeetingLocked: the one before it is not closed (SD-05)
    :raises MeetingNotNext: it was opened before, or the chain is called off
    :raises BriefingMissing: nothing is written that could be said and signed
    :raises ChainDayOver: the chain's day has passed
    :raises Stale: somebody else opened it a moment ago
    """
    RUN_CHAIN.require(actor, chain, at=at)
    fresh = locked(chain, at=at)
    state = state_of(fresh.stage, meeting)
    if state == "locked" and fresh.stage != ChainStage.CALLED_OFF:
        before = ORDER[ORDER.index(meeting) - 1]
        raise MeetingLocked(meeting=_(str(meeting.label)), before=_(str(before.label)))
    if state != "next":
        raise MeetingNotNext(meeting=_(str(meeting.label)))
    row = fresh.meetings.select_related("briefer").get(meeting=meeting)
    text = BriefingText.objects.filter(meeting=row).order_by("-number").first()
    if text is None:
        raise BriefingMissing(meeting=_(str(meeting.label)))
    CHAIN_FLOW.advance(fresh, f"open_{meeting}")
    activity = plan_activity(
        activity_type=ACTIVITY_OF[meeting], body=fresh.body, place=fresh.place, scheduled_from=at,
        scheduled_until=at + LASTS, actor=actor, at=at, chair=row.briefer, recorder=actor,
    )  # fmt: skip
    row.activity = activity
    row.save(update_fields=["activity"])  # before it is opened: an opened one without a chain is refused
    open_activity(activity=activity, actor=actor, at=at)
    add_agenda_item(activity=activity, topic=text.heading, notes=text.text, actor=actor, at=at)
    record(MEETING_OPENED, fresh, actor, at, source=row, meeting=meeting, day=fresh.day)
    chain.stage = fresh.stage
    return chain


@transaction.atomic
def close_meeting(*, chain: SiteChain, meeting: Meeting, actor: Person, at: datetime) -> SiteChain:
    """Close the meeting that is open: everybody on the site and who briefs have signed what it says (PC-18).

    Closing the activity is what closes it, by whichever way; `settling.settle_closing` holds the gate.

    :raises MeetingNotOpen: it is not open
    :raises ChecksUnconfirmed: the playbook's checklist for this meeting has lines without an answer
    :raises Unsigned, BrieferUnsigned, MindsUnsaid: somebody or something is missing
    """
    RUN_CHAIN.require(actor, chain, at=at)
    activity = _open_activity(chain, meeting, at)
    unconfirmed = sum(1 for line in check_lines(activity) if line.answer is None)
    if unconfirmed:
        raise ChecksUnconfirmed(meeting=_(str(meeting.label)), count=unconfirmed)
    close_activity(activity=activity, actor=actor, at=at)
    chain.refresh_from_db(fields=["stage", "closed_at"])
    return chain


@transaction.atomic
def confirm_checks(*, chain: SiteChain, meeting: Meeting, actor: Person, at: datetime) -> int:
    """Answer what is left of the playbook's checklist with 正常 in one tap, and return how many lines; problems come first.

    :raises MeetingNotOpen: it is not open
    """
    RUN_CHAIN.require(actor, chain, at=at)
    count = answer_rest_fine(activity=_open_activity(chain, meeting, at), actor=actor, at=at)
    record(CHECKS_CONFIRMED, chain, actor, at, meeting=meeting, lines=count)
    return count


@transaction.atomic
def undo_meeting(*, chain: SiteChain, meeting: Meeting, reason: str, actor: Person, at: datetime) -> SiteChain:
    """Take back the opening of a meeting that nobody has signed; it may be opened anew.

    :raises MeetingNotOpen: it is not open
    :raises PeopleCame: somebody signed, so it takes place
    :raises ChangeReasonMissing: no words
    """
    RUN_CHAIN.require(actor, chain, at=at)
    activity = _open_activity(chain, meeting, at)
    call_off_activity(activity=activity, reason=reason, actor=actor, at=at)
    chain.refresh_from_db(fields=["stage"])
    return chain


@transaction.atomic
def call_off_chain(*, chain: SiteChain, reason: str, actor: Person, at: datetime) -> SiteChain:
    """Call off a chain between two meetings, or while one is open that nobody has signed; what was held stays.

    :raises ChainReasonMissing: no words
    :raises PeopleCame: a meeting is open and somebody signed
    :raises StepNotAllowed: it is complete, or called off
    """
    RUN_CHAIN.require(actor, chain, at=at)
    if not reason.strip():
        raise ChainReasonMissing
    fresh = locked(chain)
    for meeting in ORDER:
        if fresh.stage == OPEN_STAGE[meeting]:
            activity = Activity.objects.get(chain_meeting__chain=fresh, chain_meeting__meeting=meeting)
            if activity.state == ActivityState.OPEN:
                call_off_activity(activity=activity, reason=reason, actor=actor, at=at)
            fresh.refresh_from_db(fields=["stage"])
            break
    CHAIN_FLOW.advance(fresh, "call_off", called_off_reason=reason.strip()[:120])
    record(CHAIN_CALLED_OFF, fresh, actor, at, day=fresh.day)
    chain.stage, chain.called_off_reason = fresh.stage, fresh.called_off_reason
    return chain


def _open_activity(chain: SiteChain, meeting: Meeting, at: datetime) -> Activity:
    """Return the activity of the meeting that is open, the chain held still."""
    fresh = locked(chain, at=at)
    if fresh.stage != OPEN_STAGE[meeting]:
        raise MeetingNotOpen(meeting=_(str(meeting.label)))
    rows = Activity.objects.select_related("version", "body", "zone")
    return rows.get(chain_meeting__chain=fresh, chain_meeting__meeting=meeting)
