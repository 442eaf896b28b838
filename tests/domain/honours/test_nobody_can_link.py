"""An attacker with copies of the whole database, and with every result, does not learn who rated or voted what (0012)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import AlreadyVoted, BallotNotOpen, admit_voters, cast_votes, close_ballot
from ronghe.domain.honours.models import BannerRound, HonourCall
from ronghe.domain.honours.services.banner import count_round
from ronghe.domain.honours.services.choosing import count_vote, open_vote
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.attackers import copies_while
from tests.factories.honours import make_field, make_round, make_vetted, rate
from tests.factories.org import make_person

MORNING = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
RATERS = 6
ratings = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=RATERS, max_size=RATERS)
votes_on_three = st.lists(st.tuples(*[st.integers(1, 3)] * 3), min_size=4, max_size=4)


@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(rated=ratings, data=st.data())
def test_the_banner_leaves_the_same_database_whoever_rated_how(rated, data):
    with transaction.atomic():
        found = make_round(make_field(), MORNING)
        people = [row.person for row in found.ballot.voters.select_related("person").order_by("pk")][:RATERS]
        turn = data.draw(st.permutations(people))
        swapped = data.draw(st.permutations(rated))

        def vote(person, choices):
            cast_votes(ballot=found.ballot, votes=dict(enumerate(choices, start=1)), actor=person, at=MORNING)

        def end():
            fresh = BannerRound.objects.get(pk=found.pk)
            count_round(found=fresh, actor=fresh.opened_by, at=MORNING)

        first, second = (
            copies_while(vote, dict(zip(people, votes, strict=True)), turn, end) for votes in (rated, swapped)
        )
        transaction.set_rollback(True)

    assert first == second


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(given_votes=votes_on_three, data=st.data())
def test_a_selection_leaves_the_same_database_whoever_voted_how(given_votes, data):
    with transaction.atomic():
        story = make_field()
        call, _rows = make_vetted(story, MORNING)
        people = [*story.secretaries, make_person("职工代表")]
        open_vote(call=call, voters=people, actor=story.clerk, at=MORNING)
        turn = data.draw(st.permutations(people))
        swapped = data.draw(st.permutations(given_votes))

        def vote(person, choices):
            cast_votes(ballot=call.ballot, votes=dict(enumerate(choices, start=1)), actor=person, at=MORNING)

        def end():
            count_vote(call=HonourCall.objects.get(pk=call.pk), actor=story.clerk, at=MORNING)

        first, second = (
            copies_while(vote, dict(zip(people, votes, strict=True)), turn, end) for votes in (given_votes, swapped)
        )
        transaction.set_rollback(True)

    assert first == second


@pytest.mark.django_db
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(rated=ratings, otherwise=ratings)
def test_before_the_count_the_database_is_the_same_whatever_was_rated(rated, otherwise):
    """Partial results at any moment: there are none. Not even the sums of what was rated so far can be read."""
    with transaction.atomic():
        found = make_round(make_field(), MORNING)
        people = [row.person for row in found.ballot.voters.select_related("person").order_by("pk")][:RATERS]

        def vote(person, choices):
            cast_votes(ballot=found.ballot, votes=dict(enumerate(choices, start=1)), actor=person, at=MORNING)

        first, second = (
            copies_while(vote, dict(zip(people, votes, strict=True)), people, lambda: None)
            for votes in (rated, otherwise)
        )
        transaction.set_rollback(True)

    assert first == second


@pytest.mark.django_db
@pytest.mark.parametrize("knew", [0, 1, 4])
def test_an_office_that_few_rated_is_hidden_on_the_ballot_too(knew, morning):
    """The mean was hidden, but the ballot told how the one who knew the office had rated it."""
    found = make_round(make_field(), morning)
    rate(found, [(1, 5)] * knew + [(2, 6)] * (RATERS - knew), morning)
    count_round(found=found, actor=found.opened_by, at=morning)

    known, hidden = result_of(found.ballot).items
    assert known.counts == (knew, RATERS - knew, 0, 0, 0, 0)
    assert hidden.is_hidden
    assert not hidden_tallies(found.ballot, number=2)
    assert found.offices.get(place=2).rated is None


@pytest.mark.django_db
def test_of_a_counted_round_there_is_no_second_result_to_subtract(morning):
    """A result before and one after one more vote would tell that vote: nobody joins, votes or counts again."""
    found = make_round(make_field(), morning)
    rate(found, [(1, 2)] * 5, morning)
    late = found.ballot.voters.select_related("person").order_by("-pk")[0].person
    count_round(found=found, actor=found.opened_by, at=morning)
    ballot = type(found.ballot).objects.get(pk=found.ballot_id)

    with pytest.raises(BallotNotOpen):
        cast_votes(ballot=ballot, votes={1: 5, 2: 5}, actor=late, at=morning)
    with pytest.raises(BallotNotOpen):
        admit_voters(ballot=ballot, voters=[make_person("后来的人")], actor=found.opened_by, at=morning)
    with pytest.raises(StepNotAllowed):
        close_ballot(ballot=ballot, actor=found.opened_by, at=morning)
    with pytest.raises(StepNotAllowed):
        count_round(found=found, actor=found.opened_by, at=morning)


@pytest.mark.django_db
def test_nobody_rates_twice_and_a_second_vote_changes_nothing(morning):
    found = make_round(make_field(), morning)
    rate(found, [(1, 2)] * 5, morning)
    first = found.ballot.voters.select_related("person").order_by("pk")[0].person
    with pytest.raises(AlreadyVoted):
        cast_votes(ballot=found.ballot, votes={1: 5, 2: 5}, actor=first, at=morning)
    count_round(found=found, actor=found.opened_by, at=morning)
    assert result_of(found.ballot).items[0].counts == (5, 0, 0, 0, 0, 0)


def hidden_tallies(ballot, *, number):
    return ballot.items.get(number=number).tallies.exists()
