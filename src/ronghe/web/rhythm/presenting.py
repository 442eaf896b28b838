"""What the page of one activity shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.obligations.selectors import obligations_met_by
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.rhythm.documents import SUMMED_UP
from ronghe.domain.rhythm.enums import ACTIVITY_FLOW, ActivityState, ActivityType, AttendanceStatus, AttendanceWay
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.rules import PLAN_ACTIVITY, RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import (
    SheetRow,
    agenda_of,
    changes_of,
    corrections_of,
    expected_people,
    photos_of,
    sign_in_sheet,
)
from ronghe.ui.formats import clock
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import (
    CorrectionForm,
    HostForm,
    LeaveForm,
    MoveForm,
    OffForm,
    SummaryForm,
    TopicForm,
)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that the record met."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the sign-in sheet as the component wants it. `by` is who ticked, empty for a sign-in of one's own."""

    person: Person
    presence: str
    unit: str
    time: str = ""
    way: str | None = None
    by: str = ""
    reason: str = ""
    attendance: int | None = None
    can_tick: bool = False
    can_untick: bool = False
    is_me: bool = False


def activity_context(
    request: HttpRequest, activity: Activity, *, topic_form: Any = None, correction_form: Any = None,
    leave_form: Any = None, summary_form: Any = None, move_form: Any = None, off_form: Any = None, host_form: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the context of the page; forms that failed are handed back in."""
    actor, now = actor_of(request), timezone.now()
    can_run = RUN_ACTIVITY.allows(actor, activity, at=now)
    is_open = activity.state == ActivityState.OPEN
    sheet = sign_in_sheet(activity)
    people, known = expected_people(activity), [row.person for row in sheet.rows if row.is_expected]
    is_closed = activity.state == ActivityState.CLOSED
    return {
        "activity": activity,
        "tally": sheet.tally,
        "lines": [_line(row, activity, actor, can_act=can_run and is_open) for row in sheet.rows],
        "am_here": any(row.is_present and row.person.pk == actor.pk for row in sheet.rows),
        "agenda": list(agenda_of(activity)),
        "photos": list(photos_of(activity)),
        "corrections": list(corrections_of(activity)) if is_closed else [],
        "duties": duties_met_by(activity) if is_closed else [],
        "can_run": can_run,
        "is_open": is_open,
        "is_planned": activity.state == ActivityState.PLANNED,
        "is_closed": is_closed,
        "is_called_off": activity.state == ActivityState.CALLED_OFF,
        "changes": changes_of(activity),
        "hosts": activity.host_rows,
        "can_add_host": can_run and not activity.is_huddle and ACTIVITY_FLOW.allows(activity, "call_off"),
        "can_call_off": can_run and ACTIVITY_FLOW.allows(activity, "call_off"),
        "host_form": host_form or HostForm(bodies=hosts_to_ask(actor, activity, now), initial=_host_initial(activity)),
        "move_form": move_form or MoveForm(initial=_window(activity)),
        "off_form": off_form or OffForm(),
        "topic_form": topic_form or TopicForm(people=people, now=now, known=known),
        "leave_form": leave_form or LeaveForm(people=people, known=known),
        "correction_form": correction_form or CorrectionForm(),
        "summary_form": _summary_form(activity, summary_form, now),
        "is_fragment": False,
    }


def hosts_to_ask(actor: Person, activity: Activity, now: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies that `actor` may let join in, by name."""
    rows = PLAN_ACTIVITY.narrow(actor, PartyOrg.objects.filter(valid_until=None), at=now)
    return rows.exclude(pk=activity.body_id).order_by("name", "pk")


def _host_initial(activity: Activity) -> dict[str, str]:
    """What a theme Party day is to the league, else the same kind."""
    same = {ActivityType.THEME_PARTY_DAY: ActivityType.THEME_LEAGUE_DAY}
    kind = ActivityType(activity.activity_type)
    return {"counts_as": same.get(kind, kind).value}


def _window(activity: Activity) -> dict[str, datetime | None]:
    return {"scheduled_from": activity.scheduled_from, "scheduled_until": activity.scheduled_until}


def _summary_form(activity: Activity, given: Any, now: datetime) -> Any:
    if activity.activity_type not in SUMMED_UP or activity.state != ActivityState.CLOSED:
        return None
    return given or SummaryForm(initial={"issued_on": timezone.localdate(now)})


def duties_met_by(activity: Activity) -> list[Duty]:
    """Return the duties that closing this activity met, each once, for "同时计入"."""
    found = [Duty(row.title, row.body.name) for row in obligations_met_by(activity)]
    return list(dict.fromkeys(found))


def _line(row: SheetRow, activity: Activity, actor: Person, *, can_act: bool) -> SheetLine:
    attendance, unit = row.attendance, row.person.unit.name if row.person.unit else ""
    can_tick = can_act and not row.is_present and activity.allows_ticking
    if attendance is None:
        return SheetLine(row.person, "expected", unit, can_tick=can_tick, is_me=row.person.pk == actor.pk)
    was_ticked = attendance.way == AttendanceWay.TICKED
    return SheetLine(
        row.person,
        _presence(row, attendance),
        unit,
        time=clock(attendance.signed_at) if attendance.signed_at else "",
        way=attendance.way,
        by=attendance.recorded_by.name if was_ticked else "",
        reason=attendance.reason or str(attendance.get_leave_kind_display() or ""),
        attendance=attendance.pk,
        can_tick=can_tick,
        can_untick=can_act and was_ticked,
        is_me=row.person.pk == actor.pk,
    )


def _presence(row: SheetRow, attendance: Attendance) -> str:
    if attendance.status == AttendanceStatus.PRESENT:
        return "present" if row.is_expected else "extra"
    return "leave" if attendance.status == AttendanceStatus.LEAVE else "absent"
