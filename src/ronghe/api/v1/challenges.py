"""揭榜挂帅: what a challenge has besides its item (`/work/items`): terms, bids, panel, milestones, rewards."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, UploadedFile

from ronghe.api.acting import actor_of
from ronghe.api.v1.shapes import Named, named
from ronghe.domain.challenges.enums import BidState, Finding
from ronghe.domain.challenges.models import Bid, Milestone, Panelist
from ronghe.domain.challenges.rules import CHALLENGE
from ronghe.domain.challenges.selectors import view_of
from ronghe.domain.challenges.services.carrying_out import (
    MilestoneText,
    check_milestone,
    find_failed,
    hand_in,
    pay,
    reach_milestone,
    settle,
    sign_pledge,
)
from ronghe.domain.challenges.services.judging import (
    declare_interest,
    name_panel,
    post_again,
    score_bid,
    select_bid,
)
from ronghe.domain.challenges.services.posting import (
    Offer,
    Terms,
    close_bidding,
    make_bid,
    publish,
    set_terms,
    withdraw_bid,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_seen_by
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.people import people_seen_by
from ronghe.domain.work.services.files import Upload

router = Router(tags=["challenges"])


class ChallengeTermsShape(Schema):
    bids_until: datetime
    reward: Decimal = Field(ge=0, max_digits=14, decimal_places=2, description="元")
    reward_text: str = Field(default="", max_length=400)
    acceptance: str = Field(max_length=1000)
    tolerance: str = Field(default="", max_length=400)
    weights: dict[str, int] = Field(description="plan、ability、time、price 各占百分之几，合计 100")


class ChallengeBidShape(Schema):
    id: int
    leader: Named
    team: list[Named]
    plan: str
    days: int
    cost: Decimal
    state: BidState
    score: Decimal | None
    rank: int | None


class ChallengeMilestoneShape(Schema):
    id: int
    number: int
    title: str
    due_on: date
    share: int
    reached_at: datetime | None
    checked_at: datetime | None


class ChallengePayoutShape(Schema):
    amount: Decimal
    paid_on: date
    note: str


class ChallengeAnswer(Schema):
    item: int
    state: str
    terms: ChallengeTermsShape | None
    bids_made: int
    bids: list[ChallengeBidShape] = Field(description="截止前只有自己的")
    panel: list[Named]
    milestones: list[ChallengeMilestoneShape]
    payouts: list[ChallengePayoutShape]
    paid: Decimal
    left_to_pay: Decimal
    finding: Finding | None


class ChallengeBidRequest(Schema):
    plan: str = Field(max_length=2000)
    days: int = Field(ge=1, le=3000)
    cost: Decimal = Field(ge=0, max_digits=14, decimal_places=2)
    team: list[int] = []


class ChallengePanelRequest(Schema):
    people: list[int]


class ChallengeInterestsRequest(Schema):
    interests: dict[int, str] = Field(default={}, description="揭榜编号 → 什么关系；没有关系的不写")


class ChallengePointsRequest(Schema):
    points: dict[str, int]
    comment: str = Field(default="", max_length=200)


class ChallengeSelectRequest(Schema):
    reason: str = Field(default="", max_length=400)


class ChallengeRepostRequest(Schema):
    until: datetime
    reason: str = Field(max_length=400)


class ChallengeMilestoneRequest(Schema):
    title: str = Field(max_length=120)
    due_on: date
    share: int = Field(ge=0, le=100)


class ChallengePledgeRequest(Schema):
    milestones: list[ChallengeMilestoneRequest]


class ChallengeReachRequest(Schema):
    note: str = Field(max_length=400)


class ChallengeCheckRequest(Schema):
    is_reached: bool


class ChallengePayRequest(Schema):
    amount: Decimal = Field(max_digits=14, decimal_places=2)
    paid_on: date
    note: str = Field(default="", max_length=200)


class ChallengeFailRequest(Schema):
    finding: Finding
    reasons: str = Field(max_length=1000)
    learnt: str = Field(default="", max_length=1000)


@router.get("/{item_id}", response=ChallengeAnswer, summary="一道榜题", operation_id="challenges_show")
def show(request: HttpRequest, item_id: int) -> Any:
    return _answer(request, _seen(request, item_id))


@router.put("/{item_id}/terms", response=ChallengeAnswer, summary="定条件", operation_id="challenges_terms")
def terms(request: HttpRequest, item_id: int, wanted: ChallengeTermsShape) -> Any:
    item = _seen(request, item_id)
    set_terms(item=item, terms=Terms(**wanted.dict()), actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/publish", response=ChallengeAnswer, summary="发榜", operation_id="challenges_publish")
def post(request: HttpRequest, item_id: int) -> Any:
    item = _seen(request, item_id)
    publish(item=item, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/bids", response=ChallengeAnswer, summary="揭榜", operation_id="challenges_bid")
def bid(request: HttpRequest, item_id: int, wanted: ChallengeBidRequest) -> Any:
    item, actor = _seen(request, item_id), actor_of(request)
    offer = Offer(wanted.plan, wanted.days, wanted.cost, _people(actor, wanted.team))
    make_bid(item=item, offer=offer, actor=actor, at=timezone.now())
    return _answer(request, item)


@router.delete(
    "/{item_id}/bids/{bid_id}", response=ChallengeAnswer, summary="撤回揭榜", operation_id="challenges_bid_withdraw"
)
def bid_back(request: HttpRequest, item_id: int, bid_id: int) -> Any:
    item, actor = _seen(request, item_id), actor_of(request)
    own = get_object_or_404(Bid.objects.select_related("item"), pk=bid_id, item=item, leader=actor)
    withdraw_bid(bid=own, actor=actor, at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/judge", response=ChallengeAnswer, summary="开始评榜", operation_id="challenges_judge")
def judge(request: HttpRequest, item_id: int) -> Any:
    item = _seen(request, item_id)
    close_bidding(item=item, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.put("/{item_id}/panel", response=ChallengeAnswer, summary="定评榜组", operation_id="challenges_panel")
def panel(request: HttpRequest, item_id: int, wanted: ChallengePanelRequest) -> Any:
    item, actor = _seen(request, item_id), actor_of(request)
    name_panel(item=item, people=_people(actor, wanted.people), actor=actor, at=timezone.now())
    return _answer(request, item)


@router.post(
    "/{item_id}/interests", response=ChallengeAnswer, summary="申报利益关系", operation_id="challenges_interests"
)
def interests(request: HttpRequest, item_id: int, wanted: ChallengeInterestsRequest) -> Any:
    item, actor = _seen(request, item_id), actor_of(request)
    rows = {row.pk: row for row in item.bids.filter(pk__in=wanted.interests)}
    found = {rows[pk]: note[:120] for pk, note in wanted.interests.items() if pk in rows}
    declare_interest(panelist=_mine(item, actor), interests=found, actor=actor, at=timezone.now())
    return _answer(request, item)


@router.post(
    "/{item_id}/bids/{bid_id}/score", response=ChallengeAnswer, summary="打分", operation_id="challenges_score"
)
def score(request: HttpRequest, item_id: int, bid_id: int, wanted: ChallengePointsRequest) -> Any:
    item, actor = _seen(request, item_id), actor_of(request)
    score_bid(
        panelist=_mine(item, actor), bid=_bid_of(item, bid_id), points=wanted.points, comment=wanted.comment,
        actor=actor, at=timezone.now(),
    )  # fmt: skip
    return _answer(request, item)


@router.post(
    "/{item_id}/bids/{bid_id}/select", response=ChallengeAnswer, summary="定榜", operation_id="challenges_select"
)
def select(request: HttpRequest, item_id: int, bid_id: int, wanted: ChallengeSelectRequest) -> Any:
    item = _seen(request, item_id)
    chosen = _bid_of(item, bid_id)
    select_bid(item=item, bid=chosen, actor=actor_of(request), at=timezone.now(), reason=wanted.reason)
    return _answer(request, item)


@router.post("/{item_id}/repost", response=ChallengeAnswer, summary="重新发榜", operation_id="challenges_repost")
def repost(request: HttpRequest, item_id: int, wanted: ChallengeRepostRequest) -> Any:
    item = _seen(request, item_id)
    post_again(item=item, until=wanted.until, reason=wanted.reason, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/pledge", response=ChallengeAnswer, summary="签军令状", operation_id="challenges_pledge")
def pledge(request: HttpRequest, item_id: int, wanted: ChallengePledgeRequest) -> Any:
    item = _seen(request, item_id)
    lines = [MilestoneText(one.title, one.due_on, one.share) for one in wanted.milestones]
    sign_pledge(item=item, milestones=lines, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post(
    "/{item_id}/milestones/{milestone_id}/reach", response=ChallengeAnswer, summary="报完成",
    operation_id="challenges_milestone_reach",
)  # fmt: skip
def reach(request: HttpRequest, item_id: int, milestone_id: int, wanted: ChallengeReachRequest) -> Any:
    item = _seen(request, item_id)
    milestone = _milestone(item, milestone_id)
    reach_milestone(milestone=milestone, note=wanted.note, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post(
    "/{item_id}/milestones/{milestone_id}/check", response=ChallengeAnswer, summary="核验",
    operation_id="challenges_milestone_check",
)  # fmt: skip
def check(request: HttpRequest, item_id: int, milestone_id: int, wanted: ChallengeCheckRequest) -> Any:
    item = _seen(request, item_id)
    milestone = _milestone(item, milestone_id)
    check_milestone(milestone=milestone, is_reached=wanted.is_reached, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/hand-in", response=ChallengeAnswer, summary="交验", operation_id="challenges_hand_in")
def handed_in(
    request: HttpRequest, item_id: int, photo: File[list[UploadedFile]], note: Annotated[str, Form(max_length=1000)]
) -> Any:
    item = _seen(request, item_id)
    uploads = [Upload(file.name or "", file) for file in photo]
    hand_in(item=item, note=note, uploads=uploads, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/payouts", response=ChallengeAnswer, summary="记兑现", operation_id="challenges_pay")
def payout(request: HttpRequest, item_id: int, wanted: ChallengePayRequest) -> Any:
    item = _seen(request, item_id)
    pay(item=item, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return _answer(request, item)


@router.post("/{item_id}/settle", response=ChallengeAnswer, summary="兑现完毕", operation_id="challenges_settle")
def settled(request: HttpRequest, item_id: int) -> Any:
    item = _seen(request, item_id)
    settle(item=item, actor=actor_of(request), at=timezone.now())
    return _answer(request, item)


@router.post("/{item_id}/fail", response=ChallengeAnswer, summary="认定未成", operation_id="challenges_fail")
def fail(request: HttpRequest, item_id: int, wanted: ChallengeFailRequest) -> Any:
    item = _seen(request, item_id)
    find_failed(item=item, actor=actor_of(request), at=timezone.now(), **wanted.dict())
    return _answer(request, item)


def _seen(request: HttpRequest, item_id: int) -> WorkItem:
    rows = items_seen_by(actor_of(request), timezone.now()).filter(kind=CHALLENGE.id)
    item: WorkItem = get_object_or_404(rows, pk=item_id)
    return item


def _people(actor: Person, wanted: list[int]) -> list[Person]:
    seen = people_seen_by(actor, timezone.now()).filter(valid_until=None, pk__in=wanted[:100])
    return list(Person.objects.filter(pk__in=seen.values("pk")).order_by("pk"))


def _mine(item: WorkItem, actor: Person) -> Panelist:
    row: Panelist = get_object_or_404(Panelist.objects.select_related("item", "person"), item=item, person=actor)
    return row


def _bid_of(item: WorkItem, bid_id: int) -> Bid:
    row: Bid = get_object_or_404(Bid.objects.select_related("leader", "item"), pk=bid_id, item=item)
    return row


def _milestone(item: WorkItem, milestone_id: int) -> Milestone:
    row: Milestone = get_object_or_404(Milestone.objects.select_related("item__owner"), pk=milestone_id, item=item)
    return row


def _answer(request: HttpRequest, item: WorkItem) -> dict[str, Any]:
    view = view_of(item, actor_of(request), timezone.now())
    return {
        "item": item.pk,
        "state": item.state,
        "terms": view.terms,
        "bids_made": view.bids_made,
        "bids": [
            {"id": one.bid.pk, "leader": named(one.bid.leader), "team": [named(person) for person in one.people[1:]],
             "plan": one.bid.plan, "days": one.bid.days, "cost": one.bid.cost, "state": one.bid.state,
             "score": one.standing.score if one.standing else None, "rank": one.standing.rank if one.standing else None}
            for one in view.bids
        ],
        "panel": [named(row.person) for row in view.panel],
        "milestones": view.milestones,
        "payouts": view.payouts,
        "paid": view.paid,
        "left_to_pay": view.left_to_pay,
        "finding": view.failure.finding if view.failure else None,
    }  # fmt: skip
