"""A programme of joint study is opened for a task force, a zone, an agreement or a branch, filled month by month, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.exchange.calc.months import MonthState, first_of
from ronghe.domain.exchange.enums import LINE_FLOW, PROGRAMME_FLOW, LineState, ProgrammeState, StudyMode, TopicKind
from ronghe.domain.exchange.facts import (
    LINE_ADDED,
    LINE_CHANGED,
    MATERIAL_ADDED,
    PROGRAMME_ENDED,
    PROGRAMME_OPENED,
    QUESTION_ANSWERED,
    QUESTION_ASKED,
)
from ronghe.domain.exchange.models import ProgrammeSide, StudyLine, StudyMaterial, StudyProgramme, StudyQuestion
from ronghe.domain.exchange.rules import KEEP_PROGRAMME, OPEN_PROGRAMME, PREPARE_LINE, SEE_PROGRAMME
from ronghe.domain.exchange.selectors.holders import Holder, holder_of_body
from ronghe.domain.exchange.selectors.study import standing_of_programme
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.taskforces.models import DifficultPoint, TaskForce
from ronghe.domain.taskforces.rules import SEE_POINT
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.domain.zones.models import CollaborationZone
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_

LONGEST_PROGRAMME = 36
"""Months."""


class ProgrammeShapeless(DomainError):
    code = "programme_shapeless"
    sentence = N_("请写明名称、地点和起止月份，结束不早于开始，最长三年。")
    status = 422


class HolderNotReady(DomainError):
    code = "programme_holder_not_ready"
    sentence = N_("“%(name)s”还没有成立党组织，等成立以后再定学习计划。")


class ProgrammeOver(DomainError):
    code = "programme_over"
    sentence = N_("“%(title)s”已经结束，不能再改；请另定一份计划。")


class TopicMissing(DomainError):
    code = "study_topic_missing"
    sentence = N_("请写明学什么。")
    status = 422


class MonthOutside(DomainError):
    code = "study_month_outside"
    sentence = N_("%(month)s不在计划的起止月份里，请换一个月。")
    status = 422


class PointListed(DomainError):
    code = "study_point_listed"
    sentence = N_("难点“%(title)s”已经列入这份计划。")


class PointOfOthers(DomainError):
    code = "study_point_of_others"
    sentence = N_("难点“%(title)s”不是这份计划的参加方的，不能列入。")
    status = 422


class QuestionEmpty(DomainError):
    code = "study_question_empty"
    sentence = N_("请写明要问什么，或怎样答复。")
    status = 422


class QuestionLate(DomainError):
    code = "study_question_late"
    sentence = N_("“%(topic)s”已经学过或取消，不能再提问；请在讨论里说。")


class MaterialThere(DomainError):
    code = "study_material_there"
    sentence = N_("这份材料已经在了。")


@dataclass(frozen=True, slots=True)
class ProgrammeText:
    """What is said of a programme when it is opened; the span is taken to whole months at its beginning."""

    title: str
    starts_on: date
    ends_on: date
    place: str
    mode: StudyMode = StudyMode.ON_SITE
    chat: str = ""


@transaction.atomic
def open_programme(
    *, text: ProgrammeText, actor: Person, at: datetime, body: PartyOrg | None = None,
    task_force: TaskForce | None = None, zone: CollaborationZone | None = None, agreement: Agreement | None = None,
) -> StudyProgramme:  # fmt: skip
    """Open a programme of one holder: a task force, a zone, an agreement (`body` is then the actor's side), or a branch.

    :raises NotAllowed: the actor leads none of its sides
    :raises HolderNotReady: the task force or zone has no body yet
    :raises ProgrammeShapeless: no words, or a span that does not hold together
    """
    holder = holder_of_body(body=body, task_force=task_force, zone=zone, agreement=agreement)
    if holder is None:
        name = next((one.name for one in (task_force, zone) if one is not None), "")
        raise HolderNotReady(name=name)
    _require_leading(holder, actor, at)
    starts_on = first_of(text.starts_on)
    months = (text.ends_on.year - starts_on.year) * 12 + text.ends_on.month - starts_on.month
    if not text.title.strip() or not text.place.strip() or text.ends_on < starts_on or months >= LONGEST_PROGRAMME:
        raise ProgrammeShapeless
    programme = StudyProgramme.objects.create(
        title=text.title.strip(), body=holder.main, task_force=task_force, zone=zone, agreement=agreement,
        starts_on=starts_on, ends_on=text.ends_on, mode=text.mode, place=text.place.strip(), chat=text.chat.strip(),
        made_by=actor, made_at=at,
    )  # fmt: skip
    ProgrammeSide.objects.bulk_create(
        ProgrammeSide(programme=programme, body=side, is_host=side.pk in holder.hosts) for side in holder.sides
    )
    told = {"from": starts_on, "sides": len(holder.sides)}
    record(Draft(PROGRAMME_OPENED, at, actor, body=programme.body_id, attributes=told, source=programme))
    return programme


@transaction.atomic
def add_line(
    *, programme: StudyProgramme, month: date, kind: TopicKind, topic: str, actor: Person, at: datetime,
    preparer: Person | None = None, mode: StudyMode | None = None, point: DifficultPoint | None = None,
) -> StudyLine:  # fmt: skip
    """List a topic for a month of the programme.

    :raises ProgrammeOver: it has ended
    :raises TopicMissing: no words
    :raises MonthOutside: not a month of the programme
    :raises PointListed: the difficult point is listed already
    """
    KEEP_PROGRAMME.require(actor, programme, at=at)
    _require_running(programme)
    if not topic.strip():
        raise TopicMissing
    first = first_of(month)
    if not programme.starts_on <= first <= programme.ends_on:
        raise MonthOutside(month=f"{first:%Y-%m}")
    try:
        with transaction.atomic():
            line = StudyLine.objects.create(
                programme=programme, month=first, kind=kind, topic=topic.strip()[:110], preparer=preparer,
                mode=mode or programme.mode, point=point, added_by=actor, added_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise PointListed(title=topic) from error
    told = {"topic": line.kind, "month": first}
    record(Draft(LINE_ADDED, at, actor, body=programme.body_id, attributes=told, source=line))
    return line


@transaction.atomic
def add_point(*, programme: StudyProgramme, point: DifficultPoint, actor: Person, at: datetime) -> StudyLine:
    """List a difficult point with one tap: this month, or the programme's first or last one; its person in charge prepares.

    :raises PointOfOthers: the point's task force has nothing to do with the programme
    :raises PointListed: it is listed already
    """
    SEE_POINT.require(actor, point, at=at)
    force = point.task_force
    ours = (
        (programme.task_force_id is not None and force.pk == programme.task_force_id)
        or (programme.zone_id is not None and force.zone_id == programme.zone_id)
        or (programme.agreement_id is not None and force.agreement_id == programme.agreement_id)
    )
    if not ours:
        raise PointOfOthers(title=point.title)
    today = local_day(at)
    month = min(max(first_of(today), programme.starts_on), first_of(programme.ends_on))
    charge = point.people.filter(is_in_charge=True).select_related("person").first()
    return add_line(
        programme=programme, month=month, kind=TopicKind.DIFFICULTY, topic=point.title,
        preparer=charge.person if charge is not None else None, point=point, actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def drop_line(*, line: StudyLine, actor: Person, at: datetime) -> StudyLine:
    """Take a topic off that is not planned; it can be taken back.

    :raises StepNotAllowed: it is planned or studied
    """
    KEEP_PROGRAMME.require(actor, line.programme, at=at)
    LINE_FLOW.advance(line, "drop")
    _record_change(line, actor, at, is_dropped=True)
    return line


@transaction.atomic
def take_line_back(*, line: StudyLine, actor: Person, at: datetime) -> StudyLine:
    """List a dropped topic again.

    :raises StepNotAllowed: it is not dropped
    :raises PointListed: its difficult point was listed anew
    """
    KEEP_PROGRAMME.require(actor, line.programme, at=at)
    _require_running(line.programme)
    try:
        with transaction.atomic():
            LINE_FLOW.advance(line, "take_back")
    except IntegrityError as error:
        raise PointListed(title=line.topic) from error
    _record_change(line, actor, at, is_dropped=False)
    return line


def add_material(*, line: StudyLine, upload: Upload, actor: Person, at: datetime) -> StudyMaterial:
    """Add a picture or PDF to a topic: whoever prepares it, or keeps the programme.

    :raises MaterialThere: the same bytes are there
    """
    PREPARE_LINE.require(actor, line, at=at)
    file = prepare_file(upload)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = StudyMaterial.objects.create(
                    line=line, file=keep_file(file, at=at), name=file.name, added_by=actor, added_at=at
                )
        except IntegrityError as error:
            raise MaterialThere from error
        record(Draft(MATERIAL_ADDED, at, actor, body=line.programme.body_id, source=line))
    return made


@transaction.atomic
def ask_question(*, line: StudyLine, text: str, actor: Person, at: datetime) -> StudyQuestion:
    """Ask something before the study: anybody of the sides.

    :raises QuestionEmpty: no words
    :raises QuestionLate: it was studied, or dropped
    """
    SEE_PROGRAMME.require(actor, line.programme, at=at)
    if not text.strip():
        raise QuestionEmpty
    if line.state not in (LineState.LISTED, LineState.PLANNED):
        raise QuestionLate(topic=line.topic)
    made = StudyQuestion.objects.create(line=line, text=text.strip(), asked_by=actor, asked_at=at)
    record(Draft(QUESTION_ASKED, at, actor, about=actor, body=line.programme.body_id, source=line))
    return made


@transaction.atomic
def answer_question(*, question: StudyQuestion, answer: str, actor: Person, at: datetime) -> StudyQuestion:
    """Answer it, or put a given answer better.

    :raises QuestionEmpty: no words
    """
    PREPARE_LINE.require(actor, question.line, at=at)
    if not answer.strip():
        raise QuestionEmpty
    question.answer, question.answered_by, question.answered_at = answer.strip(), actor, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record(Draft(QUESTION_ANSWERED, at, actor, body=question.line.programme.body_id, source=question.line))
    return question


@transaction.atomic
def end_programme(*, programme: StudyProgramme, actor: Person, at: datetime) -> StudyProgramme:
    """End a programme; what was studied stays, what was listed stays unstudied.

    :raises StepNotAllowed: it has ended
    """
    KEEP_PROGRAMME.require(actor, programme, at=at)
    months = standing_of_programme(programme, local_day(at))
    PROGRAMME_FLOW.advance(programme, "end", ended_at=at)
    held = sum(month.state == MonthState.HELD for month in months)
    gaps = sum(month.state == MonthState.MISSED for month in months)
    record(
        Draft(PROGRAMME_ENDED, at, actor, body=programme.body_id, attributes={"held": held, "gaps": gaps},
              source=programme)
    )  # fmt: skip
    return programme


def _require_leading(holder: Holder, actor: Person, at: datetime) -> None:
    """The actor leads one of the sides.

    :raises NotAllowed: none
    """
    bodies: Sequence[PartyOrg] = [holder.main, *holder.sides]
    if not any(OPEN_PROGRAMME.allows(actor, body, at=at) for body in bodies):
        OPEN_PROGRAMME.require(actor, holder.main, at=at)


def _require_running(programme: StudyProgramme) -> None:
    if programme.state != ProgrammeState.RUNNING:
        raise ProgrammeOver(title=programme.title)


def _record_change(line: StudyLine, actor: Person, at: datetime, *, is_dropped: bool) -> None:
    told = {"is_dropped": is_dropped}
    record(Draft(LINE_CHANGED, at, actor, body=line.programme.body_id, attributes=told, source=line))
