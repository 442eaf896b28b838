from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ronghe.domain.schedule.calc.mspdi_reading import read_project_xml
from ronghe.domain.schedule.enums import AmountKind, BaseCalendar, ImportState
from ronghe.domain.schedule.models import Amount, Baseline, DayOff, Lot, Schedule, ScheduleImport, ScheduleTask
from ronghe.domain.schedule.services.baselines import propose_baseline
from ronghe.domain.schedule.services.money import enter_amount, vouch_amount
from ronghe.domain.schedule.services.plans import start_schedule
from ronghe.domain.schedule.services.progress import report_finish
from ronghe.domain.schedule.services.weeks import turn_day
from ronghe.domain.today.services.doing import do_act
from ronghe.kernel.errors import NotFound
from tests.factories.projects import make_project
from tests.factories.schedule import PROJECT_2016, add, approve, make_lot, make_plan, make_story, task_of
from tests.web.conftest import squeezed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(db, now):
    return make_story(now)


@pytest.fixture
def plan(field, now):
    return make_plan(field, now, person=field.worker)


@pytest.fixture
def planner(field, as_person):
    return as_person(field.planner)


@pytest.fixture
def worker(field, as_person):
    return as_person(field.worker)


def page(name, *parts):
    return reverse(f"web:{name}", args=parts)


def shown(browser, name, *parts, query=""):
    answer = browser.get(page(name, *parts) + query)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


# ---- looking --------------------------------------------------------------------------------------------------------
PLACES = ("schedule", "schedule_ahead", "schedule_trend", "schedule_setup", "schedule_baselines", "schedule_money")


def test_every_page_of_a_plan_opens_for_who_takes_part_and_for_nobody_else(plan, field, as_person, planner, worker):
    key = plan.project_id
    stranger = as_person(field.stranger)
    for name in PLACES:
        assert planner.get(page(name, key)).status_code == 200, name
        assert worker.get(page(name, key)).status_code == 200, name
        assert stranger.get(page(name, key)).status_code == 404, name
    task = task_of(plan, 1)
    assert stranger.get(page("schedule_task", task.pk)).status_code == 404
    assert "南I-1" not in shown(stranger, "schedules")


def test_the_list_shows_how_each_plan_stands(plan, field, now, planner):
    approve(plan, field, now)
    text = shown(planner, "schedules")
    assert "南I-1联合站改造" in text
    assert "2026-09-17" in text  # the baseline's commissioning
    assert "落后 13 天" in text  # nobody has reported anything yet


def test_the_chart_draws_bars_links_ghosts_and_today(plan, field, now, planner):
    approve(plan, field, now)
    answer = planner.get(page("schedule", plan.project_id)).content.decode()
    assert len(re.findall(r'class="g-bar', answer)) == 3
    assert len(re.findall(r'class="g-arrow', answer)) == 3
    assert len(re.findall(r'class="g-stone', answer)) == 1
    assert len(re.findall(r'class="g-ghost', answer)) == 4
    assert "g-today" in answer
    assert len(re.findall(r'class="gantt-small"', answer)) == 4


@pytest.mark.parametrize(
    "query",
    [
        "?zoom=day",
        "?zoom=month",
        "?only=critical",
        "?only=late",
        "?only=key",
        "?zoom=x&only=y",
        "?closed=1,x,99999999999",
    ],
)
def test_zoom_and_filters_are_taken_whatever_they_say(plan, planner, query):
    assert planner.get(page("schedule", plan.project_id) + query).status_code == 200


def test_a_folded_summary_hides_what_is_below_it(plan, field, now, planner):
    add(plan, field, now, "一段细活", 4, after=task_of(plan, 1), is_below=True)
    assert "一段细活" in shown(planner, "schedule", plan.project_id)
    assert "一段细活" not in shown(planner, "schedule", plan.project_id, query="?closed=1")


def test_the_fragment_is_part_of_the_page(plan, planner):
    path = page("schedule", plan.project_id) + "?zoom=day"
    assert squeezed(planner.fragment(path).content.decode()) in squeezed(planner.get(path).content.decode())


def test_an_empty_plan_says_how_to_fill_it(field, now, planner):
    start_schedule(project=field.project, actor=field.planner, at=now)
    text = shown(planner, "schedule", field.project.pk)
    assert "从 Project 或 Excel 导入" in text
    assert "还没有任务" in shown(planner, "schedule_trend", field.project.pk)


