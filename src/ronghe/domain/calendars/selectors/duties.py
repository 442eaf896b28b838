"""What is owed, as entries of a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope, scope_with
from ronghe.domain.calendars.selectors.sources import source
from ronghe.domain.obligations.enums import ObligationState
from ronghe.domain.obligations.models import Obligation, ObligationMove
from ronghe.domain.obligations.rules import SEE_OBLIGATION
from ronghe.domain.obligations.services.moving import days_open_to
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.readers import day_read, moment_read, rows_of
from ronghe.domain.playbooks.models import PlaybookVersion
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
        .select_related("body", "version", "match", "waiver", "grade")
        .order_by("due_on", "pk")
    )
    return dated


@source(EntryKind.DUTY)
def duty_entries(scope: Scope, span: DaySpan, at: datetime) -> list[Entry]:
    """Return the duties whose day lies in `span`; one statement, its text kept by the reader's shape."""
    today = day_of(at)
    found = [
        _Duty(*row) for row in rows_of(_duties, scope.actor, at, key=(span.from_on, span.until_on), more=scope.numbers)
    ]
    versions = {row.version_id: PlaybookVersion(pk=row.version_id, digest=row.digest) for row in found}
    entries = (_entry(row, versions[row.version_id], today) for row in found)
    return [entry for entry in entries if entry.day in span]


class _Duty(NamedTuple):
    """A row of `duties_in` as its statement gives it."""

    pk: int
    body_id: int
    mechanism: str
    occurrence: str
    sitting: str | None
    window_from: Any
    due_on: Any
    grace_until: Any
    planned_on: Any
    revision: int
    is_settled: Any
    version_id: int
    digest: str
    body: str
    state: str
    met_on: Any
    waived_at: Any
    told_by: str | None
    told_id: int | None
    was_moved: Any


def _duties(actor: Person, at: datetime, numbers: Sequence[int], from_on: date, until_on: date) -> Any:
    rows: Any = duties_in(scope_with(actor, at, numbers), DaySpan(from_on, until_on), at)
    return rows.values_list(
        "pk", "body_id", "mechanism", "occurrence", "sitting", "window_from", "due_on", "grace_until", "planned_on", "revision",
        "is_settled", "version_id", "version__digest", "body__name", "state", "match__met_on", "waiver__waived_at", "told_by",
        "told_id", "was_moved",
    )  # fmt: skip


def _entry(row: _Duty, version: PlaybookVersion, today: date) -> Entry:
    """Return a row as an entry.

    It stands on the day on which it was met, else on its planned day while that is to come, else on its last day in time.
    """
    due_on, planned_on, met_on = _day(row.due_on), day_read(row.planned_on), day_read(row.met_on)
    duty = Obligation(
        pk=row.pk, body_id=row.body_id, mechanism=row.mechanism, occurrence=row.occurrence, sitting=row.sitting,
        window_from=_day(row.window_from), due_on=due_on, grace_until=_day(row.grace_until),
        planned_on=planned_on, is_settled=bool(row.is_settled), version=version,
    )  # fmt: skip
    state = ObligationState(row.state)
    window = DaySpan(duty.window_from, due_on + DAY)
    is_open = state in {ObligationState.UPCOMING, ObligationState.DUE}
    day = met_on if met_on is not None else (planned_on or due_on) if is_open else due_on
    return Entry(
        kind=EntryKind.DUTY,
        pk=row.pk,
        uid=f"duty-{row.body_id}-{row.mechanism}-{row.occurrence}",
        title=duty.title,
        body_id=row.body_id,
        body=row.body,
        day=day,
        state=SHAPES.get(state, state.value),
        word=str(state.label),
        window=window,
        grace_until=duty.grace_until if duty.grace_until > window.until_on else None,
        movable=days_open_to(duty, today),
        is_called_off=state is ObligationState.WAIVED,
        is_moved=bool(row.was_moved),
        # An adoption of a newer version writes its duties anew, so versions count before revisions.
        sequence=row.version_id * _REVISIONS + min(row.revision, _REVISIONS - 1),
        revised_at=moment_read(row.waived_at),
        met_by=(EntryKind.ACTIVITY, row.told_id) if row.told_by == ACTIVITY and row.told_id is not None else None,
        role=duty.definition.answers,
        group=row.mechanism,
    )


def _day(found: Any) -> date:
    """Return a day that is never missing."""
    day = day_read(found)
    assert day is not None  # the column holds one
    return day
