"""`ronghe decision` and `ronghe hearing`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.hearings.enums import GroupKind
from ronghe.domain.hearings.models import Hearing
from ronghe.kernel.errors import NotFound
from tests.factories.decisions import begin, make_committee, make_list, make_sitting
from tests.factories.hearings import make_field, mark
from tests.factories.org import make_account

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


def test_a_matter_goes_from_list_to_report(morning):
    story = make_committee()
    make_list(story, morning)
    for login, person in (("clerk", story.clerk), ("plain", story.member), ("leader", story.members[0])):
        make_account(person, login)
    as_clerk = ("--as", "clerk", "decision")
    entry = next(row["id"] for row in told(*as_clerk, "entries") if row["title"] == "大额资金使用")
    matter = told(*as_clerk, "raise", "--entry", entry, "--title", "防冻材料", "--summary", "三百万元")["id"]
    run(*as_clerk, "checks", matter, "--by", "法律事务", "--opinion", "合规", "--consulted", "财务同意")
    assert told(*as_clerk, "prepare", matter)["state"] == "prepared"
    sitting = make_sitting(story, morning)
    run(*as_clerk, "schedule", matter, sitting.pk)
    begin(story, sitting, morning)
    said = run(
        *as_clerk, "settle", matter, "--decision", "同意", "--yes", "4", "--no", "1", "--dissent", "常有福", "先比价"
    )
    assert "通过" in said
    told(*as_clerk, "part", matter, "常有福", "--title", "组织采购", "--due", "2026-09-30 18:00")
    told(*as_clerk, "report", matter, "running", "--text", "已询价")
    shown = told(*as_clerk, "show", matter)
    assert (shown["state"], len(shown["parts"]), shown["sittings"][0]["votes"]) == ("following", 1, [4, 1, 0])
    assert "防冻材料" in run(*as_clerk, "list", "--state", "following")
    assert "须不少于" in run(*as_clerk, "show", matter)
    assert told("--as", "plain", "decision", "list")["items"] == []
    with pytest.raises(NotFound):
        run("--as", "plain", "decision", "show", matter)


def test_a_sheet_is_drafted_and_read(morning):
    story = make_committee()
    make_account(story.clerk, "clerk")
    make_account(story.members[0], "leader")
    sheet = told("--as", "clerk", "decision", "draft-sheet", "采油一厂党委", "--year", "2026")
    assert sheet["lines"] == 9
    assert told("--as", "clerk", "decision", "sheets")[0]["state"] == "draft"
    assert "书记带头抓" in run("--as", "clerk", "decision", "sheet", sheet["id"])
    assert told("--as", "leader", "decision", "mine") == []
    with pytest.raises(NotFound):
        run("--as", "leader", "decision", "done", 999, "--text", "办了")


def test_a_hearing_goes_from_plan_to_objection(morning):
    story = make_field()
    for login, person in (("clerk", story.field.clerk), ("one", story.secretaries[0]), ("worker", story.workers[0])):
        make_account(person, login)
    as_clerk = ("--as", "clerk", "hearing")
    hearing = told(
        *as_clerk, "plan", "--body", "采油一厂党委", "--chair", "马会军", "--from", "2026-09-28 09:00", "--until",
        "2026-09-28 12:00", "--place", "二楼",
    )["id"]  # fmt: skip
    for group, people in (("members", story.delegates), ("employees", story.workers)):
        run(*as_clerk, "evaluators", hearing, group, *(person.name for person in people))
    mine = next(row["id"] for row in told("--as", "one", "hearing", "show", hearing)["reporters"]
                if row["person"] == "闫国庆")  # fmt: skip
    assert told("--as", "one", "hearing", "report", mine, "--text", "三件事")["version"] == 1
    run(*as_clerk, "open", hearing)
    for kind in GroupKind:
        mark(Hearing.objects.get(), kind, [(1, 1, 1)] * 3, morning)
    assert told(*as_clerk, "count", hearing)["state"] == "counted"
    assert told("--as", "one", "hearing", "object", mine, "--text", "请复核")["state"] == "open"
    run(*as_clerk, "problem", mine, "--text", "记录不全", "--due", "2026-10-30 18:00")
    assert "100.0000" in run(*as_clerk, "show", hearing)
    assert "采油一厂" in told(*as_clerk, "list")["items"][0]["body"]
    assert told("--as", "worker", "hearing", "list")["items"] == []
