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


def send(actor, path, **body):
    return client_of(actor).post(f"/api/v1/playbooks{path}", body, content_type="application/json")


def committee_of(clerk):
    return clerk.posts.get().body


def test_two_playbooks_are_compared(clerk):
    client = client_of(clerk)
    answer = client.get("/api/v1/playbooks/compare?a=branch_base&b=daqing_zone").json()
    kinds = {row["kind"] for row in answer["mechanisms"]}
    assert "only_b" in kinds
    assert client.get("/api/v1/playbooks/compare?a=branch_base&b=no").status_code == 404


def test_own_playbook_goes_from_draft_to_version_and_is_adopted(clerk):
    body = committee_of(clerk)
    draft = send(clerk, "/drafts", body=body.pk, base="branch_base").json()
    assert send(clerk, "/check", text=draft["text"]).json()["ok"]
    text = draft["text"].replace("Practice of", "The practice of")
    saved = send(clerk, f"/drafts/{draft['id']}/save", text=text, revision=1).json()
    late = send(clerk, f"/drafts/{draft['id']}/save", text="x", revision=1)
    assert (late.status_code, late.json()["code"]) == (409, "draft_moved")
    made = send(clerk, f"/drafts/{draft['id']}/put-forward", revision=saved["revision"], note="新").json()
    assert (made["id"], made["version"], made["origin"]) == (f"own_{body.pk}", 1, body.name)

    branch = body.children.get()
    own = made["id"]
    seen = send(clerk, f"/{own}@1/foresee", bodies=[branch.pk], since="2026-10-01").json()
    assert (seen[0]["conflict"], seen[0]["added"] != []) == ("", True)
    batch = send(clerk, f"/{own}@1/adopt-many", bodies=[branch.pk], since="2026-10-01").json()
    assert (batch["state"], batch["done"], batch["refused"]) == ("done", 1, {})
    [row] = client_of(clerk).get("/api/v1/playbooks/adoptions").json()["items"]
    assert send(clerk, f"/adoptions/{row['id']}/end", until="2026-12-31").json()["valid_until"] == "2026-12-31"
    assert client_of(clerk).get(f"/api/v1/playbooks/{own}@1/source").json()["text"] == text


def test_document_is_registered_and_checked(clerk):
    client = client_of(clerk)
    cited = {row["document"] for row in client.get("/api/v1/playbooks/documents").json()}
    assert "branch_regulation" in cited
    given = {"document": "branch_regulation", "version": "2026年修订", "effective_from": "2026-09-01"}
    made = send(clerk, "/documents/registered", body=committee_of(clerk).pk, **given)
    assert (made.status_code, made.json()["waiting"]) == (201, len(made.json()["checks"]))
    check = made.json()["checks"][0]["id"]
    refused = send(clerk, f"/documents/checks/{check}", outcome="to_change")
    assert (refused.status_code, refused.json()["code"]) == (422, "change_without_note")
    assert send(clerk, f"/documents/checks/{check}", outcome="checked").json()["state"] == "checked"
    one = client.get(f"/api/v1/playbooks/documents/registered/{made.json()['id']}").json()
    assert one["waiting"] == made.json()["waiting"] - 1


def test_drafts_of_others_are_not_there(clerk):
    draft = send(clerk, "/drafts", body=committee_of(clerk).pk, base="branch_base").json()
    stranger = make_person("倪春梅", home=make_body("外厂党支部"))
    assert client_of(stranger).get("/api/v1/playbooks/drafts").json() == []
    assert client_of(stranger).get(f"/api/v1/playbooks/drafts/{draft['id']}").status_code == 404
    assert send(stranger, "/drafts", body=committee_of(clerk).pk).status_code == 404
