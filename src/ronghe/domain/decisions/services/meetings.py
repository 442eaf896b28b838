"""A matter comes before a meeting and is settled there: quorum, majority, avoidance, dissent (PM-11, PM-13, PM-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.decisions.calc.voting import Floor, Verdict, VotingRule, count_matter
from ronghe.domain.decisions.enums import (
    MATTER_FLOW,
    Departure,
    Forum,
    MajorityOf,
    MatterState,
    Outcome,
    Purpose,
)
from ronghe.domain.decisions.facts import MATTER_DECIDED, MATTER_DEFERRED, MATTER_SCHEDULED
from ronghe.domain.decisions.models import Matter, ProcedureRules, Sitting
from ronghe.domain.decisions.rules import RUN_MATTER
from ronghe.domain.decisions.selectors.matters import FORUM_OF, floor_in, was_studied
from ronghe.domain.decisions.selectors.rulebooks import in_force, rule_of
from ronghe.domain.decisions.services.matters import ReasonMissing, note_departure
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.enums import ActivityState, VoteMethod
from ronghe.domain.rhythm.enums import Matter as TopicKind
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.domain.rhythm.selectors.voting import floor_of
from ronghe.domain.rhythm.services.agenda import add_agenda_item, edit_agenda_item
from ronghe.domain.rhythm.services.voting import note_dissent, record_vote, set_matter
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class NotThisMeeting(DomainError):
    code = "not_this_meeting"
    sentence = N_("请选“%(body)s”已安排或正在开的党委会、支委会或支部党员大会。")
    status = 422


class WrongForum(DomainError):
    code = "wrong_forum"
    sentence = N_(
        "清单规定“%(title)s”由%(forum)s决定，不能由这个会议决定。请换会议；确已越权决定的，写明原因，原因会留在记录里。"
    )


class StudyMissing(DomainError):
    code = "study_missing"
    sentence = N_(
        "清单规定“%(title)s”须经党委会前置研究再决定。请先列入党委会前置研究；来不及的，写明原因，原因会留在记录里。"
    )


class NoticeTooShort(DomainError):
    code = "notice_too_short"
    sentence = N_("议事规则要求议题提前 %(days)s 天通知，会议在 %(day)s，来不及。请换下一次会议；紧急的写明原因。")


class UrgentNotAllowed(DomainError):
    code = "urgent_not_allowed"
    sentence = N_("议事规则没有紧急程序，议题须提前 %(days)s 天通知，请换下一次会议。")


class NotBeforeThisMeeting(DomainError):
    code = "not_before_this_meeting"
    sentence = N_("这件事没有列入正在开的会议，不能表决。")


class DecisionWordsMissing(DomainError):
    code = "decision_words_missing"
    sentence = N_("请写明议定了什么。")
    status = 422


class DecidedInFuture(DomainError):
    code = "decided_in_future"
    sentence = N_("决定的日期 %(day)s 还没有到，请核对。")
    status = 422


@dataclass(frozen=True, slots=True)
class Votes:
    """How was voted. `method` is the list's unless told."""

    yes: int
    no: int = 0
    abstained: int = 0
    method: VoteMethod | None = None


@dataclass(frozen=True, slots=True)
class Dissent:
    """A different opinion that its holder wants in the record, in the own words."""

    person: Person
    text: str


