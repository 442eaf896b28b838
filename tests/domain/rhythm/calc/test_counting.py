"""Votes are counted by the rule of their matter: PM-11, PM-12, and never one by the other (PM-13)."""

from __future__ import annotations

import pytest

from ronghe.domain.elections.calc.admission import VoteNotSecret, WrittenByPresent
from ronghe.domain.elections.calc.figures import Figures
from ronghe.domain.elections.calc.general import MoreVotesThanPresent
from ronghe.domain.rhythm.calc.counting import Electorate, Outcome, Rule, VotesCast, count_votes


def outcome(rule, entitled, present, yes, *, written=0, is_secret=True):
    cast = VotesCast(yes=yes, written_yes=written)
    electorate = Electorate(entitled, present)
    return count_votes(rule, electorate, cast, is_secret=is_secret, figures=Figures()).outcome


@pytest.mark.parametrize("rule", [Rule.GENERAL, Rule.COMMITTEE])
@pytest.mark.parametrize(
    ("present", "yes", "expected"),
    [(4, 4, Outcome.NO_QUORUM), (5, 5, Outcome.NOT_CARRIED), (6, 5, Outcome.NOT_CARRIED), (6, 6, Outcome.CARRIED)],
)
def test_pm_11_half_are_there_and_more_than_half_of_those_entitled_agree(rule, present, yes, expected):
    """Of ten entitled five are enough to vote, and six must agree; PM-02 for a committee."""
    assert outcome(rule, 10, present, yes) == expected


@pytest.mark.parametrize(
    ("present", "yes", "expected"),
    [(5, 5, Outcome.NO_QUORUM), (6, 5, Outcome.NOT_CARRIED), (6, 6, Outcome.CARRIED)],
)
def test_pm_12_more_than_half_are_there_and_more_than_half_of_those_entitled_agree(present, yes, expected):
    assert outcome(Rule.ADMISSION, 10, present, yes) == expected


@pytest.mark.parametrize(("written", "expected"), [(0, Outcome.NOT_CARRIED), (1, Outcome.CARRIED)])
def test_pm_12_written_opinions_of_the_absent_count(written, expected):
    assert outcome(Rule.ADMISSION, 10, 6, 5, written=written) == expected


def test_pm_12_an_admission_is_voted_on_in_secret():
    with pytest.raises(VoteNotSecret):
        outcome(Rule.ADMISSION, 10, 8, 8, is_secret=False)
    with pytest.raises(WrittenByPresent):
        outcome(Rule.ADMISSION, 10, 8, 8, written=3)


def test_pm_13_the_same_meeting_can_vote_on_a_general_matter_and_not_on_an_admission():
    """Exactly half are there: not less than half for PM-11, not more than half for PM-12."""
    assert outcome(Rule.GENERAL, 4, 2, 2) == Outcome.NOT_CARRIED
    assert outcome(Rule.ADMISSION, 4, 2, 2) == Outcome.NO_QUORUM


def test_more_votes_than_people_are_refused():
    with pytest.raises(MoreVotesThanPresent):
        outcome(Rule.GENERAL, 4, 2, 3)
