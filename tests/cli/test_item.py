"""`ronghe item` and `ronghe claim`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.item import NoSuchKind, ValueUnreadable
from ronghe.cli.main import cli
from ronghe.domain.items.models import WorkItem
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.items import DUTIES, claimed
from tests.factories.org import make_account
from tests.factories.rhythm import make_zone, photo
from tests.factories.taskforces import make_running

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_zone()
    for login, person in (("lead", story.lead), ("hand", story.members[0]), ("other", story.members[1])):
        make_account(person, login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_an_item_from_raised_to_accepted(story, tmp_path):
    values = [word for name, value in DUTIES.items() for word in ("--set", f"{name}={value}")]
    made = told("--as", "lead", "item", "raise", "claim", "--body", story.body.pk, "--title", "联动", "--due",
                "2026-09-20 18:00", *values)  # fmt: skip
    number = made["id"]
    run("--as", "lead", "item", "step", number, "publish")
    assert "您已领办" in run("--as", "hand", "item", "step", number, "claim")
    run("--as", "hand", "item", "step", number, "sign")
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())
    run("--as", "hand", "item", "note", number, "通了五路", "--percent", "40")
    run("--as", "hand", "item", "step", number, "submit", "--note", "好了", "--photo", picture)
    shown = told("--as", "lead", "item", "show", number)
    assert shown["open_steps"] == ["accept", "return"]
    assert told("--as", "lead", "item", "step", number, "accept", "--set", "score=5")["state"] == "accepted"
    assert WorkItem.objects.get().values["score"] == "5"
    assert "登高系挂" in run("--as", "lead", "item", "show", number)


def test_lists_and_kinds(story, morning):
    claimed(story, morning, story.members[0])

    assert told("--as", "hand", "item", "list", "--mine")["count"] == 1
    assert told("--as", "other", "item", "list", "--mine")["count"] == 0
    assert "领办任务" in run("--as", "lead", "item", "kinds")
    assert "QHSE 职责" in run("--as", "lead", "item", "kinds", "claim")


def test_refusals_say_what_is_there(story, morning):
    item = claimed(story, morning, story.members[0])
    with pytest.raises(NoSuchKind):
        run("--as", "lead", "item", "list", "--kind", "nothing")
    with pytest.raises(ValueUnreadable):
        run("--as", "hand", "item", "step", item.pk, "sign", "--set", "nothing")
    with pytest.raises(NotFound):
        run("--as", "hand", "item", "show", 999_999)
    with pytest.raises(NotAllowed):
        run("--as", "other", "item", "step", item.pk, "sign")


def test_a_claim_sheet_from_drawn_up_to_printed(monkeypatch, morning, tmp_path):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    force = make_running(morning)
    for login, person in (("lead", force.leader), ("secretary", force.secretary), ("hand", force.members[0])):
        make_account(person, login)
    lead, secretary = ("--as", "lead", "claim"), ("--as", "secretary", "claim")
    number = told(*lead, "new", "--force", force.force.pk)["id"]
    run(*lead, "add", number, "--title", "联动", "--goal", "12 路", "--due", "2026-09-20 18:00", "--point",
        force.points[0].pk, "--qhse", "系挂", "--project", "低于 2%", "--member", "教会", "--responsibility", "追到点位")  # fmt: skip
    assert told(*lead, "publish", number)["version"] == 1
    assert "签字" in run(*secretary, "sign", number)
    assert told("--as", "hand", "claim", "free")[0]["title"] == "联动"
    assert told(*lead, "show", number)["tasks"][0]["state"] == "published"
    for name in ("清单.pdf", "清单.docx"):
        run(*lead, "print", number, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5_000
    assert number in [row["id"] for row in told(*lead, "list")]


def test_an_item_is_changed_and_people_come_and_go(story, morning):
    item = claimed(story, morning, story.members[0])
    changed = told("--as", "lead", "item", "change", item.pk, "--title", "联动改造", "--due", "2026-10-01 18:00", "--set",
                   "responsibility=新的", "--reason", "工期改了")  # fmt: skip
    assert (changed["title"], changed["due_at"][:10]) == ("联动改造", "2026-10-01")
    run("--as", "lead", "item", "join", item.pk, story.members[1].name, "helper", "--duty", "拉线")
    assert item.people.get().duty == "拉线"
    run("--as", "other", "item", "leave", item.pk, story.members[1].name)
    assert item.people.get().until is not None
    with pytest.raises(NotFound):
        run("--as", "other", "item", "leave", item.pk + 999, story.members[1].name)
