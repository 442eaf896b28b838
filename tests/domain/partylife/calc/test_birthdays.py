"""The political birthday, year by year."""

from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.partylife.calc.birthdays import age_on, birthday_in, is_round, years_in

JOINED = date(2016, 9, 14)


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 9, 13), 9),
        (date(2026, 9, 14), 10),
        (date(2026, 9, 15), 10),
        (date(2016, 9, 14), 0),
        (date(2010, 1, 1), 0),
    ],
)
def test_a_year_is_full_on_the_day_itself(day, age):
    assert age_on(JOINED, day) == age


def test_a_leap_day_is_kept_a_day_earlier_where_there_is_none():
    assert birthday_in(date(2012, 2, 29), 2026) == date(2026, 2, 28)
    assert birthday_in(date(2012, 2, 29), 2028) == date(2028, 2, 29)


@pytest.mark.parametrize(("years", "said"), [(0, False), (9, False), (10, True), (11, False), (50, True)])
def test_every_ten_years_is_a_round_one(years, said):
    assert is_round(years) is said


def test_the_year_of_joining_has_no_birthday():
    assert years_in(JOINED, 2016) == 0
    assert years_in(JOINED, 2017) == 1
