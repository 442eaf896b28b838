"""Bad files and days over the API: the same refusals as on the page, with code and sentence."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.items.models import WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.work.models import StoredFile
from tests.factories.items import DUTIES, claimed
from tests.factories.org import make_account
from tests.factories.rhythm import make_task, make_zone, photo

pytestmark = pytest.mark.django_db
MEGABYTE = 1_048_576
BAD = [
    ("巡检.mp4", b"\0\0\0 ftypisom" + b"0" * (2 * MEGABYTE), "file_too_large", "3 MB"),
    ("现场.jpg", b"MZ\x90\x00", "file_type_refused", "现场.jpg"),
    ("签字.pdf", b"PK\x03\x04", "file_type_refused", "签字.pdf"),
    ("半.jpg", photo(size=(400, 300)).content.read()[:900], "file_damaged", "半.jpg"),
    ("空.jpg", b"", "file_empty", "空.jpg"),
]
bad = pytest.mark.parametrize(("name", "content", "code", "said"), BAD, ids=[one[0] for one in BAD])


@pytest.fixture
def story(morning, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


@bad
def test_bad_evidence_of_a_task_and_of_an_item(story, morning, settings, name, content, code, said):
    settings.EVIDENCE_MAX_BYTES = 2 * MEGABYTE
    task, item, hand = make_task(story, morning), claimed(story, morning, story.members[0]), client_of(story.members[0])
    take_step(item=item, step="sign", actor=story.members[0], at=morning)
    for path, field in (
        (f"/api/v1/work/tasks/{task.pk}/submit", "files"),
        (f"/api/v1/work/items/{item.pk}/files", "photo"),
    ):
        answer = hand.post(path, {"note": "好了", field: [SimpleUploadedFile(name, content)]})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert said in answer.json()["detail"]

    assert not StoredFile.objects.exists()


def test_what_declares_more_than_a_request_may_have_is_refused_in_the_shape_of_the_api(story, settings):
    settings.REQUEST_MAX_BYTES = MEGABYTE
    film = SimpleUploadedFile("巡检.mp4", b"0" * (2 * MEGABYTE))
    answer = client_of(story.members[0]).post("/api/v1/work/tasks/1/submit", {"files": [film]})

    assert (answer.status_code, answer.json()["code"], answer.json()["fields"]) == (413, "request_too_large", {})
    assert "3 MB，超过一次的上限 1 MB" in answer.json()["detail"]


@pytest.mark.parametrize("minutes", [0, 1])
def test_a_deadline_that_is_over(story, morning, minutes):
    body = {"kind": "claim", "body": story.body.pk, "title": "联动", "text": "12 路", "values": DUTIES}
    due_at = morning.replace(minute=morning.minute - minutes).isoformat()
    answer = client_of(story.lead).post(
        "/api/v1/work/items", {**body, "due_at": due_at}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "deadline_past")
    assert not WorkItem.objects.exists()
