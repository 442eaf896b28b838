"""任期换届: terms that run out, elections step by step, votes in totals, the result filed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.printing import paper_answer
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.elections.calc.checks import Check
from ronghe.domain.elections.calc.election import decide_election
from ronghe.domain.elections.documents import report_document, request_document
from ronghe.domain.elections.enums import CandidateStage, ElectionKind, ElectionState, Electorate, RoundKind, TermDue
from ronghe.domain.elections.models import Candidate, Contest, Election, Term
from ronghe.domain.elections.rules import RUN_ELECTION, SHIFT_TERM, figures_in_force
from ronghe.domain.elections.selectors.elections import (
    ContestView,
    contest_view,
    contests_of,
    elections_seen_by,
    entitled_in,
    list_elections,
    round_from,
)
from ronghe.domain.elections.selectors.terms import TermState, electing_bodies_seen_by, terms_of, terms_running_out
from ronghe.domain.elections.services.leaders import designate_leader
from ronghe.domain.elections.services.preparing import (
    approve_candidates,
    cancel_election,
    name_candidate,
    start_election,
    withdraw_candidate,
)
from ronghe.domain.elections.services.results import (
    EntitledMissing,
    file_result,
    record_ballot,
    report_result,
    return_result,
    withdraw_ballot,
)
from ronghe.domain.elections.services.terms import record_term, shift_term
from ronghe.domain.org.enums import PostRole, PostSource
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by, person_seen_by
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing import PaperForm

router = Router(tags=["elections"])

MOST = 100_000


class TermAnswer(Schema):
    id: int
    body: Named
    number: int = Field(description="届次")
    started_on: date
    regular_end: date = Field(description="按规定的届满日期（PE-04）")
    ends_on: date = Field(description="届满日期，含批准的延期或提前（PE-05）")
    ended_on: date | None
    approval_ref: str | None


class TermStateAnswer(Schema):
    body: Named
    due: TermDue = Field(description="missing 没有记录；overdue 已届满；其余为几个月内届满（PE-06）")
    days_left: int | None = Field(description="还有几天届满；负数为已过")
    term: TermAnswer | None
    election: int | None = Field(description="进行中的选举编号")


class ElectionRow(Schema):
    id: int
    body: Named
    kind: ElectionKind
    state: ElectionState
    planned_on: date
    held_on: date | None


class CandidateAnswer(Schema):
    id: int
    person: Named
    stage: CandidateStage
    duty: PostRole
    is_elected: bool


class CountAnswer(Schema):
    candidate: int
    votes_for: int
    votes_against: int
    votes_abstained: int
    is_elected: bool
    is_tied: bool


class RoundAnswer(Schema):
    number: int
    kind: RoundKind
    seats: int
    held_on: date
    entitled: int
    present: int
    issued: int
    returned: int
    valid: int
    invalid: int
    others: int
    counts: list[CountAnswer]


class ContestAnswer(Schema):
    id: int
    role: PostRole
    seats: int
    electorate: Electorate
    open_seats: int
    next_round: RoundKind | None = Field(description="下一次投什么票；空为已选满")
    candidates: list[CandidateAnswer]
    rounds: list[RoundAnswer]


class ElectionAnswer(ElectionRow):
    assembly: Electorate
    approval_ref: str | None
    reported_at: datetime | None
    returned_reason: str | None
    filing_ref: str | None
    filed_at: datetime | None
    cancelled_reason: str | None
    contests: list[ContestAnswer]


class TermRequest(Schema):
    body: int
    number: int = Field(ge=1, le=999)
    started_on: date
    ends_on: date | None = None
    approval_ref: str = Field("", max_length=80)


class ShiftRequest(Schema):
    ends_on: date
    approval_ref: str = Field(max_length=80)
    reason: str = Field("", max_length=200)


class DesignateRequest(Schema):
    body: int
    person: int
    role: PostRole
    since: date
    approval_ref: str = Field(max_length=80)
    is_acting: bool = False


class PostAnswer(Schema):
    id: int
    person: Named
    role: PostRole
    source: PostSource
    valid_from: date


class ElectionRequest(Schema):
    body: int
    kind: ElectionKind
    planned_on: date
    places: dict[PostRole, int] = Field(description="职务 → 应选名额")
    by_delegates: bool = Field(False, description="开代表大会（PE-07）")
    is_dispersed: bool = False


class CandidateRequest(Schema):
    person: int
    stage: CandidateStage = CandidateStage.PRELIMINARY
    duty: PostRole | None = None


class VotesRequest(Schema):
    candidate: int
    votes_for: int = Field(ge=0, le=MOST)
    votes_against: int = Field(0, ge=0, le=MOST)
    votes_abstained: int = Field(0, ge=0, le=MOST)


class BallotRequest(Schema):
    held_on: date
    entitled: int | None = Field(None, ge=0, le=MOST, description="应到代表；只用于代表大会")
    present: int = Field(ge=0, le=MOST)
    issued: int = Field(ge=0, le=MOST)
    returned: int = Field(ge=0, le=MOST)
    valid: int = Field(ge=0, le=MOST)
    invalid: int = Field(ge=0, le=MOST)
    others: int = Field(0, ge=0, le=MOST)
    votes: list[VotesRequest]


class CheckAnswer(Schema):
    rule: str
    have: int
    need: int
    base: int
    is_met: bool
    sentence: str


class OutcomeAnswer(Schema):
    is_valid: bool
    quorum: CheckAnswer
    lines: dict[int, CheckAnswer] = Field(description="候选人编号 → 依据")
    elected: list[int]
    tied: list[int]
    open_seats: int


class ReferenceRequest(Schema):
    reference: str = Field(max_length=80)


class ElectionReasonRequest(Schema):
    reason: str = Field(max_length=200)


class ReportRequest(Schema):
    leaves_places: bool = False


@router.get(
    "/terms/running-out",
    response=list[TermStateAnswer],
    summary="将届满和没有记录的任期",
    operation_id="terms_running_out",
)
def term_running_out(request: HttpRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    states = terms_running_out(electing_bodies_seen_by(actor, now), timezone.localdate(now))
    return [_state(state) for state in states]


@router.get(
    "/bodies/{body_id}/terms", response=list[TermAnswer], summary="一个组织的历届", operation_id="terms_of_body"
)
def body_terms(request: HttpRequest, body_id: int) -> Any:
    body = get_object_or_404(bodies_seen_by(actor_of(request), timezone.now()), pk=body_id)
    return [_term(term) for term in terms_of(body)]


@router.post("/terms", response={201: TermAnswer}, summary="记下现任一届", operation_id="terms_record")
def term_record(request: HttpRequest, wanted: TermRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    term = record_term(
        body=body, number=wanted.number, started_on=wanted.started_on, ends_on=wanted.ends_on,
        approval_ref=wanted.approval_ref, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _term(term))


@router.post("/terms/{term_id}/shift", response=TermAnswer, summary="延期或提前换届", operation_id="terms_shift")
def term_shift(request: HttpRequest, term_id: int, wanted: ShiftRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    term = get_object_or_404(Term.objects.select_related("body"), pk=term_id)
    if not SHIFT_TERM.allows(actor, term.body, at=now):
        raise NotFound
    shift_term(term=term, actor=actor, at=now, **wanted.dict())
    return _term(term)


@router.post("/designations", response={201: PostAnswer}, summary="指派负责人", operation_id="leaders_designate")
def leader_designate(request: HttpRequest, wanted: DesignateRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    person = get_object_or_404(person_seen_by(actor, now), pk=wanted.person)
    post = designate_leader(
        body=body, person=person, role=wanted.role, since=wanted.since, approval_ref=wanted.approval_ref,
        is_acting=wanted.is_acting, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, post)


@router.get("/elections", response=Page[ElectionRow], summary="选举清单", operation_id="elections_list")
def election_list(
    request: HttpRequest,
    state: ElectionState | None = None,
    kind: ElectionKind | None = None,
    page: int = Query(1, ge=1),
) -> Any:
    filters = (Q(state=state) if state else Q()) & (Q(kind=kind) if kind else Q())
    listed = list_elections(actor_of(request), timezone.now(), filters=filters, page=page, size=PAGE_SIZE)
    return listed_answer(listed, _row)


@router.get("/elections/{election_id}", response=ElectionAnswer, summary="一次选举", operation_id="elections_detail")
def election_detail(request: HttpRequest, election_id: int) -> Any:
    return _whole(actor_of(request), election_id)


@router.post("/elections", response={201: ElectionAnswer}, summary="启动换届选举或补选", operation_id="elections_start")
def election_start(request: HttpRequest, wanted: ElectionRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    election = start_election(
        body=body, kind=wanted.kind, planned_on=wanted.planned_on, places=wanted.places, by_delegates=wanted.by_delegates,
        is_dispersed=wanted.is_dispersed, actor=actor, at=now,
    )  # fmt: skip
    return Status(201, _whole(actor, election.pk))


@router.post(
    "/contests/{contest_id}/candidates", response={201: ElectionAnswer}, summary="提名", operation_id="candidates_name"
)
def candidate_name(request: HttpRequest, contest_id: int, wanted: CandidateRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    contest = _contest(actor, contest_id)
    person = get_object_or_404(person_seen_by(actor, now), pk=wanted.person)
    name_candidate(contest=contest, person=person, stage=wanted.stage, duty=wanted.duty, actor=actor, at=now)
    return Status(201, _whole(actor, contest.election_id))


@router.post(
    "/candidates/{candidate_id}/withdraw",
    response=ElectionAnswer,
    summary="撤下人选",
    operation_id="candidates_withdraw",
)
def candidate_withdraw(request: HttpRequest, candidate_id: int) -> Any:
    actor = actor_of(request)
    candidate = get_object_or_404(
        Candidate.objects.select_related("contest__election__body", "person"), pk=candidate_id
    )
    _contest(actor, candidate.contest_id)
    withdraw_candidate(candidate=candidate, actor=actor, at=timezone.now())
    return _whole(actor, candidate.contest.election_id)


@router.post(
    "/contests/{contest_id}/preview",
    response=OutcomeAnswer,
    summary="按规定试算一次计票，不保存",
    operation_id="ballots_preview",
)
def ballot_preview(request: HttpRequest, contest_id: int, wanted: BallotRequest) -> Any:
    view = contest_view(_contest(actor_of(request), contest_id))
    counted = entitled_in(view, wanted.held_on)
    entitled = wanted.entitled if counted is None else counted
    if entitled is None:
        raise EntitledMissing
    outcome = decide_election(round_from(view, entitled=entitled, **_totals(wanted)), figures_in_force())
    return {
        "is_valid": outcome.is_valid, "quorum": _check(outcome.quorum), "elected": outcome.elected,
        "lines": {candidate: _check(line) for candidate, line in outcome.lines}, "tied": outcome.tied,
        "open_seats": outcome.open_seats,
    }  # fmt: skip


@router.post(
    "/contests/{contest_id}/ballots",
    response={201: ElectionAnswer},
    summary="记一次计票",
    operation_id="ballots_record",
)
def ballot_record(request: HttpRequest, contest_id: int, wanted: BallotRequest) -> Any:
    actor = actor_of(request)
    contest = _contest(actor, contest_id)
    record_ballot(
        contest=contest, held_on=wanted.held_on, entitled=wanted.entitled, actor=actor, at=timezone.now(),
        **_totals(wanted),
    )  # fmt: skip
    return Status(201, _whole(actor, contest.election_id))


@router.post(
    "/contests/{contest_id}/ballots/withdraw",
    response=ElectionAnswer,
    summary="撤回最近一次计票",
    operation_id="ballots_withdraw",
)
def ballot_withdraw(request: HttpRequest, contest_id: int) -> Any:
    actor = actor_of(request)
    contest = _contest(actor, contest_id)
    withdraw_ballot(contest=contest, actor=actor, at=timezone.now())
    return _whole(actor, contest.election_id)


@router.post(
    "/elections/{election_id}/approve", response=ElectionAnswer, summary="批复候选人", operation_id="elections_approve"
)
def election_approve(request: HttpRequest, election_id: int, wanted: ReferenceRequest) -> Any:
    actor = actor_of(request)
    election = _seen(actor, election_id)
    approve_candidates(election=election, approval_ref=wanted.reference, actor=actor, at=timezone.now())
    return _whole(actor, election_id)


@router.post(
    "/elections/{election_id}/report", response=ElectionAnswer, summary="上报结果", operation_id="elections_report"
)
def election_report(request: HttpRequest, election_id: int, wanted: ReportRequest) -> Any:
    actor = actor_of(request)
    election = _seen(actor, election_id)
    report_result(election=election, leaves_places=wanted.leaves_places, actor=actor, at=timezone.now())
    return _whole(actor, election_id)


@router.post(
    "/elections/{election_id}/return", response=ElectionAnswer, summary="退回结果", operation_id="elections_return"
)
def election_return(request: HttpRequest, election_id: int, wanted: ElectionReasonRequest) -> Any:
    actor = actor_of(request)
    return_result(election=_seen(actor, election_id), reason=wanted.reason, actor=actor, at=timezone.now())
    return _whole(actor, election_id)


@router.post(
    "/elections/{election_id}/file",
    response=ElectionAnswer,
    summary="结果备案，任职生效",
    operation_id="elections_file",
)
def election_file(request: HttpRequest, election_id: int, wanted: ReferenceRequest) -> Any:
    actor = actor_of(request)
    file_result(election=_seen(actor, election_id), filing_ref=wanted.reference, actor=actor, at=timezone.now())
    return _whole(actor, election_id)


@router.post(
    "/elections/{election_id}/cancel", response=ElectionAnswer, summary="取消选举", operation_id="elections_cancel"
)
def election_cancel(request: HttpRequest, election_id: int, wanted: ElectionReasonRequest) -> Any:
    actor = actor_of(request)
    cancel_election(election=_seen(actor, election_id), reason=wanted.reason, actor=actor, at=timezone.now())
    return _whole(actor, election_id)


@router.get("/elections/{election_id}/request", summary="候选人请示，公文", operation_id="elections_request_paper")
def election_request_paper(request: HttpRequest, election_id: int, form: PaperForm = PaperForm.PDF) -> HttpResponse:
    election = _seen(actor_of(request), election_id)
    return paper_answer(request, request_document(election, issued_on=timezone.localdate()), form, source=election)


@router.get("/elections/{election_id}/result", summary="选举结果报告，公文", operation_id="elections_result_paper")
def election_result_paper(request: HttpRequest, election_id: int, form: PaperForm = PaperForm.PDF) -> HttpResponse:
    election = _seen(actor_of(request), election_id)
    return paper_answer(request, report_document(election, issued_on=timezone.localdate()), form, source=election)


def _seen(actor: Person, election_id: int) -> Election:
    return get_object_or_404(elections_seen_by(actor, timezone.now()), pk=election_id)


def _contest(actor: Person, contest_id: int) -> Contest:
    """Return the contest for whoever prepares its election; for everybody else it is not there."""
    contest = get_object_or_404(Contest.objects.select_related("election__body"), pk=contest_id)
    if not RUN_ELECTION.allows(actor, contest.election, at=timezone.now()):
        raise NotFound
    return contest


def _totals(wanted: BallotRequest) -> dict[str, Any]:
    names = ("present", "issued", "returned", "valid", "invalid", "others")
    votes = {row.candidate: (row.votes_for, row.votes_against, row.votes_abstained) for row in wanted.votes}
    return {**{name: getattr(wanted, name) for name in names}, "votes": votes}


def _term(term: Term) -> dict[str, Any]:
    return {
        "id": term.pk, "body": named(term.body), "number": term.number, "started_on": term.started_on,
        "regular_end": term.regular_end, "ends_on": term.ends_on, "ended_on": term.ended_on,
        "approval_ref": term.approval_ref,
    }  # fmt: skip


def _state(state: TermState) -> dict[str, Any]:
    if state.term is not None:
        state.term.body = state.body
    return {
        "body": named(state.body), "due": state.due, "days_left": state.days_left,
        "term": _term(state.term) if state.term else None, "election": state.election.pk if state.election else None,
    }  # fmt: skip


def _check(check: Check) -> dict[str, Any]:
    return {
        "rule": check.rule, "have": check.have, "need": check.need, "base": check.base, "is_met": check.is_met,
        "sentence": str(check),
    }  # fmt: skip


def _row(election: Election) -> dict[str, Any]:
    return {
        "id": election.pk, "body": named(election.body), "kind": election.kind, "state": election.state,
        "planned_on": election.planned_on, "held_on": election.held_on,
    }  # fmt: skip


def _whole(actor: Person, election_id: int) -> dict[str, Any]:
    election = _seen(actor, election_id)
    names = ("assembly", "approval_ref", "reported_at", "returned_reason", "filing_ref", "filed_at", "cancelled_reason")
    return {
        **_row(election),
        **{name: getattr(election, name) for name in names},
        "contests": [_contest_answer(view) for view in contests_of(election)],
    }


def _contest_answer(view: ContestView) -> dict[str, Any]:
    won = {one.pk for one in view.elected}
    return {
        "id": view.contest.pk, "role": view.contest.role, "seats": view.contest.seats,
        "electorate": view.contest.electorate, "open_seats": view.open_seats, "next_round": view.next_round,
        "candidates": [
            {"id": one.pk, "person": named(one.person), "stage": one.stage, "duty": one.duty, "is_elected": one.pk in won}
            for one in view.candidates
        ],
        "rounds": [
            {**{name: getattr(one.round, name) for name in RoundAnswer.model_fields if name != "counts"},
             "counts": [{"candidate": count.candidate_id, **{name: getattr(count, name) for name in COUNTED}}
                        for count in one.counts]}
            for one in view.rounds
        ],
    }  # fmt: skip


COUNTED = ("votes_for", "votes_against", "votes_abstained", "is_elected", "is_tied")
