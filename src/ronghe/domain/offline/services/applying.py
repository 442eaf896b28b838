"""What each kind of act does, once its turn has come: one service of the rhythm's room, at the act's own time.

How the kinds settle what happened meanwhile:

- presence beats leave whatever came first, as it does with signal; a leave noted later than this one stays
- a huddle opened twice is refused, and with it wait the acts done in it, until its author joins the other one or voids it
- a line of minutes that somebody else has changed stays as it is, and the author looks at both
- whoever came after the recorded time of closing keeps the gathering open, until its author closes it again
- what is said on a permit is in `permit_acts`
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ronghe.domain.offline.calc.acts import item_digest, ref_of
from ronghe.domain.offline.enums import PERMIT_KINDS, ActKind, ActState
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.offline.services.permit_acts import apply_permit_act
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.selectors.people import person_seen_by
from ronghe.domain.rhythm.enums import ActivityType, AttendanceStatus, LeaveKind
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.selectors import activities_seen_by, expected_people
from ronghe.domain.rhythm.services.activities import NotAHuddle, open_activity, open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item, edit_agenda_item
from ronghe.domain.rhythm.services.closing import close_activity
from ronghe.domain.rhythm.services.codes import CodeRefused, read_code
from ronghe.domain.rhythm.services.sign_in import (
    note_leave,
    sign_in_with_card,
    sign_in_with_code,
    tick_present,
    withdraw_tick,
)
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_, _


class CodeMissing(DomainError):
    """PM-15: without a code nothing shows that the person was there; it would not be a signature."""

    code = "code_missing"
    sentence = N_("没有扫码，不能算本人签到。请负责人扫您的党员卡，或扫负责人屏幕上的签到码。")


class MinutesChanged(DomainError):
    code = "minutes_changed"
    sentence = N_("第%(number)s项别人已经改过，两份都留着，请选一份。")


class LeaveNotedLater(DomainError):
    code = "leave_noted_later"
    sentence = N_("%(name)s的请假后来已记为“%(kind)s”，这一条没有覆盖它。")


class CameAfterClosing(DomainError):
    code = "came_after_closing"
    sentence = N_("您结束以后又有 %(count)s 人签到，没有结束。核对后再报一次，按现在的时间结束。")


class NothingTicked(DomainError):
    code = "nothing_ticked"
    sentence = N_("没有可以撤回的代记。")


class StartVoided(DomainError):
    code = "start_voided"
    sentence = N_("它所在的那一场没有开成，这一项不能单独收下。")


class Held(Exception):
    """The act stands on one that was refused and is not decided yet."""

    def __init__(self, by: ReceivedAct) -> None:
        super().__init__(by.act_id)
        self.by = by


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an act went."""

    activity: Activity | None = None
    item: AgendaItem | None = None


def apply_act(act: ReceivedAct, *, at: datetime, now: datetime) -> Outcome:
    """Do what the act says, in its author's name, at `at`; `now` is when that is done.

    :raises Held: it stands on an act of the same phone that was refused
    :raises DomainError: it cannot be done
    """
    if act.kind in PERMIT_KINDS:
        apply_permit_act(act, at=at, now=now)
        return Outcome()
    return _DOING[ActKind(act.kind)](act, act.payload or {}, act.person, at)


