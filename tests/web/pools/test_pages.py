"""资源共享与思想动态 on the page: booking, answering, the balance, and words only on request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronghe.domain.pools.models import Booking, MoodNote, SharedItem
from ronghe.kernel.access.models import Look
from tests.factories.pools import NOW, booked, make_pool

pytestmark = pytest.mark.django_db
LIST = "/pools/"


@pytest.fixture
def story(now):
    return make_pool()


@pytest.fixture
def lead(story, as_person):
    return as_person(story.zone.lead)


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
    from tests.factories.org import make_person

    browser, one = as_person(make_person()), booked(story)
    assert browser.get(f"{LIST}{story.item.pk}/").status_code == 404
    assert browser.post(f"{LIST}bookings/{one.pk}/cancel/").status_code == 404
    assert browser.get(f"{LIST}new/").status_code == 404
    assert browser.get(f"{LIST}moods/new/").status_code == 404
    assert browser.get(f"{LIST}export/").status_code == 404
    assert browser.get(f"{LIST}balance/").status_code == 200


def test_offering_closing_and_taking_back(story, lead, borrower):
    sent = {
        "party": story.host.pk, "kind": "vehicle", "title": "值班车", "capacity": "2", "weekdays": ["1", "2"],
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
    assert lead.get(f"{LIST}balance/", {"month": "x", "zone": "9" * 30}).status_code == 200
    assert lead.get(f"{LIST}export/").getvalue()[:2] == b"PK"


def test_words_are_shown_on_request_alone_and_the_look_recorded(story, lead, borrower):
    sent = {
        "party": story.builder.pk, "level": "attention", "topics": ["living"], "people": "2", "text": "住宿拥挤",
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
            {"party": story.host.pk, "kind": "room", "title": f"会议室{number}", "capacity": "1", "weekdays": ["1"],
             "opens_at": "08:00", "closes_at": "17:00"},
        )  # fmt: skip
    assert SharedItem.objects.count() == 6
    assert statements(lead, LIST) == one
