"""Shifts are planned from those on site, changed, handed over with both signatures, and held: hours count exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.db.models import Max

from ronghe.domain.carriers.calc.shifts import (
    DAY_HOURS,
    Span,
    groups_for,
    hours_of,
    is_on_quarter,
    longest_row,
    next_quarter,
    rota,
    spans_from,
)
from ronghe.domain.carriers.enums import Answer
from ronghe.domain.carriers.facts import SHIFT_CHANGED, SHIFTS_PLANNED
from ronghe.domain.carriers.models import CallPerson, CallUp, Shift, ShiftPerson
from ronghe.domain.carriers.rules import COMMAND
from ronghe.domain.carriers.selectors.calls import Limits, limits_of, spans_of
from ronghe.domain.carriers.services.calling import CallOver
from ronghe.domain.carriers.services.telling import locked_call, tell_of
from ronghe.domain.org.models import Person
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.words import N_

MOST_SHIFTS = 21
"""A week of eight hours each, at once."""


class ShiftLengthWrong(DomainError):
    code = "shift_length_wrong"
    sentence = N_("一班要在 1 到 %(most)s 小时之间，一次排 1 到 %(shifts)s 班。")
    status = 422


class NotEnoughPresent(DomainError):
    code = "shift_not_enough"
    sentence = N_("到位 %(count)s 人，每班 %(hours)s 小时要分 %(groups)s 组轮换，人不够。请等人到齐，或请邻队支援。")


class OffQuarter(DomainError):
    code = "shift_off_quarter"
    sentence = N_("班次按一刻钟排，请填整刻，例如 08:00、08:15。")
    status = 422


class ShiftTimesWrong(DomainError):
    code = "shift_times_wrong"
    sentence = N_("结束要晚于开始，个人的时间要在本班以内。")
    status = 422


class ShiftsOverlap(DomainError):
    code = "shifts_overlap"
    sentence = N_("和第 %(number)s 班的时间重叠了，请改时间。")


class ShiftClosed(DomainError):
    code = "shift_closed"
    sentence = N_("第 %(number)s 班已经交接，不能再排。时间记错了请更正值守时间。")


class NotPresent(DomainError):
    code = "shift_not_present"
    sentence = N_("%(name)s还没有到位，不能排班。")


class OnAlready(DomainError):
    code = "shift_on_already"
    sentence = N_("%(name)s这段时间已经排了班。")


class TooLongInRow(DomainError):
    """The rest rule: a settable number of hours in a row."""

    code = "shift_too_long"
    sentence = N_("%(name)s会连续值守 %(hours)s 小时，最多 %(most)s 小时，中间至少休息 %(rest)s 小时。请换人或缩短。")


@transaction.atomic
def plan_shifts(
    *, call: CallUp, length_hours: int, count: int, actor: Person, at: datetime, starts_at: datetime | None = None,
    people: Sequence[CallPerson] = (),
) -> list[Shift]:  # fmt: skip
    """Plan `count` shifts of `length_hours` from those on site, or from `people`, who take turns: two groups of 12 hours,
    three of 8. They follow the last shift that is planned, or begin with the next quarter of an hour; the first of each
    group leads it.

    :raises NotAllowed: the actor does not command
    :raises CallOver: it is not under way
    :raises ShiftLengthWrong, OffQuarter: not as shifts are made
    :raises NotEnoughPresent: fewer people than groups
    :raises NotPresent, OnAlready, TooLongInRow: somebody cannot be on
    """
    COMMAND.require(actor, call, at=at)
    fresh = running(call)
    limits = limits_of(fresh, at)
    if not 1 <= length_hours <= min(limits.most, DAY_HOURS) or not 1 <= count <= MOST_SHIFTS:
        raise ShiftLengthWrong(most=min(limits.most, DAY_HOURS), shifts=MOST_SHIFTS)
    rows = _present(fresh, people)
    groups = groups_for(length_hours)
    if len(rows) < groups:
        raise NotEnoughPresent(count=len(rows), hours=length_hours, groups=groups)
    last = fresh.shifts.aggregate(number=Max("number"), ends_at=Max("ends_at"))
    begins = starts_at or last["ends_at"] or next_quarter(at)
    _refuse_off_quarter(begins)
    _refuse_overlap(fresh, Span(begins, spans_from(begins, length_hours=length_hours, shifts=count)[-1].ends_at))
    made = []
    by_key = {row.pk: row for row in rows}
    on = rota(list(by_key), groups=groups, shifts=count)
    for number, span in enumerate(spans_from(begins, length_hours=length_hours, shifts=count)):
        shift = Shift.objects.create(
            call=fresh, number=(last["number"] or 0) + number + 1, starts_at=span.starts_at, ends_at=span.ends_at
        )
        ShiftPerson.objects.bulk_create(
            ShiftPerson(
                shift=shift, row=by_key[key], is_lead=place == 0, starts_at=span.starts_at, ends_at=span.ends_at
            )
            for place, key in enumerate(on[number])
        )
        made.append(shift)
    refuse_tired(rows, Span(begins, made[-1].ends_at), limits)
    tell_of(fresh, SHIFTS_PLANNED, actor, at, shifts=count, people=len(rows))
    return made


@transaction.atomic
def put_on_shift(
    *, shift: Shift, row: CallPerson, actor: Person, at: datetime, starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> ShiftPerson:  # fmt: skip
    """Put somebody on a shift, for the whole of it unless told; for whoever is on it already the times change.

    :raises NotAllowed, CallOver, ShiftClosed: it may not be changed
    :raises OffQuarter, ShiftTimesWrong: the times
    :raises NotPresent, OnAlready, TooLongInRow: the person cannot be on
    """
    fresh = _changeable(shift, actor, at)
    (person,) = _present(fresh.call, [row])
    span = Span(starts_at or fresh.starts_at, ends_at or fresh.ends_at)
    refuse_outside(span, fresh.span)
    part, is_new = ShiftPerson.objects.get_or_create(
        shift=fresh, row=person,
        defaults={"starts_at": span.starts_at, "ends_at": span.ends_at, "is_lead": not fresh.people.exists()},
    )  # fmt: skip
    if not is_new:
        part.starts_at, part.ends_at = span.starts_at, span.ends_at
        part.save(update_fields=["starts_at", "ends_at"])
    refuse_tired([person], span, limits_of(fresh.call, at))
    tell_of(fresh.call, SHIFT_CHANGED, actor, at, source=fresh, what="put_on" if is_new else "times")
    return part


@transaction.atomic
def take_off_shift(*, part: ShiftPerson, actor: Person, at: datetime) -> Shift:
    """Take somebody off a shift; where that was its lead, the next by name leads.

    :raises NotAllowed, CallOver, ShiftClosed: it may not be changed
    """
    fresh = _changeable(part.shift, actor, at)
    fresh.people.filter(pk=part.pk).delete()
    if part.is_lead:
        following = fresh.people.order_by("row__person__name", "pk").first()
        if following is not None:
            ShiftPerson.objects.filter(pk=following.pk).update(is_lead=True)
    tell_of(fresh.call, SHIFT_CHANGED, actor, at, source=fresh, what="take_off")
    return fresh


@transaction.atomic
def move_shift(*, shift: Shift, starts_at: datetime, ends_at: datetime, actor: Person, at: datetime) -> Shift:
    """Give a shift other times; whoever is on for the whole of it stays so, others are cut to it.

    :raises NotAllowed, CallOver, ShiftClosed: it may not be changed
    :raises OffQuarter, ShiftTimesWrong, ShiftsOverlap, TooLongInRow: the times
    """
    fresh = _changeable(shift, actor, at)
    span = Span(starts_at, ends_at)
    refuse_outside(span, span)
    _refuse_overlap(fresh.call, span, besides=fresh.pk)
    before = fresh.span
    fresh.starts_at, fresh.ends_at = starts_at, ends_at
    fresh.save(update_fields=["starts_at", "ends_at"])
    for part in fresh.people.order_by("pk"):
        begins = starts_at if part.starts_at == before.starts_at else max(part.starts_at, starts_at)
        ends = ends_at if part.ends_at == before.ends_at else min(part.ends_at, ends_at)
        part.starts_at, part.ends_at = (begins, ends) if begins < ends else (starts_at, ends_at)
        part.save(update_fields=["starts_at", "ends_at"])
    rows = [part.row for part in fresh.people.select_related("row__person").order_by("pk")]
    refuse_tired(rows, span, limits_of(fresh.call, at))
    tell_of(fresh.call, SHIFT_CHANGED, actor, at, source=fresh, what="times")
    return fresh


@transaction.atomic
def drop_shift(*, shift: Shift, actor: Person, at: datetime) -> CallUp:
    """Strike a shift that nobody held from the plan; those after it keep their numbers.

    :raises NotAllowed, CallOver, ShiftClosed: it may not be changed
    """
    fresh = _changeable(shift, actor, at)
    tell_of(fresh.call, SHIFT_CHANGED, actor, at, what="drop")
    fresh.delete()
    return fresh.call


def running(call: CallUp) -> CallUp:
    """Return the call-up held until the transaction ends.

    :raises CallOver: it is not under way
    """
    fresh = locked_call(call)
    if not fresh.is_running:
        raise CallOver(state=fresh.get_state_display())
    return fresh


def refuse_outside(span: Span, shift: Span) -> None:
    """Return where a span lies on quarters and within a shift.

    :raises OffQuarter, ShiftTimesWrong: it does not
    """
    for moment in (span.starts_at, span.ends_at):
        _refuse_off_quarter(moment)
    if span.ends_at <= span.starts_at or span.starts_at < shift.starts_at or span.ends_at > shift.ends_at:
        raise ShiftTimesWrong
    if span.minutes > DAY_HOURS * 60:
        raise ShiftTimesWrong


def refuse_tired(rows: Iterable[CallPerson], span: Span, limits: Limits) -> None:
    """Return where none of these people is on twice at once, or too long in a row, as it is written now.

    :raises OnAlready: two shifts at once
    :raises TooLongInRow: the rest rule
    """
    people = {row.person_id: row.person.name for row in rows}
    for person, found in spans_of(people, span.starts_at, span.ends_at).items():
        spans = sorted(one for _key, one in found)
        if any(one.overlaps(other) for one, other in pairwise(spans)):
            raise OnAlready(name=people[person])
        minutes = longest_row(spans, rest_hours=limits.rest)
        if minutes > limits.most * 60:
            raise TooLongInRow(name=people[person], hours=_plain(hours_of(minutes)), most=limits.most, rest=limits.rest)


def _plain(hours: Decimal) -> str:
    return f"{hours.normalize():f}"


def _present(call: CallUp, people: Sequence[CallPerson]) -> list[CallPerson]:
    """Return those of `people` (everybody where none are named) who are on site, by name.

    :raises NotPresent: somebody who was named is not
    :raises NotFound: somebody is not called up here
    """
    rows = call.roster.select_related("person").order_by("person__name", "pk")
    if not people:
        return list(rows.filter(answer=Answer.ARRIVED))
    named = list(rows.filter(pk__in=[row.pk for row in people]))
    if len(named) != len({row.pk for row in people}):
        raise NotFound
    for row in named:
        if not row.is_present:
            raise NotPresent(name=row.person.name)
    return named


def _changeable(shift: Shift, actor: Person, at: datetime) -> Shift:
    """Return the shift with its call-up held, as far as the actor may change it."""
    COMMAND.require(actor, shift.call, at=at)
    call = running(shift.call)
    fresh = Shift.objects.select_for_update(of=("self",)).filter(pk=shift.pk).first()
    if fresh is None:
        raise NotFound
    if fresh.is_closed:
        raise ShiftClosed(number=fresh.number)
    fresh.call = call
    return fresh


def _refuse_off_quarter(moment: datetime) -> None:
    if not is_on_quarter(moment):
        raise OffQuarter


def _refuse_overlap(call: CallUp, span: Span, besides: int = 0) -> None:
    rows = call.shifts.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at).exclude(pk=besides)
    other = rows.order_by("number").first()
    if other is not None:
        raise ShiftsOverlap(number=other.number)
