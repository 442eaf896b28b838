from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.org.calc.roster.days import Day, NotADay, day_of, months_later, years_later

DAYS = st.dates(date(1921, 1, 1), date(2099, 12, 31))
FEBRUARY = Day(date(1983, 2, 1), date(1983, 2, 28))


@pytest.mark.parametrize(
    "cell",
    ["1983.02", "1983.2", "1983-02", "1983-2", "1983/02", "1983年2月", "1983年02月", "198302", "１９８３．０２", "1983 年 2 月", " 1983.02 ",
     "一九八三年二月", "1983年二月", 198302, 1983.02, date(1983, 2, 1), datetime(1983, 2, 1), 30348, "1983—02", "1983．02"],
)  # fmt: skip
def test_month_is_read_in_every_style(cell):
    assert day_of(cell) == FEBRUARY


@pytest.mark.parametrize(
    "cell",
    ["1978-02-12", "1978/2/12", "1978.02.12", "1978.2.12", "1978年2月12日", "19780212", 19780212, 28533, "28533", date(1978, 2, 12),
     datetime(1978, 2, 12, 8, 30), "1978-02-12 00:00:00", "1978/2/12 0:00", "1978年02月12日", "一九七八年二月十二日", "１９７８－０２－１２"],
)  # fmt: skip
def test_day_is_read_in_every_style(cell):
    assert day_of(cell) == Day(date(1978, 2, 12), date(1978, 2, 12))


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000"])
def test_empty_cell_is_no_day(cell):
    assert day_of(cell) is None


@pytest.mark.parametrize("cell", ["不详", "1983", 1983, "2021年12月", "2021.10", 2021.1, "二〇二一年十一月"])
def test_year_alone_and_late_months(cell):
    expected = {
        "1983": (1983, 1, 12), 1983: (1983, 1, 12), "2021年12月": (2021, 12, 12), "2021.10": (2021, 10, 10),
        2021.1: (2021, 10, 10), "二〇二一年十一月": (2021, 11, 11),
    }  # fmt: skip
    if cell == "不详":
        with pytest.raises(NotADay):
            day_of(cell)
        return
    year, first, last = expected[cell]
    read = day_of(cell)
    assert (read.first.year, read.first.month, read.last.month) == (year, first, last)


@pytest.mark.parametrize(
    "cell",
    ["1983.13", "1983-02-30", "19830230", "去年", "83.02", "7/1", "1983.02.", 7, 0.5, -3, True, "2021-00-01", "1234"],
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(NotADay):
        day_of(cell)


@given(DAYS)
def test_every_style_of_a_day_agrees(day):
    styles = [f"{day:%Y-%m-%d}", f"{day:%Y.%m.%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日",
              f"{day:%Y%m%d}", (day - date(1899, 12, 30)).days if day.day > 1 else f"{day:%Y-%m-%d}"]  # fmt: skip

    assert {day_of(style) for style in styles} == {Day(day, day)}


@given(DAYS)
def test_every_style_of_a_month_agrees(day):
    styles = [
        f"{day:%Y.%m}",
        f"{day:%Y-%m}",
        f"{day.year}年{day.month}月",
        f"{day:%Y%m}",
        float(f"{day:%Y.%m}"),
        day.replace(day=1),
    ]
    months = {day_of(style) for style in styles}

    assert len(months) == 1
    assert months.pop().same_month(day)


@pytest.mark.parametrize(
    ("day", "years", "later"), [(date(2004, 2, 29), 18, date(2022, 3, 1)), (date(2004, 2, 28), 18, date(2022, 2, 28))]
)
def test_birthday_of_a_leap_day_falls_on_the_first_of_march(day, years, later):
    assert years_later(day, years) == later


@pytest.mark.parametrize(
    ("day", "later"), [(date(2024, 2, 29), date(2025, 2, 28)), (date(2025, 7, 1), date(2026, 7, 1))]
)
def test_twelve_months_later_stays_in_the_month(day, later):
    assert months_later(day, 12) == later
