"""A week of a running zone, lived by five people; on Wednesday the lead's phone has no signal all day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.offline.models import ReceivedAct
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import Person
from ronghe.domain.papers.models import Paper
from ronghe.domain.playbooks.services import adopt_playbook
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity, AgendaItem, Attendance
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.codes import member_card
from ronghe.domain.work.models import Task
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.printing.models import PrintedPaper
from tests.browser.conftest import DESK, Clock, People
from tests.browser.test_morning import READ_CODE
from tests.browser.test_offline import PIN, unlock
from tests.conftest import SHANGHAI
from tests.domain.playbooks.making import shipped
from tests.factories.org import PASSWORD, make_account, make_person, make_post
from tests.factories.rhythm import ZoneStory, photo

MON, TUE, WED, THU, FRI = (date(2026, 9, day) for day in range(14, 19))
ADOPTED = date(2026, 9, 1)
"""Whoever adopts within a month owes the monthly things from the next one on; this zone owes September's."""
THEME_DAY, MOVED_TO = date(2026, 9, 24), date(2026, 9, 22)
"""The 25th is Mid-Autumn Day, so the playbook plans it for the day before."""
DITCH, CERTIFICATE = "清理3号沟", "电工证8月到期"


@dataclass
class Week:
    """Everybody of the week, the server's time, and the lead's phone, whose clock goes with it."""

    story: ZoneStory
    officer: Person
    builder: Person
    secretary: Person
    people: People
    clock: Clock
    lead: Page

    def turns(self, day: date, hour: int, minute: int = 0) -> None:
        self.clock.at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
        self.lead.context.clock.set_fixed_time(self.clock.at)

    def lead_comes_in(self) -> Page:
        """Log in again on the same phone: half an hour without a touch logs everybody out (SE-01)."""
        self.lead.goto("/login/")
        account = self.story.lead.account
        assert account is not None
        self.lead.fill("[name=login]", account.login)
        self.lead.fill("[name=password]", PASSWORD)
        self.lead.press("[name=password]", "Enter")
        self.lead.wait_for_url(lambda address: "/login" not in address)
        return self.lead

    @property
    def member(self) -> Person:
        return self.story.members[0]

    def states(self, mechanism: str, day: date, *, seen_on: date) -> list[str]:
        """Return how what is owed of a mechanism on `day` stands on another day."""
        rows = Obligation.objects.with_state(seen_on).filter(body=self.story.body, mechanism=mechanism, due_on=day)
        return list(rows.order_by("occurrence", "sitting").values_list("state", flat=True))


@pytest.fixture
def week(story, people, clock) -> Week:
    """The zone with its officer and secretary; the lead planned Tuesday's check and named the officer as its chair."""
    adopt_playbook(body=story.body, playbook=shipped("daqing_zone"), since=ADOPTED, actor=None, at=clock.at)
    crew = ParticipatingUnit.objects.get(zone=story.zone, role=ParticipantRole.CONSTRUCTOR).unit
    officer, builder = (make_person(name, participates_in=story.body, unit=crew) for name in ("赵铁军", "史海宁"))
    make_post(officer, PostRole.HSE_OFFICER, body=story.body)
    secretary = make_person("孙卫东", home=story.branch, participates_in=story.body)
    make_post(secretary, PostRole.SECRETARY, body=story.body)
    make_account(story.lead)
    nine = datetime(2026, 9, 15, 9, tzinfo=SHANGHAI)
    plan_activity(
        activity_type=ActivityType.SUBCONTRACTOR_SAFETY_CHECK, body=story.body, place="2号门", scheduled_from=nine,
        scheduled_until=nine + timedelta(hours=1), chair=officer, actor=story.lead, at=clock.at,
    )  # fmt: skip
    lead = people.window()
    return Week(story, officer, builder, secretary, people, clock, lead)


def test_a_week_of_a_zone_with_a_day_without_signal(week, tmp_path):
    monday(week)
    tuesday(week)
    wednesday(week)
    thursday(week)
    friday(week, tmp_path)


