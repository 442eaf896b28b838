from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.schedule.calc.mspdi_reading import NotProjectXml, read_project_xml
from ronghe.domain.schedule.calc.mspdi_writing import Written, write_project_xml
from ronghe.domain.schedule.calc.worktime import minute_of
from ronghe.domain.schedule.enums import BaseCalendar, BaselineState, ImportState, Stage
from ronghe.domain.schedule.models import Baseline, ScheduleImport, ScheduleTask
from ronghe.domain.schedule.selectors.loading import load_plan
from ronghe.domain.schedule.services.importing import (
    DoneWouldGo,
    FileHasErrors,
    PlanMovedOn,
    accept_import,
    discard_import,
    preview_of,
    upload_plan,
)
from ronghe.domain.schedule.services.progress import report_percent
from ronghe.domain.schedule.services.tasks import TaskText, change_task
from ronghe.kernel.errors import NotAllowed, Stale
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.tabular.refusals import DamagedFile, EmptyFile
from tests.domain.schedule.calc.making import minute
from tests.factories.schedule import MPXJ, PROJECT_2016, add, make_lot, make_plan, make_schedule, make_story, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_story(morning)


@pytest.fixture
def schedule(story, morning):
    return make_schedule(story, morning)


def upload(schedule, story, at, path=PROJECT_2016):
    return upload_plan(schedule=schedule, path=path, name=Path(path).name, actor=story.planner, at=at)


def take(schedule, story, at, path=PROJECT_2016, **ways):
    return accept_import(found=upload(schedule, story, at, path), actor=story.planner, at=at, **ways)


@pytest.mark.parametrize("path", [PROJECT_2016, MPXJ], ids=["product", "mpxj"])
def test_every_date_of_a_file_stands_after_it_was_taken_over(schedule, story, morning, path):
    take(schedule, story, morning, path)

    wanted = {task.uid: (task.start, task.finish) for task in read_project_xml(path, name="x").tasks if task.is_active}
    summaries = set(ScheduleTask.objects.filter(is_summary=True).values_list("uid", flat=True))
    found = {
        task.uid: (minute_of(task.start_at), minute_of(task.finish_at))
        for task in ScheduleTask.objects.filter(is_active=True)
    }
    assert {uid: found[uid] for uid in found if uid not in summaries} == {
        uid: wanted[uid] for uid in wanted if uid not in summaries
    }


def test_only_what_does_not_follow_from_links_is_fixed(schedule, story, morning):
    take(schedule, story, morning)
    fixed = ScheduleTask.objects.exclude(placed_at=None).values_list("uid", flat=True)
    assert list(fixed) == [11]  # the manual one
    assert task_of(schedule, 7).pause == 960  # and the split one waits two days in between


def test_the_plan_goes_out_as_it_came_in(schedule, story, morning, tmp_path):
    take(schedule, story, morning)
    schedule.refresh_from_db()
    path = tmp_path / "out.xml"
    path.write_bytes(write_project_xml(load_plan(schedule).as_file({}), Written({})))

    before, after = (read_project_xml(one, name="x") for one in (PROJECT_2016, path))
    summaries = before.summaries()

    def facts_of(task):
        return (
        task.uid, task.name, task.level, task.wbs, task.notes, task.minutes if task.uid not in summaries else 0,
        task.is_elapsed, task.is_milestone, task.is_manual, task.is_active, task.constraint, task.constraint_at,
        task.deadline_at, task.calendar, frozenset(task.links),
        (task.start, task.finish) if task.uid not in summaries else None,
    )  # fmt: skip

    assert [facts_of(task) for task in after.tasks] == [facts_of(task) for task in before.tasks]
    assert {one.uid for one in after.calendars} == {1, 3}


def test_a_preview_writes_nothing_and_says_what_would_come(schedule, story, morning):
    found = upload(schedule, story, morning)
    preview = preview_of(found)
    assert (found.state, ScheduleTask.objects.count()) == (ImportState.PREVIEWED, 0)
    assert {one.act for one in preview.changes} == {"added"}
    assert found.counts["tasks"] == 12
    assert found.counts["links"] == 10
    assert any("对不上" in one.text for one in preview.plan.remarks)  # the crane is nobody


def test_a_person_of_the_project_named_once_answers_for_the_task(schedule, story, morning):
    add(schedule, story, morning, "x")  # gives nobody yet
    make_lot(schedule, story, morning)
    schedule.refresh_from_db()
    take(schedule, story, morning)
    assert task_of(schedule, 2).person == story.foreman
    assert task_of(schedule, 7).person is None