def test_a_plan_costs_the_same_statements_for_four_tasks_and_for_thirty(plan, field, now, planner, statements):
    approve(plan, field, now)
    paths = [page(name, plan.project_id) for name in PLACES] + [page("schedule_task", task_of(plan, 1).pk)]
    before = [statements(planner, path) for path in paths]
    for number in range(26):
        add(plan, field, now, f"附加{number}", 2, links="1", person=field.worker, is_key=True)
    assert [statements(planner, path) for path in paths] == before


def test_the_lists_cost_the_same_for_one_plan_and_for_three(plan, field, now, planner, worker, statements):
    paths = [(planner, page("schedules")), (planner, page("schedule_keys")), (planner, page("schedule_figures")),
             (worker, page("schedule_mine"))]  # fmt: skip
    before = [statements(browser, path) for browser, path in paths]
    for number in range(2):
        project = make_project(body=field.branch, unit=field.unit, actor=field.head, at=now, name=f"项目{number}")
        more = start_schedule(project=project, actor=field.planner, at=now, begins_on=date(2026, 9, 1))
        add(more, field, now, "挖沟", 3, person=field.worker, is_key=True)
    assert [statements(browser, path) for browser, path in paths] == before


# ---- planning -------------------------------------------------------------------------------------------------------
def test_a_plan_is_begun_from_the_list(field, planner):
    answer = planner.post(page("schedule_start"), {"project": field.project.pk, "base": "statutory"})
    assert answer.headers["Location"] == page("schedule", field.project.pk)
    assert Schedule.objects.get().base == BaseCalendar.STATUTORY
    assert planner.post(page("schedule_start"), {"project": field.project.pk, "base": "every_day"}).status_code == 302
    assert Schedule.objects.count() == 1


def given(**changes):
    return {"name": "回填", "days": "3", "links": "2FS+1天", "constraint": "0", "stage": "", **changes}


def test_a_task_is_added_changed_moved_removed_and_brought_back(plan, planner):
    planner.post(page("schedule_task_create", plan.project_id), given())
    task = ScheduleTask.objects.get(name="回填")
    assert (task.uid, task.minutes) == (5, 1440)
    planner.post(page("schedule_task_edit", task.pk), given(days="4", is_key="on"))
    planner.post(page("schedule_task_move", task.pk, "up"))
    task.refresh_from_db()
    assert (task.minutes, task.is_key) == (1920, True)
    planner.post(page("schedule_task_remove", task.pk))
    shown(planner, "schedule", plan.project_id)  # says what was done, once
    assert "回填" not in shown(planner, "schedule", plan.project_id)
    assert "已从计划里去掉" in shown(planner, "schedule_task", task.pk)
    planner.post(page("schedule_task_restore", task.pk))
    assert "回填" in shown(planner, "schedule", plan.project_id)


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"days": "x"}, {"days": "-1"}, {"days": "1e400"}, {"links": "99"}, {"links": "2;;甲"}, {"constraint": "9"},
    {"constraint": "2"}, {"stage": "started"}, {"deadline_on": "2026-02-30"}, {"lot": "x"},
])  # fmt: skip
def test_a_task_that_would_not_do_is_told_beside_the_form(plan, planner, wrong):
    assert planner.post(page("schedule_task_create", plan.project_id), given(**wrong)).status_code == 422
    assert ScheduleTask.objects.count() == 4


def test_a_circle_is_named_beside_the_form(plan, planner):
    answer = planner.post(page("schedule_task_edit", task_of(plan, 1).pk), given(name="管沟开挖", links="3"))
    assert answer.status_code == 422
    assert "管线试压" in text_of(answer.content.decode())


def test_a_bar_put_on_a_day_comes_back_to_the_plan(plan, planner):
    task = task_of(plan, 2)
    answer = planner.post(page("schedule_task_place", task.pk), {"day": "2026-09-20", "back": "plan"})
    assert answer.headers["Location"] == page("schedule", plan.project_id)
    assert task_of(plan, 2).start_at.isoformat().startswith("2026-09-20")
    planner.post(page("schedule_task_place", task.pk), {"day": ""})
    assert task_of(plan, 2).start_at.isoformat().startswith("2026-09-11")
    planner.post(page("schedule_task_place", task.pk), {"day": "x"})
    assert task_of(plan, 2).start_at.isoformat().startswith("2026-09-11")


def test_who_does_not_plan_is_refused_and_not_offered(plan, worker):
    task = task_of(plan, 1)
    assert worker.get(page("schedule_task_create", plan.project_id)).status_code == 403
    for name, parts in (
        ("schedule_task_remove", [task.pk]),
        ("schedule_task_place", [task.pk]),
        ("schedule_task_move", [task.pk, "up"]),
    ):
        assert worker.post(page(name, *parts)).status_code == 403
    assert "加任务" not in shown(worker, "schedule", plan.project_id)


