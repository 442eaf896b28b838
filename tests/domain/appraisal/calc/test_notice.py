from __future__ import annotations

from datetime import date

from ronghe.domain.appraisal.calc.notice import PUBLICITY_WORKDAYS, Notice, notice_from
from ronghe.kernel.calendar.calendars import statutory_calendar

CALENDAR = statutory_calendar()


def test_notice_is_five_working_days_unless_told_pd_11():
    assert PUBLICITY_WORKDAYS == 5


def test_notice_does_not_count_the_day_of_publishing_pd_11():
    notice = notice_from(CALENDAR, date(2026, 11, 16))

    assert notice == Notice(date(2026, 11, 17), date(2026, 11, 23))


def test_notice_published_on_a_free_day_begins_on_the_next_working_day():
    assert notice_from(CALENDAR, date(2026, 11, 14)) == Notice(date(2026, 11, 16), date(2026, 11, 20))


def test_notice_leaves_out_a_holiday_inside_pd_11():
    # National Day 2026: 1 to 7 October free, Saturday 10 October worked in exchange.
    assert notice_from(CALENDAR, date(2026, 9, 29)) == Notice(date(2026, 9, 30), date(2026, 10, 12))


def test_notice_of_one_day_ends_on_the_day_it_begins():
    assert notice_from(CALENDAR, date(2026, 11, 16), 1) == Notice(date(2026, 11, 17), date(2026, 11, 17))


def test_notice_is_over_on_the_day_after_its_last_only_pd_11():
    notice = notice_from(CALENDAR, date(2026, 11, 16))

    assert [notice.is_over(date(2026, 11, day)) for day in (22, 23, 24)] == [False, False, True]
    assert notice.over_on == date(2026, 11, 24)


def test_workdays_left_count_today():
    notice = notice_from(CALENDAR, date(2026, 11, 16))

    days = (date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 21), date(2026, 11, 23), date(2026, 11, 24))
    assert [notice.workdays_left(CALENDAR, day) for day in days] == [5, 5, 1, 1, 0]
