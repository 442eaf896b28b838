"""One challenge with its bids, panel, milestones and payments, as far as the reader may see them; and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from ronghe.domain.challenges.calc.scoring import Standing, standings
from ronghe.domain.challenges.enums import BidState
from ronghe.domain.challenges.models import (
    Bid,
    ChallengeTerms,
    FailureFinding,
    Milestone,
    Panelist,
    Payout,
)
from ronghe.domain.challenges.rules import POST
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.enums import MembershipKind
from ronghe.domain.org.models import Membership, PartyOrg, Person
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class BidView:
    """A bid with its team; its standing only for those who decide, and for everybody once it is decided."""

    bid: Bid
    people: list[Person]
    standing: Standing | None
    is_own: bool
    conflicts: list[str]


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """A challenge as one reader sees it. While bids come in, nobody sees another's bid."""

    item: WorkItem
    terms: ChallengeTerms | None
    bids: list[BidView]
    bids_made: int
    panel: list[Panelist]
    mine: Panelist | None
    milestones: list[Milestone]
    payouts: list[Payout]
    paid: Decimal
    failure: FailureFinding | None
    decides: bool

    @property
    def left_to_pay(self) -> Decimal:
        return self.terms.reward - self.paid if self.terms is not None else Decimal(0)

    @property
    def all_checked(self) -> bool:
        return all(milestone.checked_at is not None for milestone in self.milestones)


def view_of(item: WorkItem, actor: Person, at: datetime) -> ChallengeView:
    """Return a challenge as `actor` sees it; nine statements whatever the number of bids."""
    decides = POST.allows(actor, item, at=at)
    panel = list(item.panel.select_related("person").order_by("named_at", "pk"))
    mine = next((row for row in panel if row.person_id == actor.pk), None)
    payouts = list(item.payouts.select_related("by").order_by("paid_on", "pk"))
    made = bids_of(item)
    return ChallengeView(
        item=item,
        terms=terms_of(item),
        bids=_bids(item, made, actor, decides=decides, scores=mine is not None),
        bids_made=len(made),
        panel=panel if decides or mine is not None or item.is_closed else [],
        mine=mine,
        milestones=list(item.milestones.select_related("checked_by").order_by("number")),
        payouts=payouts,
        paid=sum((row.amount for row in payouts), Decimal(0)),
        failure=FailureFinding.objects.filter(item=item).select_related("by").first(),
        decides=decides,
    )


def terms_of(item: WorkItem) -> ChallengeTerms | None:
    return ChallengeTerms.objects.filter(item=item).first()


def bids_of(item: WorkItem) -> list[Bid]:
    """Return the bids that stand, in the order in which they came."""
    rows = Bid.objects.filter(item=item).exclude(state=BidState.WITHDRAWN)
    return list(rows.select_related("leader", "body").prefetch_related("members__person").order_by("made_at", "pk"))


def standings_of(item: WorkItem, bids: Sequence[Bid]) -> dict[int, Standing]:
    """Return what the panel's scores come to, by bid."""
    terms = terms_of(item)
    if terms is None:
        return {}
    scores: dict[int, list[dict[str, int]]] = {bid.pk: [] for bid in bids}
    rows = item.bids.filter(scores__isnull=False).values_list("pk", "scores__points")
    for bid, points in rows:
        scores.setdefault(bid, []).append(points)
    return {standing.bid: standing for standing in standings(scores, terms.weights)}


def bids_to_score(panelist: Panelist) -> QuerySet[Bid]:
    """Return the bids that a panelist has still to score: those without an interest."""
    rows = Bid.objects.filter(item=panelist.item_id, state=BidState.SUBMITTED)
    return rows.exclude(conflicts__panelist=panelist).exclude(scores__panelist=panelist).order_by("made_at", "pk")


def challenges_to_score(actor: Person, at: datetime) -> QuerySet[WorkItem]:  # noqa: ARG001 - as every inbox is asked
    """Return the challenges on whose panel `actor` sits and has not finished: an interest to declare, bids to score."""
    rows = Panelist.objects.filter(person=actor, item__state="judging")
    open_bids = Bid.objects.filter(state=BidState.SUBMITTED, item__panel__in=rows)
    unscored = open_bids.exclude(scores__panelist__person=actor).exclude(conflicts__panelist__person=actor)
    waiting = Q(pk__in=rows.filter(declared_at=None).order_by().values("item_id"))
    waiting |= Q(pk__in=unscored.order_by().values("item_id"))
    return WorkItem.objects.filter(waiting).order_by("since", "pk")


def home_of(person: Person, day: date) -> PartyOrg | None:
    row = Membership.objects.filter(on_day(day), person=person, kind=MembershipKind.HOME).select_related("body").first()
    return row.body if row is not None else None


def paid_of(item: WorkItem) -> Decimal:
    return item.payouts.aggregate(paid=Sum("amount"))["paid"] or Decimal(0)


def _bids(item: WorkItem, made: Sequence[Bid], actor: Person, *, decides: bool, scores: bool) -> list[BidView]:
    is_decided = item.state not in ("proposed", "published", "judging")
    own = {bid.pk for bid in made if actor.pk in {bid.leader_id, *(row.person_id for row in bid.members.all())}}
    found = standings_of(item, made) if decides or is_decided else {}
    shown = []
    for bid in made:
        opened = item.state != "published" and (decides or scores or is_decided)
        if bid.pk in own or opened:
            people = [bid.leader, *(row.person for row in bid.members.all())]
            notes = [row.note for row in bid.conflicts.all()] if decides else []
            shown.append(BidView(bid, people, found.get(bid.pk), bid.pk in own, notes))
    return sorted(shown, key=lambda view: (view.standing is None, view.standing.rank or 99 if view.standing else 99))
