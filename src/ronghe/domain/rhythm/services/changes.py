"""A plan is moved or called off, with a reason that stays beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.pools.models import SharedItem
from ronghe.domain.rhythm.calc.shifting import Hours
from ronghe.domain.rhythm.enums import ACTIVITY_FLOW, ActivityState, AttendanceStatus, ChangeKind
from ronghe.domain.rhythm.facts import ACTIVITY_CALLED_OFF, ACTIVITY_MOVED
from ronghe.domain.rhythm.models import Activity, ActivityChange
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.services.activities import WindowEmpty
from ronghe.domain.rhythm.services.bookings import free_bookings, hold_pools, hours_of, take_bookings_along
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class ChangeReasonMissing(DomainError):
    code = "change_reason_missing"
    sentence = N_("请写明原因，参加的人会看到。")
    status = 422


class PeopleCame(DomainError):
    code = "people_came"
    sentence = N_("已有 %(count)s 人签到，不能取消；请照常结束，或先撤回代勾。")


class HuddleKeepsItsDay(DomainError):
    code = "huddle_keeps_its_day"
    sentence = N_("碰头会只能在当天改时间；换一天开，请取消这场，另安排一场。")
    status = 422


class MovedIntoThePast(DomainError):
    code = "moved_into_the_past"
    sentence = N_("%(day)s 已经过去，请改到今天或以后（PM-05：改期留痕，不补记）。")
    status = 422


@transaction.atomic
def move_activity(
    *, activity: Activity, scheduled_from: datetime, scheduled_until: datetime, reason: str, actor: Person, at: datetime,
    without: Collection[int] = (), instead: Mapping[int, SharedItem] | None = None,
) -> Activity:  # fmt: skip
    """Move a planned activity; its fixed day may be another one, and the move is kept (PM-05).

    What is booked for it moves along; `without` are ids of bookings to give up, `instead` names something else to book in
    place of one (`foresee_bookings` says which cannot move, and what is free).

    :raises ChangeReasonMissing: no words
    :raises WindowEmpty: it would end before it begins
    :raises MovedIntoThePast: the new day is over
    :raises HuddleKeepsItsDay: a huddle belongs to its day
    :raises StepNotAllowed: it is open, closed or called off
    :raises Stale: somebody else moved, opened or called it off a moment ago
    :raises BookingsInTheWay: something booked cannot move along, and nobody said what becomes of it
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if not reason.strip():
        raise ChangeReasonMissing
    if scheduled_until <= scheduled_from:
        raise WindowEmpty
    day, before = local_day(scheduled_from), activity.day
    if day < local_day(at):
        raise MovedIntoThePast(day=day)
    if activity.is_huddle and day != before:
        raise HuddleKeepsItsDay
    if activity.state != ActivityState.PLANNED:
        raise StepNotAllowed(state=activity.get_state_display())
    was_from, was = activity.scheduled_from, hours_of(activity)
    hold_pools(activity, *(instead or {}).values())
    rows = Activity.objects.filter(pk=activity.pk, state=ActivityState.PLANNED, scheduled_from=was_from)
    if not rows.update(scheduled_from=scheduled_from, scheduled_until=scheduled_until, day=day):
        raise Stale
    activity.scheduled_from, activity.scheduled_until, activity.day = scheduled_from, scheduled_until, day
    ActivityChange.objects.create(
        activity=activity, kind=ChangeKind.MOVED, reason=reason.strip(), was_from=was_from, now_from=scheduled_from,
        made_by=actor, made_at=at,
    )  # fmt: skip
    _record(activity, ACTIVITY_MOVED, actor, at, from_day=before, day=day)
    take_bookings_along(
        activity=activity, before=was, after=Hours(scheduled_from, scheduled_until), without=without,
        instead=instead or {}, actor=actor, at=at,
    )  # fmt: skip
    return activity


@transaction.atomic
def call_off_activity(*, activity: Activity, reason: str, actor: Person, at: datetime) -> Activity:
    """Call off what is planned, or what was opened and to which nobody came; it stays in the list with the reason.

    What was booked for it and not used yet is free for others at once.

    :raises ChangeReasonMissing: no words
    :raises PeopleCame: somebody signed in, so it takes place
    :raises StepNotAllowed: it is closed or called off
    :raises Stale: somebody else opened, closed or called it off a moment ago
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if not reason.strip():
        raise ChangeReasonMissing
    hold_pools(activity)
    # The step comes before the count: from here on no sign-in can slip in between.
    ACTIVITY_FLOW.advance(activity, "call_off")
    came = activity.attendances.filter(status=AttendanceStatus.PRESENT).count()
    if came:
        raise PeopleCame(count=came)
    ActivityChange.objects.create(
        activity=activity, kind=ChangeKind.CALLED_OFF, reason=reason.strip(), was_from=activity.scheduled_from,
        made_by=actor, made_at=at,
    )  # fmt: skip
    _record(activity, ACTIVITY_CALLED_OFF, actor, at, day=activity.day)
    free_bookings(activity=activity, actor=actor, at=at)
    return activity


def _record(activity: Activity, kind: FactKind, actor: Person, at: datetime, **attributes: object) -> None:
    told = {"activity_type": activity.activity_type, **attributes}
    record(Draft(kind, at, actor, body=activity.body_id, zone=activity.zone_id, attributes=told, source=activity))
