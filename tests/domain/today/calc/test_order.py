"""By part of the day, then due, weight and place; and where a list goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from ronghe.domain.today.calc.order import CursorUnreadable, Line, by_part, cursor_after, in_order, key_of
from ronghe.domain.today.enums import Part
from ronghe.kernel.calendar.moments import SHANGHAI

AT = datetime(2026, 9, 14, 7, 40, tzinfo=SHANGHAI)
"""A Monday."""
TODAY = AT.date()
PLAIN = Line(
    inbox="tasks", pk=1, title="清沟", why="", where="3号沟", who="", topic="work", state="due", weight=2, due_at=None,
    due_on=None, since=None, begins=None, site=0, is_owed=True, is_now=False, share=None, page="tasks", query="", args=(), acts=(),
)  # fmt: skip


def line(**more):
    return replace(PLAIN, **more)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"is_now": True}, Part.NOW),
        ({"due_at": AT - timedelta(minutes=1)}, Part.NOW),
        ({"due_at": AT}, Part.TODAY),
        ({"due_on": TODAY - timedelta(days=1)}, Part.NOW),
        ({"due_on": TODAY}, Part.TODAY),
        ({"due_on": TODAY, "begins": time(8, 10)}, Part.NOW),
        ({"due_on": TODAY, "begins": time(8, 11)}, Part.TODAY),
        ({"due_on": date(2026, 9, 20)}, Part.WEEK),
        ({"due_on": date(2026, 9, 21)}, Part.LATER),
        ({"due_at": datetime(2026, 9, 14, 23, 59, tzinfo=SHANGHAI)}, Part.TODAY),
        ({"due_at": datetime(2026, 9, 15, 0, 0, tzinfo=SHANGHAI)}, Part.WEEK),
        ({}, Part.LATER),
        ({"is_owed": False}, Part.TODAY),
    ],
)
def test_the_part_of_the_day(given, part):
    assert line(**given).part(AT) is part


def test_days_late_are_days_of_the_calendar():
    assert line(due_at=AT - timedelta(hours=8)).days_late(AT) == 1
    assert line(due_at=AT - timedelta(hours=1)).days_late(AT) == 0
    assert line(due_on=TODAY - timedelta(days=3)).days_late(AT) == 3
    assert line(due_on=TODAY + timedelta(days=3)).days_late(AT) == line().days_late(AT) == 0


def test_first_what_goes_on_then_the_longest_overdue():
    late, later, now = (
        line(pk=2, due_on=date(2026, 9, 1)),
        line(pk=3, due_on=date(2026, 9, 10)),
        line(pk=4, is_now=True),
    )

    assert [one.pk for one in in_order([later, late, now], AT)] == [4, 2, 3]


def test_at_one_hour_the_heavier_comes_first_and_one_place_stays_together():
    rows = [
        line(pk=1, due_on=TODAY, site=8), line(pk=2, due_on=TODAY, site=7),
        line(pk=3, due_on=TODAY, site=8, weight=3), line(pk=4, due_on=TODAY, site=7),
        line(pk=5, due_at=AT + timedelta(hours=1), weight=1),
    ]  # fmt: skip

    assert [one.pk for one in in_order(rows, AT)] == [5, 3, 2, 4, 1]


def test_parts_without_a_line_are_left_out():
    assert [(part, len(found)) for part, found in by_part([line(), line(pk=2, is_now=True)], AT)] == [
        (Part.NOW, 1),
        (Part.LATER, 1),
    ]


def test_a_cursor_names_a_place_in_the_list():
    rows = in_order([line(pk=pk, due_on=TODAY + timedelta(days=pk)) for pk in range(5)], AT)

    after = key_of(cursor_after(rows[1], AT))

    assert [one.pk for one in rows if one.key(AT) > after] == [2, 3, 4]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "bnVsbA", "e30", "\u4f60"])
def test_a_cursor_of_somebody_elses_is_refused(cursor):
    with pytest.raises(CursorUnreadable):
        key_of(cursor)
