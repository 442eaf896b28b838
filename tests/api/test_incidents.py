"""Accidents over the API: the same services as the pages, the same refusals."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.incidents import make_accident
from tests.factories.org import make_person
from tests.factories.rhythm import make_zone
from tests.factories.risks import safety_of
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
ROOT = "/field/incidents"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_an_accident_from_the_report_to_the_end(story):
    member, safety = Api(story.members[0], ROOT), Api(safety_of(story), ROOT)
    given = {"title": "塌方", "happened_at": "2026-09-14T07:10:00+08:00", "body": story.body.pk, "place": "3 号沟"}
    assert member.post("", **given, class_code="WSA19999").json()["code"] == "incident_code_unknown"
    made = member.post("", **given, injured=1).json()
    assert [row["line"] for row in made["notices"]] == ["head", "county", "superior", "city"]
    notice = made["notices"][0]["id"]
    assert safety.post(f"/{made['id']}/notices/{notice}/tell", way="电话").json()["notices"][0]["way"] == "电话"
    assert safety.post(f"/{made['id']}/figures", deaths=10).json()["grade"] == "major"
    assert member.post(f"/{made['id']}/figures", deaths=10).status_code == 403
    assert safety.get("?is_open=true&grade=major").json()["count"] == 1
    assert safety.post(f"/{made['id']}/close", words="查清").json()["is_closed"] is True
    assert member.post(f"/{made['id']}/withdraw", words="误报").status_code == 403
    assert safety.post(f"/{made['id']}/withdraw", words="误报").json()["is_withdrawn"] is True
    assert len(safety.get(f"/{made['id']}").json()["figures"]) == 2


def test_others_see_nothing(story, morning):
    accident = make_accident(story, morning)
    stranger = Api(make_person("过客"), ROOT)

    assert stranger.get("").json()["count"] == 0
    assert stranger.get(f"/{accident.pk}").status_code == 404
    assert Api(story.lead, ROOT).post("", title="x", happened_at="never").status_code == 422
