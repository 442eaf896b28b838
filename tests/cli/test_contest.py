"""`ronghe contest`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronghe.domain.contests.enums import EntryKind
from ronghe.kernel.errors import NotAllowed
from tests.factories.contests import COUNTED, accepted, make_contest, make_field, make_prize
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)


@pytest.fixture
def story():
    return make_field()


def test_a_contest_is_run_from_the_command_line(story, morning):
    clerk, judge, member = (Shell(one, "contest") for one in (story.clerk, story.field.member, story.members[0]))
    judges = [word for one in (story.field.member, story.field.auditor) for word in ("--judge", one.name)]
    given = (
        "--body",
        story.committee.name,
        "--from",
        "2026-09-01",
        "--until",
        "2026-09-30",
        *(word for one in story.branches for word in ("--entry", one.name)),
    )
    made = clerk.told("open", "百日上产", *given, "--head", "比干劲:60:tasks", "--head", "比技能:40:", *judges)
    told = member.told("show", made["id"])
    head, entry = told["heads"][1]["id"], told["standings"][0]["entry"]
    judge.run("judge", made["id"], head, entry, "88.5")
    with pytest.raises(NotAllowed):
        member.run("judge", made["id"], head, entry, "88.5")
    with pytest.raises(NotAllowed):
        member.run("call-off", made["id"], "--reason", "停")
    assert clerk.told("call-off", made["id"], "--reason", "停产")["state"] == "called_off"
    assert [row["id"] for row in member.told("list", "--state", "called_off")] == [made["id"]]


def test_people_enter_and_the_best_is_awarded(story, morning, monkeypatch):
    people = make_contest(story, morning, entry_kind=EntryKind.PERSON, heads=COUNTED)
    member, clerk = Shell(story.members[0], "contest"), Shell(story.clerk, "contest")
    member.run("join", people.pk)
    assert len(member.told("show", people.pk)["standings"]) == 1
    member.run("leave", people.pk)
    contest = make_contest(story, morning, heads=COUNTED, title=make_prize(story, morning))
    accepted(story.members[0], morning)
    monkeypatch.setattr(timezone, "now", lambda: morning + timedelta(days=20))
    assert clerk.told("close", contest.pk)["state"] == "closed"
    assert clerk.told("award", contest.pk, "--document", "1号")["state"] == "awarded"
