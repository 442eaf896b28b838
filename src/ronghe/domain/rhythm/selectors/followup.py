"""What became of the last meeting's decisions: the first thing that the next one hears (上次议定事项办理情况)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from ronghe.domain.rhythm.enums import ActivityState, ItemOrigin
from ronghe.domain.rhythm.models import Activity, AgendaItem
from ronghe.kernel.words import N_, _

FOLLOW_UP_TITLE = N_("上次议定事项办理情况")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The last gathering of the same body and kind, and what it decided, in its order."""

    activity: Activity
    items: list[AgendaItem]


def follow_up_of(activity: Activity) -> FollowUp | None:
    """Return what the last closed gathering of the same body and kind decided; `None` where there is nothing to follow."""
    before = Q(day__lt=activity.day) | Q(day=activity.day, pk__lt=activity.pk or 0)
    rows = Activity.objects.filter(
        before, body=activity.body_id, activity_type=activity.activity_type, state=ActivityState.CLOSED
    )
    last = rows.order_by("-day", "-pk").first()
    if last is None:
        return None
    decided = last.agenda_items.filter(Q(decision__isnull=False) | Q(task__isnull=False))
    decided = decided.exclude(origin=ItemOrigin.FOLLOW_UP)
    items = list(decided.select_related("task", "task__assignee").order_by("number"))
    return FollowUp(last, items) if items else None


def follow_up_lines(follow_up: FollowUp) -> list[str]:
    """Return a line for each decision: what it was, who answered for it, and how it stands now."""
    return [_line(item) for item in follow_up.items]


def _line(item: AgendaItem) -> str:
    said = f"{item.topic}：{item.decision}" if item.decision else item.topic
    if item.task is None:
        return said
    state = _(str(item.task.get_state_display()))
    return _("%(said)s（%(name)s，%(state)s）") % {"said": said, "name": item.task.assignee.name, "state": state}
