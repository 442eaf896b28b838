from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.factories.items import DUTIES, claimed, make_claim
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_zone, photo

pytestmark = pytest.mark.django_db
HERE = "/api/v1/work/items"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def lead(story):
    return client_of(story.lead)


@pytest.fixture
def member(story):
    return client_of(story.members[0])


def test_an_item_lives_over_the_api(story, lead, member):
    due = (timezone.now() + timedelta(days=3)).isoformat()
    raised = send(lead, "", kind="claim", body=story.body.pk, title="联动", due_at=due, values=DUTIES)
    assert raised.status_code == 201
    here = f"/{raised.json()['id']}"
    assert raised.json()["open_steps"] == ["publish", "withdraw"]

    send(lead, f"{here}/steps/publish")
    client = send(member, f"{here}/steps/claim").json()
    assert client["owner"]["name"] == story.members[0].name
    assert send(member, f"{here}/steps/sign").json()["pledges"][0]["is_current"]
    refused = send(member, f"{here}/steps/submit", note="好了")
    assert (refused.status_code, refused.json()["code"]) == (422, "item_evidence_missing")
    file = SimpleUploadedFile("现场.jpg", photo().content.read())
    assert member.post(f"{HERE}{here}/files", {"photo": [file]}).status_code == 201
    assert send(member, f"{here}/notes", text="通了", percent=80).json()["percent"] == 80
    done = send(member, f"{here}/steps/submit", note="好了").json()
    assert (done["state"], len(done["evidence"])) == ("submitted", 1)
    accepted = send(lead, f"{here}/steps/accept", values={"score": 5}).json()
    assert (accepted["state"], accepted["values"]["score"], accepted["open_steps"]) == ("accepted", "5", [])


def test_kinds_say_what_they_ask_for(lead):
    kinds = {kind["id"]: kind for kind in lead.get(f"{HERE}/kinds").json()}

    assert kinds["claim"]["raised_with"] == ["qhse_duty", "project_duty", "member_duty", "responsibility"]
    assert {step["id"] for step in kinds["claim"]["steps"]} >= {"claim", "sign", "submit", "accept", "return"}


def test_the_list_is_filtered(story, lead, member):
    claimed(story, timezone.now(), story.members[0])

    def count(client, query=""):
        return client.get(f"{HERE}{query}").json()["count"]

    assert [count(lead, query) for query in ("", "?kind=claim", "?state=draft", "?is_open=false", "?q=周界")] == [
        1, 1, 0, 0, 1,
    ]  # fmt: skip
    assert count(member, "?mine=true") == 1
    assert count(client_of(make_person("别处的人"))) == 0


def test_a_stranger_and_a_wrong_word_are_refused(story, lead):
    item = make_claim(story, timezone.now())
    stranger = client_of(make_person("别处的人"))

    assert stranger.get(f"{HERE}/{item.pk}").status_code == 404
    assert send(lead, f"/{item.pk}/steps/nothing").status_code == 404
    assert send(lead, "", kind="nothing", body=story.body.pk, title="x").status_code == 404
    assert send(lead, f"/{item.pk}/people", person=story.members[1].pk, part="nothing").status_code == 422
    changed = lead.patch(f"{HERE}/{item.pk}", {"title": "新名"}, content_type="application/json")
    assert changed.json()["title"] == "新名"
