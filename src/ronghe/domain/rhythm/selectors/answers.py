"""Problems that somebody raised, with their answers; what waits to be read; how it went over many visits."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.playbooks.calc.keys import key_default
from ronghe.domain.playbooks.selectors import adoptions_of
from ronghe.domain.rhythm.calc.answers import AnswerFigures
from ronghe.domain.rhythm.enums import AnswerRating
from ronghe.domain.rhythm.models import ProblemAnswer, Visit, VisitProblem
from ronghe.domain.rhythm.rules import SEE_VISIT
from ronghe.domain.work.enums import UNFINISHED

ANSWER_KEY = "visit_answer_days"


def problems_raised_by(person: Person) -> QuerySet[VisitProblem]:
    """Return what `person` raised on visits, the latest first, each with its answers; two statements."""
    answers = ProblemAnswer.objects.select_related("follow_up", "task").order_by("round")
    rows = VisitProblem.objects.filter(raised_by=person)
    rows = rows.select_related("visit__visitor", "visit__body", "visit__unit", "task__assignee")
    return rows.prefetch_related(Prefetch("answers", answers)).order_by("-visit__day", "-pk")


def answers_to_read(actor: Person, _at: datetime) -> QuerySet[ProblemAnswer]:
    """Return the answers that wait for the word of `actor`, who raised the problems."""
    return ProblemAnswer.objects.filter(problem__raised_by=actor, rating=None).order_by("answered_at", "pk")


def problems_reopened(actor: Person, _at: datetime) -> QuerySet[ProblemAnswer]:
    """Return what is being solved again because its raiser was not satisfied, for the visitor who found it."""
    rows = ProblemAnswer.objects.filter(problem__visit__visitor=actor, follow_up__state__in=UNFINISHED)
    return rows.order_by("rated_at", "pk")


def answer_figures(actor: Person, at: datetime, filters: Q) -> AnswerFigures:
    """Return how problems raised on the visits that `actor` may see were answered; one statement."""
    visits = SEE_VISIT.narrow(actor, Visit.objects.filter(filters), at=at).order_by().values("pk")
    rows = ProblemAnswer.objects.filter(problem__visit__in=visits)
    return AnswerFigures(
        **rows.aggregate(
            answered=Count("pk"),
            prompt=Count("pk", filter=Q(days__lte=F("allowed_days"))),
            rated=Count("pk", filter=Q(rating__isnull=False)),
            satisfied=Count("pk", filter=Q(rating=AnswerRating.SATISFIED)),
        )
    )


def days_to_answer(body: PartyOrg, day: date) -> int:
    """Return within how many working days the body answers what a visit found: the least that it adopted, else the default."""
    own = [adoption.version.playbook.keys.get(ANSWER_KEY) for adoption in adoptions_of(body, day)]
    return min((int(value) for value in own if value is not None), default=int(key_default(ANSWER_KEY)))
