"""What somebody lacks for a kind of work on a day: the question that gates ask, and permits will, on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from ronghe.domain.qualifications.calc.book import Book, CertificateKind, Operation
from ronghe.kernel.words import N_, _

SENTENCES = {
    "training_hours": N_("%(level)s安全教育只有 %(done)s 学时，应有 %(needed)s 学时"),
    "relearning": N_("转岗或离岗满一年，%(level)s安全教育要重新接受，现有 %(done)s 学时，应有 %(needed)s 学时"),
    "exam": N_("安全教育考核还没有合格"),
    "yearly_hours": N_("近一年再培训只有 %(done)s 学时，应有 %(needed)s 学时"),
    "manager_hours": N_("负责人、安全管理人员初次培训只有 %(done)s 学时，应有 %(needed)s 学时"),
    "manager_exam": N_("负责人、安全管理人员培训考核还没有合格"),
    "manager_yearly": N_("负责人、安全管理人员近一年再培训只有 %(done)s 学时，应有 %(needed)s 学时"),
    "no_certificate": N_("没有“%(kind)s”证件"),
    "certificate_expired": N_("“%(kind)s”证件已于 %(day)s 到期"),
    "review_overdue": N_("“%(kind)s”证件应于 %(day)s 前复审，还没有通过"),
    "practice": N_("离岗满六个月，“%(kind)s”要重新实操考试"),
    "health": N_("健康原因不宜从事这项作业，请与安全管理人员联系"),
}

WITH_RULE = N_("%(sentence)s（%(rule)s）")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: a stable code, the number of the rule, and what the sentence says."""

    code: str
    rule: str
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        text = _(SENTENCES[self.code])
        return text % self.said if self.said else text

    def __str__(self) -> str:
        return _(WITH_RULE) % {"sentence": self.sentence, "rule": self.rule}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training on record; `level` is one of the three, or what else it was. `passed` is `None` where there was no exam."""

    level: str
    held_on: date
    hours: Decimal
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate on record, with the days of the practical exams that were passed since it was issued."""

    kind: CertificateKind
    issued_on: date
    review_on: date | None
    expires_on: date
    practiced_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """A change of post (both days the same), or a time away from work that is over."""

    began_on: date
    ended_on: date
    is_transfer: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of one person."""

    lessons: Sequence[Lesson] = ()
    held: Sequence[Held] = ()
    breaks: Sequence[Break] = ()
    is_barred: bool = False
    """A health restriction bars the very operation that is asked about."""


def lacking(record: Record, operation: Operation, book: Book, on: date) -> list[Lack]:
    """Return what somebody lacks for `operation` on the day `on`, nothing where there is nothing; the same for everybody (PC-10)."""
    training = _managing if operation.is_managing else _training
    lacks = [*training(record, book, on), *_certificate(record, operation, book, on)]
    return [*lacks, Lack("health", "PW-11")] if record.is_barred else lacks


def relearn_from(record: Record, book: Book, on: date) -> date | None:
    """Return the day from which lower levels are to be learnt anew, `None` where nothing was interrupted (PC-12)."""
    ended = [
        one.ended_on
        for one in record.breaks
        if one.ended_on <= on
        and (one.is_transfer or one.ended_on >= one.began_on + relativedelta(months=book.relearn_months))
    ]
    return max(ended, default=None)


def _training(record: Record, book: Book, on: date) -> list[Lack]:
    since = relearn_from(record, book, on)
    done = [lesson for lesson in record.lessons if lesson.held_on <= on]
    initial = [lesson for lesson in done if lesson.level in book.levels and _counts_since(lesson, since, book)]
    lacks = []
    for level in book.levels.values():
        hours = sum((one.hours for one in initial if one.level == level.id and one.passed is not False), Decimal(0))
        if hours < level.hours:
            again = since is not None and level.id in book.relearn_levels
            said = {"level": level.title, "done": f"{hours:f}", "needed": f"{level.hours:f}"}
            lacks.append(Lack("relearning", "PC-12", said) if again else Lack("training_hours", "PC-11", said))
    exams = sorted((one for one in initial if one.passed is not None), key=lambda one: one.held_on)
    if not exams or not exams[-1].passed:
        lacks.append(Lack("exam", "PC-19"))
    return lacks or _yearly(done, initial, book, on)


def _yearly(done: Sequence[Lesson], initial: Sequence[Lesson], book: Book, on: date) -> list[Lack]:
    """From the first anniversary of the initial training on, the last year must have the hours of a year (PC-11)."""
    year_ago = on - relativedelta(years=1)
    if not initial or max(one.held_on for one in initial) > year_ago:
        return []
    hours = sum((one.hours for one in done if one.held_on > year_ago and one.passed is not False), Decimal(0))
    if hours >= book.yearly_hours:
        return []
    return [Lack("yearly_hours", "PC-11", {"done": f"{hours:f}", "needed": f"{book.yearly_hours:f}"})]


MANAGER = "manager"
"""The level of lessons for those who answer for safety or manage it."""


def _managing(record: Record, book: Book, on: date) -> list[Lack]:
    """The hours of the initial training, its exam, and from the first anniversary of it on those of the last year (PC-13)."""
    asked = book.managers
    if asked is None:
        return []
    done = sorted(
        (one for one in record.lessons if one.level == MANAGER and one.held_on <= on), key=lambda one: one.held_on
    )
    counted = [one for one in done if one.passed is not False]
    hours, finished = Decimal(0), None
    for one in counted:
        hours += one.hours
        if finished is None and hours >= asked.initial_hours:
            finished = one.held_on
    if finished is None:
        return [Lack("manager_hours", "PC-13", {"done": f"{hours:f}", "needed": f"{asked.initial_hours:f}"})]
    exams = [one for one in done if one.passed is not None]
    if not exams or not exams[-1].passed:
        return [Lack("manager_exam", "PC-13")]
    year_ago = on - relativedelta(years=1)
    recent = sum((one.hours for one in counted if one.held_on > year_ago), Decimal(0))
    if finished > year_ago or recent >= asked.yearly_hours:
        return []
    return [Lack("manager_yearly", "PC-13", {"done": f"{recent:f}", "needed": f"{asked.yearly_hours:f}"})]


def _counts_since(lesson: Lesson, since: date | None, book: Book) -> bool:
    return since is None or lesson.level not in book.relearn_levels or lesson.held_on >= since


def _certificate(record: Record, operation: Operation, book: Book, on: date) -> list[Lack]:
    if not operation.certificates:
        return []
    held = [one for one in record.held if one.kind.id in operation.certificates and one.issued_on <= on]
    found = [_fault(one, record, on) for one in held]
    if any(fault is None for fault in found):
        return []
    faults = [fault for fault in found if fault is not None]
    if faults:
        return [min(faults, key=lambda lack: _NEAREST.index(lack.code))]
    names = _("、").join(book.kinds[kind].title for kind in operation.certificates)
    return [Lack("no_certificate", "PW-11", {"kind": names})]


_NEAREST = ("practice", "review_overdue", "certificate_expired")
"""Of several certificates with a fault the one is named that is soonest put right."""


def _fault(one: Held, record: Record, on: date) -> Lack | None:
    family, title = one.kind.family, one.kind.title
    if one.expires_on < on:
        return Lack("certificate_expired", family.rule, {"kind": title, "day": f"{one.expires_on}"})
    if one.review_on is not None and one.review_on < on:
        return Lack("review_overdue", family.rule, {"kind": title, "day": f"{one.review_on}"})
    if family.practice_months:
        away = relativedelta(months=family.practice_months)
        back = [
            rest.ended_on
            for rest in record.breaks
            if not rest.is_transfer and one.issued_on < rest.ended_on <= on and rest.ended_on >= rest.began_on + away
        ]
        if back and not any(max(back) <= day <= on for day in one.practiced_on):
            return Lack("practice", "PC-15", {"kind": title})
    return None
