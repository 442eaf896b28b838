"""Goals are read over time; a wrong reading is corrected by another."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.calc.checks import fits
from ronghe.domain.agreements.calc.progress import progress
from ronghe.domain.agreements.enums import AgreementState
from ronghe.domain.agreements.facts import GOAL_READ
from ronghe.domain.agreements.models import Agreement, AgreementGoal, AgreementParty, GoalReading
from ronghe.domain.agreements.rules import ACT_FOR_SIDE
from ronghe.domain.agreements.services.acting import held, record, refuse_other_side, typed
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_

LONGEST_EVIDENCE = 300


class NotInForce(DomainError):
    code = "agreement_not_in_force"
    sentence = N_("“%(title)s”现在的状态是“%(state)s”，生效期间才能办这件事。")


class DayOutside(DomainError):
    code = "reading_day_outside"
    sentence = N_("日期要在生效的 %(first)s 和今天 %(today)s 之间。")
    status = 422


class ValueUnfit(DomainError):
    code = "value_unfit"
    sentence = N_("数值太大，或小数多于四位。")
    status = 422


class ReadingCorrected(DomainError):
    code = "reading_corrected"
    sentence = N_("这条数值已经更正过，请更正最新的那一条。")


@transaction.atomic
def read_goal(
    *, goal: AgreementGoal, party: AgreementParty, value: Decimal, day: date, actor: Person, at: datetime,
    evidence: str = "", corrects: GoalReading | None = None,
) -> GoalReading:  # fmt: skip
    """Note what a goal stands at on a day; with `corrects` in the place of an earlier reading, which stays to be seen.

    :raises NotInForce: the agreement does not bind
    :raises DayOutside: before it came into force, or a day to come
    :raises ValueUnfit: too large, or more than four decimals
    :raises ReadingCorrected: the earlier reading has been corrected already
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(goal.agreement, party)
    agreement = held(goal.agreement)
    refuse_not_in_force(agreement)
    refuse_outside(agreement, day, at)
    if not fits(value):
        raise ValueUnfit
    if corrects is not None and corrects.goal_id != goal.pk:
        raise NotFound
    try:
        with transaction.atomic():
            reading = GoalReading.objects.create(
                goal=goal, day=day, value=value, evidence=typed(evidence, LONGEST_EVIDENCE), read_by=actor,
                read_at=at, corrects=corrects,
            )  # fmt: skip
    except IntegrityError as error:
        raise ReadingCorrected from error
    share = progress(baseline=goal.baseline, target=goal.target, now=value, better=goal.better)
    record(
        GOAL_READ, agreement, party, actor, at, head=goal.head, day=day, per_mille=int(share * 10),
        is_correction=corrects is not None,
    )  # fmt: skip
    return reading


def refuse_not_in_force(agreement: Agreement) -> None:
    """Return where the agreement binds.

    :raises NotInForce: it does not
    """
    if agreement.state != AgreementState.IN_FORCE:
        raise NotInForce(title=agreement.title, state=agreement.get_state_display())


def refuse_outside(agreement: Agreement, day: date, at: datetime) -> None:
    """Return where `day` lies between the first day in force and today.

    :raises DayOutside: it does not
    """
    first, today = agreement.valid_from, local_day(at)
    if first is None or not first <= day <= today:
        raise DayOutside(first=first, today=today)
