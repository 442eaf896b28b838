"""From the vetted to the honoured: a secret vote or a meeting, the public notice, objections, the award."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.ballots.enums import BallotState
from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import close_ballot, open_ballot, void_ballot
from ronghe.domain.honours.calc.choosing import suits
from ronghe.domain.honours.calc.terms import months_later
from ronghe.domain.honours.enums import (
    CALL_FLOW,
    NOMINATION_FLOW,
    OBJECTION_FLOW,
    CallObjectionState,
    CallState,
    CallWay,
    NominationState,
)
from ronghe.domain.honours.facts import (
    CALL_AWARDED,
    CALL_OBJECTED,
    CALL_OBJECTION_ANSWERED,
    NOTICE_POSTED,
)
from ronghe.domain.honours.models import CallObjection, Honour, HonourCall, Nomination
from ronghe.domain.honours.rules import ANSWER_OBJECTION, OBJECT, RUN_CALL
from ronghe.domain.honours.selectors.selection import concerns, own_in, result_by_votes, vetoes_for
from ronghe.domain.honours.services.calling import record_move, refuse_vetoed
from ronghe.domain.honours.services.register import write_honour
from ronghe.domain.honours.services.vetting import OwnNomination
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

CHOICES = (N_("同意"), N_("不同意"), N_("弃权"))


class NobodyVetted(DomainError):
    code = "nobody_vetted"
    sentence = N_("还没有人通过全部审查，先请各方出具意见。")


class VettingOpen(DomainError):
    code = "vetting_open"
    sentence = N_("“%(name)s”还缺审查意见，意见齐了才能往下办。")


class NoVoteHere(DomainError):
    code = "no_vote_here"
    sentence = N_("这次评选由会议研究决定，不投票。")


class CandidateVotes(DomainError):
    code = "candidate_votes"
    sentence = N_("%(name)s在被提名之列，不能投票，请从投票人里去掉。")
    status = 422


class CountedByAnother(DomainError):
    code = "counted_by_another"
    sentence = N_("投票由%(name)s发起，只能由本人计票或作废。")
    status = 403


class AgainstTheVotes(DomainError):
    code = "against_the_votes"
    sentence = N_("所选与投票结果不符：赞成过半的按票数取，同票的在其中选，共 %(places)s 名。")
    status = 422


class VotesHidden(DomainError):
    code = "votes_hidden"
    sentence = N_("投票的人太少，结果不公布也不能用；请重新投票。")


class TooManyChosen(DomainError):
    code = "too_many_chosen"
    sentence = N_("请选 1 至 %(quota)s 名。")
    status = 422


class DecisionMissing(DomainError):
    code = "decision_missing"
    sentence = N_("请写明怎样定的：哪次会议研究，或同票者中为什么取这几名。")
    status = 422


class NoticeRunning(DomainError):
    code = "notice_running"
    sentence = N_("公示到 %(until)s，期满以后才能表彰。")


class CallObjectionsOpen(DomainError):
    code = "call_objections_open"
    sentence = N_("还有 %(count)s 条异议没有答复，不能表彰。")


class NoticeOver(DomainError):
    code = "notice_over"
    sentence = N_("公示从 %(since)s 到 %(until)s，现在不在这段时间，不能提异议。")


class ObjectionWordsMissing(DomainError):
    code = "objection_words_missing"
    sentence = N_("请写明内容和依据。")
    status = 422


class ObjectedBefore(DomainError):
    code = "objected_before"
    sentence = N_("您对“%(name)s”已经提过异议，答复以后在这里看得到。")


@transaction.atomic
def open_vote(*, call: HonourCall, voters: Sequence[Person], actor: Person, at: datetime) -> HonourCall:
    """Let `voters` vote in secret on everybody who passed every opinion.

    :raises NoVoteHere: the call is decided in a meeting
    :raises OwnNomination: the actor is among those named
    :raises VettingOpen, NobodyVetted: opinions are missing
    :raises CandidateVotes: somebody named is among the voters
    :raises TooFewVoters: as of any secret ballot
    :raises StepNotAllowed: it is not the time
    """
    RUN_CALL.require(actor, call, at=at)
    if call.way != CallWay.BALLOT:
        raise NoVoteHere
    if own_in(call, actor, at):
        raise OwnNomination
    vetted = _vetted(call)
    named = {row.person_id for row in vetted if row.person_id is not None}
    for voter in voters:
        if voter.pk in named:
            raise CandidateVotes(name=voter.name)
    CALL_FLOW.advance(call, "open_vote")
    call.ballot = open_ballot(
        title=_("%(year)s 年%(title)s评选") % {"year": call.year, "title": call.title.name},
        items=[_item(place, row) for place, row in enumerate(vetted, start=1)], choices=[_(word) for word in CHOICES],
        voters=voters, actor=actor, at=at, least_shown=key_of("ballot_least_shown", call.body, local_day(at)),
    )  # fmt: skip
    call.save(update_fields=["ballot"])
    record_move(call, actor, at)
    return call


@transaction.atomic
def count_vote(*, call: HonourCall, actor: Person, at: datetime) -> HonourCall:
    """Count the vote and write to each how many were for it; of too few votes nothing is kept.

    :raises CountedByAnother: somebody else opened it
    :raises NobodyVoted: nobody has voted
    :raises StepNotAllowed: nobody votes
    """
    RUN_CALL.require(actor, call, at=at)
    if not CALL_FLOW.allows(call, "count") or call.ballot is None:
        raise StepNotAllowed(state=call.get_state_display())
    _refuse_others_ballot(call, actor)
    if call.ballot.state == BallotState.OPEN:
        close_ballot(ballot=call.ballot, actor=actor, at=at)
    result = result_of(call.ballot)
    CALL_FLOW.advance(call, "count", cast=None if result.is_hidden else result.cast)
    if not result.is_hidden:
        for item, row in zip(result.items, _vetted(call), strict=True):
            row.votes = item.counts[0]
            row.save(update_fields=["votes"])
    record_move(call, actor, at)
    return call


@transaction.atomic
def vote_again(*, call: HonourCall, reason: str, actor: Person, at: datetime) -> HonourCall:
    """Void the vote, or set aside what was counted, with the reason, and go back to vetting.

    :raises DecisionMissing: no words
    :raises CountedByAnother: somebody else opened a vote that is going on
    :raises StepNotAllowed: there is no vote
    """
    RUN_CALL.require(actor, call, at=at)
    if not reason.strip():
        raise DecisionMissing
    if not CALL_FLOW.allows(call, "vote_again"):
        raise StepNotAllowed(state=call.get_state_display())
    if call.ballot is not None and call.ballot.state == BallotState.OPEN:
        _refuse_others_ballot(call, actor)
        void_ballot(ballot=call.ballot, reason=reason, actor=actor, at=at)
    CALL_FLOW.advance(call, "vote_again", ballot=None, cast=None, decision=reason.strip())
    call.nominations.update(votes=None)
    record_move(call, actor, at)
    return call


@transaction.atomic
def choose(*, call: HonourCall, picked: Sequence[Nomination], decision: str, actor: Person, at: datetime) -> HonourCall:
    """Put those chosen on public notice for the call's working days (PD-11); a veto that came since shuts out (AP-01).

    :raises OwnNomination: the actor is among those named
    :raises TooManyChosen: none, or more than there are places
    :raises VettingOpen, NobodyVetted: opinions are missing
    :raises VotesHidden, AgainstTheVotes: what a vote does not say
    :raises DecisionMissing: by a meeting, or among equals, without words
    :raises VetoStands: one of them is vetoed
    :raises StepNotAllowed: it is not the time
    """
    RUN_CALL.require(actor, call, at=at)
    if not CALL_FLOW.allows(call, "choose") or (call.way == CallWay.BALLOT and call.state != CallState.COUNTED):
        raise StepNotAllowed(state=call.get_state_display())
    if own_in(call, actor, at):
        raise OwnNomination
    keys, vetted = frozenset(row.pk for row in picked), {row.pk: row for row in _vetted(call)}
    if not keys or len(keys) > call.quota or not keys <= vetted.keys():
        raise TooManyChosen(quota=call.quota)
    needs_words = call.way == CallWay.MEETING
    if call.way == CallWay.BALLOT:
        result = result_by_votes(call)
        if result is None:
            raise VotesHidden
        if not suits(keys, result):
            raise AgainstTheVotes(places=len(result.chosen) + min(result.left, len(result.tied)))
        needs_words = bool(result.tied and result.left)
    if needs_words and not decision.strip():
        raise DecisionMissing
    day = local_day(at)
    for key in sorted(keys):
        row = vetted[key]
        refuse_vetoed(call, name=row.holder_name, body=row.body, person=row.person, day=day)
    until = add_working_days(statutory_calendar(), day, call.notice_days)
    CALL_FLOW.advance(call, "choose", decision=decision.strip(), notice_from=day, notice_until=until)
    for row in call.nominations.filter(state=NominationState.NAMED):
        NOMINATION_FLOW.advance(row, "propose" if row.pk in keys else "pass_over")
    attributes = {"until": until, "chosen": len(keys)}
    record(Draft(NOTICE_POSTED, at, actor, body=call.body_id, attributes=attributes, source=call))
    return call


@transaction.atomic
def object_to(*, nomination: Nomination, text: str, actor: Person, at: datetime) -> CallObjection:
    """Object to one of those on the notice, once, while it hangs (CA-12).

    :raises NoticeOver: before or after
    :raises ObjectionWordsMissing: no words
    :raises ObjectedBefore: a second time
    """
    OBJECT.require(actor, nomination, at=at)
    call = nomination.call
    if not text.strip():
        raise ObjectionWordsMissing
    until = call.notice_until
    if call.state != CallState.NOTICE or until is None or local_day(at) > until:
        raise NoticeOver(since=call.notice_from or "—", until=until or "—")
    try:
        with transaction.atomic():
            made = CallObjection.objects.create(nomination=nomination, text=text.strip(), made_by=actor, made_at=at)
    except IntegrityError as error:
        raise ObjectedBefore(name=nomination.holder_name) from error
    record(Draft(CALL_OBJECTED, at, actor, about=nomination.person, body=nomination.body_id, source=nomination))
    return made


@transaction.atomic
def answer_objection(
    *, objection: CallObjection, is_upheld: bool, answer: str, actor: Person, at: datetime
) -> CallObjection:
    """Answer an objection; where it holds, the nomination comes off the notice.

    :raises OwnNomination: the actor made it, or it concerns the actor
    :raises ObjectionWordsMissing: no words
    :raises StepNotAllowed: it was answered
    """
    ANSWER_OBJECTION.require(actor, objection, at=at)
    nomination = objection.nomination
    if objection.made_by_id == actor.pk or concerns(nomination, actor, at):
        raise OwnNomination
    if not answer.strip():
        raise ObjectionWordsMissing
    step = "uphold" if is_upheld else "dismiss"
    OBJECTION_FLOW.advance(objection, step, answer=answer.strip(), answered_by=actor, answered_at=at)
    if is_upheld and NOMINATION_FLOW.allows(nomination, "drop"):
        NOMINATION_FLOW.advance(nomination, "drop")
    record(
        Draft(CALL_OBJECTION_ANSWERED, at, actor, about=nomination.person, body=nomination.body_id,
              attributes={"answer": objection.state}, source=nomination)
    )  # fmt: skip
    return objection


@transaction.atomic
def award(*, call: HonourCall, document_number: str, actor: Person, at: datetime) -> HonourCall:
    """Give the title to everybody who is still on the notice, once it has hung and all is answered; the register gets the rows.

    Whoever was vetoed meanwhile comes off the notice and gets nothing (AP-01).

    :raises OwnNomination: the actor is among them
    :raises NoticeRunning, CallObjectionsOpen: too early
    :raises HonourKnown: somebody has the title of that year already
    :raises StepNotAllowed: nothing is on notice
    """
    RUN_CALL.require(actor, call, at=at)
    if not CALL_FLOW.allows(call, "award"):
        raise StepNotAllowed(state=call.get_state_display())
    if own_in(call, actor, at):
        raise OwnNomination
    day, until = local_day(at), call.notice_until
    if until is not None and day <= until:
        raise NoticeRunning(until=until)
    waiting = CallObjection.objects.filter(nomination__call=call, state=CallObjectionState.OPEN).count()
    if waiting:
        raise CallObjectionsOpen(count=waiting)
    CALL_FLOW.advance(call, "award")
    rows = list(call.nominations.filter(state=NominationState.PROPOSED).select_related("body", "person").order_by("pk"))
    for row in rows:
        if vetoes_for(call, body_id=row.body_id, person=row.person, day=day):
            NOMINATION_FLOW.advance(row, "drop")
            continue
        row.honour = write_honour(_honour_of(call, row, document_number, at), actor, at)
        NOMINATION_FLOW.advance(row, "award", honour=row.honour)
    given = sum(1 for row in rows if row.honour is not None)
    record(Draft(CALL_AWARDED, at, actor, body=call.body_id, attributes={"awarded": given}, source=call))
    return call


def _honour_of(call: HonourCall, row: Nomination, document_number: str, at: datetime) -> Honour:
    day, months = local_day(at), call.title.term_months
    return Honour(
        title=call.title, year=call.year, body=row.body, person=row.person, team=row.team, holder_name=row.holder_name,
        issuer=call.body.name[:80], document_number=document_number.strip()[:60], awarded_on=day,
        ends_on=months_later(day, months) if months is not None else None,
    )  # fmt: skip


def _vetted(call: HonourCall) -> list[Nomination]:
    """Return those still named, in the order in which they were; each passed every opinion.

    :raises VettingOpen: an opinion is missing
    :raises NobodyVetted: nobody is left
    """
    rows = call.nominations.filter(state=NominationState.NAMED).select_related("body", "person")
    found = list(rows.prefetch_related("vettings").order_by("named_at", "pk"))
    for row in found:
        if set(call.aspects) - {vetting.aspect for vetting in row.vettings.all()}:
            raise VettingOpen(name=row.holder_name)
    if not found:
        raise NobodyVetted
    return found


def _item(place: int, row: Nomination) -> str:
    name = row.holder_name if row.holder_name == row.body.name else f"{row.holder_name} · {row.body.name}"
    return f"{place}. {name}"[:120]


def _refuse_others_ballot(call: HonourCall, actor: Person) -> None:
    if call.ballot is not None and call.ballot.opened_by_id != actor.pk:
        raise CountedByAnother(name=call.ballot.opened_by.name)
