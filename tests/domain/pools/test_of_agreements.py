"""A pool belongs to a zone or to an agreement in force: who sees it, when it is shared, what its end does (B7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from ronghe.domain.agreements.enums import EndingKind
from ronghe.domain.agreements.models import Agreement
from ronghe.domain.agreements.services.ending import end_agreement
from ronghe.domain.org.enums import PostRole
from ronghe.domain.pools.enums import BookingState, ItemKind
from ronghe.domain.pools.models import Booking, Part, Pool, SharedItem
from ronghe.domain.pools.rules import BOOK_ITEM, KEEP_ITEM, SEE_ITEM, SEE_POOL, SETTLE_BOOKING
from ronghe.domain.pools.selectors.items import bookings_lost, items_seen_by, items_to_book, list_items
from ronghe.domain.pools.selectors.pools import parts_offering, pool_called, pools_seen_by, side_of, sides_of
from ronghe.domain.pools.services.bookings import book_item
from ronghe.domain.pools.services.items import offer_item
from ronghe.domain.pools.services.opening import PoolClosed, PoolEndsSooner
from ronghe.domain.zones.services.dissolving import dissolve_zone
from ronghe.kernel.errors import NotAllowed
from ronghe.kernel.facts.models import Fact
from tests.factories.agreements import make_agreement_in_force
from tests.factories.agreements_story import make_draft, make_sides, party_of
from tests.factories.org import make_body, make_person, make_post
from tests.factories.pools import LAST_DAY, NINE, NOW, booked, make_pool
from tests.factories.races import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def story():
    return make_pool("agreement")


def book(story, begins, by=None):
    return book_item(
        item=story.item, starts_at=begins, ends_at=begins + HOUR, purpose="联合学习", actor=by or story.borrower, at=NOW
    )


def end(story, at=NOW, **given):
    return end_agreement(
        agreement=story.agreement, party=story.host.row, kind=EndingKind.BROKEN_OFF, reason="项目停建",
        actor=story.keeper, at=at, **given,
    )  # fmt: skip


class TestWhoTakesPart:
    def test_members_of_the_sides_see_and_book_and_others_do_not(self, story):
        outsider = make_person("外人", home=make_body("别处党支部"))
        for actor, sees, books in (
            (story.borrower, True, True), (story.neighbour, True, True), (story.keeper, True, True),
            (story.above, True, False), (outsider, False, False),
        ):  # fmt: skip
            assert SEE_ITEM.allows(actor, story.item, at=NOW) is sees
            assert list(items_seen_by(actor, NOW)) == ([story.item] if sees else [])
            assert pools_seen_by(actor, NOW) == ([story.pool] if sees else [])
            assert BOOK_ITEM.allows(actor, story.item, at=NOW) is books
            assert list(items_to_book(actor, NOW)) == ([story.item] if books else [])

    def test_who_leads_a_side_offers_and_answers_for_its_own_things_alone(self, story):
        theirs, request = story.noter, booked(story)
        assert [part.key for part in parts_offering(theirs, NOW)] == [story.builder.key]
        with pytest.raises(NotAllowed):
            offer_item(part=story.host, kind=ItemKind.ROOM, title="别人的", actor=theirs, at=NOW)
        assert not KEEP_ITEM.allows(theirs, story.item, at=NOW)
        assert not SETTLE_BOOKING.allows(theirs, request, at=NOW)
        deputy = make_person(home=story.host.branch)
        make_post(deputy, PostRole.DEPUTY_SECRETARY, body=story.host.branch)
        assert KEEP_ITEM.allows(deputy, story.item, at=NOW)
        assert SETTLE_BOOKING.allows(deputy, request, at=NOW)

    def test_the_sides_are_the_parties_and_a_person_belongs_to_the_nearest(self, story):
        assert sides_of(story.pool, NOW.date()) == [story.host.side, story.builder.side]
        below = make_body("一组", parent=story.builder.branch, kind="party_group")
        assert side_of(story.pool, make_person(participates_in=below), NOW.date()) == story.builder.side
        by_unit = make_person(unit=story.host.branch.unit)
        assert side_of(story.pool, by_unit, NOW.date()) == story.host.side

    def test_a_fact_belongs_to_the_sides_body_its_unit_and_the_project(self, story):
        booked(story)
        fact = Fact.objects.get(kind="pools.item_booked")
        branch = story.builder.branch
        assert (fact.body, fact.unit, fact.project) == (branch.pk, branch.unit_id, story.agreement.project_id)

    def test_a_pool_is_found_by_its_key_by_those_who_see_it(self, story):
        assert pool_called(story.pool.key, story.borrower, NOW) == story.pool
        assert pool_called(story.pool.key, make_person(), NOW) is None
        for key in ("", "zone-", f"zone-{story.agreement.pk}", "agreement-x", "agreement-²", "agreement-" + "9" * 30):
            assert pool_called(key, story.borrower, NOW) is None


class TestWhenItIsShared:
    def test_not_before_all_have_signed(self):
        sides = make_sides(NOW)
        part = Part(party_of(make_draft(sides, NOW), 0))
        assert parts_offering(sides.secretaries[0], NOW) == []
        assert not SEE_POOL.allows(sides.secretaries[0], part.pool.agreement, at=NOW)
        with pytest.raises(PoolClosed):
            offer_item(part=part, kind=ItemKind.ROOM, title="会议室", actor=sides.secretaries[0], at=NOW)

    def test_a_supplement_has_no_pool_of_its_own(self, story):
        main = make_agreement_in_force(
            project=story.agreement.project, branches=[story.host.branch, story.builder.branch], at=NOW
        )
        Agreement.objects.filter(pk=story.agreement.pk).update(supplements=main)
        assert [part.pool for part in parts_offering(story.keeper, NOW)] == [Pool(agreement=main)]
        story.item.refresh_from_db()
        with pytest.raises(PoolClosed):
            booked(story)

    def test_on_the_last_day_and_not_after(self, story):
        last = datetime.combine(LAST_DAY, NINE.timetz())
        assert book(story, last).state == BookingState.APPROVED
        with pytest.raises(PoolEndsSooner, match=f"{LAST_DAY}"):
            book(story, last + DAY)

    def test_after_its_term_though_nobody_ended_it_nothing_is_booked_and_what_was_stays_seen(self, story):
        after = datetime.combine(LAST_DAY + DAY, NINE.timetz())
        assert list(list_items(story.borrower, after)) == []
        assert list(items_to_book(story.borrower, after)) == []
        assert list(items_seen_by(story.borrower, after)) == [story.item]
        with pytest.raises(PoolClosed):
            book_item(
                item=story.item, starts_at=after, ends_at=after + HOUR, purpose="x", actor=story.borrower, at=after
            )


class TestItsEnd:
    def test_what_was_booked_beyond_the_last_day_is_cancelled_and_told(self, story):
        today, tomorrow = book(story, NINE), book(story, NINE + DAY)

        end(story, last_day=NOW.date())

        assert {row.pk: row.state for row in Booking.objects.all()} == {today.pk: "approved", tomorrow.pk: "cancelled"}
        (lost,) = bookings_lost(story.borrower, NOW)
        assert (lost.pk, lost.reason) == (tomorrow.pk, "联创共建合作意向书已终止")
        assert list(bookings_lost(story.borrower, NINE + 2 * DAY)) == []
        facts = Fact.objects.filter(kind="pools.booking_settled")
        assert [fact.values["step"] for fact in facts] == ["cancel"]

    def test_up_to_the_last_day_it_is_shared_on(self, story):
        end(story, last_day=(NOW + 2 * DAY).date())
        assert book(story, NINE + 2 * DAY).state == BookingState.APPROVED
        with pytest.raises(PoolEndsSooner):
            book(story, NINE + 3 * DAY)

    def test_what_is_in_use_stays_and_is_closed_by_whoever_uses_it(self, story):
        booking = book_item(
            item=story.item, starts_at=NINE, ends_at=NINE + HOUR, purpose="x", actor=story.borrower, at=NOW
        )
        end(story, at=NINE + timedelta(minutes=5), last_day=NOW.date())
        booking.refresh_from_db()
        assert booking.state == BookingState.APPROVED

    def test_a_dissolved_zone_leaves_nothing_booked_either(self):
        story = make_pool()
        later, begun = booked(story, start=2), booked(story)
        story.zone.zone.state = "evaluated"
        story.zone.zone.save()
        at = NINE + timedelta(minutes=30)
        dissolve_zone(zone=story.zone.zone, reason="完工投产", actor=story.zone.clerk, at=at)
        later.refresh_from_db()
        begun.refresh_from_db()
        assert (later.state, later.reason) == (BookingState.CANCELLED, "协作区已解散")
        assert begun.state == BookingState.APPROVED
        assert list(list_items(story.above, at)) == []

    def test_two_who_end_it_and_book_at_once_leave_no_booking(self, committing_db):
        story = make_pool("agreement")
        at_once([lambda: end(story, last_day=NOW.date()), lambda: book(story, NINE + DAY)])
        assert not Booking.objects.filter(state=BookingState.APPROVED).exists()


@dataclass(frozen=True)
class Columns:
    zone: bool
    unit: bool
    party: bool


@pytest.mark.parametrize(
    ("given", "fits"),
    [
        (Columns(zone=True, unit=True, party=False), True),
        (Columns(zone=False, unit=False, party=True), True),
        (Columns(zone=True, unit=True, party=True), False),
        (Columns(zone=True, unit=False, party=False), False),
        (Columns(zone=False, unit=True, party=True), False),
        (Columns(zone=False, unit=False, party=False), False),
    ],
)
def test_the_database_wants_exactly_one_pool(given, fits):
    zone, agreement = make_pool(), make_pool("agreement")
    columns = {
        "zone": zone.zone.zone if given.zone else None, "unit": zone.host.side.unit if given.unit else None,
        "party": agreement.host.row if given.party else None,
    }  # fmt: skip

    def written():
        try:
            with transaction.atomic():
                SharedItem.objects.filter(pk=zone.item.pk).update(title="另一间", **columns)
        except IntegrityError:
            return False
        return True

    assert written() is fits


def test_both_kinds_stand_beside_each_other_in_one_list():
    zone, agreement = make_pool(), make_pool("agreement")
    make_post(zone.keeper, PostRole.SECRETARY, body=agreement.host.branch)
    keeper = type(zone.keeper).objects.get(pk=zone.keeper.pk)
    assert [pool.key for pool in pools_seen_by(keeper, NOW) if pool in (zone.pool, agreement.pool)] == [
        zone.pool.key, agreement.pool.key,
    ]  # fmt: skip
    assert {item.pk for item in list_items(keeper, NOW)} == {zone.item.pk, agreement.item.pk}
    assert [item.pk for item in list_items(keeper, NOW, pool=agreement.pool)] == [agreement.item.pk]
    assert Pool(zone=zone.zone.zone) != Pool(agreement=agreement.agreement)
