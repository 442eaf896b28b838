"""The list of corrections: its lines with the state of their tasks, last year's, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from ronghe.domain.orglife.enums import ListLevel
from ronghe.domain.orglife.models import Correction, LifeSession
from ronghe.domain.work.enums import TaskState

SETTLED = frozenset({TaskState.ACCEPTED, TaskState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is: lines, accepted, carried over, overdue; cancelled lines do not count."""

    listed: int
    done: int
    carried: int
    overdue: int

    @property
    def percent(self) -> int:
        """Whole percent of the lines that are accepted, cut off: 100 only when all are."""
        return self.done * 100 // self.listed if self.listed else 0

    @property
    def open(self) -> int:
        return self.listed - self.done - self.carried


def corrections_of(session: LifeSession) -> list[Correction]:
    """Return the lines, the branch's first, then by deadline: one read."""
    rows = session.corrections.select_related("task__assignee", "member__person")
    order = list(ListLevel)
    return sorted(rows, key=lambda row: (order.index(ListLevel(row.level)), row.task.due_at, row.pk))


def last_years(session: LifeSession) -> list[Correction]:
    """Return what an earlier session left: all lines of the one before, and what was carried from before that and is open.

    They stand first in the next one (PM-06).
    """
    earlier = Correction.objects.filter(session__body=session.body_id, session__year__lt=session.year)
    newest = earlier.order_by("-session__year").values_list("session__year", flat=True).first()
    if newest is None:
        return []
    open_carried = Q(carried_at__isnull=False) & ~Q(task__state__in=sorted(SETTLED))
    rows = earlier.filter(Q(session__year=newest) | open_carried)
    return list(
        rows.select_related("task__assignee", "session", "member__person").order_by(
            F("carried_at").desc(nulls_last=True), "task__due_at", "pk"
        )
    )


def progress_of(rows: list[Correction], at: datetime) -> Progress:
    """Return how far the lines are at `at`."""
    kept = [row for row in rows if row.task.state != TaskState.CANCELLED]
    done = sum(1 for row in kept if row.task.state == TaskState.ACCEPTED)
    carried = sum(1 for row in kept if row.carried_at is not None and row.task.state != TaskState.ACCEPTED)
    return Progress(len(kept), done, carried, sum(1 for row in kept if row.task.is_overdue(at)))


def open_lines(session: LifeSession) -> QuerySet[Correction]:
    """Return the lines that keep a session open: neither accepted nor cancelled nor carried over."""
    return session.corrections.filter(carried_at=None).exclude(task__state__in=sorted(SETTLED))
