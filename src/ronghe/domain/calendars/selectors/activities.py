"""What is planned, held, moved or called off, as entries of a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ronghe.domain.calendars.calc.entries import Entry
from ronghe.domain.calendars.enums import EntryKind
from ronghe.domain.calendars.selectors.scopes import Scope
from ronghe.domain.calendars.selectors.sources import source
from ronghe.domain.rhythm.enums import ActivityState, ChangeKind
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
    """Return the activities whose day lies in `span`."""
    today = day_of(at)
    return [activity_entry(row, today) for row in activities_in(scope, span, at)]


def activity_entry(row: Any, today: date) -> Entry:
    """Return a row of `activities_in` as an entry; whether the reader may move it is asked where it is picked."""
    state = ActivityState(row.state)
    was_missed = state is ActivityState.PLANNED and row.day < today
    is_movable = state is ActivityState.PLANNED and row.scheduled_from is not None and not row.is_huddle
    return Entry(
        kind=EntryKind.ACTIVITY,
        pk=row.pk,
        uid=f"activity-{row.pk}",
        title=row.get_activity_type_display(),
        body_id=row.body_id,
        body=row.body.name,
        day=row.day,
        state="attention" if was_missed else SHAPES[state],
        word=_(NOT_HELD) if was_missed else row.get_state_display(),
        starts_at=row.scheduled_from or row.opened_at,
        ends_at=row.scheduled_until or row.closed_at,
        place=row.place,
        movable=DaySpan(today, today + MOVED_WITHIN) if is_movable else None,
        is_called_off=state is ActivityState.CALLED_OFF,
        is_moved=row.moves > 0,
        sequence=row.changes_made,
        revised_at=max((at for at in (row.changed_at, row.opened_at, row.closed_at) if at), default=None),
    )
