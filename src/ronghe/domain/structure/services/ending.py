"""What happens by itself: acts take effect on their day, temporary bodies end with their project (PO-06)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from ronghe.domain.structure.enums import ActKind, ActState, PartPlace
from ronghe.domain.structure.facts import ACT_PROPOSED
from ronghe.domain.structure.models import ActPart, BodyAct, BodyCharter
from ronghe.domain.structure.selectors.acts import acts_due, open_act_of
from ronghe.domain.structure.services.carrying import carry_out
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import _


def carry_out_due(*, day: date, at: datetime) -> int:
    """Carry out every approved act whose day has come and return how many; what is in the way of one stands on it.

    Each act is a transaction of its own: one that cannot be done does not keep the others.
    """
    done = 0
    for act in acts_due(day):
        try:
            carry_out(act=act, at=at)
        except Stale:
            continue
        except DomainError as error:
            BodyAct.objects.filter(pk=act.pk, state=ActState.APPROVED).update(hindrance=str(error)[:400])
        else:
            done += 1
    return done


def end_with_projects(*, day: date, at: datetime) -> int:
    """Dissolve the temporary bodies whose project has ended by `day` and return how many (PO-06).

    Nobody has to ask for it: the body ends with the project. One that is spoken for by another act waits for it.
    """
    ended = BodyCharter.objects.filter(planned_end_on__lte=day, body__valid_until=None).select_related("body")
    return sum(_end(charter, at) for charter in ended.order_by("planned_end_on", "pk"))


@transaction.atomic
def _end(charter: BodyCharter, at: datetime) -> bool:
    body, day = charter.body, charter.planned_end_on
    if day is None or body.parent is None or open_act_of(body) is not None:
        return False
    act = BodyAct.objects.create(
        kind=ActKind.DISSOLVE, state=ActState.APPROVED, body=body, approver=body.parent, effective_on=day,
        grounds=_("项目结束，自然撤销（PO-06）"), proposed_at=at, decided_at=at,
    )  # fmt: skip
    ActPart.objects.create(act=act, place=PartPlace.SOURCE, number=1, body=body)
    record(
        Draft(ACT_PROPOSED, at, None, body=body.pk, attributes={"act": act.kind, "effective_on": day}, source=act)
    )  # fmt: skip
    try:
        with transaction.atomic():
            carry_out(act=act, at=at)
    except DomainError as error:
        act.hindrance = str(error)[:400]
        act.save(update_fields=["hindrance"])
        return False
    return True
