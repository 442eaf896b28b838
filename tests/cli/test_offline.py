"""`ronghe offline`: phones and what they reported."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.offline.services.taking import take_acts
from ronghe.domain.rhythm.enums import ActivityType
from ronghe.domain.rhythm.models import Activity
from ronghe.domain.rhythm.services.activities import open_huddle
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.errors import NotFound
from tests.factories.offline import Phone
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_zone()
    make_account(story.lead, "lead")
    make_account(story.secretary, "other")
    make_account(make_person(), "keeper", administrator=Administrator.SECURITY)
    phone = Phone(story.lead, morning, name="3号手机")
    opened = phone.does("open_huddle", morning, body=story.body.pk, activity_type="morning_huddle")
    phone.does("tick", morning, activity=opened, person=story.members[0].pk)
    open_huddle(body=story.body, activity_type=ActivityType.MORNING_HUDDLE, actor=story.secretary, at=morning)
    take_acts(acts=phone.queue, at=morning)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_refused_act_is_listed_and_joined(story):
    [refused] = told("--as", "lead", "offline", "acts", "--refused")
    assert refused["code"] == "huddle_already_there"
    assert "没有收下" in run("--as", "lead", "offline", "acts")
    with pytest.raises(NotFound):
        run("--as", "other", "offline", "join", refused["id"])

    assert told("--as", "lead", "offline", "join", refused["id"])["state"] == "taken"
    assert Activity.objects.get().attendances.count() == 1


def test_void_and_redo(story):
    [refused] = told("--as", "lead", "offline", "acts", "--refused")
    Activity.objects.update(state="called_off")

    assert told("--as", "lead", "offline", "redo", refused["id"])["state"] == "taken"
    assert run("--as", "lead", "offline", "acts").count("已收下") == 2


def test_phones_are_listed_and_stopped(story):
    [device] = told("--as", "keeper", "offline", "devices", "--account", "lead")
    assert (device["person"], device["name"]) == ("刘丽萍", "3号手机")
    assert told("--as", "other", "offline", "devices") == []
    with pytest.raises(NotFound):
        run("--as", "other", "offline", "revoke", device["id"])
    assert "已停用" in run("--as", "lead", "offline", "revoke", device["id"], "--lost-at", "2026-09-14T07:30")
    assert "已停用" in run("--as", "keeper", "offline", "devices")
