"""Results are told to each, acknowledged, objected to once, answered by somebody else, and reported to the body above."""

from __future__ import annotations

from datetime import datetime, time

from django.db import IntegrityError, transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.orglife.enums import (
    OBJECTION_FLOW,
    POOR,
    SESSION_FLOW,
    MeasureKind,
    ReviewGrade,
    SessionState,
)
from ronghe.domain.orglife.facts import (
    ACKNOWLEDGED,
    GRADED,
    OBJECTED,
    OBJECTION_ANSWERED,
    REPORTED_UP,
    REVIEW_HELD,
)
from ronghe.domain.orglife.models import GradeObjection, LifeSession, Measure, SessionMember
from ronghe.domain.orglife.rules import ANSWER_OBJECTION, FILL_OWN, RUN_SESSION
from ronghe.domain.orglife.selectors.members import GRADES, members_of, shares_of
from ronghe.domain.orglife.services.grading import TooManyExcellent, refuse_too_many
from ronghe.domain.orglife.services.planning import names_of, require_state
from ronghe.domain.orglife.services.preparing import WordsMissing
from ronghe.domain.work.services.tasks import cancel_task, give_task
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, record_many, reverse
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_, listed
from ronghe.kernel.workflow import StepNotAllowed

MEASURE_TASK = N_("落实个人整改")
"""The same for everybody: a list of tasks must not say who was graded how."""
SHOWN_NAMES = 8
LONGEST_OBJECTION = 600


class GradesMissing(DomainError):
    code = "life_grades_missing"
    sentence = N_("还有 %(count)s 人没有评定等次：%(names)s。评完才能告知。")


class MeasuresMissing(DomainError):
    code = "life_measures_missing"
    sentence = N_("%(names)s评为基本合格或不合格，还没有写帮助教育或组织处置，写完才能告知。")


class NothingTold(DomainError):
    code = "life_nothing_told"
    sentence = N_("评议结果还没有告知本人，现在没有要知悉的。")


class NotTimeToObject(DomainError):
    code = "life_not_time_to_object"
    sentence = N_("异议在告知以后、%(until)s 以前提出；现在不在这段时间。")


class ObjectedBefore(DomainError):
    code = "life_objected_before"
    sentence = N_("您已提出过异议，答复以后在这里看得到。")


class AnswersOwn(DomainError):
    code = "life_answers_own"
    sentence = N_("这是您自己提的异议，须由别人答复。")
    status = 403


class NotBetter(DomainError):
    code = "life_not_better"
    sentence = N_("异议成立时，新等次要比原来的高；不改等次的请不选。")
    status = 422


