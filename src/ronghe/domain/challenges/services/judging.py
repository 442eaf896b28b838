"""The panel is named, says where it has an interest, scores; the poster selects one bid, the best unless there is a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.challenges.calc.scoring import TOP
from ronghe.domain.challenges.enums import BID_FLOW, BidState, Criterion
from ronghe.domain.challenges.facts import BID_SCORED, BID_SELECTED, CONFLICT_DECLARED, PANEL_NAMED
from ronghe.domain.challenges.models import Bid, BidScore, ConflictOfInterest, Panelist
from ronghe.domain.challenges.rules import CHALLENGE, POST
from ronghe.domain.challenges.selectors import bids_of, bids_to_score, standings_of
from ronghe.domain.challenges.services.posting import DayPast
from ronghe.domain.challenges.services.telling import tell
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, StepNoteMissing, go
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed

LEAST_PANEL = 3


class PanelTooSmall(DomainError):
    code = "challenge_panel_too_small"
    sentence = N_("评榜组至少 %(least)s 人。")
    status = 422


class PanelistBids(DomainError):
    code = "challenge_panelist_bids"
    sentence = N_("%(name)s在揭榜的队伍里，不能当评委。")


class PanelScoring(DomainError):
    code = "challenge_panel_scoring"
    sentence = N_("已经有人打分，评榜组不能再换。")


class NotDeclared(DomainError):
    code = "challenge_not_declared"
    sentence = N_("打分前请先申报与各揭榜方有没有利益关系。")


class AlreadyDeclared(DomainError):
    code = "challenge_already_declared"
    sentence = N_("您已申报过利益关系。")


class InConflict(DomainError):
    code = "challenge_in_conflict"
    sentence = N_("您申报了与这一方有利益关系，不给它打分。")


class AlreadyScored(DomainError):
    code = "challenge_already_scored"
    sentence = N_("您给这一方打过分了，不能再改。")


class PointsUnfit(DomainError):
    code = "challenge_points_unfit"
    sentence = N_("每一项都要打分，0 到 100 的整数。")
    status = 422


class ScoresMissing(DomainError):
    code = "challenge_scores_missing"
    sentence = N_("还有评委没有打完分：%(names)s。")


class ReasonForOther(DomainError):
    code = "challenge_reason_for_other"
    sentence = N_("选的不是得分最高的一方，请写明理由。")
    status = 422


@transaction.atomic
def name_panel(*, item: WorkItem, people: Sequence[Person], actor: Person, at: datetime) -> list[Panelist]:
    """Name who judges; named anew as long as nobody has scored.

    :raises PanelTooSmall: fewer than three
    :raises PanelistBids: one of them is in a bidding team
    :raises PanelScoring: somebody has scored
    """
    POST.require(actor, item, at=at)
    if item.state not in ("published", "judging"):
        raise StepNotAllowed(state=_(CHALLENGE.state_by_id[item.state].title))
    named = list(dict.fromkeys(people))
    if len(named) < LEAST_PANEL:
        raise PanelTooSmall(least=LEAST_PANEL)
    bidding = {pk for bid in bids_of(item) for pk in (bid.leader_id, *(row.person_id for row in bid.members.all()))}
    for person in named:
        if person.pk in bidding or person.pk == item.raised_by_id:
            raise PanelistBids(name=person.name)
    if BidScore.objects.filter(panelist__item=item).exists():
        raise PanelScoring
    kept = {row.person_id for row in item.panel.all()}
    gone = item.panel.exclude(person__in=named).filter(declared_at=None)
    if item.panel.exclude(person__in=named).exclude(declared_at=None).exists():
        raise PanelScoring
    gone.delete()
    Panelist.objects.bulk_create(
        Panelist(item=item, person=person, named_at=at) for person in named if person.pk not in kept
    )
    tell(item, PANEL_NAMED, actor, at, people=len(named))
    return list(item.panel.select_related("person").order_by("pk"))


@transaction.atomic
def declare_interest(*, panelist: Panelist, interests: Mapping[Bid, str], actor: Person, at: datetime) -> Panelist:
    """Say with which bids one has an interest, and with none of the others; said once.

    :raises NotAllowed: somebody else's place
    :raises AlreadyDeclared: it was said
    """
    if panelist.person_id != actor.pk:
        raise NotAllowed
    if panelist.item.state != "judging":
        raise StepNotAllowed(state=_(CHALLENGE.state_by_id[panelist.item.state].title))
    if not Panelist.objects.filter(pk=panelist.pk, declared_at=None).update(declared_at=at):
        raise AlreadyDeclared
    panelist.declared_at = at
    for bid, note in interests.items():
        if bid.item_id == panelist.item_id:
            ConflictOfInterest.objects.create(panelist=panelist, bid=bid, note=note.strip() or "—")
    tell(panelist.item, CONFLICT_DECLARED, actor, at, about=actor, conflicts=len(interests))
    return panelist


@transaction.atomic
def score_bid(
    *, panelist: Panelist, bid: Bid, points: Mapping[str, int], actor: Person, at: datetime, comment: str = ""
) -> BidScore:
    """Score a bid on every criterion, 0 to 100; once.

    :raises NotAllowed: somebody else's place
    :raises NotDeclared: interests were not declared
    :raises InConflict: there is one with this bid
    :raises PointsUnfit: a criterion is missing, or out of range
    :raises AlreadyScored: it was
    """
    if panelist.person_id != actor.pk or bid.item_id != panelist.item_id:
        raise NotAllowed
    if panelist.item.state != "judging":
        raise StepNotAllowed(state=_(CHALLENGE.state_by_id[panelist.item.state].title))
    if panelist.declared_at is None:
        raise NotDeclared
    if panelist.conflicts.filter(bid=bid).exists():
        raise InConflict
    given = {criterion.value: points.get(criterion.value) for criterion in Criterion}
    if any(not isinstance(value, int) or not 0 <= value <= TOP for value in given.values()):
        raise PointsUnfit
    try:
        with transaction.atomic():
            row = BidScore.objects.create(
                panelist=panelist, bid=bid, points=given, comment=comment.strip(), scored_at=at
            )
    except IntegrityError as error:
        raise AlreadyScored from error
    tell(panelist.item, BID_SCORED, actor, at, about=actor)
    return row


@transaction.atomic
def select_bid(*, item: WorkItem, bid: Bid, actor: Person, at: datetime, reason: str = "") -> Bid:
    """Select one bid: the others are passed over, its leader owns the challenge from now on.

    :raises ScoresMissing: panelists have not scored all they may
    :raises ReasonForOther: another than the best one, and no reason
    """
    POST.require(actor, item, at=at)
    bids = bids_of(item)
    if item.state == "judging":
        waiting = [row.person.name for row in item.panel.select_related("person") if _owes(row)]
        if waiting or not item.panel.exists():
            raise ScoresMissing(names=_("、").join(waiting) or _("还没有评榜组"))
    standings = standings_of(item, bids)
    is_top = bid.pk in standings and standings[bid.pk].rank == 1
    if not is_top and not reason.strip():
        raise ReasonForOther
    # The item moves first: of two who select at once the second waits for its row, and never for a bid of the first.
    said = Said(note=reason, owner=bid.leader)
    go(item=item, spec=CHALLENGE.step_by_id["select"], actor=actor, at=at, said=said)
    BID_FLOW.advance(bid, "select", decided_note=reason.strip())
    for other in bids:
        if other.pk != bid.pk and other.state == BidState.SUBMITTED:
            BID_FLOW.advance(other, "pass_over")
    tell(item, BID_SELECTED, actor, at, about=bid.leader, bids=len(bids), is_top=is_top)
    return bid


@transaction.atomic
def post_again(*, item: WorkItem, until: datetime, reason: str, actor: Person, at: datetime) -> WorkItem:
    """Open a challenge to bids again where no bid is good enough, or the chosen one steps back.

    :raises DayPast: `until` is not to come
    """
    POST.require(actor, item, at=at)
    if until <= at:
        raise DayPast
    if not reason.strip():
        raise StepNoteMissing(label=_("为什么重新发榜"))
    go(item=item, spec=CHALLENGE.step_by_id["repost"], actor=actor, at=at, said=Said(note=reason))
    item.bids.exclude(state=BidState.WITHDRAWN).update(state=BidState.WITHDRAWN, decided_note=reason.strip())
    item.challenge_terms.bids_until = until
    item.challenge_terms.save(update_fields=["bids_until"])
    WorkItem.objects.filter(pk=item.pk).update(due_at=until)
    item.due_at = until
    return item


def _owes(row: Panelist) -> bool:
    return row.declared_at is None or bids_to_score(row).exists()
