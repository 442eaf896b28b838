"""Facts of an inspection and of a finding, in one place: of the visited body, its unit and zone."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.inspections.models import Inspection
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record


def tell(inspection: Inspection, kind: FactKind, actor: Person, at: datetime, **attributes: object) -> None:
    """Record a fact of an inspection."""
    body = inspection.body
    record(Draft(kind, at, actor, body=body.pk, unit=body.unit_id, attributes=attributes, source=inspection))


def tell_of(
    item: WorkItem, kind: FactKind, actor: Person, at: datetime, *, about: Person | None = None, **attributes: object
) -> None:
    """Record a fact of a finding; about its owner unless told."""
    record(
        Draft(
            kind, at, actor, about=about or item.owner, body=item.body_id, unit=item.unit_id, zone=item.zone_id,
            project=item.project_id, attributes=attributes, source=item,
        )
    )  # fmt: skip
