"""A model post and a pioneer post are judged both ways (G2, PP-06): reviews from above, a survey of employees from below."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.appraisal.selectors.explaining import explained_for
from ronghe.domain.appraisal.selectors.results import results_seen_by
from ronghe.domain.appraisal.services.computing import compute_run
from ronghe.domain.appraisal.services.runs import start_run
from ronghe.domain.carriers.enums import CarrierState, CarrierType, EndReason, ReviewGrade
from ronghe.domain.carriers.models import Carrier
from ronghe.domain.carriers.selectors.judging import holders_of_post, names_of_posts, posts_judged
from ronghe.domain.carriers.services.running import review_carrier
from ronghe.domain.playbooks.calc.shipped import shipped_playbook
from ronghe.domain.surveys.enums import Audience, Purpose
from ronghe.domain.surveys.models import SurveyPerson
from ronghe.domain.surveys.selectors.judging import JudgedSeveral, JudgedUnknown, judged_key
from ronghe.domain.surveys.services.answering import answer_survey
from ronghe.domain.surveys.services.closing import close_survey
from ronghe.domain.surveys.services.drafting import SurveyWords, draw_up, open_survey
from ronghe.domain.surveys.services.judging import JudgedTwice, count_for
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.facts.models import Fact
from tests.factories.carriers import approved, make_story
from tests.factories.surveys import QUESTIONS, answers

pytestmark = pytest.mark.django_db

ITEM = "post_judged_by_staff:carrier"
OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def story(morning):
    return make_story(morning, with_teams=False, members=6)


@pytest.fixture
def post(story, morning):
    return approved(story, morning, type_=CarrierType.MODEL_POST, name="输油岗示范岗")


def judging(story, at, judged="输油岗示范岗"):
    words = SurveyWords("岗位测评", purpose=Purpose.SATISFACTION, audience=Audience.BELOW, is_named=False)
    draft = draw_up(body=story.committee, words=words, questions=QUESTIONS, actor=story.clerk, at=at)
    return count_for(survey=draft, item=ITEM, judged=judged, period="2026Q3", actor=story.clerk, at=at)


def put(story, at, **more):
    survey = judging(story, at, **more)
    return open_survey(survey=survey, closes_at=at + timedelta(days=7), actor=story.clerk, at=at)


def closed(story, at, marks):
    survey = put(story, at)
    for person, mark in zip(story.members, marks, strict=True):
        answer_survey(survey=survey, answers=answers(mark), actor=person, at=at)
    return close_survey(survey=survey, actor=story.clerk, at=at + timedelta(days=1))


def run_of(story):
    book = shipped_playbook("star_management")
    run = start_run(
        body=story.committee, playbook=book, sheet_id="post_two_way", period="2026Q3", actor=story.clerk, at=OCTOBER
    )
    return compute_run(run=run, at=OCTOBER)


def test_posts_are_judged_while_they_are_created_and_no_team_is(story, post, morning):
    pioneer = approved(story, morning, type_=CarrierType.PIONEER_POST, name="抢险先锋岗", lead=story.members[0])
    approved(story, morning, name="南八突击队")
    bodies, day = [story.branch.pk], morning.date()

    rows = {one.id: (one.body, one.category, one.since) for one in posts_judged(bodies, day)}

    assert rows == {
        post.pk: (story.branch.pk, "model_post", day), pioneer.pk: (story.branch.pk, "pioneer_post", day),
    }  # fmt: skip
    assert list(posts_judged(bodies, day - timedelta(days=1))) == []
    assert names_of_posts([post.pk]) == {post.pk: "输油岗示范岗"}


def test_a_post_that_ended_is_judged_until_the_day_before(story, post, morning):
    ended = morning + timedelta(days=10)
    Carrier.objects.filter(pk=post.pk).update(
        state=CarrierState.ENDED, ended_on=ended.date(), end_reason=EndReason.DONE
    )
    bodies = [story.branch.pk]

    assert [one.id for one in posts_judged(bodies, ended.date() - timedelta(days=1))] == [post.pk]
    assert list(posts_judged(bodies, ended.date())) == []


def test_pp_06_whoever_holds_the_post_is_not_asked(story, post, morning):
    survey = put(story, morning)

    asked = set(SurveyPerson.objects.filter(survey=survey).values_list("person_id", flat=True))

    assert holders_of_post(post.pk) == {story.captain.pk}
    assert story.captain.pk not in asked
    assert {one.pk for one in story.members} <= asked


def test_pp_06_marks_are_about_the_post_and_about_nobody(story, post, morning):
    survey = closed(story, morning, [5, 5, 4, 4, 3, 3])

    facts = Fact.objects.filter(kind="survey.answer")

    assert [Decimal(one.quantity) / 10_000 for one in facts.order_by("pk")] == [60, 60, 80, 80, 100, 100]
    assert {(one.subject, one.body, one.values["carrier"], one.recorded_by) for one in facts} == {
        (None, None, post.pk, None)
    }
    assert (survey.judged_name, judged_key(survey)) == ("输油岗示范岗", ITEM)


def test_pp_06_a_post_is_judged_once_a_period(story, post, morning):
    put(story, morning)

    with pytest.raises(JudgedTwice, match="输油岗示范岗"):
        put(story, morning)


def test_a_post_is_found_by_its_name_alone_where_there_is_one(story, post, morning):
    with pytest.raises(JudgedUnknown):
        judging(story, morning, judged="南八突击队")
    approved(
        story, morning, type_=CarrierType.MODEL_POST, name="输油岗示范岗", body=story.neighbour,
        lead=story.next_captain, proposer=story.next_secretary,
    )  # fmt: skip
    with pytest.raises(JudgedSeveral):
        judging(story, morning)


def test_the_sheet_takes_both_ways_together(story, post, morning):
    other = approved(story, morning, type_=CarrierType.PIONEER_POST, name="抢险先锋岗", lead=story.members[0])
    for carrier, grades in ((post, (ReviewGrade.GOOD, ReviewGrade.FAIR)), (other, (ReviewGrade.POOR,))):
        for grade in grades:
            review_carrier(carrier=carrier, grade=grade, text="看了现场", actor=story.clerk, at=morning)
    closed(story, morning, [5, 5, 4, 4, 3, 3])

    run = run_of(story)

    page = results_seen_by(story.clerk, run, OCTOBER)
    # reviews 1/2 of 60 and in time 20, staff 80 of 100 of 20; without a survey its 20 go to the rest
    assert {one.name: Decimal(one.row.score) / 10_000 for one in page.rows} == {
        "输油岗示范岗": Decimal(66), "抢险先锋岗": Decimal(25),
    }  # fmt: skip
    tree = explained_for(story.clerk, run, post.pk, OCTOBER).tree
    assert {node["id"]: node["value"] for node in tree["children"]} == {
        "judged_above": "30", "reviewed_in_time": "20", "judged_by_staff": "16",
    }  # fmt: skip
