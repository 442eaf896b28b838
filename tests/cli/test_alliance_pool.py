"""`ronghe alliance` and `ronghe pool`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.cli.pool_moods import FollowUpUnreadable
from ronghe.domain.pools.enums import FollowUpWay, MoodLevel, MoodTopic
from ronghe.domain.pools.models import MoodNote
from ronghe.domain.pools.services.moods import FollowUp, note_mood
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import NotFound
from tests.factories.alliances import NOW, make_alliance, make_difficulty
from tests.factories.org import make_account, make_person
from tests.factories.pools import make_pool
from tests.factories.ways_in import Shell

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


@pytest.mark.parametrize("of", ["zone", "agreement"])
def test_a_booking_on_the_command_line(of):
    story = make_pool(of)
    make_account(story.borrower, "borrower")
    make_account(story.keeper, "keeper")
    assert [row["title"] for row in told("--as", "borrower", "pool", "list", "--pool", story.pool.key)] == ["活动板房"]
    made = told(
        "--as", "borrower", "pool", "book", story.item.pk, "2026-09-14 09:00", "2026-09-14 11:00", "--purpose", "开会"
    )
    assert made["state"] == "approved"
    moved = told("--as", "borrower", "pool", "move", made["id"], "2026-09-15 09:00", "2026-09-15 11:00")
    assert moved["starts_at"].startswith("2026-09-15T09:00")
    assert "活动板房" in run("--as", "borrower", "pool", "bookings")
    assert told("--as", "keeper", "pool", "settle", made["id"], "cancel")["state"] == "cancelled"
    assert [row["state"] for row in told("--as", "borrower", "pool", "bookings")] == ["cancelled"]


@pytest.mark.parametrize("of", ["zone", "agreement"])
def test_a_pool_its_sides_and_its_balance_on_the_command_line(of):
    story = make_pool(of)
    make_account(story.keeper, "keeper")
    make_account(make_person("外人"), "outsider")
    assert story.pool.key in [row["key"] for row in told("--as", "keeper", "pool", "pools")]
    assert story.host.key in [row["key"] for row in told("--as", "keeper", "pool", "parts")]
    offered = told("--as", "keeper", "pool", "offer", "吊车", "--kind", "vehicle", "--part", story.host.key)
    assert (offered["pool"], offered["side"]) == (story.pool.key, story.host.side.name)
    rows = told("--as", "keeper", "pool", "balance", story.pool.key, "2026-09-01", "2026-10-01")
    assert {row["side"]: row["offered"] for row in rows} == {story.host.side.name: 2, story.builder.side.name: 0}
    assert "拿出 2" in run("--as", "keeper", "pool", "balance", story.pool.key, "2026-09-01", "2026-10-01")
    for refused in (["balance", story.pool.key, "2026-09-01", "2026-10-01"], ["list", "--pool", story.pool.key]):
        with pytest.raises(NotFound):
            run("--as", "outsider", "pool", *refused)


@pytest.mark.parametrize("of", ["zone", "agreement"])
def test_moods_and_what_is_to_be_followed_up_on_the_command_line(of):
    story = make_pool(of)
    note_mood(
        part=story.builder, level=MoodLevel.ATTENTION, topics=[MoodTopic.PAY], people=6, text="盼着早些发放",
        actor=story.noter, at=NOW, follow_ups=[FollowUp(FollowUpWay.TALK, story.borrower, NOW.date())],
    )  # fmt: skip
    make_account(story.noter, "noter")
    make_account(story.borrower, "borrower")
    assert [row["level"] for row in told("--as", "noter", "pool", "moods", "--pool", story.pool.key)] == ["attention"]
    assert told("--as", "borrower", "pool", "moods") == []
    (owed,) = told("--as", "borrower", "pool", "follow-ups")
    assert told("--as", "borrower", "pool", "followed-up", owed["id"])["side"] == story.builder.side.name
    assert told("--as", "borrower", "pool", "follow-ups") == []


def test_a_mood_is_noted_and_its_words_read_on_the_record(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_pool()
    shell, side = Shell(story.noter, "pool"), story.builder.key
    said = ("note-mood", side, "uneasy", "--topic", "pay", "--people", 3, "--text", "工资晚了")
    with pytest.raises(NotFound):
        Shell(story.borrower, "pool").run(*said)
    for wrong in ("talk;没有", "sing;施工员;2026-10-01"):
        with pytest.raises(FollowUpUnreadable):
            shell.run(*said, "--follow-up", wrong)
    made = shell.told(*said, "--follow-up", "talk;施工员;2026-10-01")
    assert [row.person for row in MoodNote.objects.get(pk=made["id"]).follow_ups.all()] == [story.borrower]
    looks = Look.objects.count()
    assert shell.told("read-mood", made["id"]) == {"text": "工资晚了"}
    assert Look.objects.count() == looks + 1
    with pytest.raises(NotFound):
        Shell(story.borrower, "pool").run("read-mood", made["id"])
