from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.enums import BaselineState, ReportKind
from ronghe.domain.schedule.models import Baseline, BaselineLine, ProgressReport
from ronghe.domain.schedule.rules import APPROVE_BASELINE, REPORT_PROGRESS
from ronghe.domain.schedule.selectors.loading import baseline_in_force
from ronghe.domain.schedule.services.baselines import (
    BaselineUnchanged,
    BaselineWaiting,
    ChangeWithoutReason,
    DecisionWithoutWords,
    NoCommissioning,
    NothingToPropose,
    approve_baseline,
    propose_baseline,
    refuse_baseline,
    withdraw_baseline,
)
from ronghe.domain.schedule.services.progress import (
    FinishedAlready,
    FinishedBeforeBegun,
    NothingReported,
    PercentUnfit,
    ReportDayToCome,
    SummaryNotReported,
    report_finish,
    report_percent,
    report_start,
    take_back_report,
)
from ronghe.domain.schedule.services.tasks import TaskText, change_task
from ronghe.domain.schedule.services.weeks import turn_day
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.races import at_once
from tests.factories.schedule import add, approve, make_plan, make_schedule, make_story, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning)


@pytest.fixture
def plan(story, morning):
    return make_plan(story, morning)


def facts(kind):
    rows = Fact.objects.filter(kind=f"schedule.{kind}").order_by("pk")
    return [json.loads(row.attributes) for row in rows]


# ---- baselines ------------------------------------------------------------------------------------------------------
def test_pj_03_a_baseline_is_frozen_with_its_digest_and_approved_by_another(plan, story, morning):
    made = propose_baseline(schedule=plan, actor=story.planner, at=morning)
    assert (made.number, made.state, made.lines.count(), len(made.digest)) == (1, "proposed", 4, 64)
    assert made.commissioned_on == date(2026, 9, 17)
    with pytest.raises(NotAllowed):
        approve_baseline(baseline=made, digest=made.digest, decision="", actor=story.planner, at=morning)
    with pytest.raises(Stale):
        approve_baseline(baseline=made, digest="0" * 64, decision="", actor=story.head, at=morning)

    approve_baseline(baseline=made, digest=made.digest, decision="基建〔2026〕12号", actor=story.head, at=morning)

    assert baseline_in_force(plan) == made
    assert (
        facts("baseline_decided")[-1] | {"step": "approve", "commissioned_on": "2026-09-17"}
        == facts("baseline_decided")[-1]
    )


def test_who_proposes_never_approves_even_a_head(plan, story, morning):
    made = propose_baseline(schedule=plan, actor=story.head, at=morning)
    assert not APPROVE_BASELINE.allows(story.head, made, at=morning)
    assert APPROVE_BASELINE.allows(story.manager, made, at=morning)
    assert list(APPROVE_BASELINE.narrow(story.head, Baseline.objects.all(), at=morning)) == []
    assert list(APPROVE_BASELINE.narrow(story.manager, Baseline.objects.all(), at=morning)) == [made]


def test_pj_03_a_plan_without_its_commissioning_is_not_put_up(story, morning):
    schedule = make_schedule(story, morning)
    with pytest.raises(NothingToPropose):
        propose_baseline(schedule=schedule, actor=story.planner, at=morning)
    add(schedule, story, morning, "挖沟", 3)
    with pytest.raises(NoCommissioning):
        propose_baseline(schedule=schedule, actor=story.planner, at=morning)


def test_pj_03_dates_change_only_by_another_approval_with_a_reason(plan, story, morning):
    first = approve(plan, story, morning)
    with pytest.raises(BaselineUnchanged):
        propose_baseline(schedule=plan, actor=story.planner, at=morning, reason="再报一次")
    change_task(
        task=task_of(plan, 3), text=TaskText("管线试压", Decimal(4), links="2"), actor=story.planner, at=morning
    )
    assert baseline_in_force(plan) == first
    with pytest.raises(ChangeWithoutReason):
        propose_baseline(schedule=plan, actor=story.planner, at=morning, reason=" ")

    second = approve(plan, story, morning, reason="试压段由两段改为四段")

    assert (second.number, second.commissioned_on, first.commissioned_on) == (2, date(2026, 9, 19), date(2026, 9, 17))
    assert baseline_in_force(plan) == second
    assert BaselineLine.objects.filter(baseline=first).count() == 4


