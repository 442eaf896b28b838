"""Facts of an idea that carry money: in yuan, about nobody, so that a saving is counted once."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.benefits.calc.reckoning import yuan
from ronghe.domain.items.models import WorkItem
from ronghe.domain.org.models import Person
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record


def tell_money(
    item: WorkItem, kind: FactKind, actor: Person, at: datetime, fen: int | None, *, reverses: Fact | None = None,
    **attributes: object,
) -> Fact:  # fmt: skip
    """Record a fact of an idea with an amount."""
    return record(
        Draft(
            kind, at, actor, body=item.body_id, unit=item.unit_id, zone=item.zone_id, project=item.project_id,
            quantity=yuan(fen) if fen is not None else None, attributes=attributes, source=item, reverses=reverses,
        )
    )  # fmt: skip
