"""Reports are handed in, questions and comments written down, problems turned into tasks, objections made and answered."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.hearings.enums import OBJECTION_FLOW, HearingState, RemarkKind
from ronghe.domain.hearings.facts import (
    OBJECTED,
    OBJECTION_ANSWERED,
    PROBLEM_NOTED,
    REMARKED,
    REPORT_HANDED_IN,
)
from ronghe.domain.hearings.models import Hearing, HearingProblem, HearingReporter, Objection, Remark
from ronghe.domain.hearings.rules import ANSWER_OBJECTION, HAND_IN, OBJECT, REMARK, RUN_HEARING
from ronghe.domain.hearings.services.planning import require_planned
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.files import Upload, keep_file, prepare_file
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

LONGEST_REPORT = 20_000


class ReportMissing(DomainError):
    code = "report_missing"
    sentence = N_("请写述职报告，或附上一个文件。")
    status = 422


class ReportTooLong(DomainError):
    code = "report_too_long"
    sentence = N_("述职报告超过 %(signs)s 个字，请精简，或附上文件。")
    status = 422


class RemarkEmpty(DomainError):
    code = "remark_empty"
    sentence = N_("请写明说了什么。")
    status = 422


class NotTimeForObjection(DomainError):
    code = "not_time_for_objection"
    sentence = N_("异议在计分以后、%(until)s 以前提出；现在不在这段时间。")


class ObjectedAlready(DomainError):
    code = "objected_already"
    sentence = N_("您已提出过异议，答复以后在这里看得到。")


class OwnObjection(DomainError):
    code = "own_objection"
    sentence = N_("这是您自己提的异议，须由别人答复。")
    status = 403


def hand_in_report(
    *, reporter: HearingReporter, text: str, actor: Person, at: datetime, upload: Upload | None = None
) -> HearingReporter:
    """Hand in the own report, in words or as a file; until marking begins it may be handed in again.

    After the deadline it is taken and shown as late.

    :raises ReportMissing, ReportTooLong: nothing, or too much
    :raises StepNotAllowed: marking has begun
    """
    HAND_IN.require(actor, reporter, at=at)
    if not text.strip() and upload is None and reporter.file is None:
        raise ReportMissing
    if len(text) > LONGEST_REPORT:
        raise ReportTooLong(signs=LONGEST_REPORT)
    file = prepare_file(upload) if upload is not None else None
    with transaction.atomic():
        require_planned(reporter.hearing)
        reporter.report, reporter.version, reporter.handed_in_at = text.strip(), reporter.version + 1, at
        if file is not None:
            reporter.file, reporter.file_name = keep_file(file, at=at), file.name
        reporter.save(update_fields=["report", "version", "handed_in_at", "file", "file_name"])
        attributes = {"version": reporter.version}
        record(
            Draft(REPORT_HANDED_IN, at, actor, about=reporter.person, body=reporter.body_id, attributes=attributes,
                  source=reporter)
        )  # fmt: skip
    return reporter


@transaction.atomic
def note_remark(
    *, reporter: HearingReporter, kind: RemarkKind, text: str, said_by: Person, actor: Person, at: datetime
) -> Remark:
    """Write down a question or a comment to a reporter; it stays as it was said.

    :raises RemarkEmpty: no words
    :raises StepNotAllowed: the hearing is called off or done
    """
    REMARK.require(actor, reporter, at=at)
    if not text.strip():
        raise RemarkEmpty
    _require_running(reporter.hearing)
    made = Remark.objects.create(
        reporter=reporter, kind=kind, text=text.strip(), said_by=said_by, noted_by=actor, noted_at=at
    )
    record(
        Draft(REMARKED, at, actor, about=reporter.person, body=reporter.hearing.body_id, attributes={"remark": kind},
              source=reporter)
    )  # fmt: skip
    return made


@transaction.atomic
def note_problem(
    *, reporter: HearingReporter, problem: str, due_at: datetime, actor: Person, at: datetime
) -> HearingProblem:
    """Put a problem on the list: a task of the reporter, which somebody above accepts once it is put right.

    :raises RemarkEmpty: no words
    :raises DeadlinePast: the deadline is over
    :raises StepNotAllowed: the hearing is called off or done
    """
    RUN_HEARING.require(actor, reporter.hearing, at=at)
    if not problem.strip():
        raise RemarkEmpty
    _require_running(reporter.hearing)
    task = give_task(
        title=problem.strip(), goal=reporter.hearing.title, assignee=reporter.person, due_at=due_at,
        body=reporter.hearing.body, actor=actor, at=at,
    )  # fmt: skip
    made = HearingProblem.objects.create(reporter=reporter, task=task)
    record(
        Draft(PROBLEM_NOTED, at, actor, about=reporter.person, body=reporter.body_id,
              attributes={"due": local_day(due_at)}, source=reporter)
    )  # fmt: skip
    return made


@transaction.atomic
def object_to_result(*, reporter: HearingReporter, text: str, actor: Person, at: datetime) -> Objection:
    """Object to the own result, once, within the working days after the count.

    :raises NotTimeForObjection: not counted, or too late
    :raises RemarkEmpty: no words
    :raises ObjectedAlready: a second time
    """
    OBJECT.require(actor, reporter, at=at)
    if not text.strip():
        raise RemarkEmpty
    hearing = reporter.hearing
    until = hearing.objections_until
    if hearing.state != HearingState.COUNTED or until is None or local_day(at) > until:
        raise NotTimeForObjection(until=until or "—")
    try:
        with transaction.atomic():
            made = Objection.objects.create(reporter=reporter, text=text.strip(), made_at=at)
    except IntegrityError as error:
        raise ObjectedAlready from error
    record(Draft(OBJECTED, at, actor, about=reporter.person, body=reporter.body_id, source=reporter))
    return made


@transaction.atomic
def answer_objection(*, objection: Objection, is_upheld: bool, answer: str, actor: Person, at: datetime) -> Objection:
    """Answer an objection; the result stays on record, the answer says what follows.

    :raises RemarkEmpty: no words
    :raises OwnObjection: one's own
    :raises StepNotAllowed: it was answered
    """
    reporter = objection.reporter
    ANSWER_OBJECTION.require(actor, reporter, at=at)
    if reporter.person_id == actor.pk:
        raise OwnObjection
    if not answer.strip():
        raise RemarkEmpty
    step = "uphold" if is_upheld else "dismiss"
    OBJECTION_FLOW.advance(objection, step, answer=answer.strip(), answered_by=actor, answered_at=at)
    record(
        Draft(OBJECTION_ANSWERED, at, actor, about=reporter.person, body=reporter.body_id,
              attributes={"answer": objection.state}, source=reporter)
    )  # fmt: skip
    return objection


def _require_running(hearing: Hearing) -> None:
    if hearing.state in (HearingState.CLOSED, HearingState.CALLED_OFF):
        raise StepNotAllowed(state=hearing.get_state_display())
