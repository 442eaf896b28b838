"""“4+1”: a task force under its agreement, its morning on a phone in order with somebody late, and its three outcomes."""

from __future__ import annotations

import pytest

from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.sitemeetings.models import SiteChain
from ronghe.domain.taskforces.enums import ForceState
from ronghe.domain.taskforces.models import TaskForce
from tests.browser.conftest import DESK
from tests.factories.taskforces import ForceStory, make_force_story

HAZARDS = "吊装：划警戒区\n触电：断电挂牌"


@pytest.fixture
def field(emptying_here, transactional_db, clock) -> ForceStory:
    return make_force_story(at=clock.at)


def test_a_task_force_from_its_proposal_to_its_outcomes(field, people, clock):
    secretary = people.comes_in(field.secretary, size=DESK)
    _found(field, people, secretary)

    leader, member = people.comes_in(field.leader), people.comes_in(field.members[0])
    _hold_the_morning(field, people, leader, member, clock)

    # The point is resolved by who is in charge of it, on the phone.
    member.goto("/taskforces/points/?mine=1")
    member.get_by_role("link", name="老站仪表协议不统一").click()
    member.get_by_text("已经解决").click()
    member.fill("#resolve-form [name=result]", "加装协议转换网关")
    member.get_by_role("button", name="办结难点").click()
    member.get_by_text("难点已办结").wait_for()

    # The three outcomes, then the end.
    force = TaskForce.objects.get()
    secretary.goto(f"/taskforces/{force.pk}/")
    secretary.get_by_role("button", name="进入收尾总结").click()
    secretary.get_by_text("正在收尾总结").wait_for()
    for kind in ("team", "experience", "brand"):
        box = secretary.locator(f"form[action$='/outcomes/{kind}/']")
        box.locator(f"[name='{kind}-text']").fill(f"写明 {kind}")
        box.get_by_role("button", name="存下").click()
        secretary.get_by_text(f"写明 {kind}").first.wait_for()
    secretary.get_by_role("button", name="结束小组").click()
    secretary.locator("dialog[open]").get_by_role("button", name="结束小组").click()
    secretary.get_by_text("小组已结束").wait_for()

    force.refresh_from_db()
    assert (force.state, force.outcomes.count()) == (ForceState.CLOSED, 3)


def _found(field, people, secretary) -> None:
    """Propose, fix one point four times over, approve, start."""
    secretary.goto("/taskforces/")
    secretary.get_by_role("link", name="成立小组").first.click()
    secretary.get_by_text("意向书已生效").wait_for()
    secretary.select_option("[name=leader]", str(field.leader.pk))
    for person in field.members:
        secretary.check(f"[name=people][value='{person.pk}']")
    secretary.get_by_role("button", name="报党群部门批准").click()
    secretary.get_by_text("已报党群部门批准").wait_for()

    secretary.get_by_role("link", name="提出难点").first.click()
    secretary.fill("[name=title]", "老站仪表协议不统一")
    secretary.select_option("[name=in_charge]", str(field.members[0].pk))
    secretary.fill(f"[name=duty_{field.members[0].pk}]", "现场调试")
    secretary.fill("[name=goal]", "数据全部上传")
    secretary.fill("[name=due_on]", "2026-09-30")
    secretary.get_by_role("button", name="提出难点").click()
    secretary.get_by_text("已齐").wait_for()

    clerk = people.comes_in(field.clerk, size=DESK)
    clerk.get_by_text("攻关党小组等您批准").click()
    clerk.get_by_role("button", name="批准").click()
    clerk.get_by_text("小组成立").wait_for()

    secretary.goto(f"/taskforces/{TaskForce.objects.get().pk}/")
    secretary.select_option("[name=playbook]", "")
    secretary.get_by_role("button", name="启动攻关").click()
    secretary.get_by_text("攻关启动").wait_for()


def _hold_the_morning(field, people, leader, member, clock) -> None:
    """Group meeting, safety briefing, technical briefing on phones; one comes after the group meeting."""
    leader.goto("/rhythm/site-meetings/")
    leader.get_by_role("link", name="开今天的三会").first.click()
    leader.fill("[name=place]", "仪陇站工艺区")
    leader.fill("[name=study]", "安全生产重要论述")
    leader.fill("[name=safety_text]", HAZARDS)
    leader.fill("[name=technical_text]", "先断旧仪表，再接网关")
    leader.get_by_role("button", name="开党小组会").click()
    leader.wait_for_url("**/rhythm/site-meetings/*/")
    chain = SiteChain.objects.get()
    assert leader.get_by_text("党小组会结束后").is_visible()

    _sign(leader, field.leader.name)
    member.goto(f"/rhythm/site-meetings/{chain.pk}/")
    _sign(member, field.members[0].name)
    leader.reload()
    leader.get_by_role("button", name="人全部三定").click()
    leader.get_by_text("三定已逐人确认").wait_for()
    _close_and_open(leader, "党小组会", "安全交底会")

    # Somebody comes late: told, signs with the card, and may work only when everything is signed.
    late = field.members[2]
    leader.get_by_text("记到场、记迟到的人").click()
    leader.locator(".site-note li").filter(has_text=late.name).get_by_role("button", name="到了").click()
    row = leader.locator(".site-person").filter(has_text=late.name)
    row.get_by_text("未交底：党小组会").wait_for()
    row.get_by_role("button", name="我已补交底").click()
    row.get_by_text("待本人签字").wait_for()
    for title, following in (("安全交底会", "技术交底会"), ("技术交底会", "")):
        _sign(leader, field.leader.name)
        member.reload()
        _sign(member, field.members[0].name)
        leader.goto(f"/rhythm/site-meetings/{chain.pk}/card/")
        leader.locator("[data-scanner-code]").fill(member_card(late))
        leader.get_by_role("button", name="确认").click()
        leader.get_by_text(f"{late.name}已签字。").wait_for()
        leader.goto(f"/rhythm/site-meetings/{chain.pk}/")
        clock.go_on(minutes=5)
        _close_and_open(leader, title, following)

    leader.get_by_text("可以上岗 3 / 3").wait_for()
    width = leader.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def _sign(page, name: str) -> None:
    page.get_by_role("button", name=f"我是{name}，签字").click()
    page.get_by_role("button", name=f"我是{name}，签字").wait_for(state="detached")


def _close_and_open(page, title: str, following: str) -> None:
    page.get_by_role("button", name=f"结束{title}").click()
    if following:
        page.get_by_role("button", name=f"开{following}").click()
        page.get_by_role("button", name=f"结束{following}").wait_for()
