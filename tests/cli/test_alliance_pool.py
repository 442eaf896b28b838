"""`ronghe alliance` and `ronghe pool`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.kernel.errors import NotFound
from tests.factories.alliances import NOW, make_alliance, make_difficulty
from tests.factories.org import make_account
from tests.factories.pools import make_pool

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_difficulty_on_the_command_line():
    story = make_alliance()
    one = make_difficulty(story).pk
    make_account(story.secretary, "secretary")
    make_account(story.outsider, "outsider")
    assert [row["id"] for row in told("--as", "secretary", "alliance", "list")] == [story.alliance.pk]
    assert (
        told("--as", "secretary", "alliance", "contact", story.alliance.pk, "--settled", "会商")["next_on"]
        == "2026-10-14"
    )
    assert told("--as", "zhenfu", "alliance", "claim", one)["state"] == "raised"
    assert told("--as", "secretary", "alliance", "claim", one)["state"] == "claimed"
    assert "进展" in run("--as", "zhenfu", "alliance", "progress", one, "--text", "已受理", "--next", "ours")
    assert "用地审批" in run("--as", "secretary", "alliance", "difficulties", story.alliance.pk)
    assert told("--as", "secretary", "alliance", "resolve", one, "--text", "已批复")["state"] == "resolved"
    with pytest.raises(NotFound):
        run("--as", "outsider", "alliance", "claim", one)


def test_a_booking_on_the_command_line():
    story = make_pool()
    make_account(story.borrower, "borrower")
    assert [row["title"] for row in told("--as", "borrower", "pool", "list")] == ["活动板房"]
    made = told(
        "--as", "borrower", "pool", "book", story.item.pk, "2026-09-14 09:00", "2026-09-14 11:00", "--purpose", "开会"
    )
    assert made["state"] == "approved"
    assert told("--as", "borrower", "pool", "cancel", made["id"])["state"] == "cancelled"
    assert told("--as", "borrower", "pool", "moods") == []
