from __future__ import annotations

from datetime import date

from ronghe.domain.obligations.calc.behind import Why, why_behind
from ronghe.kernel.calendar.calendars import EveryDayCalendar, statutory_calendar

STATUTORY = statutory_calendar()
TODAY = date(2026, 9, 14)


def why(**told):
    return why_behind(**{"since": date(2026, 9, 1), "today": TODAY, "calendar": STATUTORY, **told})


def test_no_reason_holds_where_everything_is_in_order():
    assert why() == []


def test_reasons_come_with_the_one_that_explains_most_first():
    told = why(is_adopted=False, is_shut_down=True, vacant=[False, True], is_asked=True)

    assert told == [Why.UNADOPTED, Why.SHUT_DOWN, Why.VACANT, Why.ASKED]


def test_nobody_says_more_than_a_vacant_post():
    assert why(vacant=[True], nobody=True) == [Why.NOBODY]


def test_holiday_is_the_reason_only_while_nobody_worked_since():
    """1 to 7 October 2026 are free, 8 October is worked."""
    first = date(2026, 10, 1)

    assert why(since=first, today=date(2026, 10, 7)) == [Why.HOLIDAY]
    assert why(since=first, today=date(2026, 10, 8)) == []
    assert why(since=date(2026, 9, 30), today=date(2026, 10, 7)) == []
    assert why(since=first, today=date(2026, 10, 7), calendar=EveryDayCalendar()) == []


def test_nothing_behind_yet_is_no_holiday():
    assert why(since=None) == []
    assert why(since=date(2026, 10, 2), today=date(2026, 10, 1)) == []
