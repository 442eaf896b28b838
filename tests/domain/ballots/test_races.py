"""Two at once, on a database that really commits."""

from __future__ import annotations

import pytest

from ronghe.domain.ballots.models import Ballot
from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import AlreadyVoted, BallotNotOpen, cast_votes, close_ballot
from ronghe.kernel.errors import DomainError
from tests.domain.rhythm.test_races import all_at_once
from tests.factories.ballots import make_ballot, make_voters, vote_all

pytestmark = pytest.mark.usefixtures("committing_db")


def test_ten_votes_of_one_person_are_one(morning):
    story = make_voters(3)
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[1:], [2, 2], morning)

    results = all_at_once(
        [lambda: cast_votes(ballot=ballot, votes={1: 1}, actor=story.voters[0], at=morning) for _ in range(10)]
    )

    assert [type(result) for result in results if isinstance(result, DomainError)] == [AlreadyVoted] * 9
    close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    assert result_of(ballot).items[0].counts == (1, 2, 0)


def test_votes_given_at_once_are_all_counted(morning):
    story = make_voters(8)
    ballot = make_ballot(story, morning)

    all_at_once(
        [lambda p=person: cast_votes(ballot=ballot, votes={1: 1}, actor=p, at=morning) for person in story.voters]
    )

    close_ballot(ballot=ballot, actor=story.secretary, at=morning)
    assert result_of(ballot).items[0].counts == (8, 0, 0)


def test_a_vote_that_meets_the_counting_is_counted_or_refused_and_never_lost(morning):
    story = make_voters(8)
    ballot = make_ballot(story, morning)
    vote_all(ballot, story.voters[:3], [1] * 3, morning)
    acts = [
        lambda p=person: cast_votes(ballot=ballot, votes={1: 1}, actor=p, at=morning) for person in story.voters[3:]
    ]
    acts.insert(2, lambda: close_ballot(ballot=Ballot.objects.get(), actor=story.secretary, at=morning))

    results = all_at_once(acts)

    refused = [result for result in results if isinstance(result, DomainError)]
    assert all(isinstance(result, BallotNotOpen) for result in refused)
    assert result_of(Ballot.objects.get()).items[0].counts == (8 - len(refused), 0, 0)
