"""Waivers: an obligation need not be met, with a reason that stays on record."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.obligations.facts import OBLIGATION_WAIVED, WAIVER_WITHDRAWN
from ronghe.domain.obligations.models import Obligation, Waiver
from ronghe.domain.obligations.rules import WAIVE_OBLIGATION
from ronghe.domain.obligations.services.matching import rematch
from ronghe.domain.obligations.services.settling import settle
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = N_("免办要写明理由。")
    status = 422


class AlreadyWaived(DomainError):
    code = "already_waived"
    sentence = N_("这件应办事项已经免办，不用重复办理。")


@transaction.atomic
def waive(*, obligation: Obligation, reason: str, actor: Person, at: datetime) -> Waiver:
    """Let the body off this obligation; a record that had met it passes on to the next open one.

    :raises NotAllowed: the actor holds no office above the body
    :raises ReasonMissing: no reason given
    :raises AlreadyWaived: it was waived before
    """
    WAIVE_OBLIGATION.require(actor, obligation, at=at)
    if not reason.strip():
        raise ReasonMissing
    try:
        with transaction.atomic():
            waiver = Waiver.objects.create(obligation=obligation, reason=reason.strip(), waived_by=actor, waived_at=at)
    except IntegrityError as error:
        raise AlreadyWaived from error
    _match_again(obligation)
    _record(OBLIGATION_WAIVED, obligation, actor, at)
    return waiver


@transaction.atomic
def withdraw_waiver(*, waiver: Waiver, actor: Person, at: datetime) -> Obligation:
    """Let the obligation stand again.

    :raises NotAllowed: the actor holds no office above the body
    :raises Stale: somebody else withdrew it a moment ago
    """
    obligation = waiver.obligation
    WAIVE_OBLIGATION.require(actor, obligation, at=at)
    gone, _by_model = Waiver.objects.filter(pk=waiver.pk).delete()
    if not gone:
        raise Stale
    _match_again(obligation)
    _record(WAIVER_WITHDRAWN, obligation, actor, at)
    return obligation


def _match_again(obligation: Obligation) -> None:
    """The record that met it is free again, and those after it may move up."""
    standing = getattr(obligation, "match", None)
    if standing is not None:
        standing.delete()
        obligation.refresh_from_db()
    settle([obligation.pk])
    rematch([obligation.body_id], since=obligation.window_from)


def _record(kind: FactKind, obligation: Obligation, actor: Person, at: datetime) -> None:
    attributes = {"mechanism": obligation.mechanism, "occurrence": obligation.occurrence}
    record(Draft(kind, at, actor, body=obligation.body_id, source=obligation, attributes=attributes))
