"""Four sides on one sheet: issued, agreed to on phones, and one changed row that voids one word."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.browser.test_work_kinds import narrow, tap
from tests.factories.duties import make_duties


def test_four_sides_agree_to_a_sheet_and_a_changed_row_voids_one_word(empty, clock, enters):
    story = make_duties(clock.at, rows=2)
    here = f"/work/duties/{story.sheet.pk}/"
    keeper, builder, watcher = (
        enters(story.lead, size=DESK),
        enters(story.people["builder"]),
        enters(story.people["supervision"]),
    )
    keeper.goto(here)
    tap(keeper, "发布清单")
    keeper.get_by_text("第 1 版已发布，请各方确认。").wait_for()
    for phone in (builder, watcher):
        phone.goto("/work/duties/")
        phone.get_by_text("等您确认").wait_for()
        phone.get_by_role("link", name=story.zone.name).click()
        tap(phone, "确认签字")
        phone.get_by_text("已代表").wait_for()
        expect(phone.get_by_role("button", name="确认签字")).to_have_count(0)
    expect(builder.locator("#rows tbody tr")).to_have_count(2)
    expect(watcher.locator("#rows tbody tr")).to_have_count(1)

    keeper.goto(here)
    keeper.get_by_role("link", name="第2条责任").click()
    keeper.locator("[name=part_management]").select_option("inform")
    tap(keeper, "存下")
    keeper.get_by_text("第 1 版以后改了 1 条").wait_for()
    side = keeper.locator(".duty-side")
    expect(side.filter(has_text="李江")).to_contain_text("第 2 条改了")
    expect(side.filter(has_text="何春")).to_contain_text("已确认")
    tap(keeper, "发布清单")
    builder.reload()
    builder.get_by_text("您确认过以后第 2 条改了，原来的确认已失效。").wait_for()
    tap(builder, "确认签字")
    watcher.reload()
    expect(watcher.get_by_role("button", name="确认签字")).to_have_count(0)
    narrow(builder, watcher)
