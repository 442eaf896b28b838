"""交接班: the outgoing shift writes and signs, the incoming one signs; by that the shift is closed and its hours count."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ronghe.domain.carriers.calc.shifts import Span, hours_of, next_quarter
from ronghe.domain.carriers.facts import HANDED_OVER, SHIFT_HELD
from ronghe.domain.carriers.models import CallUp, LogLine, Shift, ShiftPerson
from ronghe.domain.carriers.rules import COMMAND
from ronghe.domain.carriers.selectors.calls import limits_of
from ronghe.domain.carriers.services.calling import CallOver
from ronghe.domain.carriers.services.shifts import ShiftClosed, refuse_outside, refuse_tired, running
from ronghe.domain.carriers.services.telling import locked_call, take_back, tell_end, tell_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound, Stale
from ronghe.kernel.words import N_, _


class HandOverEmpty(DomainError):
    code = "handover_empty"
    sentence = N_("请写明交接内容：现在怎样，还有什么没办完，要当心什么。")
    status = 422


class NotThisShift(DomainError):
    code = "handover_not_this_shift"
    sentence = N_("第 %(number)s 班还没有轮到交接，请先交接第 %(first)s 班。")


class NotStarted(DomainError):
    code = "handover_not_started"
    sentence = N_("第 %(number)s 班还没有开始，不用交接。")


class NoNextShift(DomainError):
    code = "handover_no_next"
    sentence = N_("后面没有排班，没有人接班。请先排下一班；工作结束了就解除集结。")


class NotHandedOver(DomainError):
    code = "handover_not_written"
    sentence = N_("第 %(number)s 班还没有写交接内容，接班人不能签字。")


class SignedByOne(DomainError):
    code = "handover_signed_by_one"
    sentence = N_("交班和接班要由两个人签字，不能是同一个人。")


class ShiftOpen(DomainError):
    code = "shift_open"
    sentence = N_("第 %(number)s 班还没有交接，直接改排班就行。")


class CorrectionReasonMissing(DomainError):
    code = "shift_correction_reason"
    sentence = N_("请写明为什么更正。")
    status = 422


@transaction.atomic
def hand_over(*, shift: Shift, note: str, actor: Person, at: datetime) -> Shift:
    """Write the hand-over note of the shift that is on and sign it; until it is taken over it may be written anew.

    :raises NotAllowed: the actor is neither on this shift nor in command
    :raises HandOverEmpty: no words
    :raises CallOver, ShiftClosed, NotThisShift, NotStarted: nothing to hand over
    """
    if not _is_on(shift, actor):
        COMMAND.require(actor, shift.call, at=at)
    if not note.strip():
        raise HandOverEmpty
    fresh = _due(shift, at)
    rows = Shift.objects.filter(pk=fresh.pk, closed_at=None)
    if not rows.update(note=note.strip()[:400], handed_by=actor, handed_at=at):
        raise Stale
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def take_over(*, shift: Shift, actor: Person, at: datetime) -> Shift:
    """Sign the hand-over for the next shift. The shift is closed: everybody on it who is not marked away held it.

    It counts to its end, or to the next quarter of an hour where it was handed over before.

    :raises NotAllowed: the actor is neither on the next shift nor in command
    :raises NotHandedOver: nobody wrote the note
    :raises SignedByOne: whoever handed over does not take over
    :raises NoNextShift: no shift follows
    :raises CallOver, ShiftClosed, NotThisShift, NotStarted: nothing to take over
    """
    fresh = _due(shift, at)
    following = fresh.call.shifts.filter(number__gt=fresh.number).order_by("number").first()
    if following is None:
        raise NoNextShift
    if not _is_on(following, actor):
        COMMAND.require(actor, shift.call, at=at)
    if fresh.handed_at is None:
        raise NotHandedOver(number=fresh.number)
    if fresh.handed_by_id == actor.pk:
        raise SignedByOne
    close_shift(fresh, actor, at, taken_by=actor, taken_at=at)
    tell_of(fresh.call, HANDED_OVER, actor, at, source=fresh, number=fresh.number)
    return fresh


@transaction.atomic
def mark_away(*, part: ShiftPerson, is_away: bool, actor: Person, at: datetime) -> ShiftPerson:
    """Mark that somebody on an open shift was not there, or take that back: no hours count.

    :raises NotAllowed: the actor neither commands nor leads the shift
    :raises CallOver, ShiftClosed: it is over
    """
    if not part.shift.people.filter(is_lead=True, row__person=actor).exists():
        COMMAND.require(actor, part.shift.call, at=at)
    running(part.shift.call)
    rows = ShiftPerson.objects.filter(pk=part.pk, shift__closed_at=None)
    if not rows.update(is_held=False if is_away else None):
        raise ShiftClosed(number=part.shift.number)
    part.refresh_from_db()
    return part


@transaction.atomic
def correct_hours(
    *, part: ShiftPerson, starts_at: datetime, ends_at: datetime, is_held: bool, reason: str, actor: Person,
    at: datetime,
) -> ShiftPerson:  # fmt: skip
    """Correct what somebody held of a closed shift: the hours before are reversed, the right ones recorded.

    :raises NotAllowed: the actor does not command, or would correct the own hours
    :raises CorrectionReasonMissing: no words
    :raises ShiftOpen: the shift is not closed, its plan is changed instead
    :raises CallOver: the result was verified
    :raises OffQuarter, ShiftTimesWrong, OnAlready, TooLongInRow: the times
    """
    COMMAND.require(actor, part.shift.call, at=at)
    if part.row.person_id == actor.pk:
        raise NotAllowed(permission=COMMAND.name)
    if not reason.strip():
        raise CorrectionReasonMissing
    call = locked_call(part.shift.call)
    if not call.is_writable:
        raise CallOver(state=call.get_state_display())
    if not part.shift.is_closed:
        raise ShiftOpen(number=part.shift.number)
    span = Span(starts_at, ends_at)
    refuse_outside(span, part.shift.span)
    take_back(part.fact, actor, at)
    part.starts_at, part.ends_at, part.is_held, part.fact = starts_at, ends_at, is_held, None
    part.save(update_fields=["starts_at", "ends_at", "is_held", "fact"])
    refuse_tired([part.row], span, limits_of(call, at))
    _count(call, [part], actor, at)
    if call.minutes is not None:
        call.minutes = minutes_held(call)
        tell_end(call, actor, at)
    _log_correction(call, part, reason, actor, at)
    return part


def close_shift(shift: Shift, actor: Person, at: datetime, **signed: object) -> None:
    """Close a shift that the caller holds: who is not marked away held it, to its end or the next quarter of an hour."""
    until = min(shift.ends_at, max(next_quarter(at), shift.starts_at))
    if not Shift.objects.filter(pk=shift.pk, closed_at=None).update(closed_at=at, **signed):
        raise Stale
    parts = list(shift.people.filter(is_held=None).select_related("row__person", "row__team__carrier").order_by("pk"))
    for part in parts:
        ends_at = min(part.ends_at, until)
        part.is_held = ends_at > part.starts_at
        if part.is_held:
            part.ends_at = ends_at
        part.save(update_fields=["ends_at", "is_held"])
    _count(shift.call, parts, actor, at)
    shift.refresh_from_db()


def _log_correction(call: CallUp, part: ShiftPerson, reason: str, actor: Person, at: datetime) -> None:
    """Let the log say that hours were corrected, and why."""
    begins, ends = timezone.localtime(part.starts_at), timezone.localtime(part.ends_at)
    told = _("更正值守时间：%(name)s，%(from)s 至 %(until)s。%(reason)s") % {
        "name": part.row.person.name, "from": f"{begins:%m-%d %H:%M}", "until": f"{ends:%H:%M}", "reason": reason.strip(),
    }  # fmt: skip
    LogLine.objects.create(call=call, happened_at=at, text=told[:400], by=actor, at=at)


def _count(call: CallUp, parts: list[ShiftPerson], actor: Person, at: datetime) -> None:
    for part in parts:
        if not part.is_held:
            continue
        fact = tell_of(
            call, SHIFT_HELD, actor, at, about=part.row.person, body=part.row.team.carrier.body_id, source=part,
            quantity=hours_of(part.minutes), day=local_day(part.starts_at),
        )  # fmt: skip
        part.fact = fact.pk
        part.save(update_fields=["fact"])


def minutes_held(call: CallUp) -> int:
    """Return how many minutes were held in all shifts of a call-up."""
    return sum(part.minutes for part in ShiftPerson.objects.filter(shift__call=call, is_held=True).order_by("pk"))


def _is_on(shift: Shift, actor: Person) -> bool:
    return shift.people.filter(row__person=actor).exclude(is_held=False).exists()


def _due(shift: Shift, at: datetime) -> Shift:
    """Return the shift that is to be handed over, its call-up held."""
    call = running(shift.call)
    fresh = Shift.objects.select_related("handed_by").filter(pk=shift.pk).first()
    if fresh is None:
        raise NotFound
    if fresh.is_closed:
        raise ShiftClosed(number=fresh.number)
    first = call.shifts.filter(closed_at=None).order_by("number").first()
    if first is not None and first.pk != fresh.pk:
        raise NotThisShift(number=fresh.number, first=first.number)
    if at < fresh.starts_at:
        raise NotStarted(number=fresh.number)
    fresh.call = call
    return fresh
