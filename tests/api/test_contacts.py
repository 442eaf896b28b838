from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.rhythm.models import Visit
from ronghe.domain.work.models import Task
from tests.factories.contacts import make_care, make_contact, make_contacts
from tests.factories.org import make_account, make_person

pytestmark = pytest.mark.django_db

POINTS = "/api/v1/org/contacts"
VISITS = "/api/v1/rhythm/visits"
ACTIVITIES = "/api/v1/rhythm/activities"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(path, body, content_type="application/json")


@pytest.fixture
def story():
    return make_contacts()


@pytest.fixture
def clerk(story):
    return client_of(story.clerk)


@pytest.fixture
def visitor(story):
    return client_of(story.visitor)


def test_a_contact_is_set_up_listed_handed_over_and_ended(story, clerk, visitor):
    today = timezone.localdate()
    made = send(
        clerk, f"{POINTS}/points", kind="safety", holder=story.visitor.pk, body=story.committee.pk,
        since=str(today - timedelta(days=70)), approval_ref="党委会〔2026〕9号", to_unit=story.station.pk,
    )  # fmt: skip
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["cadence"], made.json()["to_unit"]["name"]) == (
        "overdue",
        "month",
        "义隆首站",
    )
    here = f"{POINTS}/points/{made.json()['id']}"

    listed = clerk.get(f"{POINTS}/points", {"state": "overdue"}).json()
    assert (listed["count"], listed["items"][0]) == (1, made.json())
    assert [row["id"] for row in visitor.get(f"{POINTS}/due").json()] == [made.json()["id"]]

    new = send(clerk, f"{here}/handover", to=story.successor.pk, on=str(today), approval_ref="党委会〔2026〕12号")
    assert (new.status_code, new.json()["holder"]["name"]) == (200, "丁卫东")
    tomorrow = str(today + timedelta(days=1))
    ended = send(clerk, f"{POINTS}/points/{new.json()['id']}/end", on=tomorrow, reason="停运")
    assert ended.json()["valid_until"] == tomorrow


def test_contacts_are_refused_with_a_code(story, clerk, visitor):
    given = {"kind": "care", "holder": story.visitor.pk, "body": story.committee.pk, "since": "2026-09-01",
             "approval_ref": "x", "to_person": story.worker.pk}  # fmt: skip
    assert send(clerk, f"{POINTS}/points", **given).json()["code"] == "wrong_tree"
    assert send(clerk, f"{POINTS}/points", **(given | {"to_unit": 99999})).status_code == 404
    assert send(clerk, f"{POINTS}/points", kind="x").status_code == 422
    assert send(visitor, f"{POINTS}/points", **given).status_code == 404
    point = make_contact(story)
    assert (
        send(client_of(story.foreman), f"{POINTS}/points/{point.pk}/end", on="2026-09-01", reason="x").status_code
        == 403
    )
    assert (
        send(
            client_of(make_person("倪春梅")), f"{POINTS}/points/{point.pk}/end", on="2026-09-01", reason="x"
        ).status_code
        == 404
    )


def test_a_visit_is_recorded_read_and_voided(story, visitor, clerk):
    point = make_contact(story)
    due = (timezone.now() + timedelta(days=7)).isoformat()
    given = {
        "contact": point.pk, "findings": [{"question": "permits", "seen": "fine"}], "entry": "e1", "met": [story.worker.pk],
        "problems": [{"title": "灯坏", "assignee": story.foreman.pk, "due_at": due}],
    }  # fmt: skip
    made = send(visitor, VISITS, **given)
    assert made.status_code == 201
    assert made.json()["problems"][0]["task"] == Task.objects.get().pk
    assert send(visitor, VISITS, **given).json()["id"] == made.json()["id"]
    here = f"{VISITS}/{made.json()['id']}"

    assert clerk.get(VISITS, {"unit": story.station.pk}).json()["items"][0]["problem_count"] == 1
    assert client_of(story.worker).get(here).json()["met"][0]["name"] == "田小雨"
    assert client_of(make_person("倪春梅")).get(here).status_code == 404
    voided = send(visitor, f"{here}/corrections", text="记错", kind="void")
    assert voided.json()["is_voided"] is True
    assert ContactPoint.objects.get().last_visit_on is None