@transaction.atomic
def schedule_matter(
    *, matter: Matter, activity: Activity, purpose: Purpose, actor: Person, at: datetime, reason: str = ""
) -> Sitting:
    """Put a matter on the agenda of a planned or running meeting of its body.

    What the list or the rules of procedure do not allow is refused; with `reason` it is done and stays on record as 越权,
    未经前置研究 or 紧急.

    :raises NotThisMeeting: of another body or kind, or over
    :raises WrongForum: the list lets somebody else decide
    :raises StudyMissing: the Party committee has not studied it
    :raises NoticeTooShort: later than the rules of procedure ask; `UrgentNotAllowed` where they know no urgency
    :raises StepNotAllowed: it is not prepared, or lies before a meeting
    """
    RUN_MATTER.require(actor, matter, at=at)
    running = activity.state in (ActivityState.PLANNED, ActivityState.OPEN)
    if activity.body_id != matter.body_id or activity.activity_type not in FORUM_OF or not running:
        raise NotThisMeeting(body=matter.body.name)
    forum = FORUM_OF[activity.activity_type]
    for kind, refusal in _departures(matter, forum, purpose, activity, at):
        if not reason.strip() or isinstance(refusal, UrgentNotAllowed):
            raise refusal
        note_departure(matter, kind, reason, actor, at)
    MATTER_FLOW.advance(matter, "schedule")
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                matter=matter, purpose=purpose, forum=forum, activity=activity, held_on=activity.day
            )
    except IntegrityError as error:
        raise Stale from error
    attributes = {"purpose": purpose, "day": activity.day}
    record(Draft(MATTER_SCHEDULED, at, actor, body=matter.body_id, attributes=attributes, source=matter))
    if activity.state == ActivityState.OPEN:
        put_on_agenda(sitting, actor, at)
    return sitting


def put_on_agenda(sitting: Sitting, actor: Person, at: datetime) -> AgendaItem:
    """Add the matter to the agenda of its meeting, which is open: part of the act that opens it or schedules into it."""
    matter = sitting.matter
    notes = f"{_('前置研究')}。{matter.summary}" if sitting.purpose == Purpose.STUDY else matter.summary
    item = add_agenda_item(activity=sitting.activity or Activity(), topic=matter.title, notes=notes, actor=actor, at=at)
    sitting.item, sitting.held_on = item, item.activity.day
    sitting.save(update_fields=["item", "held_on"])
    return item


@transaction.atomic
def settle_matter(
    *, matter: Matter, decision: str, votes: Votes, actor: Person, at: datetime, dissents: Sequence[Dissent] = (),
) -> Sitting:  # fmt: skip
    """Write down how a matter was voted on in the meeting that is going on, count it by its rule, and say what follows.

    Who avoids is counted nowhere; who is there is whoever signed in himself (PM-15). Where the topic was voted on by a
    secret ballot, its sums are taken and `votes` is not looked at. The meeting's record gets the decision, the vote and
    the dissents.

    :raises NotBeforeThisMeeting: no meeting is open that it lies before
    :raises DecisionWordsMissing: no words
    :raises DomainError: votes that do not fit together
    """
    RUN_MATTER.require(actor, matter, at=at)
    if not decision.strip():
        raise DecisionWordsMissing
    sitting = _open_sitting(matter)
    activity, item = sitting.activity, sitting.item
    if activity is None or item is None or activity.state != ActivityState.OPEN:
        raise NotBeforeThisMeeting
    floor, rule = floor_in(matter, activity), rule_of(matter.entry, matter.body_id)
    votes = _from_ballot(item) or votes
    counted = count_matter(floor, rule, yes=votes.yes, no=votes.no, abstained=votes.abstained)
    _tell_record(item, matter, decision.strip(), votes, floor, counted.verdict, actor, at)
    for dissent in dissents:
        note_dissent(item=item, person=dissent.person, text=dissent.text, actor=actor, at=at)
    method = votes.method or _method_of(matter)
    _settle(
        sitting, Outcome(counted.verdict.value), decision.strip(), actor, at, method=method, entitled=floor.entitled,
        avoided=floor.avoided, present=floor.present, votes_for=votes.yes, votes_against=votes.no,
        votes_abstained=votes.abstained, **_rule_as_text(rule),
    )  # fmt: skip
    _go_on(matter, sitting, len(dissents), actor, at)
    return sitting


