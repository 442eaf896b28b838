"""Signing in, three ways; and asking for leave.

A sign-in is one row, committed before it is acknowledged. Its fact `rhythm.attended` follows when the activity is closed,
because attending counts only if the activity took place.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import ActivityState, AttendanceStatus, AttendanceWay, LeaveKind
from ronghe.domain.rhythm.facts import LEAVE_NOTED, TICK_WITHDRAWN
from ronghe.domain.rhythm.models import Activity, Attendance
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import is_expected
from ronghe.domain.rhythm.services.codes import person_of_card, read_code
from ronghe.kernel.errors import DomainError, NotFound, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_


class ActivityNotOpen(DomainError):
    code = "activity_not_open"
    sentence = N_("%(activity_type)s的状态是“%(state)s”，不能签到。")


class ActivityClosed(DomainError):
    code = "activity_closed"
    sentence = N_("%(activity_type)s已结束，只能追加更正。")


class TickingRefused(DomainError):
    """PM-15."""

    code = "ticking_refused"
    sentence = N_("%(activity_type)s须本人签到，不能代为勾选；请本人扫码，或出示党员卡。")


class OnlyTicksWithdrawn(DomainError):
    code = "only_ticks_withdrawn"
    sentence = N_("%(name)s是本人签到的，不能撤回。")


class AlreadyPresent(DomainError):
    code = "already_present"
    sentence = N_("%(name)s已经签到，不用再登记。")


class NotExpected(DomainError):
    code = "not_expected"
    sentence = N_("%(name)s不在应到名单里，不用请假。")


class OnlineRefused(DomainError):
    """PM-15."""

    code = "online_refused"
    sentence = N_("%(activity_type)s没有开放线上参会，请到现场签到，或请假。")


class NotThere(DomainError):
    code = "not_there"
    sentence = N_("%(name)s还没有签到，不能记迟到或早退。")


LATE_AFTER = timedelta(minutes=10)
"""After the planned beginning; signing in takes a while where many come at once."""


def sign_in_with_code(*, code: str, actor: Person, at: datetime) -> Attendance:
    """Sign the actor in with the code read from the lead's screen; somebody not expected signs in as a guest.

    A second time gives the first sign-in back.

    :raises CodeRefused: the code was not made here
    :raises CodeExpired: the screen shows another one by now
    :raises ActivityNotOpen: nobody signs in before opening or after closing
    """
    return _sign_in(read_code(code, at=at), actor, AttendanceWay.OWN_PHONE, actor, at)


def sign_in_by_opening(activity: Activity, actor: Person, at: datetime) -> Attendance:
    """Sign in whoever opened a round that he makes himself; part of the act that opens it."""
    return _sign_in(activity.pk, actor, AttendanceWay.OWN_PHONE, actor, at)


@transaction.atomic
def sign_in_online(*, activity: Activity, actor: Person, at: datetime) -> Attendance:
    """Take part online where the lead lets people: on record, and no presence for a vote (PM-15).

    Whoever comes into the room later and signs in there is present from then on.

    :raises OnlineRefused: nobody said that one may take part online
    :raises ActivityNotOpen: nobody signs in before opening or after closing
    """
    fresh = lock_open(activity.pk)
    if not fresh.allows_online:
        raise OnlineRefused(activity_type=fresh.get_activity_type_display())
    return _sign_in(fresh.pk, actor, AttendanceWay.ONLINE, actor, at)


@transaction.atomic
def allow_online(*, activity: Activity, is_allowed: bool, actor: Person, at: datetime) -> Activity:
    """Let people take part online, or no longer; whoever did stays on record.

    :raises ActivityClosed: it is over
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    fresh = Activity.objects.select_for_update().get(pk=activity.pk)
    if fresh.state not in (ActivityState.PLANNED, ActivityState.OPEN):
        raise ActivityClosed(activity_type=fresh.get_activity_type_display())
    fresh.allows_online = activity.allows_online = is_allowed
    fresh.save(update_fields=["allows_online"])
    return fresh


@transaction.atomic
def mark_late(*, attendance: Attendance, is_late: bool, actor: Person, at: datetime) -> Attendance:
    """Mark somebody late, or take the mark off; whoever comes long after the planned time is marked by itself.

    :raises NotThere: the person has not come
    """
    return _mark(attendance, actor, at, is_late=is_late)


@transaction.atomic
def mark_left(*, attendance: Attendance, has_left: bool, actor: Person, at: datetime) -> Attendance:
    """Note that somebody left before the end, or came back; whoever left does not vote any more (PM-15).

    :raises NotThere: the person has not come
    """
    return _mark(attendance, actor, at, left_at=at if has_left else None)


