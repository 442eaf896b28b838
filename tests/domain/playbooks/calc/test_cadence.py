from __future__ import annotations

from datetime import date

import pytest

from ronghe.domain.playbooks.calc.cadence import (
    CadenceNever,
    CadencePartNotAllowed,
    CadenceTooOften,
    CadenceUnreadable,
    read_cadence,
)
from ronghe.kernel.calendar.periods import DaySpan, read_period


def days(text: str, period: str) -> list[str]:
    return [day.isoformat()[5:] for day in read_cadence(text).days_in(read_period(period).span)]


@pytest.mark.parametrize(
    ("text", "period", "expected"),
    [
        ("FREQ=DAILY", "2026-W07", ["02-09", "02-10", "02-11", "02-12", "02-13", "02-14", "02-15"]),
        ("FREQ=WEEKLY", "2026-02", ["02-02", "02-09", "02-16", "02-23"]),
        ("FREQ=WEEKLY;BYDAY=FR", "2026-02", ["02-06", "02-13", "02-20", "02-27"]),
        ("FREQ=MONTHLY", "2026Q1", ["01-01", "02-01", "03-01"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026Q1", ["01-31", "02-28", "03-31"]),
        ("FREQ=MONTHLY;INTERVAL=3", "2026", ["01-01", "04-01", "07-01", "10-01"]),
        ("FREQ=YEARLY;BYMONTH=10", "2026", ["10-01"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=2WE", "2026Q1", ["01-14", "02-11", "03-11"]),
    ],
)
def test_cadence_falls_on_days(text, period, expected):
    assert days(text, period) == expected


def test_cadence_of_every_second_month_starts_in_january_of_every_year():
    """SD-06: the theme day of a task force, two-monthly."""
    assert days("FREQ=MONTHLY;INTERVAL=2", "2025") == days("FREQ=MONTHLY;INTERVAL=2", "2026")
    assert days("FREQ=MONTHLY;INTERVAL=2", "2026H1") == ["01-01", "03-01", "05-01"]


def test_cadence_span_is_half_open():
    span = DaySpan(date(2026, 1, 1), date(2026, 2, 1))

    assert read_cadence("FREQ=MONTHLY").days_in(span) == (date(2026, 1, 1),)


def test_cadence_knows_whether_it_names_a_day():
    assert not read_cadence("FREQ=MONTHLY").names_day
    assert read_cadence("FREQ=MONTHLY;BYMONTHDAY=25").names_day


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("每月", CadenceUnreadable),
        ("", CadenceUnreadable),
        ("FREQ=MONTHLY;INTERVAL=0", CadenceUnreadable),
        ("FREQ=MONTHLY;INTERVAL=367", CadenceUnreadable),
        ("FREQ=MONTHLY;FREQ=DAILY", CadenceUnreadable),
        ("FREQ=MONTHLY;BYDAY=XX", CadenceUnreadable),
        ("INTERVAL=2", CadenceUnreadable),
        ("FREQ=HOURLY", CadenceTooOften),
        ("FREQ=DAILY;COUNT=3", CadencePartNotAllowed),
        ("FREQ=DAILY;UNTIL=20270101", CadencePartNotAllowed),
        ("FREQ=DAILY;BYHOUR=7,17", CadencePartNotAllowed),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", CadenceNever),
    ],
)
def test_read_cadence_refuses(text, refusal):
    with pytest.raises(CadenceUnreadable) as caught:
        read_cadence(text)

    assert type(caught.value) is refusal


def test_read_cadence_takes_the_longest_interval():
    assert read_cadence("FREQ=DAILY;INTERVAL=366").text == "FREQ=DAILY;INTERVAL=366"
