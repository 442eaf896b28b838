"""`ronghe contractor`: the same acts as the page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.contractors.enums import Gate
from ronghe.domain.contractors.models import Worker
from ronghe.domain.contractors.services.companies import GatesOpen, OwnDecision
from ronghe.kernel.errors import NotFound
from tests.factories.contractors import NOW, credit_code, identity, make_admitted, make_site
from tests.factories.qualifications import teach
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return make_site()


@pytest.fixture
def officer(story):
    return Shell(story.officer, "contractor")


@pytest.fixture
def manager(story):
    return Shell(story.manager, "contractor")


def test_a_company_goes_through_its_acts(story, officer, manager):
    number = officer.told("register", "蜀南油建", credit_code(), "contractor", story.zone.name)["id"]
    for gate in Gate:
        officer.run("gate", number, gate.value, "表1")
    with pytest.raises(GatesOpen):
        manager.run("admit", number)
    officer.run("agreement", number, "1号", "郝安", "2026-09-14", "2027-01-01")
    assert manager.told("admit", number)["state"] == "admitted"
    assert officer.told("check", number, "--problem", "gate_site", "--na", "gate_people")["score"] == "80.0"
    officer.run("suspend", number, "隐患")
    manager.run("resume", number, "整改完")
    manager.run("blacklist", number, "瞒报", "9号")
    officer.run("appeal", number, "不属实")
    [appeal] = officer.told("show", number)["appeals"]
    with pytest.raises(OwnDecision):
        manager.run("decide-appeal", appeal["id"], "维持", "--uphold")
    Shell(story.clerk, "contractor").run("decide-appeal", appeal["id"], "维持", "--uphold")
    assert manager.told("delist", number, "到期")["state"] == "applying"
    assert "没过关" in officer.run("show", number)
    assert manager.told("leave", number, "不来了")["state"] == "left"
    assert [row["id"] for row in officer.told("list", "--state", "left")] == [number]


def test_a_worker_gets_a_pass_and_goes_in_and_out(story, officer):
    company = make_admitted(story)
    number = officer.told("worker", company.pk, "苟长青", identity(), "hired", "--status", "01")["id"]
    teach(story.officer, Worker.objects.get(pk=number).person)
    entry = officer.told("pass", number, "2026-12-31")
    guard = Shell(story.guard, "contractor")
    assert guard.told("enter", entry["code"], story.zone.name)["passed"]
    assert [row["worker"] for row in guard.told("inside", story.zone.name)] == ["苟长青"]
    assert "已在场内" in guard.run("enter", entry["number"], story.zone.name)
    guard.run("enter", entry["number"], story.zone.name, "--out")
    officer.run("revoke-pass", entry["number"], "丢失")

    assert officer.told("end-worker", number)["until_on"] == "2026-09-14"


def test_what_is_unseen_is_not_there(story):
    company = make_admitted(story)
    with pytest.raises(NotFound):
        Shell(story.outsider, "contractor").run("show", company.pk)
