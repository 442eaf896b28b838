from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.org.calc.roster.identity import (
    birth_of,
    check_sign,
    gender_of,
    has_right_check,
    is_truncated,
    masked,
    number_of,
)

DIGITS = st.text("0123456789", min_size=17, max_size=17)


def test_check_sign_of_the_standard_s_own_example_id_01():
    """GB 11643 prints 11010519491231002X."""
    assert check_sign("11010519491231002") == "X"
    assert has_right_check("11010519491231002X")


@given(DIGITS, st.integers(0, 16), st.integers(1, 9))
def test_one_changed_digit_never_passes_id_01(digits, at, by):
    changed = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]

    assert not has_right_check(changed + check_sign(digits))


@given(DIGITS, st.integers(0, 15))
def test_two_swapped_neighbors_never_pass_id_01(digits, at):
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]

    assert has_right_check(swapped + check_sign(digits)) == (swapped == digits)


@given(DIGITS)
def test_number_survives_blanks_width_and_case_id_01(digits):
    whole = digits + check_sign(digits)
    wide = whole.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789X"})

    assert number_of(f" {whole[:6]} {whole[6:14]}\t{whole[14:]}\n") == whole
    assert number_of(wide) == number_of(whole.lower()) == number_of(f"'{whole}") == whole


@given(DIGITS.filter(lambda d: d[0] != "0"))
def test_number_cell_of_eighteen_digits_is_always_truncated(digits):
    cell = float(digits + "0")

    assert is_truncated(cell, number_of(cell))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_birth_and_gender_come_back(born, serial):
    number = f"990161{born:%Y%m%d}{serial:03d}X"

    assert (birth_of(number), gender_of(number)) == (born, "1" if serial % 2 else "2")


@pytest.mark.parametrize(("number", "shown"), [("11010519491231002X", "110***********002X"), ("1234567", "*******")])
def test_masked_number_shows_three_and_four_pi_09(number, shown):
    assert masked(number) == shown
