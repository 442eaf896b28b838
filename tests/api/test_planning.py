"""四同检查 through the API: the same acts as the pages, the same refusals."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from ronghe.api.v1.planning_shapes import PlanCheckAnswer, PlanGapRow, PlanMatrix, PlanRow
from tests.factories.org import make_account, make_person
from tests.factories.planning import QUARTER, WELDING, make_agreed, make_draft, make_field, make_gathering

pytestmark = pytest.mark.django_db
PLANS = "/api/v1/rhythm/plans"


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def field(db):
    return make_field()


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def get(actor, path):
    return client_of(actor).get(path)


def send(actor, path, **body):
    return client_of(actor).post(path, body, content_type="application/json")


def cell(matrix, aspect, line=0):
    return next(one for one in matrix["lines"][line]["cells"] if one["aspect"] == aspect)


def test_a_plan_goes_from_draft_to_the_closed_quarter(field, morning):
    made = send(field.secretary, PLANS, body=field.branch.pk, period=QUARTER, production_head=field.manager.pk)
    assert made.status_code == 201
    path = f"{PLANS}/{made.json()['id']}"
    item = {"title": WELDING, "kind": "production", "production_owner": field.foreman.pk, "figure": "12", "unit": "道",
            "party_owner": field.organizer.pk, "due_on": "2026-09-25"}  # fmt: skip
    assert (
        send(field.secretary, f"{path}/items", **{**item, "party_owner": field.foreman.pk}).json()["code"]
        == "owners_same"
    )
    send(field.secretary, f"{path}/items", **item)
    send(field.secretary, f"{path}/steps/offer")
    send(field.secretary, f"{path}/confirm/party")
    assert send(field.member, f"{path}/confirm/production").status_code == 403
    assert PlanMatrix(**send(field.manager, f"{path}/confirm/production").json()).state == "agreed"

    make_gathering(field, morning)
    begun = send(field.secretary, f"{path}/rounds/{QUARTER}").json()
    check = cell(begun, "planned")["check"]
    shown = PlanCheckAnswer(**send(field.secretary, f"{PLANS}/checks/{check}/confirm").json())
    assert (shown.state, shown.records[0].is_joint) == ("confirmed", True)
    for aspect in ("assigned", "carried_out"):
        other = cell(begun, aspect)["check"]
        assert send(field.secretary, f"{PLANS}/checks/{other}/confirm").status_code == 409
        send(field.secretary, f"{PLANS}/checks/{other}/waive", reason="随生产部署")
    gap = cell(begun, "appraised")["check"]
    assert send(field.secretary, f"{PLANS}/checks/{gap}/task").status_code == 201
    (row,) = get(field.secretary, f"{PLANS}/gaps").json()
    assert PlanGapRow(**row).check == gap
    ended = PlanMatrix(**send(field.secretary, f"{path}/rounds/{QUARTER}/close").json())
    assert (ended.is_closed, ended.items, ended.joint, ended.gaps) == (True, 1, 0, 1)


def test_choosing_contesting_and_taking_back(field, morning):
    plan = make_agreed(field, morning)
    meeting = make_gathering(field, morning, topics=("杂项",))
    matrix = get(field.secretary, f"{PLANS}/{plan.pk}").json()
    check = f"{PLANS}/checks/{cell(matrix, 'planned')['check']}"
    assert [one["key"] for one in get(field.secretary, f"{check}/choices").json()] == [f"a{meeting.pk}"]
    assert send(field.secretary, f"{check}/evidence", activity=meeting.pk).status_code == 201
    send(field.secretary, f"{check}/confirm")
    assert send(field.foreman, f"{check}/contest", reason="没有研究").json()["state"] == "contested"
    assert send(field.foreman, f"{check}/take-back").json()["state"] == "proposed"


def test_items_are_changed_dropped_and_achieved(field, morning):
    plan = make_agreed(field, morning)
    first, second = (line["id"] for line in get(field.secretary, f"{PLANS}/{plan.pk}").json()["lines"])
    item = {"title": WELDING, "kind": "production", "production_owner": field.foreman.pk, "figure": "14",
            "party_owner": field.organizer.pk, "due_on": "2026-09-25"}  # fmt: skip
    client = client_of(field.secretary)
    assert client.put(f"{PLANS}/items/{first}", item, content_type="application/json").status_code == 422
    changed = client.put(f"{PLANS}/items/{first}", {**item, "reason": "增量"}, content_type="application/json")
    assert (changed.json()["version"], changed.json()["confirmed"]) == (2, [])
    assert len(send(field.secretary, f"{PLANS}/items/{second}/drop", reason="并入").json()["lines"]) == 1
    assert len(send(field.secretary, f"{PLANS}/items/{second}/restore", reason="恢复").json()["lines"]) == 2
    done = send(field.foreman, f"{PLANS}/items/{first}/done", done_on="2026-09-14", result="焊完").json()
    assert done["lines"][0]["done_on"] == "2026-09-14"
    assert send(field.foreman, f"{PLANS}/items/{first}/undone").json()["lines"][0]["done_on"] is None
    assert send(field.secretary, f"{PLANS}/{plan.pk}/head", person=field.foreman.pk).status_code == 200


def test_a_table_is_taken_whole_or_not_at_all(field, morning):
    plan = make_draft(field, morning, titles=())

    def upload(*rows):
        book = Workbook()
        book.active.append(["计划内容", "类别", "目标", "生产负责人", "党建负责人", "完成时限"])
        for row in rows:
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        out.name = "计划.xlsx"
        return client_of(field.secretary).post(f"{PLANS}/{plan.pk}/import", {"table": out})

    good = ["焊接", "生产", "焊完", "杜秀英", "常有福", "2026-09-25"]
    refused = upload(good, ["", "生产", "焊完", "杜秀英", "常有福", "2026-09-25"])
    assert (refused.status_code, refused.json()["code"]) == (422, "plan_rows_refused")
    assert "A3" in refused.json()["detail"]
    assert upload(good).json() == {"items": 1}


def test_the_list_is_what_one_may_see(field, morning):
    make_agreed(field, morning)
    (row,) = get(field.member, f"{PLANS}?state=agreed&year=2026").json()["items"]
    assert (PlanRow(**row).items, PlanRow(**row).gaps) == (2, 8)
    assert get(make_person("外人"), PLANS).json()["items"] == []
