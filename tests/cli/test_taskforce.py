"""`ronghe taskforce`: the same acts as the page, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.taskforces.enums import ForceState
from ronghe.domain.taskforces.models import TaskForce
from ronghe.domain.taskforces.services.running import FixesMissing
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.domain.sitemeetings.making import NOW
from tests.factories.org import make_account
from tests.factories.taskforces import make_force_story, make_running

pytestmark = pytest.mark.django_db


def accounts(story):
    for login in ("clerk", "secretary", "leader", "outsider"):
        make_account(getattr(story, login), login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def test_from_a_proposal_to_outcomes_and_the_end():
    story = accounts(make_force_story(at=NOW))
    force = told(
        "--as", "secretary", "taskforce", "propose", story.project.pk, story.branch.pk, "仪陇小组", "陈立", "--member",
        "李江", "--member", "何春", "--guide", "周敏",
    )["id"]  # fmt: skip
    with pytest.raises(NotAllowed):
        run("--as", "secretary", "taskforce", "act", force, "approve")
    run("--as", "clerk", "taskforce", "return", force, "--reason", "再想想")
    run("--as", "secretary", "taskforce", "act", force, "submit")
    assert told("--as", "clerk", "taskforce", "act", force, "approve")["state"] == "approved"
    point = told("--as", "leader", "taskforce", "raise", force, "technical", "协议不统一")["id"]
    with pytest.raises(FixesMissing):
        run("--as", "secretary", "taskforce", "start", force)
    fixed = told(
        "--as", "leader", "taskforce", "fix", point, "李江", "--duty", "李江=调试", "--duty", "何春=组态", "--goal", "降误码",
        "--due", "2026-09-30", "--baseline", "2.5", "--target", "0.1", "--unit", "%",
    )  # fmt: skip
    assert fixed["state"] == "fixed"
    run("--as", "secretary", "taskforce", "start", force)
    run("--as", "leader", "taskforce", "note", point, "降到 1%", "--figure", "1")
    assert told("--as", "leader", "taskforce", "resolve", point, "加装网关", "--actual", "0.08")["state"] == "resolved"
    assert told("--as", "secretary", "taskforce", "clock") == [
        {"kind": "technical", "open": 0, "resolved": 1, "median_hours": 0}
    ]
    run("--as", "secretary", "taskforce", "act", force, "wind_up")
    for kind in ("team", "experience", "brand"):
        run("--as", "leader", "taskforce", "outcome", force, kind, "写明")
    run("--as", "secretary", "taskforce", "act", force, "close")

    assert TaskForce.objects.get().state == ForceState.CLOSED


def test_lists_speak_and_others_find_nothing():
    story = accounts(make_running(NOW))
    number = story.force.pk
    assert "数字化攻关临时党小组" in run("--as", "secretary", "taskforce", "list")
    assert "老站仪表协议不统一" in run("--as", "secretary", "taskforce", "points")
    assert "李江" in run("--as", "secretary", "taskforce", "show", number)
    assert told("--as", "secretary", "taskforce", "show", number)["points"][0]["missing"] == []
    assert told("--as", "outsider", "taskforce", "list") == []
    with pytest.raises(NotFound):
        run("--as", "outsider", "taskforce", "show", number)
    assert told("--as", "leader", "taskforce", "hand-over", story.points[0].pk, "生产科")["state"] == "handed_over"


def test_figure_that_is_none_is_said():
    story = accounts(make_running(NOW))

    for figure in ("abc", "NaN", "1e40"):
        assert "Error" in run("--as", "leader", "taskforce", "note", story.points[0].pk, "x", "--figure", figure)