def monday(week: Week) -> None:
    """The morning huddle by code, card and tick, with a topic that becomes a task; the evening one after it."""
    week.turns(MON, 7, 40)
    lead = week.lead_comes_in()
    lead.get_by_role("button", name="开始签到").click()
    lead.wait_for_url("**/rhythm/activities/*/")
    huddle = Activity.objects.get(activity_type=ActivityType.MORNING_HUDDLE)
    lead.get_by_role("link", name="显示签到码").click()
    lead.wait_for_selector(".qr")
    address = lead.evaluate(READ_CODE, "/static/ui/vendor/jsqr-1.4.0.js")
    phone = week.people.comes_in(week.member)
    phone.goto(address)
    phone.get_by_role("button", name=f"我是{week.member.name}，签到").click()
    phone.get_by_text("已签到").first.wait_for()
    by_card(lead, huddle, week.story.members[1])
    lead.goto(f"/rhythm/activities/{huddle.pk}/")
    tick(lead, week.story.lead)
    add_topic(lead, DITCH, assignee=week.member, due="2026-09-18T17:30")
    lead.locator("#agenda").get_by_text(DITCH).wait_for()
    week.turns(MON, 8)
    close(lead, "早碰头")
    lead.get_by_text("早碰头已结束，3 人到场。").wait_for()
    expect(lead.locator(".banner").filter(has_text="同时计入")).to_contain_text("早碰头")

    task = Task.objects.get()
    assert (task.title, task.assignee, task.state) == (DITCH, week.member, "open")
    phone.goto("/")
    phone.get_by_text(DITCH).first.wait_for()

    week.turns(MON, 17, 35)
    lead = week.lead_comes_in()
    lead.get_by_role("button", name="开始签到").click()
    lead.wait_for_url("**/rhythm/activities/*/")
    tick(lead, week.story.lead)
    close(lead, "晚碰头")
    lead.get_by_text("晚碰头已结束，1 人到场。").wait_for()
    assert week.states("morning_evening_huddles", MON, seen_on=MON) == ["done", "done"]


def tuesday(week: Week) -> None:
    """The HSE officer goes through the form of the check at a desk; the lead's phone takes the day along."""
    week.turns(TUE, 9)
    officer = week.people.comes_in(week.officer, size=DESK)
    officer.get_by_role("link", name="分包商及外雇工安全检查").first.click()
    officer.get_by_role("button", name="开始", exact=True).click()
    officer.get_by_text("还有 5 项没答").wait_for()
    line = officer.locator(".check-line").filter(has_text="特种作业证件在有效期内")
    line.locator("summary", has_text="有问题").click()
    line.locator("[name=note]").fill(CERTIFICATE)
    line.get_by_role("button", name="记下").click()
    line.locator("summary", has_text="转为任务").click()
    line.locator("[name=assignee]").select_option(str(week.builder.pk))
    line.get_by_role("button", name="转为任务").click()
    officer.get_by_text(f"已转为任务，由{week.builder.name}办。").wait_for()
    officer.get_by_role("button", name="其余都正常").click()
    officer.get_by_text("1 个问题").wait_for()
    figures = officer.locator("#figures-form")
    for label, figure in (("进场外雇工", "12"), ("证件过期", "1"), ("教育未完成", "0")):
        figures.get_by_label(label).fill(figure)
    figures.get_by_role("button", name="记下").click()
    officer.get_by_text("数据已记下。").wait_for()
    tick(officer, week.builder)
    add_topic(officer, "电工换证", notes="换证前不接电。")
    officer.locator("#agenda").get_by_text("电工换证").wait_for()
    week.turns(TUE, 9, 25)
    close(officer, "分包商及外雇工安全检查")
    expect(officer.locator(".banner").filter(has_text="同时计入")).to_contain_text("分包商及外雇工安全管理")
    assert week.states("subcontractor_safety", TUE, seen_on=TUE) == ["done"]
    assert set(Task.objects.values_list("assignee", flat=True)) == {week.member.pk, week.builder.pk}

    week.turns(TUE, 17)
    lead = week.lead_comes_in()
    lead.goto("/offline/")
    lead.fill("[name=pin]", PIN)
    lead.fill("[name=again]", PIN)
    lead.fill("[name=name]", "3号防爆手机")
    lead.get_by_role("button", name="设好口令").click()
    expect(lead.get_by_role("heading", name="今天的现场")).to_be_visible()
    lead.evaluate("navigator.serviceWorker.ready.then(() => null)")
    with lead.expect_response("**/api/v1/offline/snapshot?*"):
        lead.reload()
    lead.wait_for_load_state("networkidle")  # an answer that is read tomorrow would set the phone's clock wrong
    expect(lead.get_by_role("heading", name="今天的现场")).to_be_visible()
    assert lead.evaluate("Boolean(navigator.serviceWorker.controller)")


