"""Alliances and the shared pool through the API: the shapes, who gets what, and what a partner meets."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.alliances import AllianceDifficultyRow, AllianceRow
from ronghe.api.v1.pools import PoolItemRow, PoolMoodRow
from ronghe.domain.pools.enums import FollowUpWay, MoodLevel, MoodTopic
from ronghe.domain.pools.services.moods import FollowUp, note_mood
from ronghe.kernel.access.models import Look
from tests.factories.alliances import NOW, make_alliance, make_difficulty
from tests.factories.org import make_account, make_person
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


@pytest.mark.parametrize("of", ["zone", "agreement"])
def test_booking_the_balance_and_a_mood(of):
    story = make_pool(of)
    rows = client_of(story.borrower).get(POOLS).json()["items"]
    assert [PoolItemRow(**row).title for row in rows] == ["活动板房"]
    wanted = {"starts_at": "2026-09-14T09:00:00+08:00", "ends_at": "2026-09-14T11:00:00+08:00", "purpose": "开会"}
    booked = send(story.borrower, f"{POOLS}/{story.item.pk}/bookings", **wanted)
    assert booked.status_code == 201
    taken = send(story.neighbour, f"{POOLS}/{story.item.pk}/bookings", **wanted)
    assert (taken.status_code, taken.json()["code"]) == (409, "pool_item_taken")
    assert send(story.borrower, f"{POOLS}/bookings/{booked.json()['id']}/cancel").json()["state"] == "cancelled"
    period = {"pool": story.pool.key, "since": "2026-09-01", "until": "2026-10-01"}
    assert len(client_of(story.borrower).get(f"{POOLS}/balance", period).json()) == 2
    mood = {"part": story.builder.key, "level": "calm", "topics": ["living"], "people": 2, "text": "住宿改善"}
    assert PoolMoodRow(**send(story.noter, f"{POOLS}/moods", **mood).json()).people is None
    assert send(story.borrower, f"{POOLS}/moods", **mood).status_code == 404


@pytest.mark.parametrize("of", ["zone", "agreement"])
def test_a_side_offers_closes_and_answers(of):
    story = make_pool(of)
    keeper = client_of(story.keeper)
    assert story.pool.key in [row["key"] for row in keeper.get(f"{POOLS}/pools").json()]
    assert {"key": story.host.key, "name": story.host.side.name} in [
        {name: row[name] for name in ("key", "name")} for row in keeper.get(f"{POOLS}/parts").json()
    ]
    offer = {"part": story.host.key, "kind": "vehicle", "title": "值班车", "is_auto": False}
    car = send(story.keeper, POOLS, **offer).json()
    assert (car["pool"]["key"], car["side"]["name"]) == (story.pool.key, story.host.side.name)
    assert send(story.borrower, POOLS, **offer).status_code == 404
    there = f"{POOLS}/{car['id']}"
    assert send(story.keeper, f"{there}/closures", from_on="2026-09-20", until_on="2026-09-21").status_code == 201
    assert send(story.borrower, f"{there}/closures", from_on="2026-09-20", until_on="2026-09-21").status_code == 403
    hours = {"starts_at": "2026-09-14T09:00:00+08:00", "ends_at": "2026-09-14T11:00:00+08:00"}
    one = send(story.borrower, f"{there}/bookings", purpose="拉管件", **hours).json()
    period = {"since": "2026-09-14", "until": "2026-09-15"}
    assert [row["id"] for row in client_of(story.borrower).get(f"{there}/bookings", period).json()] == [one["id"]]
    assert send(story.keeper, f"{POOLS}/bookings/{one['id']}/approve").json()["state"] == "approved"
    later = {"starts_at": "2026-09-15T09:00:00+08:00", "ends_at": "2026-09-15T11:00:00+08:00"}
    assert send(story.borrower, f"{POOLS}/bookings/{one['id']}/move", **later).json()["state"] == "requested"
    missed = send(story.keeper, f"{POOLS}/bookings/{one['id']}/miss")
    assert (missed.status_code, missed.json()["code"]) == (409, "pool_use_not_begun")
    assert client_of(make_person("外人")).get(POOLS, {"pool": story.pool.key}).status_code == 404
    assert client_of(make_person("路人")).get(there).status_code == 404


@pytest.mark.parametrize("of", ["zone", "agreement"])
def test_attention_is_noted_with_who_follows_up_and_done(of):
    story = make_pool(of)
    mood = {"part": story.builder.key, "level": "attention", "topics": ["pay"], "people": 6, "text": "盼着早些发放"}
    assert send(story.noter, f"{POOLS}/moods", **mood).status_code == 422
    follow = {"way": "talk", "person": story.borrower.pk, "due_on": "2026-09-20"}
    strange = follow | {"person": make_person("外人").pk}
    assert send(story.noter, f"{POOLS}/moods", **mood, follow_ups=[strange]).status_code == 404
    made = send(story.noter, f"{POOLS}/moods", **mood, follow_ups=[follow])
    assert made.status_code == 201, made.content
    (owed,) = client_of(story.borrower).get(f"{POOLS}/moods/follow-ups").json()
    done = f"{POOLS}/moods/follow-ups/{owed['id']}/done"
    assert send(make_person("别人"), done).status_code == 404
    assert send(story.borrower, done).json()["done_at"] is not None


def test_the_words_of_a_mood_are_read_on_the_record(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_pool()
    note = note_mood(
        part=story.builder, level=MoodLevel.UNEASY, topics=[MoodTopic.PAY], people=3, text="工资晚了",
        follow_ups=[FollowUp(FollowUpWay.TALK, story.borrower, NOW.date())], actor=story.noter, at=NOW,
    )  # fmt: skip
    looks = Look.objects.count()
    assert send(story.borrower, f"{POOLS}/moods/{note.pk}/read").status_code == 404
    assert Look.objects.count() == looks
    assert send(story.noter, f"{POOLS}/moods/{note.pk}/read").json() == {"text": "工资晚了"}
    assert Look.objects.count() == looks + 1
