"""`ronghe benefit` and `ronghe lookback`: the same acts as the pages, as JSON and as text."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.benefit import DaysUnreadable, LineUnreadable, ShareUnreadable
from ronghe.cli.lookback import BoneUnreadable
from ronghe.cli.main import cli
from ronghe.domain.items.models import WorkItem
from ronghe.domain.work.models import Task
from ronghe.domain.work.services.tasks import accept_task, submit_task
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.benefits import make_idea
from tests.factories.lookbacks import closed, make_finding, taken
from tests.factories.org import make_account
from tests.factories.rhythm import make_task, make_zone, photo

pytestmark = pytest.mark.django_db
LINE = "墙体维修,㎡,7000,100,1500,100"


@pytest.fixture
def story(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    story = make_zone()
    people = {"lead": story.lead, "hand": story.members[0], "other": story.members[1], "top": story.secretary,
              "clerk": story.clerk}  # fmt: skip
    for login, person in people.items():
        make_account(person, login)
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_an_idea_from_the_estimate_to_the_book_and_back(story, morning, tmp_path):
    number = make_idea(story, morning).pk
    given = ("--line", LINE, "--days", "90:30", "--basis", "结算单")
    assert told("--as", "hand", "benefit", "estimate", number, *given)["estimated"] == "550,000.00"
    with pytest.raises(NotAllowed):
        run("--as", "hand", "benefit", "approve", number)
    assert "审核通过" in run("--as", "lead", "benefit", "approve", number)
    run("--as", "other", "item", "step", number, "take", "--due", "2026-09-20 18:00")
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo().content.read())
    assert told("--as", "other", "benefit", "realise", number, *given, "--photo", picture)["state"] == "realised"
    shared = told("--as", "lead", "benefit", "share", number, f"{story.members[0].name}=70", f"{story.lead.name}=30")
    assert shared["shares"] == {story.members[0].name: "70", story.lead.name: "30"}
    assert "记入效益账" in run("--as", "top", "benefit", "verify", number)
    assert "550,000.00" in run("--as", "lead", "benefit", "show", number)
    assert told("--as", "lead", "benefit", "book", "--zone", story.zone.pk)["total"]["net"] == "550,000.00"
    run("--as", "clerk", "benefit", "reverse", number, "--reason", "没保持住")
    assert "0.00" in run("--as", "lead", "benefit", "book", "--year", 2026)


def test_what_cannot_be_read_is_said(story, morning):
    number = make_idea(story, morning).pk
    basis = ("--basis", "单")
    for refusal, more in (
        (LineUnreadable, ("--line", "墙,1,2")), (LineUnreadable, ("--line", "墙,㎡,x,1,1,1")),
        (LineUnreadable, ("--line", "墙,㎡,NaN,1,1,1")), (DaysUnreadable, ("--days", "9")),
    ):  # fmt: skip
        with pytest.raises(refusal):
            run("--as", "hand", "benefit", "estimate", number, *more, *basis)
    with pytest.raises(ShareUnreadable):
        run("--as", "hand", "benefit", "share", number, "甲")
    with pytest.raises(NotFound):
        run("--as", "hand", "benefit", "show", make_finding(story, morning).pk)
    assert "已定" in run("--as", "clerk", "benefit", "limit", "--body", story.committee.pk, "--amount", "200000")


def test_a_finding_from_the_analysis_to_the_recurrence(story, morning):
    number = taken(story, morning).pk
    deep = (
        "--behind",
        "各记各的",
        "--why",
        "没看票",
        "--why",
        "没规定",
        "--cause",
        "没有规定",
        "--cause-behind",
        "没人负责",
    )
    with pytest.raises(BoneUnreadable):
        run("--as", "hand", "lookback", "analyse", number, *deep, "--bone", "天=雨")
    shown = told("--as", "hand", "lookback", "analyse", number, *deep, "--bone", "人=没交底")
    assert shown["analyses"][0]["bones"]["people"] == ["没交底"]
    run("--as", "hand", "lookback", "measure", number, "--title", "写进交接单", "--who", story.members[1].name, "--due",
        "2026-09-20 18:00")  # fmt: skip
    run("--as", "hand", "lookback", "begin", number)
    task = Task.objects.get()
    submit_task(task=task, actor=story.members[1], at=morning, note="已改")
    accept_task(task=task, actor=story.lead, at=morning)
    assert told("--as", "hand", "lookback", "submit", number, "--note", "好了")["state"] == "submitted"
    assert "写进交接单" in run("--as", "hand", "lookback", "show", number)

    old = closed(story, morning)
    run("--as", "lead", "lookback", "recur", old.pk, "--text", "夜班又没看")
    run("--as", "lead", "lookback", "recur", old.pk, "--finding", make_finding(story, morning).pk)
    assert [row["times"] for row in told("--as", "lead", "lookback", "recurring")] == [2]


def test_a_session_on_the_command_line(story, morning):
    task = make_task(story, morning)
    Task.objects.update(opened_at=morning.replace(day=1), due_at=morning.replace(day=2))
    days = ("--from", "2026-07-01", "--last", "2026-09-30")
    opened = told("--as", "lead", "lookback", "open", "--body", story.body.pk, *days)
    assert [line["source"] for line in opened["lapses"]] == [f"work.task:{task.pk}"]
    run("--as", "lead", "lookback", "pick", opened["id"], "--source", f"work.task:{task.pk}")
    assert WorkItem.objects.get().title == task.title
    assert task.title in run("--as", "lead", "lookback", "walk", opened["id"])
    with pytest.raises(NotAllowed):
        run("--as", "hand", "lookback", "walk", opened["id"])
    assert "已完成" in run("--as", "lead", "lookback", "close", opened["id"], "--conclusion", "会要合着开")
    assert told("--as", "hand", "lookback", "sessions")[0]["is_closed"]


def test_the_days_of_a_project_are_entered_verified_and_withdrawn(story):
    project = story.zone.projects.get()
    with pytest.raises(NotFound):
        run("--as", "clerk", "benefit", "gain", "verify", project.pk)
    run("--as", "clerk", "benefit", "gain", "enter", project.pk, 65, "--basis", "竣工验收单")
    with pytest.raises(NotAllowed):
        run("--as", "clerk", "benefit", "gain", "verify", project.pk)
    assert told("--as", "top", "benefit", "gain", "verify", project.pk)["is_verified"]
    taken_down = told("--as", "clerk", "benefit", "gain", "withdraw", project.pk, "--reason", "填错")
    assert (taken_down["days"], taken_down["is_withdrawn"]) == (65, True)
