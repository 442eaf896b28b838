"""Facts of a challenge, in one place."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record


def tell(
    item: WorkItem, kind: FactKind, actor: Person, at: datetime, *, about: Person | None = None,
    quantity: Decimal | None = None, **attributes: object,
) -> None:  # fmt: skip
    """Record a fact of the challenge; `about` is whom it is credited to, if anybody."""
    record(
        Draft(kind, at, actor, about=about, body=item.body_id, zone=item.zone_id, project=item.project_id,
              quantity=quantity, attributes=attributes, source=item)
    )  # fmt: skip
