"""Roll-outs through the API: the same stages as on the page, refusals with their codes."""

from __future__ import annotations

import pytest
from django.test import Client

from ronghe.domain.rollouts.models import Target
from tests.factories.org import make_account
from tests.factories.rollouts import concluded, make_story, rolled_out

pytestmark = pytest.mark.django_db
HERE = "/api/v1/rollouts"


@pytest.fixture
def story(monkeypatch, morning):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(f"{HERE}{path}", body, content_type="application/json")


def test_from_draft_to_a_pilot_called_back(story):
    made = send(
        story.clerk, "", body=story.committee.pk, title="基础制度", kind="case", playbook="branch_base@2"
    )  # fmt: skip
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    number = made.json()["id"]
    given = {"from_on": "2026-09-14", "until_on": "2026-11-14", "measures": ["on_time"]}
    piloted = send(story.clerk, f"/{number}/pilot", bodies=[story.first.pk], **given).json()
    assert (piloted["state"], piloted["pilots"][0]["measures"][0]["title"]) == ("pilot", "按时办结率")
    early = send(story.clerk, f"/{number}/conclude", findings="好")
    assert (early.status_code, early.json()["code"]) == (409, "pilot_running")
    assert send(story.clerk, f"/{number}/call-back").json()["state"] == "draft"
    assert send(story.clerk, f"/{number}/call-off").json()["state"] == "called_off"
    assert client_of(story.clerk).get(HERE).json()["count"] == 1


def test_from_review_to_effects(story):
    rollout = concluded(story)
    refused = send(story.clerk, f"/{rollout.pk}/roll-out", bodies=[story.first.pk], due_on="2026-10-31")
    assert (refused.status_code, refused.json()["code"]) == (409, "step_not_allowed")
    assert send(story.secretaries[0], f"/{rollout.pk}/review", decision="approved", reasons="好").status_code in {
        403,
        404,
    }
    assert send(story.clerk, f"/{rollout.pk}/review", decision="approved", reasons="好").json()["state"] == "reviewed"
    units = send(
        story.clerk, f"/{rollout.pk}/roll-out", bodies=[body.pk for body in story.branches], due_on="2026-10-31"
    ).json()
    assert [unit["uptake"] for unit in units] == ["adopted", "not_yet", "not_yet"]

    first, second, third = (unit["id"] for unit in units)
    assert send(story.secretaries[0], f"/units/{first}/effect", text="人到得齐").json()["effects"] == 1
    assert send(story.secretaries[1], f"/units/{second}/reason", reason="换届").json()["reason"] == "换届"
    assert send(story.secretaries[1], f"/units/{second}/effect", text="好").json()["code"] == "not_taken_up"
    assert send(story.clerk, f"/units/{third}/release").status_code == 204
    listed = client_of(story.clerk).get(f"{HERE}/{rollout.pk}/units").json()
    assert {unit["body"]["name"] for unit in listed} == {"采油1队党支部", "采油2队党支部"}
    assert send(story.clerk, f"/{rollout.pk}/end").json()["state"] == "ended"


def test_others_find_nothing(story):
    rollout, targets = rolled_out(story)
    outsider = client_of(story.outsider)
    assert outsider.get(HERE).json()["items"] == []
    for path in (f"/{rollout.pk}", f"/{rollout.pk}/units"):
        assert outsider.get(f"{HERE}{path}").status_code == 404
    assert send(story.outsider, f"/units/{targets[0].pk}/release").status_code == 404
    assert send(story.clerk, "", body=story.committee.pk, title="x", kind="case", playbook="no").status_code == 404
    assert Target.objects.count() == 3
