"""Every act of this room as a fact, where it belongs."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from ronghe.domain.org.models import Person
from ronghe.domain.pools.models import Pool, Side
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record


def tell(
    fact: FactKind, pool: Pool, side: Side, *, source: models.Model, actor: Person, at: datetime, **said: object
) -> None:
    """Record a fact about one side of a pool.

    In a zone it belongs to the zone's branch and the unit; in an agreement to the party's own body, so that it counts for
    that body's duties, and to the project.
    """
    if side.party is None:
        zone, unit = pool.zone, side.unit
        assert zone is not None
        assert unit is not None  # a side that is no party is a unit of a zone
        draft = Draft(fact, at, actor, body=zone.body_id, unit=unit.pk, zone=zone.pk, attributes=said, source=source)
    else:
        party = side.party
        draft = Draft(
            fact, at, actor, body=party.body_id, unit=party.unit_id or party.body.unit_id,
            project=party.agreement.project_id, attributes=said, source=source,
        )  # fmt: skip
    record(draft)
