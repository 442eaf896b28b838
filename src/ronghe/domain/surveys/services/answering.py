"""Somebody answers.

Of an anonymous survey nothing here writes down who answered what, not even for a moment: an answer is added to sealed sums, and
the person's place on the list is marked. Both are written in one transaction, and nothing in either leads to the other
(docs/decisions/0012). Surveys that keep names say so before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from ronghe.domain.org.models import Person
from ronghe.domain.surveys.calc import urn
from ronghe.domain.surveys.calc.questions import LONGEST_TEXT, Problem, read_answers
from ronghe.domain.surveys.enums import SurveyState
from ronghe.domain.surveys.models import NamedAnswer, Survey, SurveyPerson, SurveyUrn
from ronghe.domain.surveys.selectors.surveys import asked_of
from ronghe.kernel.errors import DomainError, NotAllowed
from ronghe.kernel.sealed import open_text, seal_text
from ronghe.kernel.words import N_, _

_WHY = {
    "missing": N_("第 %(number)s 题要答。"),
    "no_such_choice": N_("第 %(number)s 题请从给出的选项里选。"),
    "no_number": N_("第 %(number)s 题请填不小于 0 的数。"),
    "too_many_places": N_("第 %(number)s 题最多两位小数。"),
    "too_long": N_("第 %(number)s 题最多写 %(most)s 个字。"),
    "rows_missing": N_("第 %(number)s 题每一行都要打分。"),
    "no_such_question": N_("没有第 %(number)s 题。"),
}


class NotAsked(NotAllowed):
    code = "survey_not_asked"
    sentence = N_("您不在这份问卷的名单里。")


class AlreadyAnswered(DomainError):
    code = "survey_already_answered"
    sentence = N_("您已经答过这份问卷，一人一份，交出后不能更改。")


class SurveyNotOpen(DomainError):
    code = "survey_not_open"
    sentence = N_("“%(title)s”现在不能答：没有发出，或者已经截止。")


class AnswersUnfit(DomainError):
    code = "survey_answers_unfit"
    sentence = N_("%(problems)s")
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems="")
        self.problems = problems

    def __str__(self) -> str:
        return "".join(self.by_question().values())

    def by_question(self) -> dict[int, str]:
        """Return a sentence for each question, by its number."""
        return {one.number: _(_WHY[one.why]) % {"number": one.number, "most": LONGEST_TEXT} for one in self.problems}


@transaction.atomic
def answer_survey(*, survey: Survey, answers: Mapping[int, object], actor: Person, at: datetime) -> None:
    """Hand in the actor's own answers by number of the question. They cannot be changed; no receipt comes back.

    Of an anonymous survey `at` is taken to see whether it still runs, and not kept.

    :raises NotAsked: the actor is not on the list; nobody answers for somebody else
    :raises SurveyNotOpen: not put yet, closed, or its time is over
    :raises AnswersUnfit: something required is missing, or does not fit
    :raises AlreadyAnswered: one person, one answer
    """
    fresh = Survey.objects.select_for_update().get(pk=survey.pk)
    place = SurveyPerson.objects.filter(survey=fresh, person=actor).select_related("group").first()
    if place is None:
        raise NotAsked
    if fresh.state != SurveyState.OPEN or fresh.closes_at is None or at >= fresh.closes_at or place.group is None:
        raise SurveyNotOpen(title=fresh.title)
    asked = asked_of(fresh)
    read, problems = read_answers(asked, answers)
    if problems:
        raise AnswersUnfit(problems)
    if not SurveyPerson.objects.filter(pk=place.pk, has_answered=False).update(has_answered=True):
        raise AlreadyAnswered
    if fresh.is_named:
        NamedAnswer.objects.create(
            place=place, values={str(number): value for number, value in read.items()}, answered_at=at
        )
        return
    held = SurveyUrn.objects.get(survey=fresh)
    sums = urn.unpack(open_text(held.sealed), asked, fresh.groups.count())
    held.sealed = seal_text(urn.pack(urn.with_answers(sums, asked, place.group.place, read)))
    held.save(update_fields=["sealed"])
