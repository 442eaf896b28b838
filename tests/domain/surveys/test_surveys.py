"""A survey from the draft to its results: who is asked, what is refused, what is shown."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.surveys.enums import Audience, QuestionType, SurveyState
from ronghe.domain.surveys.models import NamedAnswer, SurveyTally, SurveyText, SurveyUrn
from ronghe.domain.surveys.rules import SEE_RESULTS, SEE_SURVEY
from ronghe.domain.surveys.selectors.results import ResultsNotYet, in_words, named_answers, results_of
from ronghe.domain.surveys.selectors.surveys import list_surveys, progress_of, surveys_to_answer
from ronghe.domain.surveys.services.answering import (
    AlreadyAnswered,
    AnswersUnfit,
    NotAsked,
    SurveyNotOpen,
    answer_survey,
)
from ronghe.domain.surveys.services.closing import (
    DropReasonMissing,
    close_due,
    close_survey,
    drop_survey,
    extend_survey,
)
from ronghe.domain.surveys.services.drafting import (
    ClosingUnfit,
    QuestionsMissing,
    QuestionUnfit,
    QuestionWords,
    SurveyUntitled,
    SurveyWords,
    TooFewAsked,
    change_draft,
    copy_survey,
    draw_up,
    open_survey,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_person, make_post
from tests.factories.surveys import QUESTIONS, answers, make_asked, make_draft, make_open

pytestmark = pytest.mark.django_db


def fill(survey, people, at, scale=4, text=""):
    for person in people:
        answer_survey(survey=survey, answers=answers(scale, text), actor=person, at=at)


def closed(story, at, *counts, **more):
    """Return a closed survey that the first so many of each team have answered."""
    survey = make_open(story, at, **more)
    for team, count in zip(story.teams, counts, strict=True):
        fill(survey, team[:count], at, text="多来现场")
    return close_survey(survey=survey, actor=story.owner, at=at + timedelta(days=1))


def test_everybody_below_is_asked_party_or_not_and_grouped_by_unit(morning):
    story = make_asked(6, 5)
    survey = make_open(story, morning)

    assert progress_of(survey).groups == (("班组1", 6, 0), ("班组2", 5, 0))
    assert list(surveys_to_answer(story.people[0], morning)) == [survey]
    assert not surveys_to_answer(make_person(), morning).exists()
    fill(survey, story.people[:1], morning)
    assert not surveys_to_answer(story.people[0], morning).exists()
    assert not surveys_to_answer(story.people[1], morning + timedelta(days=8)).exists()


def test_results_say_shares_means_and_texts_exactly(morning):
    story = make_asked(6, 5)
    results = results_of(closed(story, morning, 6, 5))

    assert (results.people, results.answered, results.is_hidden) == (11, 11, False)
    scale, single, _several, number, matrix, text = results.questions
    assert (scale.mean, scale.mean_text) == (Fraction(4), "4.00")
    assert [(bar.count, bar.share) for bar in single.bars] == [(11, Fraction(1)), (0, Fraction(0))]
    assert number.mean == Fraction(5, 2)
    assert [(row.title, row.mean) for row in matrix.rows] == [("快慢", Fraction(4)), ("态度", Fraction(3))]
    assert [one.text for one in text.texts] == ["多来现场"] * 11
    assert [(group.name, group.answers) for group in scale.groups] == [("班组1", 6), ("班组2", 5)]
    assert not SurveyUrn.objects.exists()


def test_four_answers_are_neither_shown_nor_kept(morning):
    results = results_of(closed(make_asked(6), morning, 4))

    assert results.is_hidden
    assert not SurveyTally.objects.exists()
    assert not SurveyText.objects.exists()


def test_a_small_unit_hides_the_one_that_it_could_be_subtracted_from(morning):
    scale = results_of(closed(make_asked(9, 6, 5), morning, 9, 6, 2)).questions[0]

    assert scale.answers == 17
    assert [(group.name, group.answers) for group in scale.groups] == [("班组1", 9), ("班组2", None), ("班组3", None)]


def test_texts_are_shown_from_five_on(morning):
    story = make_asked(8)
    survey = make_open(story, morning)
    fill(survey, story.people[:4], morning, text="少填表")
    fill(survey, story.people[4:], morning)
    survey = close_survey(survey=survey, actor=story.owner, at=morning + timedelta(days=1))

    assert results_of(survey).questions[5].texts == ()
    assert results_of(survey).questions[0].answers == 8


def test_nothing_is_shown_while_it_runs(morning):
    story = make_asked(6)
    survey = make_open(story, morning)
    fill(survey, story.people, morning)

    with pytest.raises(ResultsNotYet):
        results_of(survey)


def test_answering_is_refused_to_others_twice_late_or_wrong(morning):
    story = make_asked(6)
    survey = make_open(story, morning)
    first = story.people[0]
    with pytest.raises(NotAsked):
        answer_survey(survey=survey, answers=answers(), actor=story.owner, at=morning)
    with pytest.raises(AnswersUnfit) as unfit:
        answer_survey(survey=survey, answers={**answers(), 1: "9", 2: ""}, actor=first, at=morning)
    assert list(unfit.value.by_question()) == [1, 2]
    assert str(unfit.value) == "第 1 题请从给出的选项里选。第 2 题要答。"
    answer_survey(survey=survey, answers=answers(), actor=first, at=survey.closes_at - timedelta(seconds=1))
    with pytest.raises(AlreadyAnswered):
        answer_survey(survey=survey, answers=answers(), actor=first, at=morning)
    with pytest.raises(SurveyNotOpen):
        answer_survey(survey=survey, answers=answers(), actor=story.people[1], at=survey.closes_at)


def test_no_fact_is_left_by_an_answer(morning):
    story = make_asked(6)
    survey = make_open(story, morning)
    before = Fact.objects.count()
    fill(survey, story.people, morning)

    assert Fact.objects.count() == before


def test_time_closes_what_nobody_closed(morning):
    story = make_asked(6)
    survey = make_open(story, morning)
    fill(survey, story.people, morning)
    assert close_due(at=survey.closes_at - timedelta(seconds=1)) == 0
    assert close_due(at=survey.closes_at) == 1
    assert close_due(at=survey.closes_at) == 0
    survey.refresh_from_db()

    assert (survey.state, survey.answered_count) == ("closed", 6)


def test_an_anonymous_survey_wants_five_people(morning):
    for size, is_open in ((4, False), (5, True)):
        story = make_asked(size)
        draft = make_draft(story, morning)
        if is_open:
            open_survey(survey=draft, closes_at=morning + timedelta(days=1), actor=story.owner, at=morning)
        else:
            with pytest.raises(TooFewAsked):
                open_survey(survey=draft, closes_at=morning + timedelta(days=1), actor=story.owner, at=morning)


def test_a_named_survey_keeps_names_for_whoever_asked_alone(morning):
    story = make_asked(6)
    survey = closed(story, morning, 6, is_named=True)

    assert NamedAnswer.objects.count() == 6
    assert results_of(survey).questions[0].mean == Fraction(4)
    row, questions = named_answers(survey)[0], list(survey.questions.order_by("number"))
    said = [in_words(question, row.values.get(str(question.number))) for question in questions]
    assert said == ["4", "上门", "填报; 跑路", "2.5", "快慢 4; 态度 3", "多来现场"]


def test_a_draft_is_its_authors_and_changes_until_it_is_put(morning):
    story = make_asked(6)
    colleague = make_person("于德江")
    make_post(colleague, PostRole.SECRETARY, body=story.body)
    draft = make_draft(story, morning)
    assert not SEE_SURVEY.allows(colleague, draft, at=morning)
    change_draft(survey=draft, words=SurveyWords("新名"), questions=QUESTIONS[:2], actor=story.owner, at=morning)
    assert (draft.title, draft.questions.count()) == ("新名", 2)
    open_survey(survey=draft, closes_at=morning + timedelta(days=1), actor=story.owner, at=morning)
    assert SEE_SURVEY.allows(colleague, draft, at=morning)
    with pytest.raises(StepNotAllowed):
        change_draft(survey=draft, questions=QUESTIONS, actor=story.owner, at=morning)
    with pytest.raises(NotAllowed):
        close_survey(survey=draft, actor=colleague, at=morning)


def test_those_asked_read_results_only_where_told(morning):
    story = make_asked(6)
    hidden, open_to_all = closed(story, morning, 6), closed(story, morning, 6, shows_results=True)

    assert not SEE_RESULTS.allows(story.people[0], hidden, at=morning)
    assert SEE_RESULTS.allows(story.people[0], open_to_all, at=morning)


@pytest.mark.parametrize(
    "question",
    [
        QuestionWords(" ", QuestionType.TEXT),
        QuestionWords("选", QuestionType.SINGLE, options=("甲",)),
        QuestionWords("选", QuestionType.SEVERAL, options=("甲", "甲")),
        QuestionWords("选", QuestionType.SINGLE, options=[f"{n}" for n in range(13)]),
        QuestionWords("打分", QuestionType.MATRIX),
        QuestionWords("打分", QuestionType.MATRIX, rows=[f"{n}" for n in range(11)]),
    ],
)
def test_a_question_must_be_whole(morning, question):
    with pytest.raises(QuestionUnfit):
        make_draft(make_asked(1), morning, questions=[question])


def test_what_a_survey_wants_before_it_is_put(morning):
    story = make_asked(6)
    empty, whole = make_draft(story, morning, questions=()), make_draft(story, morning)
    with pytest.raises(QuestionsMissing):
        open_survey(survey=empty, closes_at=morning + timedelta(days=1), actor=story.owner, at=morning)
    for days in (0, 181):
        with pytest.raises(ClosingUnfit):
            open_survey(survey=whole, closes_at=morning + timedelta(days=days), actor=story.owner, at=morning)
    with pytest.raises(SurveyUntitled):
        draw_up(body=story.body, words=SurveyWords(" "), questions=(), actor=story.owner, at=morning)
    with pytest.raises(NotAllowed):
        draw_up(body=story.body, words=SurveyWords("甲"), questions=(), actor=story.people[0], at=morning)


def test_a_survey_is_extended_taken_back_and_copied(morning):
    story = make_asked(6)
    survey = make_open(story, morning)
    extend_survey(survey=survey, closes_at=morning + timedelta(days=20), actor=story.owner, at=morning)
    fill(survey, story.people[:1], morning + timedelta(days=19))
    with pytest.raises(DropReasonMissing):
        drop_survey(survey=survey, actor=story.owner, at=morning)
    drop_survey(survey=survey, actor=story.owner, at=morning, reason="发错了")
    assert (survey.state, SurveyUrn.objects.count()) == (SurveyState.DROPPED, 0)
    copy = copy_survey(survey=survey, actor=story.owner, at=morning)

    assert (copy.state, copy.questions.count(), copy.people.count()) == (SurveyState.DRAFT, len(QUESTIONS), 0)
    with pytest.raises(StepNotAllowed):
        extend_survey(survey=copy, closes_at=morning + timedelta(days=2), actor=story.owner, at=morning)


def test_a_list_of_people_is_asked_alone(morning):
    story = make_asked(6, 6)
    words = SurveyWords("评价", audience=Audience.LIST)
    draft = draw_up(
        body=story.body, words=words, questions=QUESTIONS, people=story.teams[0], actor=story.owner, at=morning
    )
    open_survey(survey=draft, closes_at=morning + timedelta(days=1), actor=story.owner, at=morning)

    assert progress_of(draft).people == 6
    copy = copy_survey(survey=draft, actor=story.owner, at=morning)
    assert copy.people.count() == 6


def test_a_list_costs_the_same_however_long(morning, django_assert_max_num_queries):
    story = make_asked(6)
    for _ in range(4):
        make_open(story, morning)
    with django_assert_max_num_queries(3):
        assert [row.waits_for_me for row in list_surveys(story.people[0], morning)] == [True] * 4
