"""A body asks its superior to be let off; the superior grants or refuses, with words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.obligations.enums import REQUEST_FLOW
from ronghe.domain.obligations.facts import WAIVER_ASKED, WAIVER_GRANTED, WAIVER_REFUSED, WAIVER_TAKEN_BACK
from ronghe.domain.obligations.models import Obligation, WaiverRequest, WaiverRequestItem
from ronghe.domain.obligations.rules import ANSWER_REQUEST, ASK_WAIVER, WITHDRAW_REQUEST
from ronghe.domain.obligations.services.waiving import NothingChosen, ReasonMissing, let_off
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class OneBodyAtATime(DomainError):
    code = "one_body_at_a_time"
    sentence = N_("一次只能为一个组织申请免办，请分开提。")
    status = 422


class NobodyAbove(DomainError):
    code = "nobody_above"
    sentence = N_("“%(body)s”上面没有党组织，没有人能答复免办申请。")


class NothingToAsk(DomainError):
    code = "nothing_to_ask"
    sentence = N_("“%(title)s”已经办了或免办，不用申请。")


class AlreadyAsked(DomainError):
    code = "already_asked"
    sentence = N_("选中的事项里有的已经申请过，还在等上级答复。")


class RefusalReasonMissing(DomainError):
    code = "refusal_reason_missing"
    sentence = N_("不同意要写明理由，申请的组织会看到。")
    status = 422


@transaction.atomic
def ask_waiver(*, obligations: Sequence[Obligation], reason: str, actor: Person, at: datetime) -> WaiverRequest:
    """Ask the superior to let one body off these obligations.

    :raises NothingChosen: none given
    :raises NotAllowed: the actor does not keep the body's rhythm
    :raises OneBodyAtATime: they belong to several bodies
    :raises NobodyAbove: the body has no superior
    :raises ReasonMissing: no reason given
    :raises NothingToAsk: one of them is met or waived
    :raises AlreadyAsked: a request for one of them still waits
    """
    if not obligations:
        raise NothingChosen
    for obligation in obligations:
        ASK_WAIVER.require(actor, obligation, at=at)
    body = obligations[0].body
    if any(one.body_id != body.pk for one in obligations):
        raise OneBodyAtATime
    if body.parent_id is None:
        raise NobodyAbove(body=body.name)
    if not reason.strip():
        raise ReasonMissing
    settled = next((one for one in obligations if one.is_settled), None)
    if settled is not None:
        raise NothingToAsk(title=settled.title)
    request = WaiverRequest.objects.create(body=body, reason=reason.strip(), asked_by=actor, asked_at=at)
    try:
        with transaction.atomic():
            WaiverRequestItem.objects.bulk_create(
                WaiverRequestItem(request=request, obligation=one) for one in obligations
            )
    except IntegrityError as error:
        raise AlreadyAsked from error
    _record(WAIVER_ASKED, request, len(obligations), actor, at)
    return request


@transaction.atomic
def grant_waiver(*, request: WaiverRequest, actor: Person, at: datetime, answer: str = "") -> WaiverRequest:
    """Let the body off what it asked for, as far as it is still owed: what was met or waived meanwhile stays so.

    :raises NotAllowed: the actor holds no office above the body
    :raises StepNotAllowed: it was answered or withdrawn
    :raises Stale: somebody else answered it a moment ago
    """
    ANSWER_REQUEST.require(actor, request, at=at)
    REQUEST_FLOW.advance(request, "grant", answered_by=actor, answered_at=at, answer=answer.strip())
    rows = Obligation.objects.filter(requested__request=request, requested__is_open=True, is_settled=False)
    owed = list(rows.select_related("body", "version").order_by("due_on", "pk"))
    if owed:
        let_off(owed, request.reason, actor, at)
    _close(request)
    _record(WAIVER_GRANTED, request, len(owed), actor, at)
    return request


@transaction.atomic
def refuse_waiver(*, request: WaiverRequest, answer: str, actor: Person, at: datetime) -> WaiverRequest:
    """Refuse; the obligations stand as they were.

    :raises NotAllowed: the actor holds no office above the body
    :raises RefusalReasonMissing: no words
    :raises StepNotAllowed: it was answered or withdrawn
    :raises Stale: somebody else answered it a moment ago
    """
    ANSWER_REQUEST.require(actor, request, at=at)
    if not answer.strip():
        raise RefusalReasonMissing
    REQUEST_FLOW.advance(request, "refuse", answered_by=actor, answered_at=at, answer=answer.strip())
    _record(WAIVER_REFUSED, request, _close(request), actor, at)
    return request


@transaction.atomic
def take_back_request(*, request: WaiverRequest, actor: Person, at: datetime) -> WaiverRequest:
    """Take the own request back before it is answered.

    :raises NotAllowed: somebody else asked
    :raises StepNotAllowed: it was answered or withdrawn
    :raises Stale: it was answered a moment ago
    """
    WITHDRAW_REQUEST.require(actor, request, at=at)
    REQUEST_FLOW.advance(request, "withdraw")
    _record(WAIVER_TAKEN_BACK, request, _close(request), actor, at)
    return request


def _close(request: WaiverRequest) -> int:
    return request.items.filter(is_open=True).update(is_open=False)


def _record(kind: FactKind, request: WaiverRequest, count: int, actor: Person, at: datetime) -> None:
    record(Draft(kind, at, actor, body=request.body_id, source=request, attributes={"obligations": count}))
