"""What follows from others' acts in the same transaction: a class is told when its activity is closed."""

from __future__ import annotations

from ronghe.domain.org.models import Person
from ronghe.domain.partylife.services.classes import put_topic, settle_class
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF, ACTIVITY_CLOSED, ACTIVITY_OPENED
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact

SOURCE = "rhythm.activity"


def _follow(fact: Fact) -> None:
    said = fact.values
    if fact.source_type != SOURCE or fact.source_id is None or fact.recorded_by is None or fact.reverses is not None:
        return
    if said.get("activity_type") == ActivityType.PARTY_HISTORY_CLASS:
        actor = Person.objects.get(token=fact.recorded_by)
        act = put_topic if fact.kind == ACTIVITY_OPENED.name else settle_class
        act(activity_id=fact.source_id, actor=actor, at=fact.occurred_at)


for _kind in (ACTIVITY_OPENED, ACTIVITY_CLOSED, ACTIVITY_CALLED_OFF):
    on_fact(_kind)(_follow)
