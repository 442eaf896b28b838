"""What bodies owed in a period, as it stands on the day of computing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from ronghe.domain.obligations.models import Obligation
from ronghe.kernel.calendar.periods import DAY, DaySpan

AT_A_TIME = 500
"""Bodies asked for at once: SQLite bears a limited number of values in one statement."""


def obligations_in(bodies: Collection[int], span: DaySpan, *, day: date) -> Iterator[dict[str, Any]]:
    """Yield the obligations that count in `span`, in the order of body, mechanism and occurrence."""
    wanted = sorted(bodies)
    for start in range(0, len(wanted), AT_A_TIME):
        rows = Obligation.objects.counting_in(span.from_on, span.until_on).with_state(day)
        rows = rows.filter(body_id__in=wanted[start : start + AT_A_TIME]).order_by("body_id", "mechanism", "occurrence")
        columns = ("body_id", "mechanism", "occurrence", "counts_on", "state", "match__fact")
        for body, mechanism, occurrence, counts_on, state, fact in rows.values_list(*columns).iterator(
            chunk_size=5_000
        ):
            yield {
                "mechanism": mechanism, "occurrence": occurrence, "body": body, "due_until": counts_on + DAY,
                "state": str(state), "record": fact,
            }  # fmt: skip