def wednesday(week: Week) -> None:
    """No way to the server from the first minute to the last: two huddles, signs, a card, minutes, all on the phone."""
    lead = week.lead
    lead.context.set_offline(True)
    before = counts()
    week.turns(WED, 7, 42)
    lead.goto("/offline/")
    lead.get_by_role("button", name="开早碰头", exact=True).click()
    unlock(lead)
    lead.get_by_role("button", name="我到了").click()
    lead.get_by_role("button", name=f"{week.member.name}到了", exact=True).click()
    lead.get_by_role("button", name=f"{week.story.members[2].name}请假").click()
    lead.select_option("[name=leave_kind]", "sick")
    lead.get_by_role("button", name="存在本机").click()
    lead.get_by_role("button", name="扫党员卡").click()
    lead.fill("[name=code]", member_card(week.story.members[1]))
    lead.get_by_role("button", name="确认").click()
    lead.get_by_role("button", name="记一项").click()
    lead.fill("[name=topic]", "南侧动火点警戒")
    lead.fill("[name=notes]", "先测可燃气，再动火")
    lead.get_by_role("button", name="存在本机").click()
    expect(lead.get_by_text("1. 南侧动火点警戒")).to_be_visible()
    week.turns(WED, 7, 58)
    close_offline(lead, "早碰头")
    expect(lead.get_by_text("7 项存在本机")).to_be_visible()
    assert lead.evaluate("document.documentElement.scrollWidth") <= 390

    week.turns(WED, 17, 32)
    lead.goto("/offline/#/")
    lead.reload()
    lead.get_by_role("button", name="开晚碰头", exact=True).click()
    unlock(lead)
    lead.get_by_role("button", name="我到了").click()
    week.turns(WED, 17, 45)
    close_offline(lead, "晚碰头")
    expect(lead.get_by_text("10 项存在本机")).to_be_visible()
    assert counts() == before
    assert ReceivedAct.objects.count() == 0


def thursday(week: Week) -> None:
    """The phone reports once what Wednesday held; the secretary moves the theme day within its month."""
    lead = week.lead
    week.turns(THU, 7, 30)
    assert week.states("morning_evening_huddles", WED, seen_on=THU) == ["missed", "missed"]
    lead.context.set_offline(False)
    expect(lead.locator("#main[data-kept='0']")).to_be_visible()
    after = counts()
    assert list(ReceivedAct.objects.order_by("number").values_list("state", "reason")) == [("taken", "")] * 10
    held = Activity.objects.filter(day=WED).order_by("opened_at")
    assert [(one.activity_type, one.state, one.present_count) for one in held] == [
        ("morning_huddle", "closed", 3), ("evening_huddle", "closed", 1),
    ]  # fmt: skip
    assert [one.opened_at.astimezone(SHANGHAI).date() for one in held] == [WED, WED]
    morning = held[0]
    facts = Fact.objects.filter(kind="rhythm.activity_closed", source_id__in=[one.pk for one in held])
    assert [
        (at.astimezone(SHANGHAI).date(), told.astimezone(SHANGHAI).date())
        for at, told in facts.values_list("occurred_at", "recorded_at")
    ] == [(WED, THU)] * 2
    assert dict(morning.attendances.exclude(status="absent").values_list("person__name", "status")) == {
        week.story.lead.name: "present", week.member.name: "present", week.story.members[1].name: "present",
        week.story.members[2].name: "leave",
    }  # fmt: skip
    assert AgendaItem.objects.get(activity=morning, topic="南侧动火点警戒").notes == "先测可燃气，再动火"
    assert week.states("morning_evening_huddles", WED, seen_on=THU) == ["done", "done"]
    assert week.states("daily_huddle", WED, seen_on=THU) == ["done"]

    week.lead_comes_in().goto("/offline/")
    lead.evaluate("window.dispatchEvent(new Event('online'))")
    expect(lead.locator("#main[data-kept='0']")).to_be_visible()
    lead.goto(f"/rhythm/activities/{morning.pk}/")
    lead.get_by_text("南侧动火点警戒").wait_for()
    assert counts() == after

    secretary = week.people.comes_in(week.secretary, size=DESK)
    secretary.goto("/calendar/")
    secretary.locator(f"[data-day='{THEME_DAY}']").get_by_role("link", name="协作区主题党日").click()
    panel = secretary.locator("#picked")
    panel.get_by_text("9月1日—9月30日").first.wait_for()
    within = panel.locator("[name=day]")
    expect(within).to_have_attribute("min", THU.isoformat())
    expect(within).to_have_attribute("max", "2026-09-30")
    within.fill(MOVED_TO.isoformat())
    panel.locator("[name=reason]").fill("24日全区停电检修")
    panel.get_by_role("button", name="改期").click()
    secretary.get_by_text("已移到 9月22日").wait_for()
    secretary.locator(f"[data-day='{MOVED_TO}']").get_by_role("link", name="协作区主题党日").wait_for()
    duty = Obligation.objects.get(body=week.story.body, mechanism="zone_theme_party_day", planned_on=MOVED_TO)
    assert duty.window_from <= MOVED_TO <= duty.due_on