def test_the_files_calendar_and_baseline_are_taken_where_wanted(schedule, story, morning):
    take(schedule, story, morning, takes_calendar=False)
    assert schedule.base == BaseCalendar.EVERY_DAY
    ScheduleTask.objects.filter(uid=13).update(stage=Stage.COMMISSIONED)
    schedule.refresh_from_db()
    take(schedule, story, morning, takes_baseline=True)
    schedule.refresh_from_db()
    assert schedule.base == BaseCalendar.FILE
    made = Baseline.objects.get()
    assert (made.state, made.lines.get(task__uid=2).minutes) == (BaselineState.PROPOSED, 2400)


def test_a_file_again_changes_by_number_and_tells_each_difference(schedule, story, morning):
    take(schedule, story, morning)
    schedule.refresh_from_db()
    task = task_of(schedule, 3)
    change_task(task=task, text=TaskText("基础浇筑（改）", Decimal(3), links="2"), actor=story.planner, at=morning)
    add(schedule, story, morning, "清场")
    schedule.refresh_from_db()

    found = upload(schedule, story, morning)
    changes = {one.uid: one for one in preview_of(found).changes}

    assert changes[3].act == "changed"
    assert {field for field, _before, _after in changes[3].fields} >= {"name", "days"}
    assert changes[14].act == "removed"
    accept_import(found=found, actor=story.planner, at=morning)
    assert task_of(schedule, 3).name == "基础浇筑"
    assert task_of(schedule, 14).removed_at is not None
    assert upload(schedule, story, morning).counts["changed"] == 0


def test_what_was_reported_on_site_stays_and_does_not_go(schedule, story, morning):
    take(schedule, story, morning)
    schedule.refresh_from_db()
    report_percent(task=task_of(schedule, 2), percent=40, actor=story.planner, at=morning)
    take(schedule, story, morning)
    assert task_of(schedule, 2).percent == 40
    schedule.refresh_from_db()
    found = upload(schedule, story, morning, MPXJ)  # other numbers: task 2 would go
    with pytest.raises(FileHasErrors) as refused:
        accept_import(found=found, actor=story.planner, at=morning)
    assert "基坑开挖" in str(refused.value)
    assert DoneWouldGo.status == 409


def test_progress_in_a_file_counts_where_nobody_reported(schedule, story, morning):
    take(schedule, story, morning, MPXJ)
    task = task_of(schedule, 101)
    assert (task.percent, task.reports.get().kind) == (100, "imported")


def test_a_circle_in_a_file_is_named_and_nothing_is_written(schedule, story, morning, tmp_path):
    text = PROJECT_2016.read_text(encoding="utf-8-sig").replace(
        "<PredecessorUID>2</PredecessorUID><Type>1</Type><CrossProject>0</CrossProject><LinkLag>0</LinkLag>",
        "<PredecessorUID>8</PredecessorUID><Type>1</Type><CrossProject>0</CrossProject><LinkLag>0</LinkLag>",
    )
    path = tmp_path / "circle.xml"
    path.write_text(text, encoding="utf-8")
    found = upload(schedule, story, morning, path)
    with pytest.raises(FileHasErrors) as refused:
        accept_import(found=found, actor=story.planner, at=morning)
    assert "管线安装" in str(refused.value)
    assert ScheduleTask.objects.count() == 0
    found.refresh_from_db()
    assert found.state == ImportState.PREVIEWED


def test_a_preview_of_a_plan_that_moved_on_is_refused(schedule, story, morning):
    found = upload(schedule, story, morning)
    add(schedule, story, morning, "清场")
    report_percent(task=task_of(schedule, 1), percent=10, actor=story.planner, at=morning)
    with pytest.raises(PlanMovedOn):
        accept_import(found=ScheduleImport.objects.get(pk=found.pk), actor=story.planner, at=morning)


def test_a_report_from_the_site_makes_no_preview_stale(schedule, story, morning):
    take(schedule, story, morning)
    found = upload(schedule, story, morning)
    report_percent(task=task_of(schedule, 2), percent=10, actor=story.planner, at=morning)
    accept_import(found=ScheduleImport.objects.get(pk=found.pk), actor=story.planner, at=morning)
    assert task_of(schedule, 2).percent == 10


def test_an_import_is_settled_once_and_keeps_no_contents(schedule, story, morning):
    found = upload(schedule, story, morning)
    discard_import(found=found, actor=story.planner, at=morning)
    found.refresh_from_db()
    assert (found.state, found.contents) == (ImportState.DISCARDED, None)
    with pytest.raises(Stale):
        accept_import(found=found, actor=story.planner, at=morning)
    with pytest.raises(NotAllowed):
        upload_plan(schedule=schedule, path=PROJECT_2016, name="x.xml", actor=story.foreman, at=morning)


