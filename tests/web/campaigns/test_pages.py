"""主题活动 and 专项活动 on the page: from the plan to the figure, from the stage to the report, and what bad input meets."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ronghe.domain.campaigns.models import CampaignReport, StageSummary, ThemedActivity
from ronghe.domain.campaigns.services.reports import hand_in_report, save_report
from ronghe.domain.campaigns.services.stages import summarize_stage
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.today.selectors import my_day
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import open_task
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.domain.playbooks.making import adopt, shipped
from tests.factories.campaigns import (
    campaign_of,
    fresh,
    hold,
    make_held,
    make_story,
    plan,
    run_campaign,
    stage_of,
)
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db
HOME = "/rhythm/campaigns/"
THEMED = f"{HOME}themed/"
BOARD = f"{HOME}board/benchmarks/2026-07-01/"
NASTY = {"text": "\x00", "theme": "\x00", "task": "9" * 40, "figure_learners": "1e99", "starts_at": "9999-12-31T23:59",
         "hosts": ["9" * 40], "due_at": "x", "section_done": "\x00"}  # fmt: skip


@pytest.fixture
def story(db, now):
    return make_story("采油九厂党委")


@pytest.fixture
def secretary(story, as_person):
    return as_person(story.secretary)


@pytest.fixture
def clerk(story, as_person):
    return as_person(story.field.clerk)


@pytest.fixture
def auditor(story, as_person):
    return as_person(story.field.auditor)


@pytest.fixture
def member(story, as_person):
    return as_person(story.members[0])


@pytest.fixture
def stranger(story, as_person):
    return as_person(make_person("倪春梅", home=make_body("采油七队党支部")))


def summed(story, now):
    campaign = run_campaign(story.branch)
    for code in ("mobilize", "measure", "accept"):
        summarize_stage(stage=stage_of(campaign, code), text="写了", actor=story.secretary, at=now, reason="缺会")
    return campaign_of(story.branch)


def words(answer):
    return answer.content.decode()


@pytest.mark.parametrize("who", ["secretary", "clerk", "auditor", "member", "stranger"])
def test_everybody_gets_the_lists_with_what_they_may_see(request, story, now, who):
    run_campaign(story.branch)
    make_held(story, now)
    browser = request.getfixturevalue(who)
    for path, said in ((HOME, "对标年"), (THEMED, "技能擂台"), (f"{THEMED}year/", story.branch.name)):
        shown = browser.get(path)
        assert shown.status_code == 200
        assert (said in words(shown)) == (who != "stranger"), path


def test_the_empty_pages_say_what_brings_something(stranger):
    assert "还没有专项活动" in words(stranger.get(HOME))
    assert "还没有主题活动" in words(stranger.get(THEMED))
    assert "这一年还没有主题活动" in words(stranger.get(f"{THEMED}year/"))


def test_a_themed_activity_is_planned_in_one_form(secretary, story):
    shown = words(secretary.get(f"{THEMED}new/"))
    assert all(theme in shown for theme in ("学习", "生产", "文体", "廉洁"))
    given = {
        "body": story.branch.pk, "theme": "production", "title": "注水竞赛", "starts_at": "2026-09-20T09:00",
        "ends_at": "2026-09-20T11:00", "place": "注水站",
    }  # fmt: skip
    assert secretary.post(f"{THEMED}new/", {**given, "ends_at": "2026-09-20T08:00"}).status_code == 422
    assert secretary.post(f"{THEMED}new/", {**given, "theme": "cooking"}).status_code == 422
    answer = secretary.post(f"{THEMED}new/", given)
    themed = ThemedActivity.objects.select_related("activity").get()
    assert answer["Location"] == f"{THEMED}{themed.pk}/"
    assert themed.activity.activity_type == ActivityType.LABOR_CONTEST
    assert "注水竞赛" in words(secretary.get(answer["Location"]))


def test_planning_is_for_planners(member, auditor):
    assert member.get(f"{THEMED}new/").status_code == 403
    assert auditor.get(f"{THEMED}new/").status_code == 403


def test_one_tap_gives_a_theme_and_undo_takes_it_off(secretary, member, story, now):
    activity = plan_activity(
        activity_type=ActivityType.THEMED_ACTIVITY, body=story.branch, place="会议室", scheduled_from=now,
        scheduled_until=now + timedelta(hours=1), actor=story.secretary, at=now,
    )  # fmt: skip
    assert "还没有定主题" in words(secretary.get(THEMED))
    assert "还没有定主题" not in words(member.get(THEMED))
    assert member.post(f"{THEMED}give/{activity.pk}/", {"theme": "integrity"}).status_code == 404
    secretary.post(f"{THEMED}give/{activity.pk}/", {"theme": "integrity"})
    themed = ThemedActivity.objects.get(activity=activity)
    assert f"{THEMED}{themed.pk}/withdraw/" in words(secretary.get(THEMED))
    secretary.post(f"{THEMED}{themed.pk}/theme/", {"theme": "learning"})
    assert fresh(themed).theme == "learning"
    secretary.post(f"{THEMED}{themed.pk}/withdraw/")
    assert not ThemedActivity.objects.exists()


def test_the_result_is_proposed_from_the_sheet_and_corrected_with_a_reason(secretary, member, story, now):
    themed = make_held(story, now)
    page = f"{THEMED}{themed.pk}/"
    assert "等您填成效" in words(secretary.get(THEMED))
    assert 'value="4"' in words(secretary.get(page))
    assert "result/" not in words(member.get(page))
    assert member.post(f"{page}result/", {"figure_learners": 4}).status_code == 403
    assert secretary.post(f"{page}result/", {"figure_learners": "-1"}).status_code == 422
    assert secretary.post(f"{page}result/", {"figure_learners": 4, "note": "都会了"})["Location"] == page
    assert secretary.post(f"{page}result/", {"figure_learners": 5}).status_code == 422
    secretary.post(f"{page}result/", {"figure_learners": 5, "reason": "漏数一人"})
    assert themed.results.count() == 2
    assert "漏数一人" in words(secretary.get(page))
    assert "参加 5 人" in words(secretary.get(THEMED))


def test_problems_become_tasks_and_tasks_are_taken_up(secretary, story, now):
    themed = make_held(story, now, theme="production")
    page = f"{THEMED}{themed.pk}/"
    given = {"problem": "注水泵振动大", "assignee": story.members[0].pk, "due_at": "2026-09-20T18:00"}
    assert secretary.post(f"{page}problems/", {**given, "due_at": "2026-09-01T18:00"}).status_code == 422
    secretary.post(f"{page}problems/", given)
    task = Task.objects.get()
    other = open_task(
        title="换盘根", assignee=story.members[1], due_at=now + timedelta(days=1), body=story.branch,
        actor=story.secretary, at=now,
    )  # fmt: skip
    secretary.post(f"{page}tasks/", {"task": other.pk})
    assert themed.tasks.count() == 2
    secretary.post(f"{page}tasks/{task.pk}/out/")
    assert list(themed.tasks.values_list("task", flat=True)) == [other.pk]


def test_the_list_is_filtered(secretary, story, now):
    make_held(story, now, theme="learning", figure="learners")
    make_held(story, now + timedelta(hours=3), theme="culture")
    assert "没有" in words(secretary.get(f"{THEMED}?theme=integrity"))
    shown = words(secretary.fragment(f"{THEMED}?waiting=1"))
    assert ("待填成效" in shown, "参加 4 人" in shown) == (True, False)
    assert secretary.get(f"{THEMED}?q=技能&theme=own&page=9").status_code == 200


def test_the_year_shows_sums_gaps_and_one_bodys_quarters(secretary, story, now):
    run = shipped("changqing_six")
    adopt(story.branch, run, date(2026, 1, 1))
    themed = make_held(story, now, figure="learners")
    shown = words(secretary.get(f"{THEMED}year/"))
    assert "参加 4 人" in shown
    one = words(secretary.get(f"{THEMED}year/?year=2026&body={story.branch.pk}"))
    assert (f"{THEMED}{themed.pk}/" in one, "漏办" in one) == (True, True)
    assert secretary.get(f"{THEMED}year/?year=99999999999999999999&body=x&gaps=1").status_code == 200
    for path in (f"{THEMED}year/export/?year=2026", f"{THEMED}export/"):
        assert secretary.get(path).getvalue()[:2] == b"PK"


def test_a_campaign_shows_stages_duties_and_what_met_them(secretary, story, now):
    campaign = run_campaign(story.branch)
    activity = hold(story.branch, story.secretary, story.members, datetime(2026, 7, 20, 9, 0, tzinfo=SHANGHAI))
    shown = words(secretary.get(f"{HOME}{campaign.pk}/"))
    for said in ("动员部署", "对标查摆", "验收评星", "动员会", f"/rhythm/activities/{activity.pk}/", "写小结"):
        assert said in shown


def test_a_stage_is_summed_up_on_its_page(secretary, member, story):
    campaign = run_campaign(story.branch)
    page = f"{HOME}{campaign.pk}/stages/mobilize/"
    assert "还缺 1 项" in words(secretary.get(page))
    assert "summary/" not in words(member.get(page))
    assert member.post(f"{page}summary/", {"text": "我来写"}).status_code == 403
    refused = secretary.post(f"{page}summary/", {"text": "开了会"})
    assert (refused.status_code, "动员会" in words(refused)) == (422, True)
    assert secretary.post(f"{page}summary/", {"text": "开了会", "reason": "书记住院"})["Location"] == page
    assert "书记住院" in words(secretary.get(page))
    assert secretary.post(f"{page}correct/", {"text": "改过"}).status_code == 422
    secretary.post(f"{page}correct/", {"text": "改过", "reason": "笔误"})
    assert StageSummary.objects.count() == 2
    assert secretary.get(f"{page}print.docx").status_code == 200
    assert secretary.get(f"{HOME}{campaign.pk}/stages/measure/print.docx").status_code == 404
    assert "先写" not in words(secretary.get(f"{HOME}{campaign.pk}/stages/measure/"))
    assert secretary.get(f"{HOME}{campaign.pk}/stages/nothing/").status_code == 404


def test_a_report_is_written_handed_in_returned_and_accepted(secretary, clerk, member, story, now):
    campaign = summed(story, now)
    page = f"{HOME}{campaign.pk}/report/"
    assert member.get(page).status_code == 404
    assert clerk.get(page).status_code == 404
    secretary.post(f"{page}save/", {"section_done": "做了三件事"})
    assert CampaignReport.objects.get().state == "draft"
    refused = secretary.post(f"{page}save/", {"section_done": "做了三件事", "hand_in": "1"})
    assert (refused.status_code, "前后对比" in words(refused)) == (422, True)
    secretary.post(f"{page}save/", {"section_done": "做了三件事", "section_figures": "少了", "hand_in": "1"})
    assert "审阅通过" in words(clerk.get(page))
    assert "审阅“对标年”的总结报告" in words(clerk.get(HOME))
    assert "审阅通过" not in words(secretary.get(page))
    assert clerk.post(f"{page}return/", {}).status_code == 422
    clerk.post(f"{page}return/", {"reason": "没写问题"})
    assert "没写问题" in words(secretary.get(page))
    secretary.post(f"{page}save/", {"section_done": "补了", "section_figures": "少了", "hand_in": "1"})
    secretary.post(f"{page}take-back/")
    secretary.post(f"{page}save/", {"section_done": "补了", "section_figures": "少了", "hand_in": "1"})
    clerk.post(f"{page}accept/", {"note": "同意"})
    assert CampaignReport.objects.get().state == "accepted"
    assert "已审阅" in words(member.get(page))
    for form in ("docx", "pdf"):
        assert member.get(f"{page}print.{form}").status_code == 200


def test_a_report_waits_for_its_stages(secretary, story):
    campaign = run_campaign(story.branch)
    shown = words(secretary.get(f"{HOME}{campaign.pk}/report/"))
    assert ("还不能交" in shown, "hand_in" in shown) == (True, False)


def test_the_board_sorts_filters_and_exports(clerk, stranger, story, now):
    for body in story.branches:
        run_campaign(body)
    shown = words(clerk.get(BOARD))
    assert all(body.name in shown for body in story.branches)
    assert "小结逾期" in shown
    for query in (
        "?sort=name",
        "?sort=duties",
        "?sort=gain",
        "?sort=x&behind=1",
        f"?below={story.committee.pk}",
        "?q=第2",
    ):
        assert clerk.get(f"{BOARD}{query}").status_code == 200
    assert story.branches[2].name not in words(clerk.get(f"{BOARD}?q=第2"))
    assert clerk.get(f"{BOARD}export/?sort=name").getvalue()[:2] == b"PK"
    assert stranger.get(BOARD).status_code == 404
    assert clerk.get(f"{HOME}board/benchmarks/yesterday/").status_code == 404


@pytest.mark.parametrize("who", ["secretary", "clerk", "member", "stranger"])
def test_bad_input_is_refused_and_nothing_falls_over(request, story, now, who):
    browser = request.getfixturevalue(who)
    campaign = run_campaign(story.branch)
    themed = make_held(story, now)
    save_report(campaign=campaign, sections={}, actor=story.secretary, at=now)
    paths = [f"{THEMED}new/", f"{THEMED}give/{themed.activity_id}/"]
    paths += [f"{THEMED}{themed.pk}/{act}/" for act in ("theme", "withdraw", "result", "tasks", "problems")]
    paths += [f"{HOME}{campaign.pk}/stages/mobilize/{act}/" for act in ("summary", "correct")]
    paths += [f"{HOME}{campaign.pk}/report/{act}/" for act in ("save", "take-back", "accept", "return")]
    for path in paths:
        assert browser.post(path, NASTY).status_code in {302, 403, 404, 422}, path
        assert browser.get(path).status_code in {200, 403, 404, 405}, path
    for query in ("?q=%00", "?state=x&page=9999999999999999999", "?theme=%00"):
        assert browser.get(f"{HOME}{query}").status_code == 200
        assert browser.get(f"{THEMED}{query}").status_code == 200


def test_lists_cost_the_same_for_many(clerk, story, now, statements):
    run_campaign(story.branch)
    make_held(story, now, figure="learners")
    before = {path: statements(clerk, path) for path in (HOME, THEMED, f"{THEMED}year/", BOARD)}
    for body in story.branches[1:]:
        run_campaign(body)
    for hour in range(3, 12, 3):
        make_held(story, now + timedelta(hours=hour), figure="learners")
    for path, count in before.items():
        assert statements(clerk, path) <= count, path
    assert before[HOME] <= 16
    assert before[THEMED] <= 16


def test_what_waits_stands_on_today(secretary, clerk, story, now):
    campaign = summed(story, now)
    make_held(story, now)
    report = save_report(campaign=campaign, sections={"done": "一", "figures": "二"}, actor=story.secretary, at=now)
    hand_in_report(report=report, actor=story.secretary, at=now)
    run_campaign(story.branches[1])
    waiting = {who: {line.inbox for line in my_day(who, now, most=99).lines} for who in
              (story.secretary, story.field.clerk, story.secretaries[1])}  # fmt: skip
    assert "themed_results" in waiting[story.secretary]
    assert "campaign_reports" in waiting[story.field.clerk]
    assert "stage_summaries" in waiting[story.secretaries[1]]


def test_a_planned_activity_leads_to_signing_in(secretary, story, now):
    themed = plan(story, now)
    assert f"/rhythm/activities/{themed.activity_id}/" in words(secretary.get(f"{THEMED}{themed.pk}/"))
