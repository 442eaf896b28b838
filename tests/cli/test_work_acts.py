"""Acts of 任务, 回头看, 问需, 档案 and 规则数值 that a page offers, on the command line."""

from __future__ import annotations

import pytest
from django.utils import timezone

from ronghe.domain.needs.models import HelpMoment
from ronghe.domain.structure.services.figures import FigureTooLarge
from ronghe.domain.work.models import Task
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from tests.factories.alliances import NOW, make_alliance
from tests.factories.needs import triaged, worker_of
from tests.factories.rhythm import make_task, make_zone
from tests.factories.ways_in import Api, Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    return make_zone()


def test_a_task_is_given_and_cancelled(story):
    given = ("open", "清理阀池", "--body", story.body.name, "--who", story.members[0].name, "--due", "2026-09-20 18:00")
    with pytest.raises(DomainError):
        Shell(story.members[1], "task").run(*given)
    made = Shell(story.lead, "task").told(*given, "--goal", "见底")
    assert (made["assignee"], made["goal"], made["zone"]) == (story.members[0].name, "见底", story.zone.name)
    with pytest.raises(NotAllowed):
        Shell(story.members[0], "task").run("cancel", made["id"], "--reason", "忙")
    assert Shell(story.lead, "task").told("cancel", made["id"], "--reason", "不用了")["state"] == "cancelled"
    assert Task.objects.get().settling_note == "不用了"


def test_a_finding_is_taken_down_and_a_session_opened_again(story, morning):
    task = make_task(story, morning)
    Task.objects.update(opened_at=morning.replace(day=1), due_at=morning.replace(day=2))
    lead = Shell(story.lead, "lookback")
    session = lead.told("open", "--body", story.body.pk, "--from", "2026-07-01", "--last", "2026-09-30")["id"]
    lead.run("pick", session, "--source", f"work.task:{task.pk}")
    item = story.body.items.get(kind="lookback").pk
    with pytest.raises(NotAllowed):
        Shell(story.members[0], "lookback").run("unpick", session, item)
    lead.run("unpick", session, item)
    with pytest.raises(NotFound):
        lead.run("unpick", session, item)
    lead.run("close", session, "--conclusion", "会要合着开")
    assert not lead.told("reopen", session)["is_closed"]
    with pytest.raises(DomainError):
        lead.run("reopen", session)


def test_pi_01_numbers_are_shown_and_the_look_recorded(story):
    looks = Look.objects.count()
    with pytest.raises(DomainError):
        Shell(story.members[1], "person").run("identity", story.members[0].name)
    assert Look.objects.count() == looks
    assert set(Shell(story.secretary, "person").told("identity", story.members[0].name)) == {"id_number", "phone"}
    assert Look.objects.count() == looks + 1


def test_a_figure_of_a_rule_is_set_by_the_uppermost_office(story):
    office = Shell(story.clerk, "body")
    with pytest.raises(NotAllowed):
        Shell(story.lead, "body").run("figures")
    with pytest.raises(NotAllowed):
        Shell(story.lead, "body").run("set-figure", "sparse.party_duty", 1, "--grounds", "厂党委决定")
    with pytest.raises(FigureTooLarge):
        office.run("set-figure", "sparse.party_duty", 99_999, "--grounds", "厂党委决定")
    assert office.told("set-figure", "sparse.party_duty", 1, "--grounds", "厂党委决定")["figure"] == 1
    assert {row["code"]: row["figure"] for row in office.told("figures")}["sparse.party_duty"] == 1


def test_a_figure_of_a_rule_is_set_over_the_api(story):
    office, lead = Api(story.clerk, "/org/structure"), Api(story.lead, "/org/structure")
    assert lead.get("/figures").status_code == 403
    wanted = {"figure": 1, "grounds": "厂党委决定"}
    assert lead.put("/figures/sparse.party_duty", **wanted).status_code == 403
    assert office.put("/figures/nothing", **wanted).json()["code"] == "no_such_figure"
    assert office.put("/figures/sparse.party_duty", **wanted).json()["figure"] == 1
    assert {row["code"]: row["figure"] for row in office.get("/figures").json()}["sparse.party_duty"] == 1


def test_an_agreed_time_is_called_off(story, morning):
    need = triaged(story, morning, worker_of(story))
    owner = Shell(story.lead, "need")
    owner.run("agree", need.pk, "2026-09-15 09:00", "--link", "6543210")
    moment = HelpMoment.objects.get(item=need)
    with pytest.raises(NotFound):
        owner.run("call-off", need.pk, 999_999)
    assert "已取消" in owner.run("call-off", need.pk, moment.pk)
    with pytest.raises(DomainError):
        owner.run("call-off", need.pk, moment.pk)


def test_a_partners_number_is_read_on_the_record(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    alliance = make_alliance()
    ours, path = Shell(alliance.secretary, "alliance"), f"/alliances/{alliance.alliance.pk}"
    partner = ours.told("add-partner", alliance.alliance.pk, "电科院", "--contact", "李工", "--phone", "0459-1")["id"]
    looks = Look.objects.count()
    assert ours.told("phone", alliance.alliance.pk, partner) == {"phone": "0459-1"}
    assert Api(alliance.secretary, path).post(f"/partners/{partner}/phone").json() == {"phone": "0459-1"}
    assert Look.objects.count() == looks + 2
    assert Api(alliance.clerk_of_town, path).post(f"/partners/{partner}/phone").status_code == 404
    assert Look.objects.count() == looks + 2