def test_taking_over_is_one_fact_with_its_counts(schedule, story, morning):
    take(schedule, story, morning)
    fact = Fact.objects.get(kind="schedule.imported")
    assert '"tasks":12' in fact.attributes
    assert '"added":12' in fact.attributes


@pytest.mark.parametrize(("content", "refusal"), [
    (b"", EmptyFile), (b"<a/>", NotProjectXml), (b"PK\x03\x04xx", DamagedFile), (b"\x00" * 40, EmptyFile),
])  # fmt: skip
def test_a_file_that_is_no_plan_is_refused(schedule, story, morning, tmp_path, content, refusal):
    path = tmp_path / "plan"
    path.write_bytes(content)
    with pytest.raises(refusal):
        upload(schedule, story, morning, path)


# ---- Excel ----------------------------------------------------------------------------------------------------------
HEADS = ["编号", "级别", "任务名称", "工期（天）", "开始", "前置任务", "标段", "关键任务", "负责人"]


def table(tmp_path, rows, heads=HEADS, merge=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["南I-1联合站改造工程进度计划"])
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    return path


def test_a_units_own_table_comes_in(schedule, story, morning, tmp_path):
    path = table(tmp_path, [
        [1, 1, "一标段", None, None, None, "一标段", None, None],
        [2, 2, "管沟开挖", 10, "2026年9月3日", None, None, "是", None],
        [3, 2, "管线下沟", "5天", None, "2FS+1天", None, None, None],
        [4, 1, "投产", 0, None, "3，1SS", "二标段", None, None],
    ], merge="G3:G5")  # fmt: skip
    path_errors = upload(schedule, story, morning, path)
    assert [one.where for one in preview_of(path_errors).plan.errors] == ["D3"]  # a summary needs days as well
    discard_import(found=path_errors, actor=story.planner, at=morning)


def test_a_table_comes_in_with_merged_lots_and_dates_as_text(schedule, story, morning, tmp_path):
    path = table(tmp_path, [
        [1, 1, "一标段", 15, None, None, "一标段", None, None],
        [2, 2, "管沟开挖", 10, "2026年9月3日", None, None, "是", None],
        [3, 2, "管线下沟", "5天", None, "2FS+1天", None, None, None],
        [4, 1, "投产", 0, None, "3", "二标段", None, None],
    ], merge="G3:G5")  # fmt: skip
    take(schedule, story, morning, path)
    ditch, pipe = task_of(schedule, 2), task_of(schedule, 3)
    assert (local_day(ditch.start_at).isoformat(), ditch.is_key, ditch.lot.name) == ("2026-09-03", True, "一标段")
    assert (local_day(pipe.start_at).isoformat(), pipe.lot.name) == ("2026-09-14", "一标段")
    assert (task_of(schedule, 1).is_summary, task_of(schedule, 4).is_milestone) == (True, True)
    assert schedule.lots.count() == 2


@pytest.mark.parametrize(("row", "cell", "said"), [
    ([1, 1, "", 3, None, None, None, None, None], "C3", "没有写"),
    ([1, 1, "挖沟", "三天", None, None, None, None, None], "D3", "不是天数"),
    ([1, 1, "挖沟", 3, "2026-02-30", None, None, None, None], "E3", "不是日期"),
    ([1, 1, "挖沟", 3, "1999-01-01", None, None, None, None], "E3", "2000"),
    ([1, 1, "挖沟", 3, None, "9", None, None, None], "F3", "没有编号 9"),
    ([1, 1, "挖沟", 3, None, "1", None, None, None], "F3", "自己"),
    ([1, 1, "挖沟", 3, None, "二号", None, None, None], "F3", "看不懂"),
    (["甲", 1, "挖沟", 3, None, None, None, None, None], "A3", "不是数"),
])  # fmt: skip
def test_each_problem_of_a_table_names_its_cell(schedule, story, morning, tmp_path, row, cell, said):
    errors = preview_of(upload(schedule, story, morning, table(tmp_path, [row]))).plan.errors
    assert [(one.where, said in one.text) for one in errors] == [(cell, True)]


def test_a_table_of_something_else_says_which_heads_are_missing(schedule, story, morning, tmp_path):
    with pytest.raises(Exception, match="任务名称"):
        upload(schedule, story, morning, table(tmp_path, [["x"]], heads=["姓名"]))


def test_a_plan_made_here_has_the_minutes_of_its_days(story, morning):
    plan = make_plan(story, morning)
    assert minute_of(task_of(plan, 1).finish_at) == minute("2026-09-10T17:00")