def friday(week: Week, folder: Path) -> None:
    """The weekly meeting decides, Monday's task is done and accepted, and the clerk looks at it all and prints it."""
    week.turns(FRI, 15)
    lead = week.lead_comes_in()
    lead.goto(f"/rhythm/activities/new/?type=weekly_meeting&body={week.story.body.pk}&day={FRI}")
    lead.fill("[name=scheduled_from]", "2026-09-18T15:00")
    lead.fill("[name=scheduled_until]", "2026-09-18T16:00")
    lead.get_by_role("button", name="安排", exact=True).click()
    lead.get_by_role("button", name="开始", exact=True).click()
    lead.get_by_role("link", name="显示签到码").wait_for()
    meeting = Activity.objects.get(activity_type=ActivityType.WEEKLY_MEETING)
    for person in (week.story.lead, week.secretary):
        by_card(lead, meeting, person)
    lead.goto(f"/rhythm/activities/{meeting.pk}/")
    add_topic(lead, "电气焊交叉作业", notes="两家都在3号沟南侧。", decision="周一起错开两小时")
    lead.locator("#agenda").get_by_text("决定：周一起错开两小时").wait_for()
    lead.get_by_role("button", name="其余都正常").click()
    lead.get_by_text("都答了").wait_for()
    week.turns(FRI, 15, 25)
    close(lead, "周例会")
    expect(lead.locator(".banner").filter(has_text="同时计入")).to_contain_text("周例会")

    phone = week.people.comes_in(week.member)
    phone.get_by_text(DITCH).first.click()
    phone.locator("[name=note]").fill("已清理，见照片。")
    picture = folder / "现场.jpg"
    picture.write_bytes(photo().content.read())
    phone.locator("[name=photo]").set_input_files(picture)
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("已提交，等待验收。").wait_for()
    lead.goto("/")
    lead.get_by_role("link", name=DITCH).click()
    lead.get_by_role("button", name="验收").click()
    lead.get_by_text("已验收。").wait_for()
    done = Task.objects.get(title=DITCH)
    assert (done.state, done.evidence.count()) == ("accepted", 1)
    for page in (lead, phone):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

    clerk = week.people.comes_in(week.story.clerk, size=DESK)
    looks(week, clerk)
    prints(week, clerk, folder)


def looks(week: Week, clerk: Page) -> None:
    """Six institutions, and who is behind with what."""
    clerk.goto(f"/zones/{week.story.zone.pk}/institutions/")
    huddles = clerk.locator("#morning_evening_huddles")
    huddles.get_by_text("早晚碰头").first.wait_for()
    check = clerk.locator("#subcontractor_safety")
    expect(check).to_contain_text(week.officer.name)
    expect(check).to_contain_text("9月15日")
    expect(clerk.locator("#weekly_meeting")).to_contain_text("已办")
    expect(clerk.locator("#zone_theme_party_day")).to_contain_text("协作区主题党日")

    clerk.goto("/obligations/behind/")
    behind = clerk.locator("tr.behind-line").filter(has_text="早晚碰头")
    missed = [week.states("morning_evening_huddles", day, seen_on=FRI) for day in (MON, TUE, WED, THU)]
    assert missed == [["done"] * 2, ["missed"] * 2, ["done"] * 2, ["missed"] * 2]
    before = 2 * (MON - ADOPTED).days
    expect(behind.locator("[data-label='漏办']")).to_have_text(str(before + 4))


