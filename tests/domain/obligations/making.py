"""Records of activities, as the rhythm's room writes them."""

from __future__ import annotations

from datetime import date, datetime

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import PartyOrg
from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def close(body: PartyOrg, day: date, activity_type: str = "theme_party_day", *, source=None, **counts: int) -> Fact:
    """Record that an activity of the body was closed, as the closing service does."""
    attributes = {"activity_type": activity_type, **counts}
    return record(Draft(ACTIVITY_CLOSED, at(day), None, body=body.pk, source=source, attributes=attributes))


def states(day: date, **wanted: object) -> dict[str, str]:
    rows = Obligation.objects.filter(**wanted).with_state(day).order_by("due_on", "pk")
    return dict(rows.values_list("occurrence", "state"))


def met_by() -> dict[tuple[str, str, str], int]:
    rows = Obligation.objects.filter(match__isnull=False).order_by("pk")
    return {
        (body, mechanism, occurrence): fact
        for body, mechanism, occurrence, fact in rows.values_list(
            "body__name", "mechanism", "occurrence", "match__fact"
        )
    }
