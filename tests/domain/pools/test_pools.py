"""资源共享: no moment over capacity, one winner, what each side gave and got (B7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.domain.pools.calc.overlap import Taken, peak
from ronghe.domain.pools.enums import BookingState
from ronghe.domain.pools.models import Booking
from ronghe.domain.pools.rules import SEE_ITEM
from ronghe.domain.pools.selectors.balances import balances
from ronghe.domain.pools.selectors.items import bookings_waiting, week_of
from ronghe.domain.pools.selectors.pools import side_of
from ronghe.domain.pools.services.bookings import (
    BookingPast,
    BookingTimesWrong,
    ItemClosed,
    ItemGone,
    ItemTaken,
    MoreThanThereIs,
    NoSide,
    UseNotBegun,
    UseTimeWrong,
    approve_booking,
    book_item,
    cancel_booking,
    close_booking,
    decline_booking,
    miss_booking,
)
from ronghe.domain.pools.services.items import (
    ItemHoursWrong,
    ItemStillBooked,
    ItemThere,
    close_item,
    offer_item,
    withdraw_item,
)
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_person
from tests.factories.pools import NINE, NOW, booked, make_pool
from tests.factories.races import at_once

DAY = datetime(2026, 9, 14)
BOTH = pytest.mark.parametrize("of", ["zone", "agreement"])
SPANS = st.tuples(st.integers(0, 40), st.integers(1, 12), st.integers(1, 4))


@given(wanted=st.lists(SPANS, max_size=14), capacity=st.integers(1, 5))
def test_no_moment_is_over_capacity_whatever_is_asked_for(wanted, capacity):
    taken = []
    for start, length, quantity in wanted:
        begins, ends = DAY + timedelta(hours=start), DAY + timedelta(hours=start + length)
        if peak(taken, begins, ends) + quantity <= capacity:
            taken.append(Taken(begins, ends, quantity))
    for hour in range(60):
        moment = DAY + timedelta(hours=hour)
        assert sum(one.quantity for one in taken if one.start <= moment < one.end) <= capacity


@given(taken=st.lists(SPANS, max_size=10), start=st.integers(0, 40), length=st.integers(1, 12))
def test_the_peak_is_that_of_a_count_hour_by_hour(taken, start, length):
    rows = [Taken(DAY + timedelta(hours=a), DAY + timedelta(hours=a + n), q) for a, n, q in taken]
    begins, ends = DAY + timedelta(hours=start), DAY + timedelta(hours=start + length)
    by_hour = max(
        sum(q for a, n, q in taken if a <= hour < a + n) for hour in range(start, start + length)
    )  # fmt: skip
    assert peak(rows, begins, ends) == by_hour


@pytest.mark.django_db
@BOTH
class TestBookings:
    def test_the_booking_in_the_way_is_named(self, of):
        story = make_pool(of)
        booked(story)
        with pytest.raises(ItemTaken, match="施工员"):
            booked(story, start=1, by=story.neighbour)
        assert booked(story, start=2, by=story.neighbour).state == BookingState.APPROVED

    def test_capacity_counts_at_the_fullest_moment(self, of):
        story = make_pool(of, capacity=3)
        booked(story, quantity=2)
        booked(story, start=2, quantity=2)
        assert booked(story, start=1, hours=2, quantity=1)
        with pytest.raises(ItemTaken):
            booked(story, start=1, hours=1, quantity=1)
        with pytest.raises(MoreThanThereIs):
            booked(story, start=5, quantity=4)

    def test_a_request_holds_its_part_until_it_is_declined(self, of):
        story = make_pool(of, is_auto=False)
        one = booked(story)
        assert one.state == BookingState.REQUESTED
        assert list(bookings_waiting(story.keeper, NOW)) == [one]
        with pytest.raises(ItemTaken):
            booked(story, by=story.neighbour)
        with pytest.raises(NotAllowed):
            approve_booking(booking=one, actor=story.borrower, at=NOW)
        decline_booking(booking=one, actor=story.keeper, at=NOW)
        other = booked(story, by=story.neighbour)
        assert approve_booking(booking=other, actor=story.keeper, at=NOW).state == BookingState.APPROVED

    def test_cancelled_is_free_again(self, of):
        story = make_pool(of)
        one = booked(story)
        with pytest.raises(NotAllowed):
            cancel_booking(booking=one, actor=story.neighbour, at=NOW)
        cancel_booking(booking=one, actor=story.borrower, at=NOW)
        assert booked(story)

    def test_only_when_it_is_open(self, of):
        story = make_pool(of)
        with pytest.raises(ItemClosed):
            booked(story, start=8, hours=2)
        close_item(item=story.item, from_on=NOW.date(), until_on=NOW.date(), actor=story.keeper, at=NOW)
        with pytest.raises(ItemClosed):
            booked(story)
        assert not week_of(story.item, NOW.date())[0].is_open

    @pytest.mark.parametrize(
        ("start", "end", "refusal"),
        [(-3, 1, BookingPast), (2, 2, BookingTimesWrong), (2, 24 * 40, BookingTimesWrong)],
    )
    def test_times_that_cannot_be(self, of, start, end, refusal):
        story = make_pool(of)
        with pytest.raises(refusal):
            book_item(
                item=story.item, starts_at=NINE + timedelta(hours=start), ends_at=NINE + timedelta(hours=end),
                purpose="x", actor=story.borrower, at=NOW,
            )  # fmt: skip

    def test_a_side_is_found_and_others_see_nothing(self, of):
        story = make_pool(of)
        assert side_of(story.pool, story.borrower, NOW.date()) == story.builder.side
        assert side_of(story.pool, make_person(), NOW.date()) is None
        assert not SEE_ITEM.allows(make_person(), story.item, at=NOW)

    def test_used_says_how_long_and_what_broke(self, of):
        story = make_pool(of)
        one = booked(story)
        with pytest.raises(UseNotBegun):
            close_booking(booking=one, actor=story.borrower, at=NOW)
        after = NINE + timedelta(hours=3)
        with pytest.raises(UseTimeWrong):
            close_booking(booking=one, actor=story.borrower, at=after, minutes=0)
        close_booking(booking=one, actor=story.borrower, at=after, damage="门锁坏")
        assert (one.minutes_used, one.is_damaged) == (120, True)
        with pytest.raises(StepNotAllowed):
            miss_booking(booking=one, actor=story.keeper, at=after)

    def test_what_is_booked_is_not_taken_back(self, of):
        story = make_pool(of)
        one = booked(story)
        with pytest.raises(ItemStillBooked):
            withdraw_item(item=story.item, actor=story.keeper, at=NOW)
        cancel_booking(booking=one, actor=story.borrower, at=NOW)
        withdraw_item(item=story.item, actor=story.keeper, at=NOW)
        with pytest.raises(ItemGone):
            booked(story)

    def test_offers_that_cannot_be(self, of):
        story = make_pool(of)
        given_ = {"part": story.host, "kind": "room", "actor": story.keeper, "at": NOW}
        with pytest.raises(ItemThere):
            offer_item(title="活动板房", **given_)
        with pytest.raises(ItemHoursWrong):
            offer_item(title="别的", weekdays="", **given_)
        with pytest.raises(NotAllowed):
            offer_item(title="别的", **(given_ | {"actor": story.borrower}))


@pytest.mark.django_db
def test_who_takes_part_in_the_zone_without_a_unit_of_it_books_nothing():
    story = make_pool()
    with pytest.raises(NoSide, match=story.pool.name):
        booked(story, by=make_person(participates_in=story.zone.body))


@pytest.mark.django_db
@BOTH
def test_what_was_given_and_got_adds_up_to_nought(of):
    story = make_pool(of)
    for start, by in ((0, story.borrower), (2, story.borrower), (4, story.neighbour)):
        close_booking(booking=booked(story, start=start, by=by), actor=by, at=NINE + timedelta(hours=9))
    found = {row.side: row for row in balances(story.pool, date(2026, 9, 1), date(2026, 10, 1))}
    host, builder = found[story.host.side], found[story.builder.side]
    assert (host.offered, host.lent, host.lent_minutes, host.borrowed) == (1, 2, 240, 0)
    assert (builder.borrowed, builder.borrowed_minutes, builder.minutes) == (2, 240, -240)
    assert sum(row.minutes for row in found.values()) == 0
    assert balances(story.pool, date(2026, 8, 1), date(2026, 9, 1))[0].lent == 0


@BOTH
def test_two_who_book_at_once_have_one_winner(committing_db, of):
    story = make_pool(of)
    assert at_once([lambda: booked(story), lambda: booked(story, by=story.neighbour)]) == 1
    assert Booking.objects.count() == 1
