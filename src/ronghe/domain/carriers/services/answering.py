"""来、来不了、已到: one tap each, by oneself or entered by whoever leads; both names are kept, and each may be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.domain.carriers.enums import Answer
from ronghe.domain.carriers.facts import ANSWERED, ARRIVED
from ronghe.domain.carriers.models import CallAnswer, CallPerson, ShiftPerson
from ronghe.domain.carriers.rules import ANSWER_CALL
from ronghe.domain.carriers.services.calling import CallOver
from ronghe.domain.carriers.services.telling import take_back, tell_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.words import N_

LONGEST_REASON = 120


class CannotWhy(DomainError):
    code = "call_cannot_why"
    sentence = N_("请写一句为什么来不了，好让队长另找人。")
    status = 422


class HereAlready(DomainError):
    code = "call_here_already"
    sentence = N_("%(name)s已经到了。记错了请先撤销到位。")


class NotHere(DomainError):
    code = "call_not_here"
    sentence = N_("%(name)s还没有到，没有可撤销的。")


class OnShift(DomainError):
    code = "call_on_shift"
    sentence = N_("%(name)s已经值过班，到位不能撤销。")


@transaction.atomic
def answer_call(*, row: CallPerson, answer: Answer, actor: Person, at: datetime, reason: str = "") -> CallPerson:
    """Say 来 or 来不了 (with the reason), as often as things change; the answer before is reversed.

    :raises NotAllowed: it is somebody else's answer, whom the actor does not lead
    :raises CallOver: it is not under way
    :raises CannotWhy: 来不了 without words
    :raises HereAlready: the person is on site
    """
    ANSWER_CALL.require(actor, row, at=at)
    if answer not in (Answer.COMING, Answer.CANNOT):
        raise NotFound
    if answer == Answer.CANNOT and not reason.strip():
        raise CannotWhy
    fresh = _held(row)
    if fresh.is_present:
        raise HereAlready(name=fresh.person.name)
    if fresh.answer == answer and fresh.reason == reason.strip():
        return fresh  # a second tap changes nothing
    take_back(fresh.answer_fact, actor, at)
    fact = _tell(fresh, ANSWERED, actor, at, answer=answer)
    fresh.answer, fresh.reason, fresh.answer_fact = answer, reason.strip()[:LONGEST_REASON], fact
    fresh.answered_by, fresh.answered_at = actor, at
    return _keep(fresh, actor, at)


@transaction.atomic
def arrive(*, row: CallPerson, actor: Person, at: datetime) -> CallPerson:
    """Note that somebody is on site; whoever arrives without having answered has answered by that.

    :raises NotAllowed: the actor does not lead the person
    :raises CallOver: it is not under way
    :raises HereAlready: it was noted before
    """
    ANSWER_CALL.require(actor, row, at=at)
    fresh = _held(row)
    if fresh.is_present:
        raise HereAlready(name=fresh.person.name)
    fresh.arrival_fact = _tell(fresh, ARRIVED, actor, at)
    fresh.answer, fresh.reason, fresh.arrived_by, fresh.arrived_at = Answer.ARRIVED, "", actor, at
    return _keep(fresh, actor, at)


@transaction.atomic
def take_back_arrival(*, row: CallPerson, actor: Person, at: datetime) -> CallPerson:
    """Take back that somebody arrived: the tap was a slip. The person is on the way again.

    :raises NotAllowed, CallOver: as for arriving
    :raises NotHere: nobody said so
    :raises OnShift: the person held a shift
    """
    ANSWER_CALL.require(actor, row, at=at)
    fresh = _held(row)
    if not fresh.is_present:
        raise NotHere(name=fresh.person.name)
    if ShiftPerson.objects.filter(row=fresh, is_held=True).exists():
        raise OnShift(name=fresh.person.name)
    ShiftPerson.objects.filter(row=fresh, is_held=None).delete()
    take_back(fresh.arrival_fact, actor, at)
    fresh.answer, fresh.arrived_by, fresh.arrived_at, fresh.arrival_fact = Answer.COMING, None, None, None
    return _keep(fresh, actor, at)


def _held(row: CallPerson) -> CallPerson:
    """Return the row as it is now, held until the transaction ends, of a call-up under way."""
    rows = CallPerson.objects.select_for_update(of=("self",)).select_related("call", "team__carrier", "person")
    fresh = rows.filter(pk=row.pk).first()
    if fresh is None:
        raise NotFound
    if not fresh.call.is_running:
        raise CallOver(state=fresh.call.get_state_display())
    return fresh


def _tell(row: CallPerson, kind: FactKind, actor: Person, at: datetime, **attributes: Any) -> int:
    call = row.call
    fact = tell_of(
        call, kind, actor, at, about=row.person, body=row.team.carrier.body_id, source=row,
        minutes=max(0, int((at - call.called_at).total_seconds())) // 60, by_other=actor.pk != row.person_id,
        **attributes,
    )  # fmt: skip
    return int(fact.pk)


def _keep(row: CallPerson, actor: Person, at: datetime) -> CallPerson:
    row.save()
    CallAnswer.objects.create(row=row, answer=row.answer, reason=row.reason, by=actor, at=at)
    return row
