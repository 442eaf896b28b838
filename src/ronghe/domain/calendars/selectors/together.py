"""How one gathering meets several duties: on which day, of which kind, for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ronghe.domain.obligations.calc.matching import satisfactions
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.rules import SEE_OBLIGATION
from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.facts import ACTIVITY_CLOSED
from ronghe.kernel.calendar.calendars import WorkCalendar
from ronghe.kernel.calendar.moments import day_of

LOOKED_AT = 200
"""Open duties considered at most; nobody plans more at once."""
AHEAD = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Together:
    """A gathering of `activity_type` on `day` would meet `duties`, the one asked about first."""

    activity_type: str
    day: date
    duties: list[Obligation]

    @property
    def title(self) -> str:
        return str(ActivityType(self.activity_type).label)

    @property
    def other_bodies(self) -> list[int]:
        """The bodies that would hold it together with the first one."""
        return sorted({duty.body_id for duty in self.duties} - {self.duties[0].body_id})


def kinds_that_meet(duty: Obligation) -> list[str]:
    """Return the kinds of gathering whose record meets a duty, as far as the rest of the record is in order."""
    asked = [way for way in satisfactions(duty.definition, duty.sitting) if way.kind == ACTIVITY_CLOSED.name]
    named = [
        kind
        for way in asked
        for condition in way.where
        if condition.attribute == "activity_type"
        for kind in condition.any_of or ()
    ]
    return [kind for kind in dict.fromkeys(named) if kind in ActivityType.values]


def met_together(
    duty: Obligation, actor: Person, at: datetime, calendar: WorkCalendar, body_ids: Collection[int] = ()
) -> list[Together]:
    """Return for each kind of gathering that meets `duty` the working day on which it meets most, and what it meets.

    Looked at is what the duty's body, and `body_ids` beside it, still owe and `actor` may see. Mechanisms that may not
    share a record (`not_with`) never do.
    """
    if duty.is_settled:
        return []
    today = day_of(at)
    first, last = max(today, duty.window_from), min(duty.grace_until, today + AHEAD)
    if first >= last:
        return []
    rows: Any = Obligation.objects.filter(
        body_id__in={duty.body_id, *body_ids}, is_settled=False, window_from__lt=last, grace_until__gt=first
    ).exclude(pk=duty.pk)
    seen = SEE_OBLIGATION.narrow(actor, rows, at=at, walk=True).select_related("body", "version")
    others = list(seen.order_by("due_on", "pk")[:LOOKED_AT])
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    found = []
    for kind in kinds_that_meet(duty):
        fitting = [other for other in others if kind in kinds_that_meet(other)]
        sets = {day: _met_on(day, duty, fitting) for day in days}
        best = max(days, key=lambda day: _worth(day, duty, len(sets[day]), calendar))
        found.append(Together(kind, best, sets[best]))
    return found


def _met_on(day: date, duty: Obligation, others: Iterable[Obligation]) -> list[Obligation]:
    """Each body and mechanism takes one record once, the duty due first."""
    met = [duty]
    for other in others:
        if not other.window_from <= day < other.grace_until:
            continue
        if any(_bar_each_other(other, one) or _is_same_duty(other, one) for one in met):
            continue
        met.append(other)
    return met


def _is_same_duty(one: Obligation, other: Obligation) -> bool:
    return (one.body_id, one.mechanism) == (other.body_id, other.mechanism)


def _bar_each_other(one: Obligation, other: Obligation) -> bool:
    return other.mechanism in one.definition.not_with or one.mechanism in other.definition.not_with


def _worth(day: date, duty: Obligation, count: int, calendar: WorkCalendar) -> tuple[int, bool, bool, bool, int]:
    """Most met first; then in time, on the planned day, on a working day, and soon."""
    return (count, day <= duty.due_on, day == duty.planned_on, calendar.is_working(day), -day.toordinal())
