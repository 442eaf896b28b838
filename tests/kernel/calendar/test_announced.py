from __future__ import annotations

from datetime import date

import pytest

from ronghe.kernel.calendar.announced import AnnouncementUnreadable, package_years, read_announced_year


def test_package_years_name_holidays_and_make_up_days_in_chinese():
    year_2026 = {announced.year: announced for announced in package_years()}[2026]

    assert year_2026.holidays[date(2026, 10, 1)] == "国庆节"
    assert year_2026.make_up_days[date(2026, 10, 10)] == "国庆节"


def test_read_announced_year_from_plain_data():
    announced = read_announced_year(
        {"year": 2027, "holidays": {"2027-01-01": "元旦"}, "make_up_days": {"2027-01-03": "元旦"}}
    )

    assert announced.holidays == {date(2027, 1, 1): "元旦"}
    assert announced.make_up_days == {date(2027, 1, 3): "元旦"}


def test_read_announced_year_takes_a_new_year_that_begins_in_the_old_one():
    announced = read_announced_year({"year": 2023, "holidays": {"2022-12-31": "元旦"}})

    assert announced.holidays == {date(2022, 12, 31): "元旦"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"holidays": {}}, "没有写明年份。"),
        ({"year": 2027, "holidays": {"1月1日": "元旦"}}, "“1月1日”不是日期。"),
        ({"year": 2027, "holidays": {"2026-10-01": "国庆节"}}, "2026-10-01 不在这一年。"),
        ({"year": 2027, "make_up_days": {"2027-01-04": "元旦"}}, "补班日 2027-01-04 不是周六或周日。"),
        (
            {"year": 2027, "holidays": {"2027-01-02": "元旦"}, "make_up_days": {"2027-01-02": "元旦"}},
            "2027-01-02 既放假又补班。",
        ),
    ],
)
def test_read_announced_year_refuses_contradictions(data, reason):
    with pytest.raises(AnnouncementUnreadable) as refusal:
        read_announced_year(data)

    assert refusal.value.details["reason"] == reason
