"""What follows from the steps of the room's items: an agreed loss counts."""

from __future__ import annotations

from ronghe.domain.control.rules import LOSS
from ronghe.domain.control.services.losing import count_agreed
from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ITEM_MOVED)
def _count_agreed_loss(fact: Fact) -> None:
    """Count idle hours and rework once, when the other side confirms."""
    said = fact.values
    if said.get("item") != LOSS.id or said.get("step") != "confirm":
        return
    if fact.source_id is None or fact.recorded_by is None:
        return
    actor = Person.objects.get(token=fact.recorded_by)
    count_agreed(WorkItem.objects.get(pk=fact.source_id), actor, fact.occurred_at)
