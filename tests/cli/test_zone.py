"""`ronghe zone`: the same acts as the page, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.rhythm.services.zone_endings import TasksLeft
from ronghe.domain.zones.enums import ZoneState
from ronghe.domain.zones.models import CollaborationZone
from ronghe.domain.zones.services.founding import ModeUnexplained
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.agreements import make_agreement_in_force
from tests.factories.org import make_account, make_person, make_unit
from tests.factories.projects import make_project
from tests.factories.rhythm import make_task, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_zone()
    make_account(story.clerk, "clerk")
    make_account(story.lead, "lead")
    make_account(story.members[0], "member")
    make_account(make_person("赵六"), "outsider")
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_from_the_proposal_to_the_start(story, morning):
    project = make_project(body=story.committee, unit=story.committee.unit, actor=story.clerk, at=morning)
    make_agreement_in_force(project=project, branches=[story.branch, story.committee], at=morning)
    clerk, body = ("--as", "clerk", "zone"), story.committee.pk

    assert told(*clerk, "advise", body, "--project", project.pk)["mode"] == "project_based"
    with pytest.raises(ModeUnexplained):
        run(*clerk, "propose", body, "甲区", "--project", project.pk, "--mode", "area_based")
    made = told(*clerk, "propose", body, "甲区", "--project", project.pk, "--mode", "project_based", "--pilot")
    pk = made["id"]
    told(*clerk, "join", pk, story.committee.unit_id, "host_site")
    party = told(*clerk, "join", pk, make_unit(parent=story.committee.unit).pk, "supervisor")
    builder = told(*clerk, "join", pk, make_unit(parent=story.committee.unit).pk, "constructor")
    assert builder["role"] == "constructor"
    assert told(*clerk, "leave", pk, party["id"])["valid_until"] == "2026-09-14"
    assert told(*clerk, "agree", pk)["state"] == "agreed"
    assert told(*clerk, "return", pk, "--reason", "缺监理")["state"] == "proposed"
    run(*clerk, "agree", pk)
    run(*clerk, "approve", pk, "〔2026〕7号")
    assert told(*clerk, "start", pk, story.committee.unit_id)["started_on"] == "2026-09-14"
    assert "安全协议或专职安全员不全" in run(*clerk, "show", pk)
    assert len(told(*clerk, "list", "--state", "running")) == 2


def test_sheet_and_who_answers(story):
    lead, pk = ("--as", "lead", "zone"), story.zone.pk
    lines = told(*lead, "sheet", pk, "--draft")

    changed = told(*lead, "assign", pk, lines[0]["id"], story.members[0].name)

    assert changed["person"] == story.members[0].name
    assert 0 < len(told(*lead, "sheet", pk, "--side", "builder")) < len(lines)


def test_evaluated_and_dissolved(story, morning):
    clerk, pk = ("--as", "clerk", "zone"), story.zone.pk
    make_task(story, morning)
    run("--as", "lead", "zone", "evaluate", pk, "--effects", "好", "--problems", "少", "--lessons", "多")
    run("--as", "lead", "zone", "comment", pk, story.zone.participating_units.first().pk, "同意")

    assert told(*clerk, "ending", pk)["tasks"] == 1
    with pytest.raises(TasksLeft):
        run(*clerk, "dissolve", pk, "--reason", "投产")
    assert told(*clerk, "dissolve", pk, "--reason", "投产", "--hand-over")["ended"]["units"] == 2
    assert CollaborationZone.objects.get().state == ZoneState.DISSOLVED
    assert "协作区解散" in run(*clerk, "archive", pk)


def test_withdrawn_before_the_start_only(story):
    with pytest.raises(Exception, match="运行中"):
        run("--as", "clerk", "zone", "withdraw", story.zone.pk)


def test_what_one_may_not_is_refused(story):
    with pytest.raises(NotFound):
        run("--as", "outsider", "zone", "show", story.zone.pk)
    assert told("--as", "outsider", "zone", "list") == []
    with pytest.raises(NotAllowed):
        run("--as", "member", "zone", "agree", story.zone.pk)
    with pytest.raises(NotAllowed):
        run("--as", "member", "zone", "ending", story.zone.pk)


def test_contacts_and_posts_from_the_command_line(story):
    party, member = story.zone.participating_units.order_by("pk")[0], story.members[0]
    lead, clerk = ("--as", "lead", "zone"), ("--as", "clerk", "zone")

    assert told(*lead, "contact", story.zone.pk, party.pk, member.name)["contact"] == member.name
    assert "不再有联系人" in run(*lead, "contact", story.zone.pk, party.pk)
    made = told(*clerk, "appoint", story.zone.pk, "hse_officer", member.name)
    assert made["person"] == member.name
    assert "安全管理" in run(*lead, "posts", story.zone.pk)
    with pytest.raises(NotAllowed):
        run(*lead, "appoint", story.zone.pk, "project_manager", member.name)
    assert "已免职" in run(*clerk, "relieve", story.zone.pk, made["id"])
    with pytest.raises(NotFound):
        run(*clerk, "relieve", story.zone.pk, 10**9)


def test_projects_from_the_command_line(story, morning):
    project = make_project(body=story.committee, unit=story.committee.unit, actor=story.clerk, at=morning, name="二期")
    make_agreement_in_force(project=project, branches=[story.branch, story.committee], at=morning)
    clerk = ("--as", "clerk", "zone")

    assert "“二期”已加入" in run(*clerk, "add-project", story.zone.pk, project.pk)
    assert len(told(*clerk, "projects", story.zone.pk)) == 2
    assert "“二期”已退出" in run(*clerk, "remove-project", story.zone.pk, project.pk)
    with pytest.raises(NotFound):
        run(*clerk, "remove-project", story.zone.pk, project.pk)


def test_shut_downs_from_the_command_line_name_their_last_day(story):
    lead = ("--as", "lead", "zone")

    made = told(*lead, "stop", story.zone.pk, "2026-10-01", "2026-10-03", "--reason", "连续暴雨")

    assert (made["from_on"], made["last_on"]) == ("2026-10-01", "2026-10-03")
    assert "2026-10-01 — 2026-10-03  连续暴雨" in run(*lead, "stops", story.zone.pk)
    assert "2026-10-02起复工" in run(*lead, "resume", story.zone.pk, made["id"], "2026-10-02")
    with pytest.raises(NotAllowed):
        run("--as", "member", "zone", "stop", story.zone.pk, "2026-11-01", "2026-11-01", "--reason", "x")
