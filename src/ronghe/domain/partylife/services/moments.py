"""When an act of an earlier day counts."""

from __future__ import annotations

from datetime import date, datetime, time

from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import reverse

NOON = time(12)


def counted_at(day: date, at: datetime) -> datetime:
    """Return the moment of recording on the day itself, else noon of its day."""
    return at if local_day(at) == day else datetime.combine(day, NOON, SHANGHAI)


def reverse_fact(kind: str, source: str, pk: int, *, by: object, at: datetime) -> None:
    """Reverse the one standing fact of a kind that a record told."""
    rows = Fact.objects.filter(kind=kind, source_type=source, source_id=pk, reverses=None)
    reverse(rows.get(), by=by, at=at)  # type: ignore[arg-type]
