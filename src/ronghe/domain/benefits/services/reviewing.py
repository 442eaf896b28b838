"""An estimate is approved: once, or a second time by the level above where the unit wants that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.benefits.calc.reckoning import MOST_FEN
from ronghe.domain.benefits.facts import APPROVED, LIMIT_SET
from ronghe.domain.benefits.models import BenefitCase, BenefitLimit
from ronghe.domain.benefits.rules import BENEFIT, SET_LIMIT
from ronghe.domain.benefits.selectors.limits import limit_of
from ronghe.domain.benefits.services.telling import tell_money
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class LimitUnfit(DomainError):
    code = "benefit_limit_unfit"
    sentence = N_("复审金额请填不小于 0 的数，最多 2 位小数；不填就是不要复审。")
    status = 422


@transaction.atomic
def approve_idea(*, item: WorkItem, actor: Person, at: datetime, note: str = "") -> WorkItem:
    """Approve an estimate. Above the unit's amount it goes on to a second reviewer of the level above.

    :raises NotAllowed: who raised or estimated it does not review it, nor does the first reviewer a second time
    :raises StepNotAllowed, Stale: as any step
    """
    case = BenefitCase.objects.filter(item=item).first()
    is_second = item.state == "second"
    step = "approve_above" if is_second else "pass_up" if case and _needs_second(item, case, at) else "approve"
    go(item=item, spec=BENEFIT.step_by_id[step], actor=actor, at=at, said=Said(note=note))
    reviewed: dict[str, object] = {"second_reviewer" if is_second else "first_reviewer": actor}
    if step != "pass_up":
        reviewed["approved_on"] = local_day(at)
    BenefitCase.objects.filter(item=item).update(**reviewed)
    if step != "pass_up" and case is not None:
        tell_money(item, APPROVED, actor, at, case.estimated_fen, is_second=is_second)
    return item


@transaction.atomic
def set_limit(*, body: PartyOrg, fen: int | None, actor: Person, at: datetime) -> BenefitLimit:
    """Say above which estimate this body and those below it want a second review; `None` wants none.

    :raises LimitUnfit: below nought, or too large
    """
    SET_LIMIT.require(actor, body, at=at)
    if fen is not None and not 0 <= fen <= MOST_FEN:
        raise LimitUnfit
    made = BenefitLimit.objects.create(body=body, fen=fen, set_by=actor, set_at=at)
    amount = {} if fen is None else {"yuan": fen // 100}
    record(Draft(LIMIT_SET, at, actor, body=body.pk, attributes=amount, source=made))
    return made


def _needs_second(item: WorkItem, case: BenefitCase, at: datetime) -> bool:
    if item.body.parent_id is None or case.estimated_fen is None:
        return False
    limit = limit_of(item.body_id, day_of(at))
    return limit is not None and limit.fen is not None and case.estimated_fen > limit.fen
