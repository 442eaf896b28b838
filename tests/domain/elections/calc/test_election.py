"""Elections (PE-09, PE-10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.elections.calc.checks import PresentOverEntitled
from ronghe.domain.elections.calc.composition import committee_size, deputies_at_most
from ronghe.domain.elections.calc.election import (
    BallotsDoNotAddUp,
    CandidateVotes,
    ElectionRound,
    MoreIssuedThanPresent,
    MoreMarksThanPlaces,
    MoreReturnedThanIssued,
    MoreVotesThanBallots,
    candidates_needed,
    decide_election,
)
from ronghe.domain.elections.calc.figures import Figures, UnknownFigure


def held(votes, *, seats=1, entitled=20, present=20, **changes) -> ElectionRound:
    cast = tuple(CandidateVotes(number, count) for number, count in enumerate(votes, start=1))
    whole = {"issued": present, "returned": present, "valid": present, "invalid": 0, **changes}
    return ElectionRound(seats, entitled, present, votes=cast, **whole)


@pytest.mark.parametrize(
    ("entitled", "present", "valid"), [(20, 15, False), (20, 16, True), (17, 13, False), (17, 14, True)]
)
def test_pe_09_four_fifths_have_to_be_there(entitled, present, valid):
    outcome = decide_election(held([present], entitled=entitled, present=present))

    assert (outcome.is_valid, outcome.elected) == (valid, (1,) if valid else ())


@pytest.mark.parametrize(("present", "valid"), [(16, False), (17, True)])
def test_pe_09_a_unit_may_ask_for_more_than_four_fifths(present, valid):
    strict = Figures().changed({"quorum_is_strict": "true"})

    assert decide_election(held([present], present=present), strict).is_valid == valid


@pytest.mark.parametrize(
    ("present", "votes", "elected"),
    [(20, 10, ()), (20, 11, (1,)), (17, 8, ()), (17, 9, (1,)), (16, 8, ()), (16, 9, (1,))],
)
def test_pe_10_more_than_half_of_those_actually_present(present, votes, elected):
    """Counted from those present, not from those entitled and not from the ballots that came back."""
    outcome = decide_election(held([votes], present=present, returned=present - 1, valid=present - 2, invalid=1))

    assert (outcome.elected, outcome.open_seats) == (elected, 1 - len(elected))


def test_pe_10_more_over_half_than_places_by_votes():
    outcome = decide_election(held([11, 15, 13, 12], seats=3))

    assert (outcome.elected, outcome.tied, outcome.open_seats) == ((2, 3, 4), (), 0)


def test_pe_10_equal_votes_for_the_last_place_are_voted_on_again():
    outcome = decide_election(held([15, 12, 12, 1], seats=2))

    assert (outcome.elected, outcome.tied, outcome.tied_seats, outcome.open_seats) == ((1,), (2, 3), 1, 0)


def test_pe_10_equal_votes_that_all_have_a_place_are_elected():
    assert decide_election(held([15, 12, 12], seats=3)).elected == (1, 2, 3)


def test_pe_10_the_second_vote_between_equals_is_decided_by_votes():
    again = replace(held([8, 9], seats=1), is_tie=True)

    assert decide_election(again).elected == (2,)
    assert decide_election(replace(held([9, 9]), is_tie=True)).tied == (1, 2)


def test_pe_10_fewer_over_half_than_places_leave_places_open():
    outcome = decide_election(held([15, 10, 9], seats=3))

    assert (outcome.elected, outcome.open_seats) == ((1,), 2)


@pytest.mark.parametrize(("seats", "need"), [(1, 2), (3, 4), (5, 6), (6, 8), (7, 9), (10, 12)])
def test_pe_10_a_fifth_more_candidates_than_places(seats, need):
    assert candidates_needed(seats) == need


@pytest.mark.parametrize(
    ("figures", "refusal"),
    [
        ({"entitled": 19}, PresentOverEntitled),
        ({"issued": 21}, MoreIssuedThanPresent),
        ({"returned": 21}, MoreReturnedThanIssued),
        ({"valid": 18, "invalid": 1}, BallotsDoNotAddUp),
        ({"valid": 10, "invalid": 10}, MoreVotesThanBallots),
        ({"others": 10}, MoreMarksThanPlaces),
    ],
)
def test_pe_10_ballots_that_cannot_be_are_refused(figures, refusal):
    with pytest.raises(refusal) as refused:
        decide_election(held([11], **figures))

    assert "PE-" in str(refused.value)


def test_pe_10_the_explanation_names_figures_and_rule():
    outcome = decide_election(held([11, 9], seats=2))

    assert str(outcome.quorum) == "有选举权的应到 20 人，实到 20 人，须不少于 16 人（PE-09）"
    assert [str(line) for _candidate, line in outcome.lines] == [
        "得赞成票 11 票，须不少于 11 票（超过实到会 20 人的半数，PE-10）",
        "得赞成票 9 票，须不少于 11 票（超过实到会 20 人的半数，PE-10）",
    ]


@given(votes=st.lists(st.integers(0, 40), min_size=1, max_size=9), seats=st.integers(1, 9), is_tie=st.booleans())
def test_places_are_never_given_twice_and_never_to_fewer_votes(votes, seats, is_tie):
    outcome = decide_election(replace(held(votes, seats=seats, entitled=400, present=400), is_tie=is_tie))

    won = {candidate: votes[candidate - 1] for candidate in outcome.elected}
    assert len(won) + outcome.tied_seats + outcome.open_seats == seats
    assert len(outcome.tied) > outcome.tied_seats or not outcome.tied
    lost = [count for number, count in enumerate(votes, 1) if number not in won]
    assert not won or not lost or min(won.values()) >= max(lost) or outcome.open_seats == 0
    if not is_tie:
        assert all(2 * count > 400 for count in won.values())


@pytest.mark.parametrize(
    ("wanted", "wrong"), [({"nothing": "1"}, "nothing"), ({"quorum": "9/0"}, "quorum"), ({"quorum": "3/2"}, "quorum"),
                          ({"quorum_is_strict": "yes"}, "quorum_is_strict"), ({"congress_from": "-1"}, "congress_from")],
)  # fmt: skip
def test_a_figure_that_does_not_exist_or_cannot_be_is_named(wanted, wrong):
    with pytest.raises(UnknownFigure, match=wrong):
        Figures().changed(wanted)


@pytest.mark.parametrize(
    ("kind", "formal", "size"),
    [("branch", 6, None), ("branch", 7, (3, 7)), ("joint_branch", 7, (3, 7)), ("general_branch", 60, (5, 9)),
     ("committee", 300, (5, 11))],
)  # fmt: skip
def test_pe_01_pe_02_pe_03_committees_by_kind_and_full_members(kind, formal, size):
    found = committee_size(kind, formal, Figures())

    assert (found and (found.least, found.most)) == size
    assert deputies_at_most(kind) == (1 if "branch" in kind and kind != "general_branch" else 2)
