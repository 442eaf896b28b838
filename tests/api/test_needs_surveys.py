"""Needs and surveys over HTTP: the same acts as the pages, and the same refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.needs import make_need, rated, triaged, worker_of
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_zone
from tests.factories.surveys import answers, make_asked, make_draft, make_open

pytestmark = pytest.mark.django_db
NEEDS, SURVEYS = "/api/v1/work/needs", "/api/v1/work/surveys"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, path, method="post", **body):
    return getattr(client, method)(path, body, content_type="application/json")


def test_a_need_is_raised_joined_and_counted():
    story, now = make_zone(), timezone.now()
    worker, clerk = worker_of(story), client_of(story.clerk)
    raised = send(client_of(worker), NEEDS, title="抄表要跑三个站", tags=["data"], place="南I-1联合站")
    assert raised.status_code == 201
    assert raised.json()["body"]["name"] == "南I-1联合站党支部"
    number = raised.json()["id"]
    other = make_need(story, now, worker_of(story), title="抄表来回跑三个站")
    assert [row["id"] for row in clerk.get(f"{NEEDS}/{other.pk}/doubles").json()] == [number]
    assert send(clerk, f"{NEEDS}/{other.pk}/merge", into=number).json()["state"] == "merged"
    assert [row["id"] for row in clerk.get(f"{NEEDS}?tag=data&is_open=true").json()["items"]] == [number]
    assert clerk.get(f"{NEEDS}?tag=management").json()["count"] == 0
    assert send(client_of(make_person()), NEEDS, title="甲", tags=["data"]).status_code == 403
    assert send(client_of(worker), NEEDS, title="甲", tags=["nonsense"]).status_code == 422
    assert send(client_of(worker), NEEDS, title="甲", tags=[]).json()["code"] == "item_values_unfit"


def test_a_text_is_taken_without_the_character_that_nobody_types():
    worker = client_of(worker_of(make_zone()))
    raised = send(worker, NEEDS, title="抄表\x00要跑三个站", tags=["data"], place="南I-1\x00联合站")
    assert (raised.status_code, raised.json()["title"]) == (201, "抄表要跑三个站")


def test_times_targets_and_the_board():
    story, now = make_zone(), timezone.now()
    worker, clerk, lead = worker_of(story), client_of(story.clerk), client_of(story.lead)
    item = triaged(story, now, worker)
    begins = now + timedelta(hours=5)
    made = send(lead, f"{NEEDS}/{item.pk}/moments", way="on_site", starts_at=begins.isoformat())
    assert (made.status_code, made.json()["place"]) == (201, "南I-1联合站")
    assert [row["need"] for row in lead.get(f"{NEEDS}/moments").json()] == [item.pk]
    assert lead.delete(f"{NEEDS}/moments/{made.json()['id']}").status_code == 204
    assert lead.get(f"{NEEDS}/{item.pk}/moments").json()[0]["is_called_off"]
    body = story.committee.pk
    assert send(clerk, f"{NEEDS}/targets", "put", body=body, triage_days=1, answer_days=4).status_code == 204
    for _ in range(3):
        rated(story, now, worker, score="4")
    board = clerk.get(f"{NEEDS}/board?body={body}").json()
    assert (board["triage_days"], board["whole"]["total"], board["whole"]["mean_score"]) == (1, 4, "4.00")
    assert board["by_tag"][0]["answer"]["within_target"] == 3
    assert client_of(worker).get(f"{NEEDS}/board?body={body}").status_code == 404


def test_a_survey_from_draft_to_results():
    story = make_asked(6)
    owner = client_of(story.owner)
    template = owner.get(f"{SURVEYS}/templates").json()[1]
    questions = [{key: one[key] for key in one if key != "number"} for one in template["questions"]]
    made = send(owner, SURVEYS, body=story.body.pk, title="满意度", purpose="satisfaction", questions=questions)
    assert made.status_code == 201
    here = f"{SURVEYS}/{made.json()['id']}"
    assert send(owner, here, "put", title="服务满意度", questions=questions).json()["title"] == "服务满意度"
    closes_at = (timezone.now() + timedelta(days=2)).isoformat()
    assert send(owner, f"{here}/open", closes_at=closes_at).json()["people"] == 6
    given = {1: 5, 2: [5, 4, 3, 4], 3: 1, 4: "多来现场"}
    first = client_of(story.people[0])
    assert first.get(here).json()["waits_for_me"]
    refused = send(first, f"{here}/answer", answers={1: 9})
    assert (refused.status_code, refused.json()["code"]) == (422, "survey_answers_unfit")
    for person in story.people:
        assert send(client_of(person), f"{here}/answer", answers=given).status_code == 204
    assert send(first, f"{here}/answer", answers=given).json()["code"] == "survey_already_answered"
    assert owner.get(f"{here}/results").json()["code"] == "survey_results_not_yet"
    assert send(owner, f"{here}/extend", closes_at=closes_at).status_code == 200
    assert send(owner, f"{here}/close").json()["state"] == "closed"
    results = owner.get(f"{here}/results").json()
    assert (results["answered"], results["questions"][0]["mean"]) == (6, "5.00")
    assert results["questions"][1]["rows"][2]["mean"] == "3.00"
    assert results["questions"][3]["texts"] == ["多来现场"] * 6
    assert first.get(f"{here}/results").status_code == 403
    assert send(owner, f"{here}/copy").status_code == 201


def test_a_survey_of_others_is_not_there_and_one_taken_back_is_gone():
    story = make_asked(6)
    survey = make_open(story, timezone.now())
    here = f"{SURVEYS}/{survey.pk}"
    assert client_of(make_person()).get(here).status_code == 404
    assert send(client_of(story.people[0]), f"{here}/close").status_code == 403
    owner = client_of(story.owner)
    assert send(owner, f"{here}/drop", reason="").json()["code"] == "survey_drop_reason_missing"
    assert send(owner, f"{here}/drop", reason="发错了").json()["state"] == "dropped"
    sheet = {str(number): value for number, value in answers().items()}
    assert send(client_of(story.people[0]), f"{here}/answer", answers=sheet).status_code == 404
    assert client_of(story.owner).get(f"{SURVEYS}?state=dropped&purpose=satisfaction").json()["count"] == 1
    assert client_of(story.owner).get(f"{SURVEYS}?mine=true").json()["count"] == 0


def test_pp_06_the_marks_of_a_draft_count_for_an_item():
    story, now = make_asked(6), timezone.now()
    draft, owner = make_draft(story, now), client_of(story.owner)
    path = f"{SURVEYS}/{draft.pk}/judging"
    given = {"item": "branch_judged_by_staff:body", "judged": story.body.name, "period": f"{now.year}"}

    offered = {row["item"]: row["level"] for row in owner.get(f"{SURVEYS}/items").json()}
    told = send(owner, path, "put", **given).json()

    assert offered["judged_by_staff:unit"] == "team"
    assert (told["judged_item"], told["judged_name"]) == (given["item"], story.body.name)
    assert send(owner, path, "put", **{**given, "item": "nothing"}).json()["code"] == "survey_item_unknown"
    assert send(owner, path, "put", **{**given, "period": "9"}).status_code == 422
    assert send(client_of(story.people[0]), path, "put", **given).status_code in (403, 404)
    assert send(owner, path, "put", item="").json()["judged_item"] == ""
