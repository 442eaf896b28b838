"""What follows from a step of a claimed task in the same transaction: an accepted one is told as tasks are."""

from __future__ import annotations

from ronghe.domain.claims.rules import CLAIM_TASK
from ronghe.domain.claims.services.crediting import credit_accepted
from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ITEM_MOVED)
def _credit(fact: Fact) -> None:
    said = fact.values
    if (said.get("item"), said.get("step")) != (CLAIM_TASK.id, "accept"):
        return
    if fact.source_id is None or fact.recorded_by is None:
        return
    item = WorkItem.objects.select_related("owner").get(pk=fact.source_id)
    credit_accepted(item=item, actor=Person.objects.get(token=fact.recorded_by), at=fact.occurred_at)
