"""A member's badge: nothing is shown until its bearer says so, nothing after it is withdrawn, and a lost one is dead (PI-01)."""

from __future__ import annotations

import pytest

from ronghe.domain.shows.models import Badge
from tests.factories.carriers import make_story
from tests.factories.shows import make_post


@pytest.fixture
def place(emptying_here, transactional_db, clock):
    return make_story(clock.at, with_teams=False)


def test_a_badge_is_shown_withdrawn_and_renewed(place, people, clock, browser, live_server):
    make_post(place, clock.at)
    phone = people.comes_in(place.captain)
    anybody = browser.new_context(locale="zh-CN").new_page()

    phone.goto("/shows/card/")
    phone.get_by_role("button", name="发放胸牌").click()
    phone.get_by_text("已发放，可以打印。").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    public = f"{live_server.url}/badge/{Badge.objects.get().token}/"
    anybody.goto(public)
    anybody.get_by_text("本人没有同意公开").first.wait_for()

    phone.get_by_label("承诺和兑现情况").check()
    phone.get_by_role("button", name="同意公开").click()
    phone.get_by_text("已同意，扫胸牌的人能看到所选内容。").wait_for()
    anybody.goto(public)
    anybody.get_by_text("票证差错为零").wait_for()
    assert anybody.get_by_text(place.captain.name).count() == 0

    phone.get_by_role("button", name="撤回，什么都不公开").click()
    phone.get_by_text("已撤回").wait_for()
    anybody.goto(public)
    assert anybody.get_by_text("票证差错为零").count() == 0

    phone.get_by_role("link", name="胸牌丢了，换发").click()
    phone.locator("[name=reason]").fill("胸牌丢失")
    phone.get_by_role("button", name="换发").click()
    phone.get_by_text("已换发，旧胸牌停用").wait_for()
    assert anybody.goto(public).status == 410
    anybody.get_by_text("已停用").first.wait_for()
