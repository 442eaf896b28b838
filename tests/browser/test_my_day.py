"""A foreman's day on a phone and the lead's at a desk: one list, one tap, and the way back."""

from __future__ import annotations

from datetime import timedelta

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import submit_task
from tests.browser.conftest import DESK
from tests.factories.items import claimed
from tests.factories.rhythm import make_task


def test_a_day_is_worked_off_by_thumb(story, people, clock):
    foreman, hand = story.members[0], story.members[1]
    make_task(story, clock.at - timedelta(hours=20), assignee=foreman, title="昨晚到期的沟")
    item = claimed(story, clock.at, foreman)
    take_step(item=item, step="sign", actor=foreman, at=clock.at)
    submit_task(task=make_task(story, clock.at, assignee=hand), actor=hand, at=clock.at, note="清完了")

    # The overdue task stands in front; half of the claimed one is reported with two taps and taken back with one.
    phone = people.comes_in(foreman)
    rows = phone.locator(".todo")
    rows.first.get_by_text("超 1 天").wait_for()
    assert "昨晚到期的沟" in rows.first.inner_text()
    claim = rows.filter(has_text="视频与周界联动")
    claim.locator("summary").click()
    claim.get_by_role("button", name="完成 50%").click()
    phone.get_by_text("已记下，完成 50%。").wait_for()
    assert WorkItem.objects.get().percent == 50
    phone.get_by_role("button", name="撤销").click()
    phone.get_by_text("已记下，完成 0%。").wait_for()
    assert WorkItem.objects.get().percent == 0

    # What cannot be done now is out of sight for an hour and not lost.
    late = phone.locator(".todo").filter(has_text="昨晚到期的沟")
    late.locator("summary").click()
    late.get_by_role("button", name="一小时后").click()
    phone.get_by_role("button", name="放回来").click()
    phone.get_by_text("已放回来。").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    # Whoever gave the work accepts it from the list, and sees how much lies on whom.
    desk = people.comes_in(story.lead, size=DESK)
    desk.locator(".todo").filter(has_text="提交的任务").get_by_role("button", name="验收").click()
    desk.get_by_text("已验收。").wait_for()
    assert Task.objects.get(assignee=hand).state == "accepted"
    desk.get_by_role("link", name="谁手上有多少").click()
    desk.get_by_role("link", name=foreman.name).click()
    desk.get_by_role("link", name="昨晚到期的沟").wait_for()
