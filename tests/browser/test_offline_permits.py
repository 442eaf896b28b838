"""Two phones on one permit, one of them without signal: everybody signs with the own key, and it counts once."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.permits.enums import PermitState
from ronghe.domain.permits.models import PermitSignature
from ronghe.domain.permits.services.codes import permit_code
from ronghe.domain.permits.services.requesting import change_permit, submit_permit
from tests.browser.test_offline import PIN, field_page, reported, unlock
from tests.factories.org import PASSWORD, make_account
from tests.factories.permits import PermitStory, active, fresh, issued, make_story, requested, text_of

SECOND_PIN = "481907"


@pytest.fixture
def story(emptying_here, transactional_db, clock) -> PermitStory:
    Client().get("/login/")  # the first page of a process reads all addresses; no browser waits for that
    return make_story(clock())


def opens(page, permit) -> None:
    page.goto("/offline/#/")
    page.get_by_role("link", name=permit.what).click()
    expect(page.get_by_role("heading", name=permit.what)).to_be_visible()


def signs(page, role: str, *, pin: str = PIN, code: str = "") -> None:
    page.get_by_role("button", name=f"签“{role}”").click()
    if code:
        page.fill("[name=code]", f"http://x/permits/enter/{code}/")
        page.get_by_role("button", name="确认").click()
    asked = page.locator("dialog [name=pin]")
    page.wait_for_timeout(300)
    if asked.count():
        asked.fill(pin)
        page.get_by_role("button", name="打开", exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)


def arrives(page, count: int) -> None:
    """Wait until the platform has taken so many signatures: a phone reports by itself, and nothing to report is no sign of it."""
    for _ in range(75):
        if PermitSignature.objects.count() >= count:
            break
        page.wait_for_timeout(200)
    assert PermitSignature.objects.count() == count
    reported(page)


def joins(page, people, person, pin: str) -> None:
    """Somebody else comes in on the same phone once and sets a PIN; the one before comes back."""
    account = person.account or make_account(person)
    page.goto("/me/")
    page.locator("form[action='/logout/'] button").last.click()
    page.wait_for_url("**/login/**")
    page.fill("[name=login]", account.login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto("/offline/")
    page.fill("[name=pin]", pin)
    page.fill("[name=again]", pin)
    page.fill("[name=name]", "3号防爆手机")
    page.get_by_role("button", name="设好口令").click()
    expect(page.get_by_role("heading", name="今天的现场")).to_be_visible()


def test_two_phones_co_sign_one_permit_one_of_them_cut_off(story, people, clock):
    permit = requested(story, clock())
    leader, host = field_page(people, story.leader), field_page(people, story.offices["host"])
    leader.context.set_offline(True)
    opens(leader, permit)
    signs(leader, "危害分析（作业方）")
    expect(leader.get_by_text("存在本机").first).to_be_visible()

    opens(host, permit)
    signs(host, "危害分析（属地方）")
    arrives(host, 1)
    assert list(PermitSignature.objects.values_list("role", flat=True)) == ["risk_host"]
    assert fresh(permit).state == PermitState.DRAFT

    clock.go_on(minutes=20)  # the host's session still lives: without one the day is not fetched anew
    leader.context.set_offline(False)
    arrives(leader, 2)
    leader.evaluate("window.dispatchEvent(new Event('online'))")
    leader.wait_for_timeout(800)

    rows = {row.role: row for row in PermitSignature.objects.all()}
    assert set(rows) == {"risk_host", "risk_builder"}
    assert rows["risk_builder"].received_at > rows["risk_builder"].signed_at
    assert set(ReceivedAct.objects.values_list("state", flat=True)) == {"taken"}
    assert fresh(permit).state == PermitState.ANALYSED

    submit_permit(permit=fresh(permit), actor=story.applicant, at=clock())
    host.reload()
    opens(host, permit)
    expect(host.get_by_text("待现场核查")).to_be_visible()  # the day and the clock of now are on the phone
    host.context.set_offline(True)
    code = permit_code(permit, at=clock())
    signs(host, "现场核查", code=code)
    clock.go_on(hours=1)
    host.context.set_offline(False)
    arrives(host, 3)
    assert ReceivedAct.objects.filter(state="refused").values_list("code", "done_at", "device_at").first() is None
    assert PermitSignature.objects.get(role="verifier").is_on_site
    assert fresh(permit).state == PermitState.VERIFIED


def test_several_people_sign_one_after_another_on_one_phone(story, people, clock):
    permit = requested(story, clock())
    page = field_page(people, story.offices["host"])
    joins(page, people, story.leader, SECOND_PIN)
    page.context.set_offline(True)
    opens(page, permit)
    signs(page, "危害分析（作业方）", pin=SECOND_PIN)
    page.get_by_role("link", name="换人签").click()
    page.get_by_role("button", name="host", exact=True).click()
    page.get_by_role("button", name="签“危害分析（属地方）”").click()
    page.fill("dialog [name=pin]", SECOND_PIN)
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_text("口令不对")).to_be_visible()
    unlock(page)
    expect(page.get_by_text("host · 存在本机")).to_be_visible()
    expect(page.get_by_text("2 项存在本机")).to_be_visible()
    page.context.set_offline(False)
    arrives(page, 2)

    ways = {row.role: (row.person.name, row.way) for row in PermitSignature.objects.select_related("person")}
    assert ways == {"risk_builder": ("吴凯", "own_phone"), "risk_host": ("host", "shared_phone")}
    assert len(set(PermitSignature.objects.values_list("signing_key", flat=True))) == 2
    assert fresh(permit).state == PermitState.ANALYSED


def test_text_that_changed_meanwhile_is_shown_refused_and_work_is_stopped_late(story, people, clock):
    permit, going = requested(story, clock(), what="换阀"), active(story, clock())
    page = field_page(people, story.leader)
    page.context.set_offline(True)
    opens(page, permit)
    signs(page, "危害分析（作业方）")
    opens(page, going)
    page.get_by_role("link", name="叫停作业").click()
    page.fill("[name=note]", "有油味")
    page.get_by_role("button", name="叫停作业").click()
    expect(page.get_by_role("heading", name=going.what)).to_be_visible()
    change_permit(
        permit=permit, text=text_of(story, clock(), place="换热区", what="换阀"), actor=story.applicant, at=clock()
    )
    page.context.set_offline(False)
    expect(page.get_by_text("1 项没有收下").first).to_be_visible()
    page.goto("/offline/#/kept")
    expect(page.get_by_text("PW-08").first).to_be_visible()
    assert fresh(going).state == PermitState.SUSPENDED
    assert not PermitSignature.objects.filter(permit=permit).exists()


def test_gas_and_measures_are_recorded_without_signal(story, people, clock):
    permit = issued(story, clock())
    page = field_page(people, story.tester)
    page.context.set_offline(True)
    opens(page, permit)
    page.get_by_role("button", name="已落实").first.click()
    unlock(page)
    page.get_by_role("link", name="记气体检测").click()
    for name in page.locator("input[name^=value_][required]").all():
        name.fill("0.1")
    page.fill("[name=value_methane]", "0.1")
    page.fill("[name=place]", "管口")
    page.get_by_role("button", name="存在本机").click()
    expect(page.get_by_text("1 次检测存在本机")).to_be_visible()
    page.context.set_offline(False)
    reported(page)
    assert permit.gas_tests.count() == 1
    assert permit.measures.filter(state="done").count() == 1
