"""What is planned, held, moved or called off, as entries of a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope, scope_with
from ronghe.domain.calendars.selectors.sources import source
from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.readers import day_read, moment_read, rows_of
from ronghe.domain.rhythm.enums import HUDDLES, ActivityState, ActivityType, ChangeKind
from ronghe.domain.rhythm.models import Activity, ActivityChange, ActivityHost
from ronghe.domain.rhythm.rules import SEE_ACTIVITY
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.periods import DaySpan
from ronghe.kernel.words import N_, _

SHAPES = {
    ActivityState.PLANNED: "upcoming",
    ActivityState.OPEN: "running",
    ActivityState.CLOSED: "done",
    ActivityState.CALLED_OFF: "waived",
}
NOT_HELD = N_("没有开")
MOVED_WITHIN = timedelta(days=366)
"""How far ahead the calendar offers to move a plan."""


def activities_in(scope: Scope, span: DaySpan, at: datetime) -> QuerySet[Activity]:
    """Return the activities of the scope's bodies, as main body or as host, whose day lies in `span`.

    `changes_made` and `changed_at` say how often and when the plan was changed last, `moves` how often it was moved.
    """
    hosted = ActivityHost.objects.filter(body_id__in=scope.body_ids).order_by().values("activity_id")
    rows = Activity.objects.filter(
        Q(body_id__in=scope.body_ids) | Q(pk__in=hosted), day__gte=span.from_on, day__lt=span.until_on
    )
    made = ActivityChange.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    moves = made.filter(kind=ChangeKind.MOVED)
    seen = SEE_ACTIVITY.narrow(scope.actor, rows, at=at, walk=True)
    return seen.annotate(
        changes_made=Coalesce(Subquery(made.annotate(n=Count("pk")).values("n")), 0),
        changed_at=Subquery(made.annotate(latest=Max("made_at")).values("latest")),
        moves=Coalesce(Subquery(moves.annotate(n=Count("pk")).values("n")), 0),
    ).select_related("body").order_by("day", "scheduled_from", "pk")  # fmt: skip


@source(EntryKind.ACTIVITY)
def activity_entries(scope: Scope, span: DaySpan, at: datetime) -> list[Entry]:
    """Return the activities whose day lies in `span`; one statement, its text kept by the reader's shape."""
    today = day_of(at)
    found = rows_of(_activities, scope.actor, at, key=(span.from_on, span.until_on), more=scope.numbers)
    return [_entry(_Held(*row), today) for row in found]


class _Held(NamedTuple):
    """A row of `activities_in` as its statement gives it."""

    pk: int
    body_id: int
    body: str
    activity_type: str
    state: str
    day: Any
    place: str
    scheduled_from: Any
    scheduled_until: Any
    opened_at: Any
    closed_at: Any
    changed_at: Any
    changes_made: int
    moves: int


def _activities(actor: Person, at: datetime, numbers: Sequence[int], from_on: date, until_on: date) -> Any:
    rows: Any = activities_in(scope_with(actor, at, numbers), DaySpan(from_on, until_on), at)
    return rows.values_list(
        "pk", "body_id", "body__name", "activity_type", "state", "day", "place", "scheduled_from", "scheduled_until",
        "opened_at", "closed_at", "changed_at", "changes_made", "moves",
    )  # fmt: skip


def _entry(row: _Held, today: date) -> Entry:
    """Return a row as an entry; whether the reader may move it is asked where it is picked."""
    state, day = ActivityState(row.state), day_read(row.day)
    assert day is not None  # the column holds one
    begins, opened, closed = (moment_read(at) for at in (row.scheduled_from, row.opened_at, row.closed_at))
    was_missed = state is ActivityState.PLANNED and day < today
    is_movable = state is ActivityState.PLANNED and begins is not None and row.activity_type not in HUDDLES
    return Entry(
        kind=EntryKind.ACTIVITY,
        pk=row.pk,
        uid=f"activity-{row.pk}",
        title=str(ActivityType(row.activity_type).label),
        body_id=row.body_id,
        body=row.body,
        day=day,
        state="attention" if was_missed else SHAPES[state],
        word=_(NOT_HELD) if was_missed else str(state.label),
        starts_at=begins or opened,
        ends_at=moment_read(row.scheduled_until) or closed,
        place=row.place,
        movable=DaySpan(today, today + MOVED_WITHIN) if is_movable else None,
        is_called_off=state is ActivityState.CALLED_OFF,
        is_moved=row.moves > 0,
        sequence=row.changes_made,
        revised_at=max((at for at in (moment_read(row.changed_at), opened, closed) if at), default=None),
    )
