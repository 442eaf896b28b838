"""A unit leaves a zone that goes on: nobody counts on what it shared, and it keeps nothing booked (B7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ronghe.domain.pools.enums import BookingState
from ronghe.domain.pools.selectors.items import list_items
from ronghe.domain.pools.services.bookings import book_item
from ronghe.domain.pools.services.opening import PoolEndsSooner
from ronghe.domain.zones.enums import ParticipantRole
from ronghe.domain.zones.models import ParticipatingUnit
from ronghe.domain.zones.services.parties import add_participating_unit, end_participation
from tests.factories.pools import NINE, NOW, booked, make_pool

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def story():
    return make_pool()


def leave(story, side, until: date):
    party = ParticipatingUnit.objects.get(zone=story.zone.zone, unit=side.row.unit, valid_until=None)
    end_participation(party=party, until=until, actor=story.zone.clerk, at=NOW)


def state_of(booking):
    booking.refresh_from_db()
    return booking.state, booking.reason


def test_what_the_unit_had_booked_from_others_is_cancelled_from_its_last_day(story):
    before, after = booked(story), booked(story, start=3)
    after.starts_at, after.ends_at = after.starts_at + 2 * DAY, after.ends_at + 2 * DAY
    after.save()
    leave(story, story.builder, NOW.date() + DAY)
    assert state_of(before)[0] == BookingState.APPROVED
    assert state_of(after) == (BookingState.CANCELLED, f"“{story.builder.row.unit.name}”已退出协作区")


def test_what_others_had_booked_of_the_unit_is_cancelled_and_shared_no_more(story):
    booking = booked(story)
    leave(story, story.host, NOW.date())
    assert state_of(booking)[0] == BookingState.CANCELLED
    assert story.item not in list_items(story.above, NOW)


def test_a_unit_that_stays_in_another_role_keeps_what_it_booked(story):
    booking = booked(story)
    add_participating_unit(
        zone=story.zone.zone,
        unit=story.builder.row.unit,
        role=ParticipantRole.INSPECTOR,
        since=NOW.date(),
        actor=story.zone.clerk,
        at=NOW,
    )
    party = story.zone.zone.participating_units.get(role=ParticipantRole.CONSTRUCTOR)
    end_participation(party=party, until=NOW.date(), actor=story.zone.clerk, at=NOW)
    assert state_of(booking)[0] == BookingState.APPROVED


def test_until_its_last_day_the_item_can_be_booked_and_not_after(story):
    leave(story, story.host, NOW.date() + 2 * DAY)
    given = {"item": story.item, "purpose": "联合学习", "actor": story.borrower, "at": NOW}
    late = NINE + DAY
    assert book_item(starts_at=late, ends_at=late + timedelta(hours=1), **given).state == BookingState.APPROVED
    with pytest.raises(PoolEndsSooner, match="为止"):
        book_item(starts_at=late + DAY, ends_at=late + DAY + timedelta(hours=1), **given)
