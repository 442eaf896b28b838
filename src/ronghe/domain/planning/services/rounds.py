"""The check of a quarter is opened, walked and closed; closing freezes the matrix and meets the duty."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.matrix import is_asked, is_joint, tally
from ronghe.domain.planning.enums import ROUND_FLOW, Aspect, CheckState, PlanState
from ronghe.domain.planning.facts import CHECK_CLOSED, CHECK_OPENED, ITEM_CHECKED
from ronghe.domain.planning.models import CheckRound, Plan, RoundLine
from ronghe.domain.planning.rules import CHECK_PLAN
from ronghe.domain.planning.services.checking import ensure_checks, fill_checks
from ronghe.kernel.calendar.periods import DaySpan, Period, PeriodKind, read_period
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record, record_many
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class QuarterOutside(DomainError):
    code = "quarter_outside"
    sentence = N_("%(quarter)s 不在这份计划的期间里，或还没有开始。")
    status = 422


class RoundOver(DomainError):
    code = "round_over"
    sentence = N_("%(quarter)s 的四同检查已经结束，结果定下了。")


class NothingToCheck(DomainError):
    code = "nothing_to_check"
    sentence = N_("这个季度没有要检查的条目。")


class StillProposed(DomainError):
    code = "still_proposed"
    sentence = N_("还有 %(count)s 处等您认定：认定，或写明不适用、有异议，再结束检查。")


def quarter_called(plan: Plan, text: str, at: datetime) -> Period:
    """Return the quarter of the plan that `text` names and that has begun.

    :raises QuarterOutside: it is none of the plan's, or has not begun
    """
    quarter = read_period(text)
    inside = quarter.span.overlaps(DaySpan(plan.from_on, plan.until_on))
    if quarter.kind is not PeriodKind.QUARTER or not inside or quarter.span.from_on > local_day(at):
        raise QuarterOutside(quarter=quarter.label)
    return quarter


@transaction.atomic
def open_round(*, plan: Plan, quarter: str, actor: Person, at: datetime) -> CheckRound:
    """Begin the check of a quarter, or go on with it; what the records show is proposed at once.

    :raises QuarterOutside: no quarter of the plan, or one to come
    :raises RoundOver: it was closed
    :raises StepNotAllowed: the plan is not in force
    """
    CHECK_PLAN.require(actor, plan, at=at)
    if plan.state != PlanState.AGREED:
        raise StepNotAllowed(state=plan.get_state_display())
    meant = quarter_called(plan, quarter, at)
    found = CheckRound.objects.filter(plan=plan, quarter=meant.label).first()
    if found is not None and found.closed_at is not None:
        raise RoundOver(quarter=meant.label)
    if found is None:
        try:
            with transaction.atomic():
                found = CheckRound.objects.create(plan=plan, quarter=meant.label, opened_by=actor, opened_at=at)
        except IntegrityError:
            found = CheckRound.objects.get(plan=plan, quarter=meant.label)
        else:
            attributes = {"quarter": meant.label}
            record(Draft(CHECK_OPENED, at, actor, body=plan.body_id, attributes=attributes, source=plan))
    fill_checks(plan=plan, quarter=meant, at=at)
    return found


@transaction.atomic
def close_round(*, round: CheckRound, actor: Person, at: datetime) -> CheckRound:  # noqa: A002 - the word of the trade
    """Close the check of a quarter: the matrix stays as it is now. A fact for each item, and one that ends the check.

    What is a gap may stay one; what the platform proposed has to be decided first.

    :raises StillProposed: proposals that nobody decided
    :raises NothingToCheck: no item is asked in this quarter
    :raises StepNotAllowed: it is over
    """
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=round.plan_id)
    CHECK_PLAN.require(actor, plan, at=at)
    if plan.state != PlanState.AGREED:
        raise StepNotAllowed(state=plan.get_state_display())
    quarter = read_period(round.quarter)
    items = [
        item
        for item in plan.items.select_related("plan").order_by("number")
        if is_asked(quarter_from=quarter.span.from_on, done_on=item.done_on, is_dropped=item.dropped_at is not None)
    ]
    if not items:
        raise NothingToCheck
    checks = ensure_checks(items, quarter)
    waiting = sum(check.state == CheckState.PROPOSED for check in checks.values())
    if waiting:
        raise StillProposed(count=waiting)
    cells = {item.pk: [checks[item.pk, aspect].state for aspect in Aspect] for item in items}
    counts = tally(cells.values())
    ROUND_FLOW.advance(
        round, "close", closed_by=actor, closed_at=at, items=counts.items, joint=counts.joint, gaps=counts.gaps
    )
    RoundLine.objects.bulk_create(
        RoundLine(
            round=round, item=item, is_joint=is_joint(cells[item.pk]),
            **dict(zip(Aspect.values, cells[item.pk], strict=True)),
        )
        for item in items
    )  # fmt: skip
    record_many(
        Draft(ITEM_CHECKED, at, actor, body=plan.body_id, source=item, attributes={
            "quarter": quarter.label, "together": cells[item.pk].count(CheckState.CONFIRMED),
            "is_joint": is_joint(cells[item.pk]),
        })
        for item in items
    )  # fmt: skip
    attributes = {"quarter": quarter.label, "items": counts.items, "joint": counts.joint, "gaps": counts.gaps}
    record(Draft(CHECK_CLOSED, at, actor, body=plan.body_id, attributes=attributes, source=round))
    return round
