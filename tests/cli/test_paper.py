"""`ronghe paper`: the same acts as the page, and checking a code without a log-in."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.kernel.errors import NotFound
from ronghe.kernel.printing.models import PrintedPaper
from tests.factories.org import make_account
from tests.factories.rhythm import make_zone, plan_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_zone()
    make_account(story.lead, "lead")
    make_account(story.members[0], "member")
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run("--as", "lead", "paper", *arguments, "--json"))


def test_a_notice_goes_its_way(story, morning, tmp_path):
    number = told("notice", plan_meeting(story, morning).pk)["id"]
    with pytest.raises(NotFound):
        run("--as", "member", "paper", "show", number)
    assert told("issue", number, "--code", "南一联建")["number"] == "南一联建〔2026〕1号"
    assert "已替" in run("--as", "lead", "paper", "receive", number)
    run("--as", "lead", "paper", "print", number, "-o", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert "没有改过" in run("paper", "check", PrintedPaper.objects.get().digest)
    assert told("withdraw", number, "--why", "写错")["state"] == "withdrawn"
    assert [row["id"] for row in told("list")] == [number]


def test_a_bulletin_of_a_week(story):
    made = told("bulletin", story.body.pk, "--from", "2026-09-07", "--until", "2026-09-13")

    assert "2026年9月7日至9月13日" in told("show", made["id"])["text"]
    assert "不能早于" in run(
        "--as", "lead", "paper", "bulletin", story.body.pk, "--from", "2026-09-07", "--until", "2026-09-01"
    )


def test_an_unknown_code_ends_with_one(story):
    done = CliRunner().invoke(cli, ["paper", "check", "00"])

    assert (done.exit_code, "没有印过" in done.output) == (1, True)
