"""What follows from a step of a need in the same transaction: ratings and verified gains, as facts of their own."""

from __future__ import annotations

from ronghe.domain.items.facts import ITEM_MOVED
from ronghe.domain.items.models import WorkItem
from ronghe.domain.needs.rules import NEED
from ronghe.domain.needs.services.measuring import note_gain, note_rating
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact

_RATINGS = {"rate": True, "reopen": False}


@on_fact(ITEM_MOVED)
def _measure(fact: Fact) -> None:
    said = fact.values
    step = str(said.get("step"))
    if said.get("item") != NEED.id or (step not in _RATINGS and step != "close"):
        return
    if fact.source_id is None or fact.recorded_by is None:
        return
    item = WorkItem.objects.select_related("owner").get(pk=fact.source_id)
    actor = Person.objects.get(token=fact.recorded_by)
    if step == "close":
        note_gain(item=item, actor=actor, at=fact.occurred_at)
    else:
        note_rating(item=item, is_solved=_RATINGS[step], actor=actor, at=fact.occurred_at)
