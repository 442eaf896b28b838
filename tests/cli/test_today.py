"""`ronghe today`: the list of the page as text and as JSON, its acts, and how much lies on whom."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.today.models import PutOff
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import submit_task
from ronghe.kernel.errors import NotFound
from tests.factories.org import make_account
from tests.factories.rhythm import make_task, make_zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_zone()
    make_account(story.lead, "lead")
    make_account(story.members[0], "hand")
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_the_day_is_listed_in_parts(story, morning):
    make_task(story, morning - timedelta(hours=20), title="昨晚到期")
    make_task(story, morning, title="今天到期")

    said = run("--as", "hand", "today")

    assert said.index("现在") < said.index("昨晚到期") < said.index("今天到期")
    assert "超 1 天" in said
    assert "共 2 件，到今天该办 2 件，已办 0 件。" in said


def test_as_json_with_a_topic_and_words(story, morning):
    make_task(story, morning)

    told = json.loads(run("--as", "hand", "today", "--json"))
    assert [(line["title"], line["inbox"], line["part"]) for line in told["items"]] == [("清理3号沟", "tasks", "today")]
    assert json.loads(run("--as", "hand", "today", "--topic", "meeting", "--json"))["items"] == []
    assert json.loads(run("--as", "hand", "today", "--find", "电缆", "--json"))["count"] == 0


def test_an_act_is_named_in_the_list_and_done(story, morning):
    task = submit_task(task=make_task(story, morning), actor=story.members[0], at=morning, note="好了")
    assert f"today do tasks_submitted {task.pk} accept" in run("--as", "lead", "today")

    assert "已验收。" in run("--as", "lead", "today", "do", "tasks_submitted", task.pk, "accept")

    assert Task.objects.get().state == "accepted"
    with pytest.raises(NotFound):
        run("--as", "lead", "today", "do", "nowhere", 1, "accept")


def test_later_and_back(story, morning):
    task = make_task(story, morning)

    assert "2026-09-14 08:40" in run("--as", "hand", "today", "later", "tasks", task.pk)
    assert PutOff.objects.count() == 1
    assert "已放回来。" in run("--as", "hand", "today", "back", "tasks", task.pk)
    assert not PutOff.objects.exists()


def test_load_of_those_one_leads(story, morning):
    make_task(story, morning)
    busy = story.members[0]

    rows = json.loads(run("--as", "lead", "today", "load", "--json"))
    assert {row["name"]: row["open"] for row in rows}[busy.name] == 1
    assert f"{busy.name}  在办 1 · 本周 1  任务 1" in run("--as", "lead", "today", "load", "--person", busy.name)
    assert [row["person"] for row in json.loads(run("--as", "hand", "today", "load", "--json"))] == [busy.pk]
    assert len(json.loads(run("--as", "lead", "today", "load", "--body", story.body.pk, "--json"))) == 4
