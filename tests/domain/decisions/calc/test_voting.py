"""PM-11, PM-13: how a leading body's matters are counted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.decisions.calc.voting import Floor, Verdict, VotingRule, count_matter
from ronghe.domain.elections.calc.checks import PresentOverEntitled
from ronghe.domain.elections.calc.general import GeneralMatter, MoreVotesThanPresent, decide_general

TWO_THIRDS = VotingRule(quorum=Fraction(2, 3))


@pytest.mark.parametrize(
    ("present", "yes", "verdict"),
    [(4, 4, Verdict.NO_QUORUM), (5, 5, Verdict.NOT_CARRIED), (5, 4, Verdict.NOT_CARRIED), (6, 6, Verdict.CARRIED),
     (6, 5, Verdict.NOT_CARRIED)],
)  # fmt: skip
def test_pm_11_half_there_and_more_than_half_of_those_entitled_agree(present, yes, verdict):
    assert count_matter(Floor(10, 0, present), VotingRule(), yes=yes, no=0, abstained=0).verdict is verdict


@pytest.mark.parametrize(("present", "verdict"), [(5, Verdict.NO_QUORUM), (6, Verdict.CARRIED), (7, Verdict.CARRIED)])
def test_pm_11_a_list_may_ask_for_two_thirds_of_those_entitled(present, verdict):
    assert count_matter(Floor(9, 0, present), TWO_THIRDS, yes=5, no=0, abstained=0).verdict is verdict


@pytest.mark.parametrize(("yes", "verdict"), [(5, Verdict.NOT_CARRIED), (6, Verdict.CARRIED)])
def test_pm_11_a_majority_of_two_thirds_is_enough_when_it_is_reached(yes, verdict):
    rule = VotingRule(majority=Fraction(2, 3))
    assert count_matter(Floor(9, 0, 9), rule, yes=yes, no=0, abstained=0).verdict is verdict


def test_pm_11_a_majority_of_those_present_is_counted_of_them():
    of_present = VotingRule(is_of_present=True)
    assert count_matter(Floor(9, 0, 5), of_present, yes=3, no=2, abstained=0).verdict is Verdict.CARRIED
    assert count_matter(Floor(9, 0, 5), VotingRule(), yes=3, no=2, abstained=0).verdict is Verdict.NOT_CARRIED


def test_pm_11_whoever_is_concerned_is_counted_nowhere():
    with_him = count_matter(Floor(5, 0, 4), TWO_THIRDS, yes=2, no=0, abstained=2)
    without = count_matter(Floor(5, 2, 3), TWO_THIRDS, yes=2, no=0, abstained=1)
    assert (with_him.verdict, without.verdict) == (Verdict.NOT_CARRIED, Verdict.CARRIED)


def test_a_matter_that_concerns_everybody_cannot_be_voted_on():
    assert count_matter(Floor(3, 3, 0), VotingRule(), yes=0, no=0, abstained=0).verdict is Verdict.NO_QUORUM


def test_pm_13_impossible_counts_are_refused():
    with pytest.raises(PresentOverEntitled):
        count_matter(Floor(5, 2, 4), VotingRule(), yes=0, no=0, abstained=0)
    with pytest.raises(MoreVotesThanPresent):
        count_matter(Floor(5, 0, 4), VotingRule(), yes=3, no=1, abstained=1)


@given(st.integers(1, 60), st.data())
def test_pm_11_without_rules_of_its_own_a_body_counts_as_every_general_matter_is_counted(members, data):
    present = data.draw(st.integers(0, members))
    yes = data.draw(st.integers(0, present))

    mine = count_matter(Floor(members, 0, present), VotingRule(), yes=yes, no=present - yes, abstained=0)
    general = decide_general(GeneralMatter(members, present, yes, present - yes))

    assert (mine.verdict is Verdict.CARRIED) == general.is_carried
    assert (mine.verdict is not Verdict.NO_QUORUM) == general.is_valid


@given(st.integers(1, 30), st.integers(0, 30), st.data())
def test_one_more_vote_in_favour_never_loses_a_matter(members, avoided, data):
    avoided = min(avoided, members)
    present = data.draw(st.integers(0, members - avoided))
    yes = data.draw(st.integers(0, max(0, present - 1)))
    rule = VotingRule(Fraction(data.draw(st.sampled_from(["1/2", "2/3"]))), Fraction(1, 2), data.draw(st.booleans()))
    before = count_matter(Floor(members, avoided, present), rule, yes=yes, no=0, abstained=0).verdict
    if present > yes:
        after = count_matter(Floor(members, avoided, present), rule, yes=yes + 1, no=0, abstained=0).verdict
        assert (before, after) != (Verdict.CARRIED, Verdict.NOT_CARRIED)