@transaction.atomic
def settle_elsewhere(
    *, matter: Matter, forum: Forum, held_on: date, document: str, decision: str, is_carried: bool, actor: Person,
    at: datetime, reason: str = "",
) -> Sitting:  # fmt: skip
    """Write down what a meeting outside the platform's records decided (班子会, 职代会), by its document.

    :raises DecisionWordsMissing, ReasonMissing: no words, no document
    :raises DecidedInFuture: the day has not come
    :raises WrongForum, StudyMissing: unless `reason` says why, which stays on record
    :raises StepNotAllowed: it is not prepared, or lies before a meeting
    """
    RUN_MATTER.require(actor, matter, at=at)
    if not decision.strip():
        raise DecisionWordsMissing
    if not document.strip():
        raise ReasonMissing
    if held_on > local_day(at):
        raise DecidedInFuture(day=held_on)
    for kind, refusal in _departures(matter, forum, Purpose.DECIDE, None, at):
        if not reason.strip():
            raise refusal
        note_departure(matter, kind, reason, actor, at)
    if matter.state not in (MatterState.PREPARED, MatterState.STUDIED):
        raise StepNotAllowed(state=matter.get_state_display())
    outcome = Outcome.CARRIED if is_carried else Outcome.NOT_CARRIED
    sitting = Sitting.objects.create(
        matter=matter, purpose=Purpose.DECIDE, forum=forum, held_on=held_on, document=document.strip(), outcome=outcome,
        decision=decision.strip(), settled_by=actor, settled_at=at,
    )  # fmt: skip
    _go_on(matter, sitting, 0, actor, at)
    return sitting


@transaction.atomic
def defer_matter(*, matter: Matter, actor: Person, at: datetime) -> Matter:
    """Take a matter off the agenda without a decision; it waits for another meeting.

    :raises NotBeforeThisMeeting: it lies before none
    """
    RUN_MATTER.require(actor, matter, at=at)
    leave_agenda(_open_sitting(matter), actor, at)
    matter.refresh_from_db()
    return matter


def leave_agenda(sitting: Sitting, actor: Person | None, at: datetime) -> None:
    """Let a matter wait for another meeting: part of the act that ends or calls off this one, or takes it off."""
    matter = sitting.matter
    _settle(sitting, Outcome.DEFERRED, "", actor, at)
    MATTER_FLOW.advance(matter, "resume" if was_studied(matter) else "defer")
    attributes = {"purpose": sitting.purpose}
    record(Draft(MATTER_DEFERRED, at, actor, body=matter.body_id, attributes=attributes, source=matter))


def _departures(
    matter: Matter, forum: Forum, purpose: Purpose, activity: Activity | None, at: datetime
) -> list[tuple[Departure, DomainError]]:
    """Return what the list and the rules of procedure have against it, each with its refusal."""
    found: list[tuple[Departure, DomainError]] = []
    entry, rules = matter.entry, in_force(ProcedureRules, matter.body_id)
    wanted = Forum.PARTY_COMMITTEE if purpose == Purpose.STUDY else Forum(matter.forum)
    if entry is not None and forum != wanted:
        found.append((Departure.WRONG_FORUM, WrongForum(title=entry.title, forum=wanted.label)))
    if entry is not None and entry.needs_study and purpose == Purpose.DECIDE and not was_studied(matter):
        found.append((Departure.NO_STUDY, StudyMissing(title=entry.title)))
    if activity is not None and rules is not None:
        days = (activity.day - local_day(at)).days
        if days < rules.notice_days:
            refusal = NoticeTooShort if rules.allows_urgent else UrgentNotAllowed
            found.append((Departure.URGENT, refusal(days=rules.notice_days, day=activity.day)))
    return found


def _open_sitting(matter: Matter) -> Sitting:
    rows = Sitting.objects.select_for_update(of=("self",)).select_related("matter__body", "activity", "item__activity")
    sitting = rows.filter(matter=matter, outcome=None).first()
    if sitting is None:
        raise NotBeforeThisMeeting
    sitting.matter = matter
    return sitting


