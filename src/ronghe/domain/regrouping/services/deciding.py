"""Submitted to the branch's committee, approved with a date, returned, dropped (PO-08: no approval from above)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.regrouping.calc.model import Problem
from ronghe.domain.regrouping.calc.plain import from_plain
from ronghe.domain.regrouping.enums import REGROUPING_FLOW
from ronghe.domain.regrouping.facts import (
    REGROUPING_APPROVED,
    REGROUPING_DROPPED,
    REGROUPING_RETURNED,
    REGROUPING_SUBMITTED,
)
from ronghe.domain.regrouping.models import GroupingProposal, Regrouping
from ronghe.domain.regrouping.rules import DECIDE_REGROUPING, DRAFT_REGROUPING
from ronghe.domain.regrouping.selectors.crew import crew_of
from ronghe.domain.regrouping.selectors.proposals import Arrangement, open_proposal
from ronghe.domain.regrouping.services.drafting import refuse_settled
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _

TOLD = 3
"""So many broken rules a refusal tells."""


class NotReady(DomainError):
    code = "not_ready"
    sentence = N_("这个方案不能报支委会：%(why)s。请先调整，或重新求解。")


class NothingProposed(DomainError):
    code = "nothing_proposed"
    sentence = N_("请选一个拟好的方案；现状不用报。")


class DataChanged(DomainError):
    code = "data_changed"
    sentence = N_("数据已变：%(count)s 人的编组、面貌或站场与求解时不同。请退回，重新求解。")


class AnotherUnderWay(DomainError):
    code = "another_under_way"
    sentence = N_("“%(body)s”已有方案报支委会，请先办完那一份，或者退回、不再办理。")


class DecidedAhead(DomainError):
    code = "decided_ahead"
    sentence = N_("研究日期 %(day)s 还没有到。请在支委会开过以后再记。")
    status = 422


class EffectiveBeforeDecision(DomainError):
    code = "effective_before_decision"
    sentence = N_("执行日期 %(day)s 早于研究日期 %(decided)s，党小组不能倒着划分（PO-08）。请改日期。")
    status = 422


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = N_("请写明原因，好让大家知道怎么办。")
    status = 422


@transaction.atomic
def submit_regrouping(*, proposal: GroupingProposal, actor: Person, at: datetime) -> Regrouping:
    """Put one proposal before the branch's committee. Every rule must hold, for every group.

    :raises NothingProposed: it is as it is today, or nothing is found yet
    :raises NotReady: a rule is broken, with its words and number (PO-09)
    :raises DataChanged: people, groups or stations are not what they were when it was made
    :raises AnotherUnderWay: the branch has another one before its committee
    """
    regrouping = proposal.regrouping
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    refuse_settled(regrouping)
    opened = None if proposal.is_today or proposal.is_searching else open_proposal(proposal)
    if opened is None:
        raise NothingProposed
    refuse_broken(opened)
    refuse_changed(proposal, local_day(at))
    try:
        with transaction.atomic():
            REGROUPING_FLOW.advance(
                regrouping, "submit", chosen=proposal, submitted_by=actor, submitted_at=at, refused_because=None
            )
    except IntegrityError as error:
        raise AnotherUnderWay(body=regrouping.body.name) from error
    counts = {"groups": len(opened.assignment.areas), "people": len(opened.assignment.where)}
    record(Draft(REGROUPING_SUBMITTED, at, actor, body=regrouping.body_id, attributes=counts, source=regrouping))
    return regrouping


@transaction.atomic
def approve_regrouping(
    *, regrouping: Regrouping, decided_on: date, effective_on: date, actor: Person, at: datetime
) -> Regrouping:
    """Note that the branch's committee decided for the proposal on a day, to hold from a day (PO-08).

    :raises DecidedAhead: the meeting's day is still to come
    :raises EffectiveBeforeDecision: it would hold before it was decided
    """
    DECIDE_REGROUPING.require(actor, regrouping, at=at)
    if decided_on > local_day(at):
        raise DecidedAhead(day=decided_on)
    if effective_on < decided_on:
        raise EffectiveBeforeDecision(day=effective_on, decided=decided_on)
    REGROUPING_FLOW.advance(regrouping, "approve", approved_by=actor, approved_on=decided_on, effective_on=effective_on)
    days = {"decided_on": decided_on, "effective_on": effective_on}
    record(Draft(REGROUPING_APPROVED, at, actor, body=regrouping.body_id, attributes=days, source=regrouping))
    return regrouping


@transaction.atomic
def return_regrouping(*, regrouping: Regrouping, reason: str, actor: Person, at: datetime) -> Regrouping:
    """Give a submitted or approved regrouping back for drafting, with the reason.

    :raises ReasonMissing: the reason is empty
    """
    DECIDE_REGROUPING.require(actor, regrouping, at=at)
    _refuse_silence(reason)
    REGROUPING_FLOW.advance(
        regrouping, "return", refused_because=reason.strip(), chosen=None, approved_on=None, effective_on=None
    )
    record(Draft(REGROUPING_RETURNED, at, actor, body=regrouping.body_id, source=regrouping))
    return regrouping


@transaction.atomic
def drop_regrouping(*, regrouping: Regrouping, reason: str, actor: Person, at: datetime) -> Regrouping:
    """Give a regrouping up; it stays to be read.

    :raises ReasonMissing: the reason is empty
    """
    DRAFT_REGROUPING.require(actor, regrouping, at=at)
    _refuse_silence(reason)
    REGROUPING_FLOW.advance(regrouping, "drop", refused_because=reason.strip())
    record(Draft(REGROUPING_DROPPED, at, actor, body=regrouping.body_id, source=regrouping))
    return regrouping


def refuse_broken(opened: Arrangement) -> None:
    """Return where every rule holds for every group.

    :raises NotReady: with the first rules that do not, those of the Party's regulations in front (PO-09)
    """
    said = dict.fromkeys(opened.say(one) for one in opened.judgement.broken)
    if said:
        raise NotReady(why=_("；").join(sorted(said, key=lambda text: "PO-" not in text)[:TOLD]))


def refuse_changed(proposal: GroupingProposal, day: date) -> None:
    """Return while everybody placed stands where they stood when the proposal was made, and nobody came or left.

    :raises DataChanged: somebody does not
    """
    regrouping = proposal.regrouping
    now = crew_of(regrouping.body, regrouping.unit, day, regrouping.leading).fingerprint()
    groups = proposal.groups_today
    then = {
        str(one.id): [one.standing.value, None if one.group is None else groups[one.group], one.home_station]
        for one in from_plain(Problem, proposal.problem).members
    }
    changed = {key for key in now.keys() | then.keys() if now.get(key) != then.get(key)}
    if changed:
        raise DataChanged(count=len(changed))


def _refuse_silence(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing
