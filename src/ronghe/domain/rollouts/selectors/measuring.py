"""What a pilot's bodies did in a span of days, counted from duties and facts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.rollouts.calc.shares import Compared, Counted
from ronghe.domain.rollouts.enums import SHARES, Measure
from ronghe.domain.rollouts.models import Pilot, PilotMeasure
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.facts.models import Fact

CLOSED = "rhythm.activity_closed"
ACCEPTED = ("work.task_accepted", "claims.task_accepted")


def counted_in(bodies: Collection[int], span: DaySpan) -> Mapping[Measure, Counted]:
    """Return every measure of these bodies over the days of `span`: two statements.

    Duties count by the day that decides their period, waived ones not at all; meetings and tasks by the day of the act,
    reversed ones not at all.
    """
    owed = Obligation.objects.filter(body_id__in=bodies, waiver=None).counting_in(span.from_on, span.until_on)
    duties = owed.aggregate(
        whole=Count("pk"),
        met=Count("pk", filter=Q(match__isnull=False)),
        in_time=Count("pk", filter=Q(match__met_on__lte=F("due_on"))),
    )
    held = expected = present = done = on_time = 0
    for kind, text in _facts(bodies, span).values_list("kind", "attributes"):
        said = json.loads(text)
        if kind == CLOSED:
            held += 1
            expected += said.get("expected", 0)
            present += said.get("present", 0)
        else:
            done += 1
            on_time += bool(said.get("on_time"))
    return {
        Measure.ON_TIME: Counted(duties["in_time"], duties["whole"]),
        Measure.MET: Counted(duties["met"], duties["whole"]),
        Measure.HELD: Counted(held),
        Measure.PRESENT: Counted(present, expected),
        Measure.TASKS_DONE: Counted(done),
        Measure.TASKS_ON_TIME: Counted(on_time, done),
    }


def _facts(bodies: Collection[int], span: DaySpan) -> QuerySet[Fact]:
    since, until = span.moments()
    reversed_by = Fact.objects.filter(reverses=OuterRef("pk"))
    rows = Fact.objects.in_period(since, until).filter(~Exists(reversed_by), reverses=None, body__in=bodies)
    return rows.filter(kind__in=(CLOSED, *ACCEPTED)).order_by()


def spans_of(pilot: Pilot) -> tuple[DaySpan, DaySpan]:
    """Return the days before, as many as those of the pilot, and the days of the pilot."""
    length = pilot.until_on - pilot.from_on
    return DaySpan(pilot.from_on - length, pilot.from_on), DaySpan(pilot.from_on, pilot.until_on)


def before_and_after(pilot: Pilot) -> dict[Measure, Compared]:
    """Return the pilot's measures, in the order in which they are declared.

    Of a concluded pilot they are what was counted then; of a running one they are counted now.
    """
    rows = {Measure(row.measure): row for row in pilot.measures.all()}
    wanted = [measure for measure in Measure if measure in rows]
    if pilot.concluded_at is not None:
        return {measure: _kept(rows[measure]) for measure in wanted}
    bodies = [body.pk for body in pilot.bodies.all()]
    earlier, later = (counted_in(bodies, span) for span in spans_of(pilot))
    return {measure: Compared(earlier[measure], later[measure]) for measure in wanted}


def _kept(row: PilotMeasure) -> Compared:
    return Compared(
        Counted(row.before_part or 0, row.before_whole if row.measure in SHARES else None),
        Counted(row.after_part or 0, row.after_whole if row.measure in SHARES else None),
    )
