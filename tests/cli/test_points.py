"""`ronghe points`: the same as the pages, as JSON and as text."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.items.models import WorkItem
from ronghe.kernel.errors import NotFound
from tests.domain.appraisal.test_ledgers import granted, held
from tests.factories.merits import make_merits
from tests.factories.org import make_account
from tests.factories.rhythm import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_merits(morning)
    for login, person in {"member": story.member, "other": story.other, "top": story.secretary}.items():
        make_account(person, login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_show_members_and_stars(story, morning):
    granted(story, "innovation", morning)
    mine = told("--as", "member", "points", "show")
    assert (mine["total"], mine["grade"], mine["is_final"]) == ("62.00", "one_star", False)
    assert "革新成果" in run("--as", "member", "points", "show")
    with pytest.raises(NotFound):
        run("--as", "other", "points", "show", "--person", story.member.token)
    rows = told("--as", "top", "points", "members", story.branch.pk)
    assert {row["name"]: row["total"] for row in rows}["罗一鸣"] == "62.00"
    assert "罗一鸣  62.00" in run("--as", "top", "points", "members", story.branch.pk)
    assert told("--as", "top", "points", "stars", "--level", "branch") == []
    assert run("--as", "top", "points", "stars") == ""


def test_apply_and_step(story, tmp_path):
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(photo().content.getvalue())
    assert "rescue" in run("--as", "member", "points", "rewards")
    assert told("--as", "member", "points", "rewards")["rewards"][0]["id"] == "discipline"
    words = run(
        "--as", "member", "points", "apply", "rescue", "--title", "避免误操作", "--on", "2026-09-14", "--photo", picture
    )
    item = WorkItem.objects.get(kind="merit")
    assert f"{item.pk}" in words
    run("--as", "top", "item", "step", item.pk, "check")
    item.refresh_from_db()
    assert item.state == "checked"
    with pytest.raises(NotFound):
        run("--as", "member", "points", "apply", "rescue", "--title", "x", "--on", "2026-09-14", "--record", "x:1")


def test_odd_and_look(story, morning):
    for number in range(11):
        held(story, 1, morning - timedelta(minutes=number))
    (row,) = told("--as", "top", "points", "odd", story.branch.pk)
    assert (row["pattern"], row["verdict"]) == ("above", None)
    looked = run("--as", "top", "points", "odd", story.branch.pk, "--look", row["key"], "--verdict", "fine")
    assert "已看，正常" in looked
