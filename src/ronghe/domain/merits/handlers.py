"""What follows from a step of an application, in the same transaction."""

from __future__ import annotations

from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.merits.rules import MERIT
from ronghe.domain.merits.services.counting import note_step
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ITEM_MOVED)
def _noted(fact: Fact) -> None:
    said = fact.values
    if said.get("item") != MERIT.id or fact.source_id is None or fact.recorded_by is None:
        return
    item = WorkItem.objects.select_related("body").get(pk=fact.source_id)
    actor = Person.objects.get(token=fact.recorded_by)
    note_step(item=item, step=str(said["step"]), actor=actor, at=fact.occurred_at)
