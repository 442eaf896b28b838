"""What follows from the rhythm's acts in the same transaction: one of the three is opened and closed within its chain only.

Whoever closes the activity on its own page, by the API or the command line meets the same gate (SD-05).
"""

from __future__ import annotations

import json

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF, ACTIVITY_CLOSED, ACTIVITY_OPENED
from ronghe.domain.sitemeetings.enums import MEETING_OF
from ronghe.domain.sitemeetings.services.settling import refuse_outside, settle_calling_off, settle_closing
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ACTIVITY_OPENED)
def _opened(fact: Fact) -> None:
    if (kind := _kind(fact)) is not None and fact.source_id is not None:
        refuse_outside(fact.source_id, kind)


@on_fact(ACTIVITY_CLOSED)
def _closed(fact: Fact) -> None:
    if _kind(fact) is not None and fact.source_id is not None and fact.reverses is None:
        settle_closing(fact.source_id, fact.body, _by(fact))


@on_fact(ACTIVITY_CALLED_OFF)
def _called_off(fact: Fact) -> None:
    if _kind(fact) is not None and fact.source_id is not None:
        settle_calling_off(fact.source_id, _by(fact), fact.occurred_at)


def _kind(fact: Fact) -> str | None:
    """Return the kind of gathering where it is one of the three; most are not, and cost no statement."""
    kind = str(json.loads(fact.attributes).get("activity_type", ""))
    return kind if kind in MEETING_OF else None


def _by(fact: Fact) -> Person | None:
    return Person.objects.filter(token=fact.recorded_by).first() if fact.recorded_by is not None else None
