"""A zone's name and figures, a group's pictures and a side's signer through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.agreements_story import agree_all, make_draft, make_sides
from tests.factories.rhythm import make_zone, photo
from tests.factories.taskforces import make_running, sum_up
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.jpg", photo().content.read(), "image/jpeg")


def test_what_is_known_of_a_zone_is_changed_by_whoever_runs_it():
    story = make_zone()
    here = f"/zones/{story.zone.pk}"
    changed = Api(story.lead, here).patch(name="南I-1党建协作区", place=None, purpose=None).json()
    assert (changed["name"], changed["place"], changed["purpose"]) == ("南I-1党建协作区", None, story.zone.purpose)
    assert Api(story.members[0], here).patch(name="改着玩").status_code == 403


def test_a_committee_sets_its_own_figures_for_the_advice():
    story = make_zone()
    here = f"/zones/parameters/{story.committee.pk}"
    rows = Api(story.clerk, here).put("/several_projects", value=5).json()
    assert {"name": "several_projects", "value": 5} in rows
    assert Api(story.clerk, here).put("/several_projects", value=0).status_code == 422
    assert Api(story.members[0], here).put("/several_projects", value=2).status_code in (403, 404)


def test_a_group_gets_a_picture_of_its_brand_and_papers_of_what_came_of_it(morning):
    story = make_running(morning)
    here = f"/taskforces/{story.force.pk}"
    assert Api(story.leader, here).upload("/mark", mark=picture()).status_code == 200
    assert Api(story.outsider, here).upload("/mark", mark=picture()).status_code == 404
    assert Api(story.leader, here).upload("/files", photo=[picture()]).status_code == 409
    sum_up(story, morning)
    assert Api(story.leader, here).upload("/files", photo=[picture()]).status_code == 201
    story.force.refresh_from_db()
    assert (story.force.mark_id is not None, story.force.outcome_files.count()) == (True, 1)


def test_a_signer_is_named_and_the_naming_taken_back(morning):
    sides = make_sides(morning)
    agreement = agree_all(make_draft(sides, morning), sides, morning)
    first = Api(sides.secretaries[0], f"/agreements/{agreement.pk}")
    assert first.post("/signer", person=sides.members[0].pk, document="〔2026〕7号").status_code == 200
    assert first.post("/signer/withdraw").status_code == 200
    assert first.post("/signer/withdraw").status_code == 404
    assert Api(sides.members[1], f"/agreements/{agreement.pk}").post("/signer/withdraw").status_code == 404


def test_a_settled_remark_is_opened_again(morning):
    sides = make_sides(morning)
    agreement = make_draft(sides, morning)
    second = Api(sides.secretaries[1], f"/agreements/{agreement.pk}")
    remark = second.post("/comments", text="期限太紧").json()["remarks"][0]["id"]
    assert second.post(f"/comments/{remark}/settle").json()["remarks"][0]["is_settled"] is True
    assert second.post(f"/comments/{remark}/settle", is_settled=False).json()["remarks"][0]["is_settled"] is False
