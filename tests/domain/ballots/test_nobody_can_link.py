"""From the tables nobody works out who voted what: whoever gives which vote, they hold the same."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.domain.ballots.calc import urn
from ronghe.domain.ballots.selectors import result_of
from ronghe.domain.ballots.services.ballots import cast_votes, close_ballot
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.sealed import open_text
from tests.factories.ballots import make_ballot, make_voters

PEOPLE = 5
MORNING = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
papers = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=3, max_size=PEOPLE)


def everything_kept() -> dict[str, list[dict[str, object]]]:
    """Return all rows of the room's tables but the sealed text, which is random; what it holds stands for it."""
    kept: dict[str, list[dict[str, object]]] = {}
    for model in apps.get_app_config("ballots").get_models():
        rows = model._default_manager.order_by("pk").values()
        kept[model.__name__] = [
            {name: open_text(value) if name == "sealed" and value else value for name, value in row.items()}
            for row in rows
        ]
        if model.__name__ == "BallotTally":  # an id of its own is another one in the next round of the test
            kept[model.__name__] = [
                {name: value for name, value in row.items() if name != "id"} for row in kept[model.__name__]
            ]
    return kept


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(votes=papers, data=st.data())
def test_permuting_who_gave_which_vote_leaves_every_row_the_same(votes, data):
    orders = [range(len(votes)), data.draw(st.permutations(range(len(votes))))]
    given_as = [votes, data.draw(st.permutations(votes))]
    with transaction.atomic():
        story = make_voters(PEOPLE)
        ballot = make_ballot(story, MORNING, items=("甲", "乙"))
        first, second = (
            kept_after(story, ballot, assigned, order) for assigned, order in zip(given_as, orders, strict=True)
        )
        transaction.set_rollback(True)

    assert first == second


def kept_after(story, ballot, assigned, order):
    """Return what is kept while the vote runs, what is kept when it is counted, and the facts; then undo it."""
    with transaction.atomic():
        for place in order:
            votes = dict(enumerate(assigned[place], start=1))
            cast_votes(ballot=ballot, votes=votes, actor=story.voters[place], at=MORNING)
        open_rows = everything_kept()
        close_ballot(ballot=ballot, actor=story.secretary, at=MORNING)
        counts = [item.counts for item in result_of(ballot).items]
        assert counts == [
            tuple(sum(1 for vote in assigned if vote[item] == choice) for choice in (1, 2, 3)) for item in (0, 1)
        ]
        facts = [(fact.kind, fact.subject, fact.attributes) for fact in Fact.objects.order_by("pk")]
        counted_rows = everything_kept()
        transaction.set_rollback(True)
    ballot.refresh_from_db()
    return open_rows, counted_rows, facts


@given(votes=st.lists(st.lists(st.integers(1, 4), min_size=3, max_size=3), max_size=40))
def test_the_urn_comes_back_from_its_packing_and_always_adds_up(votes):
    counts = urn.empty(3, 4)
    for vote in votes:
        counts = urn.with_vote(counts, dict(enumerate(vote, start=1)))

    assert urn.unpack(urn.pack(counts), choices=4) == counts
    assert [sum(row) for row in counts] == [len(votes)] * 3
    assert len(urn.pack(counts)) == urn.WIDTH * 12
    assert urn.together(counts, counts) == tuple(tuple(2 * votes for votes in row) for row in counts)
