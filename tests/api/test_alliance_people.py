"""Partners, invitations, experts and the less common acts on a difficulty, through the API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories.alliances import NOW, make_alliance, make_difficulty
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def story():
    return make_alliance()


def test_partners_are_listed_without_their_numbers_and_leave(story):
    ours = Api(story.secretary, f"/alliances/{story.alliance.pk}")
    rows = ours.get("/partners").json()
    assert [(row["name"], row["has_login"]) for row in rows] == [("城南镇政府", True), ("第二采油厂", False)]
    assert "13800138000" not in str(rows)
    assert Api(story.clerk_of_town, f"/alliances/{story.alliance.pk}").get("/partners").status_code == 404
    left = ours.delete(f"/partners/{story.plant.pk}").json()
    assert [row["name"] for row in left] == ["城南镇政府"]
    assert ours.delete(f"/partners/{story.plant.pk}").status_code == 404


def test_an_invitation_is_given_once_and_revoked(story):
    ours = Api(story.secretary, f"/alliances/{story.alliance.pk}")
    made = ours.post(f"/partners/{story.plant.pk}/invitation")
    assert (made.status_code, made.json()["partner"]["name"]) == (201, "第二采油厂")
    assert "/invitation/" in made.json()["address"]
    assert ours.delete(f"/partners/{story.plant.pk}/invitation").json()["has_login"] is False
    assert ours.post(f"/partners/{story.town.pk}/invitation").status_code == 409
    assert Api(story.outsider, f"/alliances/{story.alliance.pk}").post(
        f"/partners/{story.plant.pk}/invitation"
    ).status_code == 404  # fmt: skip


def test_experts_come_on_the_list_and_off_it(story):
    ours = Api(story.secretary, f"/alliances/{story.alliance.pk}")
    made = ours.post("/experts", name="老工程师", field="压裂")
    assert made.status_code == 201
    assert ours.post("/experts", name="老工程师", field="压裂").status_code == 409
    assert [row["field"] for row in ours.get("/experts").json()] == ["压裂"]
    assert ours.delete(f"/experts/{made.json()['id']}").json() == []
    assert Api(story.outsider, f"/alliances/{story.alliance.pk}").get("/experts").status_code == 404


def test_a_difficulty_gets_an_owner_a_task_a_rest_and_goes_on(story):
    difficulty = make_difficulty(story)
    ours, theirs = Api(story.secretary, "/alliances/difficulties"), Api(story.clerk_of_town, "/alliances/difficulties")
    assert ours.put(f"/{difficulty.pk}/owner", owner=story.member.pk).json()["our_owner"]["id"] == story.member.pk
    assert ours.put(f"/{difficulty.pk}/owner", owner=story.outsider.pk).status_code == 404
    theirs.post(f"/{difficulty.pk}/claim/theirs")
    assert ours.post(f"/{difficulty.pk}/task").status_code == 201
    assert ours.post(f"/{difficulty.pk}/task").status_code == 409
    assert ours.post(f"/{difficulty.pk}/shelve", text="等政策").json()["state"] == "shelved"
    assert ours.post(f"/{difficulty.pk}/resume", text="政策来了").json()["state"] == "under_way"
    raised = make_difficulty(story, title="提错的")
    assert theirs.post(f"/{raised.pk}/withdraw").status_code == 403
    assert ours.post(f"/{raised.pk}/withdraw").json()["state"] == "withdrawn"
