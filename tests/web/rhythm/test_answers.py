"""我提的问题: answered, rated with one tap, taken up again; who raised it is not everybody's to read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client

from ronghe.cli.main import cli
from ronghe.domain.org.enums import PostRole
from ronghe.domain.rhythm.models import ProblemAnswer, Visit
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, submit_task
from tests.factories.contacts import make_contacts
from tests.factories.org import make_account, make_post
from tests.web.conftest import text_of

pytestmark = pytest.mark.django_db
MINE = "/rhythm/answers/"


@pytest.fixture
def field(db, now):
    story = make_contacts()
    make_post(story.visitor, PostRole.SECRETARY, body=story.committee)
    return story


@pytest.fixture
def visit(field, as_person):
    as_person(field.visitor).post(f"/rhythm/visits/new/?unit={field.station.pk}", {
        "day": "2026-09-14", "title_1": "浴室热水不够", "assignee_1": field.foreman.pk, "due_1": "2026-09-21T17:30",
        "raiser_1": field.worker.pk, "entry": "abc",
    })  # fmt: skip
    return Visit.objects.get()


@pytest.fixture
def answer(field, visit, now):
    task = Task.objects.select_related("assignee").get()
    submit_task(task=task, actor=field.foreman, at=now, note="换了大的热水器")
    accept_task(task=task, actor=field.visitor, at=now + timedelta(days=1))
    return ProblemAnswer.objects.get()


def test_the_answer_waits_and_is_rated_with_one_tap(field, answer, as_person):
    worker = as_person(field.worker)
    assert "您提的问题有答复了" in text_of(worker.get("/").content.decode())
    assert "换了大的热水器" in text_of(worker.get(MINE).content.decode())

    assert worker.post(f"{MINE}{answer.pk}/rate/", {"rating": "satisfied"}).status_code == 302

    answer.refresh_from_db()
    assert answer.rating == "satisfied"
    assert "您提的问题有答复了" not in text_of(worker.get("/").content.decode())
    worker.post(f"{MINE}{answer.pk}/take-back/")
    answer.refresh_from_db()
    assert answer.rating is None


def test_dissatisfaction_is_seen_by_solver_and_visitor(field, visit, answer, as_person):
    worker, visitor = as_person(field.worker), as_person(field.visitor)
    assert worker.post(f"{MINE}{answer.pk}/rate/", {"rating": "unsatisfied"}).status_code == 422

    worker.post(f"{MINE}{answer.pk}/rate/", {"rating": "unsatisfied", "words": "早上还是凉的"})

    again = Task.objects.latest("pk")
    assert again.assignee == field.foreman
    assert "早上还是凉的" in as_person(field.foreman).get(f"/work/tasks/{again.pk}/").content.decode()
    assert "走访的问题没办好，正在重新办理" in text_of(visitor.get("/").content.decode())
    page = text_of(visitor.get(f"/rhythm/visits/{visit.pk}/").content.decode())
    for words in ("田小雨提的", "不满意", "早上还是凉的", "重新办理的任务", "1 个工作日答复"):
        assert words in page


def test_who_raised_it_stays_unsaid_to_others_of_the_place(field, visit, answer, as_person):
    as_person(field.worker).post(f"{MINE}{answer.pk}/rate/", {"rating": "unsatisfied", "words": "早上还是凉的"})

    page = text_of(as_person(field.youth).get(f"/rhythm/visits/{visit.pk}/").content.decode())

    assert "不满意" in page
    assert "田小雨提的" not in page
    assert "早上还是凉的" not in page


def test_somebody_elses_answer_is_not_there(field, answer, as_person):
    other = as_person(field.youth)
    assert other.post(f"{MINE}{answer.pk}/rate/", {"rating": "satisfied"}).status_code == 404
    assert other.post(f"{MINE}{answer.pk}/take-back/").status_code == 404


def test_the_list_of_visits_tells_no_share_of_one(field, answer, as_person, django_assert_max_num_queries):
    visitor = as_person(field.visitor)
    visitor.get("/rhythm/visits/")
    with django_assert_max_num_queries(14):
        page = text_of(visitor.get("/rhythm/visits/").content.decode())
    assert "不足 3 个评价，不显示" in page


def test_my_problems_cost_the_same_for_one_and_for_many(field, answer, as_person, django_assert_max_num_queries):
    worker = as_person(field.worker)
    worker.get(MINE)
    with django_assert_max_num_queries(9):
        worker.get(MINE)


def test_the_api_and_the_command_rate_too(field, visit, answer):
    client = Client()
    client.force_login(make_account(field.worker, "tianxy"))
    path = "/api/v1/rhythm/visits/answers"
    assert [row["id"] for row in client.get(path, {"waiting": True}).json()] == [answer.pk]
    assert client.post(f"{path}/{answer.pk}/rating", {"rating": "unsatisfied"},
                       content_type="application/json").status_code == 422  # fmt: skip
    rated = client.post(f"{path}/{answer.pk}/rating", {"rating": "satisfied"}, content_type="application/json")
    assert rated.json()["rating"] == "satisfied"
    assert client.delete(f"{path}/{answer.pk}/rating").json()["rating"] is None

    listed = CliRunner().invoke(cli, ["--as", "tianxy", "contact", "answers", "--waiting"]).output
    assert "换了大的热水器" in listed
    said = CliRunner().invoke(
        cli, ["--as", "tianxy", "contact", "rate", str(answer.pk), "unsatisfied", "--words", "凉"]
    )
    assert "已重新交办" in said.output
    shown = client.get(f"/api/v1/rhythm/visits/{visit.pk}").json()["problems"][0]
    assert shown["raised_by"]["name"] == "田小雨"
    assert [row["rating"] for row in shown["answers"]] == ["unsatisfied"]
