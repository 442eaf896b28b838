"""Each kind of work on the page from its beginning to its end, everybody with the device that they have."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ronghe.domain.challenges.services.judging import declare_interest, score_bid
from ronghe.domain.items.models import WorkItem
from ronghe.domain.surveys.models import Survey
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, submit_task
from tests.browser.conftest import DESK, PHONE
from tests.factories.benefits import WAYS
from tests.factories.challenges import BIDDING, POINTS, ChallengeStory, make_proposed
from tests.factories.claims import make_published
from tests.factories.needs import worker_of
from tests.factories.rhythm import make_task, photo
from tests.factories.surveys import make_asked


@pytest.fixture
def picture(tmp_path) -> Path:
    path = tmp_path / "现场.jpg"
    path.write_bytes(photo().content.read())
    return path


def test_a_task_is_claimed_pledged_done_with_a_photo_accepted_and_printed(empty, clock, enters, picture):
    story = make_published(clock.at, tasks=1)
    hand, leader = enters(story.force.members[0]), enters(story.force.leader, size=DESK)
    hand.goto("/work/claims/")
    hand.get_by_role("link", name="看一看，领办").click()
    tap(hand, "领办", "您已领办")
    tap(hand, "签字承诺", "已签字承诺")
    form(hand, "/notes/").locator("[name=text]").fill("7 路通了")
    form(hand, "/notes/").locator("[name=percent]").fill("60")
    tap(form(hand, "/notes/"), "记进展")
    hand.get_by_text("完成 60%").wait_for()
    hands_in = form(hand, "/steps/submit/")
    hands_in.locator("[name=note]").fill("12 路都通了")
    hands_in.locator("[name=photo]").set_input_files(picture)
    tap(hands_in, "交验")
    hand.get_by_text("已交验，等待验收。").wait_for()
    narrow(hand)

    leader.goto("/work/items/waiting/")
    leader.get_by_role("link", name="第1项任务").first.click()
    expect(leader.locator(".evidence-strip, .evidence").first).to_be_visible()
    tap(form(leader, "/steps/accept/"), "验收")
    leader.get_by_text("已验收。").wait_for()
    leader.goto(f"/work/claims/{story.sheet.pk}/")
    leader.get_by_text("已验收 1", exact=True).wait_for()
    with leader.expect_download() as printed:
        leader.get_by_role("link", name="PDF").click()
    assert Path(printed.value.path()).read_bytes().startswith(b"%PDF")


def test_a_need_is_raised_on_a_phone_helped_on_site_reopened_rated_and_closed(story, clock, enters):
    worker = worker_of(story, "祝海燕")
    asks, clerk, helper = enters(worker), enters(story.clerk, size=DESK), enters(story.lead)
    asks.goto("/work/needs/new/")
    asks.fill("[name=title]", "抄表要跑三个站")
    asks.fill("[name=place]", "南I-1联合站")
    asks.locator("[name=tags]").first.check()
    tap(asks, "提出")
    asks.get_by_role("heading", name="抄表要跑三个站").wait_for()
    need = WorkItem.objects.get()

    clerk.goto(page_of(need))
    triage = form(clerk, "/steps/triage/")
    triage.locator("[name=way]").select_option("on_site")
    triage.locator("[name=owner]").select_option(str(story.lead.pk))
    triage.locator("[name=due_at]").fill("2026-09-18T18:00")
    tap(triage, "受理并派人")
    clerk.get_by_text("已受理，转给帮扶人。").wait_for()

    helper.goto(page_of(need))
    helper.get_by_text("约时间", exact=True).click()
    agree = helper.locator("#moment-form")
    agree.locator("[name=starts_at]").fill("2026-09-15T09:00")
    agree.locator("[name=ends_at]").fill("2026-09-15T11:00")
    agree.locator("[name=place]").fill("计量间")
    tap(agree, "约好")
    helper.get_by_text("计量间").first.wait_for()
    clock.go_on(days=1, hours=3)
    asks, clerk, helper = enters(worker), enters(story.clerk, size=DESK), enters(story.lead)
    answer(helper, need, "先把三个站的表换成远传")
    asks.goto(page_of(need))
    again = opened(asks, "没解决，重新办", "/steps/reopen/")
    again.locator("[name=score]").select_option("2")
    again.locator("[name=note]").fill("3号站的还要跑")
    tap(again, "没解决，重新办")
    asks.get_by_text("已转回帮扶人重新办。").wait_for()
    clock.go_on(minutes=10)
    answer(helper, need, "3号站的也换了")
    asks.goto(page_of(need))
    rating = form(asks, "/steps/rate/")
    rating.locator("[name=score]").select_option("5")
    tap(rating, "已解决，评价")
    asks.get_by_text("谢谢评价。").wait_for()
    narrow(asks, helper)

    clerk.goto(page_of(need))
    tap(form(clerk, "/steps/close/"), "核实办结")
    clerk.get_by_text("已办结。").wait_for()
    need.refresh_from_db()
    assert (need.state, need.values["score"], need.round) == ("closed", "5", 2)


def answer(helper: Page, need: WorkItem, words: str) -> None:
    helper.goto(page_of(need))
    said = opened(helper, "答复提出人", "/steps/answer/")
    said.locator("[name=note]").fill(words)
    tap(said, "答复提出人")
    helper.get_by_text("已答复，等提出人评价。").wait_for()


def test_a_survey_hides_what_four_said_and_shows_what_six_said(empty, clock, enters):
    story = make_asked(6)
    owner, phones = enters(story.owner, size=DESK), [enters(person) for person in story.people]
    owner.goto("/work/surveys/new/")
    owner.fill("[name=title]", "食堂满意度")
    tap(owner, "存为草稿")
    owner.get_by_role("link", name="加一题").first.click()
    owner.fill("[name=text]", "饭菜热不热")
    owner.locator("[name=type]").select_option("scale")
    tap(owner, "存下")
    first = Survey.objects.get()
    assert answered_by(owner, phones[:4], first) == 4
    owner.get_by_text("答题的不到 5 人，结果不公布，也没有保存。").wait_for()
    expect(owner.get_by_text("平均")).to_have_count(0)

    owner.goto(f"/work/surveys/{first.pk}/")
    tap(owner, "复制成新问卷")
    second = Survey.objects.exclude(pk=first.pk).get()
    assert answered_by(owner, phones, second) == 6
    owner.get_by_text("6 人作答").wait_for()
    expect(owner.get_by_text("平均")).to_contain_text("4.00")
    narrow(*phones)


def answered_by(owner: Page, phones: list[Page], survey: Survey) -> int:
    """Send the survey out, let the phones answer it, close it and go to its results; return how many the owner read had answered."""
    owner.goto(f"/work/surveys/{survey.pk}/")
    owner.locator("#open-form [name=closes_at]").fill("2026-09-18T18:00")
    tap(owner, "发出问卷")
    owner.get_by_role("button", name="提前结束，看结果").wait_for()
    for phone in phones:
        phone.goto(f"/work/surveys/{survey.pk}/")
        phone.locator(".ask-points label").nth(3).click()
        tap(phone, "交答卷")
    owner.reload()
    answered = int(owner.locator("main .fs-28").inner_text())
    tap(owner, "提前结束，看结果")
    owner.goto(f"/work/surveys/{survey.pk}/results/")
    return answered


def test_a_challenge_is_bid_for_judged_without_the_interested_carried_out_and_paid(empty, clock, enters, picture):
    story = make_proposed(clock.at)
    here = page_of(story.item)
    poster, first, second = enters(story.poster, size=DESK), *map(enters, story.zone.members[:2])
    poster.goto(f"/work/challenges/{story.item.pk}/terms/")
    poster.fill("[name=bids_until]", f"{clock.at + BIDDING:%Y-%m-%dT%H:%M}")
    poster.fill("[name=reward]", "50000")
    poster.fill("[name=acceptance]", "连续 30 天不卡泵")
    tap(poster, "定下")
    tap(poster, "发榜")
    for phone, plan, days in ((first, "空心抽油杆电热", "60"), (second, "强磁防蜡", "90")):
        phone.goto(here)
        phone.get_by_role("link", name="我来揭榜").click()
        phone.fill("[name=plan]", plan)
        phone.fill("[name=days]", days)
        phone.fill("[name=cost]", "12000")
        tap(phone, "揭榜")
        phone.get_by_text(plan).wait_for()
    clock.at += BIDDING + timedelta(minutes=1)
    poster, first = enters(story.poster, size=DESK), enters(story.zone.members[0])
    experts = [enters(expert, size=DESK) for expert in story.experts[:2]]
    poster.goto(here)
    tap(poster, "截止揭榜，开始评榜")
    poster.get_by_role("link", name="定评榜组").click()
    for expert in story.experts:
        poster.check(f"[name=people][value='{expert.pk}']")
    tap(poster, "定下")

    leader = story.zone.members[0].name
    third_expert_judges(story, clock.at)
    for place, expert in enumerate(experts):
        expert.goto(here)
        expert.get_by_role("link", name="申报利益关系").click()
        if place == 0:
            expert.get_by_label(leader).fill("曾是他的师傅")
        tap(expert, "申报")
        offered = expert.get_by_role("link", name="一方打分")
        expect(offered).to_have_count(1 if place == 0 else 2)
        while offered.count():
            left = offered.count()
            better = leader in offered.first.inner_text()
            offered.first.click()
            for name, value in POINTS.items():
                expert.fill(f"[name={name}]", str(value + 10 * better))
            tap(expert, "打分")
            expect(offered).to_have_count(left - 1)
    poster.goto(here)
    bid = poster.locator(".bid").filter(has_text=leader)
    expect(bid).to_contain_text("90.00 分，第 1 名（2 位评委）")
    bid.get_by_text("选这一方").click()
    tap(bid, "定榜")
    poster.get_by_text("中选", exact=True).wait_for()

    first.goto(here)
    first.get_by_role("link", name="定里程碑，签军令状").click()
    first.fill("[name=title_1]", "样机下井")
    first.fill("[name=due_1]", "2026-10-20")
    first.fill("[name=share_1]", "100")
    tap(first, "签军令状")
    first.get_by_text("报完成").first.click()
    first.locator(".bid [name=note]").fill("样机 9 月 30 日下井")
    tap(first, "报完成")
    poster.goto(here)
    tap(poster, "核验通过")
    poster.get_by_text("已核验").first.wait_for()
    first.goto(here)
    hand = first.locator("#hand-form")
    hand.locator("[name=note]").fill("30 天没有卡泵")
    hand.locator("[name=photo]").set_input_files(picture)
    tap(hand, "交验")
    narrow(first, second)
    poster.goto(here)
    tap(form(poster, "/steps/accept/"), "验收")
    poster.get_by_text("记一笔兑现").click()
    pay = poster.locator("#pay-form")
    pay.locator("[name=amount]").fill("50000")
    pay.locator("[name=paid_on]").fill(f"{clock.at:%Y-%m-%d}")
    tap(pay, "记下")
    poster.get_by_text("已付 50000.00 元，还剩 0.00 元").or_(poster.get_by_text("还剩 0")).first.wait_for()
    tap(poster, "兑现完毕，办结")
    poster.get_by_text("已兑现", exact=True).first.wait_for()


def third_expert_judges(story: ChallengeStory, at: datetime) -> None:
    """The third one does as the second, without a window."""
    panelist = story.item.panel.select_related("person", "item").get(person=story.experts[2])
    declare_interest(panelist=panelist, interests={}, actor=panelist.person, at=at)
    for bid in story.item.bids.select_related("leader"):
        better = 10 * (bid.leader == story.zone.members[0])
        points = {name: value + better for name, value in POINTS.items()}
        score_bid(panelist=panelist, bid=bid, points=points, actor=panelist.person, at=at)


def test_a_benefit_is_estimated_carried_out_verified_by_another_counted_once_and_reversed(
    story, clock, enters, picture
):
    member, other = enters(story.members[0]), enters(story.members[1])
    lead, secretary = enters(story.lead, size=DESK), enters(story.secretary, size=DESK)
    member.goto("/work/items/new/benefit/")
    member.fill("[name=title]", "胶粘挂网")
    for name, words in WAYS.items():
        member.fill(f"[name={name}]", words)
    member.locator("[name=body]").select_option(str(story.body.pk))
    tap(member, "提出")
    member.get_by_role("link", name="测算效益").click()
    reckon(member, "7000", "1500")
    tap(member, "算好了，交审核")
    member.get_by_text("已测算，等待审核。").wait_for()
    idea = WorkItem.objects.get()
    lead.goto(page_of(idea))
    tap(lead, "审核通过")
    other.goto(page_of(idea))
    form(other, "/steps/take/").locator("[name=due_at]").fill("2026-09-25T18:00")
    tap(form(other, "/steps/take/"), "我来实施")
    other.get_by_role("link", name="填报实际效益").click()
    reckon(other, "7000", "2000")
    other.locator("#reckon-form [name=photo]").set_input_files(picture)
    tap(other, "填报，交人核定")
    other.get_by_text("已填报，等待别人核定。").wait_for()
    expect(other.get_by_role("button", name="核定入账")).to_have_count(0)
    narrow(member, other)

    secretary.goto(page_of(idea))
    tap(secretary, "核定入账")
    secretary.get_by_text("已核定，记入效益账。").wait_for()
    secretary.goto("/work/benefits/book/?year=all")
    expect(secretary.locator("main")).to_contain_text("500,000")
    assert secretary.locator("main details").filter(has_text="胶粘挂网").count() == 1
    secretary.goto(page_of(idea))
    secretary.get_by_text("没有保持住，冲回").click()
    back = secretary.locator("#reverse-form")
    back.locator("[name=reason]").fill("冬季起鼓，返工")
    tap(back, "冲回")
    secretary.get_by_text("已冲回，账上记了负数。").wait_for()
    secretary.goto("/work/benefits/book/?year=all")
    expect(secretary.locator("main details").filter(has_text="胶粘挂网")).to_contain_text("已冲回")


def reckon(page: Page, before: str, after: str) -> None:
    """One line: so many square metres before and after at 100 yuan, ninety days and thirty."""
    for name, text in (
        ("what_1", "墙体维修"), ("unit_1", "㎡"), ("before_quantity_1", before), ("before_price_1", "100"),
        ("after_quantity_1", after), ("after_price_1", "100"), ("days_before", "90"), ("days_after", "30"),
        ("basis", "结算单"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", text)


def test_a_look_back_goes_from_a_task_to_the_cause_and_opens_again(story, clock, enters):
    task = make_task(story, clock.at, title="交接班没有看作业票")
    lead, member = enters(story.lead), enters(story.members[0])
    lead.goto(f"/work/tasks/{task.pk}/")
    lead.get_by_role("link", name="回头看").click()
    expect(lead.locator("[name=title]")).to_have_value("交接班没有看作业票")
    lead.locator("[name=body]").select_option(str(story.body.pk))
    tap(lead, "提出")
    finding = WorkItem.objects.get()
    assert (finding.source_type, finding.source_id) == ("work.task", task.pk)

    member.goto(page_of(finding))
    tap(form(member, "/steps/take/"), "我来查")
    member.get_by_role("link", name="写原因").click()
    for name, text in (
        ("problem_behind", "两班对同一票据各记各的"), ("why_1", "交接时没有看票"), ("why_2", "没有规定谁看"),
        ("cause", "交接没有规定"), ("cause_behind", "没有人对交接负责"),
    ):  # fmt: skip
        member.fill(f"[name={name}]", text)
    tap(member, "写下原因")
    member.locator("#measure-form [name=title]").fill("交接单加票据一栏")
    member.locator("#measure-form [name=assignee]").select_option(str(story.members[1].pk))
    member.locator("#measure-form [name=due_at]").fill("2026-09-18T18:00")
    tap(member.locator("#measure-form"), "下达")
    tap(member, "措施已定，开始整改")
    measure = Task.objects.exclude(pk=task.pk).get()
    submit_task(task=measure, actor=story.members[1], at=clock.go_on(hours=5), note="已改")
    accept_task(task=measure, actor=story.lead, at=clock.go_on(hours=1))
    member, secretary = enters(story.members[0]), enters(story.secretary, size=DESK)
    member.goto(page_of(finding))
    member.locator("#submit-form [name=note]").fill("连看十天没有漏")
    tap(member.locator("#submit-form"), "交验")
    narrow(lead, member)

    secretary.goto(page_of(finding))
    verify = form(secretary, "/steps/verify/")
    verify.locator("[name=note]").fill("抽查三班")
    tap(verify, "验证见效，销号")
    secretary.get_by_text("已销号；再发生会重新打开。").wait_for()
    clock.go_on(days=20)
    lead = enters(story.lead)
    lead.goto(page_of(finding))
    lead.get_by_text("又发生了", exact=True).first.click()
    lead.locator("#recur-form [name=text]").fill("夜班又没看票")
    tap(lead.locator("#recur-form"), "又发生了，重新打开")
    lead.get_by_text("已重新打开，等责任人重新查原因。").wait_for()
    finding.refresh_from_db()
    assert finding.state == "analysing"


# ---- what several stories do ----


def page_of(item: WorkItem) -> str:
    return f"/work/items/{item.pk}/"


def form(page: Page, act: str) -> Locator:
    return page.locator(f"form[action$='{act}']")


def opened(page: Page, title: str, act: str) -> Locator:
    """Return the form of a step, unfolded where it stands behind its title."""
    found = form(page, act)
    if not found.locator("button").last.is_visible():
        page.locator("summary").filter(has_text=title).first.click()
    return found


def tap(place: Page | Locator, button: str, told: str = "") -> None:
    """Send a form by its button and wait for the page that answers."""
    page = place if isinstance(place, Page) else place.page
    with page.expect_navigation():
        place.get_by_role("button", name=button, exact=True).first.click()
    if told:
        page.get_by_text(told).first.wait_for()


def narrow(*pages: Page) -> None:
    for page in pages:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
