"""流动红旗: rated in secret by those whom the offices serve; the best holds it, and it moves (PP-07)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ronghe.domain.ballots.enums import VoterWay
from ronghe.domain.ballots.services.ballots import AlreadyVoted, NotOnTheList, VotesIncomplete
from ronghe.domain.honours.enums import RoundState
from ronghe.domain.honours.models import BannerRound
from ronghe.domain.honours.selectors.banner import (
    hanging_now,
    list_rounds,
    offices_of,
    rating_progress,
    rounds_to_rate,
    trend_of,
    waits_for,
)
from ronghe.domain.honours.services.banner import (
    NotAmongEquals,
    OfficeOutside,
    OwnOffice,
    RoundReasonMissing,
    RoundThere,
    RoundUnfit,
    TooFewRaters,
    call_off_round,
    count_round,
    rate_offices,
    settle_tie,
)
from ronghe.domain.honours.services.choosing import CountedByAnother
from ronghe.domain.org.enums import PostRole
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.honours import make_field, make_round, rate
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return make_field()


def test_those_whom_they_serve_rate_and_nobody_of_an_office(story, morning):
    found = make_round(story, morning)
    raters = {row.person for row in found.ballot.voters.select_related("person")}
    assert story.members[2] in raters
    assert not raters & {*story.members[:2], *story.secretaries[:2]}
    assert rating_progress(found).voters == len(raters)


def test_those_who_speak_for_them_may_be_asked_alone(story, morning):
    with pytest.raises(TooFewRaters):
        make_round(story, morning, everybody=False)
    for number in range(5):
        branch = make_body(f"作业区{number}党支部", parent=story.committee)
        make_post(make_person(f"组长{number}", home=branch), PostRole.GROUP_LEADER, body=branch)
    found = make_round(story, morning, everybody=False)
    raters = {row.person.name for row in found.ballot.voters.select_related("person")}
    assert raters == {story.secretaries[2].name, *(f"组长{number}" for number in range(5))}


@pytest.mark.parametrize("changes", [{"quarter": 5}, {"quarter": 0}, {"year": 2028}, {"least_votes": 2}])
def test_a_round_that_does_not_hold_together_is_refused(story, morning, changes):
    with pytest.raises(RoundUnfit):
        make_round(story, morning, **changes)


def test_offices_stand_right_below_and_are_two_or_more(story, morning):
    with pytest.raises(RoundUnfit):
        make_round(story, morning, offices=story.branches[:1] * 2)
    with pytest.raises(OfficeOutside):
        make_round(story, morning, offices=[story.branches[0], make_body("外单位机关")])
    make_round(story, morning)
    with pytest.raises(RoundThere):
        make_round(story, morning)


def test_the_highest_mean_takes_the_banner_and_the_next_quarter_moves_it(story, morning):
    first = make_round(story, morning)
    rate(first, [(2, 1)] * 5, morning)
    with pytest.raises(CountedByAnother):
        count_round(found=first, actor=story.field.secretary, at=morning)
    with pytest.raises(NotAllowed):
        count_round(found=first, actor=story.secretaries[0], at=morning)
    count_round(found=first, actor=story.clerk, at=morning)
    assert (first.state, first.winner.body) == (RoundState.AWARDED, story.branches[1])
    assert [office.mean for office in offices_of(first)] == [Decimal("5.0000"), Decimal("4.0000")]
    second = make_round(story, morning, quarter=4)
    rate(second, [(1, 2)] * 5, morning)
    count_round(found=second, actor=story.clerk, at=morning)
    assert [one.round.winner.body for one in hanging_now(story.members[0], morning)] == [story.branches[0]]
    assert len(list_rounds(story.members[0], morning)) == 2
    given = Fact.objects.filter(kind="honours.banner_awarded").order_by("pk")
    assert [fact.body for fact in given] == [story.branches[1].pk, story.branches[0].pk]


def test_few_votes_are_not_kept_and_the_banner_stays(story, morning):
    found = make_round(story, morning)
    rate(found, [(1, 5)] * 4, morning)
    count_round(found=found, actor=story.clerk, at=morning)
    assert (found.state, found.cast) == (RoundState.NO_RESULT, None)
    assert {office.mean for office in offices_of(found)} == {None}
    with pytest.raises(StepNotAllowed):
        count_round(found=found, actor=story.clerk, at=morning)


def test_an_office_that_few_know_is_not_ranked(story, morning):
    found = make_round(story, morning)
    rate(found, [(3, 1)] * 4 + [(3, 6)], morning)
    count_round(found=found, actor=story.clerk, at=morning)
    assert found.winner.body == story.branches[0]
    assert [(row.body, row.rated) for row in offices_of(found)] == [(story.branches[0], 5), (story.branches[1], None)]


def test_equals_are_settled_with_a_reason_by_somebody_of_neither(story, morning):
    found = make_round(story, morning)
    rate(found, [(1, 1)] * 5, morning)
    count_round(found=found, actor=story.clerk, at=morning)
    assert found.state == RoundState.TIED
    winner = found.offices.order_by("place")[0]
    with pytest.raises(NotAmongEquals):
        settle_tie(found=found, winner=winner, reason=" ", actor=story.clerk, at=morning)
    make_post(story.members[1], PostRole.COMMITTEE_CLERK, body=story.committee)
    with pytest.raises(OwnOffice):
        settle_tie(found=found, winner=winner, reason="我们好", actor=story.members[1], at=morning)
    settle_tie(found=found, winner=winner, reason="上季度帮扶更多", actor=story.clerk, at=morning)
    assert BannerRound.objects.get().winner == winner


def test_a_round_is_called_off_and_the_quarter_rated_anew(story, morning):
    found = make_round(story, morning)
    with pytest.raises(RoundReasonMissing):
        call_off_round(found=found, reason="", actor=story.clerk, at=morning)
    call_off_round(found=found, reason="名单错了", actor=story.clerk, at=morning)
    assert make_round(story, morning).state == RoundState.RATING
    with pytest.raises(StepNotAllowed):
        call_off_round(found=found, reason="又取消", actor=story.clerk, at=morning)


def test_everybody_rates_all_offices_at_once_and_once(story, morning):
    found, person = make_round(story, morning), story.members[2]
    assert list(rounds_to_rate(person, morning)) == [found]
    assert not waits_for(found, story.members[0])
    for ratings in ({1: 5}, {1: 5, 2: 6}, {1: 0, 2: 1}, {1: 5, 2: None, 3: 1}):
        with pytest.raises(VotesIncomplete):
            rate_offices(found=found, ratings=ratings, actor=person, at=morning)
    rate_offices(found=found, ratings={1: 5, 2: None}, actor=person, at=morning)
    assert not waits_for(found, person)
    assert not rounds_to_rate(person, morning)
    assert found.ballot.voters.get(person=person).way == VoterWay.PHONE
    with pytest.raises(AlreadyVoted):
        rate_offices(found=found, ratings={1: 1, 2: 1}, actor=person, at=morning)
    with pytest.raises(NotOnTheList):
        rate_offices(found=found, ratings={1: 1, 2: 1}, actor=story.members[0], at=morning)


def test_ratings_are_five_to_one_and_unknown_counts_nowhere(story, morning):
    found = make_round(story, morning)
    people = [row.person for row in found.ballot.voters.select_related("person").order_by("pk")][:6]
    for person, first in zip(people, (5, 4, 3, 2, 1, None), strict=True):
        rate_offices(found=found, ratings={1: first, 2: 1}, actor=person, at=morning)
    count_round(found=found, actor=story.clerk, at=morning)
    assert [(row.rated, row.mean) for row in offices_of(found)] == [(5, Decimal(3)), (6, Decimal(1))]


def test_who_holds_it_how_long_and_how_the_offices_were_rated_quarter_by_quarter(story, morning):
    for quarter, choices in ((1, (2, 1)), (2, (1, 2)), (3, (1, 3))):
        found = make_round(story, morning, quarter=quarter)
        rate(found, [choices] * 5, morning.replace(month=quarter))
        count_round(found=found, actor=story.clerk, at=morning.replace(month=quarter))
    (hanging,) = hanging_now(story.members[0], morning)
    assert (hanging.round, hanging.since, hanging.times) == (found, morning.replace(month=2), 2)
    trend = trend_of(story.committee)
    assert [row.quarter for row in trend.rounds] == [1, 2, 3]
    means = dict(trend.lines)
    assert means[story.branches[0].name] == (Decimal(4), Decimal(5), Decimal(5))
    assert means[story.branches[1].name] == (Decimal(5), Decimal(4), Decimal(3))


def test_a_quarter_of_which_few_rated_stands_in_the_trend_without_a_mean(story, morning):
    found = make_round(story, morning)
    rate(found, [(1, 1)] * 4, morning)
    count_round(found=found, actor=story.clerk, at=morning)
    assert {means for _name, means in trend_of(story.committee).lines} == {(None,)}


def test_how_many_an_office_needs_is_said_by_the_playbook_where_nobody_says_it(story, morning):
    found = make_round(story, morning, least_votes=None)
    assert (found.least_votes, found.ballot.least_shown) == (5, 5)
