"""A solved problem is answered to who raised it; whoever is not satisfied has it taken up again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.rhythm.calc.answers import days_between
from ronghe.domain.rhythm.enums import AnswerRating
from ronghe.domain.rhythm.facts import ANSWER_RATED, PROBLEM_ANSWERED
from ronghe.domain.rhythm.models import ProblemAnswer, VisitProblem
from ronghe.domain.rhythm.rules import RATE_ANSWER
from ronghe.domain.rhythm.selectors.answers import days_to_answer
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import give_task
from ronghe.domain.zones.selectors import zone_of
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.kinds import FactKind
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.facts.record import Draft, record, reverse
from ronghe.kernel.words import N_, _

LEAST_TIME = timedelta(days=3)
"""What is taken up again has at least this long, and else as long as the first time."""
TAKE_BACK_WITHIN = timedelta(hours=24)


class DissatisfactionUnsaid(DomainError):
    code = "dissatisfaction_unsaid"
    sentence = N_("请写一句哪里没有解决，办的人才知道怎么办。")
    status = 422


class RatedAlready(DomainError):
    code = "rated_already"
    sentence = N_("这次答复您已经评价过：%(rating)s。")


class RatingStands(DomainError):
    code = "rating_stands"
    sentence = N_("只有评价后一天内的“满意”可以撤回；不满意的已经重新办理。")


@transaction.atomic
def answer_problem(*, task: Task, actor: Person, at: datetime) -> ProblemAnswer | None:
    """Tell whoever raised the problem that its task was accepted; part of the act that accepts the task.

    Nothing where nobody raised it, or the one who solved it did.
    """
    problem = _problem_of(task)
    if problem is None or problem.raised_by_id is None or problem.raised_by_id == task.assignee_id:
        return None
    last = problem.answers.order_by("-round").first()
    since = problem.visit.day if last is None else local_day(last.rated_at or last.answered_at)
    answer = ProblemAnswer.objects.create(
        problem=problem, task=task, round=1 if last is None else last.round + 1, text=task.submission_note or "",
        answered_at=at, days=days_between(since, local_day(at), statutory_calendar()),
        allowed_days=days_to_answer(problem.visit.body, local_day(at)),
    )  # fmt: skip
    # About whoever solved it: who raised it is told to few, and facts are read by many.
    _record(PROBLEM_ANSWERED, answer, actor, at, days=answer.days)
    return answer


@transaction.atomic
def rate_answer(
    *, answer: ProblemAnswer, rating: AnswerRating, actor: Person, at: datetime, words: str = ""
) -> ProblemAnswer:
    """Say whether the problem is solved. 不满意 has it taken up again: a new task of the same person, given by the visitor.

    :raises NotAllowed: somebody else raised it
    :raises DissatisfactionUnsaid: not satisfied, and no word why
    :raises RatedAlready: it was rated
    :raises Stale: it was rated a moment ago
    """
    RATE_ANSWER.require(actor, answer, at=at)
    if answer.rating is not None:
        raise RatedAlready(rating=_(str(AnswerRating(answer.rating).label)))
    if rating == AnswerRating.UNSATISFIED and not words.strip():
        raise DissatisfactionUnsaid
    follow_up = _taken_up_again(answer, words.strip(), at) if rating == AnswerRating.UNSATISFIED else None
    rows = ProblemAnswer.objects.filter(pk=answer.pk, rating=None)
    if not rows.update(rating=rating, words=words.strip()[:200], rated_at=at, follow_up=follow_up):
        raise Stale
    answer.rating, answer.words, answer.rated_at, answer.follow_up = rating, words.strip()[:200], at, follow_up
    _record(ANSWER_RATED, answer, actor, at, rating=rating)
    return answer


@transaction.atomic
def take_back_rating(*, answer: ProblemAnswer, actor: Person, at: datetime) -> ProblemAnswer:
    """Take 满意 back within a day; its fact is reversed. 不满意 stands, for the work has begun again.

    :raises RatingStands: not satisfied, not rated, or longer ago
    :raises Stale: somebody was faster
    """
    RATE_ANSWER.require(actor, answer, at=at)
    if answer.rating != AnswerRating.SATISFIED or answer.rated_at is None or at - answer.rated_at > TAKE_BACK_WITHIN:
        raise RatingStands
    rows = ProblemAnswer.objects.filter(pk=answer.pk, rating=AnswerRating.SATISFIED, rated_at=answer.rated_at)
    if not rows.update(rating=None, words="", rated_at=None):
        raise Stale
    source = answer._meta.label_lower  # noqa: SLF001 - Django's name
    facts = Fact.objects.filter(kind=ANSWER_RATED.name, source_type=source, source_id=answer.pk, reverses=None)
    reverse(facts.latest("pk"), by=actor, at=at)
    answer.rating, answer.words, answer.rated_at = None, "", None
    return answer


def _problem_of(task: Task) -> VisitProblem | None:
    rows = VisitProblem.objects.select_related("visit__body")
    return rows.filter(task=task).first() or rows.filter(answers__follow_up=task).first()


def _taken_up_again(answer: ProblemAnswer, words: str, at: datetime) -> Task:
    problem, old = answer.problem, answer.task
    return give_task(
        title=old.title, goal=(_("重新办理第 %(task)s 号任务。还没有解决的：%(words)s")
                               % {"task": old.pk, "words": words})[:400],
        assignee=old.assignee, due_at=at + max(old.due_at - old.opened_at, LEAST_TIME), body=problem.visit.body,
        zone=zone_of(problem.visit.body), actor=problem.visit.visitor, at=at,
    )  # fmt: skip


def _record(kind: FactKind, answer: ProblemAnswer, actor: Person, at: datetime, **attributes: object) -> None:
    visit = answer.problem.visit
    told = {"visit": visit.kind, "round": answer.round, **attributes}
    record(
        Draft(kind, at, actor, about=answer.task.assignee, body=visit.body_id, unit=visit.unit_id, attributes=told,
              source=answer)
    )  # fmt: skip
