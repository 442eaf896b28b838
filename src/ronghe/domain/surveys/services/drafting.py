"""A survey is drawn up, changed, copied, and put to people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.surveys.calc import urn
from ronghe.domain.surveys.calc.shown import LEAST
from ronghe.domain.surveys.enums import SURVEY_FLOW, Audience, Purpose, QuestionType, SurveyState
from ronghe.domain.surveys.facts import SURVEY_DRAWN_UP, SURVEY_OPENED
from ronghe.domain.surveys.models import Survey, SurveyGroup, SurveyPerson, SurveyQuestion, SurveyUrn
from ronghe.domain.surveys.rules import DRAW_UP, RUN_SURVEY
from ronghe.domain.surveys.selectors.audience import audience_of, grouped
from ronghe.domain.surveys.selectors.surveys import asked_of
from ronghe.domain.surveys.services.judging import people_judged, require_fit_to_judge
from ronghe.kernel.errors import DomainError
from ronghe.kernel.facts.record import Draft, record
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_
from ronghe.kernel.workflow import StepNotAllowed

MOST_QUESTIONS, MOST_OPTIONS, MOST_ROWS, LONGEST_WORD = 40, 12, 10, 60
LONGEST_RUN = timedelta(days=180)


class SurveyUntitled(DomainError):
    code = "survey_untitled"
    sentence = N_("请写明问卷的名称。")
    status = 422


class QuestionUnfit(DomainError):
    code = "survey_question_unfit"
    sentence = N_(
        "第 %(number)s 题不完整：题目要写；选择题要 2 至 %(options)s 个不重复的选项；逐项打分要 1 至 %(rows)s 行。"
    )
    status = 422


class QuestionsMissing(DomainError):
    code = "survey_questions_missing"
    sentence = N_("问卷要有 1 至 %(most)s 道题，加好题再发出。")
    status = 422


class TooFewAsked(DomainError):
    code = "survey_too_few_asked"
    sentence = N_(
        "名单里只有 %(people)s 人。匿名问卷至少要 %(least)s 人，否则猜得出谁答了什么；请扩大范围，或改为记名。"
    )
    status = 422


class ClosingUnfit(DomainError):
    code = "survey_closing_unfit"
    sentence = N_("截止时间要在现在以后、半年以内。")
    status = 422


@dataclass(frozen=True, slots=True)
class SurveyWords:
    """What a survey is about and who is asked."""

    title: str
    intro: str = ""
    purpose: Purpose = Purpose.OTHER
    audience: Audience = Audience.BELOW
    is_named: bool = False
    shows_results: bool = False


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """One question; `options` for choices, `rows` for a matrix, nothing for the others."""

    text: str
    type: QuestionType
    options: Sequence[str] = ()
    rows: Sequence[str] = ()
    section: str = ""
    is_required: bool = True


@transaction.atomic
def draw_up(
    *, body: PartyOrg, words: SurveyWords, questions: Sequence[QuestionWords], actor: Person, at: datetime,
    people: Iterable[Person] = (), source: tuple[str, int] | None = None,
) -> Survey:  # fmt: skip
    """Draw up a survey for the people of `body`; `people` is the list where the audience is one.

    :raises SurveyUntitled, QuestionUnfit: not filled in
    """
    DRAW_UP.require(actor, body, at=at)
    if not words.title.strip():
        raise SurveyUntitled
    survey = Survey.objects.create(
        body=body, made_by=actor, made_at=at, source_type=source[0] if source else None,
        source_id=source[1] if source else None, **_columns(words),
    )  # fmt: skip
    _write_questions(survey, questions)
    _write_people(survey, people)
    attributes = {"purpose": str(words.purpose), "questions": len(questions)}
    record(Draft(SURVEY_DRAWN_UP, at, actor, body=body.pk, attributes=attributes, source=survey))
    return survey


@transaction.atomic
def change_draft(
    *, survey: Survey, actor: Person, at: datetime, words: SurveyWords | None = None,
    questions: Sequence[QuestionWords] | None = None, people: Iterable[Person] | None = None,
) -> Survey:  # fmt: skip
    """Change a draft: its words, all of its questions, or its list; `None` leaves them as they are.

    :raises StepNotAllowed: it was put to people; copy it as a new one
    :raises SurveyUntitled, QuestionUnfit: not filled in
    """
    RUN_SURVEY.require(actor, survey, at=at)
    fresh = Survey.objects.select_for_update().get(pk=survey.pk)
    if fresh.state != SurveyState.DRAFT:
        raise StepNotAllowed(state=fresh.get_state_display())
    if words is not None:
        if not words.title.strip():
            raise SurveyUntitled
        Survey.objects.filter(pk=fresh.pk).update(**_columns(words))
    if questions is not None:
        _write_questions(fresh, questions)
    if people is not None:
        _write_people(fresh, people)
    survey.refresh_from_db()
    attributes = {"purpose": survey.purpose, "questions": survey.questions.count()}
    record(Draft(SURVEY_DRAWN_UP, at, actor, body=survey.body_id, attributes=attributes, source=survey))
    return survey


def copy_survey(*, survey: Survey, actor: Person, at: datetime, body: PartyOrg | None = None) -> Survey:
    """Draw up a survey with the same words, questions and, where it has one, list."""
    questions = [
        QuestionWords(row.text, QuestionType(row.type), row.options, row.rows, row.section, row.is_required)
        for row in survey.questions.order_by("number")
    ]
    words = SurveyWords(
        survey.title, survey.intro, Purpose(survey.purpose), Audience(survey.audience), survey.is_named,
        survey.shows_results,
    )  # fmt: skip
    listed = survey.audience == Audience.LIST
    people = Person.objects.filter(surveys_to_answer__survey=survey, valid_until=None) if listed else ()
    return draw_up(
        body=body or survey.body, words=replace(words), questions=questions, people=people, actor=actor, at=at
    )


@transaction.atomic
def open_survey(*, survey: Survey, closes_at: datetime, actor: Person, at: datetime) -> Survey:
    """Put a draft to its people until `closes_at`; who is asked is fixed with it.

    :raises QuestionsMissing: it has no questions
    :raises ClosingUnfit: the end is not after `at`, or too far off
    :raises TooFewAsked: fewer than five people, and anonymous; or nobody
    :raises JudgingNamed, JudgingWithoutMark, JudgedTwice: it judges somebody, and may not so (PP-06)
    """
    RUN_SURVEY.require(actor, survey, at=at)
    questions = survey.questions.count()
    if not 1 <= questions <= MOST_QUESTIONS:
        raise QuestionsMissing(most=MOST_QUESTIONS)
    require_closing(closes_at, at)
    judged = people_judged(survey)
    people = [one for one in audience_of(survey, local_day(at)) if one.pk not in judged]
    if survey.judged_item:
        require_fit_to_judge(survey, asked_of(survey))
    if len(people) < (1 if survey.is_named else LEAST):
        raise TooFewAsked(people=len(people), least=1 if survey.is_named else LEAST)
    SURVEY_FLOW.advance(survey, "open", opened_at=at, closes_at=closes_at)
    groups = grouped(survey.body, people, local_day(at))
    SurveyPerson.objects.filter(survey=survey).delete()
    made = SurveyGroup.objects.bulk_create(
        SurveyGroup(survey=survey, place=place, unit=unit, name=name) for place, (unit, name, _ids) in enumerate(groups)
    )
    group_of = {pk: group for group, (_unit, _name, ids) in zip(made, groups, strict=True) for pk in ids}
    SurveyPerson.objects.bulk_create(
        [SurveyPerson(survey=survey, person=person, group=group_of[person.pk]) for person in people], batch_size=500
    )
    if not survey.is_named:
        SurveyUrn.objects.create(survey=survey, sealed=seal_text(urn.pack(urn.empty(asked_of(survey), len(made)))))
    attributes = {
        "purpose": survey.purpose, "questions": questions, "people": len(people), "is_named": survey.is_named,
    }  # fmt: skip
    record(Draft(SURVEY_OPENED, at, actor, body=survey.body_id, attributes=attributes, source=survey))
    return survey


def require_closing(closes_at: datetime, at: datetime) -> None:
    """Return where a survey may end at `closes_at`.

    :raises ClosingUnfit: not after `at`, or further off than half a year
    """
    if not at < closes_at <= at + LONGEST_RUN:
        raise ClosingUnfit


def _columns(words: SurveyWords) -> dict[str, object]:
    return {
        "title": words.title.strip(), "intro": words.intro.strip(), "purpose": words.purpose,
        "audience": words.audience, "is_named": words.is_named, "shows_results": words.shows_results,
    }  # fmt: skip


def _write_questions(survey: Survey, questions: Sequence[QuestionWords]) -> None:
    if len(questions) > MOST_QUESTIONS:
        raise QuestionsMissing(most=MOST_QUESTIONS)
    rows = [_fitting(number, question) for number, question in enumerate(questions, start=1)]
    survey.questions.all().delete()
    for row in rows:
        row.survey = survey
    SurveyQuestion.objects.bulk_create(rows)


def _fitting(number: int, question: QuestionWords) -> SurveyQuestion:
    options, rows = ([word.strip() for word in words if word.strip()] for words in (question.options, question.rows))
    chooses = question.type in (QuestionType.SINGLE, QuestionType.SEVERAL)
    is_matrix = question.type == QuestionType.MATRIX
    fits = bool(question.text.strip()) and all(len(word) <= LONGEST_WORD for word in (*options, *rows))
    fits &= not chooses or (2 <= len(options) <= MOST_OPTIONS and len(set(options)) == len(options))
    fits &= not is_matrix or (1 <= len(rows) <= MOST_ROWS and len(set(rows)) == len(rows))
    if not fits:
        raise QuestionUnfit(number=number, options=MOST_OPTIONS, rows=MOST_ROWS)
    return SurveyQuestion(
        number=number, section=question.section.strip(), text=question.text.strip(), type=question.type,
        options=options if chooses else [], rows=rows if is_matrix else [], is_required=question.is_required,
    )  # fmt: skip


def _write_people(survey: Survey, people: Iterable[Person]) -> None:
    survey.people.all().delete()
    chosen = {person.pk: person for person in people}
    ordered = sorted(chosen.values(), key=lambda person: (person.name, person.pk))
    SurveyPerson.objects.bulk_create([SurveyPerson(survey=survey, person=person) for person in ordered], batch_size=500)
