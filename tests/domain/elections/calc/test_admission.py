"""Admitting and confirming (PM-12)."""

from __future__ import annotations

import pytest

from ronghe.domain.elections.calc.admission import (
    AdmissionMeeting,
    AdmissionVote,
    MoreVotesThanPresentForOne,
    NotOneByOne,
    VoteNotSecret,
    WrittenByPresent,
    decide_admissions,
)


@pytest.mark.parametrize(
    ("entitled", "present", "yes", "written", "valid", "accepted"),
    [
        (20, 10, 10, 10, False, False),
        (20, 11, 10, 0, True, False),
        (20, 11, 11, 0, True, True),
        (20, 11, 9, 1, True, False),
        (20, 11, 9, 2, True, True),
        (17, 8, 8, 9, False, False),
        (17, 9, 8, 0, True, False),
        (17, 9, 9, 0, True, True),
    ],
)
def test_pm_12_more_than_half_are_there_and_agree_written_opinions_counted(
    entitled, present, yes, written, valid, accepted
):
    [decision] = decide_admissions(
        AdmissionMeeting(entitled, present, is_secret=True), [7], [AdmissionVote(7, yes, written_yes=written)]
    )

    assert (decision.is_valid, decision.is_accepted) == (valid, accepted)


def test_pm_12_an_open_vote_is_refused():
    with pytest.raises(VoteNotSecret, match="PM-12"):
        decide_admissions(AdmissionMeeting(10, 10, is_secret=False), [1], [AdmissionVote(1, 10)])


@pytest.mark.parametrize(
    "votes",
    [[AdmissionVote(1, 9)], [AdmissionVote(1, 9), AdmissionVote(1, 9)], [AdmissionVote(2, 9), AdmissionVote(1, 9)], []],
)
def test_pm_12_two_people_are_voted_on_one_by_one(votes):
    with pytest.raises(NotOneByOne, match="逐个"):
        decide_admissions(AdmissionMeeting(10, 10, is_secret=True), [1, 2], votes)


def test_pm_12_each_of_two_people_has_an_own_result():
    decisions = decide_admissions(
        AdmissionMeeting(10, 10, is_secret=True), [1, 2], [AdmissionVote(1, 6, 4), AdmissionVote(2, 5, 5)]
    )

    assert [(one.applicant, one.is_accepted) for one in decisions] == [(1, True), (2, False)]
    assert [check.rule for check in decisions[0].checks] == ["PM-12", "PM-12"]


def test_pm_12_who_is_there_writes_no_opinion_and_votes_once():
    meeting = AdmissionMeeting(10, 8, is_secret=True)

    with pytest.raises(WrittenByPresent):
        decide_admissions(meeting, [1], [AdmissionVote(1, 8, written_yes=3)])
    with pytest.raises(MoreVotesThanPresentForOne):
        decide_admissions(meeting, [1], [AdmissionVote(1, 8, 1)])
