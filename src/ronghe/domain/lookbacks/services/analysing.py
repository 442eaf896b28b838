"""Down to the cause behind the cause, and the measures against it, each a task of somebody's with a deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, go
from ronghe.domain.lookbacks.calc.periods import is_deep
from ronghe.domain.lookbacks.enums import BONES, Head
from ronghe.domain.lookbacks.facts import ANALYSED, MEASURE_SET
from ronghe.domain.lookbacks.models import MOST_CAUSES, MOST_WHYS, Analysis, Cause, Measure
from ronghe.domain.lookbacks.rules import ANALYSE, LOOKBACK
from ronghe.domain.lookbacks.services.telling import tell_of
from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.work.enums import TaskState
from ronghe.domain.work.services.files import Upload
from ronghe.domain.work.services.tasks import give_task
from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, listed

SHORT, LONG = 120, 400
OPEN_STATES = ("analysing", "acting")


class NotDeepEnough(DomainError):
    code = "lookback_not_deep_enough"
    sentence = N_("请至少追问两个为什么，并写出原因和原因背后的原因，两者不能一样。")
    status = 422


class ProblemBehindMissing(DomainError):
    code = "lookback_problem_behind_missing"
    sentence = N_("请写明问题背后的问题是什么。")
    status = 422


class TooManyCauses(DomainError):
    code = "lookback_too_many_causes"
    sentence = N_("为什么最多追问 %(whys)s 层，每一类原因最多写 %(causes)s 条。")
    status = 422


class NotAnalysed(DomainError):
    code = "lookback_not_analysed"
    sentence = N_("“%(title)s”这一次还没有查原因，请先写下来。")


class NoMeasure(DomainError):
    code = "lookback_no_measure"
    sentence = N_("“%(title)s”这一次还没有措施，请至少定一条，写明谁来办、何时办完。")


class MeasuresOpen(DomainError):
    code = "lookback_measures_open"
    sentence = N_("还有措施没有验收：%(tasks)s。请先办完交验，或者取消。")


class NotBeingWorkedOn(DomainError):
    code = "lookback_not_being_worked_on"
    sentence = N_("“%(title)s”现在不在查原因和整改中，不能再写。")


@dataclass(frozen=True, slots=True)
class AnalysisIn:
    """What was found: the problem behind the problem, whys in their order, causes by head of the fishbone."""

    problem_behind: str
    cause: str
    cause_behind: str
    whys: Sequence[str] = ()
    bones: Mapping[str, Sequence[str]] = field(default_factory=dict)


def round_of(item: WorkItem) -> int:
    """Return how often the look-back was opened again: each time is analysed and measured anew."""
    return item.steps.filter(step="reopen").count()


@transaction.atomic
def write_analysis(*, item: WorkItem, given: AnalysisIn, actor: Person, at: datetime) -> Analysis:
    """Write down what lies behind a problem; until measures begin to work it may be written anew.

    :raises ProblemBehindMissing, NotDeepEnough, TooManyCauses: not thought through
    :raises NotBeingWorkedOn: nobody took it yet, or it was handed in
    """
    ANALYSE.require(actor, item, at=at)
    if item.state != "analysing":
        raise NotBeingWorkedOn(title=item.title)
    if not given.problem_behind.strip():
        raise ProblemBehindMissing
    rows = _causes(given)
    if not is_deep(given.whys, given.cause, given.cause_behind):
        raise NotDeepEnough
    analysis, _made = Analysis.objects.update_or_create(
        item=item, round=round_of(item),
        defaults={
            "problem_behind": given.problem_behind.strip()[:LONG], "cause": given.cause.strip()[:LONG],
            "cause_behind": given.cause_behind.strip()[:LONG], "by": actor, "at": at,
        },
    )  # fmt: skip
    analysis.causes.all().delete()
    Cause.objects.bulk_create(
        Cause(analysis=analysis, head=head, place=place, text=text[:SHORT]) for head, place, text in rows
    )
    whys = sum(1 for head, _place, _text in rows if head == Head.WHY)
    tell_of(item, ANALYSED, actor, at, round=analysis.round, whys=whys, causes=len(rows) - whys)
    return analysis


@transaction.atomic
def add_measure(
    *, item: WorkItem, title: str, assignee: Person, due_at: datetime, actor: Person, at: datetime
) -> Measure:
    """Set a measure: a task with who and by when; somebody else accepts it as any task.

    :raises NotAnalysed: the cause of this time was not written down
    :raises DeadlinePast: `due_at` is not after `at`
    """
    ANALYSE.require(actor, item, at=at)
    if item.state not in OPEN_STATES:
        raise NotBeingWorkedOn(title=item.title)
    number = round_of(item)
    if not Analysis.objects.filter(item=item, round=number).exists():
        raise NotAnalysed(title=item.title)
    task = give_task(
        title=title.strip()[:SHORT],
        assignee=assignee,
        due_at=due_at,
        body=item.body,
        actor=actor,
        at=at,
        zone=item.zone,
    )
    made = Measure.objects.create(item=item, round=number, task=task, added_by=actor, added_at=at)
    tell_of(item, MEASURE_SET, actor, at, about=assignee, round=number, due_on=local_day(due_at))
    return made


@transaction.atomic
def begin_measures(*, item: WorkItem, actor: Person, at: datetime) -> WorkItem:
    """Let the measures begin: the analysis of this time stands from now on.

    :raises NotAnalysed, NoMeasure: something is missing
    """
    spec = LOOKBACK.step_by_id["plan"]
    spec.right.require(actor, item, at=at)
    if LOOKBACK.flow.allows(item, spec.id):
        number = round_of(item)
        if not Analysis.objects.filter(item=item, round=number).exists():
            raise NotAnalysed(title=item.title)
        measures = Measure.objects.filter(item=item, round=number).exclude(task__state=TaskState.CANCELLED)
        if not measures.exists():
            raise NoMeasure(title=item.title)
    return go(item=item, spec=spec, actor=actor, at=at)


def hand_in_result(
    *, item: WorkItem, note: str, actor: Person, at: datetime, uploads: Sequence[Upload] = ()
) -> WorkItem:
    """Say that it took effect, once every measure was accepted; somebody else verifies.

    :raises MeasuresOpen: a measure of this time is not accepted
    :raises NoMeasure: all of them were cancelled
    """
    spec = LOOKBACK.step_by_id["submit"]
    spec.right.require(actor, item, at=at)
    if LOOKBACK.flow.allows(item, spec.id):
        rows = Measure.objects.filter(item=item, round=round_of(item)).exclude(task__state=TaskState.CANCELLED)
        measures = list(rows.select_related("task"))
        if not measures:
            raise NoMeasure(title=item.title)
        left = [measure.task.title for measure in measures if measure.task.state != TaskState.ACCEPTED]
        if left:
            raise MeasuresOpen(tasks=listed(left))
    return go(item=item, spec=spec, actor=actor, at=at, said=Said(note=note, uploads=uploads))


def _causes(given: AnalysisIn) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    heads = [(Head.WHY, given.whys, MOST_WHYS), *((head, given.bones.get(head, ()), MOST_CAUSES) for head in BONES)]
    for head, texts, most in heads:
        said = [text.strip() for text in texts if text.strip()]
        if len(said) > most:
            raise TooManyCauses(whys=MOST_WHYS, causes=MOST_CAUSES)
        found += [(head, place, text) for place, text in enumerate(said, start=1)]
    return found
