"""What follows from a step of a violation in the same transaction: overturned, it counts no more."""

from __future__ import annotations

from ronghe.domain.hazards.rules import VIOLATION
from ronghe.domain.hazards.services.settling import uncount
from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ITEM_MOVED)
def _uncount(fact: Fact) -> None:
    said = fact.values
    if said.get("item") != VIOLATION.id or said.get("step") != "overturn":
        return
    if fact.source_id is None or fact.recorded_by is None:
        return
    actor = Person.objects.get(token=fact.recorded_by)
    uncount(WorkItem.objects.get(pk=fact.source_id), actor, fact.occurred_at)