def _from_ballot(item: AgendaItem) -> Votes | None:
    """Return what the meeting's own record says that was voted, where it was."""
    if item.vote_method is None or item.votes_for is None:
        return None
    return Votes(item.votes_for, item.votes_against or 0, item.votes_abstained or 0, VoteMethod(item.vote_method))


def _method_of(matter: Matter) -> VoteMethod:
    return VoteMethod(matter.entry.vote_method) if matter.entry is not None else VoteMethod.SHOW_OF_HANDS


def _tell_record(
    item: AgendaItem, matter: Matter, decision: str, votes: Votes, floor: Floor, verdict: Verdict, actor: Person,
    at: datetime,
) -> None:  # fmt: skip
    """Write decision and vote into the meeting's record, in words too: avoidance has no place among its figures."""
    said = _("应到 %(entitled)s 人，回避 %(avoided)s 人，实到 %(present)s 人；%(outcome)s。") % {
        "entitled": floor.entitled, "avoided": floor.avoided, "present": floor.present,
        "outcome": _(str(Outcome(verdict.value).label)),
    }  # fmt: skip
    notes = "\n".join(part for part in (item.notes, said) if part)
    edit_agenda_item(item=item, topic=item.topic, notes=notes, decision=decision, actor=actor, at=at)
    fits = votes.yes + votes.no + votes.abstained <= len(floor_of(item.activity, TopicKind.OTHER).present)
    if item.vote_method is None and item.ballot_id is None and fits:
        # Counted here by the list's rule: the meeting's record keeps the votes and counts them by none (PM-13).
        set_matter(item=item, matter=TopicKind.OTHER, actor=actor, at=at)
        record_vote(
            item=item, method=votes.method or _method_of(matter), votes_for=votes.yes, votes_against=votes.no,
            votes_abstained=votes.abstained, actor=actor, at=at,
        )  # fmt: skip


def _rule_as_text(rule: VotingRule) -> dict[str, str]:
    majority_of = MajorityOf.PRESENT if rule.is_of_present else MajorityOf.SHOULD
    return {"quorum": str(rule.quorum), "majority": str(rule.majority), "majority_of": majority_of}


def _settle(
    sitting: Sitting, outcome: Outcome, decision: str, actor: Person | None, at: datetime, **counts: object
) -> None:
    values = {"outcome": outcome, "decision": decision, "settled_by": actor, "settled_at": at, **counts}
    if not Sitting.objects.filter(pk=sitting.pk, outcome=None).update(**values):
        raise Stale
    for name, value in values.items():
        setattr(sitting, name, value)


def _go_on(matter: Matter, sitting: Sitting, dissents: int, actor: Person, at: datetime) -> None:
    """Take the step that the outcome leads to, and record it."""
    is_study = sitting.purpose == Purpose.STUDY
    if sitting.outcome == Outcome.CARRIED and is_study:
        MATTER_FLOW.advance(matter, "study")
    elif sitting.outcome == Outcome.CARRIED:
        MATTER_FLOW.advance(matter, "carry", decided_on=sitting.held_on)
    elif sitting.outcome == Outcome.NO_QUORUM:
        MATTER_FLOW.advance(matter, "resume" if was_studied(matter) else "defer")
    else:
        MATTER_FLOW.advance(matter, "reject", decided_on=sitting.held_on, closed_at=at)
    attributes = {
        "purpose": sitting.purpose, "forum": sitting.forum, "outcome": sitting.outcome, "category": matter.category,
        "entitled": sitting.entitled, "present": sitting.present, "avoided": sitting.avoided, "dissents": dissents,
        "on_list": matter.entry_id is not None,
    }  # fmt: skip
    record(Draft(MATTER_DECIDED, at, actor, body=matter.body_id, attributes=attributes, source=matter))
