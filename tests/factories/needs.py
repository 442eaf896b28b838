"""A need of somebody who works where the zone's committee serves, in any of its states."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.needs.services.raising import NeedText, raise_need
from ronghe.domain.org.enums import PoliticalStatus
from ronghe.domain.org.models import Person
from tests.factories.org import make_person
from tests.factories.rhythm import ZoneStory

GAIN = {"gain_kind": "hours", "gain_before": "40", "gain_after": "12.5"}


def worker_of(story: ZoneStory, name: str = "") -> Person:
    """Return somebody of the committee's unit, not of the Party and in no body."""
    return make_person(name, unit=story.committee.unit, status=PoliticalStatus.MASSES)


def make_need(
    story: ZoneStory, at: datetime, by: Person, *, title: str = "抄表要跑三个站", tags: tuple[str, ...] = ("efficiency",),
    **more: Any,
) -> WorkItem:  # fmt: skip
    return raise_need(text=NeedText(title, tags, "南I-1联合站", **more), body=story.committee, actor=by, at=at)


def triaged(story: ZoneStory, at: datetime, by: Person, *, helper: Person | None = None, **more: Any) -> WorkItem:
    item = make_need(story, at, by, **more)
    said = Said(values={"way": "on_site"}, owner=helper or story.lead, due_at=at + timedelta(days=5))
    return take_step(item=item, step="triage", actor=story.clerk, at=at, said=said)


def answered(story: ZoneStory, at: datetime, by: Person, *, gain: bool = True, **more: Any) -> WorkItem:
    item = triaged(story, at, by, **more)
    said = Said(note="表具改远传，手机上看", values=GAIN if gain else {})
    return take_step(item=item, step="answer", actor=item.owner, at=at, said=said)


def rated(story: ZoneStory, at: datetime, by: Person, *, score: str = "5", **more: Any) -> WorkItem:
    item = answered(story, at, by, **more)
    return take_step(item=item, step="rate", actor=by, at=at, said=Said(values={"score": score}, note="省了大半天"))
