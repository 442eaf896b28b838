"""Searching: what is asked is put down, the answer kept, the rules told where there is none."""

from __future__ import annotations

import pytest

from ronghe.domain.regrouping.selectors.proposals import open_proposal
from tests.factories.regrouping import make_area, make_proposal, make_regrouping

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def regrouping(area, morning):
    return make_regrouping(area, morning)


def test_a_proposal_keeps_every_rule_and_all_that_it_used(area, regrouping, morning):
    proposal = make_proposal(regrouping, area, morning)

    opened = open_proposal(proposal)
    assert (proposal.letter, proposal.solving) == ("A", "done")
    assert opened.judgement.broken == ()
    assert len(opened.assignment.areas) == 2
    assert proposal.outcome["objective"] == opened.judgement.objective
    assert proposal.settings["seed"] == 1
    assert {one["name"] for one in proposal.problem["members"]} == {""}
