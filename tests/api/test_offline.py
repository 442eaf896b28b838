"""离线 through the API: the snapshot that a phone takes, the key it registers, the report it makes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.offline import DeviceRow, ReceivedActRow, ReportAnswer, SnapshotAnswer
from ronghe.domain.offline.models import Device, ReceivedAct
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.domain.rhythm.services.agenda import add_agenda_item
from ronghe.kernel.access.models import Administrator
from tests.factories.offline import Phone
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_huddle, make_meeting, make_zone

pytestmark = pytest.mark.django_db
HERE = "/api/v1/offline"


@pytest.fixture
def now(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return morning


@pytest.fixture
def story(now):
    return make_zone()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def post(client, path, **body):
    return client.post(f"{HERE}{path}", json.dumps(body), content_type="application/json")


def report(phone: Phone, **more):
    acts = [{"text": one.text, "signature": one.signature} for one in phone.queue]
    return post(Client(), "/acts", acts=acts, **more)


def test_key_is_registered_seen_and_stopped(story, now):
    lead = client_of(story.lead)
    phone = Phone(story.lead, now, register=False)
    wanted = {"name": phone.name, "algorithm": "ES256", "public_key": phone.public_key, "proof": phone.proof()}

    made = post(lead, "/devices", **wanted)
    assert (made.status_code, DeviceRow(**made.json()).key) == (201, phone.key)
    assert [row["id"] for row in lead.get(f"{HERE}/devices").json()["items"]] == [made.json()["id"]]
    assert client_of(story.secretary).get(f"{HERE}/devices").json()["items"] == []
    assert post(client_of(story.secretary), f"/devices/{made.json()['id']}/revoke").status_code == 404
    assert post(lead, f"/devices/{made.json()['id']}/revoke").json()["revoked_at"] is not None
    assert post(lead, "/devices", **wanted).json()["code"] == "key_of_another"
    assert post(lead, "/devices", **{**wanted, "proof": "x"}).json()["code"] == "key_unreadable"
    assert post(Client(), "/devices", **wanted).status_code == 401


def test_report_needs_no_session_and_is_answered_the_same(story, now):
    phone = Phone(story.lead, now)
    act = phone.does("open_huddle", now, body=story.body.pk, activity_type="morning_huddle")
    first = report(phone)

    assert first.status_code == 200
    answer = ReportAnswer(**first.json())
    assert (answer.server_ms, answer.results[0].state) == (int(now.timestamp() * 1000), "taken")
    assert answer.results[0].activity == Activity.objects.get().pk
    assert report(phone).json() == first.json()
    asked = post(Client(), "/acts", key=phone.key, asking=[act, "x", ""]).json()["results"]
    assert asked == first.json()["results"]


@pytest.mark.parametrize(
    "body",
    [
        {"acts": [{"text": "{", "signature": ""}]}, {"acts": [{"text": "\x00", "signature": "\x00"}]},
        {"acts": [{"text": "1e999", "signature": "a"}]}, {"key": "\x00", "asking": ["\x00", "x" * 5000]}, {},
    ],
)  # fmt: skip
def test_rubbish_is_answered_and_leaves_nothing(story, body):
    answer = post(Client(), "/acts", **body)

    assert answer.status_code == 200
    assert {one["code"] for one in answer.json()["results"]} <= {"act_unreadable"}
    assert ReceivedAct.objects.count() == 0


@pytest.mark.parametrize("body", [{"acts": "x"}, {"acts": [{}]}, {"acts": [{"text": "x" * 30_000, "signature": "a"}]}])
def test_misshapen_reports_are_refused(story, body):
    assert post(Client(), "/acts", **body).status_code == 422


def test_more_than_a_hundred_at_once_are_refused(story):
    assert post(Client(), "/acts", acts=[{"text": "{", "signature": ""}] * 101).status_code == 422


def test_snapshot_of_a_lead_has_names_and_rights(story, now):
    huddle = make_huddle(story, now)
    add_agenda_item(activity=huddle, topic="补焊", actor=story.lead, at=now)
    found = SnapshotAnswer(**client_of(story.lead).get(f"{HERE}/snapshot").json())

    [meeting] = found.meetings
    assert (meeting.id, meeting.can_run, meeting.can_tick, meeting.needs_topic) == (huddle.pk, True, True, False)
    assert {one.name for one in meeting.people} == {"刘丽萍", *(one.name for one in story.members)}
    assert meeting.agenda[0].topic == "补焊"
    [bodies] = found.huddles
    assert [kind.code for kind in bodies.kinds] == [
        ActivityType.MORNING_HUDDLE,
        ActivityType.EVENING_HUDDLE,
        ActivityType.DAILY_HUDDLE,
    ]
    assert found.card_picture.startswith("data:image/svg+xml")


def test_snapshot_of_a_member_has_nobody_else(story, now):
    make_huddle(story, now)
    found = SnapshotAnswer(**client_of(story.members[0]).get(f"{HERE}/snapshot").json())

    [meeting] = found.meetings
    assert [one.name for one in meeting.people] == [story.members[0].name]
    assert (meeting.can_run, meeting.can_tick, found.huddles) == (False, False, [])


def test_snapshot_has_today_and_tomorrow_and_no_more(story, now):
    make_meeting(story, now)
    for days in (-1, 1, 2):
        activity = make_meeting(story, now)
        Activity.objects.filter(pk=activity.pk).update(day=now.date() + timedelta(days=days))
    stranger = make_person(home=make_zone(name="别处", plant_name="别厂").branch)

    days = [meeting["day"] for meeting in client_of(story.lead).get(f"{HERE}/snapshot").json()["meetings"]]
    assert days == ["2026-09-14", "2026-09-15"]
    assert client_of(stranger).get(f"{HERE}/snapshot").json()["meetings"] == []
    assert Client().get(f"{HERE}/snapshot").status_code == 401


def test_snapshot_says_how_the_phone_itself_stands(story, now):
    phone = Phone(story.lead, now)
    client = client_of(story.lead)

    assert client.get(f"{HERE}/snapshot?key={phone.key}").json()["device"]["revoked_at"] is None
    assert client.get(f"{HERE}/snapshot?key=%00").json()["device"] is None
    assert client_of(story.secretary).get(f"{HERE}/snapshot?key={phone.key}").json()["device"] is None


def test_administrators_take_nothing_along_se_08(story, now):
    """SE-08."""
    for administrator in Administrator:
        person = make_person()
        make_account(person, administrator=administrator)
        client = Client()
        client.force_login(person.account)
        assert client.get(f"{HERE}/snapshot").status_code == 403
        assert client.get(f"{HERE}/acts").json()["items"] == []


def test_refused_act_is_decided_by_its_author(story, now):
    phone = Phone(story.lead, now)
    act = phone.does("open_huddle", now, body=story.body.pk, activity_type="morning_huddle")
    open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=now)
    assert report(phone).json()["results"][0]["code"] == "huddle_already_there"
    lead, other = client_of(story.lead), client_of(story.secretary)

    [row] = lead.get(f"{HERE}/acts?state=refused").json()["items"]
    assert ReceivedActRow(**row).payload == {"body": story.body.pk, "activity_type": "morning_huddle"}
    assert other.get(f"{HERE}/acts").json()["items"] == []
    for path in ("redo", "join", "void"):
        assert post(other, f"/acts/{act}/{path}").status_code == 404
    assert post(lead, f"/acts/{act}/redo").json()["code"] == "huddle_already_there"
    assert post(lead, f"/acts/{act}/choose", choice="mine").json()["code"] == "not_curable"
    assert post(lead, f"/acts/{act}/join").json()["state"] == "taken"
    assert post(lead, f"/acts/{act}/void").json()["code"] == "stale"
    assert Device.objects.get().applied == 1


@pytest.mark.parametrize("act", ["%00", "x", "0" * 32, "A" * 32, "0" * 5000])
def test_act_that_cannot_be_is_not_there(story, act):
    assert post(client_of(story.lead), f"/acts/{act}/void").status_code == 404


def test_snapshot_reads_the_same_however_many_come(story, now, django_assert_max_num_queries):
    make_huddle(story, now)
    client = client_of(story.lead)
    client.get(f"{HERE}/snapshot")
    with django_assert_max_num_queries(24):
        client.get(f"{HERE}/snapshot")
