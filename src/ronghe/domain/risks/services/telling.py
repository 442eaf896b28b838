"""Facts of the register, in one place: of which body, unit and zone."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.risks.models import Risk, RiskArea
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record


def tell(fact: FactKind, source: Risk | RiskArea, actor: Person, at: datetime, **said: object) -> None:
    """Record a fact of an area or of a risk in it; about a risk's owner."""
    area = source.area if isinstance(source, Risk) else source
    about = source.owner if isinstance(source, Risk) else None
    record(
        Draft(
            fact, at, actor, about=about, body=area.body_id, unit=area.unit_id, zone=area.zone_id, attributes=said,
            source=source,
        )
    )  # fmt: skip