def test_calendar_days_off_and_lots_are_set_up(plan, field, planner):
    key = plan.project_id
    planner.post(page("schedule_calendar", key), {"base": "statutory", "begins_on": "2026-09-02"})
    planner.post(page("schedule_days_off", key), {"first_on": "2026-09-08", "last_on": "2026-09-09", "reason": "雨"})
    planner.post(page("schedule_lot_add", key), {"name": "二标段", "unit": field.builder.pk})
    off, lot = DayOff.objects.get(), Lot.objects.get(name="二标段")
    planner.post(page("schedule_lot", lot.pk), {"name": "三标段", "unit": ""})
    assert "三标段" in shown(planner, "schedule_setup", key)
    planner.post(page("schedule_days_off_lift", off.pk))
    planner.post(page("schedule_lot_remove", lot.pk))
    assert (DayOff.objects.count(), Lot.objects.count()) == (0, 1)
    for name, wrong in (("schedule_calendar", {"base": "file", "begins_on": "2026-09-02"}), ("schedule_days_off", {"first_on": "x"}),
                        ("schedule_days_off", {"first_on": "2026-09-09", "last_on": "2026-09-08", "reason": "雨"}),
                        ("schedule_lot_add", {"name": "一标段"})):  # fmt: skip
        assert planner.post(page(name, key), wrong).status_code == 422


# ---- telling --------------------------------------------------------------------------------------------------------
def test_a_worker_tells_with_a_tap_and_may_take_it_back(plan, worker):
    task = task_of(plan, 1)
    assert "管沟开挖" in shown(worker, "schedule_mine")
    answer = worker.post(page("schedule_task_report", task.pk), {"kind": "progress", "percent": "50", "back": "mine"})
    assert answer.headers["Location"] == page("schedule_mine")
    worker.post(page("schedule_task_report", task.pk), {"kind": "finished", "back": "mine"})
    assert task_of(plan, 1).percent == 100
    assert "管沟开挖" not in shown(worker, "schedule_mine")
    worker.post(page("schedule_task_take_back", task.pk))
    assert task_of(plan, 1).percent == 50


@pytest.mark.parametrize("wrong", [
    {}, {"kind": "x"}, {"kind": "progress", "percent": "0"}, {"kind": "finished", "day": "x"},
    {"kind": "progress", "percent": "x"},
])  # fmt: skip
def test_a_tap_that_says_nothing_is_told(plan, worker, wrong):
    assert worker.post(page("schedule_task_report", task_of(plan, 1).pk), wrong).status_code == 422
    assert worker.post(page("schedule_task_report", task_of(plan, 1).pk), {**wrong, "back": "mine"}).status_code == 302
    assert task_of(plan, 1).actual_start is None


def test_a_day_to_come_is_refused_in_words(plan, worker):
    path = page("schedule_task_report", task_of(plan, 1).pk)
    answer = worker.post(path, {"kind": "finished", "day": "2026-12-31"}, follow=True)
    assert "还没有到" in text_of(answer.content.decode())


def test_a_late_task_says_what_it_pushes(plan, field, now, planner):
    approve(plan, field, now)
    turn_day(schedule=Schedule.objects.select_related("project").get(), at=now)
    text = shown(planner, "schedule_ahead", plan.project_id)
    assert "已经晚了的" in text
    assert "4 天" in text
    task = shown(planner, "schedule_task", task_of(plan, 1).pk)
    assert "它晚了会推后" in task
    assert "管线下沟" in task


def test_today_counts_what_waits(plan, field, now, as_person, worker):
    today = text_of(worker.get("/").content.decode())
    assert "管沟开挖" in today
    assert "进度计划里由您负责，一标段" in today
    propose_baseline(schedule=plan, actor=field.planner, at=now)
    head = as_person(field.head)
    assert "基线等您批准" in text_of(head.get("/").content.decode())
    assert "第 1 版" in shown(head, "schedule_waiting")


def test_a_tap_on_today_reports_and_is_taken_back(plan, field, now):
    task = task_of(plan, 1)

    def tap(act):
        return do_act(inbox="schedule_tasks", record=task.pk, act=act, person=field.worker, at=now)

    assert tap("start").undo == "take-back"
    tap("percent-50")
    tap("finish")
    assert task_of(plan, 1).percent == 100
    tap("take-back")
    assert task_of(plan, 1).percent == 50
    for wrong in ("percent-51", "percent-", "x"):
        with pytest.raises(NotFound):
            tap(wrong)
    with pytest.raises(NotFound):
        do_act(inbox="schedule_tasks", record=task_of(plan, 2).pk, act="start", person=field.worker, at=now)


