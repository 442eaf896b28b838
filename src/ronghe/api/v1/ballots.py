"""无记名投票: who has voted is known, what anybody voted is not; no answer says what was chosen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import PAGE_SIZE, Named, Page, listed_answer, named
from ronghe.domain.ballots.enums import BallotState, VoterWay
from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.rules import CHECK_PAPERS, RUN_BALLOT
from ronghe.domain.ballots.selectors import (
    ballots_seen_by,
    items_of,
    list_ballots,
    progress_of,
    result_of,
    voters_on,
    waiting_for,
)
from ronghe.domain.ballots.services.ballots import cast_votes, close_ballot, open_ballot, void_ballot
from ronghe.domain.ballots.services.papers import check_papers, hand_papers, papers_told, take_back_paper, tell_papers
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import bodies_seen_by, people_seen_by
from ronghe.domain.org.selectors.voting import voters_of
from ronghe.domain.playbooks.selectors.adoptions import key_of
from ronghe.kernel.errors import NotAllowed, NotFound

router = Router(tags=["ballots"])


class BallotRow(Schema):
    id: int
    title: str
    body: Named | None
    state: BallotState = Field(description="open 正在投票；closed 已计票；voided 已作废")
    choices: list[str]
    opened_by: Named
    opened_at: datetime
    closed_at: datetime | None


class BallotLine(Schema):
    number: int
    title: str
    counts: list[int] | None = Field(description="按选项的顺序；没有计票或投票人太少时没有")


class BallotVoterRow(Schema):
    person: Named
    way: VoterWay = Field(description="waiting 未投；phone 手机投票；paper 纸票")


class BallotAnswer(BallotRow):
    items: list[BallotLine]
    voters: int
    cast: int
    papers: int
    is_hidden: bool = Field(description="投票的人太少，结果不公布，也没有保存")
    waits_for_me: bool
    names: list[BallotVoterRow] = Field(description="名单，只有发起人看得到")


class BallotOpenRequest(Schema):
    body: int
    title: str = Field(max_length=120)
    items: list[str] = Field(min_length=1, max_length=60)
    choices: list[str] = Field(default=["赞成", "反对", "弃权"], min_length=2, max_length=6)
    voters: list[int] = Field(default_factory=list, max_length=2000, description="不填为有表决权的正式党员")
    least_shown: int | None = Field(None, ge=3, le=1000, description="票数少于它不公布，也不保存；不填按范本的参数")


class BallotVotesRequest(Schema):
    votes: dict[int, int] = Field(description="事项序号对选项序号，都从 1 起，每项都要选")


class BallotPeopleRequest(Schema):
    people: list[int] = Field(min_length=1, max_length=2000)


class BallotPapersTold(Schema):
    counts: list[list[int]] = Field(description="每个事项各选项的张数，按事项的先后")


class BallotPapersRequest(Schema):
    counts: dict[int, list[int]] = Field(description="事项序号对各选项的纸票张数")


class BallotReasonRequest(Schema):
    reason: str = Field(max_length=120)


@router.get("", response=Page[BallotRow], summary="投票清单", operation_id="ballots_list")
def ballot_list(
    request: HttpRequest, state: BallotState | None = None, mine: bool = False, page: int = Query(1, ge=1)
) -> Any:
    actor, now = actor_of(request), timezone.now()
    found = Q() if state is None else Q(state=state)
    if mine:
        found &= Q(pk__in=waiting_for(actor).order_by().values("ballot_id"))
    return listed_answer(list_ballots(actor, now, filters=found, page=page, size=PAGE_SIZE), _row)


@router.post("", response={201: BallotAnswer}, summary="发起投票", operation_id="ballots_open")
def ballot_open(request: HttpRequest, wanted: BallotOpenRequest) -> Status[Any]:
    actor, now = actor_of(request), timezone.now()
    body = get_object_or_404(bodies_seen_by(actor, now), pk=wanted.body)
    voters: Any = voters_of(body, timezone.localdate(now))
    if wanted.voters:
        voters = [get_object_or_404(people_seen_by(actor, now), pk=key) for key in wanted.voters]
    ballot = open_ballot(
        title=wanted.title, items=wanted.items, choices=wanted.choices, voters=voters, body=body, actor=actor, at=now,
        least_shown=wanted.least_shown or key_of("ballot_least_shown", body, timezone.localdate(now)),
    )  # fmt: skip
    return Status(201, _whole(ballot, actor, now))


@router.get("/{ballot_id}", response=BallotAnswer, summary="一次投票", operation_id="ballots_detail")
def ballot_detail(request: HttpRequest, ballot_id: int) -> Any:
    actor = actor_of(request)
    return _whole(_seen(actor, ballot_id), actor, timezone.now())


@router.post("/{ballot_id}/vote", response={204: None}, summary="投票", operation_id="ballots_vote")
def ballot_vote(request: HttpRequest, ballot_id: int, wanted: BallotVotesRequest) -> Status[None]:
    """本人投票，一人一票，投出后不能更改，也没有回执。"""
    actor = actor_of(request)
    cast_votes(ballot=_seen(actor, ballot_id), votes=wanted.votes, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/{ballot_id}/close", response=BallotAnswer, summary="结束投票并计票", operation_id="ballots_close")
def ballot_close(request: HttpRequest, ballot_id: int) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(close_ballot(ballot=_seen(actor, ballot_id), actor=actor, at=now), actor, now)


@router.post("/{ballot_id}/void", response=BallotAnswer, summary="作废投票", operation_id="ballots_void")
def ballot_void(request: HttpRequest, ballot_id: int, wanted: BallotReasonRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    return _whole(void_ballot(ballot=_seen(actor, ballot_id), reason=wanted.reason, actor=actor, at=now), actor, now)


@router.post("/{ballot_id}/papers/hand", response=BallotAnswer, summary="发纸票", operation_id="ballots_hand_papers")
def papers_hand(request: HttpRequest, ballot_id: int, wanted: BallotPeopleRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    ballot = _seen(actor, ballot_id)
    hand_papers(ballot=ballot, voters=_people(ballot, wanted.people), actor=actor, at=now)
    return _whole(ballot, actor, now)


@router.post(
    "/{ballot_id}/papers/back", response=BallotAnswer, summary="收回纸票", operation_id="ballots_take_back_papers"
)
def papers_back(request: HttpRequest, ballot_id: int, wanted: BallotPeopleRequest) -> Any:
    actor, now = actor_of(request), timezone.now()
    ballot = _seen(actor, ballot_id)
    for person in _people(ballot, wanted.people):
        take_back_paper(ballot=ballot, voter=person, actor=actor, at=now)
    return _whole(ballot, actor, now)


@router.get(
    "/{ballot_id}/papers", response=BallotPapersTold, summary="录入的纸票，复核时看", operation_id="ballots_papers"
)
def papers_shown(request: HttpRequest, ballot_id: int) -> Any:
    """只给办理表决的人和复核的人，计票以前。"""
    actor, now = actor_of(request), timezone.now()
    ballot = _seen(actor, ballot_id)
    if not (RUN_BALLOT.allows(actor, ballot, at=now) or CHECK_PAPERS.allows(actor, ballot, at=now)):
        raise NotAllowed
    told = papers_told(ballot) if ballot.state == BallotState.OPEN else None
    if told is None:
        raise NotFound
    return {"counts": [list(line) for line in told]}


@router.post("/{ballot_id}/papers", response={204: None}, summary="录入纸票", operation_id="ballots_tell_papers")
def papers_tell(request: HttpRequest, ballot_id: int, wanted: BallotPapersRequest) -> Status[None]:
    actor = actor_of(request)
    tell_papers(ballot=_seen(actor, ballot_id), counts=wanted.counts, actor=actor, at=timezone.now())
    return Status(204, None)


@router.post("/{ballot_id}/papers/check", response={204: None}, summary="复核纸票", operation_id="ballots_check_papers")
def papers_check(request: HttpRequest, ballot_id: int) -> Status[None]:
    """由录入人以外的另一个人复核。"""
    actor = actor_of(request)
    check_papers(ballot=_seen(actor, ballot_id), actor=actor, at=timezone.now())
    return Status(204, None)


def _seen(actor: Person, ballot_id: int) -> Ballot:
    return get_object_or_404(ballots_seen_by(actor, timezone.now()), pk=ballot_id)


def _people(ballot: Ballot, keys: list[int]) -> list[Person]:
    listed = {row.person_id: row.person for row in voters_on(ballot)}
    return [listed[key] if key in listed else get_object_or_404(Person.objects.none()) for key in keys]


def _row(ballot: Ballot) -> dict[str, Any]:
    return {
        "id": ballot.pk, "title": ballot.title, "body": named(ballot.body), "state": ballot.state,
        "choices": ballot.choices, "opened_by": named(ballot.opened_by), "opened_at": ballot.opened_at,
        "closed_at": ballot.closed_at,
    }  # fmt: skip


def _whole(ballot: Ballot, actor: Person, now: datetime) -> dict[str, Any]:
    progress = progress_of(ballot)
    result = result_of(ballot) if ballot.state == BallotState.CLOSED else None
    counts = {item.number: list(item.counts) for item in result.items if not item.is_hidden} if result else {}
    names = voters_on(ballot) if RUN_BALLOT.allows(actor, ballot, at=now) else []
    return {
        **_row(ballot),
        "items": [
            {"number": item.number, "title": item.title, "counts": counts.get(item.number)} for item in items_of(ballot)
        ],
        "voters": progress.voters, "cast": progress.cast, "papers": progress.papers,
        "is_hidden": result is not None and result.is_hidden,
        "waits_for_me": waiting_for(actor).filter(ballot=ballot).exists(),
        "names": [{"person": named(row.person), "way": row.way} for row in names],
    }  # fmt: skip
