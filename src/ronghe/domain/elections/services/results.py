"""The vote is counted, the result reported and filed above; posts and the new term follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.elections.calc.election import decide_election
from ronghe.domain.elections.calc.terms import regular_end
from ronghe.domain.elections.enums import (
    DEPUTY_ROLES,
    ELECTION_FLOW,
    HEAD_ROLES,
    ElectionKind,
    ElectionState,
    Electorate,
    RoundKind,
    elected_roles,
)
from ronghe.domain.elections.facts import BALLOT_COUNTED, RESULT_FILED, RESULT_REPORTED, RESULT_RETURNED
from ronghe.domain.elections.models import BallotRound, Candidate, CandidateCount, Contest, Election
from ronghe.domain.elections.rules import FILE_RESULT, RUN_ELECTION, figures_in_force
from ronghe.domain.elections.selectors.elections import (
    ContestView,
    contest_view,
    contests_of,
    entitled_in,
    round_from,
)
from ronghe.domain.elections.selectors.terms import open_term
from ronghe.domain.elections.services.preparing import ApprovalMissing, ReasonMissing, refuse_unelectable
from ronghe.domain.elections.services.terms import end_term, write_term
from ronghe.domain.org.enums import PostRole, PostSource, tree_of
from ronghe.domain.org.models import Person, PostHolding
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.org.services.people import leave_post, take_post
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class QuorumMissed(DomainError):
    code = "quorum_missed"
    sentence = N_(
        "有选举权的应到 %(entitled)s 人，实到 %(present)s 人，不足 %(need)s 人，会议无效（PE-09）。"
        "请另行召集，到会够数后再选举。"
    )
    status = 422


class HeldInFuture(DomainError):
    code = "held_in_future"
    sentence = N_("%(day)s 还没有到，不能记选举结果。")
    status = 422


class HeldBeforeTerm(DomainError):
    code = "held_before_term"
    sentence = N_("选举日期 %(day)s 不晚于第 %(number)s 届的开始 %(started_on)s，两届会重叠（PE-04）。请改日期。")
    status = 422


class HeldOutOfOrder(DomainError):
    code = "held_out_of_order"
    sentence = N_("前一次投票在 %(day)s，这一次不能更早。请改日期。")
    status = 422


class EntitledMissing(DomainError):
    code = "entitled_missing"
    sentence = N_("请填应到会的代表人数（PE-09）。")
    status = 422


class CommitteeFirst(DomainError):
    code = "committee_first"
    sentence = N_("“%(role)s”由委员会选举（PE-11），请先记完委员的选举结果。")


class NotInCommittee(DomainError):
    code = "not_in_committee"
    sentence = N_("%(name)s没有当选委员，不能在委员会上当选“%(role)s”（PE-11）。请重新提名。")


class EveryPlaceTaken(DomainError):
    code = "every_place_taken"
    sentence = N_("“%(role)s”的名额已选满，不用再投票。")


class NotOnBallot(DomainError):
    code = "not_on_ballot"
    sentence = N_("计票里有不在这次选票上的人，请刷新后重填。")
    status = 422


class NothingCounted(DomainError):
    code = "nothing_counted"
    sentence = N_("“%(role)s”还没有投票结果，请先计票。")


class TieNotSettled(DomainError):
    code = "tie_not_settled"
    sentence = N_("“%(role)s”有人票数相等，须就他们再投票一次（PE-10）。")


class PlacesOpen(DomainError):
    code = "places_open"
    sentence = N_("“%(role)s”还差 %(open)s 名。可另行选举，或写明空缺后上报（PE-10）。")


@transaction.atomic
def record_ballot(
    *, contest: Contest, held_on: date, present: int, issued: int, returned: int, valid: int, invalid: int,
    votes: Mapping[int, tuple[int, int, int]], actor: Person, at: datetime, others: int = 0, entitled: int | None = None,
) -> BallotRound:  # fmt: skip
    """Write down one vote in totals and who is elected by it. `votes`: candidate → for, against, abstained.

    How many were entitled is counted from the members (PE-08); only of delegates it is said in `entitled`.

    :raises QuorumMissed: fewer than four fifths came (PE-09)
    :raises DomainError: figures that do not fit together, people who cannot be elected, days that cannot be
    :raises Stale: somebody else wrote this vote down a moment ago
    """
    election = contest.election
    RUN_ELECTION.require(actor, election, at=at)
    if not ELECTION_FLOW.allows(election, "hold"):
        raise StepNotAllowed(state=election.get_state_display())
    view = contest_view(contest)
    kind = view.next_round
    if kind is None:
        raise EveryPlaceTaken(role=_(contest.get_role_display()))
    _refuse_day(election, view, held_on, at)
    _refuse_ballot(view, votes, held_on)
    counted = entitled_in(view, held_on)
    should = entitled if counted is None else counted
    if should is None:
        raise EntitledMissing
    held = round_from(
        view, entitled=should, present=present, issued=issued, returned=returned, valid=valid, invalid=invalid,
        others=others, votes=votes,
    )  # fmt: skip
    outcome = decide_election(held, figures_in_force())
    if not outcome.is_valid:
        raise QuorumMissed(entitled=should, present=present, need=outcome.quorum.need)
    ELECTION_FLOW.advance(election, "hold", held_on=max(held_on, election.held_on or held_on))
    try:
        with transaction.atomic():
            written = BallotRound.objects.create(
                contest=contest, number=len(view.rounds) + 1, kind=kind, seats=held.seats, held_on=held_on,
                entitled=should, present=present, issued=issued, returned=returned, valid=valid, invalid=invalid,
                others=others, recorded_by=actor, recorded_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale from error
    CandidateCount.objects.bulk_create(
        CandidateCount(
            round=written, candidate_id=line.candidate, votes_for=line.votes_for, votes_against=line.votes_against,
            votes_abstained=line.votes_abstained, is_elected=line.candidate in outcome.elected,
            is_tied=line.candidate in outcome.tied,
        )
        for line in held.votes
    )  # fmt: skip
    record(
        Draft(BALLOT_COUNTED, at, actor, body=election.body_id, source=written,
              attributes={"role": contest.role, "round": written.number, "entitled": should, "present": present,
                          "issued": issued, "returned": returned, "valid": valid, "elected": len(outcome.elected)})
    )  # fmt: skip
    return written


@transaction.atomic
def withdraw_ballot(*, contest: Contest, actor: Person, at: datetime) -> None:
    """Take back the last count of a contest that was typed wrongly; its fact is reversed, never deleted.

    :raises StepNotAllowed: the result was reported
    :raises NothingCounted: there is no count
    """
    election = contest.election
    RUN_ELECTION.require(actor, election, at=at)
    if election.state != ElectionState.HELD:
        raise StepNotAllowed(state=election.get_state_display())
    last = contest.rounds.order_by("-number", "pk").first()
    if last is None:
        raise NothingCounted(role=_(contest.get_role_display()))
    kept = BallotRound.objects.filter(contest__election=election).exclude(pk=last.pk)
    ELECTION_FLOW.advance(election, "hold", held_on=kept.aggregate(day=Max("held_on"))["day"])
    source = last._meta.label_lower  # noqa: SLF001 - Django's name
    fact = Fact.objects.filter(kind=BALLOT_COUNTED.name, source_type=source, source_id=last.pk).order_by("pk").last()
    if fact is not None:
        reverse(fact, by=actor, at=at)
    last.counts.all().delete()
    last.delete()


@transaction.atomic
def report_result(*, election: Election, actor: Person, at: datetime, leaves_places: bool = False) -> Election:
    """Report the result to the body above (PE-11); `leaves_places` says that places which nobody won stay empty.

    :raises NothingCounted: a contest without a vote
    :raises TieNotSettled: equal votes for the last places (PE-10)
    :raises PlacesOpen: places are open and nobody said that they stay so
    """
    RUN_ELECTION.require(actor, election, at=at)
    if not ELECTION_FLOW.allows(election, "report"):
        raise StepNotAllowed(state=election.get_state_display())
    views = contests_of(election)
    for view in views:
        role = _(view.contest.get_role_display())
        if not view.rounds:
            raise NothingCounted(role=role)
        if view.tied:
            raise TieNotSettled(role=role)
        if view.open_seats and not leaves_places:
            raise PlacesOpen(role=role, open=view.open_seats)
    is_short = any(view.open_seats for view in views)
    ELECTION_FLOW.advance(
        election, "report", reported_by=actor, reported_at=at, leaves_places=is_short, returned_reason=None
    )
    count = sum(len(view.elected) for view in views)
    record(Draft(RESULT_REPORTED, at, actor, body=election.body_id, source=election, attributes={"elected": count}))
    return election


@transaction.atomic
def return_result(*, election: Election, reason: str, actor: Person, at: datetime) -> Election:
    """Give a reported result back to be counted or reported anew.

    :raises ReasonMissing: no reason
    """
    FILE_RESULT.require(actor, election, at=at)
    if not reason.strip():
        raise ReasonMissing
    ELECTION_FLOW.advance(election, "return", returned_reason=reason.strip())
    record(Draft(RESULT_RETURNED, at, actor, body=election.body_id, source=election))
    return election


@transaction.atomic
def file_result(*, election: Election, filing_ref: str, actor: Person, at: datetime) -> Election:
    """File a reported result as the body above (PE-11): posts are taken as elected, and after a 换届 a new term begins.

    :raises NotAllowed: only the office above files
    :raises ApprovalMissing: no number of the paper
    :raises Stale: somebody else filed it a moment ago
    """
    FILE_RESULT.require(actor, election, at=at)
    if not filing_ref.strip():
        raise ApprovalMissing
    if not ELECTION_FLOW.allows(election, "file") or election.held_on is None:
        raise StepNotAllowed(state=election.get_state_display())
    day = election.held_on
    term = open_term(election.body)
    ELECTION_FLOW.advance(election, "file", filing_ref=filing_ref.strip(), filed_by=actor, filed_at=at)
    won = _posts_won(election)
    _end_posts(election, won, day, actor, at)
    for person, role in won:
        take_post(
            person=person, role=role, since=day, actor=actor, at=at, body=election.body, source=PostSource.ELECTED
        )
    if election.kind == ElectionKind.RE_ELECTION:
        number = 1
        if term is not None:
            end_term(term, day, actor, at)
            number = term.number + 1
        term = write_term(
            election.body, number, day, actor, at, ends_on=regular_end(election.body.kind, day),
            approval_ref=filing_ref.strip(),
        )  # fmt: skip
    election.term = term
    election.save(update_fields=["term"])
    record(
        Draft(RESULT_FILED, at, actor, body=election.body_id, source=election,
              attributes={"election_kind": election.kind, "elected": len({person.pk for person, _role in won})})
    )  # fmt: skip
    return election


def _posts_won(election: Election) -> list[tuple[Person, PostRole]]:
    """Return who takes which post: whoever leads the committee sits in it by that, and takes a further duty if named."""
    views = contests_of(election)
    leading = {one.person_id for view in views if not view.is_committee for one in view.elected}
    won = []
    for view in views:
        for one in view.elected:
            if view.is_committee and one.person_id in leading and one.duty == view.contest.role:
                continue
            won.append((one.person, PostRole(one.duty)))
    return won


def _end_posts(election: Election, won: list[tuple[Person, PostRole]], day: date, actor: Person, at: datetime) -> None:
    """End what the election replaces: after a 换届 every elected post, after a 补选 who acted and the winners' old ones."""
    body = election.body
    tree = tree_of(body.kind)
    posts = PostHolding.objects.filter(body=body, role__in=elected_roles(body.kind), valid_until=None)
    roles = {role for _person, role in won}
    for post in posts.select_related("person", "body", "unit").order_by("pk"):
        is_over = election.kind == ElectionKind.RE_ELECTION
        is_over |= post.source == PostSource.ACTING and post.role in roles
        is_over |= (post.person, post.role) in won
        is_over |= post.role == DEPUTY_ROLES[tree] and (post.person, HEAD_ROLES[tree]) in won
        if is_over:
            leave_post(post=post, until=max(day, post.valid_from), actor=actor, at=at)


