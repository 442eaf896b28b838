"""Bad files and days on the page: refused beside the form with a sentence, and nothing of it is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from ronghe.domain.items.models import ItemEvidence, WorkItem
from ronghe.domain.items.services.steps import take_step
from ronghe.domain.work.models import StoredFile, Task
from tests.factories.items import DUTIES, claimed
from tests.factories.rhythm import make_task, photo
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
MEGABYTE = 1_048_576
BAD = [
    ("巡检.mp4", b"\0\0\0 ftypisom" + b"0" * (2 * MEGABYTE), "“巡检.mp4”有 3 MB，超过上限 2 MB"),
    ("现场.jpg", b"MZ\x90\x00", "“现场.jpg”不是 JPEG、PNG、WebP 照片或 PDF"),
    ("签字.pdf", b"PK\x03\x04", "“签字.pdf”不是"),
    ("半.jpg", photo(size=(400, 300)).content.read()[:900], "“半.jpg”读不出来"),
    ("空.jpg", b"", "空"),
]
bad = pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[name for name, _content, _said in BAD])


@pytest.fixture
def running(story, now):
    item = claimed(story, now, story.members[0])
    take_step(item=item, step="sign", actor=story.members[0], at=now)
    return item


@bad
def test_a_step_with_bad_evidence_is_refused_beside_its_form(running, member, settings, name, content, said):
    settings.EVIDENCE_MAX_BYTES = 2 * MEGABYTE
    answer = member.post(
        f"/work/items/{running.pk}/steps/submit/", {"note": "好了", "photo": SimpleUploadedFile(name, content)}
    )

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in text_of(shown)
    assert "好了" in shown  # what was typed is not typed again
    running.refresh_from_db()
    assert running.state == "running"
    assert not ItemEvidence.objects.exists()
    assert not StoredFile.objects.exists()


@bad
def test_a_task_with_bad_evidence_stays_open(story, now, member, settings, name, content, said):
    settings.EVIDENCE_MAX_BYTES = 2 * MEGABYTE
    task = make_task(story, now)
    answer = member.post(f"/work/tasks/{task.pk}/submit/", {"photo": SimpleUploadedFile(name, content)}, follow=True)

    assert said in text_of(answer.content.decode())
    assert Task.objects.get().state == "open"
    assert not StoredFile.objects.exists()


def test_what_declares_more_than_a_request_may_have_is_refused_unread(member, settings, monkeypatch):
    settings.REQUEST_MAX_BYTES = 3 * MEGABYTE
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", None)  # nothing may be laid down
    film = SimpleUploadedFile("巡检.mp4", b"0" * (4 * MEGABYTE))
    answer = member.post("/work/tasks/1/submit/", {"photo": film})

    assert (answer.status_code, answer["Connection"]) == (413, "close")
    shown = text_of(answer.content.decode())
    for said in ("这次要传 5 MB，超过一次的上限 3 MB", "请分几次传", "截取要紧的画面"):
        assert said in shown


@pytest.mark.parametrize(("size", "status"), [(-1, 302), (0, 302), (1, 413)])
def test_a_request_up_to_the_limit_is_read(story, now, member, settings, size, status):
    task = make_task(story, now)
    body = "note=" + "x" * 100
    settings.REQUEST_MAX_BYTES = len(body) - size
    answer = member.post(f"/work/tasks/{task.pk}/submit/", body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == status


@pytest.mark.parametrize("day", ["2026-09-13T18:00", "2026-09-14T07:40", "1970-01-01T00:00", "昨天"])
def test_a_deadline_that_is_over_is_refused_beside_the_form(story, now, lead, day):
    given = {"body": story.body.pk, "title": "联动", "text": "12 路", "due_at": day, "place": "", **DUTIES}
    answer = lead.post("/work/items/new/claim/", given)

    assert answer.status_code == 422
    assert not WorkItem.objects.exists()


def test_the_form_says_how_large_a_file_may_be_before_it_is_sent(running, member, settings):
    shown = member.get(f"/work/items/{running.pk}/").content.decode()

    assert f'data-most-bytes="{settings.EVIDENCE_MAX_BYTES}"' in shown
    assert "超过上限 {limit} MB" in shown
