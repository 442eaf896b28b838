"""A visit on a phone: what is held first, a verdict and a finding by one tap each, its measure, and its effect a month later."""

from __future__ import annotations

from playwright.sync_api import expect

from ronghe.domain.inspections.models import Inspection
from ronghe.domain.items.models import WorkItem
from tests.browser.test_work_kinds import form, narrow, picture, tap  # noqa: F401 - the fixture
from tests.factories.inspections import Visited


def test_a_visit_on_a_phone_becomes_a_finding_a_measure_and_an_effect(empty, clock, enters, picture):  # noqa: F811
    story = Visited()
    clerk = enters(story.clerk)
    clerk.goto("/inspections/new/")
    clerk.locator("[name=body]").select_option(str(story.branch.pk))
    clerk.locator("[name=second]").select_option(str(story.auditor.pk))
    narrow(clerk)
    tap(clerk, "安排", "已安排，组员的今日里会看到。")
    visit = Inspection.objects.get()

    # It waits on the day of the other one of the group, who goes there with a phone.
    phone = enters(story.auditor)
    phone.goto("/")
    phone.get_by_role("link", name="采油一队党支部").first.click()
    phone.wait_for_url(f"**/inspections/{visit.pk}/")
    records = phone.locator("#item-records")
    records.get_by_role("button", name="不符合", exact=True).click()
    expect(records.get_by_role("alert")).to_contain_text("请写明看到了什么")
    records.locator("[name=words]").fill("缺三天的记录")
    records.get_by_role("button", name="不符合", exact=True).click()
    expect(phone.locator("#inspection-progress")).to_contain_text("1 / 5")
    records.get_by_role("button", name="列为问题").click()
    expect(records.get_by_role("link", name="已列为问题")).to_be_visible()
    for number, item in enumerate(("meetings", "joint_meetings", "problems_closed", "needs_heard"), start=2):
        phone.locator(f"#item-{item}").get_by_role("button", name="符合", exact=True).click()
        expect(phone.locator("#inspection-progress")).to_contain_text(f"{number} / 5")
    narrow(phone)
    tap(phone, "完成", "督查已完成，问题已转被督查的组织定措施。")
    expect(phone.get_by_text("80 / 100")).to_be_visible()

    # The branch settles who does what until when; whoever does it shows a picture.
    item = WorkItem.objects.get()
    secretary, member = enters(story.secretary), enters(story.member)
    secretary.goto(f"/work/items/{item.pk}/")
    settles = secretary.locator("#measure-form")
    settles.locator("[name=measure]").fill("值班干部每天核对")
    settles.locator("[name=owner]").select_option(str(story.member.pk))
    settles.locator("[name=due_on]").fill("2026-09-20")
    tap(settles, "定下措施", "措施、责任人、期限已定。")
    member.goto(f"/work/items/{item.pk}/")
    carries = form(member, "/steps/carry_out/")
    carries.locator("[name=note]").fill("三天的记录补齐了")
    carries.locator("[name=photo]").set_input_files(picture)
    tap(carries, "办完了", "已提交，到日子由别人看成效。")
    narrow(secretary, member)

    # Carrying out closes nothing: a month later somebody else sees that it has worked.
    clock.go_on(days=31)
    phone, member = enters(story.auditor), enters(story.member)
    member.goto(f"/work/items/{item.pk}/")
    expect(form(member, "/steps/shown/")).to_have_count(0)
    phone.goto("/")
    phone.get_by_text("等您看成效").first.wait_for()
    phone.get_by_role("link", name=item.title).first.click()
    shown = form(phone, "/steps/shown/")
    shown.locator("[name=note]").fill("一个月都齐全")
    tap(shown, "见效，销号", "已见效，销号。")
    narrow(phone)
    item.refresh_from_db()
    assert item.state == "closed"
