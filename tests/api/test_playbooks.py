from __future__ import annotations

import pytest
from django.test import Client

from ronghe.domain.org.enums import PartyOrgKind, PostRole
from tests.factories.org import make_account, make_body, make_person, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    committee = make_body("采油一厂党委", kind=PartyOrgKind.COMMITTEE)
    make_body("注水队党支部", parent=committee)
    person = make_person("温书宁")
    make_post(person, PostRole.COMMITTEE_CLERK, body=committee)
    return person


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def test_list_names_the_shipped_models(clerk):
    answer = client_of(clerk).get("/api/v1/playbooks/").json()

    assert {row["id"]: row["title"] for row in answer}["daqing_zone"] == "一区两部三化"


def test_one_playbook_tells_its_six_institutions(clerk):
    answer = client_of(clerk).get("/api/v1/playbooks/daqing_zone").json()

    titles = {row["title"] for row in answer["details"]}
    assert {"联席会议", "早晚碰头", "协作区主题党日", "“2+1”考核", "分包商及外雇工安全管理", "承包商安全管理"} <= titles


def test_unknown_playbook_is_not_there(clerk):
    assert client_of(clerk).get("/api/v1/playbooks/nothing").status_code == 404


def test_adopting_dates_obligations(clerk):
    client = client_of(clerk)
    branch = next(row for row in client.get("/api/v1/org/bodies").json()["items"] if row["kind"] == "branch")

    answer = client.post(
        "/api/v1/playbooks/branch_base/adopt", {"body": branch["id"], "since": "2026-01-01"},
        content_type="application/json",
    )  # fmt: skip

    assert (answer.status_code, answer.json()["playbook"]) == (200, "branch_base@2")
    assert client.get("/api/v1/obligations/?state=all").json()["count"] > 0
    assert client.get("/api/v1/playbooks/adoptions").json()["count"] == 1


def test_a_member_adopts_nothing(clerk):
    branch = make_body("检修队党支部")
    member = make_person("王五", home=branch)

    answer = client_of(member).post(
        "/api/v1/playbooks/branch_base/adopt", {"body": branch.pk, "since": "2026-01-01"},
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 403
