"""“六个一体化”: ten days of a branch and its committee, from adopting the model to the duties that each record met."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ronghe.domain.campaigns.models import ThemedActivity
from ronghe.domain.exchange.models import LearningVisit, PairProgramme
from ronghe.domain.items.models import WorkItem
from ronghe.domain.members.enums import MentorKind
from ronghe.domain.members.services.mentors import pair_mentor
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.enums import PostRole
from ronghe.domain.org.models import PartyOrg, Person
from ronghe.domain.partylife.models import Talk
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.work.services.tasks import accept_task, open_task, submit_task
from tests.browser.conftest import DESK, Clock, People
from tests.browser.test_morning import READ_CODE
from tests.browser.test_zone_week import add_topic, by_card, close
from tests.conftest import SHANGHAI
from tests.factories.exchange import make_pair_running
from tests.factories.org import make_person, make_post
from tests.factories.planning import WELDING, PlanStory, make_agreed, make_field, make_gathering
from tests.factories.rhythm import photo

ADOPTED = date(2026, 7, 1)
THEME_DAY = date(2026, 9, 24)
"""The 25th is Mid-Autumn Day, so the playbook plans the theme day for the day before."""
STUDY, PURPOSE, PRACTICE, CLAIMED = "焊接工艺大讲堂", "学无人值守站运维", "两人一组巡检", "阀组泄漏点消除"
OUGHT = {"plus_learning": "done", "plus_production": "due", "plus_culture": "due", "plus_integrity": "due"}


@dataclass
class Six:
    """The branch with both heads and its committee, whose secretary goes out to learn; the server's time."""

    story: PlanStory
    boss: Person
    people: People
    clock: Clock

    @property
    def branch(self) -> PartyOrg:
        return self.story.branch

    @property
    def committee(self) -> PartyOrg:
        return self.story.committee

    def turns(self, day: int, hour: int, minute: int = 0) -> None:
        self.clock.at = moment(9, day, hour, minute)

    def state(self, body: PartyOrg, mechanism: str) -> str:
        """Return how the duty whose span holds today stands."""
        today = self.clock.at.date()
        rows = Obligation.objects.with_state(today).filter(body=body, mechanism=mechanism)
        return rows.get(window_from__lte=today, due_on__gte=today).state


