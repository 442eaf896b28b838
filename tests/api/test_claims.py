from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.claims import make_published
from tests.factories.items import DUTIES
from tests.factories.org import make_account
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db
HERE = "/api/v1/work/claims"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


def test_a_sheet_lives_over_the_api(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    force = make_running(morning)
    leader, secretary = client_of(force.leader), client_of(force.secretary)
    sheet = send(leader, "", force=force.force.pk).json()
    here = f"/{sheet['id']}"
    due = morning.replace(day=20).isoformat()
    added = send(leader, f"{here}/tasks", title="联动", goal="12 路", due_at=due, point=force.points[0].pk, **DUTIES)
    assert (added.status_code, added.json()["tasks"][0]["state"]) == (201, "draft")
    assert send(leader, f"{here}/publish").json()["version"] == 1
    assert client_of(force.members[0]).get(f"{HERE}/claimable").json()[0]["title"] == "联动"
    signed = send(secretary, f"{here}/sign", body=force.branch.pk).json()
    assert [side["signed_by"] is not None for side in signed["sides"]] == [True, False]
    assert leader.get(f"{HERE}{here}/print.pdf").content.startswith(b"%PDF")
    assert send(leader, f"{here}/close").json()["code"] == "claims_tasks_open"


def test_who_has_no_part_sees_nothing(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_published(morning)
    outsider = client_of(story.force.outsider)

    assert outsider.get(HERE).json()["count"] == 0
    assert outsider.get(f"{HERE}/{story.sheet.pk}").status_code == 404
    assert send(outsider, "", force=story.force.force.pk).status_code == 404
    wrong = send(client_of(story.force.secretary), f"/{story.sheet.pk}/sign", body=999_999)
    assert wrong.json()["code"] == "claims_no_side"
