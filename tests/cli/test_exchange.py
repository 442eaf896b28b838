"""`ronghe exchange`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.exchange.models import Lecture, PairProgramme
from ronghe.domain.exchange.services.pairs import draft_pair, submit_pair
from ronghe.kernel.errors import NotFound
from tests.factories.exchange import make_given, make_pair, make_running, pair_text
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story(morning):
    story = make_running(morning)
    for login, person in (
        ("shuji", story.secretary), ("tudi", story.members[0]), ("shifu", story.leader), ("bieren", story.outsider),
    ):  # fmt: skip
        make_account(person, login)
    return story


def run(login, *arguments, typed=None):
    done = CliRunner().invoke(cli, ["--as", login, "exchange", *(str(argument) for argument in arguments)], input=typed)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def told(login, *arguments, typed=None):
    return json.loads(run(login, *arguments, "--json", typed=typed))


def test_a_programme_on_the_command_line(story):
    span = ("--from", "2026-09-01", "--until", "2026-12-31", "--place", "攻关室")
    number = told("shuji", "programme", "open", "--task-force", story.force.pk, *span)["id"]
    assert "写一样" in CliRunner().invoke(cli, ["--as", "shuji", "exchange", "programme", "open", *span]).output
    line = told("shuji", "programme", "add", number, "--month", "2026-10", "--topic", "受限空间", "--kind", "safety",
                "--preparer", "陈立")["id"]  # fmt: skip
    run("tudi", "programme", "ask", line, "--text", "监护人做什么？")
    planned = told("shuji", "programme", "plan", line, "--from", "2026-10-08 09:00", "--until", "2026-10-08 10:00")
    assert planned["left_out"] == []
    assert [month["state"] for month in told("tudi", "programme", "show", number)["months"]][:2] == ["due", "planned"]
    assert "受限空间" in run("tudi", "programme", "show", number)
    assert "空着 0 个月" in run("shuji", "programme", "list")
    with pytest.raises(NotFound):
        run("bieren", "programme", "show", number)


def test_a_lecture_on_the_command_line(story, morning):
    number = told("tudi", "lecture", "offer", "--title", "机封怎么换", "--for", "维修班")["id"]
    assert told("shifu", "lecture", "want", number)["wanted"] == 1
    run("shuji", "lecture", "plan", number, "--body", story.branch.pk, "--from", "2026-10-08 09:00", "--until",
        "2026-10-08 10:00", "--place", "会议室")  # fmt: skip
    assert "1 人想听" in run("shuji", "lecture", "list", "--search", "机封")
    make_given(Lecture.objects.get(), story, morning, listeners=[story.leader])
    assert told("shifu", "lecture", "rate", number, "--useful", 5, "--clear", 4)["session"]
    with pytest.raises(NotFound):
        run("shuji", "lecture", "rate", number, "--useful", 5, "--clear", 4)
    assert told("tudi", "mine")["taught"] == 1


def test_a_pair_on_the_command_line(story, morning):
    pair = make_pair(story, morning)
    assert told("shuji", "pair", "list", "--state", "without")["items"][0]["state"] is None
    programme = draft_pair(pair=pair, given=pair_text(story, morning), actor=pair.mentor, at=morning)
    submit_pair(programme=programme, actor=pair.mentor, at=morning)
    assert run("shifu", "pair", "sign", pair.pk, typed="n\n") == ""
    for login in ("shifu", "tudi", "shuji"):
        assert "已签字" in run(login, "pair", "sign", pair.pk, typed="y\n")
    assert PairProgramme.objects.get().state == "running"
    run("tudi", "pair", "note", pair.pk, "--text", "换了表")
    done = told("shuji", "pair", "review", pair.pk, "--mentor", "肯学", "--apprentice", "会了", "--figure", "1=12", "--met",
                "2", "--outcome", "passed")  # fmt: skip
    assert done["outcome"] == "passed"
    bad = CliRunner().invoke(
        cli,
        [
            "--as",
            "shuji",
            "exchange",
            "pair",
            "review",
            str(pair.pk),
            "--mentor",
            "好",
            "--apprentice",
            "好",
            "--figure",
            "x",
        ],
    )
    assert bad.exit_code == 2


def test_a_visit_on_the_command_line(story):
    number = told("shuji", "visit", "plan", "--body", story.branch.pk, "--host", "信息站党支部", "--purpose", "学网关",
                  "--day", "2026-09-14", "--place", "信息站")["id"]  # fmt: skip
    assert told("shuji", "visit", "hold", number, "李江", "陈立", "--seen", "双人巡检")["state"] == "held"
    gap = told(
        "shuji", "visit", "gap", number, "--indicator", "完好率", "--ours", "92.5", "--theirs", "96", "--unit", "%"
    )
    assert gap["gap"] == "3.5"
    practice = told("shuji", "visit", "take", number, "--title", "双人巡检", "--owner", "李江")["id"]
    settled = told("tudi", "visit", "settle", practice, "--outcome", "adopted", "--figure", "漏检", "--before", "7", "--after",
                   "1", "--unit", "处")  # fmt: skip
    assert settled["change"] == "漏检 7 → 1 处"
    assert told("shuji", "visit", "practices")["rate"] == "100.00"
    assert "落后 3.5" in run("tudi", "visit", "show", number)
    assert "学网关" in run("tudi", "visit", "list")
