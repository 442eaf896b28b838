"""Tasks and their evidence as an actor may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.models import Person
from ronghe.domain.work.models import Evidence, Task
from ronghe.domain.work.rules import SEE_TASK, SETTLE_TASK
from ronghe.kernel.access.listing import Listed, list_seen


def tasks_seen_by(actor: Person, at: datetime) -> QuerySet[Task]:
    """Return the tasks that `actor` may see, the soonest deadline first: to be cut to one or a few."""
    rows = SEE_TASK.narrow(actor, Task.objects.all(), at=at, walk=True)
    return rows.select_related("assignee", "body", "zone").order_by("due_at", "pk")


def list_tasks(actor: Person, at: datetime, *, filters: Q | None = None, page: int = 1, size: int = 50) -> Listed[Task]:
    """Return one page of the tasks that `actor` may see, the soonest deadline first; two statements."""
    rows = Task.objects.filter(filters or Q()).select_related("assignee", "body", "zone")
    return list_seen(SEE_TASK, actor, rows, order_by=("due_at",), at=at, page=page, size=size)


def tasks_of(person: Person) -> QuerySet[Task]:
    """Return what `person` still owes, the soonest deadline first."""
    rows = Task.objects.filter(assignee=person).unfinished()
    ordered: QuerySet[Task] = rows.select_related("body", "zone").order_by("due_at", "pk")
    return ordered


def tasks_to_settle(actor: Person, at: datetime) -> QuerySet[Task]:
    """Return the submitted tasks that wait for `actor` to accept or return them, the longest waiting first."""
    waiting = Task.objects.filter(state="submitted")
    rows = SETTLE_TASK.narrow(actor, waiting, at=at)
    return rows.select_related("assignee", "body", "zone").order_by("submitted_at", "pk")


def evidence_of(task: Task) -> QuerySet[Evidence]:
    """Return the task's evidence, oldest first."""
    return task.evidence.select_related("file", "added_by").order_by("added_at", "pk")


def evidence_seen_by(actor: Person, at: datetime) -> QuerySet[Evidence]:
    """Return the evidence of the tasks that `actor` may see: to be cut to one piece or one file."""
    seen = SEE_TASK.narrow(actor, Task.objects.filter(pk=OuterRef("task_id")), at=at, walk=True)
    rows = Evidence.objects.filter(Exists(seen)).select_related("file", "task", "added_by")
    return rows.order_by("added_at", "pk")
