"""A plan is drawn up, and its items are written; in force it is changed with a reason, as a new version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.planning.calc.contents import ItemText, as_data, changes_between, digest_of
from ronghe.domain.planning.enums import ItemKind, PlanKind, PlanState
from ronghe.domain.planning.facts import (
    PLAN_CHANGED,
    PLAN_DRAFTED,
)
from ronghe.domain.planning.models import Plan, PlanItem, PlanVersion
from ronghe.domain.planning.rules import (
    DRAW_PLAN,
    EDIT_PLAN,
)
from ronghe.domain.planning.selectors.plans import quarter_shown, text_of
from ronghe.domain.planning.services.checking import fill_checks
from ronghe.kernel.calendar.periods import PeriodKind, read_period
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

MOST_ITEMS = 200


class PlanThere(DomainError):
    code = "plan_there"
    sentence = N_("“%(body)s”已有 %(period)s 的计划，请在那一份里改。")


class PeriodNotPlanned(DomainError):
    code = "period_not_planned"
    sentence = N_("计划按年、半年或季度编：写 2026、2026H1 或 2026Q3。")
    status = 422


class ItemIncomplete(DomainError):
    code = "item_incomplete"
    sentence = N_("每一条要写内容、目标（文字或数值），数值和权重不能小于 0，权重不超过 100。")
    status = 422


class OwnersSame(DomainError):
    code = "owners_same"
    sentence = N_("%(name)s不能同时当生产负责人和党建负责人。四同要两个人一起做，请另选一人。")
    status = 422


class DueOutside(DomainError):
    code = "due_outside"
    sentence = N_("完成时限要在计划的期间里：%(from_on)s 到 %(until_on)s。")
    status = 422


class TooManyItems(DomainError):
    code = "too_many_items"
    sentence = N_("一份计划最多 %(most)s 条，请合并或分到下级。")
    status = 422


class ReasonMissing(DomainError):
    code = "plan_reason_missing"
    sentence = N_("计划已经确认，变更要写明原因。")
    status = 422


class NothingChanged(DomainError):
    code = "nothing_changed"
    sentence = N_("没有改动任何内容。")


@transaction.atomic
def draft_plan(
    *, body: PartyOrg, period: str, actor: Person, at: datetime, production_head: Person | None = None,
    drawn_from: Plan | None = None,
) -> Plan:  # fmt: skip
    """Draw up a plan; from an earlier one it takes what was not achieved there, with the day moved into the new period.

    :raises PeriodNotPlanned: no year, half or quarter
    :raises PlanThere: the body has a plan of this period
    """
    DRAW_PLAN.require(actor, body, at=at)
    meant = read_period(period)
    if meant.kind not in (PeriodKind.YEAR, PeriodKind.HALF, PeriodKind.QUARTER):
        raise PeriodNotPlanned
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                body=body, kind=PlanKind(meant.kind.value), period=meant.label, from_on=meant.span.from_on,
                until_on=meant.span.until_on, production_head=production_head, drawn_from=drawn_from,
                drafted_by=actor, drafted_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise PlanThere(body=body.name, period=meant.label) from error
    if drawn_from is not None:
        kept = drawn_from.items.filter(dropped_at=None, done_on=None).order_by("number")
        PlanItem.objects.bulk_create(_carried(plan, item, number) for number, item in enumerate(kept, start=1))
    _keep_digest(plan)
    attributes = {"period": plan.period, "items": plan.items.count()}
    record(Draft(PLAN_DRAFTED, at, actor, body=body.pk, attributes=attributes, source=plan))
    return plan


@transaction.atomic
def name_head(*, plan: Plan, person: Person, actor: Person, at: datetime) -> Plan:
    """Say who confirms for the production side; what the other one confirmed does not hold for the new one.

    :raises StepNotAllowed: the plan is closed
    """
    EDIT_PLAN.require(actor, plan, at=at)
    plan = held(plan)
    if plan.state == PlanState.CLOSED:
        raise StepNotAllowed(state=plan.get_state_display())
    plan.production_head = person
    plan.save(update_fields=["production_head"])
    record(Draft(PLAN_CHANGED, at, actor, about=person, body=plan.body_id,
                 attributes={"version": plan.version, "act": "head"}, source=plan))  # fmt: skip
    return plan


def add_item(*, plan: Plan, text: ItemText, actor: Person, at: datetime, reason: str = "") -> PlanItem:
    """Add an item; to a plan in force with the reason, as a new version that both heads confirm."""
    return add_items(plan=plan, texts=[text], actor=actor, at=at, reason=reason)[0]


@transaction.atomic
def add_items(
    *, plan: Plan, texts: Sequence[ItemText], actor: Person, at: datetime, reason: str = ""
) -> list[PlanItem]:
    """Add items in their order, all or none.

    :raises ItemIncomplete, OwnersSame, DueOutside: an item that does not hold together
    :raises TooManyItems: more than two hundred in one plan
    :raises ReasonMissing: a plan in force, and no reason
    :raises StepNotAllowed: the plan waits for the heads, or is closed
    """
    made: list[PlanItem] = []

    def act(fresh: Plan) -> None:
        last = fresh.items.aggregate(last=Max("number"))["last"] or 0
        if last + len(texts) > MOST_ITEMS:
            raise TooManyItems(most=MOST_ITEMS)
        for number, text in enumerate(texts, start=last + 1):
            refuse_item(fresh, text)
            made.append(PlanItem.objects.create(plan=fresh, number=number, **_fields(text)))

    _change(plan, act, actor, at, reason)
    return made


@transaction.atomic
def change_item(*, item: PlanItem, text: ItemText, actor: Person, at: datetime, reason: str = "") -> PlanItem:
    """Write an item anew.

    :raises DomainError: as `add_items`
    :raises NothingChanged: a plan in force, and the item is as it was
    """

    def act(fresh: Plan) -> None:
        refuse_item(fresh, text)
        for name, value in _fields(text).items():
            setattr(item, name, value)
        item.save()

    item.plan = _change(item.plan, act, actor, at, reason)
    return item


@transaction.atomic
def drop_item(*, item: PlanItem, reason: str, actor: Person, at: datetime) -> PlanItem:
    """Drop an item with the reason; it stays in the plan, struck through, and is asked for no more.

    :raises ReasonMissing: no reason
    :raises StepNotAllowed: it is dropped, or the plan waits for the heads or is closed
    """
    if not reason.strip():
        raise ReasonMissing

    def act(_fresh: Plan) -> None:
        if not PlanItem.objects.filter(pk=item.pk, dropped_at=None).update(dropped_at=at, drop_reason=reason.strip()):
            raise NothingChanged
        item.dropped_at, item.drop_reason = at, reason.strip()

    item.plan = _change(item.plan, act, actor, at, reason)
    return item


@transaction.atomic
def restore_item(*, item: PlanItem, actor: Person, at: datetime, reason: str = "") -> PlanItem:
    """Take a dropped item up again; in a plan in force with the reason."""

    def act(_fresh: Plan) -> None:
        changed = PlanItem.objects.filter(pk=item.pk, dropped_at__isnull=False).update(dropped_at=None, drop_reason="")
        if not changed:
            raise NothingChanged
        item.dropped_at, item.drop_reason = None, ""

    item.plan = _change(item.plan, act, actor, at, reason)
    return item


def refuse_item(plan: Plan, text: ItemText) -> None:
    """:raises ItemIncomplete, OwnersSame, DueOutside: the item does not hold together"""
    numbers = [value for value in (text.figure, text.weight) if value is not None]
    if (
        not text.title.strip() or text.kind not in ItemKind.values or (text.figure is None and not text.goal.strip())
        or any(value < 0 for value in numbers) or (text.weight or 0) > 100
    ):  # fmt: skip
        raise ItemIncomplete
    if text.production_owner == text.party_owner:
        name = Person.objects.filter(pk=text.party_owner).values_list("name", flat=True).first()
        raise OwnersSame(name=name or "")
    if not plan.from_on <= text.due_on < plan.until_on:
        last = plan.until_on.fromordinal(plan.until_on.toordinal() - 1)
        raise DueOutside(from_on=plan.from_on, until_on=last)


def _change(plan: Plan, act: Callable[[Plan], None], actor: Person, at: datetime, reason: str) -> Plan:
    """Do a change; a plan in force gets a new version with what changed and why."""
    EDIT_PLAN.require(actor, plan, at=at)
    fresh = held(plan)
    if fresh.state not in (PlanState.DRAFT, PlanState.AGREED):
        raise StepNotAllowed(state=fresh.get_state_display())
    is_in_force = fresh.state == PlanState.AGREED
    if is_in_force and not reason.strip():
        raise ReasonMissing
    before = contents_of(fresh) if is_in_force else []
    act(fresh)
    after = _keep_digest(fresh)
    if is_in_force:
        changes = changes_between(before, after)
        if not changes:
            raise NothingChanged
        fresh.version += 1
        fresh.save(update_fields=["version"])
        PlanVersion.objects.create(
            plan=fresh, number=fresh.version, digest=fresh.digest, contents=after, changes=changes,
            reason=reason.strip(), made_by=actor, made_at=at,
        )  # fmt: skip
        attributes = {"version": fresh.version, "act": changes[0]["act"]}
        record(Draft(PLAN_CHANGED, at, actor, body=fresh.body_id, attributes=attributes, source=fresh))
        fill_checks(plan=fresh, quarter=quarter_shown(fresh, "", local_day(at)), at=at)
    return fresh


def held(plan: Plan) -> Plan:
    """Hold the plan until the transaction ends."""
    return Plan.objects.select_for_update(of=("self",)).select_related("body", "production_head").get(pk=plan.pk)


def contents_of(plan: Plan) -> list[dict[str, Any]]:
    """Return the items as data, in the order of their numbers."""
    return [
        as_data(item.number, text_of(item), is_dropped=item.dropped_at is not None)
        for item in PlanItem.objects.filter(plan=plan).order_by("number")
    ]


def _keep_digest(plan: Plan) -> list[dict[str, Any]]:
    contents = contents_of(plan)
    plan.digest = digest_of(contents)
    plan.save(update_fields=["digest"])
    return contents


def _fields(text: ItemText) -> dict[str, Any]:
    return {
        "title": text.title.strip(), "kind": text.kind, "goal": text.goal.strip(), "figure": text.figure,
        "unit": text.unit.strip(), "production_owner_id": text.production_owner,
        "party_owner_id": text.party_owner, "due_on": text.due_on, "weight": text.weight,
    }  # fmt: skip


def _carried(plan: Plan, item: PlanItem, number: int) -> PlanItem:
    """Return an item of an earlier plan in a new one, due on the same day of the period, else on its last day."""
    gone = (item.due_on - item.plan.from_on).days
    last = plan.until_on.toordinal() - 1
    due = plan.from_on.fromordinal(min(plan.from_on.toordinal() + gone, last))
    fields = _fields(text_of(item)) | {"due_on": due}
    return PlanItem(plan=plan, number=number, **fields)
