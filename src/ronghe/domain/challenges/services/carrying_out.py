"""The chosen team sets its milestones and signs, reaches them one by one, hands in, is accepted, paid; or fails honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ronghe.domain.challenges.calc.scoring import fits_shares
from ronghe.domain.challenges.enums import Finding
from ronghe.domain.challenges.facts import FAILURE_FOUND, MILESTONE_CHECKED, MILESTONES_SET, REWARD_PAID
from ronghe.domain.challenges.models import FailureFinding, Milestone, Payout
from ronghe.domain.challenges.rules import CHALLENGE, DO, JUDGE
from ronghe.domain.challenges.selectors import paid_of, terms_of
from ronghe.domain.challenges.services.telling import tell
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload
from ronghe.kernel.calendar.moments import moment_of
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_, _
from ronghe.kernel.workflow import StepNotAllowed


class MilestonesUnfit(DomainError):
    code = "challenge_milestones_unfit"
    sentence = N_("请定里程碑：名称、先后有序的日期，奖励比例合计 100。")
    status = 422


class MilestonesOpen(DomainError):
    code = "challenge_milestones_open"
    sentence = N_("还有 %(count)s 个里程碑没有核验，不能交验。")


class NotReached(DomainError):
    code = "challenge_not_reached"
    sentence = N_("“%(title)s”还没有报完成，不能核验。")


class PaidTooMuch(DomainError):
    code = "challenge_paid_too_much"
    sentence = N_("奖励还剩 %(left)s 元没有兑现，不能再付 %(amount)s 元。")


class AmountUnfit(DomainError):
    code = "challenge_amount_unfit"
    sentence = N_("金额要大于 0，最多两位小数。")
    status = 422


class StillToPay(DomainError):
    code = "challenge_still_to_pay"
    sentence = N_("奖励还有 %(left)s 元没有兑现。")


class ReasonsMissing(DomainError):
    code = "challenge_reasons_missing"
    sentence = N_("请写明认定的依据。")
    status = 422


@dataclass(frozen=True, slots=True)
class MilestoneText:
    title: str
    due_on: date
    share: int
    """Of the reward, in percent."""


@transaction.atomic
def sign_pledge(*, item: WorkItem, milestones: Sequence[MilestoneText], actor: Person, at: datetime) -> list[Milestone]:
    """Sign the pledge (军令状) with the milestones in order, whose shares of the reward make 100.

    :raises MilestonesUnfit: none, out of order, in the past, without a title, or shares that do not make 100
    """
    DO.require(actor, item, at=at)
    days = [one.due_on for one in milestones]
    is_fit = fits_shares([one.share for one in milestones]) and days == sorted(days) and days[0] >= local_day(at)
    if not is_fit or any(not one.title.strip() for one in milestones):
        raise MilestonesUnfit
    rows = Milestone.objects.bulk_create(
        Milestone(item=item, number=number, title=one.title.strip(), due_on=one.due_on, share=one.share)
        for number, one in enumerate(milestones, start=1)
    )
    WorkItem.objects.filter(pk=item.pk).update(due_at=moment_of(days[-1]).replace(hour=23, minute=59))
    item.refresh_from_db(fields=["due_at"])
    go(item=item, spec=CHALLENGE.step_by_id["sign"], actor=actor, at=at)
    tell(item, MILESTONES_SET, actor, at, about=actor, milestones=len(rows))
    return rows


@transaction.atomic
def reach_milestone(*, milestone: Milestone, note: str, actor: Person, at: datetime) -> Milestone:
    """Say that a milestone was reached, in words.

    :raises ReasonsMissing: nothing is said
    """
    item = milestone.item
    DO.require(actor, item, at=at)
    if item.state != "running":
        raise StepNotAllowed(state=_(CHALLENGE.state_by_id[item.state].title))
    if not note.strip():
        raise ReasonsMissing
    rows = Milestone.objects.filter(pk=milestone.pk, checked_at=None)
    if not rows.update(reached_at=at, reached_note=note.strip()):
        raise Stale
    milestone.reached_at, milestone.reached_note = at, note.strip()
    return milestone


@transaction.atomic
def check_milestone(*, milestone: Milestone, is_reached: bool, actor: Person, at: datetime) -> Milestone:
    """Confirm a milestone that was said to be reached, or give it back; nobody of the team does.

    :raises NotReached: it was not said to be
    """
    item = milestone.item
    JUDGE.require(actor, item, at=at)
    if milestone.reached_at is None:
        raise NotReached(title=milestone.title)
    rows = Milestone.objects.filter(pk=milestone.pk, checked_at=None, reached_at=milestone.reached_at)
    changes = {"checked_by": actor, "checked_at": at} if is_reached else {"reached_at": None, "reached_note": ""}
    if not rows.update(**changes):
        raise Stale
    milestone.refresh_from_db()
    if is_reached:
        tell(
            item, MILESTONE_CHECKED, actor, at, about=item.owner, number=milestone.number,
            on_time=bool(milestone.is_on_time), due_on=milestone.due_on,
        )  # fmt: skip
    return milestone


def hand_in(*, item: WorkItem, note: str, uploads: Sequence[Upload], actor: Person, at: datetime) -> WorkItem:
    """Hand the solution in once every milestone was checked.

    :raises MilestonesOpen: some were not
    :raises StepNoteMissing, StepEvidenceMissing: as every step
    """
    DO.require(actor, item, at=at)
    if item.state == "running" and (left := item.milestones.filter(checked_at=None).count()):
        raise MilestonesOpen(count=left)
    spec = CHALLENGE.step_by_id["submit"]
    return go(item=item, spec=spec, actor=actor, at=at, said=Said(note=note, uploads=uploads))


@transaction.atomic
def pay(*, item: WorkItem, amount: Decimal, paid_on: date, actor: Person, at: datetime, note: str = "") -> Payout:
    """Note what was paid of the reward.

    :raises AmountUnfit: nothing, or parts of a fen
    :raises PaidTooMuch: more than is left
    """
    JUDGE.require(actor, item, at=at)
    if item.state not in ("running", "submitted", "accepted"):
        raise StepNotAllowed(state=_(CHALLENGE.state_by_id[item.state].title))
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise AmountUnfit
    # The item's row is held, so that two who pay at once do not pay more than there is.
    WorkItem.objects.select_for_update().get(pk=item.pk)
    terms = terms_of(item)
    left = (terms.reward if terms is not None else Decimal(0)) - paid_of(item)
    if amount > left:
        raise PaidTooMuch(left=f"{left:,}", amount=f"{amount:,}")
    row = Payout.objects.create(item=item, amount=amount, paid_on=paid_on, note=note.strip(), by=actor, at=at)
    tell(item, REWARD_PAID, actor, at, about=item.owner, quantity=amount)
    return row


@transaction.atomic
def settle(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Close a challenge whose reward was paid in full.

    :raises StillToPay: it was not
    """
    JUDGE.require(actor, item, at=at)
    terms = terms_of(item)
    left = (terms.reward if terms is not None else Decimal(0)) - paid_of(item)
    if item.state == "accepted" and left > 0:
        raise StillToPay(left=f"{left:,}")
    return go(item=item, spec=CHALLENGE.step_by_id["settle"], actor=actor, at=at)


@transaction.atomic
def find_failed(
    *, item: WorkItem, finding: Finding, reasons: str, actor: Person, at: datetime, learnt: str = ""
) -> FailureFinding:
    """Close a challenge that was not met, and say whether the team failed in spite of due care (容错).

    :raises ReasonsMissing: without reasons
    """
    JUDGE.require(actor, item, at=at)
    if not reasons.strip():
        raise ReasonsMissing
    go(item=item, spec=CHALLENGE.step_by_id["fail"], actor=actor, at=at, said=Said(note=reasons))
    row = FailureFinding.objects.create(
        item=item, finding=finding, reasons=reasons.strip(), learnt=learnt.strip(), by=actor, at=at
    )
    tell(item, FAILURE_FOUND, actor, at, about=item.owner, finding=finding.value)
    return row
