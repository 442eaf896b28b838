from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.rhythm.calc.attendance import Mark, Tally, tally


def test_without_a_mark_an_expected_person_is_absent():
    counted = tally([1, 2, 3], [Mark(1, is_present=True, is_signature=True)], leaves_out_off_shift=False)

    assert counted == Tally(expected=3, present=1, signed=1, on_leave=0, absent=2, guests=0)


def test_ticked_person_is_present_but_did_not_sign_pm15():
    counted = tally([1], [Mark(1, is_present=True)], leaves_out_off_shift=True)

    assert (counted.present, counted.signed) == (1, 0)


def test_guest_raises_neither_expected_nor_present_pm14():
    counted = tally([1], [Mark(9, is_present=True, is_signature=True)], leaves_out_off_shift=False)

    assert counted == Tally(expected=1, present=0, signed=0, on_leave=0, absent=1, guests=1)


def test_off_shift_person_is_left_out_of_a_huddle_and_only_of_a_huddle():
    marks = [Mark(1, is_present=True), Mark(2, is_on_leave=True, is_off_shift=True)]

    assert tally([1, 2], marks, leaves_out_off_shift=True) == Tally(1, 1, 0, 0, 0, 0)
    assert tally([1, 2], marks, leaves_out_off_shift=False) == Tally(2, 1, 0, 1, 0, 0)


def test_other_leave_stays_expected_at_a_huddle():
    assert tally([1], [Mark(1, is_on_leave=True)], leaves_out_off_shift=True) == Tally(1, 0, 0, 1, 0, 0)


marks = st.builds(
    Mark,
    person=st.integers(1, 12),
    is_present=st.booleans(),
    is_signature=st.booleans(),
    is_on_leave=st.booleans(),
    is_off_shift=st.booleans(),
)


@given(st.sets(st.integers(1, 8)), st.lists(marks, unique_by=lambda mark: mark.person), st.booleans())
def test_everybody_expected_is_present_on_leave_or_absent(expected, found, leaves_out):
    counted = tally(expected, found, leaves_out_off_shift=leaves_out)

    assert counted.expected == counted.present + counted.on_leave + counted.absent
    assert counted.signed <= counted.present <= counted.expected <= len(expected)
    assert counted.present + counted.guests == sum(mark.is_present for mark in found)
