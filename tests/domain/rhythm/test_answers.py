"""A problem that somebody raised on a visit is answered to that person, who may have it taken up again (C9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q

from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.calc.answers import AnswerFigures
from ronghe.domain.rhythm.enums import AnswerRating
from ronghe.domain.rhythm.models import ProblemAnswer
from ronghe.domain.rhythm.rules import SEE_RAISER
from ronghe.domain.rhythm.selectors.answers import (
    answer_figures,
    answers_to_read,
    problems_raised_by,
    problems_reopened,
)
from ronghe.domain.rhythm.selectors.visits import problems_of
from ronghe.domain.rhythm.services.answers import (
    DissatisfactionUnsaid,
    RatedAlready,
    RatingStands,
    rate_answer,
    take_back_rating,
)
from ronghe.domain.rhythm.services.visits import (
    Account,
    Place,
    Problem,
    RaisedByVisitor,
    RaiserOfCare,
    record_visit,
)
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.playbooks.making import THEME_DAY, adopt, playbook
from tests.factories.contacts import make_care, make_contacts
from tests.factories.org import make_person, make_post

pytestmark = pytest.mark.django_db
HAPPY, UNHAPPY = AnswerRating.SATISFIED, AnswerRating.UNSATISFIED


@pytest.fixture
def story():
    story = make_contacts()
    make_post(story.visitor, PostRole.SECRETARY, body=story.committee)
    return story


def visit(story, at, *, raiser=None, assignee=None):
    raised = Problem("浴室热水不够", assignee or story.foreman, at + timedelta(days=7), raised_by=raiser)
    return record_visit(
        to=Place(story.branch, story.station), day=at.date(), account=Account(problems=[raised]), actor=story.visitor,
        at=at,
    )  # fmt: skip


def solve(task, story, at, note="热水器已换大的"):
    task = Task.objects.select_related("assignee").get(pk=task.pk)
    submit_task(task=task, actor=task.assignee, at=at, note=note)
    return accept_task(task=task, actor=story.visitor, at=at)


def solved(story, at, *, days=2, **who):
    made = visit(story, at, raiser=who.get("raiser", story.worker))
    solve(made.problems.get().task, story, at + timedelta(days=days))
    return ProblemAnswer.objects.select_related("task__assignee", "problem__visit__body").get(problem__visit=made)


def test_whoever_raises_a_problem_counts_as_met(story, morning):
    assert list(visit(story, morning, raiser=story.worker).met.all()) == [story.worker]


def test_an_accepted_task_is_answered_with_the_words_of_the_solution(story, morning):
    answer = solved(story, morning)

    assert (answer.text, answer.round, answer.days, answer.rating) == ("热水器已换大的", 1, 2, None)
    assert list(answers_to_read(story.worker, morning)) == [answer]
    assert list(answers_to_read(story.foreman, morning)) == []
    fact = Fact.objects.get(kind="rhythm.problem_answered")
    assert fact.values == {"visit": "round", "round": 1, "days": 2}
    assert fact.subject == story.foreman.token  # not who raised it


def test_nobody_is_answered_where_nobody_raised_it_or_the_solver_did(story, morning):
    for raiser in (None, story.foreman):
        made = visit(story, morning, raiser=raiser)
        solve(made.problems.get().task, story, morning + timedelta(days=1))

    assert not ProblemAnswer.objects.exists()


def test_satisfied_is_one_word_and_one_fact(story, morning):
    answer = solved(story, morning)

    rate_answer(answer=answer, rating=HAPPY, words="谢谢", actor=story.worker, at=morning + timedelta(days=3))

    answer.refresh_from_db()
    assert (answer.rating, answer.words, answer.follow_up) == (HAPPY, "谢谢", None)
    assert list(answers_to_read(story.worker, morning)) == []
    assert Fact.objects.get(kind="rhythm.answer_rated").values == {"visit": "round", "round": 1, "rating": "satisfied"}


def test_dissatisfaction_takes_the_problem_up_again_and_is_answered_again(story, morning):
    answer, later = solved(story, morning), morning + timedelta(days=3)

    rate_answer(answer=answer, rating=UNHAPPY, words="早上还是凉的", actor=story.worker, at=later)

    again = answer.follow_up
    assert (again.title, again.assignee, again.opened_by) == ("浴室热水不够", story.foreman, story.visitor)
    assert again.due_at == later + timedelta(days=7)
    assert again.goal == f"重新办理第 {answer.task_id} 号任务。还没有解决的：早上还是凉的"
    assert list(problems_reopened(story.visitor, later)) == [answer]
    solve(again, story, later + timedelta(days=1), note="加了循环泵")
    second = ProblemAnswer.objects.get(round=2)
    assert (second.problem, second.task, second.text, second.days) == (answer.problem, again, "加了循环泵", 1)
    assert list(problems_reopened(story.visitor, later)) == []


def test_dissatisfaction_wants_a_word(story, morning):
    answer = solved(story, morning)
    with pytest.raises(DissatisfactionUnsaid):
        rate_answer(answer=answer, rating=UNHAPPY, words=" ", actor=story.worker, at=morning)


def test_only_the_raiser_rates_and_only_once(story, morning):
    answer = solved(story, morning)
    for other in (story.foreman, story.visitor, story.secretary):
        with pytest.raises(NotAllowed):
            rate_answer(answer=answer, rating=HAPPY, actor=other, at=morning)
    twin = ProblemAnswer.objects.select_related("task__assignee", "problem__visit__body").get(pk=answer.pk)
    rate_answer(answer=answer, rating=HAPPY, actor=story.worker, at=morning)

    with pytest.raises(RatedAlready):
        rate_answer(answer=answer, rating=UNHAPPY, words="不行", actor=story.worker, at=morning)
    with pytest.raises(Stale):
        rate_answer(answer=twin, rating=HAPPY, actor=story.worker, at=morning)


@pytest.mark.parametrize(("hours", "taken"), [(23, True), (24, True), (25, False)])
def test_satisfaction_is_taken_back_within_a_day(story, morning, hours, taken):
    answer = solved(story, morning)
    rate_answer(answer=answer, rating=HAPPY, actor=story.worker, at=morning)
    if taken:
        take_back_rating(answer=answer, actor=story.worker, at=morning + timedelta(hours=hours))
        assert ProblemAnswer.objects.get().rating is None
        assert Fact.objects.filter(kind="rhythm.answer_rated", reverses__isnull=False).count() == 1
    else:
        with pytest.raises(RatingStands):
            take_back_rating(answer=answer, actor=story.worker, at=morning + timedelta(hours=hours))


def test_dissatisfaction_stands(story, morning):
    answer = solved(story, morning)
    rate_answer(answer=answer, rating=UNHAPPY, words="不行", actor=story.worker, at=morning)
    with pytest.raises(RatingStands):
        take_back_rating(answer=answer, actor=story.worker, at=morning)


def test_who_raised_it_is_read_by_visitor_leaders_of_the_place_and_the_raiser(story, morning):
    problem = problems_of(visit(story, morning, raiser=story.worker)).get()
    above = make_person("上级干事")
    make_post(above, PostRole.COMMITTEE_CLERK, body=story.committee)

    readers = [
        person
        for person in (story.visitor, story.secretary, story.worker)
        if SEE_RAISER.allows(person, problem, at=morning)
    ]
    others = [
        person
        for person in (story.foreman, story.youth, story.clerk, above)
        if SEE_RAISER.allows(person, problem, at=morning)
    ]

    assert (len(readers), others) == (3, [])


def test_on_a_care_visit_nobody_is_named_and_nobody_raises_with_himself(story, morning):
    asked = [Problem("补助没有到", story.foreman, morning + timedelta(days=7), raised_by=story.worker)]
    with pytest.raises(RaiserOfCare):
        record_visit(
            to=make_care(story), day=morning.date(), account=Account(problems=asked), actor=story.chair, at=morning
        )
    with pytest.raises(RaisedByVisitor):
        visit(story, morning, raiser=story.visitor)


def test_figures_over_the_visits_one_may_see(story, morning, django_assert_num_queries):
    answers = [solved(story, morning, days=days) for days in (1, 14, 15)]
    for answer in answers[:2]:
        rate_answer(answer=answer, rating=HAPPY, actor=story.worker, at=morning)

    with django_assert_num_queries(1):
        seen = answer_figures(story.visitor, morning, Q())

    assert seen == AnswerFigures(answered=3, prompt=2, rated=2, satisfied=2)
    assert seen.satisfied_share is None  # two are too few
    assert answer_figures(make_person("外人"), morning, Q()) == AnswerFigures()


def test_my_problems_are_two_statements(story, morning, django_assert_num_queries):
    for _ in range(3):
        solved(story, morning)

    with django_assert_num_queries(2):
        assert len(problems_raised_by(story.worker)) == 3


@pytest.mark.parametrize(("own", "allowed"), [(None, 10), (4, 4)])
def test_the_bodys_playbook_says_within_how_many_working_days(story, morning, own, allowed):
    if own is not None:
        adopt(story.branch, playbook(f"{THEME_DAY}keys: {{visit_answer_days: {own}}}\n"), morning.date())

    assert solved(story, morning).allowed_days == allowed
