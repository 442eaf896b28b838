"""`ronghe schedule`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.cli.schedule_setup import FigureUnreadable
from ronghe.domain.schedule.calc.mspdi_reading import read_project_xml
from ronghe.domain.schedule.models import ScheduleTask
from ronghe.domain.schedule.services.plans import CalendarNotInFile, LotInUse
from ronghe.domain.schedule.services.tasks import CannotMove
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from tests.factories.org import make_account
from tests.factories.schedule import PROJECT_2016, make_plan, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def field(db, morning):
    story = make_story(morning)
    for login, person in (
        ("jihua", story.planner),
        ("shuji", story.head),
        ("plain", story.stranger),
        ("banzu", story.foreman),
    ):
        make_account(person, login)
    return story


def run(login, *arguments, fails=0):
    done = CliRunner().invoke(cli, ["--as", login, "schedule", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == fails, done.output
    return done.output


def told(login, *arguments):
    return json.loads(run(login, *arguments, "--json"))


def test_a_plan_goes_from_a_file_to_an_approved_baseline(field, tmp_path):
    key = field.project.pk
    run("jihua", "start", key)
    assert told("jihua", "import", key, PROJECT_2016, "--dry-run")["tasks"] == 12
    assert ScheduleTask.objects.count() == 0
    assert "12 个任务" in run("jihua", "import", key, PROJECT_2016)
    with pytest.raises(DomainError, match="投产"):
        run("jihua", "propose", key)
    ScheduleTask.objects.filter(uid=13).update(stage="commissioned")
    assert told("jihua", "propose", key)["commissioned_on"] == "2026-04-07"
    with pytest.raises(NotAllowed):
        run("jihua", "approve", key)
    assert told("shuji", "approve", key)["state"] == "approved"
    run("jihua", "export", key, tmp_path / "out.xml")
    plan = read_project_xml(tmp_path / "out.xml", name="x")
    assert (len(plan.tasks), plan.has_baseline) == (12, True)


def test_progress_is_reported_shown_and_taken_back(field, morning):
    make_plan(field, morning)
    key = field.project.pk
    assert told("banzu", "report", key, 1, "--percent", 40)["percent"] == 40
    rows = {row["uid"]: row for row in told("jihua", "show", key)}
    assert (rows[1]["percent"], rows[2]["is_critical"]) == (40, True)
    assert "管沟开挖" in run("jihua", "show", key, "--late")
    assert told("banzu", "take-back", key, 1)["percent"] == 0
    assert "已记：100%" in run("banzu", "report", key, 1, "--finish", "--day", "2026-09-09")
    assert told("jihua", "list", "--late") == []
    assert [row["name"] for row in told("jihua", "list")] == ["南I-1联合站改造"]
    assert told("jihua", "figures", "--year", 2026)["key_tasks"] == [{"name": "管沟开挖", "planned": 10, "actual": 9}]
    assert "10 →" in run("jihua", "figures")


def test_a_task_is_added_and_bad_input_is_told(field, morning):
    make_plan(field, morning)
    key = field.project.pk
    assert told("jihua", "task", key, "回填", "--days", "2.5", "--links", "2")["uid"] == 5
    run("jihua", "task", key, "回填", "--days", "x", fails=2)
    run("banzu", "report", key, 1, fails=2)
    run("banzu", "report", key, 1, "--start", "--finish", fails=2)
    with pytest.raises(NotFound):
        run("banzu", "report", key, 99, "--start")
    with pytest.raises(NotFound):
        run("plain", "show", key)
    with pytest.raises(NotFound):
        run("jihua", "start", key)


def test_a_file_with_errors_is_told_and_changes_nothing(field, morning, tmp_path):
    make_plan(field, morning)
    path = tmp_path / "bad.csv"
    path.write_text("编号,任务名称,工期（天）,前置任务\n1,挖沟,三天,\n2,下沟,2,9\n", encoding="utf-8")
    output = run("jihua", "import", field.project.pk, path, fails=1)
    assert "C2" in output
    assert "D3" in output
    assert ScheduleTask.objects.count() == 4


def test_what_is_left_out_of_a_change_stays(field, morning):
    make_plan(field, morning)
    key, before = field.project.pk, ScheduleTask.objects.get(uid=2)
    assert told("jihua", "task-change", key, 2, "--name", "下沟")["name"] == "下沟"
    after = ScheduleTask.objects.get(uid=2)
    assert (after.minutes, after.lot, after.start_at) == (before.minutes, before.lot, before.start_at)
    assert [row.predecessor.uid for row in after.links.all()] == [1]
    run("jihua", "task-change", key, 1, "--days", "4", "--no-key", "--notes", "雨天")
    assert (ScheduleTask.objects.get(uid=1).is_key, ScheduleTask.objects.get(uid=1).notes) == (False, "雨天")
    with pytest.raises(FigureUnreadable):
        run("jihua", "task-change", key, 1, "--days", "x")
    with pytest.raises(FigureUnreadable):
        run("jihua", "task-change", key, 1, "--days", "NaN")


def test_a_task_is_moved_placed_removed_and_restored(field, morning):
    make_plan(field, morning)
    key = field.project.pk
    run("jihua", "task-change", key, 2, "--links", "")
    assert told("jihua", "move", key, 2, "up")["row"] < ScheduleTask.objects.get(uid=1).row
    assert told("jihua", "move", key, 1, "in")["level"] == 2
    with pytest.raises(CannotMove):
        run("jihua", "move", key, 2, "up")
    assert told("jihua", "place", key, 3, "--day", "2026-09-25")["start_at"].startswith("2026-09-25")
    assert told("jihua", "remove", key, 2) == [2, 1]
    with pytest.raises(NotFound):
        run("jihua", "place", key, 1)
    run("jihua", "restore", key, 2)
    assert ScheduleTask.objects.filter(removed_at=None).count() == 4
    with pytest.raises(NotAllowed):
        run("banzu", "move", key, 3, "up")


def test_lots_days_off_and_the_calendar(field, morning):
    make_plan(field, morning)
    key = field.project.pk
    [first] = told("jihua", "lots", key)
    made = told("jihua", "lot", key, "--name", "二标段")
    assert told("jihua", "lot", key, "--change", made["id"], "--unit", first["unit"])["name"] == "二标段"
    with pytest.raises(LotInUse):
        run("jihua", "lot", key, "--remove", first["id"])
    run("jihua", "lot", key, "--remove", made["id"])
    assert [row["id"] for row in told("jihua", "lots", key)] == [first["id"]]
    with pytest.raises(NotFound):
        run("jihua", "lot", key, "--change", first["id"], "--unit", "没有这个单位")

    finish = ScheduleTask.objects.get(uid=4).finish_at
    assert told("jihua", "rest", key, "2026-09-07", "2026-09-08", "--reason", "大风")["until_on"] == "2026-09-09"
    assert (ScheduleTask.objects.get(uid=4).finish_at - finish).days >= 2
    run("jihua", "work-on", key, "2026-09-07")
    assert ScheduleTask.objects.get(uid=4).finish_at == finish
    with pytest.raises(NotFound):
        run("jihua", "work-on", key, "2026-09-07")
    assert told("jihua", "calendar", key, "every_day", "--from", "2026-09-03") == {
        "base": "every_day",
        "begins_on": "2026-09-03",
    }
    with pytest.raises(CalendarNotInFile):
        run("jihua", "calendar", key, "file")


def test_money_is_entered_vouched_and_withdrawn(field, morning):
    make_plan(field, morning)
    key = field.project.pk
    make_account(field.auditor, "shenji")
    number = told("jihua", "amount", key, "estimate", "186000000.00", "--day", "2026-09-01", "--source", "批复")["id"]
    with pytest.raises(NotAllowed):
        run("jihua", "vouch", key, number)
    assert told("shenji", "vouch", key, number)["state"] == "vouched"
    assert told("shenji", "vouch", key, number, "--withdraw", "作废")["state"] == "withdrawn"
    with pytest.raises(FigureUnreadable):
        run("jihua", "amount", key, "paid", "一亿", "--source", "批复")


def test_a_baseline_is_refused_and_withdrawn(field, morning):
    make_plan(field, morning)
    key = field.project.pk
    with pytest.raises(NotFound):
        run("jihua", "withdraw", key)
    run("jihua", "propose", key)
    assert told("jihua", "withdraw", key)["state"] == "withdrawn"
    run("jihua", "propose", key)
    with pytest.raises(NotAllowed):
        run("jihua", "refuse", key, "--decision", "太晚")
    assert told("shuji", "refuse", key, "--decision", "太晚")["state"] == "refused"
