"""A pool, of a zone or of an agreement, whose first side offers a meeting room; people of both sides take part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from ronghe.domain.agreements.models import Agreement
from ronghe.domain.org.models import Person
from ronghe.domain.pools.enums import ItemKind
from ronghe.domain.pools.models import Booking, Part, Pool, SharedItem
from ronghe.domain.pools.services.bookings import book_item
from ronghe.domain.pools.services.items import offer_item
from tests.factories.agreements import make_agreement_in_force
from tests.factories.agreements_story import make_sides, party_of
from tests.factories.org import make_person
from tests.factories.rhythm import ZoneStory, make_zone

NOW = datetime(2026, 9, 14, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
NINE = NOW.replace(hour=9, minute=0)
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2026, 12, 20)
"""Of the agreement; both are in force."""
Of = Literal["zone", "agreement"]
Made = tuple[Part, Part, Person, Person, Person, Person, Person, ZoneStory | None]


@dataclass(frozen=True)
class PoolStory:
    host: Part
    builder: Part
    item: SharedItem
    keeper: Person
    """Offered the room and answers for it: the zone's lead, or the secretary of the hosting side."""
    borrower: Person
    """Of the building side."""
    neighbour: Person
    """Of the hosting side."""
    noter: Person
    """Writes how the people of the building side feel: the zone's lead, or that side's secretary."""
    above: Person
    """A clerk of the committee above, who takes no part."""
    zone_story: ZoneStory | None = None

    @property
    def pool(self) -> Pool:
        return self.host.pool

    @property
    def zone(self) -> ZoneStory:
        assert self.zone_story is not None
        return self.zone_story

    @property
    def agreement(self) -> Agreement:
        assert self.pool.agreement is not None
        return self.pool.agreement


def make_pool(of: Of = "zone", *, capacity: int = 1, is_auto: bool = True) -> PoolStory:
    """Return a pool of a running zone, or of a letter of intent in force."""
    made = _of_zone() if of == "zone" else _of_agreement()
    host, builder, keeper, borrower, neighbour, noter, above, zone = made
    item = offer_item(
        part=host, kind=ItemKind.ROOM, title="活动板房", capacity=capacity, is_auto=is_auto, actor=keeper, at=NOW
    )
    return PoolStory(host, builder, item, keeper, borrower, neighbour, noter, above, zone)


def _of_zone() -> Made:
    story = make_zone()
    host = story.zone.participating_units.get(role="host_site")
    builder = story.zone.participating_units.get(role="constructor")
    builder.home_branch = story.branch
    builder.save()
    borrower = make_person("施工员", home=story.branch, participates_in=story.body, unit=builder.unit)
    return Part(host), Part(builder), story.lead, borrower, story.members[0], story.lead, story.clerk, story


def _of_agreement() -> Made:
    sides = make_sides(NOW)
    agreement = make_agreement_in_force(
        project=sides.project, branches=sides.bodies, at=NOW, since=FIRST_DAY, until=LAST_DAY
    )
    borrower = make_person("施工员", home=sides.bodies[1], unit=sides.units[1])
    host, builder = (Part(party_of(agreement, number)) for number in (0, 1))
    return host, builder, sides.secretaries[0], borrower, sides.members[0], sides.secretaries[1], sides.clerk, None


def booked(story: PoolStory, *, start: int = 0, hours: int = 2, quantity: int = 1, by: Person | None = None) -> Booking:
    """Book from nine o'clock plus `start` hours on."""
    begins = NINE + timedelta(hours=start)
    return book_item(
        item=story.item, starts_at=begins, ends_at=begins + timedelta(hours=hours), quantity=quantity, purpose="开会",
        actor=by or story.borrower, at=NOW,
    )  # fmt: skip
