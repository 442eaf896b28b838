"""Self-check, review and objections: what the judged say of a result, and how it is settled (CA-12, PI-05).

A remark is made in the self-check and settled in the review; an objection is made during the public notice. Nobody settles
what is his own: not who said it, not who started or published the run. An objection that holds takes the run off the notice.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ronghe.domain.appraisal.calc.deadlines import ANSWER_WORKDAYS, CHECK_WORKDAYS
from ronghe.domain.appraisal.enums import REMARK_FLOW, RUN_FLOW, RemarkKind, RemarkState, RunStage, RunState
from ronghe.domain.appraisal.facts import (
    CHECK_OPENED,
    OBJECTED,
    REMARK_ANSWERED,
    REMARK_TAKEN_BACK,
    REMARKED,
    REVIEW_BEGUN,
    RUN_REOPENED,
)
from ronghe.domain.appraisal.models import Remark, Run
from ronghe.domain.appraisal.rules import (
    ANSWER_OBJECTION,
    ANSWER_REMARK,
    PUBLISH_RUN,
    REVIEW_RUN,
    SEE_RUN,
    TAKE_BACK_REMARK,
)
from ronghe.domain.appraisal.selectors.remarks import answers_for, judged_body_of, uncounted_ids
from ronghe.domain.appraisal.selectors.results import result_seen_by
from ronghe.domain.appraisal.selectors.sheets import sheet_of_run
from ronghe.domain.org.models import Person
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.calendar.workdays import add_working_days
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed


class CheckNotOver(DomainError):
    code = "check_not_over"
    sentence = N_("自查到 %(last_on)s 为止，之后才能开始复核。")


class CheckOver(DomainError):
    code = "check_over"
    sentence = N_("自查到 %(last_on)s 已经结束，公示期间可以提异议。")


class CheckTooShort(DomainError):
    code = "check_too_short"
    sentence = N_("自查至少 1 个工作日。")
    status = 422


class NoticeOver(DomainError):
    code = "notice_over"
    sentence = N_("公示到 %(last_on)s 已经期满，不能再提异议。请向考评单位反映，由它发起更正。")


class RemarkEmpty(DomainError):
    code = "remark_empty"
    sentence = N_("请写明理由：哪里不对，应当怎样。")
    status = 422


class NodeUnknown(DomainError):
    code = "node_unknown"
    sentence = N_("这张评分表里没有“%(node)s”这一项。")
    status = 422


class FactNotMissing(DomainError):
    code = "fact_not_missing"
    sentence = N_("编号 %(fact)s 的记录不是这个对象本期没有计入的记录，请从列出的记录里选。")
    status = 422


class RemarkedAlready(DomainError):
    code = "remarked_already"
    sentence = N_("您对这一项提过的意见还没有答复，请等答复，或收回后重提。")


class OwnMatter(DomainError):
    code = "own_matter"
    sentence = N_("提出人和发起、公示这次考评的人不能答复，请由另外一人办理。")
    status = 403


class AnswerMissing(DomainError):
    code = "answer_missing"
    sentence = N_("答复要写明理由。")
    status = 422


@transaction.atomic
def open_check(*, run: Run, actor: Person, at: datetime, workdays: int = CHECK_WORKDAYS) -> Run:
    """Show every judged body its draft, to be looked through within `workdays` working days.

    :raises StepNotAllowed: it is no draft with results
    :raises CheckTooShort: less than one working day
    """
    PUBLISH_RUN.require(actor, run, at=at)
    if workdays < 1:
        raise CheckTooShort
    until = add_working_days(statutory_calendar(), day_of(at), workdays)
    RUN_FLOW.advance(run, "open_check", check_until=until)
    record(Draft(CHECK_OPENED, at, actor, body=run.body_id, attributes={"until": until}, source=run))
    return run


@transaction.atomic
def begin_review(*, run: Run, actor: Person, at: datetime) -> Run:
    """End the self-check; what was remarked is settled by whoever watches over the body.

    :raises StepNotAllowed: there is no self-check going on
    :raises CheckNotOver: its last day is not over
    """
    if not REVIEW_RUN.allows(actor, run, at=at):
        PUBLISH_RUN.require(actor, run, at=at)
    if RUN_FLOW.allows(run, "begin_review") and run.check_until is not None and day_of(at) <= run.check_until:
        raise CheckNotOver(last_on=run.check_until)
    RUN_FLOW.advance(run, "begin_review")
    count = Remark.objects.filter(run=run, state=RemarkState.OPEN).count()
    record(Draft(REVIEW_BEGUN, at, actor, body=run.body_id, attributes={"remarks": count}, source=run))
    return run


def add_remark(
    *, run: Run, subject: int, text: str, actor: Person, at: datetime, node: str = "", fact: int | None = None
) -> Remark:
    """Say in the self-check what is wrong with the result of a subject that the actor answers for.

    :raises StepNotAllowed: there is no self-check going on
    :raises CheckOver: its last day is over
    :raises RemarkEmpty, NodeUnknown, FactNotMissing, RemarkedAlready: what is said does not hold together
    """
    SEE_RUN.require(actor, run, at=at)
    if run.state != RunState.SELF_CHECK:
        raise StepNotAllowed(state=run.get_state_display())
    if run.check_until is not None and day_of(at) > run.check_until:
        raise CheckOver(last_on=run.check_until)
    row = result_seen_by(actor, run, subject, at).row
    if not answers_for(actor, run, at).allows(row.subject, row.body):
        raise NotAllowed(permission="appraisal.remark")
    return _said(
        run, RemarkKind.REMARK, subject=subject, body=row.body, text=text, node=node, fact=fact, actor=actor, at=at
    )


def object_to_result(
    *, run: Run, subject: int, text: str, actor: Person, at: datetime, node: str = "", fact: int | None = None
) -> Remark:
    """Object during the public notice to a result that the actor may see, with a reason.

    :raises StepNotAllowed: it is not on public notice
    :raises NoticeOver: the last day of the notice is over
    :raises RemarkEmpty, NodeUnknown, FactNotMissing, RemarkedAlready: what is said does not hold together
    """
    SEE_RUN.require(actor, run, at=at)
    if run.state != RunState.PUBLIC_NOTICE:
        raise StepNotAllowed(state=run.get_state_display())
    if run.notice_last_on is not None and day_of(at) > run.notice_last_on:
        raise NoticeOver(last_on=run.notice_last_on)
    row = result_seen_by(actor, run, subject, at).row
    if fact is not None and not answers_for(actor, run, at).allows(row.subject, row.body):
        raise FactNotMissing(fact=fact)  # which records another has is not for everybody
    return _said(
        run, RemarkKind.OBJECTION, subject=subject, body=row.body, text=text, node=node, fact=fact, actor=actor, at=at
    )


@transaction.atomic
def take_back_remark(*, remark: Remark, actor: Person, at: datetime) -> Remark:
    """Take back what was not answered yet.

    :raises StepNotAllowed: it was answered, or taken back
    """
    TAKE_BACK_REMARK.require(actor, remark, at=at)
    REMARK_FLOW.advance(remark, "take_back")
    record(Draft(REMARK_TAKEN_BACK, at, actor, body=remark.run.body_id, source=remark))
    return remark


@transaction.atomic
def answer_remark(*, remark: Remark, is_upheld: bool, answer: str, actor: Person, at: datetime) -> Remark:
    """Settle a remark or an objection with a reason. An objection that holds sends its run back to be computed again.

    :raises OwnMatter: the actor said it, or started or published the run
    :raises AnswerMissing: no reason given
    :raises StepNotAllowed: it is answered or taken back, or the run is not where it can be settled
    """
    run = remark.run
    (ANSWER_OBJECTION if remark.is_objection else ANSWER_REMARK).require(actor, remark, at=at)
    if actor.pk in {remark.made_by_id, run.started_by_id, run.published_by_id}:
        raise OwnMatter
    if not answer.strip():
        raise AnswerMissing
    if run.state == RunState.WITHDRAWN or (not remark.is_objection and run.state != RunState.REVIEW):
        raise StepNotAllowed(state=run.get_state_display())
    REMARK_FLOW.advance(
        remark, "uphold" if is_upheld else "reject", answer=answer.strip(), answered_by=actor, answered_at=at
    )
    attributes = {"is_objection": remark.is_objection, "is_upheld": is_upheld}
    record(Draft(REMARK_ANSWERED, at, actor, body=run.body_id, attributes=attributes, source=remark))
    if remark.is_objection and is_upheld and run.state == RunState.PUBLIC_NOTICE:
        _reopen(run, actor, at)
    return remark


def _reopen(run: Run, actor: Person, at: datetime) -> None:
    """Take the run off the notice: what is computed now needs a notice of its own."""
    RUN_FLOW.advance(
        run, "reopen", stage=RunStage.WAITING, progress=0, failure=None, questions="[]", published_at=None,
        notice_from=None, notice_last_on=None, notice_workdays=None,
    )  # fmt: skip
    record(Draft(RUN_REOPENED, at, actor, body=run.body_id, source=run))


@transaction.atomic
def _said(
    run: Run, kind: RemarkKind, *, subject: int, body: int | None, text: str, node: str, fact: int | None,
    actor: Person, at: datetime,
) -> Remark:  # fmt: skip
    if not text.strip():
        raise RemarkEmpty
    if node and node not in {one.id for one in sheet_of_run(run).nodes}:
        raise NodeUnknown(node=node)
    if fact is not None and fact not in uncounted_ids(run, subject):
        raise FactNotMissing(fact=fact)
    try:
        with transaction.atomic():
            remark = Remark.objects.create(
                run=run, kind=kind, subject=subject, judged_body=judged_body_of(run, subject, body), node=node,
                text=text.strip(), fact=fact, made_by=actor, made_at=at,
                due_on=add_working_days(statutory_calendar(), day_of(at), ANSWER_WORKDAYS),
            )  # fmt: skip
    except IntegrityError as error:
        raise RemarkedAlready from error
    attributes = {"item": node or run.sheet_id, "missing": fact}
    record(
        Draft(
            REMARKED if kind == RemarkKind.REMARK else OBJECTED,
            at,
            actor,
            body=run.body_id,
            attributes=attributes,
            source=remark,
        )
    )
    return remark
