"""资源共享与思想动态 on the page: booking, answering, the balance, and words only on request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.org.enums import PostRole
from ronghe.domain.pools.models import Booking, MoodNote, SharedItem
from ronghe.kernel.access.models import Look
from tests.factories.org import make_person, make_post
from tests.factories.pools import NOW, booked, make_pool

pytestmark = pytest.mark.django_db
LIST = "/pools/"


@pytest.fixture(params=["zone", "agreement"])
def story(request, now):
    return make_pool(request.param)


@pytest.fixture
def lead(story, as_person):
    return as_person(story.keeper)


@pytest.fixture
def borrower(story, as_person):
    return as_person(story.borrower)


def wanted(**changes):
    return {"day": "2026-09-14", "begins": "09:00", "ends": "11:00", "quantity": "1", "purpose": "交底会"} | changes


def test_pages_want_a_log_in(client, story):
    for path in (LIST, f"{LIST}new/", f"{LIST}balance/", f"{LIST}moods/", f"{LIST}{story.item.pk}/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_booking_and_what_stands_against_it(story, as_person, borrower):
    here = f"{LIST}{story.item.pk}/"
    assert borrower.post(f"{here}book/", wanted()).status_code == 302
    taken = as_person(story.neighbour).post(f"{here}book/", wanted())
    assert taken.status_code == 422
    assert "施工员已订" in taken.content.decode()
    for bad in ({"day": "9999-12-31"}, {"quantity": "99999999999"}, {"begins": "x"}, {"purpose": "\x00"}):
        assert borrower.post(f"{here}book/", wanted(**bad)).status_code == 422
    assert "交底会" in borrower.get(LIST).content.decode()
    booking = Booking.objects.get()
    assert borrower.post(f"{LIST}bookings/{booking.pk}/nothing/").status_code == 404
    assert borrower.post(f"{LIST}bookings/{booking.pk}/cancel/").status_code == 302
    assert borrower.get(here, {"week": "2026-13-45"}).status_code == 200


def test_others_find_nothing(story, as_person):
    browser, one = as_person(make_person()), booked(story)
    assert browser.get(f"{LIST}{story.item.pk}/").status_code == 404
    assert browser.post(f"{LIST}bookings/{one.pk}/cancel/").status_code == 404
    assert browser.get(f"{LIST}new/").status_code == 404
    assert browser.get(f"{LIST}moods/new/").status_code == 404
    assert browser.get(f"{LIST}export/").status_code == 404
    assert browser.get(f"{LIST}balance/").status_code == 200


def test_offering_closing_and_taking_back(story, lead, borrower):
    sent = {
        "part": story.host.key, "kind": "vehicle", "title": "值班车", "capacity": "2", "weekdays": ["1", "2"],
        "opens_at": "08:00", "closes_at": "17:00", "asks": "on",
    }  # fmt: skip
    assert lead.post(f"{LIST}new/", sent | {"closes_at": "07:00"}).status_code == 422
    assert lead.post(f"{LIST}new/", sent).status_code == 302
    item = SharedItem.objects.get(title="值班车")
    assert (item.is_auto, item.weekdays) == (False, "12")
    closed = lead.post(f"{LIST}{item.pk}/close/", {"from_on": "2026-09-15", "until_on": "2026-09-15"})
    assert closed.status_code == 302
    assert borrower.post(f"{LIST}{item.pk}/withdraw/").status_code == 403
    assert lead.post(f"{LIST}{item.pk}/withdraw/").status_code == 302


def test_the_balance_is_shown_and_exported(story, lead):
    assert lead.get(f"{LIST}balance/").status_code == 200
    for asked in ("zone-" + "9" * 30, "x", "agreement-\x00", "zone-²"):
        assert lead.get(f"{LIST}balance/", {"month": "x", "pool": asked}).status_code == 200
    assert lead.get(f"{LIST}export/").getvalue()[:2] == b"PK"


def test_words_are_shown_on_request_alone_and_the_look_recorded(story, as_person, borrower):
    lead = as_person(story.noter)
    sent = {
        "part": story.builder.key, "level": "attention", "topics": ["living"], "people": "2", "text": "住宿拥挤",
        "way": "talk", "person": story.neighbour.pk, "due_on": f"{(NOW + timedelta(days=3)).date()}",
    }  # fmt: skip
    named = lead.post(f"{LIST}moods/new/", sent | {"text": "施工员想家"})
    assert named.status_code == 422
    assert lead.post(f"{LIST}moods/new/", sent | {"person": ""}).status_code == 422
    assert lead.post(f"{LIST}moods/new/", sent).status_code == 302
    note = MoodNote.objects.get()
    shown = lead.get(f"{LIST}moods/").content.decode()
    assert "住宿拥挤" not in shown
    assert "少于" in shown
    assert "住宿拥挤" in lead.post(f"{LIST}moods/{note.pk}/read/").content.decode()
    assert Look.objects.count() == 1
    assert borrower.post(f"{LIST}moods/{note.pk}/read/").status_code == 404


def test_lists_cost_the_same_for_one_and_for_many(story, lead, statements):
    one = statements(lead, LIST)
    for number in range(5):
        lead.post(
            f"{LIST}new/",
            {"part": story.host.key, "kind": "room", "title": f"会议室{number}", "capacity": "1", "weekdays": ["1"],
             "opens_at": "08:00", "closes_at": "17:00"},
        )  # fmt: skip
    assert SharedItem.objects.count() == 6
    assert statements(lead, LIST) == one


def test_the_pool_is_reached_from_the_page_of_its_owner_and_back(story, borrower):
    owner = f"/zones/{story.pool.zone.pk}/" if story.pool.zone else f"/agreements/{story.agreement.pk}/"
    here = f"{LIST}?pool={story.pool.key}"
    assert f'href="{here}"' in borrower.get(owner).content.decode()
    shown = borrower.get(here).content.decode()
    assert "活动板房" in shown
    assert f'href="{LIST}balance/?pool={story.pool.key}"' in shown
    assert f'href="{owner}"' in borrower.get(f"{LIST}{story.item.pk}/").content.decode()


def test_only_the_chosen_pool_is_listed_and_the_chosen_side_is_filled_in(story, lead):
    other = make_pool("agreement" if story.pool.zone else "zone")
    make_post(story.keeper, PostRole.SECRETARY, body=other.host.branch or other.zone.body)
    shown = lead.get(LIST, {"pool": story.pool.key}).context["items"]
    assert [item.pk for item in shown] == [story.item.pk]
    assert {item.pk for item in lead.get(LIST).context["items"]} == {story.item.pk, other.item.pk}
    form = lead.get(f"{LIST}new/", {"pool": other.pool.key}).context["form"]
    assert form["part"].value() in (other.host.key, other.builder.key)


def test_what_somebody_else_cancelled_is_told_to_who_booked(story, lead, borrower):
    one = booked(story)
    lead.post(f"{LIST}bookings/{one.pk}/cancel/")
    assert "已取消" in borrower.get(LIST).content.decode()
