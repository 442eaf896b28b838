"""A committee member's visit on a phone: from today to the task that it leads to, in five taps."""

from __future__ import annotations

import pytest

from ronghe.domain.rhythm.models import Visit
from ronghe.domain.work.models import Task
from tests.factories.contacts import make_contact, make_contacts


@pytest.fixture
def field(emptying_here, transactional_db, clock):
    return make_contacts()


def test_a_visit_with_a_problem_in_five_taps(field, people):
    make_contact(field)
    phone = people.comes_in(field.visitor)

    phone.get_by_text("走访：义隆首站").click()  # 1
    phone.wait_for_url("**/rhythm/visits/new/?contact=*")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.locator(".ask-row").filter(has_text="作业票证").get_by_role("radio", name="正常").click()  # 2
    phone.locator("[name=title_1]").click()  # 3
    phone.keyboard.type("配电柜没上锁")
    phone.get_by_role("button", name="记下").click()  # 4

    phone.get_by_text("走访已记下，1 个问题已变成任务。").wait_for()
    problem = phone.locator(".day-list").filter(has_text="配电柜没上锁")
    assert "马会军" in problem.inner_text()
    task = Task.objects.get()
    assert (task.assignee, task.opened_by, Visit.objects.get().findings.get().question) == (
        field.foreman, field.visitor, "permits",
    )  # fmt: skip

    # The foreman finds the task, answers, and the station reads the answer on the visit.
    foreman = people.comes_in(field.foreman)
    foreman.get_by_text("配电柜没上锁").click()
    foreman.locator("[name=note]").fill("已上锁，钥匙交值班室。")
    foreman.get_by_role("button", name="提交").click()
    foreman.get_by_text("已提交，等待验收。").wait_for()
    worker = people.comes_in(field.worker)
    worker.goto(f"/rhythm/visits/{Visit.objects.get().pk}/")
    worker.get_by_text("答复：已上锁，钥匙交值班室。").wait_for()

    # The visitor owes nothing more this month, and the visit is a line of the contact.
    phone.goto("/")
    assert phone.get_by_text("走访：义隆首站").count() == 0
