"""PP-06: employees judge by survey, anonymously, one vote each; sheets read the marks as facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.org.enums import UnitKind
from ronghe.domain.surveys.enums import QuestionType
from ronghe.domain.surveys.models import Survey
from ronghe.domain.surveys.selectors.judging import JudgedSeveral, JudgedUnknown, judged_items
from ronghe.domain.surveys.services.answering import AlreadyAnswered, answer_survey
from ronghe.domain.surveys.services.closing import close_survey, drop_survey
from ronghe.domain.surveys.services.drafting import QuestionWords, TooFewAsked, open_survey
from ronghe.domain.surveys.services.judging import (
    JudgedItemUnknown,
    JudgedPeriodNotBegun,
    JudgedTwice,
    JudgingNamed,
    JudgingWithoutMark,
    count_for,
)
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from ronghe.scoring.period import PeriodUnknown
from tests.factories.org import make_body, make_person, make_unit
from tests.factories.surveys import answers, make_asked, make_draft

pytestmark = pytest.mark.django_db

ITEM, PERIOD = "branch_judged_by_staff:body", "2026Q3"


def judging(story, at, *, item=ITEM, judged=None, period=PERIOD, **more):
    draft = make_draft(story, at, **more)
    return count_for(survey=draft, item=item, judged=judged or story.body.name, period=period, actor=story.owner, at=at)


def put(story, at, **more):
    survey = judging(story, at, **more)
    return open_survey(survey=survey, closes_at=at + timedelta(days=7), actor=story.owner, at=at)


def closed(story, at, marks, **more):
    """Put it, let people give these marks in turn, and close it."""
    survey = put(story, at, **more)
    for person, mark in zip(story.people, marks, strict=False):
        answer_survey(survey=survey, answers=answers(mark), actor=person, at=at)
    return close_survey(survey=survey, actor=story.owner, at=at + timedelta(days=1))


def marks_of(survey):
    rows = Fact.objects.filter(kind="survey.answer", source_id=survey.pk).order_by("pk")
    return [Decimal(row.quantity) / 10_000 for row in rows]


def test_pp_06_closing_writes_one_mark_for_each_answer(morning):
    story = make_asked(6)

    survey = closed(story, morning, [5, 3, 4, 5, 2])

    assert marks_of(survey) == [40, 60, 80, 100, 100]
    (told,) = {
        (f.body, f.subject, f.recorded_by, f.values["item"], f.occurred_at) for f in Fact.objects.filter(kind="survey.answer")
    }  # fmt: skip
    assert told == (story.body.pk, None, None, "branch_judged_by_staff", morning + timedelta(days=1))


def test_pp_06_the_order_of_facts_says_nothing_of_the_order_of_answering(morning):
    story = make_asked(6)
    given_in_turn = closed(story, morning, [1, 2, 3, 4, 5, 5])
    drop_places(given_in_turn)

    other = closed(story, morning, [5, 5, 4, 3, 2, 1])

    assert marks_of(other) == marks_of(given_in_turn) == [20, 40, 60, 80, 100, 100]


def drop_places(survey):
    """Give the place of its item and period free, so that the story can be told the other way round."""
    Survey.objects.filter(pk=survey.pk).update(is_counted=False)


@pytest.mark.parametrize(("answered", "written"), [(4, 0), (5, 5), (6, 6)])
def test_pp_06_small_groups_are_protected_from_below_five(morning, answered, written):
    survey = closed(make_asked(8), morning, [4] * answered)

    assert len(marks_of(survey)) == written


def test_pp_06_a_survey_that_too_few_answered_leaves_the_place_free(morning):
    story = make_asked(8)
    closed(story, morning, [4] * 4)

    again = closed(story, morning, [4] * 5)

    assert len(marks_of(again)) == 5


def test_pp_06_marks_cannot_be_written_twice(morning):
    story = make_asked(6)
    survey = closed(story, morning, [4] * 6)

    with pytest.raises(StepNotAllowed):
        close_survey(survey=Survey.objects.get(pk=survey.pk), actor=story.owner, at=morning + timedelta(days=2))
    with pytest.raises(JudgedTwice):
        put(story, morning)

    assert len(marks_of(survey)) == 6


def test_pp_06_another_period_is_another_vote(morning):
    story = make_asked(6)
    closed(story, morning, [4] * 6)

    assert len(marks_of(closed(story, morning, [5] * 6, period="2026"))) == 6


def test_pp_06_one_vote_each(morning):
    story = make_asked(6)
    survey = put(story, morning)
    answer_survey(survey=survey, answers=answers(1), actor=story.people[0], at=morning)

    with pytest.raises(AlreadyAnswered):
        answer_survey(survey=survey, answers=answers(1), actor=story.people[0], at=morning)


def test_pp_06_whom_it_judges_is_not_asked(morning):
    story = make_asked(6)
    judged = make_person("罗一鸣", home=story.body, unit=story.teams[0][0].unit)

    survey = put(story, morning, item="member_judged_by_staff:person", judged="罗一鸣")

    assert not survey.people.filter(person=judged).exists()
    assert survey.people.count() == 6


@pytest.mark.parametrize(
    ("item", "level"),
    [("member_judged_by_staff:person", "member"), ("judged_by_staff:unit", "team"), (ITEM, "branch")],
)
def test_pp_06_what_a_survey_may_count_for_comes_from_the_sheets(item, level):
    found = judged_items()[item]

    assert (found.level, found.out_of) == (level, Decimal(100))


def test_pp_06_a_team_is_judged_as_a_unit(morning):
    story = make_asked(6)
    plant = story.teams[0][0].unit.parent
    make_unit("采油三班", kind=UnitKind.TEAM, parent=plant)

    survey = closed(story, morning, [5] * 5, item="judged_by_staff:unit", judged="采油三班")

    fact = Fact.objects.filter(kind="survey.answer").first()
    assert (fact.unit, fact.body) == (survey.judged_unit_id, None)


def test_pp_06_marks_given_after_the_period_count_in_it(morning):
    story = make_asked(6)

    closed(story, morning, [5] * 5, period="2026Q2")

    last = datetime(2026, 6, 30, 23, 59, 59, tzinfo=SHANGHAI)
    assert {fact.occurred_at for fact in Fact.objects.filter(kind="survey.answer")} == {last}


def test_a_survey_that_judges_nobody_writes_no_marks(morning):
    story = make_asked(6)
    draft = make_draft(story, morning)
    survey = open_survey(survey=draft, closes_at=morning + timedelta(days=7), actor=story.owner, at=morning)
    for person in story.people:
        answer_survey(survey=survey, answers=answers(4), actor=person, at=morning)

    close_survey(survey=survey, actor=story.owner, at=morning + timedelta(days=1))

    assert marks_of(survey) == []


def test_pp_06_a_judging_survey_keeps_no_names(morning):
    with pytest.raises(JudgingNamed):
        put(make_asked(6), morning, is_named=True)


def test_pp_06_a_judging_survey_needs_a_required_mark(morning):
    optional = [QuestionWords("总的看", QuestionType.SCALE, is_required=False)]

    with pytest.raises(JudgingWithoutMark):
        put(make_asked(6), morning, questions=optional)


def test_pp_06_four_asked_are_too_few(morning):
    with pytest.raises(TooFewAsked):
        put(make_asked(4), morning)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"item": "nothing"}, JudgedItemUnknown),
        ({"judged": "没有的支部"}, JudgedUnknown),
        ({"period": "第三季"}, PeriodUnknown),
        ({"period": "2027Q1"}, JudgedPeriodNotBegun),
    ],
)
def test_what_does_not_exist_is_refused(morning, wanted, refusal):
    with pytest.raises(refusal):
        judging(make_asked(6), morning, **wanted)


def test_two_of_one_name_are_refused(morning):
    story = make_asked(6)
    for parent in (story.body, make_body("中间支部", parent=story.body)):
        make_body("同名支部", parent=parent)

    with pytest.raises(JudgedSeveral):
        judging(story, morning, judged="同名支部")


def test_a_body_outside_is_not_judged(morning):
    make_body("外单位支部")

    with pytest.raises(JudgedUnknown):
        judging(make_asked(6), morning, judged="外单位支部")


def test_only_the_author_says_what_it_counts_for(morning):
    story = make_asked(6)
    draft = make_draft(story, morning)

    with pytest.raises(NotAllowed):
        count_for(survey=draft, item=ITEM, judged=story.body.name, period=PERIOD, actor=story.people[0], at=morning)


def test_what_was_put_is_not_changed(morning):
    story = make_asked(6)
    survey = put(story, morning)

    with pytest.raises(StepNotAllowed):
        count_for(survey=survey, item="", judged="", period="", actor=story.owner, at=morning)


def test_a_survey_taken_back_leaves_the_place_free(morning):
    story = make_asked(6)
    drop_survey(survey=put(story, morning), actor=story.owner, at=morning, reason="题目写错")

    assert put(story, morning).state == "open"
