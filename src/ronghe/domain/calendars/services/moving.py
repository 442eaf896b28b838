"""A planned activity is moved to another day as a calendar moves it: the hour and the length stay."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ChangeKind
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors import changes_of
from ronghe.domain.rhythm.services.changes import move_activity
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, _

AN_HOUR = timedelta(hours=1)


class NotScheduled(DomainError):
    code = "not_scheduled"
    sentence = N_("“%(title)s”没有安排时间，不能在日历上移。")
    status = 422


def move_to_day(
    *, activity: Activity, to: date, reason: str, actor: Person, at: datetime, starts: time | None = None
) -> Activity:
    """Move a planned activity to the day `to`, at its hour unless `starts` names another one; its length stays.

    :raises NotScheduled: it never had an hour
    And everything that `move_activity` raises.
    """
    if activity.scheduled_from is None:
        raise NotScheduled(title=activity.get_activity_type_display())
    hour = starts or activity.scheduled_from.astimezone(SHANGHAI).time()
    return _moved(activity, datetime.combine(to, hour.replace(tzinfo=None), SHANGHAI), reason, actor, at)


def move_back(*, activity: Activity, actor: Person, at: datetime) -> datetime | None:
    """Move back to where it stood before the last move, and return that moment; nothing where it was not moved.

    Raises what `move_activity` raises.
    """
    change = changes_of(activity).filter(kind=ChangeKind.MOVED).last()
    if change is None or change.was_from is None or change.now_from != activity.scheduled_from:
        return None
    _moved(activity, change.was_from, _("撤销改期"), actor, at)
    return change.was_from


def _moved(activity: Activity, begins: datetime, reason: str, actor: Person, at: datetime) -> Activity:
    length = AN_HOUR
    if activity.scheduled_from and activity.scheduled_until:
        length = activity.scheduled_until - activity.scheduled_from
    return move_activity(
        activity=activity, scheduled_from=begins, scheduled_until=begins + length, reason=reason, actor=actor, at=at
    )
