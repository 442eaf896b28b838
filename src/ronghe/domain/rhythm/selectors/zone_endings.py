"""What of a zone is still open in the rooms of work and rhythm, for whoever is about to dissolve it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ronghe.domain.rhythm.enums import ActivityState
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.enums import TASK_FLOW
from ronghe.domain.work.models import Task
from ronghe.domain.zones.models import CollaborationZone

SETTLED_STATES = frozenset(step.target for name, step in TASK_FLOW.steps.items() if name in {"accept", "cancel"})


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Meetings going on or planned, and tasks that nobody has accepted or cancelled yet, soonest first."""

    going_on: list[Activity]
    planned: list[Activity]
    tasks: list[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.going_on or self.planned or self.tasks)


def activities_left(zone: CollaborationZone, state: ActivityState) -> QuerySet[Activity]:
    """Return the zone's activities in `state`, soonest first."""
    rows = Activity.objects.filter(_of(zone), state=state).select_related("body")
    return rows.order_by("day", "scheduled_from", "pk")


def tasks_left(zone: CollaborationZone) -> QuerySet[Task]:
    """Return the zone's tasks that are not settled, soonest due first."""
    rows = Task.objects.filter(_of(zone)).exclude(state__in=sorted(SETTLED_STATES)).select_related("assignee")
    return rows.order_by("due_at", "pk")


def left_open(zone: CollaborationZone) -> LeftOpen:
    """Return what the end of a zone would leave open; three statements."""
    return LeftOpen(
        list(activities_left(zone, ActivityState.OPEN)), list(activities_left(zone, ActivityState.PLANNED)),
        list(tasks_left(zone)),
    )  # fmt: skip


def _of(zone: CollaborationZone) -> Q:
    return Q(zone=zone.pk) | Q(body__isnull=False, body=zone.body_id)
