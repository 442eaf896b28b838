"""What follows from others' acts in the same transaction: with a zone, an agreement or a unit's part its pool ends."""

from __future__ import annotations

from ronghe.domain.agreements.facts import ENDED
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.org.models import Person
from ronghe.domain.pools.models import Pool
from ronghe.domain.pools.services.ending import cancel_of_unit, cancel_what_is_left
from ronghe.domain.zones.enums import LIVING
from ronghe.domain.zones.facts import UNIT_LEFT, ZONE_DISSOLVED
from ronghe.domain.zones.models import CollaborationZone, ParticipatingUnit
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import on_fact


@on_fact(ZONE_DISSOLVED)
def _zone_dissolved(fact: Fact) -> None:
    if fact.zone is not None:
        _end(Pool(zone=CollaborationZone.objects.get(pk=fact.zone)), fact)


@on_fact(UNIT_LEFT)
def _unit_left(fact: Fact) -> None:
    """One unit goes while the zone stays; where the zone goes, it is said once for all."""
    party = ParticipatingUnit.objects.select_related("zone", "unit").get(pk=fact.source_id or 0)
    if party.zone.state in LIVING and fact.recorded_by is not None:
        cancel_of_unit(party=party, actor=Person.objects.get(token=fact.recorded_by), at=fact.occurred_at)


@on_fact(ENDED)
def _agreement_ended(fact: Fact) -> None:
    """Once for each side; whoever comes second finds nothing left."""
    if fact.source_id is not None:
        _end(Pool(agreement=Agreement.objects.get(pk=fact.source_id)), fact)


def _end(pool: Pool, fact: Fact) -> None:
    if fact.recorded_by is not None:
        cancel_what_is_left(pool=pool, actor=Person.objects.get(token=fact.recorded_by), at=fact.occurred_at)
