"""What follows from a step of a finding in the same transaction: its next day, how often it came back, what a verdict becomes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ronghe.domain.inspections.facts import EFFECT_LOOKED_AT
from ronghe.domain.inspections.models import InspectionFinding, ItemVerdict
from ronghe.domain.inspections.rules import FINDING
from ronghe.domain.inspections.services.findings import answer_due, deadline
from ronghe.domain.inspections.services.grading import change_verdict
from ronghe.domain.inspections.services.telling import tell_of
from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact

_BACK = ("not_shown", "reopen")
"""It came back, or never went: counted, and a new measure is owed."""


@on_fact(ITEM_MOVED)
def _follow(fact: Fact) -> None:
    said = fact.values
    if said.get("item") != FINDING.id or fact.source_id is None or fact.recorded_by is None:
        return
    step = said.get("step")
    item = WorkItem.objects.select_related("body__unit", "owner", "inspection_finding").get(pk=fact.source_id)
    actor = Person.objects.get(token=fact.recorded_by)
    own: Any = item.inspection_finding
    at = fact.occurred_at
    if step == "carry_out":
        carried = local_day(at)
        effect = carried + timedelta(days=own.effect_days)
        _set(own, carried_on=carried, effect_on=effect)
        WorkItem.objects.filter(pk=item.pk).update(due_at=deadline(effect))
    if step in _BACK:
        _set(own, recurrences=own.recurrences + 1, carried_on=None, effect_on=None)
    if step in (*_BACK, "return", "uphold"):
        WorkItem.objects.filter(pk=item.pk).update(due_at=answer_due(item.body, at))
    if step == "return":
        _set(own, carried_on=None, effect_on=None)
    if step in ("shown", "not_shown"):
        # Whoever carried it out: after a measure that did not work nobody owns it any more.
        carrier = (
            ItemStep.objects.filter(item=item, step="carry_out").select_related("by").order_by("-at", "-pk").first()
        )
        about = carrier.by if carrier is not None else None
        tell_of(item, EFFECT_LOOKED_AT, actor, at, about=about, has_worked=step == "shown", times=own.recurrences)
    if step == "dismiss":
        for verdict in ItemVerdict.objects.filter(finding=item).select_related("inspection__body"):
            change_verdict(verdict, actor, at)


def _set(own: InspectionFinding, **changes: Any) -> None:
    InspectionFinding.objects.filter(pk=own.pk).update(**changes)
    for name, value in changes.items():
        setattr(own, name, value)
