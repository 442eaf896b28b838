"""Waivers: an obligation need not be met, with a reason that stays on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.obligations.facts import OBLIGATION_WAIVED, WAIVER_WITHDRAWN
from ronghe.domain.obligations.models import Obligation, ObligationMatch, Waiver, WaiverRequestItem
from ronghe.domain.obligations.rules import WAIVE_OBLIGATION
from ronghe.domain.obligations.services.matching import rematch
from ronghe.domain.obligations.services.settling import settle
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record_many
from ronghe.kernel.words import N_


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = N_("免办要写明理由。")
    status = 422


class NothingChosen(DomainError):
    code = "nothing_chosen"
    sentence = N_("还没有选应办事项，请至少选一件。")
    status = 422


class AlreadyWaived(DomainError):
    code = "already_waived"
    sentence = N_("这件应办事项已经免办，不用重复办理。")


def waive(*, obligation: Obligation, reason: str, actor: Person, at: datetime) -> Waiver:
    """Let the body off this obligation; a record that had met it passes on to the next open one.

    :raises NotAllowed: the actor holds no office above the body
    :raises ReasonMissing: no reason given
    :raises AlreadyWaived: it was waived before
    """
    return waive_several(obligations=[obligation], reason=reason, actor=actor, at=at)[0]


@transaction.atomic
def waive_several(
    *, obligations: Sequence[Obligation], reason: str, actor: Person, at: datetime
) -> list[Waiver]:  # fmt: skip
    """Let bodies off these obligations, all or none.

    :raises NothingChosen: none given
    :raises NotAllowed: the actor holds no office above one of the bodies
    :raises ReasonMissing: no reason given
    :raises AlreadyWaived: one of them was waived before
    """
    if not obligations:
        raise NothingChosen
    for obligation in obligations:
        WAIVE_OBLIGATION.require(actor, obligation, at=at)
    if not reason.strip():
        raise ReasonMissing
    return let_off(obligations, reason.strip(), actor, at)


@transaction.atomic
def let_off(obligations: Sequence[Obligation], reason: str, actor: Person, at: datetime) -> list[Waiver]:
    """Write the waivers, match again once and tell of each; the caller has asked for the right.

    :raises AlreadyWaived: one of them was waived before
    """
    rows = [Waiver(obligation=one, reason=reason, waived_by=actor, waived_at=at) for one in obligations]
    try:
        with transaction.atomic():
            made = Waiver.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AlreadyWaived from error
    # Whoever was asked for it meanwhile need not answer any more.
    WaiverRequestItem.objects.filter(obligation__in=obligations, is_open=True).update(is_open=False)
    _match_again(obligations)
    _record(OBLIGATION_WAIVED, obligations, actor, at)
    return made


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
    _match_again([obligation])
    _record(WAIVER_WITHDRAWN, [obligation], actor, at)
    return obligation


def _match_again(obligations: Sequence[Obligation]) -> None:
    """The records that met them are free again, and those after them may move up."""
    ObligationMatch.objects.filter(obligation__in=obligations).delete()
    settle([one.pk for one in obligations])
    for obligation in obligations:
        obligation.refresh_from_db()
    rematch({one.body_id for one in obligations}, since=min(one.window_from for one in obligations))


def _record(kind: FactKind, obligations: Sequence[Obligation], actor: Person, at: datetime) -> None:
    record_many(
        Draft(kind, at, actor, body=one.body_id, source=one,
              attributes={"mechanism": one.mechanism, "occurrence": one.occurrence})
        for one in obligations
    )  # fmt: skip
