"""Terms are set, the challenge is published, teams bid until the day, and bidding is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.challenges.calc.scoring import fits_weights
from ronghe.domain.challenges.enums import BID_FLOW, BidState, Criterion
from ronghe.domain.challenges.facts import BID_MADE, BID_WITHDRAWN
from ronghe.domain.challenges.models import DEFAULT_WEIGHTS, Bid, BidMember, ChallengeTerms
from ronghe.domain.challenges.rules import BID, CHALLENGE, POST
from ronghe.domain.challenges.selectors import home_of, terms_of
from ronghe.domain.challenges.services.telling import tell
from ronghe.domain.items.enums import Visibility
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class TermsMissing(DomainError):
    code = "challenge_terms_missing"
    sentence = N_("发榜前请先定条件：揭榜截止时间、奖励、验收标准。")
    status = 422


class AcceptanceMissing(DomainError):
    code = "challenge_acceptance_missing"
    sentence = N_("请写明验收标准，好让揭榜的人知道怎样算成。")
    status = 422


class WeightsUnfit(DomainError):
    code = "challenge_weights_unfit"
    sentence = N_("各项评分权重不能小于 0，合计要是 100。")
    status = 422


class RewardNegative(DomainError):
    code = "challenge_reward_negative"
    sentence = N_("奖励金额不能小于 0。")
    status = 422


class DayPast(DomainError):
    code = "challenge_day_past"
    sentence = N_("揭榜截止时间已经过去，请另定时间。")
    status = 422


class TermsFixed(DomainError):
    code = "challenge_terms_fixed"
    sentence = N_("榜已发出，条件不能再改。要改请撤榜后重新发。")


class BiddingOver(DomainError):
    code = "challenge_bidding_over"
    sentence = N_("揭榜已于 %(until)s 截止。")


class BiddingStillOpen(DomainError):
    code = "challenge_bidding_open"
    sentence = N_("揭榜到 %(until)s 才截止，之前不能评榜。")


class NoBids(DomainError):
    code = "challenge_no_bids"
    sentence = N_("还没有人揭榜，不能评榜。可以撤榜，或者改条件后重新发榜。")


class AlreadyBid(DomainError):
    code = "challenge_already_bid"
    sentence = N_("您已揭过这道榜。要改方案，先撤回再揭。")


class BidIncomplete(DomainError):
    code = "challenge_bid_incomplete"
    sentence = N_("请写明方案，时间至少 1 天，费用不小于 0。")
    status = 422


class PosterBids(DomainError):
    code = "challenge_poster_bids"
    sentence = N_("%(name)s是提榜的人，不能在揭榜的队伍里。")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered and wanted. `weights` in percent, by criterion."""

    bids_until: datetime
    reward: Decimal
    acceptance: str
    reward_text: str = ""
    tolerance: str = ""
    weights: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))


@dataclass(frozen=True, slots=True)
class Offer:
    """A bid: plan, working time in days, cost in yuan, and the team besides its leader."""

    plan: str
    days: int
    cost: Decimal
    team: Sequence[Person] = ()


@transaction.atomic
def set_terms(*, item: WorkItem, terms: Terms, actor: Person, at: datetime) -> ChallengeTerms:
    """Set the terms of a challenge that is not published.

    :raises TermsFixed: it is
    :raises DayPast, RewardNegative, AcceptanceMissing, WeightsUnfit: what is set does not fit
    """
    POST.require(actor, item, at=at)
    if item.state != "proposed":
        raise TermsFixed
    if terms.bids_until <= at:
        raise DayPast
    if terms.reward < 0:
        raise RewardNegative
    if not terms.acceptance.strip():
        raise AcceptanceMissing
    weights = {criterion.value: int(terms.weights.get(criterion.value, 0)) for criterion in Criterion}
    if not fits_weights(weights):
        raise WeightsUnfit
    given = {
        "bids_until": terms.bids_until, "reward": terms.reward, "reward_text": terms.reward_text.strip(),
        "acceptance": terms.acceptance.strip(), "tolerance": terms.tolerance.strip(), "weights": weights,
    }  # fmt: skip
    row, _is_new = ChallengeTerms.objects.update_or_create(item=item, defaults=given)
    return row


@transaction.atomic
def publish(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Post the challenge to everybody.

    :raises TermsMissing: no terms were set
    :raises DayPast: the day until which bids are taken is over
    """
    POST.require(actor, item, at=at)
    terms = terms_of(item)
    if terms is None:
        raise TermsMissing
    if terms.bids_until <= at:
        raise DayPast
    go(item=item, spec=CHALLENGE.step_by_id["publish"], actor=actor, at=at)
    WorkItem.objects.filter(pk=item.pk).update(visibility=Visibility.EVERYONE, due_at=terms.bids_until)
    item.visibility, item.due_at = Visibility.EVERYONE, terms.bids_until
    return item


@transaction.atomic
def make_bid(*, item: WorkItem, offer: Offer, actor: Person, at: datetime) -> Bid:
    """Bid for a published challenge, leading a team.

    :raises StepNotAllowed: it is not open to bids
    :raises BiddingOver: its day is over
    :raises AlreadyBid: the actor leads a bid for it already
    :raises PosterBids: who raised the challenge is in the team
    :raises BidIncomplete: no plan, no time, or a negative cost
    """
    if item.state != "published":
        raise StepNotAllowed(state=CHALLENGE.state_by_id[item.state].title)
    team = [person for person in dict.fromkeys(offer.team) if person.pk != actor.pk]
    for person in (actor, *team):
        if person.pk == item.raised_by_id:
            raise PosterBids(name=person.name)
    BID.require(actor, item, at=at)
    terms = terms_of(item)
    if terms is None or at > terms.bids_until:
        raise BiddingOver(until=f"{local_day(terms.bids_until if terms is not None else at)}")
    if not offer.plan.strip() or offer.days < 1 or offer.cost < 0:
        raise BidIncomplete
    try:
        with transaction.atomic():
            bid = Bid.objects.create(
                item=item, leader=actor, body=home_of(actor, local_day(at)), plan=offer.plan.strip(), days=offer.days,
                cost=offer.cost, made_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyBid from error
    BidMember.objects.bulk_create(BidMember(bid=bid, person=person) for person in team)
    tell(item, BID_MADE, actor, at, about=actor, people=len(team) + 1, days=offer.days)
    return bid


@transaction.atomic
def withdraw_bid(*, bid: Bid, actor: Person, at: datetime) -> Bid:
    """Take a bid back while bids are taken; its leader does."""
    if bid.leader_id != actor.pk:
        raise NotAllowed
    if bid.item.state != "published":
        raise BiddingOver(until=f"{local_day(at)}")
    BID_FLOW.advance(bid, "withdraw")
    tell(bid.item, BID_WITHDRAWN, actor, at, about=actor)
    return bid


@transaction.atomic
def close_bidding(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Close bidding once its day is over: the panel judges.

    :raises BiddingStillOpen: the day is to come
    :raises NoBids: nobody has bid
    """
    POST.require(actor, item, at=at)
    terms = terms_of(item)
    if item.state == "published" and terms is not None and at <= terms.bids_until:
        raise BiddingStillOpen(until=f"{local_day(terms.bids_until)}")
    if item.state == "published" and not item.bids.filter(state=BidState.SUBMITTED).exists():
        raise NoBids
    return go(item=item, spec=CHALLENGE.step_by_id["judge"], actor=actor, at=at)
