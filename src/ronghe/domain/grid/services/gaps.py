"""Deciding about gaps: let one stand for a time, or give it to whoever answers, as a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from ronghe.domain.grid.calc.kinds import Gap
from ronghe.domain.grid.facts import GAP_DISMISSED, GAP_TASKED
from ronghe.domain.grid.models import GapDismissal, GapTask
from ronghe.domain.grid.rules import DISMISS_GAP, TASK_GAP
from ronghe.domain.grid.selectors.coverage import Coverage, FoundGap
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.services.tasks import NoReason, open_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.words import N_, _

LONGEST = timedelta(days=366)
MOST_AT_ONCE = 100


class GapGone(DomainError):
    code = "gap_gone"
    sentence = N_("这个缺口已经补上，或者不在您看的范围里，请刷新后再看。")


class UntilOutOfRange(DomainError):
    code = "gap_until_out_of_range"
    sentence = N_("暂不处理的日期应在 %(day)s 之后、一年之内，请改日期。")
    status = 422


class NobodyAnswers(DomainError):
    code = "nobody_answers_for_gap"
    sentence = N_("“%(place)s”和它的上级都没有书记或干事，任务没有人接。请先补选书记（PE-11）。")


class GapGivenAlready(DomainError):
    code = "gap_given_already"
    sentence = N_("“%(place)s：%(title)s”已经派给%(name)s，还没有办结。")


class NothingChosen(DomainError):
    code = "no_gap_chosen"
    sentence = N_("请先选要补的缺口，一次不超过 %(most)s 处。")
    status = 422


@transaction.atomic
def dismiss_gap(*, coverage: Coverage, key: str, reason: str, until: date, actor: Person, at: datetime) -> GapDismissal:
    """Let a gap of `coverage` stand until (not including) a day, for a reason; then it shows again.

    :raises GapGone: `coverage` has no such gap
    :raises NoReason: the reason is empty
    :raises UntilOutOfRange: the day is past, or more than a year ahead
    """
    gap = _found(coverage, key).gap
    body = PartyOrg.objects.get(pk=gap.place.body)
    DISMISS_GAP.require(actor, body, at=at)
    if not reason.strip():
        raise NoReason
    day = local_day(at)
    if not day < until <= day + LONGEST:
        raise UntilOutOfRange(day=day)
    dismissal = GapDismissal.objects.create(
        gap=key, body=body, reason=reason.strip(), until=until, dismissed_by=actor, dismissed_at=at
    )
    record(
        Draft(GAP_DISMISSED, at, actor, body=body.pk, attributes={"gap": gap.kind.code, "until": until},
              source=dismissal)
    )  # fmt: skip
    return dismissal


@transaction.atomic
def give_gap_tasks(
    *, coverage: Coverage, keys: Sequence[str], due_at: datetime, actor: Person, at: datetime
) -> list[GapTask]:
    """Give each chosen gap of `coverage` as a task to whoever answers for its body; all or none.

    :raises NothingChosen: none, or more than `MOST_AT_ONCE`
    :raises GapGone: one is not there any more
    :raises NobodyAnswers: no secretary and no clerk up to the root
    :raises GapGivenAlready: somebody has it as a task that is not settled
    :raises DeadlinePast: `due_at` is not after `at`
    """
    wanted = list(dict.fromkeys(keys))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise NothingChosen(most=MOST_AT_ONCE)
    return [_give(coverage, _found(coverage, key), due_at, actor, at) for key in wanted]


def _give(coverage: Coverage, found: FoundGap, due_at: datetime, actor: Person, at: datetime) -> GapTask:
    gap = found.gap
    body = PartyOrg.objects.get(pk=gap.place.body)
    TASK_GAP.require(actor, body, at=at)
    if found.task is not None:
        raise _given(gap, found.task)
    answers = coverage.state.answers_for(body.pk)
    if answers is None:
        raise NobodyAnswers(place=body.name)
    title = _("补缺：%(place)s，%(title)s") % {"place": gap.place.name, "title": gap.title}
    task = open_task(
        title=title[:120], goal=f"{gap.situation}。{gap.suggestion}"[:400], body=body,
        assignee=Person.objects.get(pk=answers), due_at=due_at, actor=actor, at=at,
    )  # fmt: skip
    GapTask.objects.filter(gap=gap.key, is_current=True).exclude(
        task__state__in=["open", "returned", "submitted"]
    ).update(is_current=False)
    try:
        with transaction.atomic():
            given = GapTask.objects.create(gap=gap.key, task=task)
    except IntegrityError as error:
        other = GapTask.objects.select_related("task__assignee").get(gap=gap.key, is_current=True)
        raise _given(gap, other) from error
    attributes = {"gap": gap.kind.code, "due_on": local_day(due_at)}
    record(Draft(GAP_TASKED, at, actor, about=task.assignee, body=body.pk, attributes=attributes, source=given))
    return given


def _given(gap: Gap, task: GapTask) -> GapGivenAlready:
    return GapGivenAlready(place=gap.place.name, title=gap.title, name=task.task.assignee.name)


def _found(coverage: Coverage, key: str) -> FoundGap:
    if key not in coverage.by_key:
        raise GapGone
    return coverage.by_key[key]
