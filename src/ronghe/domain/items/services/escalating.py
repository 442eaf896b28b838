"""What time does: an item that stays open after its deadline goes up, a level at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ronghe.domain.items.facts import ITEM_ESCALATED
from ronghe.domain.items.models import ItemStep, WorkItem
from ronghe.domain.items.rules import declared_kinds
from ronghe.domain.items.services.telling import tell

AT_ONCE = 500


def escalate_overdue(*, at: datetime) -> int:
    """Raise the level of every open item that is overdue for as long as its kind lets it be; returns how many.

    Taken twice in an hour it does nothing the second time: a level is reached once.
    """
    moved = 0
    for kind in declared_kinds().values():
        for level, days in enumerate(kind.escalates_after_days, start=1):
            late = WorkItem.objects.filter(
                kind=kind.id, closed_at=None, level=level - 1, due_at__lte=at - timedelta(days=days)
            )
            rows = late.select_related("owner").order_by("due_at", "pk")[:AT_ONCE]
            moved += sum(_escalate(item, level, at) for item in rows)
    return moved


@transaction.atomic
def _escalate(item: WorkItem, level: int, at: datetime) -> bool:
    if not WorkItem.objects.filter(pk=item.pk, level=level - 1, closed_at=None).update(level=level):
        return False
    item.level = level
    ItemStep.objects.create(
        item=item, step="escalate", from_state=item.state, to_state=item.state, by=None, at=at, owner=item.owner,
        due_at=item.due_at, round=item.round, values={"level": level},
    )  # fmt: skip
    tell(item, ITEM_ESCALATED, None, at, level=level)
    return True
