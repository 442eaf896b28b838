"""Shares, rates, money, outline, links and the picture: plain arithmetic at its edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import process_time

import pytest

from ronghe.domain.schedule.calc.gantt import Line, Zoom, draw
from ronghe.domain.schedule.calc.links import Lag, LinkKind, LinkUnreadable, link_text, read_links
from ronghe.domain.schedule.calc.money import add_up
from ronghe.domain.schedule.calc.outline import moved, outline
from ronghe.domain.schedule.calc.progress import Stretch, actual_share, curve, days_gained, planned_share
from ronghe.domain.schedule.calc.rates import Commissioning, KeyDays, is_same_year, key_average, on_time_rate
from ronghe.kernel.calendar.periods import DaySpan
from tests.domain.schedule.calc.making import DAY, FS, every_day, minute

YEAR = DaySpan(date(2026, 1, 1), date(2027, 1, 1))
TODAY = date(2026, 11, 22)


# ---- PJ-03, PJ-02 ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("real", "on_time"), [
    (date(2026, 9, 17), 1), (date(2026, 9, 16), 1), (date(2026, 9, 18), 0), (None, 0),
])  # fmt: skip
def test_pj_03_on_the_very_day_is_on_time_and_a_day_later_is_not(real, on_time):
    rate = on_time_rate([Commissioning(1, date(2026, 9, 17), date(2026, 9, 17), real)], YEAR, TODAY)
    assert (rate.due, rate.on_time) == (1, on_time)


@pytest.mark.parametrize(("planned", "real", "due", "to_come"), [
    (date(2025, 12, 31), None, 0, 0), (date(2026, 1, 1), None, 1, 0), (date(2026, 12, 31), None, 0, 1),
    (date(2027, 1, 1), date(2026, 12, 1), 0, 0), (TODAY, None, 1, 0), (date(2026, 11, 23), None, 0, 1),
    (date(2026, 11, 23), date(2026, 11, 20), 1, 0),
])  # fmt: skip
def test_pj_03_a_project_counts_in_the_period_for_which_it_was_planned(planned, real, due, to_come):
    rate = on_time_rate([Commissioning(1, planned, planned, real)], YEAR, TODAY)
    assert (rate.due, rate.to_come) == (due, to_come)


def test_pj_03_changed_baselines_are_told_beside_the_figure():
    rows = [
        Commissioning(1, date(2026, 9, 20), date(2026, 9, 10), date(2026, 9, 15)),
        Commissioning(2, date(2026, 9, 20), date(2026, 9, 20), date(2026, 9, 20)),
        Commissioning(3, date(2026, 9, 20), date(2026, 9, 20), date(2026, 9, 21)),
    ]
    rate = on_time_rate(rows, YEAR, TODAY)
    assert (rate.percent, rate.changed, rate.on_first_time) == (Decimal("66.7"), 1, 1)
    assert on_time_rate([], YEAR, TODAY).percent is None


@pytest.mark.parametrize(("dates", "same"), [
    ((date(2026, 1, 1), date(2026, 5, 1), date(2026, 12, 31)), True),
    ((date(2025, 12, 31), date(2026, 5, 1), date(2026, 12, 31)), False),
    ((date(2026, 1, 1), date(2026, 5, 1), date(2027, 1, 1)), False),
    ((None, date(2026, 5, 1), date(2026, 12, 31)), None),
])  # fmt: skip
def test_pj_02_all_three_dates_lie_in_one_year(dates, same):
    assert is_same_year(*dates) is same


def test_key_tasks_are_averaged_over_those_that_are_done():
    average = key_average([KeyDays(15, 10), KeyDays(10, 2), KeyDays(20, None)])
    assert (average.count, average.planned, average.actual, average.gained) == (2, Decimal("12.5"), Decimal("6.0"), 13)
    assert average.shortened == Decimal("52.0")
    assert key_average([]).planned is None


# ---- shares ---------------------------------------------------------------------------------------------------------
def test_a_share_grows_with_working_time_and_weighs_by_duration():
    stretches = [
        Stretch(minute("2026-03-02T08:00"), minute("2026-03-05T17:00"), 4 * DAY, 50),
        Stretch(minute("2026-03-06T08:00"), minute("2026-03-06T17:00"), DAY, 0),
    ]
    calendar = every_day()
    assert planned_share(stretches, calendar, minute("2026-03-02T00:00")) == 0
    assert planned_share(stretches, calendar, minute("2026-03-03T17:00")) == 4000
    assert planned_share(stretches, calendar, minute("2026-03-09T00:00")) == 10_000
    assert actual_share(stretches) == 4000
    assert (planned_share([], calendar, 0), actual_share([])) == (0, 0)


def test_the_curve_goes_from_nothing_to_all_by_weeks():
    stretches = [Stretch(minute("2026-03-02T08:00"), minute("2026-03-15T17:00"), 14 * DAY, 0)]
    points = curve(stretches, every_day(), date(2026, 3, 2), date(2026, 3, 15), {date(2026, 3, 8): 4000})
    assert [(point.day.day, point.planned, point.actual) for point in points] == [
        (1, 0, None), (8, 5000, 4000), (15, 10_000, None),
    ]  # fmt: skip


def test_days_gained_are_calendar_days_and_negative_where_lost():
    assert days_gained(date(2026, 12, 1), date(2026, 9, 1)) == 91
    assert days_gained(date(2026, 9, 1), date(2026, 9, 4)) == -3


# ---- money ----------------------------------------------------------------------------------------------------------
def test_money_is_over_a_fen_beyond_the_ceiling_and_not_at_it():
    base = [(None, "estimate", Decimal("100.00"), True), (1, "change", Decimal("-10.00"), True)]
    at, _lots = add_up([*base, (1, "committed", Decimal("90.00"), True)], None)
    over, lots = add_up([*base, (1, "committed", Decimal("90.01"), True)], None)
    assert (at.ceiling, at.left, at.is_over) == (Decimal("90.00"), 0, False)
    assert (over.is_over, lots[1].committed, lots[1].ceiling) == (True, Decimal("90.01"), None)


def test_what_nobody_vouches_for_waits_and_the_projects_own_figure_stands_meanwhile():
    total, _lots = add_up([(None, "estimate", Decimal(100), False), (None, "paid", Decimal(1), True)], Decimal(50))
    assert (total.ceiling, total.waiting, total.is_overpaid) == (Decimal(50), 1, True)
    assert add_up([], None)[0].ceiling is None


# ---- links as people write them --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("text", "links"), [
    ("", []), ("3", [(3, LinkKind.FINISH_START, Lag())]), ("3FS+2天", [(3, LinkKind.FINISH_START, Lag(9600))]),
    ("3fs-1.5d，5SS", [(3, LinkKind.FINISH_START, Lag(-7200)), (5, LinkKind.START_START, Lag())]),
    ("3FF+50%", [(3, LinkKind.FINISH_FINISH, Lag(50, 19))]), ("3SF + 3ed", [(3, LinkKind.START_FINISH, Lag(43_200, 8))]),
    ("3；4、5", [(uid, LinkKind.FINISH_START, Lag()) for uid in (3, 4, 5)]),
])  # fmt: skip
def test_links_are_read_as_people_write_them(text, links):
    found = read_links(text, DAY)
    assert [(one.predecessor, one.kind, one.lag) for one in found] == links
    again = ", ".join(link_text(one.predecessor, one.kind, one.lag, DAY) for one in found)
    assert read_links(again, DAY) == found


@pytest.mark.parametrize("text", ["甲", "3XX", "3+", "FS3", "3FS+天", "3FS+999999天", "1" * 12])
def test_what_is_no_link_is_said_so(text):
    with pytest.raises(LinkUnreadable):
        read_links(text, DAY)


# ---- outline --------------------------------------------------------------------------------------------------------
def test_an_outline_numbers_its_lines_and_takes_leaps_one_step():
    places = outline([1, 2, 2, 4, 1, 3])
    assert [place.number for place in places] == ["1", "1.1", "1.2", "1.2.1", "2", "2.1"]
    assert [place.parent for place in places] == [None, 0, 0, 2, None, 4]
    assert [place.is_summary for place in places] == [True, False, True, False, True, False]


@pytest.mark.parametrize(("place", "way", "order", "levels"), [
    (0, "down", [3, 0, 1, 2], [1, 1, 2, 2]), (3, "up", [3, 0, 1, 2], [1, 1, 2, 2]), (2, "up", [0, 2, 1, 3], [1, 2, 2, 1]),
    (3, "in", [0, 1, 2, 3], [1, 2, 2, 2]), (1, "out", [0, 1, 2, 3], [1, 1, 2, 1]),
])  # fmt: skip
def test_a_line_moves_with_all_below_it(place, way, order, levels):
    assert moved([1, 2, 2, 1], place, way) == (order, levels)


@pytest.mark.parametrize(
    ("place", "way"), [(0, "up"), (3, "down"), (1, "up"), (2, "down"), (0, "in"), (0, "out"), (1, "in")]
)
def test_a_line_does_not_leave_its_family(place, way):
    assert moved([1, 2, 2, 1], place, way) is None


# ---- the picture ----------------------------------------------------------------------------------------------------
def lines_of(count):
    begin = minute("2026-03-02T08:00")
    return [
        Line(
            uid, begin + uid * 1440, begin + (uid + 5) * 1440, 40, ghost=(begin + uid * 1440, begin + (uid + 4) * 1440)
        )
        for uid in range(count)
    ]


def test_a_bar_stands_where_its_days_are():
    chart = draw(lines_of(2), [(0, 1, FS)], zoom=Zoom.DAY, today=date(2026, 3, 4), is_working=lambda _day: True)
    first = chart.bars[0]
    assert (chart.first, first.x, first.width) == (date(2026, 2, 26), round((4 + 1 / 3) * 26, 1), 130.0)
    assert first.done == 52.0
    assert chart.today_x == 156.0
    assert len(chart.arrows) == 1
    assert chart.closed == []


def test_a_plan_of_many_years_is_drawn_on_a_coarser_scale():
    begin = minute("2026-03-02T08:00")
    chart = draw(
        [Line(1, begin, begin + 4000 * 1440, 0)],
        [],
        zoom=Zoom.DAY,
        today=date(2026, 3, 4),
        is_working=lambda _day: True,
    )
    assert chart.zoom == Zoom.MONTH
    assert chart.width <= 24_000


def test_days_off_are_joined_and_an_empty_plan_is_drawn():
    chart = draw(lines_of(8), [], zoom=Zoom.WEEK, today=date(2026, 3, 4), is_working=lambda day: day.weekday() < 5)
    assert all(tick.width in (8.0, 16.0) for tick in chart.closed)
    empty = draw([], [], zoom=Zoom.DAY, today=date(2026, 3, 4), is_working=lambda _day: True)
    assert (empty.bars, empty.height) == ([], 0)


def test_five_hundred_bars_are_placed_within_a_tenth_of_a_second():
    lines = lines_of(500)
    before = process_time()
    draw(
        lines,
        [(uid, uid + 1, FS) for uid in range(499)],
        zoom=Zoom.WEEK,
        today=date(2026, 3, 4),
        is_working=lambda _day: True,
    )
    assert process_time() - before < 0.1