# ---- baselines ------------------------------------------------------------------------------------------------------
def test_pj_03_one_proposes_and_another_approves_what_was_shown(plan, field, as_person, planner):
    planner.post(page("schedule_baselines", plan.project_id), {})
    made = Baseline.objects.get()
    form = {"decision": "基建〔2026〕12号", "digest": made.digest}
    assert planner.post(page("schedule_baseline_step", made.pk, "approve"), form).status_code == 403
    head = as_person(field.head)
    assert made.digest in head.get(page("schedule_baseline", made.pk)).content.decode()
    head.post(page("schedule_baseline_step", made.pk, "approve"), {**form, "digest": "x"})
    made.refresh_from_db()
    assert made.state == "proposed"
    head.post(page("schedule_baseline_step", made.pk, "approve"), form)
    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("approved", field.head)


def test_pj_03_a_change_shows_old_and_new(plan, field, now, planner):
    approve(plan, field, now)
    planner.post(page("schedule_task_edit", task_of(plan, 3).pk), given(name="管线试压", days="4", links="2"))
    assert planner.post(page("schedule_baselines", plan.project_id), {"reason": ""}).status_code == 422
    planner.post(page("schedule_baselines", plan.project_id), {"reason": "加一段"})
    text = shown(planner, "schedule_baseline", Baseline.objects.get(number=2).pk)
    assert "2026-09-16 — 2026-09-17" in text
    assert "2026-09-16 — 2026-09-19" in text
    assert "晚 2 天" in text


# ---- figures --------------------------------------------------------------------------------------------------------
def test_pj_02_and_pj_03_are_told_with_the_projects_that_count(plan, field, now, planner):
    approve(plan, field, now)
    later = now + timedelta(days=3)
    for uid in (1, 2, 3, 4):
        report_finish(task=task_of(plan, uid), actor=field.head, at=later, day=date(2026, 9, 17))
    text = shown(planner, "schedule_figures")
    assert "100.0" in text
    assert "按期" in text
    assert shown(planner, "schedule_figures", query="?year=2025").count("南I-1") == 0
    assert planner.get(page("schedule_figures") + "?year=99999999").status_code == 200


def test_key_tasks_show_planned_and_actual_days(plan, field, now, planner):
    approve(plan, field, now)
    report_finish(task=task_of(plan, 1), actor=field.worker, at=now, started_on=date(2026, 9, 1), day=date(2026, 9, 6))
    text = shown(planner, "schedule_keys")
    assert "10 天" in text
    assert "6 天" in text
    assert "提前 4 天" in text
    book = openpyxl.load_workbook(BytesIO(b"".join(planner.get(page("schedule_keys_export")).streaming_content)))
    assert [cell.value for cell in book.active[2]][5:8] == [10, 6, 4]


# ---- money ----------------------------------------------------------------------------------------------------------
def amount(**changes):
    return {"kind": "estimate", "lot": "", "wan": "18600", "day": "2026-09-01", "source": "概算批复 3 号", **changes}


def test_an_amount_is_entered_vouched_by_another_and_withdrawn(plan, field, as_person, planner):
    path = page("schedule_money", plan.project_id)
    planner.post(path, amount())
    made = Amount.objects.get()
    assert made.yuan == 186_000_000
    assert planner.post(page("schedule_amount_vouch", made.pk)).status_code == 403
    auditor = as_person(field.auditor)
    auditor.post(page("schedule_amount_vouch", made.pk))
    assert "18,600.00" in shown(planner, "schedule_money", plan.project_id)
    auditor.post(page("schedule_amount_withdraw", made.pk), {"reason": ""})
    made.refresh_from_db()
    assert made.state == "vouched"
    auditor.post(page("schedule_amount_withdraw", made.pk), {"reason": "批复作废"})
    made.refresh_from_db()
    assert made.state == "withdrawn"


@pytest.mark.parametrize("wrong", [
    {"wan": "0"}, {"wan": "-1"}, {"wan": "x"}, {"wan": "0.0000001"}, {"source": " "}, {"day": "2027-01-01"}, {"kind": "x"},
    {"wan": "1e30"},
])  # fmt: skip
def test_an_amount_that_would_not_do_is_told(plan, planner, wrong):
    assert planner.post(page("schedule_money", plan.project_id), amount(**wrong)).status_code == 422
    assert Amount.objects.count() == 0


