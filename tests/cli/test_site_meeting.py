"""`ronghe site-meeting`: the same order and the same refusals as on the page."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.sitemeetings.services.chains import MeetingLocked
from ronghe.domain.sitemeetings.services.settling import MindsUnsaid
from ronghe.kernel.errors import NotFound
from tests.domain.sitemeetings.making import HAZARDS, NOW, PLACE
from tests.factories.org import make_account
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_running(NOW)
    for login in ("leader", "outsider"):
        make_account(getattr(story, login), login)
    make_account(story.members[0], "lijiang")
    make_account(story.members[2], "tangyong")
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_sd_05_morning_in_order_with_a_late_comer(story, tmp_path):
    chain = told(
        "--as", "leader", "site-meeting", "begin", story.body.name, PLACE, "重要论述", "--safety", HAZARDS, "--technical",
        "先断后接",
    )["id"]  # fmt: skip
    with pytest.raises(MeetingLocked):
        run("--as", "leader", "site-meeting", "open", chain, "safety")
    for login in ("leader", "lijiang"):
        assert told("--as", login, "site-meeting", "sign", chain, "group")["digest"]
    with pytest.raises(MindsUnsaid):
        run("--as", "leader", "site-meeting", "close", chain, "group")
    assert told("--as", "leader", "site-meeting", "settle", chain) == {"settled": 2}
    run("--as", "leader", "site-meeting", "close", chain, "group")
    assert told("--as", "leader", "site-meeting", "text", chain, "safety", "吊装：停", "触电：断电")["version"] == 2
    for meeting in ("safety", "technical"):
        run("--as", "leader", "site-meeting", "open", chain, meeting)
        for login in ("leader", "lijiang"):
            run("--as", login, "site-meeting", "sign", chain, meeting)
        run("--as", "leader", "site-meeting", "close", chain, meeting)
    run("--as", "leader", "site-meeting", "late", chain, "唐勇")
    assert "唐勇  未交底" in run("--as", "leader", "site-meeting", "show", chain)
    run("--as", "tangyong", "site-meeting", "sign-late", chain)
    assert all(person["may_work"] for person in told("--as", "leader", "site-meeting", "show", chain)["people"])
    target = tmp_path / "三会.pdf"
    run("--as", "leader", "site-meeting", "record", chain, "-o", target)

    assert target.read_bytes()[:4] == b"%PDF"
    assert "Error" in run("--as", "leader", "site-meeting", "record", chain, "-o", tmp_path / "三会.txt")
    assert "三会已开完" in run("--as", "leader", "site-meeting", "list")
    assert told("--as", "leader", "site-meeting", "list", "--open") == []


def test_day_is_called_off_and_others_find_nothing(story):
    chain = told("--as", "leader", "site-meeting", "begin", story.body.pk, PLACE, "重要论述")["id"]
    with pytest.raises(NotFound):
        run("--as", "outsider", "site-meeting", "show", chain)
    assert told("--as", "outsider", "site-meeting", "list") == []
    run("--as", "lijiang", "site-meeting", "sign", chain, "group")
    assert "已记离场" in run("--as", "leader", "site-meeting", "left", chain, "李江")
    again = told("--as", "leader", "site-meeting", "begin", story.body.pk, "中控室", "重要论述")["id"]

    assert told("--as", "leader", "site-meeting", "off", again, "--reason", "暴雨")["stage"] == "called_off"