def sign_in_with_card(*, activity: Activity, card: str, actor: Person, at: datetime) -> Attendance:
    """Sign in whose card the actor scanned; both names are kept.

    :raises CardRefused: the card was not made here
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    return _sign_in(activity.pk, person_of_card(card), AttendanceWay.CARD, actor, at)


def tick_present(*, activity: Activity, person: Person, actor: Person, at: datetime) -> Attendance:
    """Tick somebody present; both names are kept, and it is never a signature (PM-15).

    Ticking oneself is signing in on the own phone.

    :raises TickingRefused: the three meetings and the Party lecture want everybody's own act
    """
    RUN_ACTIVITY.require(actor, activity, at=at)
    if person.pk == actor.pk:
        return _sign_in(activity.pk, person, AttendanceWay.OWN_PHONE, actor, at)
    if not activity.allows_ticking:
        raise TickingRefused(activity_type=activity.get_activity_type_display())
    return _sign_in(activity.pk, person, AttendanceWay.TICKED, actor, at)


@transaction.atomic
def withdraw_tick(*, attendance: Attendance, actor: Person, at: datetime) -> None:
    """Take back a tick set by mistake while the activity is open.

    :raises OnlyTicksWithdrawn: the person signed in
    """
    activity = lock_open(attendance.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    if attendance.way != AttendanceWay.TICKED:
        raise OnlyTicksWithdrawn(name=attendance.person.name)
    deleted, _rows = Attendance.objects.filter(pk=attendance.pk, way=AttendanceWay.TICKED).delete()
    if not deleted:
        raise Stale
    _record(activity, TICK_WITHDRAWN, attendance.person, actor, at)


@transaction.atomic
def note_leave(
    *, activity: Activity, person: Person, kind: LeaveKind, reason: str | None, actor: Person, at: datetime
) -> Attendance:
    """Note that somebody will not come and why; oneself, or whoever runs the activity. A later note replaces the first.

    :raises NotExpected: the person is not expected anyway
    :raises AlreadyPresent: the person is there
    :raises ActivityClosed: the record is complete
    """
    if person.pk != actor.pk:
        RUN_ACTIVITY.require(actor, activity, at=at)
    fresh = Activity.objects.select_for_update().get(pk=activity.pk)
    if fresh.state == ActivityState.CLOSED:
        raise ActivityClosed(activity_type=fresh.get_activity_type_display())
    if not is_expected(fresh, person):
        raise NotExpected(name=person.name)
    known = Attendance.objects.filter(activity=fresh, person=person).first()
    if known is not None and known.status == AttendanceStatus.PRESENT:
        raise AlreadyPresent(name=person.name)
    leave, _is_new = Attendance.objects.update_or_create(
        activity=fresh, person=person,
        defaults={"status": AttendanceStatus.LEAVE, "leave_kind": kind, "reason": reason or None,
                  "recorded_by": actor, "recorded_at": at},
    )  # fmt: skip
    _record(fresh, LEAVE_NOTED, person, actor, at)
    return leave


def lock_open(activity_id: int) -> Activity:
    """Return the activity, open, and hold it so until the transaction ends.

    Without the lock a sign-in that read "open" could be written after the closing counted. On SQLite the transaction is
    exclusive already and the lock costs nothing.

    :raises NotFound: there is none
    :raises ActivityNotOpen: it is not open
    """
    rows = Activity.objects.select_for_update(of=("self",)).select_related("body", "zone", "version")
    activity = rows.filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    if activity.state != ActivityState.OPEN:
        raise ActivityNotOpen(activity_type=activity.get_activity_type_display(), state=activity.get_state_display())
    return activity


@transaction.atomic
def _sign_in(activity_id: int, person: Person, way: AttendanceWay, recorded_by: Person, at: datetime) -> Attendance:
    activity = lock_open(activity_id)
    known = Attendance.objects.filter(activity=activity, person=person).first()
    if known is not None and known.status == AttendanceStatus.PRESENT and not _comes_in(known, way):
        return known
    is_late = _is_late(activity, at)
    if known is None:
        return Attendance.objects.create(
            activity=activity, person=person, status=AttendanceStatus.PRESENT, way=way, signed_at=at, is_late=is_late,
            recorded_by=recorded_by, recorded_at=at, is_guest=not is_expected(activity, person),
        )  # fmt: skip
    known.status, known.way, known.signed_at, known.is_late = AttendanceStatus.PRESENT, way, at, is_late
    known.recorded_by, known.recorded_at, known.leave_kind, known.reason = recorded_by, at, None, None
    known.save()
    return known


def _is_late(activity: Activity, at: datetime) -> bool:
    """Without a planned time nobody is late; a meeting that begins late does not make its people so."""
    if activity.scheduled_from is None or activity.opened_at is None:
        return False
    return at > max(activity.scheduled_from, activity.opened_at) + LATE_AFTER


def _comes_in(known: Attendance, way: AttendanceWay) -> bool:
    """Tell whether somebody who took part online now signs in in the room."""
    return known.way == AttendanceWay.ONLINE and way != AttendanceWay.ONLINE


def _mark(attendance: Attendance, actor: Person, at: datetime, **marks: object) -> Attendance:
    activity = lock_open(attendance.activity_id)
    RUN_ACTIVITY.require(actor, activity, at=at)
    fresh = Attendance.objects.select_related("person").get(pk=attendance.pk)
    if fresh.status != AttendanceStatus.PRESENT:
        raise NotThere(name=fresh.person.name)
    for name, value in marks.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=list(marks))
    return fresh


def _record(activity: Activity, kind: FactKind, person: Person, actor: Person, at: datetime) -> None:
    attributes = {"activity_type": activity.activity_type}
    record(
        Draft(kind, at, actor, about=person, body=activity.body_id, zone=activity.zone_id, attributes=attributes,
              source=activity)
    )  # fmt: skip
