"""项目 through the API."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.projects import ProjectRow
from tests.factories.agreements_story import make_sides
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db
HERE = "/api/v1/projects"


@pytest.fixture
def sides(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_sides(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, *, method="post", **body):
    return getattr(client_of(actor), method)(f"{HERE}{path}", body, content_type="application/json")


def wanted(sides, **changes):
    return {"name": "喇十七注水站", "kind": "new_build", "body": sides.bodies[0].pk, "starts_on": "2026-09-01",
            "ends_on": "2026-12-01", **changes}  # fmt: skip


def test_a_project_is_registered_changed_begun_completed_and_taken_back(sides):
    secretary = sides.secretaries[0]
    made = send(secretary, "", **wanted(sides))
    assert made.status_code == 201
    here = f"/{ProjectRow(**made.json()).id}"
    assert made.json()["unit"]["name"] == "仪陇输气作业区"

    changed = send(secretary, here, method="patch", place="喇十七\u0000", investment_yuan=100).json()
    assert (changed["place"], changed["investment_yuan"]) == ("喇十七", 100)
    assert send(secretary, f"{here}/start").json()["state"] == "under_way"
    assert send(secretary, f"{here}/complete", day="2026-09-01").json()["code"] == "completed_before_start"
    assert send(secretary, f"{here}/complete").json()["state"] == "completed"
    assert send(secretary, f"{here}/take-back").json()["state"] == "under_way"
    assert send(secretary, f"{here}/call-off").json()["state"] == "called_off"
    assert client_of(secretary).get(f"{HERE}?state=called_off").json()["count"] == 1


@pytest.mark.parametrize(("changes", "status"), [
    ({"name": "x" * 121}, 422), ({"kind": "x"}, 422), ({"ends_on": "2026-08-01"}, 422),
    ({"investment_yuan": -1}, 422), ({"investment_yuan": 2**70}, 422), ({"body": 999999}, 404),
    ({"name": "新型输气作业区数字化转型配套工程"}, 409), ({"name": " "}, 422),
])  # fmt: skip
def test_bad_input_is_said_in_the_shape_of_refusals(sides, changes, status):
    assert send(sides.secretaries[0], "", **wanted(sides, **changes)).status_code == status


def test_who_gets_what(sides):
    project = sides.project
    assert client_of(sides.members[0]).get(f"{HERE}/{project.pk}").status_code == 200
    assert client_of(sides.members[1]).get(f"{HERE}/{project.pk}").status_code == 404
    assert send(sides.members[0], f"/{project.pk}/start").status_code == 403
    assert send(sides.auditor, "", **wanted(sides)).status_code == 403
