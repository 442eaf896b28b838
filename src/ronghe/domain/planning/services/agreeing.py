"""A plan is sent to both heads and confirmed by them; items are achieved; it is closed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.enums import PLAN_FLOW, PlanState, Side
from ronghe.domain.planning.facts import (
    ITEM_DONE,
    ITEM_UNDONE,
    PLAN_AGREED,
    PLAN_CLOSED,
    PLAN_CONFIRMED,
    PLAN_OFFERED,
    PLAN_REOPENED,
    PLAN_TAKEN_BACK,
)
from ronghe.domain.planning.models import Plan, PlanConfirmation, PlanItem, PlanVersion
from ronghe.domain.planning.rules import CONFIRM_FOR_PARTY, CONFIRM_FOR_PRODUCTION, EDIT_PLAN, FINISH_ITEM
from ronghe.domain.planning.selectors.plans import quarter_shown
from ronghe.domain.planning.services.checking import fill_checks
from ronghe.domain.planning.services.drafting import NothingChanged, contents_of, held
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class ResultMissing(DomainError):
    code = "result_missing"
    sentence = N_("请写明结果（文字或数值）；完成日期不能晚于今天。")
    status = 422


class NothingPlanned(DomainError):
    code = "nothing_planned"
    sentence = N_("计划里还没有条目，先加上再送确认。")


class HeadMissing(DomainError):
    code = "head_missing"
    sentence = N_("还没有选行政负责人。请先选定，由他代表生产一方确认。")
    status = 422


class HeadConfirmsBoth(DomainError):
    code = "head_confirms_both"
    sentence = N_("%(name)s已代表另一方确认。书记兼行政负责人的，请改选一名行政副职来确认生产一方。")


class ConfirmedAlready(DomainError):
    code = "confirmed_already"
    sentence = N_("这一方已经确认过了。")


@transaction.atomic
def offer_plan(*, plan: Plan, actor: Person, at: datetime) -> Plan:
    """Send a draft to both heads.

    :raises NothingPlanned, HeadMissing: it is not ready
    :raises StepNotAllowed: it is no draft
    """
    EDIT_PLAN.require(actor, plan, at=at)
    size = plan.items.filter(dropped_at=None).count()
    if not size:
        raise NothingPlanned
    if plan.production_head_id is None:
        raise HeadMissing
    PLAN_FLOW.advance(plan, "offer")
    record(Draft(PLAN_OFFERED, at, actor, body=plan.body_id, attributes={"items": size}, source=plan))
    return plan


@transaction.atomic
def take_plan_back(*, plan: Plan, actor: Person, at: datetime) -> Plan:
    """Take back what waits for the heads, to go on writing; what one of them confirmed holds only for what it said."""
    EDIT_PLAN.require(actor, plan, at=at)
    PLAN_FLOW.advance(plan, "take_back")
    record(Draft(PLAN_TAKEN_BACK, at, actor, body=plan.body_id, source=plan))
    return plan


@transaction.atomic
def confirm_plan(*, plan: Plan, side: Side, actor: Person, at: datetime) -> Plan:
    """Confirm the items as they stand, for one side; with the second head the plan is in force.

    :raises NotAllowed: no head of this side
    :raises HeadConfirmsBoth: the same person confirmed for the other side
    :raises ConfirmedAlready: this side has
    :raises StepNotAllowed: a draft, or closed
    """
    (CONFIRM_FOR_PARTY if side == Side.PARTY else CONFIRM_FOR_PRODUCTION).require(actor, plan, at=at)
    plan = held(plan)
    if plan.state not in (PlanState.OFFERED, PlanState.AGREED):
        raise StepNotAllowed(state=plan.get_state_display())
    given = {row.side: row for row in PlanConfirmation.objects.filter(plan=plan, digest=plan.digest)}
    if side in given:
        raise ConfirmedAlready
    if any(row.person_id == actor.pk for row in given.values()):
        raise HeadConfirmsBoth(name=actor.name)
    try:
        with transaction.atomic():
            PlanConfirmation.objects.create(plan=plan, side=side, digest=plan.digest, person=actor, confirmed_at=at)
    except IntegrityError as error:
        raise ConfirmedAlready from error
    attributes = {"side": side, "version": plan.version, "digest": plan.digest}
    record(Draft(PLAN_CONFIRMED, at, actor, body=plan.body_id, attributes=attributes, source=plan))
    if given and plan.state == PlanState.OFFERED:
        contents = contents_of(plan)
        if plan.version == 0:
            PlanVersion.objects.create(
                plan=plan, number=1, digest=plan.digest, contents=contents, made_by=actor, made_at=at
            )
        PLAN_FLOW.advance(plan, "agree", agreed_at=at, version=max(plan.version, 1))
        told = {"period": plan.period, "items": len(contents)}
        record(Draft(PLAN_AGREED, at, actor, body=plan.body_id, attributes=told, source=plan))
        fill_checks(plan=plan, quarter=quarter_shown(plan, "", local_day(at)), at=at)
    return plan


@transaction.atomic
def finish_item(
    *,
    item: PlanItem,
    done_on: date,
    actor: Person,
    at: datetime,
    result: str = "",
    result_figure: Decimal | None = None,
) -> PlanItem:
    """Say that an item is achieved, with what came of it; saying it again corrects it.

    :raises ResultMissing: neither words nor a figure, or a day to come
    :raises StepNotAllowed: the plan is not in force, or the item was dropped
    """
    FINISH_ITEM.require(actor, item, at=at)
    plan = held(item.plan)
    if plan.state != PlanState.AGREED or item.dropped_at is not None:
        raise StepNotAllowed(state=plan.get_state_display())
    if (not result.strip() and result_figure is None) or done_on > local_day(at):
        raise ResultMissing
    item.done_on, item.result, item.result_figure = done_on, result.strip(), result_figure
    item.save(update_fields=["done_on", "result", "result_figure"])
    attributes = {"day": done_on, "on_time": done_on <= item.due_on}
    record(Draft(ITEM_DONE, at, actor, body=plan.body_id, attributes=attributes, source=item))
    return item


@transaction.atomic
def unfinish_item(*, item: PlanItem, actor: Person, at: datetime) -> PlanItem:
    """Take back that an item is achieved.

    :raises NothingChanged: it is not
    """
    FINISH_ITEM.require(actor, item, at=at)
    if not PlanItem.objects.filter(pk=item.pk, done_on__isnull=False).update(
        done_on=None, result="", result_figure=None
    ):
        raise NothingChanged
    item.done_on, item.result, item.result_figure = None, "", None
    record(Draft(ITEM_UNDONE, at, actor, body=item.plan.body_id, source=item))
    return item


@transaction.atomic
def close_plan(*, plan: Plan, actor: Person, at: datetime) -> Plan:
    """Close a plan; what was not achieved can be carried into the next one."""
    EDIT_PLAN.require(actor, plan, at=at)
    PLAN_FLOW.advance(plan, "close", closed_at=at)
    rows = list(plan.items.filter(dropped_at=None).values_list("done_on", flat=True))
    attributes = {"done": sum(day is not None for day in rows), "items": len(rows)}
    record(Draft(PLAN_CLOSED, at, actor, body=plan.body_id, attributes=attributes, source=plan))
    return plan


@transaction.atomic
def reopen_plan(*, plan: Plan, actor: Person, at: datetime) -> Plan:
    """Open a plan again that was closed by mistake."""
    EDIT_PLAN.require(actor, plan, at=at)
    PLAN_FLOW.advance(plan, "reopen", closed_at=None)
    record(Draft(PLAN_REOPENED, at, actor, body=plan.body_id, source=plan))
    return plan
