"""Votes on the topics of a meeting: counted by the rule of the matter, in the open or by a secret ballot."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.ballots.enums import YES_NO_ABSTAIN, BallotState
from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import admit_voters, open_ballot
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.calc.counting import Electorate, VotesCast
from ronghe.domain.rhythm.enums import Matter, VoteMethod, VoteOutcome
from ronghe.domain.rhythm.models import Activity, AgendaDissent, AgendaItem
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors.voting import Floor, counted, floor_of, needs_of
from ronghe.domain.rhythm.services.sign_in import lock_open
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_


class MoreVotesThanVoters(DomainError):
    """PM-15: only who has a vote, signed in and is still there counts."""

    code = "more_votes_than_voters"
    sentence = N_("票数共 %(votes)s，有表决权、本人签到并在场的只有 %(voters)s 人，请核对。")
    status = 422


class NobodyVotesHere(DomainError):
    """PO-12, PF-02: a working body has members who take part and none who vote."""

    code = "nobody_votes_here"
    sentence = N_(
        "“%(body)s”没有有表决权的人：编入的党员在自己的支部表决（PO-12）。请改为其他事项，或由支部党员大会表决。"
    )


class ElectionsElsewhere(DomainError):
    """PM-13: the three ways of counting are never mixed."""

    code = "elections_elsewhere"
    sentence = N_("选举按到会五分之四、得票超过实到半数计票，不在议题里表决（PM-13）。请到“换届选举”办理。")


class ApplicantMissing(DomainError):
    code = "applicant_missing"
    sentence = N_("请选出这次表决的是谁：两人以上须逐个讨论、逐个表决，一人一个议题（PM-12）。")
    status = 422


class ApplicantTwice(DomainError):
    code = "applicant_twice"
    sentence = N_("%(name)s已在本次会议的另一个议题里，一人只表决一次（PM-12）。")


class BallotRunning(DomainError):
    code = "ballot_running"
    sentence = N_("第%(number)s项正在无记名投票，请先计票或作废。")


class VotedAlready(DomainError):
    code = "voted_already"
    sentence = N_("第%(number)s项已经表决过，结果已写入记录。")


class NoQuorumYet(DomainError):
    code = "no_quorum_yet"
    sentence = N_("现在还不能表决：%(check)s。")


class WrittenTooMany(DomainError):
    code = "written_too_many"
    sentence = N_("书面意见 %(written)s 份，多于没有到会的 %(absent)s 人；到会的人只在会上投票（PM-12），请核对。")
    status = 422


class WrittenUncounted(DomainError):
    code = "written_uncounted"
    sentence = N_("只有接收预备党员和转正才计书面意见（PM-12），这一项不计。")


class DissentEmpty(DomainError):
    code = "dissent_empty"
    sentence = N_("请写明不同意见，照本人的话写。")
    status = 422


class NotAmongPresent(DomainError):
    code = "not_among_present"
    sentence = N_("%(name)s没有到会，不能记在这里。")


@transaction.atomic
def set_matter(
    *, item: AgendaItem, matter: Matter, actor: Person, at: datetime, applicant: Person | None = None
) -> AgendaItem:
    """Say what a topic is, which decides how it is voted on (PM-13); an admission is about one person (PM-12).

    :raises ApplicantMissing: an admission of nobody
    :raises ApplicantTwice: the person has a topic in this meeting already
    :raises ElectionsElsewhere: elections are held in their own room
    :raises VotedAlready: it was voted on
    """
    fresh = _fresh(item, actor, at)
    if fresh.has_vote:
        raise VotedAlready(number=fresh.number)
    if matter == Matter.ELECTION:
        raise ElectionsElsewhere
    if matter == Matter.ADMISSION and applicant is None:
        raise ApplicantMissing
    fresh.matter, fresh.applicant = matter, applicant if matter == Matter.ADMISSION else None
    try:
        with transaction.atomic():
            fresh.save(update_fields=["matter", "applicant"])
    except IntegrityError as error:
        raise ApplicantTwice(name=applicant.name if applicant else "") from error
    return fresh


@transaction.atomic
def record_vote(
    *, item: AgendaItem, method: VoteMethod, votes_for: int, votes_against: int, votes_abstained: int,
    actor: Person, at: datetime, written_for: int = 0, written_against: int = 0, written_abstained: int = 0,
) -> AgendaItem:  # fmt: skip
    """Write down how a topic was voted on (PM-14), counted by the rule of its matter: PM-11, PM-12 or none.

    `written_…` are opinions that absent members handed in before the meeting; they count for an admission alone.

    :raises MoreVotesThanVoters: more votes than people who have one and signed in themselves (PM-15)
    :raises NobodyVotesHere: the body has no voters (PO-12)
    :raises ElectionsElsewhere: elections are held in their own room (PM-13)
    :raises ApplicantMissing: an admission of nobody (PM-12)
    :raises BallotRunning: the platform is taking the votes
    :raises DomainError: what the rule of the matter refuses, such as an admission voted on openly (PM-12)
    """
    fresh = _fresh(item, actor, at)
    if written_for or written_against or written_abstained:
        fresh.written_for, fresh.written_against, fresh.written_abstained = (
            written_for, written_against, written_abstained,
        )  # fmt: skip
    cast = VotesCast(
        votes_for, votes_against, votes_abstained, fresh.written_for, fresh.written_against, fresh.written_abstained
    )
    floor = _floor(fresh)
    if cast.there > len(floor.present):
        raise MoreVotesThanVoters(votes=cast.there, voters=len(floor.present))
    saved = _settle(fresh, method, floor, floor.electorate, cast)
    item.refresh_from_db()
    return saved


@transaction.atomic
def note_written_opinions(
    *, item: AgendaItem, yes: int, no: int, abstained: int, actor: Person, at: datetime
) -> AgendaItem:
    """Write down the opinions that absent members handed in in writing before an admission was voted on (PM-12).

    :raises WrittenUncounted: no admission
    :raises WrittenTooMany: more than absent people with a vote
    :raises VotedAlready: it was voted on; they come before the count
    """
    fresh = _fresh(item, actor, at)
    if fresh.has_vote:
        raise VotedAlready(number=fresh.number)
    if fresh.matter != Matter.ADMISSION:
        raise WrittenUncounted
    _refuse_written(_floor(fresh), written=yes + no + abstained)
    fresh.written_for, fresh.written_against, fresh.written_abstained = yes, no, abstained
    fresh.save(update_fields=["written_for", "written_against", "written_abstained"])
    return fresh


@transaction.atomic
def open_item_ballot(*, item: AgendaItem, actor: Person, at: datetime) -> Ballot:
    """Let those present who have a vote in the matter vote in secret on their phones; counting it fills in the topic.

    The result has to be declared whatever it is, so it is never hidden; the page says so where few vote.

    :raises NoQuorumYet: not enough of those entitled are there
    :raises VotedAlready: it was voted on, or is being voted on
    :raises DomainError: as `record_vote`, and what a ballot refuses (`TooFewVoters`)
    """
    fresh = _fresh(item, actor, at)
    if fresh.has_vote:
        raise VotedAlready(number=fresh.number)
    floor = _floor(fresh)
    _refuse_written(floor, written=_written(fresh))
    unmet = next((check for check in needs_of(floor)[:1] if not check.is_met), None)
    if unmet is not None:
        raise NoQuorumYet(check=unmet)
    fresh.ballot = open_ballot(
        title=fresh.topic, items=[fresh.topic], choices=YES_NO_ABSTAIN, voters=floor.present, actor=actor, at=at,
        least_shown=1,
    )  # fmt: skip
    fresh.save(update_fields=["ballot"])
    return fresh.ballot


@transaction.atomic
def admit_late_voters(*, item: AgendaItem, actor: Person, at: datetime) -> int:
    """Put on the list whoever has a vote and came after the ballot was opened; return how many.

    :raises VotedAlready: no ballot is open
    """
    activity = lock_open(item.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    fresh = AgendaItem.objects.select_related("activity__body", "ballot__opened_by").get(pk=item.pk)
    if fresh.ballot is None or fresh.ballot.state != BallotState.OPEN:
        raise VotedAlready(number=fresh.number)
    floor = _floor(fresh)
    _refuse_written(floor, written=_written(fresh))
    return admit_voters(ballot=fresh.ballot, voters=floor.present, actor=actor, at=at)


def fill_from_ballot(ballot_id: int) -> None:
    """Write the result of a counted ballot into its topic, where it has one; part of the act that counts it."""
    item = AgendaItem.objects.select_related("activity__body", "ballot").filter(ballot=ballot_id).first()
    if item is None or item.ballot is None:
        return
    result = result_of(item.ballot)
    if result.is_hidden:
        AgendaItem.objects.filter(pk=item.pk).update(vote_outcome=VoteOutcome.HIDDEN)
        return
    yes, no, abstained = (votes or 0 for votes in result.items[0].counts)
    cast = VotesCast(yes, no, abstained, item.written_for, item.written_against, item.written_abstained)
    floor = _floor(item)
    electorate = Electorate(max(floor.entitled, result.voters), result.voters)
    _settle(item, VoteMethod.SECRET_BALLOT, floor, electorate, cast)


def let_go_of_ballot(ballot_id: int) -> None:
    """Let a topic be voted on anew after its ballot was voided."""
    AgendaItem.objects.filter(ballot=ballot_id).update(ballot=None)


@transaction.atomic
def note_dissent(*, item: AgendaItem, person: Person, text: str, actor: Person, at: datetime) -> AgendaDissent:
    """Put a different opinion in the record because its holder wants it there; said again, it replaces the first.

    :raises DissentEmpty: no words
    :raises NotAmongPresent: the person is not there
    """
    activity = lock_open(item.activity_id)
    if person.pk != actor.pk:
        RUN_ACTIVITY.require(actor, activity, at=at)
    if not text.strip():
        raise DissentEmpty
    if not activity.attendances.filter(person=person, status="present").exists():
        raise NotAmongPresent(name=person.name)
    row, _is_new = AgendaDissent.objects.update_or_create(
        item_id=item.pk, person=person, defaults={"text": text.strip(), "noted_by": actor, "noted_at": at}
    )
    return row


def _fresh(item: AgendaItem, actor: Person, at: datetime) -> AgendaItem:
    activity: Activity = lock_open(item.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    fresh = AgendaItem.objects.select_related("activity__body", "applicant", "ballot").get(pk=item.pk)
    if fresh.ballot is not None:
        running = fresh.ballot.state == BallotState.OPEN
        raise BallotRunning(number=fresh.number) if running else VotedAlready(number=fresh.number)
    return fresh


def _floor(item: AgendaItem) -> Floor:
    matter = Matter(item.matter)
    if matter == Matter.ELECTION:
        raise ElectionsElsewhere
    if matter == Matter.ADMISSION and item.applicant_id is None:
        raise ApplicantMissing
    floor = floor_of(item.activity, matter)
    if floor.rule is not None and not floor.entitled:
        raise NobodyVotesHere(body=item.activity.body.name)
    return floor


def _written(item: AgendaItem) -> int:
    return item.written_for + item.written_against + item.written_abstained


def _refuse_written(floor: Floor, *, written: int) -> None:
    absent = floor.entitled - len(floor.present)
    if written > absent:
        raise WrittenTooMany(written=written, absent=absent)


def _settle(item: AgendaItem, method: VoteMethod, floor: Floor, electorate: Electorate, cast: VotesCast) -> AgendaItem:
    """Keep the votes with who could vote, and what they came to by the rule in force on this day."""
    outcome: str | None = None
    if floor.rule is not None:
        outcome = counted(floor.rule, electorate, cast, method=method).outcome.value
        item.vote_entitled, item.vote_present = electorate.entitled, electorate.present
    item.vote_method, item.vote_outcome = method, outcome
    item.votes_for, item.votes_against, item.votes_abstained = cast.yes, cast.no, cast.abstained
    item.written_for, item.written_against = cast.written_yes, cast.written_no
    item.written_abstained = cast.written_abstained
    item.save(
        update_fields=[
            "vote_method", "votes_for", "votes_against", "votes_abstained", "written_for", "written_against",
            "written_abstained", "vote_entitled", "vote_present", "vote_outcome",
        ]
    )  # fmt: skip
    return item
