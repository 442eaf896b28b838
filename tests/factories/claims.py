"""The claim sheet of the task force of 仪陇, drawn up, published, worked on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ronghe.domain.claims.models import ClaimSheet
from ronghe.domain.claims.services.sheets import TaskText, add_task, draw_up_sheet, publish_sheet
from ronghe.domain.items.models import WorkItem
from ronghe.domain.taskforces.models import DifficultPoint
from tests.factories.items import DUTIES
from tests.factories.taskforces import ForceStory, make_running


@dataclass
class ClaimStory:
    """陈立 leads the group; 李江 (of the own branch) and 何春 (of the other one) are in it."""

    force: ForceStory
    sheet: ClaimSheet

    @property
    def point(self) -> DifficultPoint:
        return self.force.points[0]


def make_sheet(at: datetime, *, tasks: int = 2) -> ClaimStory:
    """Return a drawn-up sheet with `tasks` tasks under the group's difficult point, not yet published."""
    force = make_running(at)
    assert force.force is not None
    sheet = draw_up_sheet(title="数字化攻关", body=force.body, force=force.force, actor=force.leader, at=at)
    story = ClaimStory(force, sheet)
    for number in range(tasks):
        put_task(story, at, title=f"第{number + 1}项任务")
    return story


def put_task(story: ClaimStory, at: datetime, *, title: str = "视频与周界联动") -> WorkItem:
    text = TaskText(title, "12 路联动", at + timedelta(days=10), DUTIES, story.point)
    return add_task(sheet=story.sheet, task=text, actor=story.force.leader, at=at)


def make_published(at: datetime, *, tasks: int = 2) -> ClaimStory:
    """Return a published sheet: its tasks wait to be claimed."""
    story = make_sheet(at, tasks=tasks)
    publish_sheet(sheet=story.sheet, actor=story.force.leader, at=at)
    return story
