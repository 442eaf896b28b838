"""Surveys as an actor may see them, what waits for an answer, and how far one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.surveys.calc.questions import Asked
from ronghe.domain.surveys.enums import SurveyState
from ronghe.domain.surveys.models import Survey, SurveyPerson
from ronghe.domain.surveys.rules import DRAW_UP, SEE_SURVEY
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.db.tree import on_day


@dataclass(frozen=True, slots=True)
class Progress:
    """How many are asked and how many have answered, altogether and by group (name, people, answered)."""

    people: int
    answered: int
    groups: tuple[tuple[str, int, int], ...]


def asked_of(survey: Survey) -> list[Asked]:
    """Return the questions of a survey in their order, as plain values."""
    return [
        Asked(row.number, row.type, tuple(row.options), tuple(row.rows), row.is_required)
        for row in survey.questions.order_by("number")
    ]


def surveys_seen_by(actor: Person, at: datetime) -> QuerySet[Survey]:
    """Return the surveys that `actor` may see, the latest first: to be cut to one or a few."""
    rows = SEE_SURVEY.narrow(actor, Survey.objects.all(), at=at, walk=True)
    return rows.select_related("body", "body__unit", "made_by").order_by("-made_at", "-pk")


def list_surveys(
    actor: Person, at: datetime, *, filters: Q | None = None, order_by: Sequence[str] = ("-made_at", "-pk"),
    page: int = 1, size: int = 20,
) -> Listed[Survey]:  # fmt: skip
    """Return one page of the surveys that `actor` may see; each says whether it waits for the actor, and how far it is."""
    rows = Survey.objects.filter(filters or Q()).select_related("body", "made_by")
    rows = rows.annotate(
        waits_for_me=Exists(waiting_for(actor, at).filter(survey=OuterRef("pk"))),
        asked_now=Count("people", distinct=True),
        answered_now=Count("people", filter=Q(people__has_answered=True), distinct=True),
    )
    return list_seen(SEE_SURVEY, actor, rows, order_by=order_by, at=at, page=page, size=size)


def waiting_for(person: Person, at: datetime) -> QuerySet[SurveyPerson]:
    """Return the places on lists of surveys that run at `at` and that `person` has not answered."""
    return SurveyPerson.objects.filter(
        person=person, has_answered=False, survey__state=SurveyState.OPEN, survey__closes_at__gt=at
    )


def surveys_to_answer(actor: Person, at: datetime) -> QuerySet[Survey]:
    """Return the surveys that wait for an answer of `actor`, the one that ends first in front."""
    mine = waiting_for(actor, at).order_by().values("survey_id")
    return Survey.objects.filter(pk__in=mine).order_by("closes_at", "pk")


def bodies_to_ask(actor: Person, at: datetime) -> QuerySet[PartyOrg]:
    """Return the bodies whose people `actor` may ask."""
    rows = PartyOrg.objects.filter(on_day(local_day(at)))
    return DRAW_UP.narrow(actor, rows, at=at).order_by("name", "pk")


def progress_of(survey: Survey) -> Progress:
    """Return how far a survey is; one statement."""
    rows = survey.people.order_by("group__place").values_list("group__name")
    counted = rows.annotate(n=Count("pk"), done=Count("pk", filter=Q(has_answered=True)))
    groups = tuple((name or "", n, done) for name, n, done in counted)
    return Progress(sum(row[1] for row in groups), sum(row[2] for row in groups), groups)
