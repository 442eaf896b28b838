"""Filling in the form of an activity's mechanism while it is open: checks, figures, the work done, what comes next."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.rhythm.enums import CheckAnswer
from ronghe.domain.rhythm.models import Activity, ActivityCheck, ActivityFigure
from ronghe.domain.rhythm.rules import RUN_ACTIVITY
from ronghe.domain.rhythm.services.sign_in import lock_open
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_

LARGEST = Decimal(10) ** 12


class NoSuchLine(DomainError):
    code = "no_such_line"
    sentence = N_("表单里没有这一项，请刷新后再填。")
    status = 422


class ProblemUnsaid(DomainError):
    code = "problem_unsaid"
    sentence = N_("“%(title)s”有问题，请写一句是什么问题。")
    status = 422


class FigureRefused(DomainError):
    code = "figure_refused"
    sentence = N_("“%(title)s”要填不小于 0 的数，按表单的单位填。")
    status = 422


class NoProblem(DomainError):
    code = "no_problem"
    sentence = N_("只有答“有问题”的项才转为任务，请先写明问题。")


class ProblemIsATask(DomainError):
    code = "problem_is_a_task"
    sentence = N_("这个问题已转为任务，责任人是%(name)s。")


@transaction.atomic
def answer_check(
    *, activity: Activity, check_id: str, answer: CheckAnswer, actor: Person, at: datetime, note: str = ""
) -> ActivityCheck:
    """Answer one line of the checklist; answered again, the new answer stands.

    :raises NoSuchLine: the form has no such line
    :raises ProblemUnsaid: a problem without a word on what it is
    :raises ProblemIsATask: somebody is at it already, so the answer stays
    """
    fresh = _open_form(activity, actor, at)
    titles = {line.id: line.title.here for line in fresh.form.checks} if fresh.form is not None else {}
    if check_id not in titles:
        raise NoSuchLine
    said = note.strip() if answer == CheckAnswer.CONCERN else ""
    if answer == CheckAnswer.CONCERN and not said:
        raise ProblemUnsaid(title=titles[check_id])
    known = ActivityCheck.objects.select_related("task__assignee").filter(activity=fresh, check_id=check_id).first()
    if known is not None and known.task is not None:
        raise ProblemIsATask(name=known.task.assignee.name)
    row, _is_new = ActivityCheck.objects.update_or_create(
        activity=fresh, check_id=check_id,
        defaults={"answer": answer, "note": said, "answered_by": actor, "answered_at": at},
    )  # fmt: skip
    return row


@transaction.atomic
def answer_rest_fine(*, activity: Activity, actor: Person, at: datetime) -> int:
    """Answer every line that has no answer yet with 正常, and return how many there were."""
    fresh = _open_form(activity, actor, at)
    lines = [line.id for line in fresh.form.checks] if fresh.form is not None else []
    known = set(fresh.checks.values_list("check_id", flat=True))
    rows = [
        ActivityCheck(activity=fresh, check_id=line, answer=CheckAnswer.FINE, answered_by=actor, answered_at=at)
        for line in lines
        if line not in known
    ]
    return len(ActivityCheck.objects.bulk_create(rows))


@transaction.atomic
def make_task_of_check(
    *, activity: Activity, check_id: str, assignee: Person, due_at: datetime, actor: Person, at: datetime
) -> ActivityCheck:
    """Give the problem that a check found to somebody with a deadline; whoever runs the activity may.

    :raises NoProblem: the line has no problem
    :raises ProblemIsATask: it is one
    :raises DeadlinePast: the deadline is over
    """
    fresh = _open_form(activity, actor, at)
    row = ActivityCheck.objects.select_related("task__assignee").filter(activity=fresh, check_id=check_id).first()
    if row is None or row.answer != CheckAnswer.CONCERN:
        raise NoProblem
    if row.task is not None:
        raise ProblemIsATask(name=row.task.assignee.name)
    row.task = give_task(
        title=row.note[:120], assignee=assignee, due_at=due_at, body=fresh.body, zone=fresh.zone, actor=actor, at=at
    )
    row.save(update_fields=["task"])
    return row


@transaction.atomic
def enter_figure(
    *, activity: Activity, figure_id: str, value: Decimal | None, actor: Person, at: datetime
) -> ActivityFigure | None:
    """Enter one figure of the form; without a value it is taken back.

    :raises NoSuchLine: the form has no such figure
    :raises FigureRefused: below nought, too large, or with decimals where it counts whole things
    """
    fresh = _open_form(activity, actor, at)
    figures = {figure.id: figure for figure in fresh.form.figures} if fresh.form is not None else {}
    if figure_id not in figures:
        raise NoSuchLine
    if value is None:
        ActivityFigure.objects.filter(activity=fresh, figure_id=figure_id).delete()
        return None
    figure = figures[figure_id]
    fits = value.is_finite() and 0 <= value < LARGEST and (not figure.whole or value == value.to_integral_value())
    if not fits:
        raise FigureRefused(title=figure.title.here)
    row, _is_new = ActivityFigure.objects.update_or_create(
        activity=fresh, figure_id=figure_id,
        defaults={"value": value.quantize(Decimal("0.01")), "entered_by": actor, "entered_at": at},
    )  # fmt: skip
    return row


@transaction.atomic
def write_outcome(
    *, activity: Activity, actor: Person, at: datetime, next_step: str = "", result: str = "",
    result_figure: Decimal | None = None, result_unit: str = "",
) -> Activity:  # fmt: skip
    """Write down the work that was done and what will be done next (C2: 党日活动+主题实践、下一步怎么做).

    :raises FigureRefused: a figure below nought or too large
    """
    fresh = _open_form(activity, actor, at)
    if result_figure is not None and not (result_figure.is_finite() and 0 <= result_figure < Decimal(10) ** 10):
        raise FigureRefused(title=result_unit or result)
    fresh.next_step, fresh.result = next_step.strip(), result.strip()
    fresh.result_figure = None if result_figure is None else result_figure.quantize(Decimal("0.01"))
    fresh.result_unit = result_unit.strip() if result_figure is not None else ""
    fresh.save(update_fields=["next_step", "result", "result_figure", "result_unit"])
    return fresh


def _open_form(activity: Activity, actor: Person, at: datetime) -> Activity:
    fresh = lock_open(activity.pk)
    RUN_ACTIVITY.require(actor, fresh, at=at)
    return fresh