def test_one_waits_at_a_time_and_may_be_refused_or_withdrawn(plan, story, morning):
    made = propose_baseline(schedule=plan, actor=story.planner, at=morning)
    with pytest.raises(BaselineWaiting):
        propose_baseline(schedule=plan, actor=story.planner, at=morning)
    with pytest.raises(DecisionWithoutWords):
        refuse_baseline(baseline=made, decision=" ", actor=story.head, at=morning)
    refuse_baseline(baseline=made, decision="投产日期要提前", actor=story.head, at=morning)
    assert (made.state, baseline_in_force(plan)) == (BaselineState.REFUSED, None)
    again = propose_baseline(schedule=plan, actor=story.planner, at=morning)
    with pytest.raises(NotAllowed):
        withdraw_baseline(baseline=again, actor=story.head, at=morning)
    withdraw_baseline(baseline=again, actor=story.planner, at=morning)
    with pytest.raises(StepNotAllowed):
        approve_baseline(baseline=again, digest=again.digest, decision="", actor=story.head, at=morning)


@pytest.mark.django_db(transaction=True)
def test_the_lines_of_a_baseline_are_refused_to_change_by_the_database(committing_db, morning):
    story = make_story(morning)
    plan = make_plan(story, morning)
    approve(plan, story, morning)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE schedule_baseline_line SET minutes = 1")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(committing_db, morning):
    story = make_story(morning)
    made = propose_baseline(schedule=make_plan(story, morning), actor=story.planner, at=morning)

    def decide(who):
        row = Baseline.objects.select_related("schedule__project").get(pk=made.pk)
        return lambda: approve_baseline(baseline=row, digest=made.digest, decision="", actor=who, at=morning)

    assert at_once([decide(story.head), decide(story.manager)]) == 1


# ---- progress -------------------------------------------------------------------------------------------------------
def test_a_foreman_tells_begun_so_far_and_done(plan, story, morning):
    approve(plan, story, morning)
    task = task_of(plan, 1)
    report_start(task=task, actor=story.foreman, at=morning, day=date(2026, 9, 2))
    report_percent(task=task_of(plan, 1), percent=60, actor=story.foreman, at=morning)
    report_finish(task=task_of(plan, 1), actor=story.foreman, at=morning, day=date(2026, 9, 8), note="夜班抢了两天")

    task = task_of(plan, 1)
    assert (task.percent, local_day(task.actual_start), local_day(task.actual_finish)) == (
        100, date(2026, 9, 2), date(2026, 9, 8),
    )  # fmt: skip
    assert [row["kind"] for row in facts("progress_reported")] == ["started", "progress", "finished"]
    assert facts("task_finished") == [{"day": "2026-09-08", "on_time": True, "days_gained": 2, "is_key": True}]


def test_what_comes_after_moves_with_what_was_told(plan, story, morning):
    approve(plan, story, morning)
    report_finish(
        task=task_of(plan, 1), actor=story.foreman, at=morning, day=date(2026, 9, 14), started_on=date(2026, 9, 1)
    )
    follower = task_of(plan, 2)
    assert local_day(follower.forecast_start) == date(2026, 9, 15)
    assert local_day(follower.start_at) == date(2026, 9, 11)
    plan.refresh_from_db()
    assert local_day(plan.forecast_at) == date(2026, 9, 21)


@pytest.mark.parametrize("percent", [-1, 0, 100, 101])
def test_so_far_is_between_one_and_ninety_nine(plan, story, morning, percent):
    with pytest.raises(PercentUnfit):
        report_percent(task=task_of(plan, 1), percent=percent, actor=story.foreman, at=morning)
    assert task_of(plan, 1).actual_start is None


def test_days_to_come_and_ends_before_begins_are_refused(plan, story, morning):
    day = local_day(morning)
    with pytest.raises(ReportDayToCome):
        report_start(task=task_of(plan, 1), actor=story.foreman, at=morning, day=day + timedelta(days=1))
    report_start(task=task_of(plan, 1), actor=story.foreman, at=morning, day=day)
    with pytest.raises(FinishedBeforeBegun):
        report_finish(task=task_of(plan, 1), actor=story.foreman, at=morning, day=day - timedelta(days=1))
    report_finish(task=task_of(plan, 1), actor=story.foreman, at=morning, day=day)


