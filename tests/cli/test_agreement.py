"""`ronghe agreement` and `ronghe project`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.agreement import NoSuchGoal, TextUnreadable
from ronghe.cli.main import cli
from ronghe.domain.agreements.services.goals import ValueUnfit
from ronghe.domain.agreements.services.signing import DigestStale
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.agreements_story import make_draft, make_sides, make_signed
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    sides = make_sides(morning)
    for login, person in (
        ("first", sides.secretaries[0]), ("second", sides.secretaries[1]), ("member", sides.members[0]),
        ("clerk", sides.clerk),
    ):  # fmt: skip
        make_account(person, login)
    return sides


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_from_draft_to_force_and_the_figures(sides, tmp_path):
    first, second = ("--as", "first", "agreement"), ("--as", "second", "agreement")
    number = told(*first, "draft", sides.project.pk, "--partner", sides.bodies[1].pk)["id"]
    file = tmp_path / "text.json"
    data = json.loads(run(*second, "text", number))
    data["sections"][0]["text"] = "先通信。"
    file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    made = told(*second, "revise", number, file, "--note", "收窄")
    assert made["version"] == 2
    assert [one["what"] for one in told(*first, "waiting")] == ["consent"]

    for login in (first, second):
        told(*login, "consent", number, "--version", 2)
    with pytest.raises(DigestStale):
        run(*first, "sign", number, "--digest", "0" * 64)
    for login in (first, second):
        found = told(*login, "sign", number, "--digest", made["digest"])
    assert found["state"] == "in_force"

    goal = told(*first, "show", number)["goals"][0]
    assert told(*first, "read", number, goal["key"], "1.5", "--evidence", "台账")["value"] == "1.5"
    assert "1.5" in run(*first, "show", number)
    assert told(*first, "review", number, "--conclusion", "好。")["review_on"] == "2026-12-14"
    assert told(*first, "end", number, "--how", "broken_off", "--reason", "项目划出")["state"] == "ended"
    assert "共 1 份" in run("--as", "clerk", "agreement", "list", "--state", "ended")


def test_what_cannot_be_done_is_said(sides, morning, tmp_path):
    agreement = make_signed(sides, morning)
    file = tmp_path / "text.json"
    file.write_text("{}", "utf-8")

    with pytest.raises(TextUnreadable):
        run("--as", "first", "agreement", "revise", agreement.pk, file)
    with pytest.raises(NoSuchGoal):
        run("--as", "first", "agreement", "read", agreement.pk, "nothing", "1")
    with pytest.raises(ValueUnfit):
        run("--as", "first", "agreement", "read", agreement.pk, "talks", "viel")
    with pytest.raises(NotFound):
        run("--as", "first", "agreement", "show", 999999)
    with pytest.raises(NotFound):
        run("--as", "first", "agreement", "draft", sides.project.pk, "--partner", 999999)


def test_who_may_not_act_is_told(sides, morning):
    agreement = make_signed(sides, morning)

    with pytest.raises(NotAllowed):
        run("--as", "member", "agreement", "read", agreement.pk, "talks", "1")
    with pytest.raises(NotAllowed):
        run("--as", "member", "agreement", "draft", sides.project.pk, "--partner", sides.bodies[1].pk)
    with pytest.raises(NotFound):
        run("--as", "member", "agreement", "show", make_draft(sides, morning).pk)


def test_a_refusal_leads_back(sides, morning):
    from tests.factories.agreements_story import agree_all

    agreement = agree_all(make_draft(sides, morning), sides, morning)

    assert told("--as", "first", "agreement", "refuse", agreement.pk, "--reason", "不妥")["state"] == "negotiating"


def test_paper_is_written(sides, morning, tmp_path):
    agreement = make_signed(sides, morning)

    for name, begins in (("a.pdf", b"%PDF"), ("a.docx", b"PK")):
        run("--as", "member", "agreement", "print", agreement.pk, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_projects_from_register_to_take_back(sides):
    first = ("--as", "first", "project")
    made = told(*first, "register", "喇十七注水站", "--body", sides.bodies[0].pk, "--kind", "new_build", "--from",
                "2026-09-01", "--until", "2026-12-01", "--yuan", 5)  # fmt: skip
    assert told(*first, "start", made["id"], "--day", "2026-09-10")["state"] == "under_way"
    assert told(*first, "complete", made["id"])["state"] == "completed"
    assert told(*first, "take-back", made["id"])["state"] == "under_way"
    assert told(*first, "call-off", made["id"])["state"] == "called_off"
    assert [row["name"] for row in told(*first, "list", "--search", "喇十七")] == ["喇十七注水站"]
    assert "共 2 个项目" in run(*first, "list")
    with pytest.raises(NotAllowed):
        run("--as", "member", "project", "start", sides.project.pk)
    with pytest.raises(NotFound):
        run("--as", "second", "project", "start", sides.project.pk)
