"""An accepted task is told as tasks are: who did it in time, whoever judged late."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from ronghe.domain.claims.services.sheets import close_sheet
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.kernel.facts.models import Fact
from tests.factories.claims import ClaimStory, make_published
from tests.factories.items import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(morning):
    return make_published(morning, tasks=1)


@pytest.fixture
def item(story, morning) -> WorkItem:
    item = WorkItem.objects.get(kind="claim")
    for step in ("claim", "sign"):
        take_step(item=item, step=step, actor=story.force.members[0], at=morning)
    return item


def hand_in(story: ClaimStory, item: WorkItem, at: datetime) -> None:
    take_step(item=item, step="submit", actor=story.force.members[0], at=at, said=Said(note="好了", uploads=[photo()]))


def accept(story: ClaimStory, item: WorkItem, at: datetime) -> dict[str, object]:
    take_step(item=item, step="accept", actor=story.force.leader, at=at)
    told = Fact.objects.get(kind="claims.task_accepted")
    assert told.subject == story.force.members[0].token
    return json.loads(told.attributes)


def test_the_last_moment_is_in_time_though_it_is_judged_a_week_later(story, item):
    hand_in(story, item, item.due_at)

    assert accept(story, item, item.due_at + timedelta(days=7)) == {"item": "claim", "on_time": True, "rounds": 1}


def test_a_second_after_the_deadline_is_late(story, item):
    hand_in(story, item, item.due_at + timedelta(seconds=1))

    assert accept(story, item, item.due_at + timedelta(hours=1))["on_time"] is False


def test_what_counts_is_the_work_that_was_accepted(story, item):
    hand_in(story, item, item.due_at)
    take_step(item=item, step="return", actor=story.force.leader, at=item.due_at, said=Said(note="缺一张图"))
    hand_in(story, item, item.due_at + timedelta(days=1))

    assert accept(story, item, item.due_at + timedelta(days=1)) == {"item": "claim", "on_time": False, "rounds": 2}


def test_the_closed_sheet_counts_the_same(story, item):
    hand_in(story, item, item.due_at)
    accept(story, item, item.due_at + timedelta(days=7))
    close_sheet(sheet=story.sheet, actor=story.force.leader, at=item.due_at + timedelta(days=8))

    assert json.loads(Fact.objects.get(kind="claims.sheet_closed").attributes)["on_time"] == 1


def test_other_steps_tell_of_no_accepted_task(story, item, morning):
    hand_in(story, item, morning)

    assert not Fact.objects.filter(kind="claims.task_accepted").exists()
