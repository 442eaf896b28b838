from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from ronghe.domain.exchange.enums import LectureState, SessionState
from ronghe.domain.exchange.selectors.lectures import (
    lecture_view,
    lectures_to_rate,
    list_lectures,
    means_by_lecture,
    record_of,
)
from ronghe.domain.exchange.services import lectures as services
from ronghe.domain.exchange.services.planning import LectureTakenBack
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.exchange import make_force_story, make_given, make_lecture, make_session
from tests.factories.org import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_force_story(at=morning)


@pytest.fixture
def lecture(story, morning):
    return make_lecture(story, morning)


def test_an_offer_is_seen_in_the_whole_circle_of_the_committee(lecture, story, morning):
    for person in (story.members[0], story.members[1], story.guide, story.clerk):
        assert [row.pk for row in list_lectures(person, morning)] == [lecture.pk]
    assert not list_lectures(story.outsider, morning).rows


def test_one_offers_for_oneself_or_ones_own_branch(story, morning):
    make_lecture(story, morning, actor=story.secretary)
    with pytest.raises(NotAllowed):
        make_lecture(story, morning, actor=story.members[1])


@pytest.mark.parametrize(("minutes", "fits"), [(4, False), (5, True), (480, True), (481, False)])
def test_a_lecture_has_a_length(story, morning, minutes, fits):
    if fits:
        make_lecture(story, morning, minutes=minutes)
    else:
        with pytest.raises(services.LectureShapeless):
            make_lecture(story, morning, minutes=minutes)


def test_somebody_without_a_body_is_told_what_to_do(story, morning):
    nobody = make_person("谁也不是", status=PoliticalStatus.MASSES)
    with pytest.raises(services.LecturerWithoutBody):
        make_lecture(story, morning, lecturer=nobody)


def test_wishes_are_counted_and_named_from_three_on(lecture, story, morning):
    fans = [story.members[1], story.members[2], story.leader]
    for number, person in enumerate(fans, start=1):
        assert services.want_lecture(lecture=lecture, is_wanted=True, actor=person, at=morning) == number
        shown = lecture_view(lecture, story.clerk, morning)
        assert (shown.wanted, len(shown.wishers)) == (number, number if number > 2 else 0)
    services.want_lecture(lecture=lecture, is_wanted=True, actor=fans[0], at=morning)
    assert services.want_lecture(lecture=lecture, is_wanted=False, actor=fans[0], at=morning) == 2
    assert {fact.recorded_by for fact in Fact.objects.filter(kind="exchange.lecture_wanted")} == {None}
    with pytest.raises(services.OwnLecture):
        services.want_lecture(lecture=lecture, is_wanted=True, actor=lecture.lecturer, at=morning)


def test_a_withdrawn_lecture_is_off_the_wall(lecture, story, morning):
    services.withdraw_lecture(lecture=lecture, actor=lecture.lecturer, at=morning)
    assert not list_lectures(story.clerk, morning).rows
    with pytest.raises(services.LectureNotOffered):
        services.want_lecture(lecture=lecture, is_wanted=True, actor=story.leader, at=morning)
    with pytest.raises(LectureTakenBack):
        make_session(lecture, story, morning)
    services.offer_again(lecture=lecture, actor=lecture.lecturer, at=morning)
    assert lecture.state == LectureState.OFFERED


def test_who_listened_is_counted_without_the_lecturer(lecture, story, morning):
    session = make_given(lecture, story, morning, listeners=[story.members[2], story.leader])
    assert (session.state, session.listeners) == (SessionState.GIVEN, 2)
    assert record_of(lecture.lecturer).people == 2
    fact = Fact.objects.get(kind="exchange.lecture_given")
    assert (fact.subject, fact.values["listeners"]) == (lecture.lecturer.token, 2)


def test_a_lecture_that_is_called_off_was_not_given(lecture, story, morning):
    session = make_session(lecture, story, morning)
    call_off_activity(activity=session.activity, reason="停电", actor=story.secretary, at=morning)
    session.refresh_from_db()
    assert session.state == SessionState.CALLED_OFF


def rate(session, person, at, usefulness=5, clarity=4, word=""):
    return services.rate_session(
        session=session, usefulness=usefulness, clarity=clarity, word=word, actor=person, at=at
    )


def test_ratings_show_from_three_on_and_name_nobody(lecture, story, morning):
    listeners = [story.members[2], story.leader, story.secretary]
    session = make_given(lecture, story, morning, listeners=listeners)
    for number, person in enumerate(listeners, start=1):
        assert lectures_to_rate(person, morning).filter(pk=session.pk).exists()
        rate(session, person, morning, usefulness=6 - number, word=f"词{number}")
        shown = lecture_view(lecture, lecture.lecturer, morning).sessions[0]
        assert shown.means.is_shown == (number > 2)
        assert len(shown.words) == (3 if number > 2 else 0)
    assert shown.means.usefulness == Decimal("4.00")
    assert means_by_lecture([lecture])[lecture.pk].clarity == Decimal("4.00")
    assert {fact.recorded_by for fact in Fact.objects.filter(kind="exchange.lecture_rated")} == {None}
    assert not lectures_to_rate(listeners[0], morning).exists()


def test_only_who_came_rates_and_nobody_the_own_lecture(lecture, story, morning):
    session = make_given(lecture, story, morning, listeners=[story.leader])
    with pytest.raises(NotAllowed):
        rate(session, story.guide, morning)
    with pytest.raises(services.OwnLecture):
        rate(session, lecture.lecturer, morning)
    for mark in (0, 6):
        with pytest.raises(services.RatingOutside):
            rate(session, story.leader, morning, usefulness=mark)


def test_a_rating_is_changed_within_a_week_and_not_later(lecture, story, morning):
    session = make_given(lecture, story, morning, listeners=[story.leader])
    rate(session, story.leader, morning)
    week = timedelta(days=7)
    assert rate(session, story.leader, morning + week, usefulness=2).usefulness == 2
    with pytest.raises(services.RatingFixed):
        rate(session, story.leader, morning + week + timedelta(seconds=1))
    assert session.ratings.count() == 1
