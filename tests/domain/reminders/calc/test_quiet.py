from __future__ import annotations

from datetime import date, datetime, time

import pytest

from ronghe.domain.reminders.calc.quiet import Wish, is_quiet, may_send, next_morning, silent_until
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.moments import SHANGHAI

STATUTORY = statutory_calendar()
WISH = Wish(time(8), time(21), time(7, 30))


@pytest.mark.parametrize(
    ("at", "quiet"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:29", True), ("07:30", False)],
)
def test_quiet_hours_reach_over_midnight(at, quiet):
    assert is_quiet(time.fromisoformat(at), WISH) is quiet


def test_quiet_hours_of_one_day_and_of_none():
    noon = Wish(time(8), time(12), time(14))
    none = Wish(time(8), time(21), time(21))

    assert [is_quiet(time(hour), noon) for hour in (11, 12, 13, 14)] == [False, True, True, False]
    assert not any(is_quiet(time(hour), none) for hour in range(24))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2026-09-14T07:59", False),
        ("2026-09-14T08:00", True),
        ("2026-09-14T20:59", True),
        ("2026-09-14T21:00", False),
        ("2026-09-19T09:00", False),  # a Saturday
        ("2026-09-20T09:00", True),  # a Sunday that is worked
    ],
)
def test_message_goes_out_from_its_hour_on_while_nobody_is_disturbed(moment, sent):
    assert may_send(at(moment), WISH, STATUTORY) is sent


def test_free_days_are_free_unless_somebody_wants_otherwise():
    saturday = at("2026-09-19T09:00")

    assert may_send(saturday, Wish(time(8), time(21), time(7, 30), on_free_days=True), STATUTORY)


def test_silence_lasts_until_the_day_before_the_next_working_day():
    every_day = Wish(time(8), time(21), time(7, 30), on_free_days=True)

    assert silent_until(date(2026, 9, 14), WISH, STATUTORY) == date(2026, 9, 14)
    assert silent_until(date(2026, 9, 30), WISH, STATUTORY) == date(2026, 10, 7)
    assert silent_until(date(2026, 9, 30), every_day, STATUTORY) == date(2026, 9, 30)


def test_next_morning_is_tomorrows_hour():
    assert next_morning(at("2026-09-14T16:25"), WISH) == at("2026-09-15T08:00")
