"""A zone whose first side offers a meeting room; people of both sides take part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import ItemKind
from ronghe.domain.pools.models import Booking, SharedItem
from ronghe.domain.pools.services.bookings import book_item
from ronghe.domain.pools.services.items import offer_item
from ronghe.domain.zones.models import ParticipatingUnit
from tests.factories.org import make_person
from tests.factories.rhythm import ZoneStory, make_zone

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
NINE = NOW.replace(hour=9, minute=0)


@dataclass(frozen=True)
class PoolStory:
    zone: ZoneStory
    host: ParticipatingUnit
    builder: ParticipatingUnit
    item: SharedItem
    borrower: Person
    """Of the building side."""
    neighbour: Person
    """Of the hosting side."""


def make_pool(*, capacity: int = 1, is_auto: bool = True) -> PoolStory:
    story = make_zone()
    host = story.zone.participating_units.get(role="host_site")
    builder = story.zone.participating_units.get(role="constructor")
    builder.home_branch = story.branch
    builder.save()
    item = offer_item(
        party=host, kind=ItemKind.ROOM, title="活动板房", capacity=capacity, is_auto=is_auto, actor=story.lead, at=NOW
    )
    borrower = make_person("施工员", home=story.branch, participates_in=story.body, unit=builder.unit)
    return PoolStory(story, host, builder, item, borrower, story.members[0])


def booked(story: PoolStory, *, start: int = 0, hours: int = 2, quantity: int = 1, by: Person | None = None) -> Booking:
    """Book from nine o'clock plus `start` hours on."""
    begins = NINE + timedelta(hours=start)
    return book_item(
        item=story.item, starts_at=begins, ends_at=begins + timedelta(hours=hours), quantity=quantity, purpose="开会",
        actor=by or story.borrower, at=NOW,
    )  # fmt: skip
