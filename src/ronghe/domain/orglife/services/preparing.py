"""Before the meeting (PM-06): what is done and what shows it; statements, own appraisals, criticism noted in the meeting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.orglife.enums import BEFORE_MARKS, OVER, Preparation, ReviewGrade
from ronghe.domain.orglife.facts import CRITICIZED, PREPARED, SELF_APPRAISED, STATEMENT_HANDED_IN
from ronghe.domain.orglife.models import Criticism, LifeSession, PreparationDone, SessionMember
from ronghe.domain.orglife.rules import FILL_OWN, RUN_SESSION
from ronghe.domain.orglife.selectors.sessions import studies_offered
from ronghe.domain.orglife.services.planning import require_state
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

LONGEST_STATEMENT = 10_000


class WordsMissing(DomainError):
    code = "life_words_missing"
    sentence = N_("请写明内容。")
    status = 422


class TextTooLong(DomainError):
    code = "life_text_too_long"
    sentence = N_("写了超过 %(signs)s 个字，请精简。")
    status = 422


class NotThatStudy(DomainError):
    code = "life_not_that_study"
    sentence = N_("这次活动不是本支部当年已结束的集中学习，请另选一次。")
    status = 422


class IsExempt(DomainError):
    code = "life_is_exempt"
    sentence = N_("%(name)s今年免参加（%(reason)s），不用填写。要参加请先撤销免参加。")


class NoReviewHere(DomainError):
    code = "life_no_review"
    sentence = N_("这次只开组织生活会，不评议党员。")


class CriticizesSelf(DomainError):
    code = "life_criticizes_self"
    sentence = N_("自我批评写在对照检查材料里，这里只记别人提的意见。")
    status = 422


@transaction.atomic
def link_study(*, session: LifeSession, study: Activity, actor: Person, at: datetime) -> LifeSession:
    """Say which closed study was the concentrated study before the meeting.

    :raises NotThatStudy: it is not one of the body's in the year
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, *BEFORE_MARKS)
    if study.pk not in {row.pk for row in studies_offered(session)}:
        raise NotThatStudy
    session.study = study
    session.save(update_fields=["study"])
    record(Draft(PREPARED, at, actor, body=session.body_id, attributes={"item": Preparation.STUDY}, source=session))
    return session


def note_preparation(
    *, session: LifeSession, item: Preparation, note: str, actor: Person, at: datetime, upload: Upload | None = None
) -> PreparationDone:
    """Note that something before the meeting is done, in words or with a file; said again, it is said anew.

    :raises WordsMissing: neither words nor a file
    :raises StepNotAllowed: marking has begun, or the session is over
    """
    RUN_SESSION.require(actor, session, at=at)
    if not note.strip() and upload is None:
        raise WordsMissing
    file = prepare_file(upload) if upload is not None else None
    with transaction.atomic():
        require_state(session, *BEFORE_MARKS)
        values: dict[str, object] = {"note": note.strip(), "done_by": actor, "done_at": at}
        if file is not None:
            values |= {"file": keep_file(file, at=at), "file_name": file.name[:120]}
        row, _made = PreparationDone.objects.update_or_create(session=session, item=item, defaults=values)
        record(Draft(PREPARED, at, actor, body=session.body_id, attributes={"item": item}, source=session))
    return row


@transaction.atomic
def take_back_preparation(*, session: LifeSession, item: Preparation, actor: Person, at: datetime) -> None:
    """Take back what was noted by mistake; for the study also which one it was.

    :raises StepNotAllowed: marking has begun, or the session is over
    """
    RUN_SESSION.require(actor, session, at=at)
    require_state(session, *BEFORE_MARKS)
    session.preparations.filter(item=item).delete()
    if item == Preparation.STUDY and session.study_id is not None:
        session.study = None
        session.save(update_fields=["study"])


@transaction.atomic
def hand_in_statement(*, member: SessionMember, text: str, actor: Person, at: datetime) -> SessionMember:
    """Hand in the own statement; until marking begins it may be handed in again. The members read it in the meeting.

    :raises WordsMissing, TextTooLong, IsExempt: see their sentences
    :raises StepNotAllowed: marking has begun
    """
    FILL_OWN.require(actor, member, at=at)
    _refuse_exempt(member)
    words = _said(text)
    require_state(member.session, *BEFORE_MARKS)
    member.statement_sealed, member.statement_at = seal_text(words), at
    member.statement_version += 1
    member.save(update_fields=["statement_sealed", "statement_at", "statement_version"])
    record(
        Draft(STATEMENT_HANDED_IN, at, actor, about=member.person, body=member.session.body_id,
              attributes={"version": member.statement_version}, source=member)
    )  # fmt: skip
    return member


@transaction.atomic
def appraise_self(
    *, member: SessionMember, grade: ReviewGrade, text: str, actor: Person, at: datetime
) -> SessionMember:
    """Appraise oneself (PM-07), until marking begins; a probationary member too, though no grade follows (PM-08).

    :raises NoReviewHere, WordsMissing, TextTooLong, IsExempt: see their sentences
    :raises StepNotAllowed: marking has begun
    """
    FILL_OWN.require(actor, member, at=at)
    if not member.session.has_review:
        raise NoReviewHere
    _refuse_exempt(member)
    words = _said(text)
    require_state(member.session, *BEFORE_MARKS)
    member.self_grade, member.self_sealed, member.self_at = grade, seal_text(words), at
    member.save(update_fields=["self_grade", "self_sealed", "self_at"])
    record(
        Draft(SELF_APPRAISED, at, actor, about=member.person, body=member.session.body_id,
              attributes={"year": member.session.year}, source=member)
    )  # fmt: skip
    return member


@transaction.atomic
def note_criticism(*, member: SessionMember, said_by: Person, text: str, actor: Person, at: datetime) -> Criticism:
    """Note what somebody said to a member in the meeting, in short: sealed for the member, the chair and the committee.

    :raises WordsMissing, TextTooLong, CriticizesSelf: see their sentences
    :raises StepNotAllowed: no sitting has begun, or the session is over
    """
    session = member.session
    RUN_SESSION.require(actor, session, at=at)
    words = _said(text)
    if said_by.pk == member.person_id:
        raise CriticizesSelf
    if session.opened_at is None or session.state in OVER:
        raise StepNotAllowed(state=session.get_state_display())
    made = Criticism.objects.create(
        member=member, said_by=said_by, sealed=seal_text(words), noted_by=actor, noted_at=at
    )
    record(Draft(CRITICIZED, at, actor, about=member.person, body=session.body_id, source=member))
    return made


def _refuse_exempt(member: SessionMember) -> None:
    if member.exemption:
        raise IsExempt(name=member.person.name, reason=member.get_exemption_display())


def _said(text: str) -> str:
    words = text.strip()
    if not words:
        raise WordsMissing
    if len(words) > LONGEST_STATEMENT:
        raise TextTooLong(signs=LONGEST_STATEMENT)
    return words
