"""Meetings planned and tasks open when a zone ends: called off and handed over, where that was decided, else refused."""

from __future__ import annotations

from datetime import datetime

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ACTIVITY_FLOW, ActivityState, ChangeKind
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF
from ronghe.domain.rhythm.models import Activity, ActivityChange
from ronghe.domain.rhythm.selectors.zone_endings import activities_left, tasks_left
from ronghe.domain.rhythm.services.bookings import free_bookings
from ronghe.domain.work.services.handing import hand_over_tasks
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _


class MeetingsGoOn(DomainError):
    code = "meetings_go_on"
    sentence = N_("有 %(count)s 场活动正在进行，请先结束，再解散协作区。")


class MeetingsPlanned(DomainError):
    code = "meetings_planned"
    sentence = N_("还有 %(count)s 场已安排的活动。请选择一并取消，再解散协作区。")


class TasksLeft(DomainError):
    code = "tasks_left"
    sentence = N_("还有 %(count)s 项任务没有办结。请选择移交主管党组织，再解散协作区。")


def settle_what_is_left(
    *, zone: CollaborationZone, call_off: bool, hand_over: bool, actor: Person, at: datetime
) -> None:
    """Call off what a dissolved zone planned and hand its open tasks to its sponsor; part of the act that dissolves it.

    :raises MeetingsGoOn: one is open
    :raises MeetingsPlanned: some are planned, and nobody decided to call them off
    :raises TasksLeft: some are open, and nobody decided to hand them over
    """
    going_on = activities_left(zone, ActivityState.OPEN).count()
    if going_on:
        raise MeetingsGoOn(count=going_on)
    planned = list(activities_left(zone, ActivityState.PLANNED))
    if planned and not call_off:
        raise MeetingsPlanned(count=len(planned))
    tasks = list(tasks_left(zone))
    if tasks and not hand_over:
        raise TasksLeft(count=len(tasks))
    for activity in planned:
        _call_off(activity, actor, at)
    hand_over_tasks(tasks=tasks, body=zone.sponsor, actor=actor, at=at)


def _call_off(activity: Activity, actor: Person, at: datetime) -> None:
    ACTIVITY_FLOW.advance(activity, "call_off")
    ActivityChange.objects.create(
        activity=activity, kind=ChangeKind.CALLED_OFF, reason=_("协作区已解散"), was_from=activity.scheduled_from,
        made_by=actor, made_at=at,
    )  # fmt: skip
    record(
        Draft(ACTIVITY_CALLED_OFF, at, actor, body=activity.body_id, zone=activity.zone_id, source=activity,
              attributes={"activity_type": activity.activity_type, "day": activity.day})
    )  # fmt: skip
    free_bookings(activity=activity, actor=actor, at=at)