@transaction.atomic
def tell_results(*, session: LifeSession, actor: Person, at: datetime) -> LifeSession:
    """Tell each the own grade; the review is held with this, help and terms become tasks, and objections may come.

    :raises GradesMissing, MeasuresMissing, TooManyExcellent: see their sentences
    :raises StepNotAllowed: not in the committee's opinion
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, SessionState.OPINION)
    members = members_of(session)
    graded = [member for member in members if member.takes_grade]
    missing = [member for member in graded if not member.grade]
    if missing:
        raise GradesMissing(count=len(missing), names=listed(names_of(missing)[:SHOWN_NAMES]))
    helpless = [member for member in graded if member.grade in POOR and getattr(member, "measure", None) is None]
    if helpless:
        raise MeasuresMissing(names=listed(names_of(helpless)[:SHOWN_NAMES]))
    shares = shares_of(session, members)
    if shares.is_over:
        raise TooManyExcellent(
            members=shares.members, share=f"{session.share_of}/{session.share_in}", most=shares.most,
            now=shares.excellent,
        )  # fmt: skip
    until = add_working_days(statutory_calendar(), local_day(at), session.objection_days)
    SESSION_FLOW.advance(session, "tell", told_at=at, objections_until=until)
    for member in graded:
        measure: Measure | None = getattr(member, "measure", None)
        if measure is not None and measure.kind != MeasureKind.REFER and measure.until is not None:
            due = datetime.combine(measure.until, time(18), tzinfo=SHANGHAI)
            measure.task = give_task(
                title=MEASURE_TASK, assignee=member.person, due_at=due, body=session.body, actor=actor, at=at
            )
            measure.save(update_fields=["task"])
    counts = {grade.value: shares.counts[grade] for grade in GRADES}
    told = {"year": session.year, "members": shares.members, "graded": len(graded), **counts}
    record(Draft(REVIEW_HELD, at, actor, body=session.body_id, attributes=told, source=session))
    record_many(_graded(member, actor, at) for member in graded)
    return session


@transaction.atomic
def acknowledge(*, member: SessionMember, actor: Person, at: datetime) -> SessionMember:
    """Say that one has read the own result; said twice, it is said once.

    :raises NothingTold: nothing was told yet
    """
    FILL_OWN.require(actor, member, at=at)
    if member.session.told_at is None or not member.grade:
        raise NothingTold
    if SessionMember.objects.filter(pk=member.pk, acknowledged_at=None).update(acknowledged_at=at):
        member.acknowledged_at = at
        _tell(ACKNOWLEDGED, member, actor, at, year=member.session.year)
    return member


@transaction.atomic
def object_to_grade(*, member: SessionMember, text: str, actor: Person, at: datetime) -> GradeObjection:
    """Object to the own grade, once, within the working days after it was told.

    :raises WordsMissing, NotTimeToObject, ObjectedBefore: see their sentences
    """
    FILL_OWN.require(actor, member, at=at)
    words = text.strip()[:LONGEST_OBJECTION]
    if not words:
        raise WordsMissing
    session = member.session
    until = session.objections_until
    if session.state != SessionState.TOLD or until is None or not member.grade or local_day(at) > until:
        raise NotTimeToObject(until=until or "—")
    try:
        with transaction.atomic():
            made = GradeObjection.objects.create(member=member, sealed=seal_text(words), made_at=at)
    except IntegrityError as error:
        raise ObjectedBefore from error
    if member.acknowledged_at is None:
        acknowledge(member=member, actor=actor, at=at)
    _tell(OBJECTED, member, actor, at, year=session.year)
    return made


@transaction.atomic
def answer_objection(
    *, member: SessionMember, is_upheld: bool, answer: str, actor: Person, at: datetime,
    grade: ReviewGrade | None = None,
) -> GradeObjection:  # fmt: skip
    """Answer an objection; where it holds, the grade may become a better one, and the fact of the old one is reversed.

    :raises AnswersOwn, WordsMissing, NotBetter, TooManyExcellent: see their sentences
    :raises StepNotAllowed: it was answered, or there is none
    """
    ANSWER_OBJECTION.require(actor, member, at=at)
    if member.person_id == actor.pk:
        raise AnswersOwn
    words = answer.strip()[:LONGEST_OBJECTION]
    if not words:
        raise WordsMissing
    session = require_state(member.session, SessionState.TOLD)
    objection = GradeObjection.objects.select_for_update().filter(member=member).first()
    if objection is None:
        raise StepNotAllowed(state="—")
    step = "uphold" if is_upheld else "dismiss"
    OBJECTION_FLOW.advance(objection, step, answer_sealed=seal_text(words), answered_by=actor, answered_at=at)
    if is_upheld and grade is not None:
        _raise_grade(session, member, grade, actor, at)
    _tell(OBJECTION_ANSWERED, member, actor, at, answer=objection.state)
    return objection


@transaction.atomic
def report_up(*, session: LifeSession, actor: Person, at: datetime) -> LifeSession:
    """Note that the summary went to the body above.

    :raises StepNotAllowed: nothing was told yet
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, SessionState.TOLD, SessionState.CLOSED)
    session.reported_at, session.reported_by = at, actor
    session.save(update_fields=["reported_at", "reported_by"])
    record(Draft(REPORTED_UP, at, actor, body=session.body_id, attributes={"year": session.year}, source=session))
    return session


def _raise_grade(session: LifeSession, member: SessionMember, grade: ReviewGrade, actor: Person, at: datetime) -> None:
    """Give the better grade; a measure that has lost its ground ends with its task where the actor may end it."""
    if GRADES.index(grade) >= GRADES.index(ReviewGrade(member.grade)):
        raise NotBetter
    if grade == ReviewGrade.EXCELLENT:
        refuse_too_many(session, member)
    source = member._meta.label_lower  # noqa: SLF001 - Django's name
    facts = list(Fact.objects.filter(kind=GRADED.name, source_type=source, source_id=member.pk).order_by("pk"))
    undone = {fact.reverses for fact in facts}
    for fact in facts:
        if fact.reverses is None and fact.pk not in undone:
            reverse(fact, by=actor, at=at)
    member.grade, member.graded_by, member.graded_at = grade, actor, at
    member.save(update_fields=["grade", "graded_by", "graded_at"])
    record(_graded(member, actor, at))
    measure: Measure | None = getattr(member, "measure", None)
    if measure is not None and grade not in POOR and measure.task is not None:
        try:
            cancel_task(task=measure.task, reason=str(ReviewGrade(grade).label), actor=actor, at=at)
        except (NotAllowed, StepNotAllowed):
            return  # whoever opened it, or the secretary, ends it


def _graded(member: SessionMember, actor: Person, at: datetime) -> Draft:
    attributes = {"grade": member.grade, "year": member.session.year}
    return Draft(
        GRADED, at, actor, about=member.person, body=member.session.body_id, attributes=attributes, source=member
    )


def _tell(kind: object, member: SessionMember, actor: Person, at: datetime, **attributes: object) -> None:
    record(
        Draft(kind, at, actor, about=member.person, body=member.session.body_id,  # type: ignore[arg-type]
              attributes=attributes, source=member)
    )  # fmt: skip
