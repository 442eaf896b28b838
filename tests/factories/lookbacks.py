"""A finding in any of its states: no handover when the shift changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.lookbacks.models import Measure
from ronghe.domain.lookbacks.rules import LOOKBACK
from ronghe.domain.lookbacks.services.analysing import (
    AnalysisIn,
    add_measure,
    begin_measures,
    hand_in_result,
    write_analysis,
)
from ronghe.domain.org.models import Person
from ronghe.domain.work.services.tasks import accept_task, submit_task
from tests.factories.rhythm import ZoneStory

DEEP = AnalysisIn(
    "两班对同一票据各记各的", "交接没有规定", "没有人对交接负责",
    ("交接时没有看票", "没有规定谁看", "班组和党小组各管一段"),
    {"people": ["新到的人没交底"], "method": ["交接单没有票据一栏", "口头交接"], "setting": ["夜里灯暗"]},
)  # fmt: skip


def make_finding(
    story: ZoneStory, at: datetime, *, title: str = "交接班没有看作业票", by: Person | None = None
) -> WorkItem:
    """Return a finding of the zone's lead that nobody looks into yet."""
    return raise_item(kind=LOOKBACK, text=ItemText(title), body=story.body, actor=by or story.lead, at=at)


def taken(story: ZoneStory, at: datetime, by: Person | None = None, **more: str) -> WorkItem:
    """Return a finding that the first member looks into."""
    item = make_finding(story, at, **more)
    take_step(item=item, step="take", actor=by or story.members[0], at=at)
    return item


def analysed(story: ZoneStory, at: datetime) -> WorkItem:
    item = taken(story, at)
    write_analysis(item=item, given=DEEP, actor=story.members[0], at=at)
    return item


def measured(story: ZoneStory, at: datetime, *, title: str = "交接单加票据一栏") -> tuple[WorkItem, Measure]:
    """Return a finding whose one measure has begun, with the second member."""
    item = analysed(story, at)
    measure = measure_of(story, item, at, title=title)
    begin_measures(item=item, actor=story.members[0], at=at)
    return item, measure


def measure_of(story: ZoneStory, item: WorkItem, at: datetime, *, title: str = "交接单加票据一栏") -> Measure:
    return add_measure(
        item=item, title=title, assignee=story.members[1], due_at=at + timedelta(days=5), actor=story.members[0], at=at
    )


def done(story: ZoneStory, measure: Measure, at: datetime) -> None:
    """Let the measure be done and accepted."""
    submit_task(task=measure.task, actor=story.members[1], at=at, note="已改")
    accept_task(task=measure.task, actor=story.lead, at=at)


def closed(story: ZoneStory, at: datetime) -> WorkItem:
    """Return a finding that 陈建国 verified."""
    item, measure = measured(story, at)
    done(story, measure, at)
    hand_in_result(item=item, note="连看十天没有漏", actor=story.members[0], at=at)
    take_step(item=item, step="verify", actor=story.secretary, at=at, said=Said(note="抽查三班"))
    return item
