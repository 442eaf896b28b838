"""Who did a claimed task has the credit of a task: told once, when somebody else accepts it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from ronghe.domain.claims.facts import TASK_ACCEPTED
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.services.telling import tell
from ronghe.domain.org.models import Person


def credit_accepted(*, item: WorkItem, actor: Person, at: datetime) -> None:
    """Tell of an accepted task about its owner; the right was asked by the step that accepts."""
    on_time = bool(in_time([item]))
    tell(item, TASK_ACCEPTED, actor, at, about=item.owner, on_time=on_time, rounds=item.round)


def in_time(items: Collection[WorkItem]) -> list[WorkItem]:
    """Return those of the tasks that were last handed in by their deadline: who judges late makes nobody late."""
    handed_in = dict(
        ItemStep.objects.filter(item__in=items, step="submit").values_list("item").annotate(last=Max("at")).order_by()
    )
    return [item for item in items if item.due_at is None or handed_in[item.pk] <= item.due_at]
