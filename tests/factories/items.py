"""A task of the zone's claim list, in any of its states: the kind that the tests of all kinds stand on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ronghe.domain.claims.rules import CLAIM_TASK
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.models import Person
from tests.factories.rhythm import ZoneStory, photo

DUTIES = {
    "qhse_duty": "登高系挂，五级风以上停",
    "project_duty": "误报率低于 2%",
    "member_duty": "教会每名值守员工",
    "responsibility": "漏报追到点位",
}


def make_claim(
    story: ZoneStory, at: datetime, *, title: str = "视频与周界联动", due_in_days: int = 10, **more: Any
) -> WorkItem:
    """Return a task that the zone's lead has drawn up; nobody may claim it yet."""
    text = ItemText(
        title, text="12 路联动", values=DUTIES, due_at=at + timedelta(days=due_in_days), zone=story.zone, **more
    )
    return raise_item(kind=CLAIM_TASK, text=text, body=story.body, actor=story.lead, at=at)


def claimed(story: ZoneStory, at: datetime, by: Person, **more: Any) -> WorkItem:
    """Return a task that `by` has claimed and not yet signed."""
    item = make_claim(story, at, **more)
    take_step(item=item, step="publish", actor=story.lead, at=at)
    take_step(item=item, step="claim", actor=by, at=at)
    return item


def handed_in(story: ZoneStory, at: datetime, by: Person, **more: Any) -> WorkItem:
    """Return a task that `by` has claimed, signed and handed in with a photo."""
    item = claimed(story, at, by, **more)
    take_step(item=item, step="sign", actor=by, at=at)
    take_step(item=item, step="submit", actor=by, at=at, said=Said(note="12 路都通了", uploads=[photo()]))
    return item
