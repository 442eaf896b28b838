"""Facts of an item, in one place: about whom, of which body, zone and project."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record


def tell(
    item: WorkItem, kind: FactKind, actor: Person | None, at: datetime, *, about: Person | None = None,
    **attributes: object,
) -> None:  # fmt: skip
    """Record a fact of the item; about its owner unless told."""
    record(
        Draft(
            kind, at, actor, about=about or item.owner, body=item.body_id, unit=item.unit_id, zone=item.zone_id,
            project=item.project_id, attributes={"item": item.kind, **attributes}, source=item,
        )
    )  # fmt: skip
