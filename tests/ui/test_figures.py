"""Figures, rings, bars: 0, partial, full, not applicable; what is cut, what is said."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.ui.families.figures import _share

pytestmark = pytest.mark.usefixtures("zh")


@pytest.mark.parametrize(
    ("value", "of", "width"),
    [(0, 100, "0.00"), (1, 3, "33.33"), (100, 100, "100.00"), (120, 100, "100.00"), (-1, 100, "0.00"), (1, 0, "0.00")],
)
def test_bar_is_cut_to_its_track(render, value, of, width):
    html = render("{% bar value of=of %}", value=value, of=of)
    assert re.findall(r'bar-part" width="([\d.]+)%"', html) == [width]


def test_bar_not_applicable_shows_a_dash(render):
    html = render("{% bar None label=name %}", name="签到")
    assert "bar-part" not in html
    assert 'aria-label="签到 不适用"' in html
    assert "—" in html


def test_bar_says_its_numbers(render):
    assert 'aria-label="签到 4 / 12"' in render('{% bar 4 of=12 label="签到" %}')


def test_ring_shows_number_dash_and_colour(render):
    full = render('{% ring 100 state="done" %}')
    assert "ring-done" in full
    assert 'stroke-dasharray="144.5 144.5"' in full
    assert "ring-part" not in render("{% ring 0 %}")
    assert ">—</b>" in render("{% ring None %}")


def test_figure_shows_value_unit_and_note(render):
    html = render('{% figure "审图用时" value="2.0" unit="天" note="原 10 天" %}')
    assert html == (
        '<div class="kpi"><span class="kpi-name">审图用时</span>'
        '<span class="kpi-value">2.0<small>天</small></span><span class="kpi-note">原 10 天</span></div>'
    )


def test_figure_zero_is_a_value_and_none_is_not(render):
    assert "0<small>项" in render('{% figure "漏办" value=0 unit="项" %}')
    assert "还没有记录" in render('{% figure "漏办" %}')


def test_figure_stale_says_since_when(render):
    assert "数据截至 08:12" in render('{% figure "节约" value="86.2" stale="08:12" %}')


def test_figure_loading_is_a_status(render):
    assert 'role="status"' in render('{% figure "投产" loading=True %}')


def test_cells_come_in_order_and_fill_up(render):
    html = render('{% cells done=1 failed=1 now=1 of=5 label="x" %}')
    assert re.findall(r"cell-(\w+)", html) == ["done", "failed", "now", "next", "next"]
    assert re.findall(r"cell-(\w+)", render("{% cells done=3 of=2 %}")) == ["done", "done", "done"]


def test_state_strip_says_all_states(render):
    html = render('{% state_strip states label="近 3 次" %}', states=["done", "late", "failed"])
    assert 'aria-label="近 3 次：已办、迟办、漏办"' in html


@pytest.mark.parametrize("values", [[], [Decimal(1)], [Decimal(2), Decimal(2)]])
def test_trend_draws_without_spread(render, values):
    assert render("{% trend values %}", values=values).count("<circle") == len(values)


def test_trend_puts_the_highest_on_top(render):
    html = render("{% trend values %}", values=[Decimal("88.1"), Decimal("92.35")])
    assert re.findall(r'points="([^"]*)"', html) == ["8.0,36.0 188.0,8.0"]


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_share_is_never_outside_its_track(value, of):
    assert 0 <= _share(value, of) <= 1
