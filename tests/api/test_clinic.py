"""The clinic over HTTP: the same acts as the pages, the same refusals, and shapes that hold what is answered."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.api.v1.clinic import CaseAnswer, CaseRow, CaseVisit
from ronghe.api.v1.clinic_experts import ExpertAnswer, ExpertRow
from ronghe.api.v1.clinic_pieces import PieceFound, PieceRow
from ronghe.domain.items.models import WorkItem
from tests.factories.clinic import ANSWER, TITLE, asked, cared, make_clinic, published, sits, tuesday
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db
HOME = "/api/v1/work/clinic"


@pytest.fixture
def clinic(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_clinic()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, method="post", **body):
    return getattr(client, method)(f"{HOME}{path}", body, content_type="application/json")


def test_a_question_from_asked_to_knowledge(clinic):
    worker, hua, secretary = (client_of(one) for one in (clinic.worker, clinic.hua.person, clinic.secretary))
    raised = send(worker, "/cases", title=TITLE, text="报 OC1", expert=clinic.hua.pk)
    assert raised.status_code == 201
    CaseAnswer.model_validate(raised.json())
    here = f"/cases/{raised.json()['id']}"
    picture = SimpleUploadedFile("现场.jpg", photo().content.read(), "image/jpeg")
    shown = worker.post(f"{HOME}{here}/pictures", {"photo": [picture]})
    assert len(shown.json()["messages"][1]["pictures"]) == 1
    assert send(hua, f"{here}/take").json()["state"] == "treating"
    assert send(hua, f"{here}/messages", words="负载多大？").status_code == 200
    assert send(hua, f"{here}/answer", words=ANSWER).json()["state"] == "answered"
    assert send(hua, f"{here}/confirm", score=5).status_code == 403
    assert send(worker, f"{here}/confirm", score=6).status_code == 422
    assert send(worker, f"{here}/confirm", score=4).json()["score"] == 4
    assert send(worker, f"{here}/reopen", words="又跳了").json()["score"] is None
    assert send(hua, f"{here}/answer", words="换元件").status_code == 200
    assert send(hua, f"{here}/lapse").json()["code"] == "clinic_confirm_still_open"
    assert send(worker, f"{here}/confirm", score=5).json()["state"] == "closed"
    given = {"title": TITLE, "question": "热态报 OC1", "answer": ANSWER}
    refused = send(hua, f"{here}/knowledge", **{**given, "question": "王海问"})
    assert (refused.status_code, refused.json()["code"]) == (422, "clinic_person_told")
    made = send(hua, f"{here}/knowledge", **given)
    assert (made.status_code, made.json()["state"]) == (201, "consent")
    piece = f"/knowledge/{made.json()['id']}"
    assert secretary.get(f"{HOME}{piece}").status_code == 404
    assert send(worker, f"{piece}/consent", agrees=True).status_code == 204
    assert [row["title"] for row in secretary.get(f"{HOME}/knowledge/reviews").json()] == [TITLE]
    assert send(secretary, f"{piece}/return", note="写型号").json()["state"] == "returned"
    assert send(hua, piece, "put", **{**given, "question": "ACS880 报 OC1"}).json()["state"] == "review"
    assert send(secretary, f"{piece}/publish").json()["version"] == 2
    other = client_of(clinic.other)
    found = other.get(f"{HOME}/knowledge?q=bpq").json()
    PieceFound.model_validate(found["items"][0])
    assert found["count"] == 1
    [similar] = other.get(f"{HOME}/knowledge/similar?text=变频器启动过流").json()
    PieceRow.model_validate(similar)
    assert send(other, f"{piece}/helped", "put").json() == {"helped": 1}
    assert send(other, f"{piece}/helped", "delete").json() == {"helped": 0}
    assert send(hua, f"{piece}/helped", "put").json()["code"] == "clinic_own_piece"
    assert send(other, f"{piece}/outdated", "put", why="旧").status_code == 403
    assert send(hua, f"{piece}/outdated", "put", why="换型号").json()["is_outdated"]
    assert not send(hua, f"{piece}/outdated", "delete").json()["is_outdated"]
    assert send(worker, piece, "delete").status_code == 204
    assert other.get(f"{HOME}{piece}").status_code == 404


def test_visits_are_booked_moved_and_told(clinic, morning):
    sits(clinic.hua)
    worker, hua = client_of(clinic.worker), client_of(clinic.hua.person)
    slots = worker.get(f"{HOME}/experts/{clinic.hua.pk}/slots").json()
    assert len(slots) == 3
    assert worker.get(f"{HOME}/experts/{clinic.hua.pk}/slots?from_on=9999-12-31&days=56").json() == []
    raised = send(worker, "/cases", title=TITLE, expert=clinic.hua.pk, visit_at=slots[0]["starts_at"])
    visit = raised.json()["visits"][0]
    CaseVisit.model_validate(visit)
    again = send(client_of(clinic.other), "/cases", title=TITLE, expert=clinic.hua.pk, visit_at=slots[0]["starts_at"])
    assert (again.status_code, again.json()["code"]) == (409, "clinic_slot_taken")
    there = f"/visits/{visit['id']}"
    assert send(hua, there, "put", starts_at=slots[1]["starts_at"]).json()["starts_at"] == slots[1]["starts_at"]
    assert send(hua, f"{there}/hold", words="谈过").json()["code"] == "clinic_visit_ahead"
    assert send(hua, f"{there}/miss").json()["code"] == "clinic_visit_ahead"
    assert [row["id"] for row in worker.get(f"{HOME}/visits").json()] == [visit["id"]]
    assert send(client_of(clinic.other), there, "delete").status_code == 404
    assert send(worker, there, "delete").status_code == 204
    item = WorkItem.objects.get()
    booked = send(worker, f"/cases/{item.pk}/visits", starts_at=tuesday(morning, 10).isoformat())
    assert booked.status_code == 201


def test_a_sealed_case_is_there_for_two(clinic, morning):
    item = cared(clinic, morning)
    worker = client_of(clinic.worker)
    assert worker.get(f"{HOME}/cases/{item.pk}").json()["question"] == "孩子高考，家里吵架"
    row = worker.get(f"{HOME}/cases").json()["items"][0]
    CaseRow.model_validate(row)
    assert (row["title"], row["is_sealed"]) == ("连心关爱", True)
    for other in (clinic.secretary, clinic.shao.person):
        assert client_of(other).get(f"{HOME}/cases/{item.pk}").status_code == 404
        assert send(client_of(other), f"/cases/{item.pk}/messages", words="看").status_code == 404
    assert send(worker, f"/cases/{item.pk}/readers", person=clinic.shao.person_id).status_code == 403
    refused = send(worker, f"/cases/{item.pk}/address", expert=clinic.hua.pk)
    assert refused.status_code == 204
    noted = client_of(clinic.worker).post(
        f"/api/v1/work/items/{item.pk}/notes", {"text": "明文"}, content_type="application/json"
    )
    assert noted.json()["code"] == "item_notes_elsewhere"


def test_questions_are_listed_declined_shared_and_taken_back(clinic, morning):
    worker, hua = client_of(clinic.worker), client_of(clinic.hua.person)
    item = asked(clinic, morning, expert=clinic.hua)
    assert (
        worker.get(f"{HOME}/cases?is_open=true&mine=true&help=post&field={clinic.field.pk}&q=过流").json()["count"] == 1
    )
    assert worker.get(f"{HOME}/cases?state=closed").json()["count"] == 0
    assert send(worker, f"/cases/{item.pk}/readers", person=clinic.shao.person_id).status_code == 204
    assert send(hua, f"/cases/{item.pk}/seen", "put").status_code == 204
    assert send(hua, f"/cases/{item.pk}/decline", words="").status_code == 422
    assert send(hua, f"/cases/{item.pk}/decline", words="不懂").status_code == 204
    assert send(worker, f"/cases/{item.pk}/withdraw").json()["state"] == "withdrawn"
    assert send(worker, "/cases", title="甲").json()["code"] == "clinic_field_missing"
    assert send(worker, "/cases", title="甲", expert=999999).status_code == 404


def test_experts_fields_and_hours(clinic):
    worker, secretary, hua = (client_of(one) for one in (clinic.worker, clinic.secretary, clinic.hua.person))
    assert send(worker, "/fields", name="焊接", body=clinic.committee.pk).status_code == 404
    field = send(secretary, "/fields", name="焊接", body=clinic.committee.pk).json()
    assert send(secretary, f"/fields/{field['id']}", "put", name="铆焊").json()["name"] == "铆焊"
    assert [row["experts"] for row in worker.get(f"{HOME}/fields").json()] == [2, 0]
    named = send(worker, "/experts", fields=[field["id"]], helps=["post"])
    assert (named.status_code, named.json()["state"]) == (201, "applied")
    assert send(secretary, f"/fields/{field['id']}", "delete").json()["code"] == "clinic_field_in_use"
    assert send(secretary, f"/experts/{named.json()['id']}/answer", agrees=False).status_code == 204
    assert send(secretary, f"/fields/{field['id']}", "delete").status_code == 204
    person = make_person("乔梁", unit=clinic.committee.unit)
    put_up = {"fields": [clinic.field.pk], "helps": ["skill"], "person": person.pk, "body": clinic.committee.pk}
    assert send(worker, "/experts", **put_up).status_code == 404
    made = send(secretary, "/experts", **put_up)
    assert (made.status_code, made.json()["state"]) == (201, "invited")
    here = f"/experts/{clinic.hua.pk}"
    hours = send(hua, f"{here}/hours", weekday=4, starts="09:00", ends="10:00", place="值班室")
    assert hours.status_code == 201
    away = send(hua, f"{here}/away", from_on="2026-09-17", until_on="2026-09-18")
    whole = worker.get(f"{HOME}{here}").json()
    ExpertAnswer.model_validate(whole)
    assert (len(whole["hours"]), len(whole["away"]), whole["mean_score"]) == (1, 1, None)
    assert send(hua, f"{here}/away/{away.json()['id']}", "delete").status_code == 204
    assert send(hua, f"{here}/hours/{hours.json()['id']}", "delete").status_code == 204
    assert send(hua, here, "put", fields=[clinic.field.pk], helps=["post"], called="华哥").json()["helps"] == ["post"]
    listed = worker.get(f"{HOME}/experts?q=华哥&field={clinic.field.pk}&help=post").json()
    ExpertRow.model_validate(listed["items"][0])
    assert send(worker, here, "delete").status_code == 403
    assert send(secretary, here, "delete").status_code == 204


def test_shapes_hold_every_field_of_a_row(clinic, morning):
    published(clinic, morning)
    worker = client_of(clinic.worker)
    case = worker.get(f"{HOME}/cases").json()["items"][0]
    piece = worker.get(f"{HOME}/knowledge").json()["items"][0]
    expert = worker.get(f"{HOME}/experts").json()["items"][0]
    for row, shape in ((case, CaseRow), (piece, PieceFound), (expert, ExpertRow)):
        assert set(row) == set(shape.model_fields)
