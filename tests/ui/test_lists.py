"""Filters, sorting and paging live in the query string."""

from __future__ import annotations

import re

import pytest
from django.core.paginator import Paginator

pytestmark = pytest.mark.usefixtures("zh")


def hrefs(html: str) -> list[str]:
    return [href.replace("&amp;", "&") for href in re.findall(r'href="(\?[^"]*)"', html)]


def test_segments_mark_the_default_and_keep_other_filters(render):
    text = '{% segments name="period" options=options label="时段" default="quarter" %}'
    options = [("month", "本月"), ("quarter", "本季")]
    html = render(text, query="?owner=1&page=3", options=options)
    assert hrefs(html) == ["?owner=1&period=month", "?owner=1&period=quarter"]
    assert re.findall(r'aria-current="true">(\w+)', html) == ["本季"]
    assert re.findall(r'aria-current="true">(\w+)', render(text, query="?period=month", options=options)) == ["本月"]


def test_chip_turns_on_and_off(render):
    text = '{% chip name="owed" %}只看待办{% endchip %}'
    assert hrefs(render(text)) == ["?owed=1"]
    on = render(text, query="?owed=1")
    assert hrefs(on) == ["?"]
    assert 'class="chip chip-on"' in on


def test_chip_menu_names_the_value_in_force(render):
    text = '{% chip_menu name="who" label="谁负责" options=options %}'
    html = render(text, query="?who=2", options=[("1", "周启明"), ("2", "罗一鸣")])
    assert "<b>罗一鸣</b>" in html
    assert hrefs(html) == ["?who=1", "?"]


def test_clear_appears_with_the_first_filter_and_keeps_the_order(render):
    text = "{% filters %}x{% endfilters %}"
    assert "清除" not in render(text, query="?page=2&sort=title")
    assert hrefs(render(text, query="?owed=1&sort=title&page=2")) == ["?sort=title"]


def test_column_sorts_up_then_down(render):
    text = '{% column "到期" sort="due_at" %}'
    assert hrefs(render(text)) == ["?sort=due_at"]
    up = render(text, query="?sort=due_at&page=4")
    assert hrefs(up) == ["?sort=-due_at"]
    assert 'aria-sort="ascending"' in up
    down = render(text, query="?sort=-due_at")
    assert hrefs(down) == ["?sort=due_at"]
    assert 'aria-sort="descending"' in down


def test_column_without_sort_is_no_link(render):
    assert render('{% column "党员" num=True %}') == '<th scope="col" class="num">党员</th>'


@pytest.mark.parametrize(("count", "shown"), [(999, "999"), (1000, "1,000"), (1001, "1,000+")])
def test_pagination_counts_exactly_up_to_a_thousand(render, count, shown):
    html = render("{% pagination page %}", page=Paginator(range(count), 20).page(1))
    assert f"第 1–20 项，共 {shown} 项" in html


def test_pagination_of_nothing(render):
    assert "共 0 项" in render("{% pagination page %}", page=Paginator([], 20).page(1))


def test_pagination_keeps_the_filters(render):
    html = render("{% pagination page %}", query="?owed=1&page=2", page=Paginator(range(60), 20).page(2))
    assert hrefs(html) == ["?owed=1&page=1", "?owed=1&page=3"]


def test_filter_search_keeps_the_other_filters_but_not_the_page(render):
    html = render('{% filter_search label="搜" %}', query="?q=泵房&owed=1&page=3")
    assert 'value="泵房"' in html
    assert re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', html) == [("owed", "1")]
