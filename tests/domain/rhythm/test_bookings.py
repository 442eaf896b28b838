"""What an activity needs is booked from its page and given up with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.pools.enums import BookingState
from ronghe.domain.pools.selectors.items import bookings_lost, items_to_book
from ronghe.domain.pools.services.bookings import ItemTaken
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import ActivityBooking
from ronghe.domain.rhythm.selectors.bookings import activities_of_bookings, bookings_for
from ronghe.domain.rhythm.services.activities import open_huddle, plan_activity
from ronghe.domain.rhythm.services.bookings import ActivityHasNoTime, book_for_activity
from ronghe.domain.rhythm.services.changes import call_off_activity
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.workflow import StepNotAllowed
from tests.factories.org import make_person
from tests.factories.pools import NINE, NOW, make_pool

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    story = make_pool()
    story.zone.lead.unit = story.host.side.unit
    story.zone.lead.save()
    return story


@pytest.fixture
def meeting(story):
    return plan_activity(
        activity_type=ActivityType.WEEKLY_MEETING, body=story.zone.body, place="活动板房", scheduled_from=NINE,
        scheduled_until=NINE + timedelta(hours=1), actor=story.zone.lead, at=NOW,
    )  # fmt: skip


def test_it_is_booked_for_the_hours_of_the_activity(story, meeting):
    booking = book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)

    assert (booking.starts_at, booking.ends_at) == (NINE, NINE + timedelta(hours=1))
    assert booking.purpose == f"周例会（{story.zone.body.name}）"
    assert list(bookings_for(meeting)) == [booking]
    assert activities_of_bookings([booking]) == {booking.pk: meeting}


def test_only_who_runs_the_activity_books_for_it(story, meeting):
    with pytest.raises(NotAllowed):
        book_for_activity(activity=meeting, item=story.item, actor=story.borrower, at=NOW)


def test_what_is_taken_stays_taken(story, meeting):
    book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)
    with pytest.raises(ItemTaken):
        book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)
    assert ActivityBooking.objects.count() == 1


def test_a_huddle_without_hours_says_until_when(story):
    huddle = open_huddle(body=story.zone.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.zone.lead, at=NOW)
    with pytest.raises(ActivityHasNoTime):
        book_for_activity(activity=huddle, item=story.item, actor=story.zone.lead, at=NOW)


def test_calling_off_frees_what_was_booked_by_whomever(story, meeting):
    booking = book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)

    call_off_activity(activity=meeting, reason="停工", actor=story.zone.secretary, at=NOW)

    booking.refresh_from_db()
    assert (booking.state, booking.reason) == (BookingState.CANCELLED, "活动已取消")
    assert list(bookings_lost(story.zone.lead, NOW)) == [booking]


def test_for_what_is_called_off_nothing_is_booked(story, meeting):
    call_off_activity(activity=meeting, reason="停工", actor=story.zone.lead, at=NOW)
    with pytest.raises(StepNotAllowed):
        book_for_activity(activity=meeting, item=story.item, actor=story.zone.lead, at=NOW)


def test_only_what_one_may_book_is_offered(story):
    assert list(items_to_book(story.zone.lead, NOW)) == [story.item]
    assert list(items_to_book(make_person("外人"), NOW)) == []
