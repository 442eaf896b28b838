"""The menu holds only what the reader has, and knows where the page stands."""

from __future__ import annotations

import re

import pytest
from django.test import RequestFactory, override_settings
from django.urls import include, path

from ronghe.ui import menu

pytestmark = [pytest.mark.usefixtures("zh"), pytest.mark.urls(__name__)]


def answer(request, **_kwargs):
    raise AssertionError


web_patterns = (
    [
        path("", answer, name="today"),
        path("zones/", answer, name="zones"),
        path("playbooks/", answer, name="playbooks"),
        path("tasks/", answer, name="tasks"),
        path("administration/", answer, name="administration"),
        path("me/", answer, name="me"),
    ],
    "web",
)
urlpatterns = [path("", include(web_patterns))]


def at(address: str, **more) -> list[menu.Entry]:
    return menu.entries(RequestFactory().get(address), **more)


def test_items_without_a_page_are_absent():
    assert [entry.item.id for entry in at("/")] == ["today", "zones", "tasks", "me"]


def test_items_the_reader_has_nothing_in_are_absent():
    assert [entry.item.id for entry in at("/", hidden={"tasks"})] == ["today", "zones", "me"]


def test_administration_is_shown_only_when_asked_for():
    assert "administration" in [entry.item.id for entry in at("/", asked={"administration"})]


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", ["today"]),
        ("/zones/", ["zones"]),
        ("/zones/7/huddles/", ["zones"]),
        ("/playbooks/3/", ["zones"]),
        ("/zonesque/", []),
        ("/gallery/", []),
    ],
)
def test_current_item_is_the_longest_beginning_of_the_address(address, current):
    assert [entry.item.id for entry in at(address) if entry.current] == current


def test_current_item_can_be_named_by_the_page():
    assert [entry.item.id for entry in at("/gallery/", current="tasks") if entry.current] == ["tasks"]


def test_counts_are_what_the_reader_owes():
    assert {entry.item.id: entry.owed for entry in at("/", owed={"tasks": 4})} == {
        "today": 0,
        "zones": 0,
        "tasks": 4,
        "me": 0,
    }


def test_groups_keep_the_order_and_leave_the_phone_places_out():
    found = menu.groups(at("/"))
    assert [(group.label, [entry.label for entry in group.entries]) for group in found] == [
        ("", ["今日"]),
        ("组织与共建", ["共建"]),
        ("推进", ["攻关"]),
    ]


def test_side_menu_marks_the_page_and_shows_what_is_owed(render):
    html = render("{% side_menu %}", owed={"tasks": 4}, menu_current="tasks")
    assert re.findall(r'aria-current="page"[^>]*>.*?</svg>(\w+)', html) == ["攻关"]
    assert "我的待办</span> 4" in html


def test_tab_bar_holds_the_phone_places(render):
    assert re.findall(r"</svg>(\w+)", render("{% tab_bar %}")) == ["今日", "攻关", "我的"]


def test_top_bar_without_a_reader_offers_no_reader_acts(render):
    html = render("{% top_bar title=name %}", name="登录")
    assert "退出" not in html
    assert "演示数据" not in html


@override_settings(LANGUAGE_CODE="zh-hans")
def test_top_bar_shows_the_demo_mark_and_the_reader(render):
    class Actor:
        name = "韩雪松"

    html = render("{% top_bar %}", actor=Actor(), is_demo=True, actor_post="支部书记")
    assert "演示数据" in html
    assert "<b>韩雪松</b><small>支部书记</small>" in html