def _refuse_day(election: Election, view: ContestView, held_on: date, at: datetime) -> None:
    if held_on > local_day(at):
        raise HeldInFuture(day=held_on)
    if view.rounds and held_on < view.rounds[-1].round.held_on:
        raise HeldOutOfOrder(day=view.rounds[-1].round.held_on)
    term = open_term(election.body)
    if election.kind == ElectionKind.RE_ELECTION and term is not None and held_on <= term.started_on:
        raise HeldBeforeTerm(day=held_on, number=term.number, started_on=term.started_on)


def _refuse_ballot(view: ContestView, votes: Mapping[int, tuple[int, int, int]], held_on: date) -> None:
    """Refuse a count of people who are not on this ballot or cannot be elected on that day."""
    role = _(view.contest.get_role_display())
    on_ballot: list[Candidate] = view.on_ballot
    if not set(votes) <= {one.pk for one in on_ballot}:
        raise NotOnBallot
    election = view.contest.election
    for one in on_ballot:
        refuse_unelectable(election.body, one.person, held_on)
    if view.contest.electorate != Electorate.COMMITTEE:
        return
    seats = next((other for other in contests_of(election) if other.is_committee), None)
    if seats is None:
        return
    if seats.next_round in (RoundKind.FIRST, RoundKind.TIE):
        raise CommitteeFirst(role=role)
    sitting = {one.person_id for one in seats.elected}
    for one in on_ballot:
        if one.person_id not in sitting:
            raise NotInCommittee(name=one.person.name, role=role)
