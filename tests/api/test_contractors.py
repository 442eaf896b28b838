"""承包商和门岗 through the API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.api.v1.contractors import ContractorAnswer, WorkerAnswer
from ronghe.domain.contractors.enums import Gate
from tests.factories.contractors import NOW, credit_code, identity, make_admitted, make_pass, make_site, make_worker
from tests.factories.qualifications import teach
from tests.factories.ways_in import Api

pytestmark = pytest.mark.django_db
HERE = "/field/contractors"
TERM = {"signed_on": "2026-09-14", "from_on": "2026-09-14", "until_on": "2027-01-01"}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def story():
    return make_site()


@pytest.fixture
def officer(story):
    return Api(story.officer, HERE)


@pytest.fixture
def manager(story):
    return Api(story.manager, HERE)


def test_a_company_goes_through_its_acts(story, officer, manager):
    given = {"name": "蜀南油建", "credit_code": credit_code(), "kind": "contractor", "body": story.zone.pk}
    assert officer.post(**{**given, "credit_code": "1"}).json()["code"] == "credit_code_wrong"
    company = f"/{officer.post(**given).json()['id']}"
    for gate in Gate:
        officer.post(f"{company}/gates", gate=gate, passed=True, evidence="表1", on="2026-09-14")
    assert manager.post(f"{company}/admit").json()["code"] == "gates_open"
    officer.post(f"{company}/agreements", number="1号", officer="郝安", **TERM)
    admitted = ContractorAnswer(**manager.post(f"{company}/admit").json())
    assert (admitted.state, f"{admitted.agreement_until}") == ("admitted", "2027-01-01")
    lines = {line.id: "ok" for line in admitted.checklist}
    checked = officer.post(f"{company}/checks", answers=lines, on="2026-09-14").json()
    assert [score["score"] for score in checked["scores"]] == ["100.0"]
    officer.post(f"{company}/suspend", reason="隐患")
    assert manager.post(f"{company}/resume", reason="整改完").json()["state"] == "admitted"
    manager.post(f"{company}/list", reason="瞒报", reference="9号")
    appeal = officer.post(f"{company}/appeal", text="不属实").json()["appeals"][0]["id"]
    mine = manager.post(f"/appeals/{appeal}/decide", grants=True, answer="撤销").json()
    assert mine["code"] == "own_decision"
    decided = Api(story.clerk, HERE).post(f"/appeals/{appeal}/decide", grants=False, answer="维持").json()
    assert decided["state"] == "listed"
    assert manager.post(f"{company}/delist", reason="到期").json()["state"] == "applying"
    assert manager.post(f"{company}/leave", reason="不来了").json()["state"] == "left"
    assert [row["name"] for row in officer.get("?state=left").json()["items"]] == ["蜀南油建"]


def test_a_worker_gets_a_pass_and_goes_in_and_out(story, officer):
    company = make_admitted(story)
    given = {"name": "苟长青", "identity": identity(), "employment": "hired", "on": "2026-09-14", "status": "01"}
    made = WorkerAnswer(**officer.post(f"/{company.pk}/workers", **given).json())
    assert "PC-11" in made.bars[0]
    assert officer.post(f"/workers/{made.id}/pass", last_on="2026-10-14").json()["code"] == "pass_barred"
    teach(story.officer, make_worker_person(made.id))
    worker = officer.post(f"/workers/{made.id}/pass", last_on="2026-10-14").json()
    assert (worker["bars"], worker["pass_last_on"]) == ([], "2026-10-14")

    guard = Api(story.guard, "/field/gate")
    assert [site["name"] for site in guard.get().json()] == ["南I-1共建党支部"]
    came = guard.post(code=worker["pass_code"], site=story.zone.pk, direction="in").json()
    assert (came["passed"], came["way"]) == (True, "scanned")
    assert len(guard.get(f"/{story.zone.pk}/inside").json()) == 1
    again = guard.post(code=str(worker["pass_number"]), site=story.zone.pk, direction="in").json()
    assert (again["passed"], again["reasons"]) == (False, ["已在场内，先登记出场"])
    guard.post(code=str(worker["pass_number"]), site=story.zone.pk, direction="out")
    assert len(guard.get(f"/{story.zone.pk}/log").json()) == 3
    assert officer.post(f"/passes/{worker['pass_number']}/revoke", reason="丢失").json()["pass_number"] is None
    assert officer.post(f"/workers/{made.id}/end", on="2026-09-14").json()["until_on"] == "2026-09-14"


def make_worker_person(worker_id):
    from ronghe.domain.contractors.models import Worker

    return Worker.objects.get(pk=worker_id).person


def test_what_is_unseen_is_not_there(story):
    company = make_admitted(story)
    entry = make_pass(story, make_worker(story, company))
    outsider = Api(story.outsider, HERE)

    assert outsider.get(f"/{company.pk}").status_code == 404
    assert outsider.get(f"/workers/{entry.worker_id}").status_code == 404
    assert outsider.get("/workers").json()["items"] == []
    assert outsider.post(f"/passes/{entry.pk}/revoke", reason="x").status_code == 404
    assert Api(story.guard, HERE).post(f"/{company.pk}/suspend", reason="x").status_code == 403
    gate = Api(story.outsider, "/field/gate")
    assert gate.post(code=str(entry.pk), site=story.zone.pk, direction="in").status_code == 404
    refused = Api(story.guard, "/field/gate").post(code="x:y", site=story.zone.pk, direction="in")
    assert refused.json()["code"] == "pass_refused"


def test_the_list_answers_as_declared(story, officer):
    company = make_admitted(story)
    make_worker(story, company)

    [row] = officer.get(f"/workers?contractor={company.pk}").json()["items"]

    assert row["bars"] == ["没有有效的入场证（PC-19）"]
    assert officer.get(f"/{company.pk}").json()["mechanism"] == "contractor_safety"
