"""A secretary splits the branch at a desk: solve, carry somebody over, see the broken rule, put back, decide, carry out."""

from __future__ import annotations

from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Membership
from ronghe.domain.regrouping.models import GroupingProposal
from ronghe.domain.regrouping.services.solving import search
from tests.browser.conftest import DESK
from tests.factories.org import make_post
from tests.factories.regrouping import make_area, make_proposal, make_regrouping


def test_a_branch_is_split_from_solving_to_carrying_out(emptying_here, transactional_db, clock, people):
    area = make_area()
    judge = area.crew[5]
    make_post(judge, PostRole.COMMITTEE_MEMBER, body=area.branch)

    page = people.comes_in(area.secretary, size=DESK)
    page.goto("/org/")
    page.get_by_role("link", name="划分党小组").click()
    page.get_by_role("link", name="着手划分").first.click()
    page.locator("[name=whole_area]").uncheck()
    page.fill("[name=group_count]", "2")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="求解").click()
    page.get_by_text("求解中").first.wait_for()
    search(proposal=GroupingProposal.objects.get(letter="A"), at=clock())  # what the worker beside the pages does
    page.get_by_text("能单独管一片", exact=True).first.wait_for()

    guards = page.locator("[data-group='0'] [data-person]", has_text="管护")
    assert guards.count() == 2
    name = guards.first.locator(".p-name").inner_text()
    guards.first.drag_to(page.locator("[data-group='1'] .g-people"))
    page.get_by_text("第一党小组不能单独管一片").wait_for()
    assert page.get_by_text("只有 1 人，少于 2 人").first.is_visible()
    assert page.get_by_role("button", name="报支委会研究").is_disabled()
    assert page.locator("[data-group='1']").get_by_text(name, exact=True).is_visible()
    page.get_by_role("button", name="放回").click()
    page.locator("[data-group='0']").get_by_text(name, exact=True).wait_for()

    # With the keys: what the move would do is shown, and nothing is kept.
    page.locator("[data-group='0'] [data-person]", has_text="管护").first.locator("[data-grip]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.locator("#drag-banner").get_by_text("少于 2 人").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#drag-banner .banner").wait_for(state="detached")

    page.get_by_role("button", name="报支委会研究").click()
    page.get_by_text("报支委会研究。").wait_for()

    decider = people.comes_in(judge, size=DESK)
    decider.goto(page.url)
    decider.get_by_role("button", name="记下研究通过").click()
    decider.get_by_text("已记下支委会研究结果").wait_for()

    page.reload()
    page.get_by_role("button", name="现在执行").click()
    page.get_by_text("党小组、成员和组长都已记入").wait_for()

    assert set(Membership.objects.filter(body=area.branch, valid_until=None).values_list("group__name", flat=True)) == {
        "第一党小组", "第二党小组",
    }  # fmt: skip
    page.goto("/org/")
    assert page.get_by_text("第二党小组").first.is_visible()


def test_on_a_phone_a_person_is_moved_from_the_menu(emptying_here, transactional_db, clock, people):
    area = make_area()
    proposal = make_proposal(make_regrouping(area, clock()), area, clock())

    page = people.comes_in(area.secretary)
    page.goto(f"/org/regrouping/{proposal.regrouping_id}/")
    guard = page.locator("[data-group='0'] [data-person]", has_text="管护").first
    name = guard.locator(".p-name").inner_text()
    guard.locator("summary").click()
    guard.get_by_role("link", name="移到第二党小组").click()
    page.get_by_text(f"{name}移到第二党小组，有规定不合").wait_for()
    assert page.get_by_text(f"{name} 原在这里").is_visible()
    assert GroupingProposal.objects.filter(letter="B").count() == 0

    page.get_by_role("button", name="就这样放").click()
    page.get_by_text("第一党小组不能单独管一片").wait_for()
    assert GroupingProposal.objects.filter(letter="B").count() == 1
