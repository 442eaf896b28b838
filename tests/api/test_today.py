"""今日 over the API: the order of the page, one page after another, the same acts and refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.today.models import PutOff
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import submit_task
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import make_task, make_zone

pytestmark = pytest.mark.django_db
HERE = "/api/v1/today"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


@pytest.fixture
def lead(story):
    return client_of(story.lead)


@pytest.fixture
def member(story):
    return client_of(story.members[0])


def test_the_list_is_that_of_the_page(story, member, morning):
    make_task(story, morning - timedelta(hours=20), title="昨晚到期")
    make_task(story, morning, title="今天到期")

    told = member.get(HERE).json()

    assert [(line["title"], line["part"], line["days_late"]) for line in told["items"]] == [
        ("昨晚到期", "now", 1),
        ("今天到期", "today", 0),
    ]
    assert (told["count"], told["pressing"], told["by_topic"], told["next_cursor"]) == (2, 2, {"work": 2}, None)


def test_a_cursor_goes_on_although_the_first_was_done(story, member, morning):
    tasks = [make_task(story, morning + timedelta(minutes=n), title=f"任务{n}") for n in range(5)]
    first = member.get(HERE, {"size": 2}).json()
    assert [line["title"] for line in first["items"]] == ["任务0", "任务1"]
    submit_task(task=tasks[0], actor=story.members[0], at=morning, note="好了")

    second = member.get(HERE, {"size": 2, "cursor": first["next_cursor"]}).json()
    third = member.get(HERE, {"size": 2, "cursor": second["next_cursor"]}).json()

    assert [line["title"] for line in second["items"] + third["items"]] == ["任务2", "任务3", "任务4"]
    assert third["next_cursor"] is None


@pytest.mark.parametrize("query", [{"cursor": "nonsense"}, {"size": 0}, {"size": 51}, {"topic": "nonsense"}])
def test_what_cannot_be_read_is_refused(member, query):
    assert member.get(HERE, query).status_code == 422


def test_topic_and_words_cut_the_list(story, member, morning):
    make_task(story, morning)

    assert member.get(HERE, {"topic": "meeting"}).json()["items"] == []
    assert len(member.get(HERE, {"q": "3号沟"}).json()["items"]) == 1


def test_one_act_by_whoever_may(story, lead, member, morning):
    task = submit_task(task=make_task(story, morning), actor=story.members[0], at=morning, note="好了")
    (line,) = [line for line in lead.get(HERE).json()["items"] if line["inbox"] == "tasks_submitted"]
    assert line["acts"] == [{"id": "accept", "title": "验收"}]
    act = f"{HERE}/tasks_submitted/{task.pk}/do/accept"

    assert member.post(act).status_code == 403
    assert lead.post(act).json() == {"words": "已验收。", "undo": None}
    assert lead.post(act).status_code == 409
    assert Task.objects.get().state == "accepted"
    assert lead.post(f"{HERE}/nowhere/1/do/accept").status_code == 404


def test_putting_off_and_bringing_back(story, member, morning):
    task = make_task(story, morning)
    later = f"{HERE}/tasks/{task.pk}/later"

    answer = member.post(later, {"until": "hour"}, content_type="application/json")
    assert answer.status_code == 200
    told = member.get(HERE).json()
    assert (told["items"], [row["record"] for row in told["put_off"]]) == ([], [task.pk])
    assert member.post(later, {"until": "never"}, content_type="application/json").status_code == 422

    assert member.delete(later).status_code == 204
    assert not PutOff.objects.exists()


def test_load_is_for_whoever_leads(story, lead, member, morning):
    make_task(story, morning)
    busy = story.members[0]
    stranger = client_of(make_person("倪春梅", home=make_body("采油七队党支部")))

    loads = {row["person"]: row for row in lead.get(f"{HERE}/load").json()}
    assert (loads[busy.pk]["open"], loads[busy.pk]["by_kind"]) == (1, {"task": 1})
    assert [row["person"] for row in member.get(f"{HERE}/load").json()] == [busy.pk]
    assert lead.get(f"{HERE}/load/{busy.pk}").json()["week"] == 1
    assert stranger.get(f"{HERE}/load/{busy.pk}").status_code == 404
    assert stranger.get(f"{HERE}/load", {"body": story.body.pk}).status_code == 404


def test_nobody_without_a_log_in(db):
    assert Client().get(HERE).status_code == 401
