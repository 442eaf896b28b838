"""What the page of one activity shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.selectors import obligations_met_by
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.pools.enums import OPEN, BookingState
from ronghe.domain.pools.selectors.items import items_to_book
from ronghe.domain.rhythm.calc.pieces import TITLES, Piece
from ronghe.domain.rhythm.documents import SUMMED_UP
from ronghe.domain.rhythm.enums import (
    ACTIVITY_FLOW,
    STUDIES,
    WORKED_ON_SITE,
    ActivityState,
    ActivityType,
    AttendanceStatus,
    AttendanceWay,
    CheckAnswer,
    LeaveKind,
)
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
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
from ronghe.domain.rhythm.selectors.bookings import bookings_for
from ronghe.domain.rhythm.selectors.duties import barred_for, outlook_of, stands_beside_the_branch
from ronghe.domain.rhythm.selectors.expected import people_to_chair
from ronghe.domain.rhythm.selectors.followup import follow_up_of
from ronghe.domain.rhythm.selectors.forms import check_lines, figure_lines, pieces_missing
from ronghe.kernel.words import _, listed
from ronghe.ui.formats import clock
from ronghe.web.requests import actor_of
from ronghe.web.rhythm.forms import (
    ActivityBookingForm,
    ChairForm,
    CorrectionForm,
    HostForm,
    LeaveForm,
    MoveForm,
    OffForm,
    SummaryForm,
    TopicForm,
)
from ronghe.web.rhythm.record_forms import CloseForm, FiguresForm, OutcomeForm, TaskForm

BOOKING_SHAPES = {
    BookingState.REQUESTED: "due",
    BookingState.APPROVED: "upcoming",
    BookingState.USED: "done",
    BookingState.DECLINED: "waived",
    BookingState.CANCELLED: "waived",
    BookingState.NO_SHOW: "failed",
}


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
    is_late: bool = False
    has_left: bool = False
    can_mark: bool = False


def activity_context(
    request: HttpRequest, activity: Activity, *, topic_form: Any = None, correction_form: Any = None,
    leave_form: Any = None, summary_form: Any = None, move_form: Any = None, off_form: Any = None, host_form: Any = None,
    figures_form: Any = None, outcome_form: Any = None, close_form: Any = None, chair_form: Any = None,
    booking_form: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the context of the page; forms that failed are handed back in."""
    actor, now = actor_of(request), timezone.now()
    can_run = RUN_ACTIVITY.allows(actor, activity, at=now)
    is_open = activity.state == ActivityState.OPEN
    sheet = sign_in_sheet(activity)
    people, known = expected_people(activity), [row.person for row in sheet.rows if row.is_expected]
    is_closed = activity.state == ActivityState.CLOSED
    agenda = list(agenda_of(activity))
    met = list(obligations_met_by(activity)) if is_closed else []
    mine = next((row for row in sheet.rows if row.person.pk == actor.pk), None)
    return {
        **_form_context(activity, agenda, figures_form, outcome_form, is_open=is_open, can_run=can_run),
        **_duties_context(activity, met, now),
        "may_leave": _may_leave(activity, mine),
        "my_leave": mine.attendance if mine is not None and mine.attendance and not mine.is_present else None,
        "leave_kinds": LeaveKind.choices,
        "may_join_online": is_open and activity.allows_online and not (mine and mine.is_present),
        "close_form": close_form or CloseForm(),
        "task_form": TaskForm(people=people, known=known, now=now) if is_open and can_run else None,
        "activity": activity,
        "tally": sheet.tally,
        "lines": [_line(row, activity, actor, can_act=can_run and is_open) for row in sheet.rows],
        "am_here": any(row.is_present and row.person.pk == actor.pk for row in sheet.rows),
        "agenda": agenda,
        "photos": list(photos_of(activity)) if getattr(activity, "has_photos", True) else [],
        "corrections": list(corrections_of(activity)) if is_closed else [],
        "duties": list(dict.fromkeys(Duty(row.title, row.body.name) for row in met)),
        "can_run": can_run,
        "is_open": is_open,
        "is_planned": activity.state == ActivityState.PLANNED,
        "is_closed": is_closed,
        "is_called_off": activity.state == ActivityState.CALLED_OFF,
        "changes": changes_of(activity) if getattr(activity, "has_changes", True) else [],
        "hosts": activity.host_rows,
        "can_add_host": can_run and not activity.is_huddle and ACTIVITY_FLOW.allows(activity, "call_off"),
        "can_call_off": can_run and ACTIVITY_FLOW.allows(activity, "call_off"),
        "host_form": host_form or HostForm(bodies=hosts_to_ask(actor, activity, now), initial=_host_initial(activity)),
        "move_form": move_form or MoveForm(initial=_window(activity)),
        "off_form": off_form or OffForm(),
        **_bookings_context(activity, actor, now, booking_form, can_run=can_run),
        "chair_form": _chair_form(activity, chair_form, can_run=can_run),
        "topic_form": topic_form or TopicForm(people=people, now=now, known=known),
        "leave_form": leave_form or LeaveForm(people=people, known=known),
        "correction_form": correction_form or CorrectionForm(),
        "summary_form": _summary_form(activity, summary_form, now),
        "is_fragment": False,
    }


