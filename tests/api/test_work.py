from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.work.models import Task
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_task, make_zone, photo

pytestmark = pytest.mark.django_db

HERE = "/api/v1/work"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, **body):
    return client.post(f"{HERE}{path}", body, content_type="application/json")


def picture(name="现场.jpg"):
    return SimpleUploadedFile(name, photo().content.read())


@pytest.fixture
def story():
    return make_zone()


@pytest.fixture
def task(story):
    return make_task(story, timezone.now())


@pytest.fixture
def lead(story):
    return client_of(story.lead)


@pytest.fixture
def assignee(story):
    return client_of(story.members[0])


def test_task_is_given_done_with_a_photo_returned_done_again_and_accepted(story, lead, assignee):
    due = (timezone.now() + timedelta(hours=5)).isoformat()
    opened = send(lead, "/tasks", title="补焊", body=story.body.pk, assignee=story.members[0].pk, due_at=due)
    here = f"/tasks/{opened.json()['id']}"

    done = assignee.post(f"{HERE}{here}/submit", {"note": "焊好了", "files": [picture()]})
    returned = send(lead, f"{here}/return", reason="看不清")
    again = assignee.post(f"{HERE}{here}/submit", {"note": "重拍"})
    accepted = send(lead, f"{here}/accept")

    assert (opened.status_code, opened.json()["zone"]["id"]) == (201, story.zone.pk)
    assert [a.json()["state"] for a in (done, returned, again, accepted)] == [
        "submitted", "returned", "submitted", "accepted",
    ]  # fmt: skip
    [evidence] = accepted.json()["evidence"]
    assert (evidence["name"], evidence["media_type"], evidence["round"], evidence["is_reused"]) == (
        "现场.jpg", "image/jpeg", 1, False,
    )  # fmt: skip
    assert (accepted.json()["round"], accepted.json()["is_on_time"]) == (2, True)


def test_evidence_is_handed_out_as_a_file_to_those_who_see_the_task(story, task, lead, assignee):
    assignee.post(f"{HERE}/tasks/{task.pk}/submit", {"files": [picture()]})
    evidence = task.evidence.get()

    answer = lead.get(f"{HERE}/evidence/{evidence.pk}/file")

    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200, "image/jpeg", "nosniff",
    )  # fmt: skip
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert client_of(make_person("赵六")).get(f"{HERE}/evidence/{evidence.pk}/file").status_code == 404


def test_list_is_the_soonest_first_and_filters(story, lead, assignee, task):
    other = make_task(story, timezone.now(), assignee=story.members[1], title="另一项")

    everything = lead.get(f"{HERE}/tasks").json()
    mine = assignee.get(f"{HERE}/tasks", {"is_mine": True}).json()

    assert [row["id"] for row in everything["items"]] == [task.pk, other.pk]
    assert [row["id"] for row in mine["items"]] == [task.pk]
    assert lead.get(f"{HERE}/tasks", {"state": "accepted"}).json()["items"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_five_statements_for_one_row_and_for_three(story, lead, rows, django_assert_num_queries):
    for _ in range(rows):
        make_task(story, timezone.now())
    lead.get(f"{HERE}/tasks")

    with django_assert_num_queries(5):
        assert len(lead.get(f"{HERE}/tasks").json()["items"]) == rows


def test_refusals(story, task, lead, assignee):
    stranger = client_of(make_person("赵六"))
    wrong_file = assignee.post(f"{HERE}/tasks/{task.pk}/submit", {"files": [SimpleUploadedFile("a.jpg", b"MZ")]})
    nothing = assignee.post(f"{HERE}/tasks/{task.pk}/submit")
    by_lead = lead.post(f"{HERE}/tasks/{task.pk}/submit", {"note": "代交"})
    too_soon = send(lead, f"/tasks/{task.pk}/accept")
    unseen = send(stranger, f"/tasks/{task.pk}/accept")
    own = send(assignee, f"/tasks/{task.pk}/cancel", reason="x")

    assert [(a.status_code, a.json()["code"]) for a in (wrong_file, nothing, by_lead, too_soon, unseen, own)] == [
        (422, "file_type_refused"), (422, "evidence_missing"), (403, "only_assignee_submits"),
        (409, "step_not_allowed"), (404, "not_found"), (403, "not_allowed"),
    ]  # fmt: skip
    assert Task.objects.get().state == "open"


def test_deadline_in_the_past_or_without_a_zone_is_refused(story, lead):
    wanted = {"title": "x", "body": story.body.pk, "assignee": story.members[0].pk}

    past = send(lead, "/tasks", due_at="2020-01-01T00:00:00+08:00", **wanted)
    vague = send(lead, "/tasks", due_at="2030-01-01T00:00:00", **wanted)

    assert (past.status_code, past.json()["code"]) == (422, "deadline_past")
    assert list(vague.json()["fields"]) == ["body.wanted.due_at"]
    assert Task.objects.count() == 0


def test_cancelled_task_keeps_its_reason(task, lead):
    answer = send(lead, f"/tasks/{task.pk}/cancel", reason="不做了")

    assert (answer.json()["state"], answer.json()["settling_note"]) == ("cancelled", "不做了")
