"""`ronghe orglife`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.orglife.models import LifeSession
from ronghe.kernel.errors import NotFound
from tests.factories.org import make_account
from tests.factories.orglife import begin_meeting, fill_in, make_branch, vote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_session_from_the_plan_to_the_corrections(morning):
    story = make_branch()
    for login, person in (
        ("lead", story.secretary), ("organizer", story.organizer), ("one", story.members[0]), ("clerk", story.clerk)
    ):  # fmt: skip
        make_account(person, login)
    lead, one = ("--as", "lead", "orglife"), ("--as", "one", "orglife")
    made = told(
        *lead, "plan", "--body", story.branch.pk, "--theme", "找差距", "--chair", "陈建国", "--from",
        "2026-09-28 14:00", "--place", "会议室",
    )  # fmt: skip
    number = made["id"]
    session = LifeSession.objects.get(pk=number)
    assert told(*one, "statement", number, "--text", "对照")["version"] == 1
    assert "自评已交" in run(*one, "self", number, "qualified", "--text", "差距")
    assert "意见已收下" in run(*one, "opinion", number, "--text", "多下站", "--about", "党员2号")
    run(*lead, "exempt", number, "党员6号", "sick")
    people = [person for person in story.everybody if person != story.members[5]]
    fill_in(session, people, morning)
    begin_meeting(session, people, morning)
    assert told(*lead, "open", number)["state"] == "marking"
    vote(session, people, 2, morning)
    assert told(*lead, "count", number)["state"] == "opinion"
    run(*lead, "grade", number, "党员1号", "excellent", "--reasons", "带头")
    assert "5 人" in run(*lead, "rest", number)
    run("--as", "organizer", "orglife", "rest", number)
    assert told(*lead, "tell", number)["state"] == "told"
    assert "已知悉" in run(*one, "acknowledge", number)
    assert "异议已提出" in run(*one, "object", number, "--text", "请复核")
    line = told(
        *lead, "correct", number, "branch", "杜秀英", "--problem", "下站少", "--measure", "每周一次", "--due",
        "2026-11-30 18:00",
    )["id"]  # fmt: skip
    assert "已转入" in run(*lead, "carry", number, line, "--reason", "明年")
    shown = told(*lead, "show", number)
    assert (len(shown["members"]), len(shown["corrections"])) == (9, 1)
    assert "党员1号" in run(*lead, "show", number)
    assert told("--as", "clerk", "orglife", "overview", "--body", story.committee.pk)[0]["members"] == 9
    assert told("--as", "clerk", "orglife", "leaders", "--body", story.committee.pk) == []
    assert str(number) in run(*lead, "list")
    with pytest.raises(NotFound):
        run(*lead, "show", 999)