def _open_huddle(_act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    body = PartyOrg.objects.filter(pk=what["body"]).first()
    if body is None:
        raise NotFound
    return Outcome(open_huddle(body=body, activity_type=_type(what["activity_type"]), actor=actor, at=at))


def _open_activity(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    return Outcome(open_activity(activity=_activity(act, what, at), actor=actor, at=at))


def _sign_in(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    if what["code"]:
        # A guest who may not see the gathering may still sign in with its code.
        if read_code(what["code"], at=at) != what["activity"]:
            raise CodeRefused
        return Outcome(sign_in_with_code(code=what["code"], actor=actor, at=at).activity)
    activity = _activity(act, what, at)
    if not RUN_ACTIVITY.allows(actor, activity, at=at):
        raise CodeMissing
    tick_present(activity=activity, person=actor, actor=actor, at=at)
    return Outcome(activity)


def _sign_in_card(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    sign_in_with_card(activity=activity, card=what["card"], actor=actor, at=at)
    return Outcome(activity)


def _tick(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    tick_present(activity=activity, person=_person(activity, what["person"], actor, at), actor=actor, at=at)
    return Outcome(activity)


def _untick(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    rows = Attendance.objects.select_related("person").filter(activity=activity, person=what["person"])
    attendance = rows.filter(status=AttendanceStatus.PRESENT).first()
    if attendance is None:
        raise NothingTicked
    withdraw_tick(attendance=attendance, actor=actor, at=at)
    return Outcome(activity)


def _leave(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    person = actor if what["person"] == actor.pk else _person(activity, what["person"], actor, at)
    if what["leave_kind"] not in LeaveKind.values:
        raise NotFound
    kind = LeaveKind(what["leave_kind"])
    later = Attendance.objects.filter(
        activity=activity, person=person, status=AttendanceStatus.LEAVE, recorded_at__gt=at
    ).first()
    if later is not None and (later.leave_kind, later.reason or "") != (kind, what["reason"]):
        raise LeaveNotedLater(name=person.name, kind=_(str(LeaveKind(later.leave_kind or kind).label)))
    if later is None:
        note_leave(activity=activity, person=person, kind=kind, reason=what["reason"], actor=actor, at=at)
    return Outcome(activity)


def _agenda_add(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    item = add_agenda_item(
        activity=activity, topic=what["topic"], notes=what["notes"], decision=what["decision"], actor=actor, at=at
    )
    return Outcome(activity, item)


def _agenda_edit(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    item = item_of(act, activity)
    mine = (what["topic"], what["notes"], what["decision"])
    stands = item_digest(item.topic, item.notes, item.decision)
    if stands != what["base"] and stands != item_digest(*mine):
        raise MinutesChanged(number=item.number)
    topic, notes, decision = mine
    edited = edit_agenda_item(item=item, topic=topic, notes=notes, decision=decision, actor=actor, at=at)
    return Outcome(activity, edited)


def _close(act: ReceivedAct, what: dict[str, Any], actor: Person, at: datetime) -> Outcome:
    activity = _activity(act, what, at)
    # Held until the end of the transaction, so that nobody comes between the look and the closing.
    Activity.objects.select_for_update().get(pk=activity.pk)
    late = activity.attendances.filter(status=AttendanceStatus.PRESENT, signed_at__gt=at).count()
    if late:
        raise CameAfterClosing(count=late)
    return Outcome(close_activity(activity=activity, actor=actor, at=at).activity)


_DOING: dict[ActKind, Callable[[ReceivedAct, dict[str, Any], Person, datetime], Outcome]] = {
    ActKind.OPEN_HUDDLE: _open_huddle,
    ActKind.OPEN_ACTIVITY: _open_activity,
    ActKind.SIGN_IN: _sign_in,
    ActKind.SIGN_IN_CARD: _sign_in_card,
    ActKind.TICK: _tick,
    ActKind.UNTICK: _untick,
    ActKind.LEAVE: _leave,
    ActKind.AGENDA_ADD: _agenda_add,
    ActKind.AGENDA_EDIT: _agenda_edit,
    ActKind.CLOSE: _close,
}


def item_of(act: ReceivedAct, activity: Activity) -> AgendaItem:
    """Return the item that an `agenda_edit` is about, held until the transaction ends.

    :raises NotFound: there is none in this activity
    """
    ref = ref_of((act.payload or {})["item"])
    number = ref.number
    if ref.act is not None:
        number = _made_by(act, ref.act).item_id
    if number is None:
        raise NotFound
    rows = activity.agenda_items.select_for_update(of=("self",)).select_related("activity")
    item = rows.filter(pk=number).first()
    if item is None:
        raise NotFound
    return item


def activity_of(act: ReceivedAct, at: datetime) -> Activity:
    """Return the gathering that an act is about, as far as its author may see it.

    :raises Held: it was opened by an act that was refused
    :raises NotFound: there is none
    """
    return _activity(act, act.payload or {}, at)


def _activity(act: ReceivedAct, what: dict[str, Any], at: datetime) -> Activity:
    ref = ref_of(what["activity"])
    number = ref.number
    if ref.act is not None:
        number = _made_by(act, ref.act).activity_id
    activity = activities_seen_by(act.person, at).filter(pk=number).first() if number is not None else None
    if activity is None:
        raise NotFound
    return activity


def _made_by(act: ReceivedAct, act_id: str) -> ReceivedAct:
    """Return the act of the same phone that made the thing; its number is lower, so it was looked at before."""
    made = ReceivedAct.objects.filter(device=act.device_id, act_id=act_id, number__lt=act.number).first()
    if made is None:
        raise NotFound
    if made.state in {ActState.REFUSED, ActState.WAITING}:
        raise Held(made if made.state == ActState.REFUSED or made.held_by is None else made.held_by)
    if made.state == ActState.VOIDED:
        raise StartVoided
    return made


def _person(activity: Activity, number: int, actor: Person, at: datetime) -> Person:
    found = expected_people(activity).filter(pk=number).first() or person_seen_by(actor, at).filter(pk=number).first()
    if found is None:
        raise NotFound
    return found


def _type(code: str) -> ActivityType:
    if code not in ActivityType.values:
        raise NotAHuddle(activity_type=code)
    return ActivityType(code)
