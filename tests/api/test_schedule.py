"""进度计划 through the API."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronghe.domain.schedule.models import ScheduleTask
from tests.factories.org import make_account
from tests.factories.schedule import PROJECT_2016, make_plan, make_story, task_of

pytestmark = pytest.mark.django_db
HERE = "/api/v1/work/schedule"


@pytest.fixture
def field(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_story(morning)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(actor, path, *, method="post", **body):
    return getattr(client_of(actor), method)(f"{HERE}{path}", body, content_type="application/json")


def test_a_plan_goes_from_its_first_task_to_an_approved_baseline_and_a_report(field):
    planner, key = field.planner, field.project.pk
    assert send(planner, "", project=key).status_code == 201
    assert send(planner, "", project=key).status_code == 404
    lot = send(planner, f"/{key}/lots", name="一标段").json()
    ditch = send(planner, f"/{key}/tasks", name="管沟开挖", days="10", lot=lot["id"], is_key=True)
    assert ditch.status_code == 201
    done = send(planner, f"/{key}/tasks", name="投产", is_milestone=True, stage="commissioned", links="1FS+2天").json()
    assert (done["finish_on"], done["links"]) == ("2026-09-12", [{"predecessor": 1, "kind": "FS", "lag": "+2d"}])

    made = send(planner, f"/{key}/baselines", reason="").json()
    assert send(planner, f"/baselines/{made['id']}/approve", digest=made["digest"]).status_code == 403
    assert send(field.head, f"/baselines/{made['id']}/approve", digest="x").status_code == 409
    assert send(field.head, f"/baselines/{made['id']}/approve", digest=made["digest"]).json()["state"] == "approved"

    told = send(
        planner, f"/tasks/{ditch.json()['id']}/report", kind="finished", day="2026-09-08", started_on="2026-09-01"
    )
    assert (told.json()["percent"], told.json()["slip_days"]) == (100, -2)
    assert send(planner, f"/tasks/{ditch.json()['id']}/take-back").json()["percent"] == 0
    whole = client_of(planner).get(f"{HERE}/{key}").json()
    assert (whole["baseline_on"], len(whole["tasks"])) == ("2026-09-12", 2)
    assert client_of(planner).get(HERE).json()["count"] == 1
    assert client_of(planner).get(f"{HERE}/figures?year=2026").json()["due"] == 1
    assert client_of(planner).get(f"{HERE}/{key}/xml").content.startswith(b"<?xml")


def test_a_task_is_changed_placed_removed_and_restored(field, morning):
    make_plan(field, morning)
    task = task_of(field.project.schedule, 2)
    changed = send(field.planner, f"/tasks/{task.pk}", method="put", name="下沟", days="6", links="1").json()
    assert (changed["name"], changed["minutes"]) == ("下沟", 2880)
    assert send(field.planner, f"/tasks/{task.pk}/place", day="2026-09-20").json()["start_on"] == "2026-09-20"
    assert client_of(field.planner).delete(f"{HERE}/tasks/{task.pk}").status_code == 204
    assert send(field.planner, f"/tasks/{task.pk}/restore").json()["uid"] == 2


@pytest.mark.parametrize(("body", "status"), [
    ({"name": "x" * 256}, 422), ({"name": " "}, 422), ({"name": "x", "days": "-1"}, 422), ({"name": "x", "days": "NaN"}, 422),
    ({"name": "x", "links": "99"}, 422), ({"name": "x", "links": "x"}, 422), ({"name": "x", "lot": 99}, 404),
    ({"name": "x", "person": 999999}, 404), ({"name": "x", "constraint": 8}, 422), ({"name": "x", "after": 999999}, 404),
])  # fmt: skip
def test_bad_input_is_said_in_the_shape_of_refusals(field, morning, body, status):
    make_plan(field, morning)
    assert send(field.planner, f"/{field.project.pk}/tasks", **body).status_code == status
    assert ScheduleTask.objects.count() == 4


def test_a_circle_is_named(field, morning):
    make_plan(field, morning)
    answer = send(
        field.planner, f"/tasks/{task_of(field.project.schedule, 1).pk}", method="put", name="管沟开挖", links="3"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "schedule_links_in_circle")


def test_money_is_entered_vouched_and_withdrawn(field, morning):
    make_plan(field, morning)
    path = f"/{field.project.pk}/money"
    made = send(field.planner, path, kind="estimate", yuan="186000000.00", day="2026-09-01", source="批复").json()
    assert send(field.planner, f"/amounts/{made['id']}/vouch").status_code == 403
    assert send(field.auditor, f"/amounts/{made['id']}/vouch").json()["state"] == "vouched"
    assert client_of(field.planner).get(f"{HERE}{path}").json()["ceiling"] == "186000000.00"
    assert send(field.auditor, f"/amounts/{made['id']}/withdraw", reason="").status_code == 422
    assert send(field.auditor, f"/amounts/{made['id']}/withdraw", reason="作废").json()["state"] == "withdrawn"
    for wrong in ({"yuan": "0"}, {"yuan": "1.001"}, {"kind": "x"}, {"source": " "}, {"lot": 99}):
        body = {"kind": "estimate", "yuan": "1", "day": "2026-09-01", "source": "批复", **wrong}
        assert send(field.planner, path, **body).status_code in (404, 422)


def test_a_file_is_previewed_and_taken_over(field, morning):
    send(field.planner, "", project=field.project.pk)
    file = SimpleUploadedFile("plan.xml", PROJECT_2016.read_bytes())
    answer = client_of(field.planner).post(f"{HERE}/{field.project.pk}/imports", {"file": file})
    found = answer.json()
    assert (answer.status_code, found["counts"]["tasks"], len(found["changes"])) == (201, 12, 12)
    assert send(field.planner, f"/imports/{found['id']}/accept", takes_calendar=True).status_code == 200
    assert send(field.planner, f"/imports/{found['id']}/accept", takes_calendar=True).status_code == 409
    assert ScheduleTask.objects.count() == 12
    bad = client_of(field.planner).post(
        f"{HERE}/{field.project.pk}/imports", {"file": SimpleUploadedFile("x.xml", b"<a/>")}
    )
    assert (bad.status_code, bad.json()["code"]) == (422, "schedule_not_project_xml")


def test_who_gets_what(field, morning):
    make_plan(field, morning)
    key, task = field.project.pk, task_of(field.project.schedule, 1)
    assert client_of(field.worker).get(f"{HERE}/{key}").status_code == 200
    assert client_of(field.stranger).get(f"{HERE}/{key}").status_code == 404
    assert send(field.stranger, f"/tasks/{task.pk}/report", kind="started").status_code == 404
    assert send(field.worker, f"/tasks/{task.pk}/report", kind="started").status_code == 403
    assert send(field.foreman, f"/tasks/{task.pk}/report", kind="started").status_code == 200
    assert send(field.foreman, f"/tasks/{task.pk}/report", kind="x").status_code == 422
    assert send(field.foreman, f"/{key}/tasks", name="x").status_code == 403


def test_lots_days_off_the_calendar_and_the_outline(field, morning):
    schedule = make_plan(field, morning)
    key, lot = field.project.pk, schedule.lots.get()
    assert send(field.planner, f"/lots/{lot.pk}", method="put", name="甲标段").json() == {
        "id": lot.pk, "name": "甲标段", "unit": None
    }  # fmt: skip
    assert send(field.planner, f"/lots/{lot.pk}", method="delete").json()["code"] == "schedule_lot_in_use"
    spare = send(field.planner, f"/{key}/lots", name="乙标段").json()["id"]
    assert send(field.planner, f"/lots/{spare}", method="delete").status_code == 204
    days = {"first_on": "2026-09-07", "last_on": "2026-09-08", "reason": "大风"}
    made = send(field.planner, f"/{key}/days-off", **days).json()
    assert client_of(field.planner).get(f"{HERE}/{key}/days-off").json() == [made]
    assert made["until_on"] == "2026-09-09"
    assert send(field.planner, f"/{key}/days-off", **days).json()["code"] == "schedule_days_off_known"
    assert send(field.stranger, f"/days-off/{made['id']}", method="delete").status_code == 404
    assert send(field.planner, f"/days-off/{made['id']}", method="delete").status_code == 204
    wanted = {"base": "every_day", "begins_on": "2026-09-03"}
    assert send(field.planner, f"/{key}/calendar", method="put", **wanted).json() == wanted
    assert client_of(field.planner).get(f"{HERE}/{key}/calendar").json() == wanted
    assert send(field.planner, f"/{key}/calendar", method="put", **wanted | {"base": "file"}).status_code == 422
    second = task_of(schedule, 2)
    send(field.planner, f"/tasks/{second.pk}", method="put", name="下沟", days="5")
    assert send(field.planner, f"/tasks/{second.pk}/move/in").json()["level"] == 2
    assert send(field.planner, f"/tasks/{second.pk}/move/sideways").status_code == 422
    assert send(field.planner, f"/tasks/{task_of(schedule, 1).pk}/move/up").status_code == 409
