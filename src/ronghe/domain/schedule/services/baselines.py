"""A plan's dates are put up, approved by somebody else, and changed only in the same way, with a reason (PJ-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from ronghe.domain.org.models import Person
from ronghe.domain.schedule.calc.digests import baseline_digest
from ronghe.domain.schedule.calc.plan_file import FileBaseline
from ronghe.domain.schedule.calc.worktime import day_at, last_day_of, minute_of, moment_at
from ronghe.domain.schedule.enums import BASELINE_FLOW, Stage
from ronghe.domain.schedule.facts import BASELINE_DECIDED, BASELINE_PROPOSED
from ronghe.domain.schedule.models import Baseline, BaselineLine, Schedule, ScheduleTask
from ronghe.domain.schedule.rules import APPROVE_BASELINE, PLAN_SCHEDULE, WITHDRAW_BASELINE
from ronghe.domain.schedule.selectors.loading import baseline_in_force
from ronghe.domain.schedule.services.scheduling import forecast_anew, tell, wait_turn
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.words import N_


class NothingToPropose(DomainError):
    code = "schedule_nothing_to_propose"
    sentence = N_("计划里还没有任务，先编好再报批。")


class NoCommissioning(DomainError):
    code = "schedule_no_commissioning"
    sentence = N_("还没有指定哪个里程碑是投产。请打开那个里程碑，在“项目节点”里选“投产”，再报批（PJ-03）。")


class BaselineWaiting(DomainError):
    code = "schedule_baseline_waiting"
    sentence = N_("已有一份基线在等批准，批复或撤回以后再报。")


class BaselineUnchanged(DomainError):
    code = "schedule_baseline_unchanged"
    sentence = N_("计划的日期和已批准的基线一样，不用变更。")


class ChangeWithoutReason(DomainError):
    code = "schedule_change_without_reason"
    sentence = N_("变更基线要写明原因。")
    status = 422


class DecisionWithoutWords(DomainError):
    code = "schedule_decision_without_words"
    sentence = N_("不批准请写明理由。")
    status = 422


@transaction.atomic
def propose_baseline(
    *, schedule: Schedule, actor: Person, at: datetime, reason: str = "",
    dates: Mapping[int, FileBaseline] | None = None,
) -> Baseline:  # fmt: skip
    """Put the plan's dates up for approval, or `dates` by uid where a file brought its own baseline.

    :raises NothingToPropose: no tasks
    :raises NoCommissioning: no milestone is the commissioning (PJ-03)
    :raises BaselineWaiting: one waits already
    :raises BaselineUnchanged, ChangeWithoutReason: a change that changes nothing, or does not say why
    """
    PLAN_SCHEDULE.require(actor, schedule, at=at)
    wait_turn(schedule)
    tasks = list(schedule.tasks.standing().filter(is_active=True).order_by("row", "pk"))
    lines = [line for task in tasks if (line := _line(task, dates)) is not None]
    if not lines:
        raise NothingToPropose
    commissioned = next((line.finish_at for line in lines if line.task.stage == Stage.COMMISSIONED), None)
    if commissioned is None:
        raise NoCommissioning
    digest = baseline_digest(
        (line.task.uid, line.name, minute_of(line.start_at), minute_of(line.finish_at), line.minutes) for line in lines
    )
    before = baseline_in_force(schedule)
    reason = reason.replace("\x00", "").strip()[:200]
    if before is not None and before.digest == digest:
        raise BaselineUnchanged
    if before is not None and not reason:
        raise ChangeWithoutReason
    number = (schedule.baselines.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            made = Baseline.objects.create(
                schedule=schedule, number=number, digest=digest, proposed_by=actor, proposed_at=at,
                reason=reason, starts_on=_first_day(lines), ends_on=_last_day(lines),
                commissioned_on=last_day_of(minute_of(commissioned)),
            )  # fmt: skip
    except IntegrityError as error:
        raise BaselineWaiting from error
    for line in lines:
        line.baseline = made
    BaselineLine.objects.bulk_create(lines, batch_size=500)
    _tell(BASELINE_PROPOSED, made, actor, at)
    return made


@transaction.atomic
def approve_baseline(*, baseline: Baseline, digest: str, decision: str, actor: Person, at: datetime) -> Baseline:
    """Approve the very dates that were shown: `digest` is theirs. From then on they are what is measured against (PJ-03).

    :raises NotAllowed: who proposed it never approves it
    :raises Stale: it was decided a moment ago, or is another one than was shown
    """
    APPROVE_BASELINE.require(actor, baseline, at=at)
    if digest != baseline.digest:
        raise Stale
    return _decide(baseline, "approve", decision, actor, at)


@transaction.atomic
def refuse_baseline(*, baseline: Baseline, decision: str, actor: Person, at: datetime) -> Baseline:
    """Refuse it with a reason; the one before stays in force.

    :raises DecisionWithoutWords: without a reason
    """
    APPROVE_BASELINE.require(actor, baseline, at=at)
    if not decision.strip():
        raise DecisionWithoutWords
    return _decide(baseline, "refuse", decision, actor, at)


@transaction.atomic
def withdraw_baseline(*, baseline: Baseline, actor: Person, at: datetime) -> Baseline:
    """Take back what one proposed oneself and nobody has decided."""
    WITHDRAW_BASELINE.require(actor, baseline, at=at)
    wait_turn(baseline.schedule)
    BASELINE_FLOW.advance(baseline, "withdraw")
    _tell(BASELINE_DECIDED, baseline, actor, at, step="withdraw")
    return baseline


def _decide(baseline: Baseline, step: str, decision: str, actor: Person, at: datetime) -> Baseline:
    schedule = baseline.schedule
    wait_turn(schedule)
    words = decision.replace("\x00", "").strip()[:200]
    BASELINE_FLOW.advance(baseline, step, decided_by=actor, decided_at=at, decision=words)
    forecast_anew(schedule, at)  # what is late is late against the dates now in force
    _tell(BASELINE_DECIDED, baseline, actor, at, step=step)
    return baseline


def _line(task: ScheduleTask, dates: Mapping[int, FileBaseline] | None) -> BaselineLine | None:
    if dates is not None and (told := dates.get(task.uid)) is not None:
        return BaselineLine(
            task=task, name=task.name, start_at=moment_at(told.start), finish_at=moment_at(told.finish),
            minutes=told.minutes or task.minutes,
        )  # fmt: skip
    if task.start_at is None or task.finish_at is None:
        return None
    return BaselineLine(
        task=task, name=task.name, start_at=task.start_at, finish_at=task.finish_at, minutes=task.minutes
    )


def _first_day(lines: list[BaselineLine]) -> date:
    return day_at(min(minute_of(line.start_at) for line in lines))


def _last_day(lines: list[BaselineLine]) -> date:
    return last_day_of(max(minute_of(line.finish_at) for line in lines))


def _tell(kind: Any, baseline: Baseline, actor: Person, at: datetime, **more: object) -> None:
    tell(
        kind, baseline.schedule, actor, at, number=baseline.number, digest=baseline.digest,
        commissioned_on=baseline.commissioned_on, **more,
    )  # fmt: skip
