"""攻关临时党小组 through the API: the group, its points, and who gets what."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.taskforce_points import DifficultPointRow
from ronghe.api.v1.taskforces import TaskForceAnswer, TaskForceRow
from tests.domain.sitemeetings.making import NOW
from tests.factories.org import make_account
from tests.factories.taskforces import make_force_story, make_running

pytestmark = pytest.mark.django_db
HERE = "/api/v1/taskforces"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, **body):
    return client_of(actor).post(f"{HERE}{path}", body, content_type="application/json")


def test_group_from_proposal_to_its_end():
    story = make_force_story(at=NOW)
    made = send(
        story.secretary, "", name="仪陇小组", project=story.project.pk, parent=story.branch.pk, leader=story.leader.pk,
        people=[person.pk for person in story.members], guide=story.guide.pk,
    )  # fmt: skip
    assert made.status_code == 201
    force = TaskForceAnswer(**made.json()).id
    assert send(story.secretary, f"/{force}/acts/approve").status_code == 403
    assert send(story.clerk, f"/{force}/return", reason="再想想").json()["state"] == "returned"
    send(story.secretary, f"/{force}/acts/submit")
    assert send(story.clerk, f"/{force}/acts/approve").json()["body"]["name"] == "仪陇小组"
    point = send(story.leader, f"/{force}/points", title="协议不统一", kind="technical").json()["id"]
    refused = send(story.secretary, f"/{force}/start", playbook="")
    assert (refused.status_code, refused.json()["code"]) == (409, "task_force_fixes_missing")
    fixed = send(
        story.leader, f"/points/{point}/fix", in_charge=story.members[0].pk, duties={story.members[0].pk: "调试"},
        goal="降误码", due_on="2026-09-30", baseline="2.5", target="0.1", unit="%",
    ).json()  # fmt: skip
    assert (fixed["state"], fixed["missing"]) == ("fixed", [])
    assert send(story.secretary, f"/{force}/start", playbook="nothing@9").status_code == 404
    assert send(story.secretary, f"/{force}/start", playbook="").json()["state"] == "under_way"
    send(story.members[0], f"/points/{point}/notes", text="降到 1%", figure="1")
    assert send(story.members[0], f"/points/{point}/resolve", result="加装网关", actual="0.08").json()["hours"] == 0
    send(story.members[0], f"/points/{point}/reopen")
    assert send(story.leader, f"/points/{point}/hand-over", to="生产科").json()["state"] == "handed_over"
    send(story.guide, f"/{force}/tracking", day="2026-09-14", text="看调试")
    send(story.leader, f"/{force}/describe", brand="数智先锋")
    send(story.secretary, f"/{force}/acts/wind_up")
    for kind in ("team", "experience", "brand"):
        figures = [{"name": "用时", "after": "2", "before": "10", "unit": "天"}]
        assert send(story.leader, f"/{force}/outcomes/{kind}", text="写明", figures=figures).status_code == 200

    assert send(story.secretary, f"/{force}/acts/close").json()["state"] == "closed"


def test_lists_hold_what_one_sees_in_the_declared_shape():
    story = make_running(NOW)
    rows = client_of(story.secretary).get(HERE).json()["items"]
    assert [TaskForceRow(**row).id for row in rows] == [story.force.pk]
    points = client_of(story.secretary).get(f"{HERE}/points").json()["items"]
    assert [DifficultPointRow(**row).id for row in points] == [story.points[0].pk]
    assert client_of(story.secretary).get(f"{HERE}/points/clock").json()[0]["open"] == 1
    stranger = client_of(story.outsider)
    assert stranger.get(HERE).json()["items"] == []
    assert stranger.get(f"{HERE}/points").json()["items"] == []
    assert stranger.get(f"{HERE}/{story.force.pk}").status_code == 404
    assert stranger.get(f"{HERE}/points/{story.points[0].pk}").status_code == 404


def test_bad_input_is_said_in_the_shape_of_refusals():
    story = make_running(NOW)
    here = f"/{story.force.pk}"

    assert send(story.secretary, f"{here}/acts/explode").status_code == 404
    assert (
        send(story.leader, f"{here}/describe", messenger_url="javascript:x").json()["code"] == "messenger_link_refused"
    )
    assert send(story.leader, f"/points/{story.points[0].pk}/fix", in_charge=story.outsider.pk).status_code == 404
    assert send(story.leader, f"/points/{story.points[0].pk}/fix", target="1e99").status_code == 422
    assert send(story.secretary, f"{here}/members", person=story.outsider.pk).status_code == 404
    member = send(story.secretary, f"{here}/members", person=story.other_secretary.pk).json()["members"]
    row = next(one for one in member if one["person"]["id"] == story.other_secretary.pk)
    assert send(story.secretary, f"{here}/members/{row['id']}/remove").status_code == 200
    assert send(story.secretary, f"{here}/members/999999/remove").status_code == 404
    assert client_of(story.secretary).get(f"{HERE}?page=0").status_code == 422
