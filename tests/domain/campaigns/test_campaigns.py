"""A campaign from the adoption to the report (C8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ronghe.domain.campaigns.calc.stages import Standing
from ronghe.domain.campaigns.documents import report_document, summary_document
from ronghe.domain.campaigns.enums import ReportState, RunState
from ronghe.domain.campaigns.models import Campaign, StageSummary
from ronghe.domain.campaigns.selectors.board import board_of, not_joined, sort_board
from ronghe.domain.campaigns.selectors.campaigns import (
    campaigns_seen_by,
    kinds_seen_by,
    list_campaigns,
    reports_to_settle,
    stages_of,
    summaries_of,
    summaries_waiting,
)
from ronghe.domain.campaigns.services.reports import (
    OwnReport,
    ReturnUnsaid,
    SectionsEmpty,
    StagesOpen,
    accept_report,
    hand_in_report,
    return_report,
    save_report,
    take_back_report,
)
from ronghe.domain.campaigns.services.stages import (
    EarlierStageOpen,
    GateMissing,
    ReportAcceptedAlready,
    StageClosed,
    StageNotBegun,
    StageNotOurs,
    StageOpen,
    SummaryEmpty,
    correct_summary,
    summarize_stage,
)
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.obligations.services.waiving import waive
from ronghe.domain.org.enums import PostRole
from ronghe.domain.playbooks.models import Adoption
from ronghe.domain.playbooks.services.adopting import adopt_playbook, end_adoption
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.campaigns import campaign_book, campaign_of, hold, make_story, run_campaign, stage_of
from tests.factories.org import make_body, make_person, make_post

pytestmark = pytest.mark.django_db
TEXT = {"done": "做了三件事。", "figures": "漏办少了一半。"}


def moment(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def story():
    return make_story()


def standings(campaign, day):
    return [view.standing for view in stages_of(campaign, day)]


def summarize(story, campaign, code, at, **more):
    return summarize_stage(
        stage=stage_of(campaign, code), text="开了会，查了差距。", actor=story.secretary, at=at, **more
    )


def all_summed(story, *, reason="疫情停工"):
    campaign = run_campaign(story.branch)
    for code, at in (("mobilize", moment(8, 3)), ("measure", moment(9, 2)), ("accept", moment(10, 8))):
        summarize(story, campaign, code, at, reason=reason)
    return campaign_of(story.branch)


def handed_in(story, at):
    campaign = all_summed(story)
    report = save_report(campaign=campaign, sections=TEXT, actor=story.secretary, at=at)
    return hand_in_report(report=report, actor=story.secretary, at=at)


def test_adopting_a_playbook_with_a_campaign_begins_it(story, morning):
    campaign = run_campaign(story.branch)
    assert (campaign.title, campaign.begun_on, campaign.state_on(morning.date())) == (
        "对标年", date(2026, 7, 1), RunState.RUNNING,
    )  # fmt: skip
    assert standings(campaign, morning.date()) == [Standing.LATE, Standing.OWED, Standing.RUNNING]


def test_whoever_adopts_late_starts_in_the_running_stage(story, morning):
    campaign = run_campaign(story.branch, since=date(2026, 8, 10))
    assert standings(campaign, morning.date()) == [Standing.SKIPPED, Standing.OWED, Standing.RUNNING]
    with pytest.raises(StageNotOurs):
        summarize(story, campaign, "mobilize", morning)
    assert summarize(story, campaign, "measure", morning, reason="采用得晚").number == 1


def test_what_was_over_before_the_adoption_is_no_campaign(story):
    adopt_playbook(body=story.branch, playbook=campaign_book(), since=date(2026, 10, 1), actor=None, at=moment(10, 1))
    assert not Campaign.objects.exists()


def test_a_newer_version_extends_it_and_keeps_what_was_closed(story, morning):
    campaign = run_campaign(story.branch)
    summarize(story, campaign, "mobilize", moment(8, 3), reason="没有开会")
    longer = campaign_book(version=2, ends="2026-11-01")
    adopt_playbook(body=story.branch, playbook=longer, since=date(2026, 9, 10), actor=None, at=morning)
    campaign = Campaign.objects.select_related("version").get()
    assert (campaign.ends, campaign.stopped_on, campaign.version.version) == (date(2026, 11, 1), None, 2)
    assert campaign.stages.get(code="accept").until_on == date(2026, 11, 1)
    assert campaign.stages.get(code="mobilize").done_at is not None


def test_another_first_day_is_the_next_campaign(story, morning):
    run_campaign(story.branch)
    book = campaign_book(version=2, starts="2026-07-15", ends="2026-12-01")
    adopt_playbook(body=story.branch, playbook=book, since=date(2026, 9, 10), actor=None, at=morning)
    assert sorted(Campaign.objects.values_list("starts", "stopped_on")) == [
        (date(2026, 7, 1), date(2026, 9, 10)), (date(2026, 7, 15), None),
    ]  # fmt: skip


def test_ended_early_a_stage_that_ran_still_wants_its_summary(story, morning):
    run_campaign(story.branch)
    adoption = Adoption.objects.select_related("version").get(body=story.branch)
    end_adoption(adoption=adoption, until=date(2026, 8, 20), actor=story.secretary, at=morning)
    campaign = campaign_of(story.branch)
    assert campaign.state_on(morning.date()) == RunState.STOPPED
    assert standings(campaign, morning.date()) == [Standing.LATE, Standing.OWED, Standing.STOPPED]
    assert {stage.code for stage in summaries_waiting(story.secretary, morning)} == {"mobilize", "measure"}


def test_a_gate_names_what_is_missing_and_opens_when_it_is_met_or_waived(story):
    campaign = run_campaign(story.branch)
    day = date(2026, 8, 3)
    first, second, _third = stages_of(campaign, day)
    # Every mechanism that no stage claims counts in each; those of a stage in that stage alone.
    assert [duty.obligation.mechanism for duty in first.gate] == ["kick_off"]
    assert [duty.obligation.mechanism for duty in second.gate] == ["review"]
    activity = hold(story.branch, story.secretary, story.members, moment(7, 20))
    first = stages_of(campaign, day)[0]
    assert (first.gate, first.met, first.owed) == ([], 1, 1)
    assert (first.duties[0].source_type, first.duties[0].source_id) == ("rhythm.activity", activity.pk)
    review = Obligation.objects.get(body=story.branch, mechanism="review")
    waive(obligation=review, reason="停工", actor=story.field.secretary, at=moment(8, 3))
    assert stages_of(campaign, day)[1].gate == []


def test_a_summary_closes_the_stage_keeps_its_figures_and_meets_the_duty(story):
    campaign = run_campaign(story.branch)
    hold(story.branch, story.secretary, story.members, moment(7, 20))
    made = summarize(story, campaign, "mobilize", moment(7, 30))
    assert (made.missing, made.reason) == ([], "")
    assert {code: made.figures[code] for code in ("duties_done", "duties_missed", "activities", "present")} == {
        "duties_done": 1, "duties_missed": 0, "activities": 1, "present": 3,
    }  # fmt: skip
    hold(story.branch, story.secretary, story.members, moment(7, 31))
    assert summaries_of(stage_of(campaign, "mobilize"))[0].figures["activities"] == 1
    summed = Obligation.objects.get(body=story.branch, mechanism="stage_summary", occurrence="2026-07-01")
    assert summed.match.met_on == date(2026, 7, 30)
    fact = Fact.objects.get(kind="campaigns.stage_done")
    assert fact.values == {
        "campaign": "benchmarks", "playbook": "benchmarks@1", "stage": "mobilize", "missing": 0, "met": 1, "late": 0,
        "activities": 1, "present": 3,
    }  # fmt: skip


def test_what_is_missing_wants_a_reason_that_is_kept(story):
    campaign = run_campaign(story.branch)
    with pytest.raises(GateMissing) as refused:
        summarize(story, campaign, "mobilize", moment(8, 3))
    assert "动员会" in str(refused.value)
    made = summarize(story, campaign, "mobilize", moment(8, 3), reason="书记住院，九月补开")
    assert [one["mechanism"] for one in made.missing] == ["kick_off"]
    assert made.reason == "书记住院，九月补开"


def test_stages_are_closed_in_their_order_once_and_by_the_bodys_own(story, morning):
    campaign = run_campaign(story.branch)
    with pytest.raises(EarlierStageOpen):
        summarize(story, campaign, "measure", morning, reason="先写后面的")
    with pytest.raises(StageNotBegun):
        summarize(story, campaign, "measure", moment(7, 15), reason="提前")
    with pytest.raises(SummaryEmpty):
        summarize_stage(stage=stage_of(campaign, "mobilize"), text=" ", actor=story.secretary, at=morning)
    for other in (story.field.secretary, story.secretaries[1], story.members[0]):
        with pytest.raises(NotAllowed):
            summarize_stage(stage=stage_of(campaign, "mobilize"), text="好", actor=other, at=morning, reason="无")
    summarize(story, campaign, "mobilize", morning, reason="缺会")
    with pytest.raises(StageClosed):
        summarize(story, campaign, "mobilize", morning, reason="再来")


def test_a_summary_is_corrected_by_another_beside_it(story, morning):
    campaign = run_campaign(story.branch)
    stage = stage_of(campaign, "mobilize")
    with pytest.raises(StageOpen):
        correct_summary(stage=stage, text="改", reason="笔误", actor=story.secretary, at=morning)
    first = summarize(story, campaign, "mobilize", morning, reason="缺会")
    second = correct_summary(stage=stage, text="改过的", reason="笔误", actor=story.secretary, at=morning)
    assert (second.number, second.figures, second.missing) == (2, first.figures, first.missing)
    assert stages_of(campaign, morning.date())[0].summary == second
    with pytest.raises(SummaryEmpty):
        correct_summary(stage=stage, text="改过的", reason=" ", actor=story.secretary, at=morning)
    assert StageSummary.objects.count() == 2


def test_summaries_wait_for_those_who_write_in_that_body(story, morning):
    run_campaign(story.branch)
    assert [stage.code for stage in summaries_waiting(story.secretary, morning)] == ["mobilize", "measure"]
    assert not summaries_waiting(story.field.secretary, morning).exists()
    assert not summaries_waiting(story.members[0], morning).exists()


def test_a_report_wants_every_summary_and_every_section(story):
    campaign = run_campaign(story.branch)
    at = moment(10, 8)
    report = save_report(campaign=campaign, sections={"done": "做了三件事。"}, actor=story.secretary, at=at)
    with pytest.raises(StagesOpen):
        hand_in_report(report=report, actor=story.secretary, at=at)
    for code in ("mobilize", "measure", "accept"):
        summarize(story, campaign, code, at, reason="缺会")
    with pytest.raises(SectionsEmpty) as refused:
        hand_in_report(report=report, actor=story.secretary, at=at)
    assert "前后对比" in str(refused.value)
    save_report(campaign=campaign, sections={"figures": "漏办少了一半。"}, actor=story.secretary, at=at)
    report.refresh_from_db()
    done = hand_in_report(report=report, actor=story.secretary, at=at)
    assert (done.state, done.round, done.sections) == (ReportState.HANDED_IN, 1, TEXT)
    assert done.figures["duties_missed"] == 3
    assert set(done.figures["changes"]) == {"on_time", "present", "solved"}


def test_the_body_above_takes_note_or_returns_with_a_reason(story):
    at = moment(10, 9)
    report = handed_in(story, at)
    clerk = story.field.clerk
    assert list(reports_to_settle(clerk, at)) == [report]
    assert not reports_to_settle(story.secretary, at).exists()
    for other in (story.secretary, story.secretaries[1], story.members[0]):
        with pytest.raises(NotAllowed):
            accept_report(report=report, actor=other, at=at)
    with pytest.raises(ReturnUnsaid):
        return_report(report=report, reason=" ", actor=clerk, at=at)
    return_report(report=report, reason="没有写没解决的问题", actor=clerk, at=at)
    with pytest.raises(StepNotAllowed):
        accept_report(report=report, actor=clerk, at=at)
    save_report(campaign=report.campaign, sections={"done": "补上了。"}, actor=story.secretary, at=at)
    report.refresh_from_db()
    hand_in_report(report=report, actor=story.secretary, at=at)
    accept_report(report=report, actor=clerk, at=at)
    assert list(report.events.order_by("pk").values_list("step", "round")) == [
        ("handed_in", 1), ("returned", 1), ("handed_in", 2), ("accepted", 2),
    ]  # fmt: skip
    accepted = Fact.objects.get(kind="campaigns.report_accepted")
    assert (accepted.body, accepted.values) == (story.branch.pk, {"playbook": "benchmarks@1", "round": 2})
    with pytest.raises(ReportAcceptedAlready):
        correct_summary(
            stage=stage_of(report.campaign, "mobilize"), text="再改", reason="想改", actor=story.secretary, at=at
        )
    with pytest.raises(StepNotAllowed):
        save_report(campaign=report.campaign, sections=TEXT, actor=story.secretary, at=at)


def test_a_report_is_taken_back_until_it_is_settled(story):
    at = moment(10, 9)
    report = handed_in(story, at)
    assert take_back_report(report=report, actor=story.secretary, at=at).state == ReportState.DRAFT
    hand_in_report(report=report, actor=story.secretary, at=at)
    accept_report(report=report, actor=story.field.clerk, at=at)
    with pytest.raises(StepNotAllowed):
        take_back_report(report=report, actor=story.secretary, at=at)


def test_where_nobody_stands_above_somebody_else_of_the_body_takes_note(story):
    at = moment(10, 9)
    campaign = run_campaign(story.committee)
    for code in ("mobilize", "measure", "accept"):
        summarize_stage(stage=stage_of(campaign, code), text="好", actor=story.field.clerk, at=at, reason="缺会")
    report = save_report(campaign=campaign, sections=TEXT, actor=story.field.clerk, at=at)
    hand_in_report(report=report, actor=story.field.clerk, at=at)
    with pytest.raises(OwnReport):
        accept_report(report=report, actor=story.field.clerk, at=at)
    assert not reports_to_settle(story.field.clerk, at).exists()
    assert accept_report(report=report, actor=story.field.secretary, at=at).state == ReportState.ACCEPTED


def test_who_sees_a_campaign(story, morning):
    campaign = run_campaign(story.branch)
    stranger = make_person("倪春梅", home=make_body("采油七队党支部"))
    for who, seen in (
        (story.secretary, True), (story.field.auditor, True), (story.members[0], True), (story.secretaries[1], False),
        (stranger, False),
    ):  # fmt: skip
        assert campaigns_seen_by(who, morning).filter(pk=campaign.pk).exists() == seen


def test_the_board_shows_every_body_and_who_is_behind(story, morning):
    for body in story.branches:
        run_campaign(body)
    hold(story.branch, story.secretary, story.members, moment(7, 20))
    for code, at in (("mobilize", moment(7, 30)), ("measure", moment(9, 2))):
        summarize(story, campaign_of(story.branch), code, at, reason="缺会")
    board = board_of(story.field.clerk, morning, "benchmarks", date(2026, 7, 1))
    assert [code for code, _title in board.stages] == ["mobilize", "measure", "accept"]
    assert (len(board.rows), board.behind, board.compares) == (3, 3, True)
    rows = {row.campaign.body_id: row for row in board.rows}
    mine = rows[story.branch.pk]
    assert ([state.value for state in mine.standings], mine.late, mine.missed) == (["done", "done", "running"], 0, 1)
    other = rows[story.branches[1].pk]
    assert ([state.value for state in other.standings], other.met, other.owed, other.leads) == (
        ["late", "owed", "running"], 0, 3, ["韩雪松"],
    )  # fmt: skip
    assert sort_board(board.rows, "behind")[-1] is mine
    assert sort_board(board.rows, "duties")[-1] is mine
    assert board_of(story.field.clerk, morning, "benchmarks", date(2025, 7, 1)) is None
    assert len(board_of(story.secretary, morning, "benchmarks", date(2026, 7, 1)).rows) == 1


def test_the_board_compares_only_where_the_playbook_asks(story, morning):
    run_campaign(story.branch, compared="rules")
    board = board_of(story.field.clerk, morning, "benchmarks", date(2026, 7, 1))
    assert (board.compares, board.rows[0].changes) == (False, None)


def test_the_board_names_bodies_that_do_not_run_it(story, morning):
    run_campaign(story.branch)
    missing = not_joined(story.field.clerk, morning, campaign_book(), date(2026, 7, 1))
    assert [body.name for body in missing] == ["第2作业区党支部", "第3作业区党支部", "采油一厂党委"]


def test_a_board_of_two_hundred_bodies_costs_what_one_of_three_does(story, morning, django_assert_max_num_queries):
    book = campaign_book()
    for number in range(200):
        body = make_body(f"第{number:03}作业区支部", parent=story.committee)
        adopt_playbook(body=body, playbook=book, since=date(2026, 7, 1), actor=None, at=morning)
    with django_assert_max_num_queries(25):
        board = board_of(story.field.clerk, morning, "benchmarks", date(2026, 7, 1))
    assert len(board.rows) == 200
    with django_assert_max_num_queries(5):
        assert list_campaigns(story.field.clerk, morning).count == 200
    with django_assert_max_num_queries(2):
        assert [kind.bodies for kind in kinds_seen_by(story.field.clerk, morning)] == [200]


def test_campaigns_are_listed_by_their_state(story, morning):
    run_campaign(story.branch)
    states = {state: list_campaigns(story.secretary, morning, state=state).count for state in RunState.values}
    assert states == {"upcoming": 0, "running": 1, "over": 0, "stopped": 0}
    later = list_campaigns(story.secretary, morning + timedelta(days=60), state="over")
    assert later.count == 1


def test_papers_say_what_was_written_and_counted(story):
    at = moment(10, 9)
    report = handed_in(story, at)
    paper = report_document(report, stages_of(report.campaign, at.date()))
    words = str(paper.blocks)
    assert ("做了三件事。" in words, "漏办" in words, paper.head is not None) == (True, True, True)
    assert "（草稿）" in paper.title
    accept_report(report=report, actor=story.field.clerk, at=at)
    assert "（草稿）" not in report_document(report, stages_of(report.campaign, at.date())).title
    stage = stage_of(report.campaign, "mobilize")
    assert "疫情停工" in str(summary_document(stage, summaries_of(stage)[0]).blocks)


def test_a_reader_of_the_body_above_is_not_a_writer_of_the_body(story, morning):
    campaign = run_campaign(story.branch)
    member = make_person("宣传委员", home=story.branch)
    make_post(member, PostRole.PUBLICITY_MEMBER, body=story.branch)
    stage = stage_of(campaign, "mobilize")
    assert summarize_stage(stage=stage, text="好", actor=member, at=morning, reason="缺会").number == 1
