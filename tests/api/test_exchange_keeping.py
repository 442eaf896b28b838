"""Lectures put better, materials laid down and what was seen, through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories.exchange import make_held, make_lecture, make_line, make_programme
from tests.factories.rhythm import photo
from tests.factories.taskforces import make_running
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_running(morning)


def test_a_lecture_is_put_better_and_offered_again(story, morning):
    lecture = make_lecture(story, morning)
    own, said = Api(story.members[0], f"/rhythm/exchange/lectures/{lecture.pk}"), {"kind": "safety", "minutes": 30}
    assert own.put("", title="机封", audience="维修班", **said).json()["kind"] == "safety"
    assert own.put("", title="机封", audience="维修班", kind="safety", minutes=1).status_code == 422
    other = Api(story.leader, f"/rhythm/exchange/lectures/{lecture.pk}")
    assert other.put("", title="抢来的", audience="维修班", **said).status_code == 403
    own.post("/withdraw")
    assert own.post("/offer-again").json()["state"] == "offered"
    assert own.post("/offer-again").status_code == 409


def test_a_material_is_laid_down_once(story, morning):
    line = make_line(make_programme(story, morning), story, morning)
    here = f"/rhythm/exchange/lines/{line.pk}/materials"
    paper = photo().content.read()
    own = Api(story.members[0], "")
    assert own.upload(here, photo=SimpleUploadedFile("图.jpg", paper, "image/jpeg")).status_code == 201
    assert own.upload(here, photo=SimpleUploadedFile("图.jpg", paper, "image/jpeg")).status_code == 409
    assert (
        Api(story.outsider, "").upload(here, photo=SimpleUploadedFile("图.jpg", paper, "image/jpeg")).status_code == 404
    )


def test_what_was_seen_is_written(story, morning):
    visit = make_held(story, morning)
    keeper = Api(story.secretary, f"/rhythm/exchange/visits/{visit.pk}")
    assert keeper.put("/seen", seen="两人一组").json()["seen"] == "两人一组"
    assert Api(story.outsider, f"/rhythm/exchange/visits/{visit.pk}").put("/seen", seen="没去").status_code == 404
