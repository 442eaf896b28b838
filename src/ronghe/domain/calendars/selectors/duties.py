"""What is owed, as entries of a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When

from ronghe.domain.calendars.calc.entries import Entry, Key
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope
from ronghe.domain.calendars.selectors.sources import source
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation, ObligationMove
from ronghe.domain.obligations.rules import SEE_OBLIGATION
from ronghe.domain.obligations.services.moving import days_open_to
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.facts.models import Fact

DAY = timedelta(days=1)
ACTIVITY = "rhythm.activity"
SHAPES = {ObligationState.MISSED: "failed"}
"""The shape of each state where it has another name than the state."""
_REVISIONS = 1_000
"""Recomputations of one obligation under one version stay below this."""


def duties_in(scope: Scope, span: DaySpan, at: datetime) -> QuerySet[Obligation]:
    """Return what the scope's bodies owe whose window or grace touches `span`, each with state, record and moves.

    `told_by` and `told_id` name the record that met it; `was_moved` tells whether its planned day was moved.
    """
    rows: Any = Obligation.objects.filter(
        body_id__in=scope.body_ids, window_from__lt=span.until_on, grace_until__gt=span.from_on
    )
    seen: Any = SEE_OBLIGATION.narrow(scope.actor, rows, at=at, walk=True)
    told = Fact.objects.filter(pk=OuterRef("match__fact"))
    moves = ObligationMove.objects.filter(
        body_id=OuterRef("body_id"), mechanism=OuterRef("mechanism"), occurrence=OuterRef("occurrence")
    )
    dated: QuerySet[Obligation] = (
        seen.with_state(day_of(at))
        .annotate(
            told_by=Subquery(told.values("source_type")[:1]),
            told_id=Subquery(told.values("source_id")[:1]),
            was_moved=Case(When(planned_on=None, then=False), default=Exists(moves)),
        )
        .select_related("body", "version", "match", "waiver")
        .order_by("due_on", "pk")
    )
    return dated


@source(EntryKind.DUTY)
def duty_entries(scope: Scope, span: DaySpan, at: datetime) -> list[Entry]:
    """Return the duties whose day lies in `span`."""
    today = day_of(at)
    entries = (duty_entry(row, today) for row in duties_in(scope, span, at))
    return [entry for entry in entries if entry.day in span]


def duty_entry(row: Any, today: date) -> Entry:
    """Return a row of `duties_in` as an entry.

    It stands on the day on which it was met, else on its planned day while that is to come, else on its last day in time.
    """
    state, match = ObligationState(row.state), getattr(row, "match", None)
    window = DaySpan(row.window_from, row.due_on + DAY)
    is_open = state in {ObligationState.UPCOMING, ObligationState.DUE}
    day = match.met_on if match is not None else (row.planned_on or row.due_on) if is_open else row.due_on
    return Entry(
        kind=EntryKind.DUTY,
        pk=row.pk,
        uid=f"duty-{row.body_id}-{row.mechanism}-{row.occurrence}",
        title=row.title,
        body_id=row.body_id,
        body=row.body.name,
        day=day,
        state=SHAPES.get(state, state.value),
        word=str(state.label),
        window=window,
        grace_until=row.grace_until if row.grace_until > window.until_on else None,
        movable=days_open_to(row, today),
        is_called_off=state is ObligationState.WAIVED,
        is_moved=row.was_moved,
        # An adoption of a newer version writes its duties anew, so versions count before revisions.
        sequence=row.version_id * _REVISIONS + min(row.revision, _REVISIONS - 1),
        revised_at=row.waiver.waived_at if hasattr(row, "waiver") else None,
        met_by=_record(row),
        role=row.definition.answers,
        group=row.mechanism,
    )


def _record(row: Any) -> Key | None:
    return (EntryKind.ACTIVITY, row.told_id) if row.told_by == ACTIVITY and row.told_id is not None else None
