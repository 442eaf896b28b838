"""Which pieces of evidence a record lacks."""

from __future__ import annotations

import pytest

from ronghe.domain.rhythm.calc.pieces import TITLES, Gathered, Piece, missing_pieces

WHOLE = Gathered(
    present=3, signed=2, written=2, decisions=1, votes=1, pictures=1, papers=1, checks=4, answered=4,
    has_next_step=True,
)  # fmt: skip


def test_nothing_required_is_nothing_missing():
    assert missing_pieces([], Gathered(), is_study=False) == []


def test_everything_required_and_there():
    assert missing_pieces([piece.value for piece in Piece], WHOLE, is_study=True) == []


@pytest.mark.parametrize("piece", [piece for piece in Piece if piece is not Piece.NEXT_STEP])
def test_each_piece_is_missing_where_nothing_was_gathered(piece):
    assert missing_pieces([piece.value], Gathered(checks=1), is_study=False) == [piece]


def test_a_study_always_closes_with_what_will_be_done():
    assert missing_pieces([], Gathered(), is_study=True) == [Piece.NEXT_STEP]


@pytest.mark.parametrize(("answered", "missing"), [(3, [Piece.CHECKLIST]), (4, [])])
def test_a_checklist_wants_every_line_answered(answered, missing):
    gathered = Gathered(checks=4, answered=answered, written=2)
    assert missing_pieces(["checklist"], gathered, is_study=False) == missing


def test_a_checklist_that_no_form_writes_out_is_what_was_written():
    assert missing_pieces(["checklist"], Gathered(written=1), is_study=False) == []


def test_missing_pieces_come_in_one_order_and_have_names():
    assert missing_pieces(["photos", "sign_in"], Gathered(), is_study=True) == [
        Piece.SIGN_IN, Piece.PHOTOS, Piece.NEXT_STEP,
    ]  # fmt: skip
    assert set(TITLES) == set(Piece)


@pytest.mark.parametrize(("is_check", "answered", "missing"), [
    (True, 4, []), (True, 3, [Piece.MINUTES]), (False, 4, [Piece.MINUTES]),
])  # fmt: skip
def test_pm_14_minutes_are_of_meetings_and_the_answered_form_is_the_record_of_a_check(is_check, answered, missing):
    gathered = Gathered(present=1, checks=4, answered=answered, is_check=is_check)
    assert missing_pieces(["minutes"], gathered, is_study=False) == missing


def test_a_check_without_lines_still_wants_something_written():
    assert missing_pieces(["minutes"], Gathered(is_check=True), is_study=False) == [Piece.MINUTES]
