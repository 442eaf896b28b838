"""Two at once, on a database that really commits."""

from __future__ import annotations

import pytest

from ronghe.domain.elections.models import Election, Term
from ronghe.domain.elections.services.preparing import ElectionUnderWay
from ronghe.domain.elections.services.results import file_result
from ronghe.domain.org.models import Person, PostHolding
from ronghe.kernel.errors import DomainError, Stale
from ronghe.kernel.facts.models import Fact
from tests.domain.rhythm.test_races import all_at_once
from tests.factories.elections import make_branch, make_election, make_term, reported_election

pytestmark = pytest.mark.usefixtures("committing_db")


def test_of_two_who_file_the_same_result_one_wins_and_the_other_is_told(morning):
    branch = make_branch()
    make_term(branch, morning)
    reported_election(branch, morning)
    copies = [(Election.objects.select_related("body").get(), Person.objects.get(pk=branch.clerk.pk)) for _ in range(2)]

    results = all_at_once(
        [
            lambda e=copy, a=actor: file_result(election=e, filing_ref="备", actor=a, at=morning)
            for copy, actor in copies
        ]
    )

    refused = [result for result in results if isinstance(result, DomainError)]
    assert [type(error) for error in refused] == [Stale]
    assert Term.objects.filter(ended_on=None).count() == 1
    assert PostHolding.objects.filter(source="elected", valid_until=None).count() == 3
    assert Fact.objects.filter(kind="elections.result_filed").count() == 1


def test_of_two_who_start_an_election_one_wins(morning):
    branch = make_branch()

    results = all_at_once([lambda: make_election(branch, morning) for _ in range(2)])

    refused = [result for result in results if isinstance(result, DomainError)]
    assert [type(error) for error in refused] == [ElectionUnderWay]
    assert Election.objects.count() == 1
