"""An agreement ends: its term is over, all sides agree to end it, or one side breaks it off and says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.calc.checks import fits
from ronghe.domain.agreements.calc.content import spelled
from ronghe.domain.agreements.calc.progress import is_reached
from ronghe.domain.agreements.enums import (
    AGREEMENT_FLOW,
    ENDING_FLOW,
    AgreementState,
    EndingKind,
    EndingState,
)
from ronghe.domain.agreements.facts import CALLED_OFF, ENDED, ENDING_PROPOSED, ENDING_SETTLED
from ronghe.domain.agreements.models import Agreement, AgreementEnding, AgreementGoal, AgreementParty, EndingConsent
from ronghe.domain.agreements.rules import ACT_FOR_SIDE, OPEN
from ronghe.domain.agreements.selectors.goals import goal_states
from ronghe.domain.agreements.services.acting import held, record, record_many, refuse_other_side, typed
from ronghe.domain.agreements.services.goals import ValueUnfit, refuse_not_in_force
from ronghe.domain.agreements.services.signing import ReasonMissing
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_

LONGEST_SUMMARY, LONGEST_REASON = 2_000, 400


class TermNotOver(DomainError):
    code = "term_not_over"
    sentence = N_("意向书到 %(day)s 期满，今天还不能按期满终止。提前结束请选“各方同意终止”。")


class LastDayOutside(DomainError):
    code = "last_day_outside"
    sentence = N_("最后一天要在今天 %(today)s 和期满日 %(last)s 之间。")
    status = 422


class SummaryMissing(DomainError):
    code = "summary_missing"
    sentence = N_("请写出成果小结，好让后来的人知道做成了什么。")
    status = 422


class FinalMissing(DomainError):
    code = "final_missing"
    sentence = N_("目标“%(goal)s”还没有最终数值。请填写，或先登记一次数值。")
    status = 422


class EndingOpen(DomainError):
    code = "ending_open"
    sentence = N_("已有一方提出终止，正等各方答复。请先答复那一个提议。")


class EndingAnswered(DomainError):
    code = "ending_answered"
    sentence = N_("“%(side)s”已同意终止。")


@transaction.atomic
def end_agreement(
    *, agreement: Agreement, party: AgreementParty, kind: EndingKind, actor: Person, at: datetime, summary: str = "",
    reason: str = "", last_day: date | None = None, finals: Mapping[int, Decimal] | None = None,
) -> AgreementEnding:  # fmt: skip
    """End an agreement, or ask the others to.

    `finals` by goal id; what is not given is the last reading. `last_day` is the last day in force, today unless told;
    at the end of the term it is the term's. Only with `both_agree` do the others have a say.

    :raises NotInForce: it does not bind
    :raises TermNotOver: its last day is still to come
    :raises LastDayOutside: before today, or after the term
    :raises ReasonMissing: broken off for no reason
    :raises SummaryMissing: without results in words, unless broken off
    :raises FinalMissing: a goal was never read, unless broken off
    :raises ValueUnfit: a final value cannot be kept
    :raises EndingOpen: another proposal waits for an answer
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(agreement, party)
    agreement = held(agreement)
    refuse_not_in_force(agreement)
    day = _last_day(agreement, kind, last_day, at)
    summary, reason = typed(summary, LONGEST_SUMMARY), typed(reason, LONGEST_REASON)
    if kind == EndingKind.BROKEN_OFF and not reason:
        raise ReasonMissing
    if kind != EndingKind.BROKEN_OFF and not summary:
        raise SummaryMissing
    values = _finals(agreement, day, finals or {}, is_complete=kind != EndingKind.BROKEN_OFF)
    if kind != EndingKind.BOTH_AGREE:
        agreement.endings.filter(state=EndingState.PROPOSED).update(
            state=EndingState.WITHDRAWN, settled_by=actor, settled_at=at
        )
    try:
        with transaction.atomic():
            ending = AgreementEnding.objects.create(
                agreement=agreement, kind=kind, last_day=day, reason=reason, summary=summary, finals=values,
                party=party, proposed_by=actor, proposed_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise EndingOpen from error
    EndingConsent.objects.create(ending=ending, party=party, given_by=actor, given_at=at)
    if kind == EndingKind.BOTH_AGREE:
        record(ENDING_PROPOSED, agreement, party, actor, at, how=kind)
    else:
        _finish(ending, agreement, actor, at)
    return ending


@transaction.atomic
def agree_to_ending(*, ending: AgreementEnding, party: AgreementParty, actor: Person, at: datetime) -> AgreementEnding:
    """Agree to end for a side; when all sides have, the agreement ends.

    :raises Stale: nothing waits for an answer any more
    :raises EndingAnswered: the side has agreed
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(ending.agreement, party)
    agreement = held(ending.agreement)
    _refuse_settled(ending)
    try:
        with transaction.atomic():
            EndingConsent.objects.create(ending=ending, party=party, given_by=actor, given_at=at)
    except IntegrityError as error:
        raise EndingAnswered(side=party.name) from error
    if ending.consents.count() == agreement.parties.count():
        _finish(ending, agreement, actor, at)
    return ending


@transaction.atomic
def decline_ending(
    *, ending: AgreementEnding, party: AgreementParty, reason: str, actor: Person, at: datetime
) -> AgreementEnding:
    """Say no to ending, and why; the agreement goes on.

    :raises Stale: nothing waits for an answer any more
    :raises ReasonMissing: no reason
    """
    ACT_FOR_SIDE.require(actor, party, at=at)
    refuse_other_side(ending.agreement, party)
    reason = typed(reason, LONGEST_REASON)
    if not reason:
        raise ReasonMissing
    _settle(ending, "decline", actor, at, settling_note=reason)
    record(ENDING_SETTLED, ending.agreement, party, actor, at, outcome=ending.state)
    return ending


@transaction.atomic
def withdraw_ending(*, ending: AgreementEnding, actor: Person, at: datetime) -> AgreementEnding:
    """Take the own side's proposal back.

    :raises Stale: nothing waits for an answer any more
    """
    ACT_FOR_SIDE.require(actor, ending.party, at=at)
    _settle(ending, "withdraw", actor, at)
    record(ENDING_SETTLED, ending.agreement, ending.party, actor, at, outcome=ending.state)
    return ending


def _settle(ending: AgreementEnding, step: str, actor: Person, at: datetime, **changes: str) -> None:
    _refuse_settled(ending)
    ENDING_FLOW.advance(ending, step, settled_by=actor, settled_at=at, **changes)


def _refuse_settled(ending: AgreementEnding) -> None:
    if not AgreementEnding.objects.filter(pk=ending.pk, state=EndingState.PROPOSED).exists():
        raise Stale


def _last_day(agreement: Agreement, kind: EndingKind, asked: date | None, at: datetime) -> date:
    assert agreement.valid_until is not None  # it is in force
    last, today = agreement.valid_until - timedelta(days=1), local_day(at)
    if kind == EndingKind.TERM_OVER:
        if today < last:
            raise TermNotOver(day=last)
        return last
    if today > last:
        return last
    day = asked or today
    if not today <= day <= last:
        raise LastDayOutside(today=today, last=last)
    return day


def _finals(agreement: Agreement, day: date, given: Mapping[int, Decimal], *, is_complete: bool) -> dict[str, str]:
    values: dict[str, str] = {}
    for state in goal_states(agreement, day):
        value = given.get(state.goal.pk, state.now)
        if value is None:
            if is_complete:
                raise FinalMissing(goal=state.goal.title)
            continue
        if not fits(value):
            raise ValueUnfit
        values[str(state.goal.pk)] = spelled(value)
    return values


def _finish(ending: AgreementEnding, agreement: Agreement, actor: Person, at: datetime) -> None:
    """End the agreement, and with it what supplements it; a day that has passed meanwhile was a day in force."""
    assert agreement.valid_until is not None  # it is in force
    last = min(max(ending.last_day, local_day(at)), agreement.valid_until - timedelta(days=1))
    ENDING_FLOW.advance(ending, "finish", settled_by=actor, settled_at=at, last_day=last)
    goals = list(agreement.goals.order_by("position", "pk"))
    for goal in goals:
        text = ending.finals.get(str(goal.pk))
        goal.final = Decimal(text) if text is not None else None
    AgreementGoal.objects.bulk_update(goals, ["final"])
    _end(agreement, ending, actor, at, last, goals)
    for supplement in agreement.supplementary.select_for_update().order_by("pk"):
        if supplement.state == AgreementState.IN_FORCE:
            _end(supplement, ending, actor, at, last, [])
        elif supplement.state in OPEN:
            AGREEMENT_FLOW.advance(supplement, "call_off")
            record_many(CALLED_OFF, supplement, actor, at)


def _end(
    agreement: Agreement, ending: AgreementEnding, actor: Person, at: datetime, last: date, goals: list[AgreementGoal]
) -> None:
    assert agreement.valid_from is not None  # it is in force
    last = max(last, agreement.valid_from)
    AGREEMENT_FLOW.advance(
        agreement, "end", valid_until=last + timedelta(days=1), ended_as=ending.kind, summary=ending.summary,
        review_on=None,
    )  # fmt: skip
    reached = sum(
        goal.final is not None and is_reached(target=goal.target, now=goal.final, better=goal.better) for goal in goals
    )
    record_many(ENDED, agreement, actor, at, how=ending.kind, last_day=last, goals=len(goals), reached=reached)
