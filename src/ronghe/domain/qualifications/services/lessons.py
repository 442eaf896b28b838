"""Lessons and exams, changes of post and times away, proven violations (PC-11, PC-12, PC-16, PC-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.qualifications.enums import BreakKind, LessonLevel
from ronghe.domain.qualifications.facts import LESSON_HELD, VIOLATION_NOTED, WORK_BROKEN
from ronghe.domain.qualifications.models import Lesson, ProvenViolation, WorkBreak
from ronghe.domain.qualifications.rules import KEEP_RECORD
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_

HOURS_A_DAY = Decimal(24)


class DayAhead(DomainError):
    code = "day_ahead"
    sentence = N_("日期 %(on)s 还没有到，请改日期。")
    status = 422


class HoursUnlikely(DomainError):
    code = "hours_unlikely"
    sentence = N_("一天的学时要大于 0、不超过 24，填的是 %(hours)s；多天的请一天一条。")
    status = 422


class BreakBackwards(DomainError):
    code = "break_backwards"
    sentence = N_("回岗日期 %(ended)s 早于离岗日期 %(began)s，请改日期。")
    status = 422


class BreakNoted(DomainError):
    code = "break_noted"
    sentence = N_("%(name)s %(on)s 的转岗或离岗已经登记过。")


class ViolationKnown(DomainError):
    code = "violation_known"
    sentence = N_("%(name)s的这次违章（%(reference)s）已经登记过（PC-16）。")


class ReferenceMissing(DomainError):
    code = "reference_missing"
    sentence = N_("请写查实这次违章的文书编号（PC-16）。")
    status = 422


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson of one day; without an exam there is no mark and `passed` is `None`."""

    level: LessonLevel
    held_on: date
    hours: Decimal
    topic: str = ""
    mark: Decimal | None = None
    passed: bool | None = None


@transaction.atomic
def note_lesson(*, person: Person, text: LessonText, actor: Person, at: datetime) -> Lesson:
    """Note so many hours of training of one level, with the result of its exam (PC-11, PC-19).

    :raises DayAhead: it has not been yet
    :raises HoursUnlikely: none, or more than a day has
    """
    KEEP_RECORD.require(actor, person, at=at)
    if text.held_on > local_day(at):
        raise DayAhead(on=text.held_on)
    if not 0 < text.hours <= HOURS_A_DAY:
        raise HoursUnlikely(hours=f"{text.hours:f}")
    lesson = Lesson.objects.create(
        person=person, level=text.level, held_on=text.held_on, hours=text.hours, topic=text.topic.strip(),
        mark=text.mark, passed=text.passed, noted_by=actor, noted_at=at,
    )  # fmt: skip
    said = {"level": text.level, "passed": text.passed}
    record(
        Draft(LESSON_HELD, at, actor, about=person, unit=person.unit_id, quantity=text.hours, attributes=said,
              source=lesson)
    )  # fmt: skip
    return lesson


@transaction.atomic
def note_lessons(*, people: list[Person], text: LessonText, actor: Person, at: datetime) -> list[Lesson]:
    """Note one lesson for a whole class; all or nobody."""
    return [note_lesson(person=person, text=text, actor=actor, at=at) for person in people]


@transaction.atomic
def withdraw_lesson(*, lesson: Lesson, actor: Person, at: datetime) -> Lesson:
    """Take back a lesson that was noted by mistake; its hours do not count any more.

    :raises Stale: it was taken back before
    """
    KEEP_RECORD.require(actor, lesson.person, at=at)
    if not Lesson.objects.filter(pk=lesson.pk, withdrawn_at=None).update(withdrawn_at=at):
        raise Stale
    lesson.withdrawn_at = at
    told = Fact.objects.filter(kind=LESSON_HELD.name, source_type="qualifications.lesson", source_id=lesson.pk)
    reverse(told.filter(reverses=None).order_by("pk")[0], by=actor, at=at)
    return lesson


@transaction.atomic
def note_break(
    *, person: Person, kind: BreakKind, began_on: date, ended_on: date, actor: Person, at: datetime
) -> WorkBreak:
    """Note a change of post, or that somebody is back at work after a time away (PC-12, PC-15).

    :raises BreakBackwards: it ended before it began
    :raises DayAhead: it has not ended yet
    :raises BreakNoted: it is on record
    """
    KEEP_RECORD.require(actor, person, at=at)
    if ended_on < began_on:
        raise BreakBackwards(began=began_on, ended=ended_on)
    if ended_on > local_day(at):
        raise DayAhead(on=ended_on)
    try:
        with transaction.atomic():
            row = WorkBreak.objects.create(
                person=person, kind=kind, began_on=began_on, ended_on=ended_on, noted_by=actor, noted_at=at
            )
    except IntegrityError as error:
        raise BreakNoted(name=person.name, on=began_on) from error
    record(Draft(WORK_BROKEN, at, actor, about=person, unit=person.unit_id, attributes={"what": kind}, source=row))
    return row


@transaction.atomic
def note_violation(
    *, person: Person, on: date, reference: str, is_grave: bool, actor: Person, at: datetime
) -> ProvenViolation:
    """Note a proven violation: the second since a review bars the next one, a grave one at once (PC-16).

    :raises ReferenceMissing: without the paper that proves it
    :raises DayAhead: it has not been yet
    :raises ViolationKnown: that paper's is on record
    """
    KEEP_RECORD.require(actor, person, at=at)
    if not reference.strip():
        raise ReferenceMissing
    if on > local_day(at):
        raise DayAhead(on=on)
    try:
        with transaction.atomic():
            row = ProvenViolation.objects.create(
                person=person, happened_on=on, reference=reference.strip(), is_grave=is_grave, noted_by=actor,
                noted_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise ViolationKnown(name=person.name, reference=reference.strip()) from error
    record(
        Draft(VIOLATION_NOTED, at, actor, about=person, unit=person.unit_id, attributes={"grave": is_grave}, source=row)
    )
    return row
