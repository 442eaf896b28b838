"""Alliances and the shared pool through the API: the shapes, who gets what, and what a partner meets."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.alliances import AllianceDifficultyRow, AllianceRow
from ronghe.api.v1.pools import PoolItemRow, PoolMoodRow
from tests.factories.alliances import NOW, make_alliance, make_difficulty
from tests.factories.org import make_account
from tests.factories.pools import make_pool

pytestmark = pytest.mark.django_db
ALLIANCES, POOLS = "/api/v1/alliances", "/api/v1/pools"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(path, body, content_type="application/json")


def test_an_alliance_from_founding_to_a_result():
    story = make_alliance()
    made = send(story.secretary, ALLIANCES, name="创新联盟", kind="innovation", body=story.branch.pk)
    assert made.status_code == 201
    assert AllianceRow(**made.json()).partners == 0
    partner = send(story.secretary, f"{ALLIANCES}/{made.json()['id']}/partners", name="电科院").json()["id"]
    assert partner
    here = f"{ALLIANCES}/{story.alliance.pk}"
    contact = {"day": "2026-09-14", "form": "visit", "settled": "会商", "partners": [story.town.pk]}
    assert send(story.secretary, f"{here}/contacts", **contact).status_code == 201
    one = send(story.secretary, f"{here}/difficulties", title="并网", partner=story.town.pk, due_on="2026-10-01").json()
    there = f"{ALLIANCES}/difficulties/{one['id']}"
    assert send(story.clerk_of_town, f"{there}/claim/theirs").status_code == 200
    assert send(story.clerk_of_town, f"{there}/claim/ours").status_code == 403
    assert send(story.secretary, f"{there}/claim/ours").json()["state"] == "claimed"
    assert send(story.secretary, f"{there}/progress", text="已报", next_side="theirs").json()["waiting_for"] == "theirs"
    assert send(story.secretary, f"{there}/resolve", text="已并网").json()["result"] == "已并网"


def test_rows_fit_their_shapes_and_strangers_get_none():
    story = make_alliance()
    make_difficulty(story)
    rows = client_of(story.clerk_of_town).get(f"{ALLIANCES}/difficulties").json()["items"]
    assert [AllianceDifficultyRow(**row).title for row in rows] == ["用地审批"]
    assert [AllianceRow(**row).open for row in client_of(story.secretary).get(ALLIANCES).json()["items"]] == [1]
    assert client_of(story.outsider).get(ALLIANCES).json()["items"] == []
    assert client_of(story.outsider).get(f"{ALLIANCES}/{story.alliance.pk}").status_code == 404


def test_booking_the_balance_and_a_mood():
    story = make_pool()
    rows = client_of(story.borrower).get(POOLS).json()["items"]
    assert [PoolItemRow(**row).title for row in rows] == ["活动板房"]
    wanted = {"starts_at": "2026-09-14T09:00:00+08:00", "ends_at": "2026-09-14T11:00:00+08:00", "purpose": "开会"}
    booked = send(story.borrower, f"{POOLS}/{story.item.pk}/bookings", **wanted)
    assert booked.status_code == 201
    taken = send(story.neighbour, f"{POOLS}/{story.item.pk}/bookings", **wanted)
    assert (taken.status_code, taken.json()["code"]) == (409, "pool_item_taken")
    assert send(story.borrower, f"{POOLS}/bookings/{booked.json()['id']}/cancel").json()["state"] == "cancelled"
    period = {"zone": story.zone.zone.pk, "since": "2026-09-01", "until": "2026-10-01"}
    assert len(client_of(story.borrower).get(f"{POOLS}/balance", period).json()) == 2
    mood = {"party": story.builder.pk, "level": "calm", "topics": ["living"], "people": 2, "text": "住宿改善"}
    assert PoolMoodRow(**send(story.zone.lead, f"{POOLS}/moods", **mood).json()).people is None
    assert send(story.borrower, f"{POOLS}/moods", **mood).status_code == 404
