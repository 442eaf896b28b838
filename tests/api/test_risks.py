"""The risk register over the API: the same services as the pages, the same refusals."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import make_risk, safety_of
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
ROOT = "/field/risks"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_an_area_and_a_risk_from_entered_to_closed(story):
    lead, safety = Api(story.lead, ROOT), Api(safety_of(story), ROOT)
    made = lead.post("/areas", name="脱水区", body=story.body.pk, zone=story.zone.pk)
    assert (made.status_code, made.json()["count"]) == (201, 0)
    area = made.json()["id"]
    given = {"title": "油气积聚", "grade": "yellow", "measures": "通风", "owner": story.members[0].pk}
    risk = lead.post(f"/areas/{area}/risks", **given).json()
    assert (risk["grade"], risk["version"], risk["review_on"]) == ("yellow", 1, "2027-03-13")
    assert lead.put(f"/{risk['id']}", **{**given, "measures": "通风、复测"}).json()["version"] == 2
    assert lead.post(f"/{risk['id']}/raise", reason="超限", to="blue").status_code == 422
    raised = lead.post(f"/{risk['id']}/raise", reason="超限").json()
    assert (raised["grade"], raised["usual_grade"], raised["is_raised"]) == ("orange", "yellow", True)
    assert lead.post(f"/{risk['id']}/review", grade="yellow", reason="好").status_code == 403
    assert [row["title"] for row in lead.get("?raised=true").json()["items"]] == ["油气积聚"]
    assert safety.post(f"/{risk['id']}/review", grade="yellow", reason="合格").json()["is_raised"] is False
    [row] = safety.get(f"/on-day?area={area}&on=2026-09-14").json()
    assert (row["grade"], row["measures"]) == ("yellow", "通风、复测")
    assert safety.get(f"/on-day?area={area}&on=2026-09-13").json() == []
    assert [one["kind"] for one in lead.get(f"/{risk['id']}").json()["versions"]] == [
        "reviewed", "raised", "changed", "entered"
    ]  # fmt: skip
    assert lead.post(f"/areas/{area}/close").json()["code"] == "risk_area_has_risks"
    assert lead.post(f"/{risk['id']}/close", reason="没有了").json()["is_closed"] is True
    assert lead.put(f"/areas/{area}", name="旧脱水区").json()["name"] == "旧脱水区"
    assert lead.post(f"/areas/{area}/close").status_code == 204
    assert lead.get("/areas").json() == []


def test_others_see_nothing_and_wrong_shapes_are_refused(story, morning):
    risk = make_risk(story, morning)
    stranger = Api(make_person("过客"), ROOT)

    assert stranger.get("").json()["count"] == 0
    assert stranger.get(f"/{risk.pk}").status_code == 404
    assert stranger.get(f"/on-day?area={risk.area_id}").json() == []
    assert stranger.post("/areas", name="x", body=story.body.pk).status_code == 404
    assert Api(story.lead, ROOT).get("?grade=pink").status_code == 422
    assert Api(story.members[1], ROOT).post(f"/{risk.pk}/raise", reason="x").status_code == 403
