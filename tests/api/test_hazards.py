"""Hazards and violations over the API: the same services as the pages, the same refusals."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.hazards import FIVE
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import make_risk, safety_of
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_a_hazard_is_reported_assessed_and_counted(story, morning):
    risk = make_risk(story, morning)
    member, safety = Api(story.members[1], "/field"), Api(safety_of(story), "/field")
    made = member.post("/hazards", title="法兰渗油", area=risk.area_id)
    assert (made.status_code, made.json()["due_at"]) == (201, "2026-09-29T10:00:00Z")
    number = made.json()["id"]
    five = {**FIVE, "grade": "major", "owner": story.members[0].pk, "risk": risk.pk}
    assert member.post(f"/hazards/{number}/assess", **five).status_code == 403
    assert safety.post(f"/hazards/{number}/assess", **{**five, "money": "-1"}).status_code == 422
    found = safety.post(f"/hazards/{number}/assess", **five).json()
    assert (found["state"], found["grade"], found["is_settled"]) == ("rectifying", "major", True)
    assert Api(story.lead, "/field/risks").get(f"/{risk.pk}").json()["grade"] == "red"
    assert safety.get("/hazards?grade=major&is_open=true").json()["count"] == 1
    assert safety.get("/hazards/figures").json()["whole"]["worse"] == 1
    assert member.post("/hazards", title="哪里").json()["code"] == "finding_nowhere"


def test_a_violation_is_suspected_until_confirmed(story):
    lead, safety = Api(story.lead, "/field"), Api(safety_of(story), "/field")
    given = {"title": "未戴安全帽", "sort": "operation", "body": story.body.pk, "is_by_machine": True}
    assert lead.post("/violations", **given, certificate="T1").json()["code"] == "violation_machine_names_nobody"
    number = lead.post("/violations", **given).json()["id"]
    confirm = {"grade": "general", "owner": story.members[0].pk, "note": "看了录像", "person": story.members[2].pk}
    assert lead.post(f"/violations/{number}/confirm", **confirm).status_code == 403
    found = safety.post(f"/violations/{number}/confirm", **confirm, certificate="T230602198801011234").json()
    assert (found["state"], found["is_by_machine"], found["is_settled"]) == ("rectifying", True, True)
    assert "T2306" not in str(found)
    assert safety.get("/violations/figures?days=30").json()["whole"]["open"] == 1
    assert safety.get("/violations?state=rectifying").json()["count"] == 1


def test_others_see_nothing(story):
    stranger = Api(make_person("过客"), "/field")

    assert stranger.get("/hazards").json()["count"] == 0
    assert stranger.post("/hazards", title="x", body=story.body.pk).status_code == 404
    assert stranger.post("/violations/1/confirm", grade="general", owner=1, note="x").status_code == 404
    assert stranger.post("/violations", title="x", sort="other", body=1).status_code == 422