def moment(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def six(emptying_here, transactional_db, people, clock) -> Six:
    """What lies days back: the quarter's plan with its meetings and its task, and a pair that signed in June."""
    story = make_field()
    boss = make_person("韩志国", home=story.branch, unit=story.committee.unit)
    make_post(boss, PostRole.SECRETARY, body=story.committee)
    make_agreed(story, moment(7, 2, 9), titles=(WELDING,))
    make_gathering(story, moment(7, 3, 9))
    task = open_task(
        title=WELDING, assignee=story.foreman, due_at=moment(8, 20, 18), body=story.branch, actor=story.secretary,
        at=moment(7, 6, 9),
    )  # fmt: skip
    submit_task(task=task, note="12 道全部合格", actor=story.foreman, at=moment(8, 18, 16))
    accept_task(task=task, actor=story.secretary, at=moment(8, 19, 9))
    make_gathering(story, moment(9, 11, 15), topics=("考核",), kind=ActivityType.TWO_PLUS_ONE_APPRAISAL)
    pair = pair_mentor(
        mentor=story.foreman, apprentice=story.member, kind=MentorKind.APPRENTICESHIP, topic="管线焊接",
        since=date(2026, 6, 10), actor=story.secretary, at=moment(6, 10, 9),
    )  # fmt: skip
    make_pair_running(story, moment(6, 10, 9), pair)  # type: ignore[arg-type]
    return Six(story, boss, people, clock)


def test_the_six_integrations_from_the_adoption_to_what_each_record_met(six, tmp_path):
    adoption(six)
    education(six)
    work_deployment(six)
    carrier_operation(six)
    talent_development(six)
    appraisal(six, tmp_path)
    organization_building(six)
    what_was_met(six)


def adoption(six: Six) -> None:
    """The clerk sees what the model will ask of the committee and the branch, and lets both adopt it."""
    six.turns(14, 8)
    clerk = six.people.comes_in(six.story.clerk, size=DESK)
    clerk.goto("/playbooks/")
    clerk.get_by_role("link", name="六个一体化").click()
    for title in (
        "教育实践一体化",
        "工作部署一体化",
        "组织建设一体化",
        "载体运行一体化",
        "选育管用一体化",
        "考核评价一体化",
    ):
        clerk.get_by_role("heading", name=title).wait_for()
    clerk.get_by_role("link", name="给多个单位采用").click()
    for body in (six.committee, six.branch):
        clerk.check(f"[name=bodies][value='{body.pk}']")
    clerk.fill("[name=since]", ADOPTED.isoformat())
    clerk.get_by_role("button", name="先看影响").click()
    clerk.get_by_text("采用后第一季度会怎样").first.wait_for()
    clerk.get_by_role("button", name="采用（2 个）").click()
    clerk.get_by_text("2 / 2 个已采用").wait_for()
    assert [six.state(six.branch, name) for name in OUGHT] == ["due"] * 4
    assert six.state(six.committee, "going_out") == "due"


def education(six: Six) -> None:
    """The committee's study is planned from its duty, held and closed; one record counts for several."""
    clerk = six.people.comes_in(six.story.clerk, size=DESK)
    duty(clerk, six.committee, "中心组学习")
    begin_from_duty(clerk, moment(9, 14, 9))
    study = Activity.objects.get(activity_type=ActivityType.COMMITTEE_STUDY)
    for person in (six.boss, six.story.clerk):
        by_card(clerk, study, person)
    clerk.goto(f"/rhythm/activities/{study.pk}/")
    fill_in(clerk, "石油精神专题", "逐段读原文，三人发言。")
    expect(clerk.locator(".missing")).to_contain_text("下一步怎么做")  # SD-11: a study says what follows from it
    go_on_to(clerk, "各支部月内学一次")
    close(clerk, "中心组学习")
    counted(clerk, "中心组学习", "石油精神再学习再教育再实践")


def work_deployment(six: Six) -> None:
    """The plan's item is walked through the four; each is there, the check is closed and its duty met."""
    six.turns(15, 9)
    secretary = six.people.comes_in(six.story.secretary, size=DESK)
    secretary.goto("/rhythm/plans/")
    secretary.get_by_role("link", name="三季度计划").click()
    secretary.get_by_role("button", name="开始检查").click()
    card = secretary.locator(".plan-card").filter(has_text=WELDING)
    for left in (3, 2, 1, 0):
        card.get_by_role("button", name="认定").first.click()
        expect(secretary.locator(".plan-card").get_by_role("button", name="认定")).to_have_count(left)
    expect(secretary.get_by_text("应查 1 条，四项都同 1 条，短板 0 处。")).to_be_visible()
    secretary.get_by_role("button", name="结束检查").click()
    secretary.get_by_text("四同检查已结束，结果定下了。").wait_for()
    assert six.state(six.branch, "four_together_check") == "done"


def carrier_operation(six: Six) -> None:
    """“党建+学习” is planned, signed in to and closed; with its result the right duty is met, and no other of the four."""
    six.turns(16, 14, 20)
    secretary, member = six.people.comes_in(six.story.secretary), six.people.comes_in(six.story.member)
    secretary.goto("/rhythm/campaigns/themed/")
    secretary.get_by_role("link", name="安排主题活动").first.click()
    secretary.check("[name=theme][value=learning]")
    secretary.fill("[name=title]", STUDY)
    secretary.fill("[name=starts_at]", "2026-09-16T14:30")
    secretary.fill("[name=ends_at]", "2026-09-16T16:30")
    secretary.fill("[name=place]", "焊培室")
    secretary.get_by_role("button", name="安排", exact=True).click()
    secretary.get_by_text("活动结束以后填").wait_for()
    themed = ThemedActivity.objects.get()

    secretary.get_by_role("link", name="签到和记录").click()
    secretary.get_by_role("button", name="开始", exact=True).click()
    sign_in(secretary, member, six.story.member)
    for person in (six.story.secretary, six.story.foreman):
        by_card(secretary, themed.activity, person)
    secretary.goto(f"/rhythm/activities/{themed.activity_id}/")
    fill_in(secretary, "立焊手法", "师傅示范，三人上手。")
    six.turns(16, 14, 45)
    close(secretary, themed.activity.get_activity_type_display())
    assert six.state(six.branch, "plus_learning") == "due"

    secretary.goto("/rhythm/campaigns/themed/")
    secretary.get_by_text("等您填成效").wait_for()
    secretary.get_by_role("link", name=STUDY).first.click()
    form = secretary.locator("#result-form")
    expect(form.locator("[name=figure_learners]")).to_have_value("3")
    form.locator("[name=note]").fill("立焊一次合格率有了底数。")
    form.get_by_role("button", name="记下成效").click()
    secretary.get_by_text("成效已记下，计入这个主题。").wait_for()
    assert {name: six.state(six.branch, name) for name in OUGHT} == OUGHT
    narrow(secretary, member)


def talent_development(six: Six) -> None:
    """A heart-to-heart talk that the other confirms, and a visit of the committee with what was taken home."""
    six.turns(17, 9)
    secretary, member = six.people.comes_in(six.story.secretary), six.people.comes_in(six.story.member)
    secretary.goto("/rhythm/party-life/talks/")
    secretary.get_by_role("link", name="记谈心谈话").click()
    secretary.select_option("[name=other]", str(six.story.member.pk))
    secretary.fill("[name=text]", "夜班多，想调一调。")
    secretary.get_by_role("button", name="记下").click()
    secretary.get_by_text(f"等{six.story.member.name}确认").wait_for()
    member.goto("/rhythm/party-life/talks/")
    member.get_by_text("等您确认").wait_for()
    member.get_by_role("button", name="谈过").click()
    member.get_by_text("已确认。").wait_for()
    secretary.reload()
    secretary.get_by_text(Talk.objects.get().get_state_display()).first.wait_for()
    assert six.state(six.branch, "daily_talks") == "done"

    boss = six.people.comes_in(six.boss, size=DESK)
    boss.goto("/rhythm/exchange/visits/")
    boss.get_by_role("link", name="安排观摩").first.click()
    boss.select_option("[name=body]", str(six.committee.pk))
    boss.fill("[name=host_name]", "长庆油田第三采气厂")
    boss.fill("[name=purpose]", PURPOSE)
    boss.fill("[name=place]", "无人值守站")
    boss.get_by_role("button", name="安排", exact=True).click()
    boss.get_by_text("去过了，记下来").wait_for()
    visit = LearningVisit.objects.get()
    boss.fill("[name=more]", f"{six.story.manager.name} {six.story.foreman.name}")
    boss.locator("form[action$='/hold/'] [name=seen]").fill("一人看盘，两人一组巡检。")
    boss.locator("form[action$='/hold/']").get_by_role("button", name="记下").click()
    boss.get_by_text("已记下，计入应办事项").wait_for()
    boss.get_by_text("写一项带回的做法").click()
    taken = boss.locator(f"form[action='/rhythm/exchange/visits/{visit.pk}/practices/']")
    taken.locator("[name=title]").fill(PRACTICE)
    taken.locator("[name=practice_owner]").select_option(str(six.story.foreman.pk))
    taken.get_by_role("button", name="列入").click()
    boss.get_by_role("link", name=PRACTICE).wait_for()
    expect(boss.get_by_text("杜秀英、韩志国、马会军")).to_be_visible()
    narrow(secretary, member)


def appraisal(six: Six, folder: Path) -> None:
    """A task of the branch's sheet is claimed, signed for and handed in on the phone, and accepted by the secretary."""
    six.turns(18, 9)
    secretary, member = six.people.comes_in(six.story.secretary, size=DESK), six.people.comes_in(six.story.member)
    secretary.goto("/work/claims/")
    secretary.get_by_role("link", name="起一张清单").first.click()
    secretary.select_option("[name=body]", str(six.branch.pk))
    secretary.fill("[name=title]", "三季度领办清单")
    secretary.get_by_role("button", name="起清单").click()
    secretary.get_by_role("link", name="分解任务").first.click()
    for name, text in (
        ("title", CLAIMED), ("goal", "4 处泄漏点归零"), ("due_at", "2026-09-22T18:00"), ("qhse_duty", "先测后拆"),
        ("project_duty", "22日前投用"), ("member_duty", "带会一名徒弟"), ("responsibility", "漏一处返工一处"),
    ):  # fmt: skip
        secretary.fill(f"[name={name}]", text)
    secretary.get_by_role("button", name="加到清单上").click()
    secretary.get_by_role("button", name="发布清单").click()
    secretary.get_by_text("第 1 版").first.wait_for()

    member.goto("/work/claims/")
    member.get_by_text("等人领办").wait_for()
    member.get_by_role("link", name="看一看，领办").click()
    member.get_by_role("button", name="领办", exact=True).click()
    member.get_by_role("button", name="签字承诺").click()
    member.get_by_text("已签字承诺，开始攻关。").wait_for()
    handing_in = member.locator("form[action$='/steps/submit/']")
    handing_in.locator("[name=note]").fill("4 处全部换垫，复测合格。")
    picture = folder / "阀组.jpg"
    picture.write_bytes(photo().content.read())
    handing_in.locator("[name=photo]").set_input_files(picture)
    handing_in.get_by_role("button", name="交验").click()
    member.get_by_text("已交验，等待验收。").wait_for()

    item = WorkItem.objects.get()
    secretary.goto("/work/items/waiting/")
    secretary.get_by_role("link", name=CLAIMED).first.click()
    secretary.locator("form[action$='/steps/accept/']").get_by_role("button", name="验收").click()
    secretary.get_by_text("已验收。").wait_for()
    secretary.goto("/work/claims/")
    secretary.get_by_role("link", name="三季度领办清单").click()
    secretary.get_by_text("已验收 1", exact=True).wait_for()
    item.refresh_from_db()
    assert (item.state, item.owner) == ("accepted", six.story.member)
    narrow(member)


def organization_building(six: Six) -> None:
    """The pair says how it goes and is reviewed; the theme day, on its day, counts for two duties."""
    six.turns(24, 9)
    secretary, member = six.people.comes_in(six.story.secretary), six.people.comes_in(six.story.member)
    programme = PairProgramme.objects.get()
    member.goto("/rhythm/exchange/pairs/")
    member.get_by_role("link", name=f"{six.story.foreman.name}带{six.story.member.name}").click()
    member.get_by_text("记一笔").click()
    note = member.locator("form[action$='/notes/']")
    note.locator("[name=kind]").select_option("word")
    note.locator("[name=text]").fill("立焊还要多练。")
    note.get_by_role("button", name="记下").click()
    member.get_by_text("立焊还要多练。").wait_for()

    secretary.goto("/rhythm/exchange/pairs/")
    secretary.get_by_role("link", name=f"{six.story.foreman.name}带{six.story.member.name}").click()
    secretary.get_by_role("link", name="评估", exact=True).click()
    expect(secretary.locator("[name=apprentice_word]")).to_have_value("立焊还要多练。")
    secretary.fill("[name=figure_1]", "7")
    secretary.fill("[name=mentor_word]", "肯学，手稳。")
    secretary.get_by_role("button", name="记下评估").click()
    secretary.get_by_text("评估已记下，计入应办事项。").wait_for()
    secretary.get_by_text("第 1 次评估").wait_for()
    assert programme.reviews.get().marks.get(goal__number=1).value == Decimal(7)
    assert six.state(six.branch, "expert_clinic") == "done"

    duty(secretary, six.branch, "党日活动+主题实践")
    begin_from_duty(secretary, moment(9, 24, 9, 30))
    theme_day = Activity.objects.get(activity_type=ActivityType.THEME_PARTY_DAY)
    assert theme_day.day == THEME_DAY
    sign_in(secretary, member, six.story.member)
    for person in (six.story.secretary, six.story.organizer):
        by_card(secretary, theme_day, person)
    secretary.goto(f"/rhythm/activities/{theme_day.pk}/")
    secretary.get_by_role("button", name="其余都正常").click()
    secretary.get_by_text("都答了").wait_for()
    figures = secretary.locator("#figures-form")
    figures.get_by_label("现场解决问题").fill("2")
    figures.get_by_role("button", name="记下").click()
    secretary.get_by_text("数据已记下。").wait_for()
    fill_in(secretary, "阀组现场教学", "学了规程，换了两处垫片。")
    go_on_to(secretary, "垫片换新的，列入下月检修")
    six.turns(24, 9, 25)
    close(secretary, "主题党日")
    counted(secretary, "党日活动+主题实践", "石油精神再学习再教育再实践")
    narrow(secretary, member)


def what_was_met(six: Six) -> None:
    """The committee's secretary goes from each duty that was met to its record; one record counts for several duties."""
    boss = six.people.comes_in(six.boss, size=DESK)
    assert records_behind(boss, six.branch) == {
        "2026 年三季度计划": {"同谋划、同部署、同实施、同考核"},
        "“党建+”主题活动": {"“党建+学习”"},
        f"{six.story.secretary.name}和{six.story.member.name}": {"日常谈心谈话"},
        f"{six.story.foreman.name}带{six.story.member.name}": {"专家门诊和一对一帮扶"},
        "主题党日": {"党日活动+主题实践", "石油精神再学习再教育再实践"},
    }
    assert records_behind(boss, six.committee) == {
        "中心组学习": {"中心组学习", "石油精神再学习再教育再实践", "请进来：专家、先进授课"},
        PURPOSE: {"走出去：观摩学习", "现场观摩会"},
    }
    boss.goto(f"/obligations/?body={six.branch.pk}")
    rows = boss.locator("#rows")
    for title in ("“党建+生产”", "“党建+文体”", "“党建+廉洁”"):
        expect(rows.locator("tr").filter(has_text=title)).to_contain_text("待办")
    expect(rows.get_by_role("link", name="“党建+学习”")).to_have_count(0)


def records_behind(page: Page, body: PartyOrg) -> dict[str, set[str]]:
    """Walk through what a body met; return the title of each record's page with the duties that lead to it."""
    page.goto(f"/obligations/?state=met&body={body.pk}")
    links = page.locator("#rows .cell-title a")
    expect(links.first).to_be_visible()
    found: dict[str, set[str]] = defaultdict(set)
    for address in [link.get_attribute("href") or "" for link in links.all()]:
        page.goto(address)
        title = page.locator("h1").inner_text()
        met = page.locator("dt", has_text="办结").locator("xpath=following-sibling::dd[1]")
        met.get_by_role("link").click()
        page.wait_for_url(lambda there, here=address: here not in there)
        found[page.locator("h1").inner_text()].add(title)
    return found


# ---- what several steps do ----


def duty(page: Page, body: PartyOrg, title: str) -> None:
    """Go from the list of what is open to one duty."""
    page.goto(f"/obligations/?body={body.pk}")
    page.locator("#rows").get_by_role("link", name=title, exact=True).first.click()
    page.get_by_role("heading", name=title).wait_for()


def begin_from_duty(page: Page, begins: datetime) -> None:
    """Plan the gathering that the duty asks for, as it is proposed but for the hour, and begin it."""
    page.get_by_role("link", name="安排一次").click()
    page.get_by_role("heading", name="安排一次").wait_for()
    page.fill("[name=scheduled_from]", f"{begins:%Y-%m-%dT%H:%M}")
    page.fill("[name=scheduled_until]", f"{begins:%Y-%m-%dT}{begins.hour + 1}:00")
    page.fill("[name=place]", "会议室")
    page.get_by_role("button", name="安排", exact=True).click()
    page.get_by_role("button", name="开始", exact=True).click()
    page.get_by_role("link", name="显示签到码").wait_for()


def sign_in(lead: Page, phone: Page, person: Person) -> None:
    """Read the code on the lead's screen with the own phone and press the one button."""
    lead.get_by_role("link", name="显示签到码").click()
    lead.wait_for_selector(".qr")
    phone.goto(lead.evaluate(READ_CODE, "/static/ui/vendor/jsqr-1.4.0.js"))
    phone.get_by_role("button", name=f"我是{person.name}，签到").click()
    phone.get_by_text("已签到").first.wait_for()


def fill_in(page: Page, topic: str, notes: str) -> None:
    add_topic(page, topic, notes=notes)
    page.locator("#agenda").get_by_text(topic).wait_for()


def go_on_to(page: Page, following: str) -> None:
    """Write what follows from a study, the last thing that it still lacked."""
    outcome = page.locator("#outcome-form")
    outcome.locator("[name=next_step]").fill(following)
    outcome.get_by_role("button", name="记下").click()
    expect(page.locator(".missing")).to_have_count(0)


def counted(page: Page, *titles: str) -> None:
    banner = page.locator(".banner").filter(has_text="同时计入")
    for title in titles:
        expect(banner).to_contain_text(title)


def narrow(*pages: Page) -> None:
    for page in pages:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