def _form_context(
    activity: Activity, agenda: list[AgendaItem], figures_form: Any, outcome_form: Any, *, is_open: bool, can_run: bool
) -> dict[str, Any]:
    """Return the mechanism's form: its lines with answers, what the record lacks, the work done and what comes next."""
    figures = figure_lines(activity)
    checks = check_lines(activity)
    missing = (
        pieces_missing(activity, agenda=agenda) if is_open and can_run else [Piece(one) for one in activity.missing]
    )
    is_study = activity.activity_type in STUDIES
    return {
        "checks": checks,
        "checks_open": sum(1 for line in checks if line.answer is None),
        "problems": sum(1 for line in checks if line.answer is not None and line.answer.answer == CheckAnswer.CONCERN),
        "answers": CheckAnswer.choices,
        "figures": figures,
        "figures_form": figures_form or (FiguresForm(lines=figures) if figures else None),
        "is_study": is_study,
        "has_outcome": is_study or activity.activity_type in WORKED_ON_SITE,
        "works_on_site": activity.activity_type in WORKED_ON_SITE,
        "outcome_form": outcome_form or OutcomeForm(initial=_outcome(activity)),
        "missing": [_(TITLES[piece]) for piece in missing],
        "form_title": activity.form.title.here if activity.form is not None else "",
        "follow_up": follow_up_of(activity) if activity.state != ActivityState.CALLED_OFF else None,
    }


def _duties_context(activity: Activity, met: list[Obligation], now: datetime) -> dict[str, Any]:
    """Return which duties it counts for, and which it does not and why (SD-06, SD-16)."""
    if activity.state == ActivityState.CALLED_OFF:
        return {}
    held = {activity.body_id: activity.activity_type} | {row.body_id: row.counts_as for row in activity.host_rows}
    if activity.state == ActivityState.CLOSED:
        barred, foreseen = barred_for(activity, met), []
    else:
        outlook = outlook_of(held, max(activity.day, timezone.localdate(now)))
        barred, foreseen = outlook.barred, outlook.met
    return {
        "foreseen": list(dict.fromkeys(Duty(row.title, row.body.name) for row in foreseen)),
        "barred": list(dict.fromkeys(row.reason for row in barred)),
        "stands_beside": stands_beside_the_branch(activity),
    }


def _may_leave(activity: Activity, mine: SheetRow | None) -> bool:
    """Whoever is expected asks for leave himself, until he is there or it is over."""
    if activity.state not in (ActivityState.PLANNED, ActivityState.OPEN) or mine is None:
        return False
    return mine.is_expected and not mine.is_present


def _outcome(activity: Activity) -> dict[str, Any]:
    return {
        "next_step": activity.next_step, "result": activity.result, "result_figure": activity.result_figure,
        "result_unit": activity.result_unit,
    }  # fmt: skip


def _bookings_context(activity: Activity, actor: Person, now: datetime, given: Any, *, can_run: bool) -> dict[str, Any]:
    """Return what is booked for it, and the form that books more while it is to come; of a huddle nothing."""
    if activity.is_huddle:
        return {"bookings": [], "booking_form": None, "booked_ahead": False}
    rows = [(row, BOOKING_SHAPES[BookingState(row.state)]) for row in bookings_for(activity)]
    form = None
    if can_run and ACTIVITY_FLOW.allows(activity, "call_off"):
        items = items_to_book(actor, now)
        hours = {"starts_at": activity.scheduled_from, "ends_at": activity.scheduled_until, "quantity": 1}
        form = given or (ActivityBookingForm(items=items, initial=hours) if items.exists() else None)
    return {
        "bookings": rows,
        "booking_form": form,
        "booked_ahead": any(row.state in OPEN for row, _shape in rows),
    }


def _chair_form(activity: Activity, given: Any, *, can_run: bool) -> Any:
    """Offer to change the chair while that can be done; a huddle is chaired by whoever opens it."""
    if not can_run or activity.is_huddle or not ACTIVITY_FLOW.allows(activity, "call_off"):
        return None
    return given or ChairForm(people=people_to_chair(activity), initial={"chair": activity.chair_id})


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
        way=attendance.way if attendance.way != AttendanceWay.ONLINE else None,
        by=attendance.recorded_by.name if was_ticked else "",
        reason=_remark(attendance),
        is_late=attendance.is_late,
        has_left=attendance.left_at is not None,
        can_mark=can_act and row.is_present,
        attendance=attendance.pk,
        can_tick=can_tick,
        can_untick=can_act and was_ticked,
        is_me=row.person.pk == actor.pk,
    )


def _remark(attendance: Attendance) -> str:
    """Why somebody is away; how somebody there took part, where that is out of the ordinary (PM-14, PM-15)."""
    if attendance.status != AttendanceStatus.PRESENT:
        return attendance.reason or str(attendance.get_leave_kind_display() or "")
    marks = [
        _("线上参会") if attendance.way == AttendanceWay.ONLINE else "",
        _("迟到") if attendance.is_late else "",
        _("提前离会") if attendance.left_at is not None else "",
    ]
    return listed(mark for mark in marks if mark)


def _presence(row: SheetRow, attendance: Attendance) -> str:
    if attendance.status == AttendanceStatus.PRESENT:
        return "present" if row.is_expected else "extra"
    return "leave" if attendance.status == AttendanceStatus.LEAVE else "absent"