def test_more_than_the_estimate_is_warned_of(plan, field, now, planner):
    for kind, yuan in ((AmountKind.ESTIMATE, 1_000_000), (AmountKind.COMMITTED, 1_000_000)):
        made = enter_amount(
            schedule=plan, kind=kind, yuan=Decimal(yuan), day=date(2026, 9, 1), source="x", actor=field.planner, at=now
        )
        vouch_amount(amount=made, actor=field.head, at=now)
    assert "超过控制额" not in shown(planner, "schedule_money", plan.project_id)
    made = enter_amount(
        schedule=plan,
        kind=AmountKind.COMMITTED,
        yuan=Decimal("0.01"),
        day=date(2026, 9, 1),
        source="x",
        actor=field.planner,
        at=now,
    )
    vouch_amount(amount=made, actor=field.head, at=now)
    assert "超过控制额" in shown(planner, "schedule_money", plan.project_id)


# ---- files ----------------------------------------------------------------------------------------------------------
def upload(browser, plan, content=None, name="nanyi1.xml"):
    file = SimpleUploadedFile(name, PROJECT_2016.read_bytes() if content is None else content)
    return browser.post(page("schedule_import", plan.project_id), {"plan": file})


def test_a_file_is_previewed_and_taken_over(field, now, planner):
    plan = start_schedule(project=field.project, actor=field.planner, at=now)
    answer = upload(planner, plan)
    found = ScheduleImport.objects.get()
    assert answer.headers["Location"] == page("schedule_import_detail", found.pk)
    text = shown(planner, "schedule_import_detail", found.pk)
    assert "12 个任务、10 条前置关系" in text
    assert ScheduleTask.objects.count() == 0
    planner.post(page("schedule_import_step", found.pk, "accept"), {"takes_calendar": "on"})
    found.refresh_from_db()
    assert (found.state, ScheduleTask.objects.count()) == (ImportState.ACCEPTED, 12)
    assert "基坑开挖" in shown(planner, "schedule", plan.project_id)
    assert "已导入" in shown(planner, "schedule_import_detail", found.pk)


def test_a_refused_file_says_why_beside_the_field(plan, planner):
    assert upload(planner, plan, b"<html></html>").status_code == 422
    assert upload(planner, plan, b"").status_code == 422
    assert upload(planner, plan, b"\x89PNG\r\n", name="x.png").status_code == 422


def test_a_file_is_given_up(plan, planner):
    upload(planner, plan)
    found = ScheduleImport.objects.get()
    planner.post(page("schedule_import_step", found.pk, "discard"))
    found.refresh_from_db()
    assert found.state == ImportState.DISCARDED
    assert planner.post(page("schedule_import_step", found.pk, "accept")).status_code == 302
    assert ScheduleTask.objects.count() == 4


def test_the_plan_goes_out_as_xml_excel_and_paper(plan, field, now, planner, tmp_path):
    approve(plan, field, now)
    path = tmp_path / "out.xml"
    path.write_bytes(planner.get(page("schedule_export_xml", plan.project_id)).content)
    assert read_project_xml(path, name="x").tasks[0].name == "管沟开挖"
    book = openpyxl.load_workbook(
        BytesIO(b"".join(planner.get(page("schedule_export_table", plan.project_id)).streaming_content))
    )
    assert [cell.value for cell in book.active[3]][:7] == [
        2,
        1,
        "管线下沟",
        "5",
        *[cell.value for cell in book.active[3]][4:6],
        "1",
    ]
    assert planner.get(page("schedule_print", plan.project_id, "pdf")).content.startswith(b"%PDF")
    assert planner.get(page("schedule_print", plan.project_id, "docx")).content.startswith(b"PK")
    for path in (
        page("schedule_table", plan.project_id),
        page("schedules_export"),
        page("schedule_money_export", plan.project_id),
    ):
        assert b"".join(planner.get(path).streaming_content).startswith(b"PK")


def test_the_table_that_goes_out_comes_in_again_without_a_change(plan, planner):
    content = b"".join(planner.get(page("schedule_export_table", plan.project_id)).streaming_content)
    upload(planner, plan, content, name="plan.xlsx")
    counts = ScheduleImport.objects.get().counts
    assert (counts["added"], counts["removed"], counts["errors"]) == (0, 0, 0)


def test_the_empty_table_may_be_uploaded_as_it_is(field, now, planner):
    plan = start_schedule(project=field.project, actor=field.planner, at=now)
    make_lot(plan, field, now)
    content = b"".join(planner.get(page("schedule_table", plan.project_id)).streaming_content)
    upload(planner, plan, content, name="plan.xlsx")
    assert ScheduleImport.objects.get().counts["errors"] == 0