def test_visits_are_refused_with_a_code(story, visitor, clerk):
    point = make_contact(story)
    assert send(clerk, VISITS, contact=point.pk, note="x").status_code == 404
    assert send(visitor, VISITS, contact=point.pk).json()["code"] == "visit_empty"
    assert send(visitor, VISITS, unit=99999, note="x").status_code == 404
    assert send(visitor, VISITS, note="x").status_code == 404
    assert send(visitor, VISITS, unit=story.station.pk, note="走了一圈").status_code == 201
    wrong = send(visitor, VISITS, contact=point.pk, findings=[{"question": "weather", "seen": "fine"}])
    assert wrong.json()["code"] == "question_unknown"
    assert visitor.get(f"{VISITS}/99999").status_code == 404


def test_care_is_opened_on_its_own(story):
    chair = client_of(story.chair)
    made = send(chair, VISITS, contact=make_care(story).pk, note="家属住院").json()
    here = f"{VISITS}/{made['id']}"

    assert (made["note"], made["findings"]) == ("", [])
    assert send(chair, f"{here}/text").json()["note"] == "家属住院"
    assert send(client_of(story.clerk), f"{here}/text").status_code == 403
    assert Visit.objects.get().note == ""


def test_union_and_league_lists_are_filled(story):
    youth, here = client_of(story.youth), f"{POINTS}/mass/{story.league.pk}"
    assert [row["name"] for row in youth.get(f"{here}/candidates").json()] == ["田小雨"]
    assert send(youth, f"{here}/members", people=[story.worker.pk], since="2026-09-14").json()["enrolled"] == 1
    assert (
        send(youth, f"{here}/members", people=[story.worker.pk], since="2026-09-14").json()["code"] == "nobody_chosen"
    )
    assert client_of(story.chair).get(f"{here}/candidates").status_code == 404


def test_an_activity_is_planned_together_moved_and_called_off(story):
    secretary, now = client_of(story.secretary), timezone.now()
    given = {
        "activity_type": "theme_party_day", "body": story.branch.pk, "place": "站活动室",
        "scheduled_from": (now + timedelta(hours=1)).isoformat(),
        "scheduled_until": (now + timedelta(hours=2)).isoformat(),
        "hosts": [{"body": story.league.pk, "counts_as": "theme_league_day"}],
    }  # fmt: skip
    made = send(secretary, ACTIVITIES, **given)
    assert made.status_code == 201
    here = f"{ACTIVITIES}/{made.json()['id']}"
    assert secretary.get(ACTIVITIES, {"body": story.league.pk}).json()["count"] == 1
    record = client_of(story.youth).get(here).json()
    assert record["hosts"][0]["counts_as"] == "theme_league_day"

    assert secretary.delete(f"{here}/hosts/{record['hosts'][0]['id']}").status_code == 204
    added = send(secretary, f"{here}/hosts", body=story.union.pk, counts_as="culture_and_sports")
    assert added.status_code == 201
    wrong = send(secretary, f"{here}/hosts", body=story.committee.pk, counts_as="theme_party_day")
    assert wrong.status_code == 404

    window = {"scheduled_from": (now + timedelta(days=1)).isoformat(),
              "scheduled_until": (now + timedelta(days=1, hours=1)).isoformat()}  # fmt: skip
    assert send(secretary, f"{here}/move", reason="停气碰口", **window).status_code == 200
    assert send(secretary, f"{here}/off", reason="防汛").json()["state"] == "called_off"
    assert [row["kind"] for row in secretary.get(here).json()["changes"]] == ["moved", "called_off"]
    assert send(secretary, f"{here}/off", reason="防汛").json()["code"] == "step_not_allowed"
