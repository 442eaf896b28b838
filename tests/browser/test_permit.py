"""A permit signed where the work is: asked for at a desk, signed on own phones and on one shared one, worked under, stopped, accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from ronghe.domain.hazards.enums import FindingGrade
from ronghe.domain.hazards.services.reporting import Report, report_hazard
from ronghe.domain.permits.enums import PermitState
from ronghe.domain.permits.models import Permit
from ronghe.domain.permits.services.codes import permit_code
from ronghe.domain.permits.services.working import watch_permits
from ronghe.domain.qualifications.models import Certificate
from ronghe.domain.risks.enums import RiskGrade
from ronghe.domain.risks.services.areas import AreaText, open_area
from ronghe.domain.risks.services.registering import RiskText, add_risk
from tests.browser.conftest import DESK
from tests.browser.test_work_kinds import form, narrow, tap
from tests.factories.permits import PermitStory, approver_of, make_story


@pytest.fixture
def site(empty, clock) -> PermitStory:
    """A site with one area and one risk in it."""
    story = make_story(clock.at)
    area = open_area(text=AreaText("脱水区"), body=story.body, actor=story.keeper, at=clock.at)
    risk = RiskText("管沟内油气积聚", RiskGrade.ORANGE, "动火前复测，机械通风", story.offices["host"])
    add_risk(area=area, text=risk, actor=story.keeper, at=clock.at)
    return story


def asks(desk: Page, story: PermitStory, at: datetime) -> Permit:
    """Ask for the lifting of a pump: what, where, when, who."""
    desk.goto(f"/field/permits/new/?site={story.site.pk}&operation=lifting")
    for name, said in {
        "what": "更换外输泵",
        "place": "外输泵房",
        "fact_mass_t": "20",
        "starts_at": f"{at:%Y-%m-%dT%H:%M}",
        "ends_at": f"{at + timedelta(hours=8):%Y-%m-%dT%H:%M}",
        "risks": "吊物坠落 | 吊装半径清人",
        "isolations": "外输泵进出口阀 | 关阀上锁",
        "area_code": "脱水区",
    }.items():
        field = desk.locator(f"[name={name}]")
        if field.count():
            field.first.fill(said)
    for name, person in {"job_leader": story.leader, "guardian": story.guardian, "briefer": story.briefer}.items():
        desk.locator(f"select[name={name}]").select_option(str(person.pk), force=True)
    desk.locator("[name=workers]").select_option([str(story.welder.pk)])
    tap(desk, "申请", "已申请，级别和审批人已算出。")
    return Permit.objects.get()


def signs(phone: Page, permit: Permit, code: str = "") -> None:
    before = permit.signatures.count()
    phone.goto(f"/field/permits/{permit.pk}/")
    if code:
        form(phone, "/sign/").first.locator("[name=code]").fill(code)
    with phone.expect_navigation():
        form(phone, "/sign/").first.get_by_role("button").click()
    assert permit.signatures.count() == before + 1


def test_a_permit_goes_through_all_hands_in_one_sitting(site, clock, enters):
    desk = enters(site.applicant, size=DESK)
    permit = asks(desk, site, clock.at)
    expect(desk.get_by_text("管沟内油气积聚：动火前复测，机械通风")).to_be_visible()
    leader, host = enters(site.leader), enters(site.offices["host"])
    signs(leader, permit)
    signs(host, permit)
    desk.reload()
    tap(desk, "提交")

    # The host verifies on site, by the code that the leader's screen shows at that moment.
    clock.go_on(minutes=20)
    leader.goto(f"/field/permits/{permit.pk}/code/")
    expect(leader.get_by_role("img", name="签字码").first).to_be_visible()
    host.goto(f"/field/permits/enter/{permit_code(permit, at=clock.at)}/")
    with host.expect_navigation():
        form(host, "/sign/").first.get_by_role("button").click()
    approver = enters(approver_of(site, permit))
    signs(approver, permit, site.site.code)
    assert Permit.objects.get().state == PermitState.APPROVED

    leader.goto(f"/field/permits/{permit.pk}/")
    while form(leader, "/measures/").count() or leader.get_by_role("button", name="已落实", exact=True).count():
        if not leader.get_by_role("button", name="已落实", exact=True).count():
            break
        tap(leader, "已落实")
    while leader.get_by_role("button", name="已隔离", exact=True).count():
        leader.locator("[name=lock_no]").first.fill("L-07")
        tap(leader, "已隔离")
    signs(enters(site.briefer), permit)
    signs(leader, permit)
    signs(enters(site.guardian), permit, site.site.code)
    leader.goto(f"/field/permits/{permit.pk}/")
    tap(leader, "开工")
    expect(leader.get_by_text("作业中").first).to_be_visible()
    narrow(leader, host, approver)

    # A major hazard beside the work stops it; so does a certificate that is no longer good.
    hazard = report_hazard(
        report=Report("法兰渗油", FindingGrade.MAJOR, permit.risk_area), actor=site.leader, at=clock.at
    )
    watch_permits(at=clock.at)
    leader.reload()
    expect(leader.get_by_text("区域里有没整改完的重大隐患：法兰渗油")).to_be_visible()
    type(hazard).objects.filter(pk=hazard.pk).update(closed_at=clock.at)
    Certificate.objects.filter(person=site.welder).update(expires_on=clock.at.date().replace(day=1))
    leader.reload()
    expect(leader.get_by_text("焊工老马：“起重机作业”证件已于")).to_be_visible()
    Certificate.objects.filter(person=site.welder).update(expires_on=clock.at.date().replace(year=2030))
    leader.reload()
    tap(leader, "恢复作业")
    assert Permit.objects.get().state == PermitState.ACTIVE


def test_one_phone_goes_from_hand_to_hand(site, clock, people):
    """Nobody else has a phone: each logs in on the same one, reads the code again, and signs with their own name."""
    desk = people.comes_in(site.applicant, size=DESK)
    permit = asks(desk, site, clock.at)
    phone = people.comes_in(site.leader)
    signs(phone, permit)
    phone.goto("/me/")
    phone.get_by_role("button", name="退出").first.click()
    phone.wait_for_url("**/login/**")
    phone.context.clear_cookies()
    host = people.comes_in(site.offices["host"])
    signs(host, permit)

    assert sorted(permit.signatures.values_list("person__name", flat=True)) == sorted([site.leader.name, "host"])
    narrow(host)