def test_what_is_done_is_not_told_again_and_a_summary_never(plan, story, morning):
    report_finish(task=task_of(plan, 1), actor=story.foreman, at=morning)
    with pytest.raises(FinishedAlready):
        report_percent(task=task_of(plan, 1), percent=50, actor=story.foreman, at=morning)
    add(plan, story, morning, "一段", after=task_of(plan, 2), is_below=True)
    with pytest.raises(SummaryNotReported):
        report_start(task=task_of(plan, 2), actor=story.foreman, at=morning)


def test_the_last_word_is_taken_back_with_its_facts(plan, story, morning):
    report_percent(task=task_of(plan, 1), percent=30, actor=story.foreman, at=morning, started_on=date(2026, 9, 1))
    report_finish(task=task_of(plan, 1), actor=story.foreman, at=morning)

    take_back_report(task=task_of(plan, 1), actor=story.foreman, at=morning)
    assert (task_of(plan, 1).percent, task_of(plan, 1).actual_finish) == (30, None)
    assert Fact.objects.filter(kind="schedule.task_finished").count() == 2  # it and what reverses it
    take_back_report(task=task_of(plan, 1), actor=story.foreman, at=morning)
    assert (task_of(plan, 1).percent, task_of(plan, 1).actual_start) == (0, None)
    with pytest.raises(NothingReported):
        take_back_report(task=task_of(plan, 1), actor=story.foreman, at=morning)
    assert ProgressReport.objects.filter(kind=ReportKind.TAKEN_BACK).count() == 2


def test_who_reports_which_task(plan, story, morning):
    people = (story.planner, story.head, story.manager, story.foreman, story.worker, story.auditor, story.stranger)
    for uid, expected in ((1, {"周玉兰", "陈建国", "马会军", "杜秀英"}), (3, {"周玉兰", "陈建国", "马会军"})):
        task = task_of(plan, uid)
        assert {person.name for person in people if REPORT_PROGRESS.allows(person, task, at=morning)} == expected
    with pytest.raises(NotAllowed):
        report_start(task=task_of(plan, 3), actor=story.worker, at=morning)


def test_who_answers_for_a_task_reports_it(story, morning):
    plan = make_plan(story, morning, person=story.worker)
    assert report_start(task=task_of(plan, 1), actor=story.worker, at=morning).kind == "started"


def test_pj_03_a_milestone_tells_whether_it_was_on_time(plan, story, morning):
    approve(plan, story, morning)
    later = morning + timedelta(days=10)
    for uid in (1, 2, 3):
        report_finish(task=task_of(plan, uid), actor=story.head, at=later, day=date(2026, 9, 10 + uid))
    report_finish(task=task_of(plan, 4), actor=story.head, at=later, day=date(2026, 9, 17))
    assert facts("milestone_reached") == [
        {"stage": "commissioned", "day": "2026-09-17", "on_time": True, "days_gained": 0}
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_a_task_at_once_one_does(committing_db, morning):
    story = make_story(morning)
    plan = make_plan(story, morning)
    tasks = [task_of(plan, 1), task_of(plan, 1)]
    acts = [lambda task=task: report_start(task=task, actor=story.foreman, at=morning) for task in tasks]
    assert at_once(acts) == 1
    assert ProgressReport.objects.count() == 1


# ---- days that pass -------------------------------------------------------------------------------------------------
def test_a_late_task_is_told_once_with_what_it_pushes(plan, story, morning):
    approve(plan, story, morning)
    plan.refresh_from_db()
    for days in (1, 2):
        turn_day(schedule=plan, at=morning + timedelta(days=days))
    turn_day(schedule=plan, at=morning + timedelta(days=2))

    told = Fact.objects.filter(kind="schedule.task_late")
    by_task = {row.source_id: json.loads(row.attributes) for row in told}
    assert told.count() == len(by_task)
    assert by_task[task_of(plan, 2).pk]["pushes"] == 2
    plan.refresh_from_db()
    assert plan.late_count == 2


def test_on_mondays_the_week_that_ended_is_kept_once(plan, story, morning):
    approve(plan, story, morning)
    report_percent(task=task_of(plan, 1), percent=50, actor=story.foreman, at=morning)
    for _time in range(2):
        turn_day(schedule=plan, at=morning)  # a Monday
    point = plan.weeks.get()
    assert (point.day, point.planned, point.actual) == (date(2026, 9, 13), 7647, 2941)
    turn_day(schedule=plan, at=morning + timedelta(days=1))
    assert plan.weeks.count() == 1
