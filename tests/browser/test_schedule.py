"""A plan from Microsoft Project is taken over and approved by another; its foreman reports on a phone, and the chart shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ronghe.domain.schedule.models import ScheduleTask
from ronghe.domain.schedule.services.plans import start_schedule
from ronghe.domain.schedule.services.tasks import TaskText, change_task
from tests.browser.conftest import DESK
from tests.factories.schedule import PROJECT_2016, make_lot, make_plan, make_story, task_of

AXE = Path(__file__).parent / "vendor" / "axe-core-4.10.3.min.js"


@pytest.fixture
def field(emptying_here, transactional_db, clock):
    return make_story(clock())


def test_a_plan_is_imported_approved_reported_and_seen(field, clock, people):
    schedule = start_schedule(project=field.project, actor=field.planner, at=clock())
    make_lot(schedule, field, clock())

    planner = people.comes_in(field.planner, size=DESK)
    planner.goto(f"/work/schedule/{field.project.pk}/import/")
    planner.locator("[name=plan]").set_input_files(PROJECT_2016)
    planner.get_by_role("button", name="看预览").click()
    planner.get_by_text("12 个任务、10 条前置关系都可以导入").wait_for()
    planner.get_by_role("button", name="导入计划").click()
    planner.get_by_text("已导入计划。").wait_for()
    assert planner.locator(".g-bar").count() == 9
    assert task_of(schedule, 2).person == field.foreman

    planner.get_by_role("link", name="投产", exact=False).last.click()
    planner.get_by_role("link", name="改", exact=True).click()
    planner.locator("[name=stage]").select_option("commissioned")
    planner.get_by_role("button", name="存下").click()
    planner.get_by_text("已改，计划重新排过。").wait_for()
    planner.get_by_role("link", name="基线", exact=True).click()
    planner.get_by_role("button", name="报批").click()
    planner.get_by_text("谁报的不能自己批").wait_for()

    head = people.comes_in(field.head, size=DESK)
    head.goto("/work/schedule/waiting/")
    head.get_by_role("link", name=field.project.name).click()
    head.fill("[name=decision]", "基建〔2026〕12号")
    head.get_by_role("button", name="批准", exact=True).click()
    head.get_by_text("已批准，从现在起按这份基线衡量。").wait_for()

    foreman = people.comes_in(field.foreman)
    foreman.goto("/work/schedule/mine/")
    card = foreman.locator(".card", has_text="基坑开挖")
    card.get_by_role("button", name="50%").click()
    foreman.get_by_text("已记：干到 50%。").wait_for()
    card.get_by_role("button", name="完成了").click()
    foreman.get_by_text("已记：完成了。").wait_for()
    foreman.get_by_role("button", name="撤销").click()
    foreman.get_by_text("已撤回上一次进度。").wait_for()
    assert task_of(schedule, 2).percent == 50

    planner.goto(f"/work/schedule/{field.project.pk}/")
    assert planner.locator(".g-done").count() == 1
    assert planner.locator(".g-ghost").count() > 0
    planner.get_by_role("link", name="收起 一标段 土建").click()
    planner.get_by_role("link", name="基坑开挖").wait_for(state="detached")


def test_a_bar_is_dragged_to_another_day(field, clock, people):
    schedule = make_plan(field, clock())
    change_task(task=task_of(schedule, 2), text=TaskText("管线下沟"), actor=field.planner, at=clock())

    page = people.comes_in(field.planner, size=DESK)
    page.goto(f"/work/schedule/{field.project.pk}/?zoom=day")
    page.locator(".g-today").wait_for(state="attached")
    bar = page.locator(f"[data-bar='{task_of(schedule, 2).pk}']")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + 26, box["y"] + 5)
    page.mouse.move(box["x"] + 8 + 52, box["y"] + 5)
    page.mouse.up()
    page.get_by_text("“管线下沟”从 2026-09-16 起。").wait_for()

    assert ScheduleTask.objects.get(uid=2).constraint == 4


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_chart_and_the_taps_are_accessible(field, clock, people, size):
    make_plan(field, clock(), person=field.foreman)
    page = people.comes_in(field.foreman, **({"size": DESK} if size == "desk" else {}))
    for path in (
        f"/work/schedule/{field.project.pk}/",
        "/work/schedule/mine/",
        f"/work/schedule/{field.project.pk}/trend/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
        assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]] == []
