"""三亮四比一创建 over the API (G4; PP-09, PI-01)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.shows.models import Badge
from tests.factories.carriers import make_story
from tests.factories.org import make_account
from tests.factories.shows import make_post

pytestmark = pytest.mark.django_db
BASE = "/api/v1/shows"


@pytest.fixture
def place(db):
    return make_story(timezone.now(), with_teams=False)


def as_(person):
    client = Client()
    client.force_login(make_account(person))
    return client


def send(client, way, path, data=None):
    return getattr(client, way)(f"{BASE}{path}", data, content_type="application/json")


def test_a_card_and_its_badge(place):
    make_post(place, timezone.now())
    captain, outsider = as_(place.captain), as_(place.outsider)
    path = f"/people/{place.captain.pk}"
    card = captain.get(f"{BASE}{path}/card").json()
    assert (card["body"], card["promises"][0]["state"], card["ratio"]["percent"]) == ("南八党支部", "open", None)
    assert outsider.get(f"{BASE}{path}/card").status_code == 404
    badge = send(captain, "post", f"{path}/badge").json()
    public = badge["address"].removeprefix("http://testserver")
    assert "票证差错为零" not in Client().get(public).content.decode()
    assert send(captain, "put", "/consent", {"parts": ["promises"]}).json()["parts"] == ["promises"]
    assert "票证差错为零" in Client().get(public).content.decode()
    assert send(captain, "put", "/consent", {"parts": ["phone"]}).status_code == 422
    assert send(captain, "put", "/consent", {"parts": []}).status_code == 422
    assert send(captain, "delete", "/consent").status_code == 204
    assert send(captain, "delete", "/consent").status_code == 409
    assert captain.get(f"{BASE}/consent").json() == {"parts": [], "given_at": None}
    assert send(captain, "post", f"{path}/badge/renew", {"reason": ""}).status_code == 422
    assert send(captain, "post", f"{path}/badge/renew", {"reason": "丢失"}).json()["id"] != badge["id"]
    assert Client().get(public).status_code == 410


def test_a_branch_issues_the_badges_of_its_members_at_once(place):
    path = f"/bodies/{place.branch.pk}/badges"
    secretary, outsider = as_(place.secretary), as_(place.outsider)
    assert send(outsider, "post", path).status_code == 403
    assert not Badge.objects.exists()
    issued = send(secretary, "post", path).json()
    badges = Badge.objects.filter(person__name__in=[place.captain.name, place.secretary.name])
    assert {row["id"] for row in issued} >= set(badges.values_list("pk", flat=True))
    assert len(issued) == Badge.objects.count() >= badges.count() == 2
    assert Client().get(issued[0]["address"].removeprefix("http://testserver")).status_code == 200
    assert send(secretary, "post", path).json() == issued
    assert send(as_(place.clerk), "post", f"/bodies/{place.committee.pk}/badges").json()["code"] == "nobody_to_issue"
    assert send(secretary, "post", "/bodies/0/badges").status_code == 404


def test_the_wall_and_standards(place):
    make_post(place, timezone.now(), titles=("票证差错为零", "交接班零遗漏"))
    outsider, secretary = as_(place.outsider), as_(place.secretary)
    found = outsider.get(f"{BASE}/wall?q=票证&order=state").json()
    assert [(row["title"], row["judge"]) for row in found["items"]] == [("票证差错为零", "罗一鸣")]
    assert (found["count"], found["open"], found["ratio"]) == (1, 1, {"kept": 0, "not_kept": 0, "percent": None})
    assert outsider.get(f"{BASE}/wall?state=x").status_code == 422
    given = {"body": place.branch.pk, "text": "走在前"}
    assert send(outsider, "post", "/standards", given).status_code == 404
    assert send(secretary, "post", "/standards", given).status_code == 201
    assert [row["text"] for row in outsider.get(f"{BASE}/bodies/{place.branch.pk}/standards").json()] == ["走在前"]


def test_a_campaign(place):
    clerk, outsider = as_(place.clerk), as_(place.outsider)
    words = {"name": "三亮", "fourth": "比协作", "creates": "创示范站"}
    given = words | {"body": place.committee.pk, "starts_on": timezone.localdate().isoformat()}
    assert send(outsider, "post", "/campaigns", given).status_code == 404
    made = send(clerk, "post", "/campaigns", given).json()
    assert send(clerk, "post", "/campaigns", given).status_code == 409
    path = f"/campaigns/{made['id']}"
    assert outsider.get(f"{BASE}{path}?quarter=x").json()["creates"] == "创示范站"
    assert [row["id"] for row in outsider.get(f"{BASE}/campaigns").json()["items"]] == [made["id"]]
    assert send(outsider, "put", path, words).status_code == 403
    assert send(clerk, "put", path, words | {"fourth": "比安全"}).json()["fourth"] == "比安全"
    assert send(clerk, "post", f"{path}/end").json()["ends_on"] == timezone.localdate().isoformat()
    assert send(clerk, "put", path, words).status_code == 409
