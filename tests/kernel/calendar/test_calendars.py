from __future__ import annotations

from datetime import date

from ronghe.kernel.calendar import calendars
from ronghe.kernel.calendar.announced import HOLIDAY_NAMES, read_announced_year
from ronghe.kernel.calendar.calendars import (
    EveryDayCalendar,
    ShutDown,
    SiteCalendar,
    fingerprint,
    statutory_calendar,
)
from ronghe.kernel.calendar.periods import DaySpan

STATUTORY = statutory_calendar()
SPRING_STOP = ShutDown(DaySpan(date(2026, 2, 10), date(2026, 3, 1)), "冬季停工")


def test_statutory_calendar_knows_weekends_holidays_and_make_up_days():
    assert [STATUTORY.is_working(date(2026, 9, day)) for day in (18, 19, 20, 25)] == [True, False, True, False]
    assert STATUTORY.note_on(date(2026, 9, 20)) == "国庆节"
    assert STATUTORY.note_on(date(2026, 9, 18)) is None


def test_a_holiday_is_named_in_the_readers_language_and_kept_in_chinese(monkeypatch):
    monkeypatch.setattr(calendars, "_", {"国庆节": "National Day"}.__getitem__)

    assert STATUTORY.note_on(date(2026, 10, 1)) == "National Day"
    assert STATUTORY.as_data()["years"][-1]["holidays"]["2026-10-01"] == "国庆节"
    assert SiteCalendar(STATUTORY, (SPRING_STOP,)).note_on(date(2026, 2, 10)) == "冬季停工"  # people's own words


def test_every_name_that_the_package_announces_is_marked_for_the_catalogue():
    from chinese_calendar import constants

    assert {holiday.chinese for holiday in constants.Holiday} == set(HOLIDAY_NAMES)


def test_statutory_calendar_marks_a_year_not_announced_as_provisional():
    assert not STATUTORY.is_provisional(date(2026, 12, 31))
    assert STATUTORY.is_provisional(date(2035, 1, 1))
    assert STATUTORY.is_working(date(2035, 1, 1))
    assert not STATUTORY.is_working(date(2035, 1, 6))


def test_imported_year_stands_before_the_package_and_is_no_longer_provisional():
    imported = read_announced_year({"year": 2035, "holidays": {"2035-01-01": "元旦"}})
    corrected = statutory_calendar([imported])

    assert not corrected.is_provisional(date(2035, 1, 1))
    assert not corrected.is_working(date(2035, 1, 1))
    assert fingerprint(corrected) != fingerprint(STATUTORY)


def test_every_day_calendar_works_always():
    calendar = EveryDayCalendar()

    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_provisional(date(2035, 1, 1))


def test_site_calendar_is_shut_within_its_half_open_span_and_says_why():
    site = SiteCalendar(EveryDayCalendar(), (SPRING_STOP,))

    assert [site.is_working(date(2026, 2, day)) for day in (9, 10, 28)] == [True, False, False]
    assert site.is_working(date(2026, 3, 1))
    assert site.note_on(date(2026, 2, 10)) == "冬季停工"


def test_site_calendar_keeps_what_its_base_says():
    site = SiteCalendar(STATUTORY, (SPRING_STOP,))

    assert not site.is_working(date(2026, 10, 1))
    assert site.note_on(date(2026, 10, 1)) == "国庆节"
    assert site.is_provisional(date(2035, 1, 1))


def test_fingerprint_is_that_of_what_the_calendar_says():
    other = ShutDown(DaySpan(date(2026, 7, 1), date(2026, 7, 3)), "检修")

    one = SiteCalendar(EveryDayCalendar(), (SPRING_STOP, other))
    same = SiteCalendar(EveryDayCalendar(), (other, SPRING_STOP))

    assert fingerprint(one) == fingerprint(same)
    assert fingerprint(one) != fingerprint(SiteCalendar(EveryDayCalendar(), (other,)))
