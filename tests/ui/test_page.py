"""Heads, cards, banners, dialogs, toasts."""

from __future__ import annotations

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.template import Context, Template
from django.test import RequestFactory

from ronghe.ui import toasts

pytestmark = pytest.mark.usefixtures("zh")


@pytest.fixture
def request_with_messages():
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    return request


def test_done_message_becomes_a_toast_with_undo(request_with_messages):
    toasts.done(request_with_messages, "已领办“联调”。", undo="/tasks/3/release/")
    html = Template("{% load ui %}{% toasts %}").render(
        Context({"request": request_with_messages, "csrf_token": "abc"})
    )
    assert "已领办“联调”。" in html
    assert 'action="/tasks/3/release/"' in html
    assert 'value="abc"' in html
    assert 'role="status"' in html


def test_refused_message_interrupts_and_cannot_be_undone(request_with_messages):
    toasts.refused(request_with_messages, "丁一帆刚才已领办这一项。")
    html = Template("{% load ui %}{% toasts %}").render(Context({"request": request_with_messages}))
    assert 'role="alert"' in html
    assert "撤销" not in html


@pytest.mark.parametrize(("assertive", "role"), [("False", "status"), ("True", "alert")])
def test_banner_says_how_urgent_it_is(render, assertive, role):
    html = render('{% banner state="failed" title="停。" assertive=' + assertive + " %}换人。{% endbanner %}")
    assert f'role="{role}"' in html
    assert "st-failed" in html


def test_offline_banner_goes_through_its_three_states(render):
    assert "6 项存在本机" in render('{% offline_banner kept=6 since="07:51" %}')
    assert "正在上报 4/6" in render('{% offline_banner kept=6 since="07:51" sending=4 %}')
    refused = render('{% offline_banner kept=6 since="07:51" refused=1 %}')
    assert "1 项没有收下" in refused
    assert 'role="alert"' in refused


def test_dialog_is_named_by_its_title_and_closes_without_acting(render):
    html = render(
        '{% dialog id="seal" title="封存" %}后果{% dialog_foot %}{% button %}封存{% endbutton %}{% enddialog_foot %}{% enddialog %}'
    )
    assert 'id="seal" aria-labelledby="seal-title"' in html
    assert '<button class="btn btn-normal" type="button" data-dialog-close>先不</button>' in html


def test_empty_names_the_filters_in_force(render):
    assert "四季度、只看超期" in render('{% empty why="没有。" filters="四季度、只看超期" %}{% endempty %}')


def test_qr_is_drawn_in_the_page_with_a_label(render):
    html = render('{% qr "https://example.org/" label="签到码" %}')
    assert 'role="img" aria-label="签到码"' in html
    assert "<svg" in html
    assert "style=" not in html


def test_crumb_without_address_is_text(render):
    assert '<a href="/zones/">共建</a>' in render('{% crumb "共建" href="/zones/" %}')
    assert "<span>协作区</span>" in render('{% crumb "协作区" %}')


def test_card_head_leaves_its_right_side_out_when_empty(render):
    assert "card-more" not in render('{% card_head title="制度" %}{% endcard_head %}')
    assert "card-more" in render('{% card_head title="制度" %}4 张{% endcard_head %}')


def test_messages_of_a_fragment_go_to_the_toasts_of_the_page(request_with_messages):
    toasts.done(request_with_messages, "已签到。")
    html = Template('{% include "ui/_messages.html" %}').render(Context({"request": request_with_messages}))
    assert html.startswith('<div hx-swap-oob="beforeend:#toasts">')
    assert "已签到。" in html
