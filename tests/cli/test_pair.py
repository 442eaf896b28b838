"""`ronghe pair`: the same acts as the page, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.pairing.models import PowerUse
from ronghe.domain.pairing.services.powers import PowerListed
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.domain.pairing.making import NOW, make_story
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_story()
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


def test_from_pairing_to_a_proposal_returned(story):
    pair = told("--as", "secretary", "pair", "link", story.group.pk, story.team.pk, "--since", "2026-09-01")["id"]
    with pytest.raises(NotAllowed):
        run("--as", "secretary", "pair", "appoint", pair, "罗一鸣")
    assert told("--as", "clerk", "pair", "appoint", pair, "罗一鸣")["leader"] == "罗一鸣"
    power = told("--as", "secretary", "pair", "grant", pair, "honour_proposal", "--document", "九号")["id"]
    assert [row["id"] for row in told("--as", "leader", "pair", "powers")] == [power]
    use = told("--as", "leader", "pair", "use", power, "--text", "荐为先进", "--person", "焊工老刘")["id"]
    assert [row["id"] for row in told("--as", "secretary", "pair", "uses", "--waiting")] == [use]
    assert told("--as", "secretary", "pair", "return", use, "--reason", "先公示")["state"] == "returned"
    assert "第一党小组" in run("--as", "secretary", "pair", "list")
    assert "honour_proposal" in run("--as", "leader", "pair", "powers")
    assert "荐为先进" in run("--as", "leader", "pair", "uses")


def test_others_find_nothing(story):
    pair = told("--as", "secretary", "pair", "link", story.group.pk, story.team.pk)["id"]

    assert told("--as", "outsider", "pair", "list") == []
    with pytest.raises(NotFound):
        run("--as", "outsider", "pair", "grant", pair, "attendance", "--document", "九号")
    with pytest.raises(NotFound):
        run("--as", "leader", "pair", "use", 99)
    assert not PowerUse.objects.exists()


def test_a_leader_is_proposed_and_declined_a_power_listed_and_taken_back_and_the_pair_ended(story):
    pair = told("--as", "secretary", "pair", "link", story.group.pk, story.team.pk, "--since", "2026-09-01")["id"]
    with pytest.raises(NotFound):
        run("--as", "clerk", "pair", "decline", pair)
    assert told("--as", "secretary", "pair", "propose", pair, "罗一鸣")["person"] == "罗一鸣"
    with pytest.raises(NotAllowed):
        run("--as", "secretary", "pair", "decline", pair)
    assert told("--as", "clerk", "pair", "decline", pair)["state"] == "declined"
    run("--as", "clerk", "pair", "appoint", pair, "罗一鸣")
    with pytest.raises(NotAllowed):
        run("--as", "leader", "pair", "list-power", pair, "调整班次", "order")
    listed = told("--as", "clerk", "pair", "list-power", pair, "调整班次", "order")
    with pytest.raises(PowerListed):
        run("--as", "clerk", "pair", "list-power", pair, "调整班次", "order")
    power = told("--as", "secretary", "pair", "grant", pair, listed["code"], "--document", "九号")["id"]
    assert told("--as", "secretary", "pair", "withdraw", power, "--until", "2026-10-01")["valid_until"] == "2026-10-01"
    assert told("--as", "secretary", "pair", "end", pair, "2026-11-01")["valid_until"] == "2026-11-01"
