"""The explain tree, the obligation calendar, the tree of organisations."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.ui.calendar import Calendar, Holiday, Row, Window
from ronghe.ui.explain import ExplainFact, ExplainNode
from ronghe.ui.tree import OrgNode

pytestmark = pytest.mark.usefixtures("zh")


def test_explain_node_not_applicable_strikes_the_weight_and_says_where_it_went(render):
    node = ExplainNode("青苗补偿监督", weight="10%", kind="na", note="不适用，权重分给同维度 4 项", score="0")
    html = render("{% explain_tree root=node %}", node=node)
    assert "<s>10%</s>" in html
    assert "不适用，权重分给同维度 4 项" in html
    assert "st-waived" in html


@pytest.mark.parametrize(("kind", "word", "shape"), [("vetoed", "一票否决", "failed"), ("capped", "封顶", "attention")])
def test_explain_node_vetoed_and_capped_have_word_and_shape(render, kind, word, shape):
    html = render("{% explain_tree root=node %}", node=ExplainNode("创新加分", kind=kind, note="为什么"))
    assert word in html
    assert f"st-{shape}" in html
    assert "为什么" in html


def test_explain_reversed_fact_stays_struck_through(render):
    fact = ExplainFact("7月30日", "验电前接触柜体", reversed_by="8月4日 申诉成立，已冲销", href="/facts/1/")
    html = render("{% explain_tree root=node %}", node=ExplainNode("违章", facts=(fact,)))
    assert "<s>验电前接触柜体</s>" in html
    assert "8月4日 申诉成立，已冲销" in html
    assert "看冲销" in html


def test_explain_opens_only_what_has_something_behind_it(render):
    root = ExplainNode("总分", open=True, children=(ExplainNode("叶"), ExplainNode("枝", facts_href="/facts/")))
    html = render("{% explain_tree root=root %}", root=root)
    assert html.count("<details") == 2
    assert html.count(" open>") == 1
    assert 'hx-get="/facts/"' in html


@given(st.decimals(-10, 10, allow_nan=False))
def test_explain_bar_stays_in_its_track(full):
    assert 0 <= Decimal(ExplainNode("x", full=full).width.rstrip("%")) <= 100


def days(span_from=date(2026, 10, 1), span_until=date(2026, 10, 11), rows=(), **more) -> Calendar:
    return Calendar(span_from, span_until, more.pop("today", date(2026, 10, 6)), tuple(rows), **more)


def placed(calendar: Calendar):
    return [window for _row, windows in calendar.lines for window in windows]


def test_calendar_places_windows_in_percent_of_the_span():
    window = Window(
        date(2026, 10, 3), date(2026, 10, 5), "due", grace_until=date(2026, 10, 6), mark_on=date(2026, 10, 4)
    )
    found = placed(days(rows=[Row("x", windows=(window,))]))[0]
    assert (found.box.x, found.box.width) == ("20.000%", "20.000%")
    assert (found.grace.x, found.grace.width) == ("40.000%", "10.000%")
    assert found.mark.x == "35.000%"


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 9, 20), date(2026, 10, 1), 0),
        (date(2026, 9, 20), date(2026, 10, 2), 1),
        (date(2026, 10, 10), date(2026, 10, 20), 1),
        (date(2026, 10, 11), date(2026, 10, 20), 0),
    ],
)
def test_calendar_leaves_out_what_lies_outside_the_span(start, end, count):
    assert len(placed(days(rows=[Row("x", windows=(Window(start, end, "done"),))]))) == count


@pytest.mark.parametrize(
    ("today", "shown"),
    [(date(2026, 9, 30), False), (date(2026, 10, 1), True), (date(2026, 10, 10), True), (date(2026, 10, 11), False)],
)
def test_calendar_draws_today_only_inside_the_span(today, shown):
    assert (days(today=today).today_line is not None) == shown


@given(st.integers(1, 400), st.integers(-50, 450), st.integers(1, 60))
def test_calendar_never_leaves_its_track(length, offset, width):
    start = date(2026, 1, 1)
    window = Window(
        start + timedelta(offset), start + timedelta(offset + width), "done", mark_on=start + timedelta(offset)
    )
    for found in placed(days(start, start + timedelta(length), [Row("x", windows=(window,))], today=start)):
        left, wide = (Decimal(value.rstrip("%")) for value in (found.box.x, found.box.width))
        assert left >= 0
        assert left + wide <= Decimal("100.001")
        if found.mark:
            assert 0 < Decimal(found.mark.x.rstrip("%")) < 100


def test_calendar_shows_holidays_months_and_labels(render):
    window = Window(date(2026, 10, 3), date(2026, 10, 5), "failed", href="/o/1/", label="党小组会 10月 漏办")
    calendar = days(
        rows=[Row("党小组会", "罗一鸣", (window,))], holidays=(Holiday(date(2026, 10, 1), date(2026, 10, 8)),)
    )
    html = render("{% obligation_calendar calendar %}", calendar=calendar)
    assert 'aria-label="党小组会 10月 漏办"' in html
    assert html.count("cal-rest") == 2
    assert "10月" in html
    assert "今天 6日" in html


def test_legend_shows_the_six_shapes_with_words(render):
    html = render("{% obligation_legend %}")
    assert [
        word
        for word in ("已办", "迟办", "待办", "漏办", "免办", "未到期", "应办期", "宽限", "法定休假")
        if word not in html
    ] == []


def test_org_tree_marks_gap_temporary_ended_and_folds(render):
    nodes = [
        OrgNode("党委", open=True, children=(OrgNode("支部", gap="没有党员"),)),
        OrgNode("临时支部", kind="temporary", dates="3月—12月"),
        OrgNode("旧支部", kind="ended", dates="2025年12月31日"),
        OrgNode("远处", children_href="/orgs/4/children/"),
    ]
    html = render("{% org_tree nodes %}", nodes=nodes)
    assert html.count('aria-expanded="true"') == 1
    assert html.count('aria-expanded="false"') == 1
    assert html.count('role="treeitem"') == 5
    assert [
        word for word in ("没有党员", "临时", "已撤销", "/orgs/4/children/", 'aria-level="2"') if word not in html
    ] == []
