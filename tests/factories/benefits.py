"""A benefit idea in any of its states: bonded mesh instead of chiselling to the brick."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from ronghe.domain.benefits.calc.reckoning import LineIn
from ronghe.domain.benefits.rules import BENEFIT
from ronghe.domain.benefits.services.booking import verify_idea
from ronghe.domain.benefits.services.reckoning import ReckoningIn, estimate_idea, realise_idea
from ronghe.domain.benefits.services.reviewing import approve_idea
from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.raising import ItemText, raise_item
from ronghe.domain.items.services.steps import Said, take_step
from ronghe.domain.org.models import Person
from tests.factories.rhythm import ZoneStory, photo

WAYS = {"way_before": "砸皮露砖，整面重抹", "way_after": "胶粘挂网，局部补抹"}


def line(before: str, after: str, *, what: str = "墙体维修", price: str = "100.00") -> LineIn:
    """Return a line of so many square metres before and after at one price."""
    return LineIn(what, "㎡", Decimal(before), Decimal(price), Decimal(after), Decimal(price))


def reckoned(*lines: LineIn, before: int = 90, after: int = 30) -> ReckoningIn:
    return ReckoningIn(lines or (line("7000", "1500"),), before, after, "结算单和监理日志")


def make_idea(story: ZoneStory, at: datetime, *, title: str = "胶粘挂网", by: Person | None = None) -> WorkItem:
    """Return an idea that a member of the zone has raised."""
    text = ItemText(title, values=WAYS)
    return raise_item(kind=BENEFIT, text=text, body=story.body, actor=by or story.members[0], at=at)


def estimated(story: ZoneStory, at: datetime, *, given: ReckoningIn | None = None, title: str = "胶粘挂网") -> WorkItem:
    """Return an idea whose raiser has estimated it: CNY 550,000 and 60 days unless told."""
    item = make_idea(story, at, title=title)
    estimate_idea(item=item, reckoning=given or reckoned(), actor=story.members[0], at=at)
    return item


def realised(story: ZoneStory, at: datetime, *, given: ReckoningIn | None = None, title: str = "胶粘挂网") -> WorkItem:
    """Return an idea that 刘丽萍 approved and the second member carried out."""
    item = estimated(story, at, given=given, title=title)
    approve_idea(item=item, actor=story.lead, at=at)
    take_step(item=item, step="take", actor=story.members[1], at=at, said=Said(due_at=at + timedelta(days=9)))
    realise_idea(item=item, reckoning=given or reckoned(), actor=story.members[1], at=at, uploads=[photo()])
    return item


def verified(story: ZoneStory, at: datetime, *, given: ReckoningIn | None = None, title: str = "胶粘挂网") -> WorkItem:
    """Return an idea that stands in the book; the committee's secretary verified it."""
    item = realised(story, at, given=given, title=title)
    verify_idea(item=item, actor=story.secretary, at=at)
    return item
