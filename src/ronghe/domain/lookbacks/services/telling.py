"""Facts of a look-back: of its body, zone and project."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record


def tell_of(
    item: WorkItem, kind: FactKind, actor: Person, at: datetime, *, about: Person | None = None, **attributes: object
) -> None:
    """Record a fact of a look-back; about its owner unless told."""
    record(
        Draft(
            kind, at, actor, about=about or item.owner, body=item.body_id, unit=item.unit_id, zone=item.zone_id,
            project=item.project_id, attributes=attributes, source=item,
        )
    )  # fmt: skip
