"""The phone without signal: the day taken along, a huddle held, everything reported once, a conflict shown."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.codes import member_card, sign_in_code
from ronghe.kernel.facts.models import Fact

PIN = "306192"

NEWER_THAN_86 = """
for (const [owner, names] of [
  [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with', 'group']],
  [String.prototype, ['at', 'isWellFormed', 'toWellFormed']],
  [Object, ['hasOwn', 'groupBy']], [Map, ['groupBy']], [Promise, ['withResolvers', 'try']], [Array, ['fromAsync']],
  [Crypto.prototype, ['randomUUID']], [Element.prototype, ['setHTMLUnsafe', 'checkVisibility', 'togglePopover']],
  [HTMLElement.prototype, ['showPopover', 'hidePopover', 'inert']], [Navigator.prototype, ['userAgentData', 'virtualKeyboard']],
  [AbortSignal, ['timeout', 'any', 'abort']], [Response, ['json']], [URL, ['canParse', 'parse']],
  [Document.prototype, ['startViewTransition']], [Set.prototype, ['union', 'intersection', 'difference', 'isSubsetOf']],
  [IDBTransaction.prototype, ['commit_']], [Uint8Array, ['fromBase64', 'fromHex']], [Uint8Array.prototype, ['toHex', 'toBase64', 'at']],
  [Intl, ['Segmenter', 'DurationFormat', 'supportedValuesOf']], [window, ['structuredClone', 'scheduler', 'navigation', 'reportError',
    'CompressionStream', 'Sanitizer', 'EyeDropper', 'BarcodeDetector', 'URLPattern', 'Highlight', 'trustedTypes_']],
]) for (const name of names) { try { delete owner[name]; } catch (refused) { /* not configurable */ } }
"""
"""What browsers learnt after October 2020; whoever uses one of them fails here as on the oldest phone."""


def field_page(people, person):
    """Come in, go to the page, set the PIN; the worker then answers for the whole site."""
    page = people.comes_in(person)
    page.goto("/offline/")
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.fill("[name=name]", "3号防爆手机")
    page.get_by_role("button", name="设好口令").click()
    expect(page.get_by_role("heading", name="今天的现场")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    expect(page.get_by_role("heading", name="今天的现场")).to_be_visible()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    return page


def unlock(page) -> None:
    page.fill("dialog [name=pin]", PIN)
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)


def hold_a_huddle(page, story) -> None:
    """Everything that a lead does in a morning, on a page that has no way to the server."""
    page.get_by_role("button", name="开早碰头", exact=True).click()
    unlock(page)
    expect(page.get_by_role("heading", name="早碰头")).to_be_visible()
    page.get_by_role("button", name="我到了").click()
    page.get_by_role("button", name=f"{story.members[0].name}到了", exact=True).click()
    expect(page.get_by_text("存在本机").first).to_be_visible()
    page.get_by_role("button", name=f"{story.members[2].name}请假").click()
    page.select_option("[name=leave_kind]", "sick")
    page.get_by_role("button", name="存在本机").click()
    page.get_by_role("button", name="扫党员卡").click()
    page.fill("[name=code]", member_card(story.members[1]))
    page.get_by_role("button", name="确认").click()
    page.get_by_role("button", name="记一项").click()
    page.fill("[name=topic]", "南侧动火点警戒")
    page.fill("[name=notes]", "先测可燃气，再动火")
    page.get_by_role("button", name="存在本机").click()
    expect(page.get_by_text("1. 南侧动火点警戒")).to_be_visible()


def reported(page) -> None:
    expect(page.locator("#main[data-kept='0']")).to_be_visible()


def test_a_huddle_held_without_signal_is_reported_once(story, people, clock):
    page = field_page(people, story.lead)
    clock.go_on(minutes=5)
    page.context.set_offline(True)
    page.goto("/zones/")
    expect(page.get_by_text("无信号")).to_be_visible()
    page.goto("/offline/")

    hold_a_huddle(page, story)
    expect(page.get_by_text("6 项存在本机")).to_be_visible()
    page.reload()
    expect(page.get_by_text("6 项存在本机")).to_be_visible()
    page.get_by_role("button", name="结束早碰头").click()
    page.locator("dialog").get_by_role("button", name="结束", exact=True).click()
    unlock(page)
    expect(page.get_by_text("7 项存在本机")).to_be_visible()
    assert (Activity.objects.count(), ReceivedAct.objects.count()) == (0, 0)

    page.context.set_offline(False)
    reported(page)

    assert list(ReceivedAct.objects.order_by("number").values_list("state", "reason")) == [("taken", "")] * 7
    huddle = Activity.objects.get()
    assert (huddle.state, huddle.present_count, huddle.expected_count) == ("closed", 3, 4)
    assert dict(Attendance.objects.values_list("person__name", "status")) == {
        "刘丽萍": "present", story.members[0].name: "present", story.members[1].name: "present",
        story.members[2].name: "leave",
    }  # fmt: skip
    assert AgendaItem.objects.get().notes == "先测可燃气，再动火"
    assert Fact.objects.filter(kind="rhythm.activity_closed").count() == 1
    expect(page.get_by_text("已结束").first).to_be_visible()
    page.goto("/offline/#/")
    expect(page.get_by_role("link", name="早碰头")).to_contain_text("已结束")


def test_answers_that_were_lost_are_asked_for_again(story, people, clock):
    page = field_page(people, story.lead)
    page.context.set_offline(True)
    hold_a_huddle(page, story)

    def lost(route) -> None:
        route.fetch()  # the server takes it
        route.abort()  # and the phone never learns

    page.route("**/api/v1/offline/acts", lost)
    page.context.set_offline(False)
    page.wait_for_timeout(1500)
    assert ReceivedAct.objects.count() == 6
    page.unroute("**/api/v1/offline/acts")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    reported(page)

    assert ReceivedAct.objects.filter(state="taken").count() == 6
    assert (Activity.objects.count(), AgendaItem.objects.count()) == (1, 1)
    people.complaints.clear()  # the browser notes what the test broke off


def test_a_huddle_opened_by_two_is_shown_and_joined(story, people, clock):
    page = field_page(people, story.lead)
    page.context.set_offline(True)
    hold_a_huddle(page, story)
    open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=clock())

    page.context.set_offline(False)
    expect(page.get_by_text("1 项没有收下").first).to_be_visible()
    assert Attendance.objects.count() == 0
    page.goto("/offline/#/kept")
    expect(page.get_by_text("已经有了").first).to_be_visible()
    page.get_by_role("button", name="并入已有的那一场").click()
    expect(page.get_by_text("今天已上报")).to_be_visible()
    reported(page)

    assert set(ReceivedAct.objects.values_list("state", flat=True)) == {"taken"}
    assert Attendance.objects.filter(status="present").count() == 3
    assert Activity.objects.get().chair == story.secretary


def test_what_was_not_reported_yet_can_be_voided(story, people, clock):
    page = field_page(people, story.lead)
    page.context.set_offline(True)
    hold_a_huddle(page, story)
    page.goto("/offline/#/kept")
    page.get_by_role("button", name="作废代记到会").click()
    page.locator("dialog").get_by_role("button", name="作废").click()
    expect(page.get_by_text("上报前作废 · 代记到会")).to_be_visible()
    page.context.set_offline(False)
    reported(page)

    assert list(ReceivedAct.objects.order_by("number").values_list("kind", "state"))[2] == ("tick", "voided")
    assert not Attendance.objects.filter(person=story.members[0]).exists()


def test_a_member_signs_in_with_the_code_that_was_on_the_screen(story, people, clock):
    huddle = open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.lead, at=clock())
    page = field_page(people, story.members[0])
    page.context.set_offline(True)
    page.get_by_role("link", name="早碰头").click()
    page.get_by_role("button", name="扫签到码").click()
    page.fill("[name=code]", "http://x/s/" + sign_in_code(huddle, at=clock()))
    page.get_by_role("button", name="确认").click()
    unlock(page)
    expect(page.get_by_text("您已签到")).to_be_visible()
    clock.go_on(hours=3)
    page.context.set_offline(False)
    reported(page)

    [row] = Attendance.objects.all()
    assert (row.person, row.way) == (story.members[0], "own_phone")


def test_wrong_pins_wait_longer_and_the_tenth_wipes_the_key(story, people, clock):
    page = field_page(people, story.lead)
    tries = page.evaluate(
        """async (pin) => {
          const { keys, store } = rongheOffline;
          const person = (await store.one("state", "person")).id;
          const told = [];
          for (let n = 0; n < 10; n += 1) {
            const row = await store.one("keys", person);
            await store.put("keys", { ...row, until: 0 });
            told.push(await keys.unlock(person, "000000"));
          }
          told.push(await keys.unlock(person, pin));
          return told;
        }""",
        PIN,
    )

    assert [one.get("left") for one in tries] == [9, 8, 7, 6, 5, 4, 3, 2, 1, None, None]
    assert [one.get("wait", 0) // 1000 for one in tries[:9]] == [0, 0, 30, 120, 600, 3600, 3600, 3600, 0]
    assert tries[9:] == [{"wiped": True}] * 2


def test_private_key_never_leaves_and_is_kept_wrapped(story, people, clock):
    page = field_page(people, story.lead)
    kept = page.evaluate(
        """async () => {
          const [row] = await rongheOffline.store.all("keys");
          const raw = await crypto.subtle.exportKey("raw", row.chest).catch((error) => error.name);
          return { fields: Object.keys(row).sort(), raw, bytes: row.wrapped.byteLength };
        }"""
    )

    assert kept["raw"] == "InvalidAccessError"
    assert kept["bytes"] > 138  # PKCS #8 of a P-256 key and two tags
    assert Device.objects.get().key == page.evaluate("rongheOffline.store.all('keys').then(([row]) => row.key)")


def test_leaving_takes_names_off_the_phone_and_keeps_what_is_unreported(story, people, clock):
    page = field_page(people, story.lead)
    page.context.set_offline(True)
    page.get_by_role("button", name="开早碰头", exact=True).click()
    unlock(page)
    page.route("**/api/v1/offline/acts", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/me/")
    page.locator("form[action='/logout/'] button").last.click()
    page.wait_for_url("**/login/**")
    page.goto("/offline/")

    expect(page.get_by_text("先在有信号的地方登录一次")).to_be_visible()
    left = page.evaluate(
        "async () => [(await rongheOffline.store.all('snapshots')).length, (await rongheOffline.store.all('acts')).length]"
    )
    assert left == [0, 1]
    names = page.evaluate(
        "async () => { const found = []; for (const name of await caches.keys())"
        " for (const one of await (await caches.open(name)).keys())"
        " found.push(await (await caches.match(one)).text()); return found.join('') }"
    )
    assert "刘丽萍" not in names
    people.complaints.clear()


def test_app_can_be_installed(story, people, clock):
    page = field_page(people, story.lead)
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())")
    assert (manifest["short_name"], manifest["display"], manifest["start_url"]) == ("融合", "standalone", "/offline/")
    sizes = [
        page.evaluate(
            "async (src) => { const i = new Image(); i.src = src; await i.decode(); return i.naturalWidth }",
            icon["src"],
        )
        for icon in manifest["icons"]
    ]
    assert sizes == [192, 192, 512, 512]
    session = page.context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


@pytest.mark.slow
def test_on_the_oldest_browser_it_works_the_same(story, people, clock):
    """What came after Chromium 86 is taken away before the page's first line runs."""
    opened = people.window

    def older(**window):
        page = opened(**window)
        page.context.add_init_script(NEWER_THAN_86)
        return page

    people.window = older
    page = field_page(people, story.lead)
    assert page.evaluate("[typeof structuredClone, typeof [].at, typeof crypto.randomUUID]") == ["undefined"] * 3
    page.context.set_offline(True)
    hold_a_huddle(page, story)
    page.context.set_offline(False)
    reported(page)

    assert ReceivedAct.objects.filter(state="taken").count() == 6
    assert json.dumps(people.complaints) == "[]"
