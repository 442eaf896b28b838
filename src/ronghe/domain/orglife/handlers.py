"""What follows from the rhythm's acts in the same transaction: a session's sitting begins, and it is held."""

from __future__ import annotations

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.services.holding import note_begun, note_held
from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED, ACTIVITY_OPENED
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact

ACTIVITY = Activity._meta.label_lower  # noqa: SLF001 - Django's name


@on_fact(ACTIVITY_OPENED)
def _begun(fact: Fact) -> None:
    if fact.source_type == ACTIVITY and fact.source_id is not None:
        note_begun(activity_id=fact.source_id, at=fact.occurred_at)


@on_fact(ACTIVITY_CLOSED)
def _held(fact: Fact) -> None:
    if fact.source_type != ACTIVITY or fact.source_id is None or fact.reverses is not None:
        return
    actor = Person.objects.filter(token=fact.recorded_by).first() if fact.recorded_by is not None else None
    note_held(activity_id=fact.source_id, actor=actor, at=fact.occurred_at)
