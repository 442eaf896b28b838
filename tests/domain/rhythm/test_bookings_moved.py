"""What is booked for an activity moves with it; what cannot is said before, and somebody decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronghe.domain.pools.enums import BookingState, ItemKind
from ronghe.domain.pools.models import Booking
from ronghe.domain.pools.services.bookings import ItemTaken, cancel_booking, move_booking
from ronghe.domain.pools.services.items import close_item, offer_item
from ronghe.domain.rhythm.calc.shifting import Hours
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.selectors.bookings import bookings_open_for
from ronghe.domain.rhythm.services.activities import plan_activity
from ronghe.domain.rhythm.services.bookings import BookingsInTheWay, book_for_activity, foresee_bookings
from ronghe.domain.rhythm.services.changes import move_activity
from ronghe.kernel.errors import NotAllowed, NotFound
from ronghe.kernel.facts.models import Fact
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.pools import NINE, NOW, booked, make_pool
from tests.factories.races import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
AFTERNOON = Hours(NINE + 5 * HOUR, NINE + 6 * HOUR)


@pytest.fixture
def story():
    return with_a_side(make_pool())


def with_a_side(story):
    story.zone.lead.unit = story.host.side.unit
    story.zone.lead.save()
    return story


@pytest.fixture
def meeting(story):
    return make_meeting(story)


def make_meeting(story):
    return plan_activity(
        activity_type=ActivityType.WEEKLY_MEETING, body=story.zone.body, place="活动板房", scheduled_from=NINE,
        scheduled_until=NINE + HOUR, actor=story.zone.lead, at=NOW,
    )  # fmt: skip


def for_it(meeting, story, item=None, **changes):
    return book_for_activity(activity=meeting, item=item or story.item, actor=story.keeper, at=NOW, **changes)


def another(story, title="二号会议室", **changes):
    given = {"kind": ItemKind.ROOM, "actor": story.keeper, "at": NOW}
    return offer_item(part=story.host, title=title, **(given | changes))


def foreseen(meeting, story, hours=AFTERNOON):
    return foresee_bookings(activity=meeting, after=hours, actor=story.keeper, at=NOW)


def move(meeting, story, hours=AFTERNOON, **given):
    return move_activity(
        activity=meeting, scheduled_from=hours.begins, scheduled_until=hours.ends, reason="对方来不了",
        actor=story.keeper, at=NOW, **given,
    )  # fmt: skip


def test_it_goes_along_where_it_is_free_and_both_are_on_record(story, meeting):
    booking = for_it(meeting, story, starts_at=NINE - timedelta(minutes=30), ends_at=NINE + HOUR)
    (seen,) = foreseen(meeting, story)
    assert (seen.refusal, seen.asks_again, seen.instead) == (None, False, ())

    move(meeting, story)

    booking.refresh_from_db()
    assert (booking.state, booking.starts_at, booking.ends_at) == (
        BookingState.APPROVED, AFTERNOON.begins - timedelta(minutes=30), AFTERNOON.ends,
    )  # fmt: skip
    assert (seen.starts_at, seen.ends_at) == (booking.starts_at, booking.ends_at)
    assert Fact.objects.get(kind="pools.booking_moved").source_id == booking.pk


def test_what_is_taken_then_stops_the_move_and_is_named_with_what_is_free_instead(story, meeting):
    booking, other = for_it(meeting, story), another(story)
    another(story, "值班车", kind=ItemKind.VEHICLE)
    booked(story, start=5)
    (seen,) = foreseen(meeting, story)
    assert (str(seen.refusal)[:5], seen.instead) == ("施工员已订", (other,))

    with pytest.raises(BookingsInTheWay, match="活动板房：施工员已订"):
        move(meeting, story)

    booking.refresh_from_db()
    assert booking.starts_at == NINE
    assert Activity.objects.get(pk=meeting.pk).scheduled_from == NINE


def test_it_moves_without_or_with_something_else(story, meeting):
    first, second, other = for_it(meeting, story), for_it(meeting, story, another(story)), another(story, "三号")
    booked(story, start=5)
    third = for_it(meeting, story, other)
    move(meeting, story, without=[third.pk], instead={first.pk: other})
    states = {row.pk: (row.state, row.reason) for row in Booking.objects.filter(pk__in=[first.pk, second.pk, third.pk])}
    assert states == {
        first.pk: ("cancelled", "活动已改期"), second.pk: ("approved", ""), third.pk: ("cancelled", "活动已改期"),
    }  # fmt: skip
    now_booked = [(row.item.title, row.starts_at) for row in bookings_open_for(meeting)]
    assert sorted(now_booked) == [("三号", AFTERNOON.begins), ("二号会议室", AFTERNOON.begins)]


def test_what_else_is_taken_too_is_not_offered_and_not_booked(story, meeting):
    first, other = for_it(meeting, story), another(story)
    booked(story, start=5)
    for_afternoon = make_meeting(story)
    for_it(for_afternoon, story, other, starts_at=AFTERNOON.begins, ends_at=AFTERNOON.ends)
    assert foreseen(meeting, story)[0].instead == ()
    with pytest.raises(ItemTaken):
        move(meeting, story, instead={first.pk: other})
    assert Activity.objects.get(pk=meeting.pk).scheduled_from == NINE


def test_two_that_follow_each_other_make_room_for_each_other(story, meeting):
    early = for_it(meeting, story)
    late = for_it(meeting, story, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)
    an_hour_later = Hours(NINE + HOUR, NINE + 2 * HOUR)
    assert [one.refusal for one in foreseen(meeting, story, an_hour_later)] == [None, None]
    move(meeting, story, an_hour_later)
    assert [row.starts_at for row in bookings_open_for(meeting)] == [NINE + HOUR, NINE + 2 * HOUR]
    assert {early.pk, late.pk} == {row.pk for row in bookings_open_for(meeting)}


def test_what_is_closed_then_is_in_the_way_as_well(story, meeting):
    for_it(meeting, story)
    tomorrow = Hours(NINE + 24 * HOUR, NINE + 25 * HOUR)
    day = tomorrow.begins.date()
    close_item(item=story.item, from_on=day, until_on=day, actor=story.keeper, at=NOW)
    assert "不开放" in str(foreseen(meeting, story, tomorrow)[0].refusal)
    with pytest.raises(BookingsInTheWay):
        move(meeting, story, tomorrow)


def test_whose_contact_agrees_first_is_asked_anew(story, meeting):
    car = another(story, "值班车", kind=ItemKind.VEHICLE, is_auto=False, contact=story.neighbour)
    booking = for_it(meeting, story, car)
    Booking.objects.filter(pk=booking.pk).update(state=BookingState.APPROVED)
    assert foreseen(meeting, story)[0].asks_again
    move(meeting, story)
    booking.refresh_from_db()
    assert (booking.state, booking.starts_at) == (BookingState.REQUESTED, AFTERNOON.begins)


def test_moved_back_it_stands_where_it_stood(story, meeting):
    booking = for_it(meeting, story, starts_at=NINE - timedelta(minutes=30))
    move(meeting, story)
    move(meeting, story, Hours(NINE, NINE + HOUR))
    booking.refresh_from_db()
    assert (booking.starts_at, booking.ends_at) == (NINE - timedelta(minutes=30), NINE + HOUR)


def test_a_booking_of_another_activity_is_none_of_its_business(story, meeting):
    strange = for_it(make_meeting(story), story)
    with pytest.raises(NotFound):
        move(meeting, story, without=[strange.pk])


def test_what_is_cancelled_stays_where_it_was(story, meeting):
    booking = for_it(meeting, story)
    cancel_booking(booking=booking, actor=story.keeper, at=NOW)
    assert foreseen(meeting, story) == []
    move(meeting, story)
    booking.refresh_from_db()
    assert booking.starts_at == NINE


def test_foreseeing_costs_the_same_for_one_and_for_many(story, meeting):
    booked(story, start=5)
    for_it(meeting, story)
    assert statements(meeting, story) > 0
    one = statements(meeting, story)
    for number in range(4):
        for_it(meeting, story, another(story, f"{number}号会议室"))
    assert len(foreseen(meeting, story)) == 5
    assert statements(meeting, story) == one


def statements(meeting, story):
    with CaptureQueriesContext(connection) as captured:
        foreseen(meeting, story)
    return len(captured)


class TestOneBooking:
    def test_only_who_may_cancel_it_moves_it(self, story):
        booking = booked(story)
        with pytest.raises(NotAllowed):
            move_booking(booking=booking, starts_at=NINE, ends_at=NINE + HOUR, actor=story.neighbour, at=NOW)
        move_booking(booking=booking, starts_at=NINE + HOUR, ends_at=NINE + 3 * HOUR, actor=story.borrower, at=NOW)
        assert booking.ends_at == NINE + 3 * HOUR

    def test_over_its_own_hours_but_not_over_others(self, story):
        booking = booked(story)
        booked(story, start=2, by=story.neighbour)
        with pytest.raises(ItemTaken, match=story.neighbour.name):
            move_booking(booking=booking, starts_at=NINE + HOUR, ends_at=NINE + 3 * HOUR, actor=story.borrower, at=NOW)
        assert Booking.objects.get(pk=booking.pk).starts_at == NINE

    def test_not_when_it_is_settled(self, story):
        booking = booked(story)
        cancel_booking(booking=booking, actor=story.borrower, at=NOW)
        with pytest.raises(StepNotAllowed):
            move_booking(booking=booking, starts_at=NINE, ends_at=NINE + HOUR, actor=story.borrower, at=NOW)


def test_a_move_and_a_booking_at_once_have_one_winner(committing_db):
    story = with_a_side(make_pool())
    meeting = make_meeting(story)
    for_it(meeting, story)
    assert at_once([lambda: move(meeting, story), lambda: booked(story, start=5)]) == 1
    assert Booking.objects.filter(starts_at=AFTERNOON.begins).count() == 1
