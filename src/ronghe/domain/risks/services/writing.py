"""One more version of a risk: the row that says how it stands moves on, and has one winner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ronghe.domain.org.models import Person
from ronghe.domain.risks.enums import VersionKind
from ronghe.domain.risks.models import Risk, RiskVersion
from ronghe.kernel.errors import Stale


def write_version(
    risk: Risk, kind: VersionKind, actor: Person, at: datetime, /, *, valid_from: date, reason: str = "",
    source: tuple[str, int] | None = None, **changes: Any,
) -> RiskVersion:  # fmt: skip
    """Set `changes` on a standing risk and keep them as its next version. Who calls it asks the right and tells the fact.

    :raises Stale: the risk moved on, or was closed, since it was read
    """
    values = {**changes, "valid_from": valid_from, "version": risk.version + 1}
    if not Risk.objects.filter(pk=risk.pk, version=risk.version, closed_at=None).update(**values):
        raise Stale
    for name, value in values.items():
        setattr(risk, name, value)
    return RiskVersion.objects.create(
        risk=risk, number=risk.version, kind=kind, valid_from=valid_from, grade=risk.grade, measures=risk.measures,
        owner=risk.owner, review_on=risk.review_on, reason=reason, by=actor, at=at,
        source_type=source[0] if source else None, source_id=source[1] if source else None,
    )  # fmt: skip
