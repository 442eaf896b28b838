"""Tasks go on under another body when the one that gave them ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.work.facts import TASK_HANDED_OVER
from ronghe.domain.work.models import Task
from ronghe.kernel.facts.record import Draft, record_many


@transaction.atomic
def hand_over_tasks(*, tasks: Sequence[Task], body: PartyOrg, actor: Person, at: datetime) -> None:
    """Let `body` answer for `tasks` from now on; assignee and deadline stay. Part of the act that ends their body."""
    for task in tasks:
        task.body = body
    Task.objects.bulk_update(tasks, ["body"], batch_size=200)
    record_many(
        Draft(TASK_HANDED_OVER, at, actor, about=task.assignee, body=body.pk, zone=task.zone_id, source=task)
        for task in tasks
    )