def prints(week: Week, clerk: Page, folder: Path) -> None:
    """The bulletin drafts itself from the record; by its last page anybody can check what was printed, without a log-in."""
    clerk.goto("/papers/")
    clerk.get_by_role("link", name="起草").first.click()
    form = clerk.locator("#bulletin-form")
    form.locator("[name=bulletin-body]").select_option(str(week.story.body.pk))
    form.locator("[name=bulletin-from_on]").fill(MON.isoformat())
    form.locator("[name=bulletin-last_on]").fill(FRI.isoformat())
    form.get_by_role("button", name="起草简报").click()
    clerk.get_by_text("草稿已起好").wait_for()
    text = clerk.locator("#draft-form [name=text]").input_value()
    for said in ("9月14日至", "周例会", "周一起错开两小时"):
        assert said in text
    clerk.locator("#issue-form").get_by_role("button", name="印发").click()
    clerk.get_by_text("已印发").first.wait_for()
    with clerk.expect_download() as got:
        clerk.get_by_role("link", name="PDF", exact=True).click()
    got.value.save_as(folder / "bulletin.pdf")
    bulletin = Paper.objects.get()
    meeting = Activity.objects.get(activity_type=ActivityType.WEEKLY_MEETING)
    clerk.goto(f"/rhythm/activities/{meeting.pk}/")
    with clerk.expect_download() as got:
        clerk.get_by_role("link", name="PDF", exact=True).click()
    got.value.save_as(folder / "record.pdf")

    stranger = week.people.window(size=DESK)
    digests = [printed_digest(folder / name) for name in ("bulletin.pdf", "record.pdf")]
    for digest in digests:
        paper = PrintedPaper.objects.get(digest=digest)
        stranger.goto("/check/")
        stranger.fill("[name=code]", digest)
        stranger.get_by_role("button", name="核对").click()
        stranger.get_by_text("内容没有改过").wait_for()
        stranger.get_by_text(paper.title, exact=True).wait_for()
    assert (PrintedPaper.objects.count(), bulletin.state) == (2, "issued")
    stranger.fill("[name=code]", digests[0][::-1])
    stranger.get_by_role("button", name="核对").click()
    stranger.get_by_text("平台没有印过这样的内容").wait_for()


# ---- what several days do ----


def by_card(page: Page, activity: Activity, person: Person) -> None:
    page.goto(f"/rhythm/activities/{activity.pk}/card/")
    page.locator("[data-scanner-code]").fill(member_card(person))
    page.get_by_role("button", name="确认").click()
    page.get_by_text(f"{person.name}已签到。").wait_for()


def tick(page: Page, person: Person) -> None:
    row = page.locator(".sign").filter(has_text=person.name)
    row.get_by_role("button", name="到了").click()
    row.get_by_role("button", name="到了").wait_for(state="detached")


def add_topic(
    page: Page, topic: str, *, notes: str = "", decision: str = "", assignee: Person | None = None, due: str = ""
) -> None:
    form = page.locator("#topic-form")
    form.locator("[name=topic]").fill(topic)
    form.get_by_text("讨论、决定、转为任务").click()
    form.locator("[name=notes]").fill(notes)
    form.locator("[name=decision]").fill(decision)
    if assignee is not None:
        form.locator("[name=assignee]").select_option(str(assignee.pk))
        form.locator("[name=due_at]").fill(due)
    form.get_by_role("button", name="记一项").click()


def close(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"结束{title}").click()
    page.locator("#close").get_by_role("button", name="结束", exact=True).click()
    page.get_by_text(f"{title}已结束").first.wait_for()


def close_offline(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"结束{title}").click()
    page.locator("dialog").get_by_role("button", name="结束", exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)


def counts() -> dict[str, int]:
    """What the server holds; nothing of it may come twice."""
    closed = Fact.objects.filter(kind="rhythm.activity_closed").count()
    rows = (Activity, Attendance, AgendaItem, Task)
    return {row.__name__: row.objects.count() for row in rows} | {"closed": closed}


def printed_digest(file: Path) -> str:
    """Return the 64 digits that stand in groups at the foot of the last page."""
    paper = pypdfium2.PdfDocument(file)
    words = paper[len(paper) - 1].get_textpage().get_text_range()
    found = re.search(r"[0-9a-f]{64}", re.sub(r"\s", "", words))
    assert found is not None
    return found.group()
