"""What follows from an activity's own acts, in the same transaction: its topic, lecture or visit goes along."""

from __future__ import annotations

from ronghe.domain.exchange.services.planning import (
    put_topic_down,
    take_note_of_calling_off,
    take_note_of_closing,
    take_note_of_moving,
)
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF, ACTIVITY_CLOSED, ACTIVITY_MOVED, ACTIVITY_OPENED
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact

KINDS = frozenset({"joint_study", "member_lecture", "learning_visit"})


@on_fact(ACTIVITY_OPENED)
def _opened(fact: Fact) -> None:
    actor = _actor(fact)
    if _is_ours(fact) and fact.source_id is not None and actor is not None:
        put_topic_down(fact.source_id, actor, fact.occurred_at)


@on_fact(ACTIVITY_CLOSED)
def _closed(fact: Fact) -> None:
    if _is_ours(fact) and fact.source_id is not None and fact.reverses is None:
        take_note_of_closing(fact.source_id, _actor(fact), fact.occurred_at)


@on_fact(ACTIVITY_CALLED_OFF)
def _called_off(fact: Fact) -> None:
    if _is_ours(fact) and fact.source_id is not None:
        take_note_of_calling_off(fact.source_id)


@on_fact(ACTIVITY_MOVED)
def _moved(fact: Fact) -> None:
    if _is_ours(fact) and fact.source_id is not None:
        take_note_of_moving(fact.source_id)


def _is_ours(fact: Fact) -> bool:
    """Tell whether the gathering may have been planned here; nothing is read for the thousand others."""
    return fact.values.get("activity_type") in KINDS


def _actor(fact: Fact) -> Person | None:
    return Person.objects.filter(token=fact.recorded_by).first() if fact.recorded_by is not None else None
