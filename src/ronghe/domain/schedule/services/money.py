"""Amounts of money: entered with their source, vouched for by somebody else, withdrawn with a reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.enums import AMOUNT_FLOW, AmountKind
from ronghe.domain.schedule.facts import AMOUNT_ENTERED, AMOUNT_SETTLED
from ronghe.domain.schedule.models import Amount, Lot, Schedule
from ronghe.domain.schedule.rules import ENTER_AMOUNT, VOUCH_AMOUNT, WITHDRAW_AMOUNT
from ronghe.domain.schedule.services.scheduling import tell
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

MOST_YUAN = Decimal(10**13)
CENT = Decimal("0.01")
MAY_BE_NEGATIVE = frozenset({AmountKind.CHANGE, AmountKind.PAID})


class AmountUnfit(DomainError):
    code = "schedule_amount_unfit"
    sentence = N_("金额请填到分，不能是 0；只有变更和退回的付款可以是负数。")
    status = 422


class AmountWithoutSource(DomainError):
    code = "schedule_amount_without_source"
    sentence = N_("请写明依据，例如概算批复、合同或付款凭证的编号。")
    status = 422


class AmountDayToCome(DomainError):
    code = "schedule_amount_day_to_come"
    sentence = N_("%(day)s 还没有到，不能登记那天的金额。")
    status = 422


class WithdrawalWithoutReason(DomainError):
    code = "schedule_withdrawal_without_reason"
    sentence = N_("请写明为什么撤下。")
    status = 422


@transaction.atomic
def enter_amount(
    *, schedule: Schedule, kind: AmountKind, yuan: Decimal, day: date, source: str, actor: Person, at: datetime,
    lot: Lot | None = None,
) -> Amount:  # fmt: skip
    """Enter an amount in yuan of the project or one of its lots; it counts once somebody else vouches for it.

    :raises AmountUnfit: nothing, parts of a fen, or negative where that means nothing
    :raises AmountWithoutSource: without where it is written
    :raises AmountDayToCome: of a day to come
    """
    ENTER_AMOUNT.require(actor, schedule, at=at)
    is_fit = yuan.is_finite() and yuan != 0 and abs(yuan) <= MOST_YUAN and yuan == yuan.quantize(CENT)
    if not is_fit or (yuan < 0 and kind not in MAY_BE_NEGATIVE):
        raise AmountUnfit
    source = source.replace("\x00", "").strip()[:200]
    if not source:
        raise AmountWithoutSource
    if day > local_day(at):
        raise AmountDayToCome(day=day)
    amount = Amount.objects.create(
        schedule=schedule, lot=lot, kind=kind, yuan=yuan, day=day, source=source, entered_by=actor, entered_at=at
    )
    tell(AMOUNT_ENTERED, schedule, actor, at, source=amount, quantity=yuan, kind=kind, day=day)
    return amount


@transaction.atomic
def vouch_amount(*, amount: Amount, actor: Person, at: datetime) -> Amount:
    """Vouch for an amount that somebody else entered; from then on it counts."""
    VOUCH_AMOUNT.require(actor, amount, at=at)
    AMOUNT_FLOW.advance(amount, "vouch", vouched_by=actor, vouched_at=at)
    tell(AMOUNT_SETTLED, amount.schedule, actor, at, source=amount, kind=amount.kind, step="vouch")
    return amount


@transaction.atomic
def withdraw_amount(*, amount: Amount, reason: str, actor: Person, at: datetime) -> Amount:
    """Take an amount down with a reason; it stays on record.

    :raises WithdrawalWithoutReason: without a reason
    """
    WITHDRAW_AMOUNT.require(actor, amount, at=at)
    why = reason.replace("\x00", "").strip()[:200]
    if not why:
        raise WithdrawalWithoutReason
    AMOUNT_FLOW.advance(amount, "withdraw", withdrawn_by=actor, withdrawn_at=at, withdrawn_why=why)
    tell(AMOUNT_SETTLED, amount.schedule, actor, at, source=amount, kind=amount.kind, step="withdraw")
    return amount
