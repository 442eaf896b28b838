"""General matters (PM-11), apart from the other two ways of counting (PM-13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.elections.calc.admission import AdmissionMeeting, AdmissionVote, decide_admissions
from ronghe.domain.elections.calc.checks import CountNegative, PresentOverEntitled
from ronghe.domain.elections.calc.election import CandidateVotes, ElectionRound, decide_election
from ronghe.domain.elections.calc.figures import Figures
from ronghe.domain.elections.calc.general import GeneralMatter, MoreVotesThanPresent, decide_general


@pytest.mark.parametrize(
    ("entitled", "present", "yes", "valid", "carried"),
    [
        (20, 9, 9, False, False),
        (20, 10, 10, True, False),
        (20, 11, 11, True, True),
        (20, 20, 10, True, False),
        (20, 20, 11, True, True),
        (17, 8, 8, False, False),
        (17, 9, 9, True, True),
        (17, 9, 8, True, False),
    ],
)
def test_pm_11_half_are_there_and_more_than_half_of_those_entitled_agree(entitled, present, yes, valid, carried):
    decision = decide_general(GeneralMatter(entitled, present, yes))

    assert (decision.is_valid, decision.is_carried) == (valid, carried)


def test_pm_11_the_explanation_names_figures_and_rule():
    decision = decide_general(GeneralMatter(17, 9, 8, no=1))

    assert [str(check) for check in decision.checks] == [
        "应到 17 人，实到 9 人，须不少于 9 人（半数以上到会，PM-11）",
        "赞成 8 票，须不少于 9 票（超过应到会 17 人的半数，PM-11）",
    ]
    assert [(check.rule, check.is_met) for check in decision.checks] == [("PM-11", True), ("PM-11", False)]


@pytest.mark.parametrize(
    ("matter", "refusal"),
    [
        (GeneralMatter(10, 11, 0), PresentOverEntitled),
        (GeneralMatter(10, 9, 5, 4, 1), MoreVotesThanPresent),
        (GeneralMatter(10, 9, -1), CountNegative),
    ],
)
def test_pm_11_figures_that_cannot_be_are_refused(matter, refusal):
    with pytest.raises(refusal):
        decide_general(matter)


def test_pm_13_the_three_ways_of_counting_take_nothing_of_each_other():
    """The same turnout and the same votes: carried as a matter is not accepted as an applicant is not elected."""
    matter, meeting = GeneralMatter(10, 5, 5), AdmissionMeeting(10, 5, is_secret=True)
    held = ElectionRound(1, 10, 5, 5, 5, 5, 0, (CandidateVotes(1, 5),))

    assert decide_general(matter).is_valid
    assert not decide_admissions(meeting, [1], [AdmissionVote(1, 5)])[0].is_valid
    assert not decide_election(held).is_valid
    for decide, wrong in ((decide_general, held), (decide_general, meeting), (decide_election, matter)):
        with pytest.raises(AttributeError):
            decide(wrong)
    with pytest.raises(AttributeError):
        decide_admissions(matter, [1], [AdmissionVote(1, 5)])


@given(entitled=st.integers(1, 400), share=st.data())
def test_pm_11_what_is_carried_had_more_than_half_whatever_the_size(entitled, share):
    present = share.draw(st.integers(0, entitled))
    yes = share.draw(st.integers(0, present))

    decision = decide_general(GeneralMatter(entitled, present, yes))

    assert decision.is_carried == (2 * present >= entitled and 2 * yes > entitled)


def test_figures_can_be_changed_by_the_unit():
    two_thirds = Figures().changed({"general_win": "2/3"})

    assert not decide_general(GeneralMatter(9, 9, 6), two_thirds).is_carried
    assert decide_general(GeneralMatter(9, 9, 7), two_thirds).is_carried
