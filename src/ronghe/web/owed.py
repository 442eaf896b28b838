"""How much the reader owes in each place of the menu: one statement, whatever there is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from ronghe.domain.org.models import Person
from ronghe.domain.org.selectors.readers import rows_of
from ronghe.domain.reminders.selectors import waiting_for
from ronghe.domain.work.enums import UNFINISHED
from ronghe.domain.work.models import Task
from ronghe.domain.work.rules import SETTLE_TASK


def owed_by(actor: Person, at: datetime) -> dict[str, int]:
    """Return menu item id → count: tasks to do, and submitted tasks that wait for the reader's decision.

    `reminders` is what the bell counts, in the same statement. Every page asks it, so its text is kept by the reader's shape.
    今日 has no count here: it reads every room, and a smaller number beside it would deny what its page says.
    """
    ((to_do, to_decide, unread),) = rows_of(_counts, actor, at)
    return {"tasks": to_do + to_decide, "reminders": unread}


def _counts(actor: Person, at: datetime, _more: Any) -> Any:
    mine = Task.objects.filter(assignee=OuterRef("pk"), state__in=UNFINISHED)
    waiting = SETTLE_TASK.narrow(actor, Task.objects.filter(state="submitted"), at=at)
    return (
        Person.objects.filter(pk=actor.pk)
        .annotate(
            to_do=counted_as(mine), to_decide=counted_as(waiting), unread=counted_as(waiting_for(OuterRef("pk"), at))
        )
        .order_by()
        .values_list("to_do", "to_decide", "unread")
    )


def counted_as(rows: Any) -> Any:
    """A count as a sub-select of the one statement; rows are grouped by nothing."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
