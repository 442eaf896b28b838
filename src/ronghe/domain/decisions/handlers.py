"""What meetings do to the matters before them: opened, they get them on the agenda; over or called off, they let them go."""

from __future__ import annotations

from ronghe.domain.decisions.models import Sitting
from ronghe.domain.decisions.services.meetings import leave_agenda, put_on_agenda
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF, ACTIVITY_CLOSED, ACTIVITY_MOVED, ACTIVITY_OPENED
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ACTIVITY_OPENED)
def bring_matters(fact: Fact) -> None:
    """Put the matters that wait for this meeting on its agenda, in the order in which they were put down."""
    actor = _actor(fact)
    for sitting in _waiting(fact):
        if sitting.item_id is None and actor is not None:
            put_on_agenda(sitting, actor, fact.occurred_at)


@on_fact(ACTIVITY_CLOSED)
@on_fact(ACTIVITY_CALLED_OFF)
def let_matters_go(fact: Fact) -> None:
    """What was not settled waits for another meeting."""
    actor = _actor(fact)
    for sitting in _waiting(fact):
        leave_agenda(sitting, actor, fact.occurred_at)


@on_fact(ACTIVITY_MOVED)
def follow_the_day(fact: Fact) -> None:
    """Keep the day on which the matter is dealt with as the meeting's."""
    for sitting in _waiting(fact):
        if sitting.activity is not None:
            sitting.held_on = sitting.activity.day
            sitting.save(update_fields=["held_on"])


def _waiting(fact: Fact) -> list[Sitting]:
    if fact.source_type != "rhythm.activity":
        return []
    rows = Sitting.objects.filter(activity=fact.source_id, outcome=None)
    return list(rows.select_related("matter__body", "activity__body").order_by("pk"))


def _actor(fact: Fact) -> Person | None:
    return None if fact.recorded_by is None else Person.objects.filter(token=fact.recorded_by).first()
