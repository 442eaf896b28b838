"""Rows of a plan: what comes before what, circles, and every problem of a sheet by its cell."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.control.calc.plan import PlanRow, circle_in, linked
from ronghe.domain.control.calc.table import read_row, refuse_doubles

TODAY = date(2026, 9, 14)
CELLS = {
    "unit_work": "注水站改造", "division": "工艺管道", "section": "管道安装", "inspection_lot": "1号管线", "name": "试压",
    "point": "H",
}  # fmt: skip
PAST = {"self_by": "甲", "mutual_by": "乙", "special_by": "丙", "accepted_by": "丁", "accepted_on": "2026/9/1",
        "rating": "优质", "rated_by": "戊", "measured": "20", "passed": "19"}  # fmt: skip
IDS = {name: number for number, name in enumerate("甲乙丙丁戊", start=1)}


def who(text):
    return (IDS.get(text), "" if text in IDS else "没有找到")


def read(**cells):
    return read_row(7, {**CELLS, **cells}, who=who, today=TODAY)


def row(name, lot="1号管线", before=None):
    return PlanRow(("甲", "乙", "丙", lot), name, before=before)


def test_rows_of_one_inspection_lot_follow_each_other():
    assert linked([row("a"), row("b"), row("c", "2号"), row("d"), row("e", before=(2,))]) == [(), (0,), (), (1,), (2,)]


def test_a_circle_is_named_and_a_way_round_a_diamond_is_none():
    assert circle_in({1: [2], 2: [3], 3: [1]}, 1) == [1, 2, 3, 1]
    assert circle_in({4: [2, 3], 2: [1], 3: [1]}, 4) == []
    assert circle_in({1: [1]}, 1) == [1, 1]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_a_circle_is_found_where_brute_force_finds_one(pairs):
    befores: dict[int, list[int]] = {}
    for later, earlier in pairs:
        befores.setdefault(later, []).append(earlier)

    def reaches(start):
        seen, waiting = set(), list(befores.get(start, []))
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(befores.get(one, []))
        return start in seen

    for start in range(9):
        circle = circle_in(befores, start)
        assert bool(circle) is reaches(start)
        assert all(earlier in befores[later] for later, earlier in itertools.pairwise(circle))


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("H", "hold"),
        ("停检点", "hold"),
        ("见证点 W", "witness"),
        ("", "ordinary"),
        ("—", "ordinary"),
        ("旁站", "standby"),
    ],
)
def test_points_are_read_as_people_write_them(text, point):
    assert read(point=text).plan.point == point


def test_a_process_of_the_past_comes_with_its_people():
    past = read(**PAST).plan.past
    assert (past.accepted_by, past.self_by, past.is_excellent, past.accepted_on) == (4, 1, True, date(2026, 9, 1))
    assert (past.measured, past.passed, past.rated_by) == (20, 19, 5)
    assert read().plan.past is None


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"unit_work": "", "section": " "}, {"unit_work", "section"}),
        ({"name": "长" * 81}, {"name"}),
        ({"point": "X"}, {"point"}),
        ({"notice_hours": "0"}, {"notice_hours"}),
        ({"notice_hours": "721"}, {"notice_hours"}),
        ({**PAST, "self_by": "己"}, {"self_by"}),
        ({**PAST, "mutual_by": "甲"}, {"mutual_by"}),
        ({**PAST, "accepted_on": "2026-9-15"}, {"accepted_on"}),
        ({**PAST, "accepted_on": "昨天"}, {"accepted_on"}),
        ({**PAST, "accepted_on": ""}, {"accepted_on"}),
        ({**PAST, "accepted_on": "99999999999-1-1"}, {"accepted_on"}),
        ({**PAST, "accepted_by": ""}, {"accepted_by"}),
        ({**PAST, "rating": "很好"}, {"rating", "rated_by"}),
        ({**PAST, "rated_by": ""}, {"rated_by"}),
        ({**PAST, "passed": "21"}, {"passed"}),
        ({**PAST, "measured": "1e3"}, {"measured", "passed"}),
    ],
)
def test_every_problem_is_named_by_its_cell(cells, wrong):
    found = read(**cells)
    assert set(found.problems) == wrong
    assert found.plan is None


def test_the_second_of_two_alike_is_marked():
    rows = [read(), read_row(9, CELLS, who=who, today=TODAY)]
    refuse_doubles(rows)
    assert [list(one.problems) for one in rows] == [[], ["name"]]
    assert "7" in rows[1].problems["name"]
