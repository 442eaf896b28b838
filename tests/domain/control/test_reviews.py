"""A design review (PJ-08): rounds, comments, deputies, the clock by whom it waits for, and the baseline."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ronghe.domain.control.calc.hours import DayHours
from ronghe.domain.control.enums import Opinion, ReviewSide, ReviewState
from ronghe.domain.control.models import DesignReview
from ronghe.domain.control.selectors.reviews import (
    pace_of_project,
    review_record,
    reviews_late,
    reviews_of,
    reviews_seen_by,
    reviews_to_answer,
    reviews_to_give,
    reviews_to_issue,
    seats_of,
)
from ronghe.domain.control.services.reviewing import (
    BaselineUnfit,
    CommentsMissing,
    CommentsUnanswered,
    CommentsUnsettled,
    CommentText,
    OpinionGiven,
    ReviewerUnfit,
    ReviewText,
    ReviewUnfit,
    Seat,
    WithdrawUntold,
    give_opinion,
    issue,
    report_late_reviews,
    resubmit,
    set_baseline,
    submit_review,
    withdraw_review,
)
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.selectors import items_owed_by
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.control import make_review, make_site
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db

AGREES, COMMENTS = Opinion.AGREES, Opinion.COMMENTS
BEGIN = datetime(2026, 9, 14, 8, 30, tzinfo=SHANGHAI)
"""A Monday, when work begins."""


@pytest.fixture
def site():
    return make_site()


def say(review, person, opinion, at, *comments):
    given = [CommentText(words, "GY-01-3", "GB 50251") for words in comments]
    return give_opinion(review=review, opinion=opinion, actor=person, at=at, comments=given)


def fresh(review):
    return DesignReview.objects.select_related("project", "submitted_by").get(pk=review.pk)


def answer(site, at):
    for item in WorkItem.objects.filter(kind="design_comment", state="open"):
        take_step(
            item=item, step="answer", actor=site.designer, at=at, said=Said(note="已改", values={"answer": "adopted"})
        )


def confirm(at):
    for item in WorkItem.objects.filter(kind="design_comment", state="answered").select_related("raised_by"):
        take_step(item=item, step="accept", actor=item.raised_by, at=at)


def test_pj_08_two_days_from_submitted_to_issued_by_whom_it_waited_for(site):
    review = make_review(site, BEGIN)
    assert review.due_at == datetime(2026, 9, 15, 18, 0, tzinfo=SHANGHAI)
    first, second = site.reviewers
    say(review, first, AGREES, BEGIN + timedelta(hours=1))
    review = say(review, second, COMMENTS, BEGIN + timedelta(hours=2), "安全阀出口未接放空管")
    assert review.state == ReviewState.ANSWERING
    answer(site, BEGIN + timedelta(hours=3))
    confirm(BEGIN + timedelta(hours=3))
    review = resubmit(review=review, actor=site.designer, at=BEGIN + timedelta(hours=3), uploads=[photo()])
    assert review.state == ReviewState.AGREED, "a round in which nobody has anything left to say is over"
    review = issue(review=review, actor=site.owner, at=BEGIN + timedelta(hours=27, minutes=30))

    record = review_record(review, BEGIN + timedelta(days=9))
    assert (review.round, review.worked_seconds) == (2, 41_400)
    assert record.clock.by_side == {
        ReviewSide.REVIEWERS: 2 * 3600, ReviewSide.DESIGNER: 3600, ReviewSide.ISSUER: 30_600,
    }  # fmt: skip
    assert record.clock.total == sum(record.clock.by_side.values())
    pace = pace_of_project(site.project, BEGIN.date())
    assert (pace.median_days, pace.baseline.old_days, pace.baseline.target_days) == (
        Decimal("1.4"), Decimal("10.0"), Decimal("2.0"),
    )  # fmt: skip
    assert Fact.objects.filter(kind="control.review_moved").last().values == {
        "step": "issue",
        "round": 2,
        "minutes": 690,
    }


def test_reviewers_look_side_by_side_and_the_last_one_ends_the_round(site):
    review = make_review(site, BEGIN)
    assert say(review, site.reviewers[1], AGREES, BEGIN).state == ReviewState.REVIEWING
    assert list(reviews_to_give(site.reviewers[1], BEGIN)) == []
    assert list(reviews_to_give(site.reviewers[0], BEGIN)) == [review]
    with pytest.raises(OpinionGiven):
        say(review, site.reviewers[1], AGREES, BEGIN)
    assert say(review, site.reviewers[0], AGREES, BEGIN).state == ReviewState.AGREED


def test_a_deputy_speaks_where_the_reviewer_cannot(site):
    seats = [Seat(site.reviewers[0], site.owner, "工艺"), Seat(site.reviewers[1])]
    review = make_review(site, BEGIN, seats=seats)
    assert [seat.person for seat in seats_of(review, site.owner)] == [site.reviewers[0]]
    say(review, site.owner, COMMENTS, BEGIN, "缺排污")
    assert Fact.objects.get(kind="control.review_opinion").values["for_another"] is True
    with pytest.raises(OpinionGiven):
        say(review, site.reviewers[0], AGREES, BEGIN)
    say(review, site.reviewers[1], AGREES, BEGIN)
    answer(site, BEGIN)
    item = WorkItem.objects.get(kind="design_comment")
    take_step(item=item, step="accept", actor=site.reviewers[0], at=BEGIN)
    assert item.state == "accepted", "who sits in the same review may confirm"


def test_a_comment_is_answered_before_the_next_round_and_settled_before_agreeing(site):
    review = make_review(site, BEGIN)
    say(review, site.reviewers[0], COMMENTS, BEGIN, "缺排污", "管径偏小")
    review = say(review, site.reviewers[1], AGREES, BEGIN)
    assert [item.title for item in items_owed_by(site.designer)] == ["缺排污", "管径偏小"]
    with pytest.raises(CommentsUnanswered):
        resubmit(review=review, actor=site.designer, at=BEGIN)
    answer(site, BEGIN)
    review = resubmit(review=review, actor=site.designer, at=BEGIN)
    assert (review.state, review.round) == (ReviewState.REVIEWING, 2)
    assert list(reviews_to_give(site.reviewers[1], BEGIN)) == [], "who had no comment need not look again"
    with pytest.raises(CommentsUnsettled):
        say(review, site.reviewers[0], AGREES, BEGIN)
    items = list(WorkItem.objects.filter(kind="design_comment").select_related("raised_by").order_by("pk"))
    take_step(item=items[0], step="reopen", actor=site.reviewers[0], at=BEGIN, said=Said(note="仍缺"))
    take_step(item=items[1], step="accept", actor=site.reviewers[0], at=BEGIN)
    review = say(review, site.reviewers[0], COMMENTS, BEGIN)
    assert review.state == ReviewState.ANSWERING
    assert list(reviews_to_answer(site.designer, BEGIN)) == [review]
    answer(site, BEGIN)
    confirm(BEGIN)
    assert resubmit(review=fresh(review), actor=site.designer, at=BEGIN).state == ReviewState.AGREED


def test_nobody_confirms_the_own_answer_or_issues_the_own_document(site):
    review = submit_review(
        project=site.project, text=ReviewText("总图", "civil", [Seat(site.reviewers[0])]), actor=site.manager, at=BEGIN
    )
    review = say(review, site.reviewers[0], COMMENTS, BEGIN, "缺标高")
    item = WorkItem.objects.get(kind="design_comment")
    take_step(
        item=item, step="answer", actor=site.manager, at=BEGIN, said=Said(note="已补", values={"answer": "adopted"})
    )
    with pytest.raises(NotAllowed):
        take_step(item=item, step="accept", actor=site.manager, at=BEGIN)
    confirm(BEGIN)
    review = resubmit(review=review, actor=site.manager, at=BEGIN)
    for kept_out in (site.manager, site.designer, site.builders[0]):
        with pytest.raises(NotAllowed):
            issue(review=review, actor=kept_out, at=BEGIN)
    assert list(reviews_to_issue(site.manager, BEGIN)) == []
    assert list(reviews_to_issue(site.owner, BEGIN)) == [review]


def test_nothing_is_issued_before_it_is_agreed(site):
    review = make_review(site, BEGIN)
    with pytest.raises(StepNotAllowed):
        issue(review=review, actor=site.owner, at=BEGIN)


@pytest.mark.parametrize("comments", [[], [""], ["长" * 121]])
def test_a_comment_says_what_is_wrong(site, comments):
    review = make_review(site, BEGIN)
    with pytest.raises(CommentsMissing):
        say(review, site.reviewers[0], COMMENTS, BEGIN, *comments)
    assert not WorkItem.objects.filter(kind="design_comment").exists()


def test_who_may_not_review_or_submit(site):
    review = make_review(site, BEGIN)
    for kept_out in (site.owner, site.designer, site.builders[0]):
        with pytest.raises(NotAllowed):
            say(review, kept_out, AGREES, BEGIN)
    with pytest.raises(NotAllowed):
        submit_review(
            project=site.project, text=ReviewText("图", "civil", [Seat(site.owner)]), actor=site.builders[0], at=BEGIN
        )
    assert reviews_seen_by(site.builders[0], BEGIN).get() == review


def test_the_people_of_a_review_fit(site):
    a, b = site.reviewers
    for seats in ([Seat(site.designer)], [Seat(a), Seat(a)], [Seat(a, a)], [Seat(a, site.designer)]):
        with pytest.raises(ReviewerUnfit):
            make_review(site, BEGIN, seats=seats)
    for text in (ReviewText("", "civil", [Seat(b)]), ReviewText("图", "civil", []), ReviewText("图", "x", [Seat(b)])):
        with pytest.raises(ReviewUnfit):
            submit_review(project=site.project, text=text, actor=site.designer, at=BEGIN)


def test_withdrawn_its_open_comments_are_void(site):
    review = make_review(site, BEGIN)
    review = say(review, site.reviewers[0], COMMENTS, BEGIN, "缺排污")
    with pytest.raises(WithdrawUntold):
        withdraw_review(review=review, reason=" ", actor=site.designer, at=BEGIN)
    review = withdraw_review(review=review, reason="整套重出", actor=site.designer, at=BEGIN)
    assert (review.state, WorkItem.objects.get(kind="design_comment").state) == (ReviewState.WITHDRAWN, "withdrawn")
    assert not review.turns.filter(ended_at=None).exists()


def test_a_late_review_goes_up_a_level_at_a_time(site):
    review = make_review(site, BEGIN)
    due = review.due_at
    assert report_late_reviews(at=due + timedelta(hours=23)) == 0
    assert report_late_reviews(at=due + timedelta(days=1)) == 1
    assert report_late_reviews(at=due + timedelta(days=1)) == 0
    assert report_late_reviews(at=due + timedelta(days=3)) == 1
    assert list(reviews_late(site.manager, due)) == [review]
    assert list(reviews_late(site.designer, due)) == []
    assert list(reviews_of(site.project, state="open", late_at=due + timedelta(seconds=1))) == [review]


def test_pj_08_a_unit_has_its_own_baseline_and_hours(site):
    body, hours = site.project.body, DayHours()
    for old, target in (("2", "10"), ("0", "0"), ("10.05", "2"), ("NaN", "2"), ("10", "Infinity")):
        with pytest.raises(BaselineUnfit):
            set_baseline(
                body=body,
                old_days=Decimal(old),
                target_days=Decimal(target),
                hours=hours,
                actor=site.zone.clerk,
                at=BEGIN,
            )
    with pytest.raises(NotAllowed):
        set_baseline(body=body, old_days=Decimal(8), target_days=Decimal(1), hours=hours, actor=site.owner, at=BEGIN)
    set_baseline(body=body, old_days=Decimal(8), target_days=Decimal(1), hours=hours, actor=site.zone.clerk, at=BEGIN)
    assert make_review(site, BEGIN).due_at == datetime(2026, 9, 14, 18, 0, tzinfo=SHANGHAI)


def test_a_review_of_many_seats_costs_the_same(site, django_assert_max_num_queries):
    review = make_review(site, BEGIN)
    with django_assert_max_num_queries(9):
        review_record(review, BEGIN)
    many = make_review(site, BEGIN, seats=[Seat(one) for one in (*site.reviewers, site.owner, *site.builders)])
    with django_assert_max_num_queries(9):
        assert len(review_record(many, BEGIN).seats) == 6
