from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ronghe.cli.contact import NoSuchUnit, ProblemUnreadable
from ronghe.cli.finding import NobodyCalled
from ronghe.cli.main import cli
from ronghe.domain.contacts.models import ContactPoint
from ronghe.domain.contacts.services.points import HolderWithoutPost
from ronghe.domain.rhythm.enums import Seen
from ronghe.domain.rhythm.models import Activity, Visit
from ronghe.domain.rhythm.services.visits import Account, Finding, record_visit
from ronghe.domain.work.models import Task
from ronghe.kernel.access.models import Look
from ronghe.kernel.errors import DomainError, NotAllowed, NotFound
from tests.factories.contacts import make_care, make_contact, make_contacts
from tests.factories.org import make_account
from tests.factories.ways_in import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    story = make_contacts()
    for person, login in ((story.clerk, "clerk"), (story.visitor, "visitor"), (story.worker, "worker"),
                          (story.secretary, "secretary")):  # fmt: skip
        make_account(person, login)
    return story


def run(*arguments):
    """Run a command and return what it printed; a refusal comes back as the error that `main` turns into an exit."""
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if isinstance(done.exception, DomainError):
        raise done.exception
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_a_contact_from_setting_up_to_its_end(story):
    today = timezone.localdate()
    made = told("--as", "clerk", "contact", "add", "--kind", "safety", "--holder", "沈国庆", "--body", "作业区党委",
                "--unit", "义隆首站", "--since", today - timedelta(days=70), "--ref", "党委会〔2026〕9号")  # fmt: skip
    assert (made["target"], made["state"]) == ("义隆首站", "overdue")
    assert told("--as", "clerk", "contact", "list", "--state", "overdue")["count"] == 1
    assert [row["id"] for row in told("--as", "visitor", "contact", "due")] == [made["id"]]
    assert "义隆首站" in run("--as", "visitor", "contact", "due")

    visited = told("--as", "visitor", "contact", "visit", made["id"], "--fine", "permits", "--concern",
                   "hazards=配电柜未锁", "--problem", "配电柜上锁；马会军；2099-12-01 17:30")  # fmt: skip
    assert visited["tasks"] == [Task.objects.get().pk]
    assert Visit.objects.get().findings.get(question="hazards").note == "配电柜未锁"
    assert told("--as", "visitor", "contact", "due") == []
    assert "本期都走访过了" in run("--as", "visitor", "contact", "due")
    assert told("--as", "worker", "contact", "visits")["count"] == 1
    assert "沈国庆" in run("--as", "worker", "contact", "visits")

    tomorrow = today + timedelta(days=1)
    new = told(
        "--as",
        "clerk",
        "contact",
        "handover",
        made["id"],
        "--to",
        "丁卫东",
        "--on",
        tomorrow,
        "--ref",
        "党委会〔2026〕12号",
    )
    assert (new["holder"], new["valid_from"]) == ("丁卫东", tomorrow.isoformat())
    later = tomorrow + timedelta(days=1)
    ended = told("--as", "clerk", "contact", "end", new["id"], "--on", later, "--reason", "停运")
    assert ended["valid_until"] == later.isoformat()


def test_refusals(story):
    point = make_contact(story)
    with pytest.raises(NotFound):
        run("--as", "worker", "contact", "end", "999", "--reason", "x")
    with pytest.raises(ProblemUnreadable):
        run("--as", "visitor", "contact", "visit", point.pk, "--problem", "只有问题")
    with pytest.raises(NoSuchUnit):
        run("--as", "clerk", "contact", "add", "--kind", "safety", "--holder", "沈国庆", "--body", "作业区党委",
            "--unit", "没有的站", "--ref", "x")  # fmt: skip
    with pytest.raises(HolderWithoutPost):
        run("--as", "clerk", "contact", "add", "--kind", "safety", "--holder", "沈国庆", "--body", "作业区党委",
            "--unit", story.station.pk, "--ref", "x", "--since", "2019-01-01")  # fmt: skip
    assert ContactPoint.objects.count() == 1


def test_an_activity_is_planned_together_moved_and_called_off(story):
    made = told("--as", "secretary", "huddle", "plan", "--body", "义隆首站党支部", "--type", "theme_party_day",
                "--from", "2099-09-14 15:00", "--until", "2099-09-14 16:00",
                "--with", "义隆首站团支部=theme_league_day")  # fmt: skip
    assert made["hosts"] == ["义隆首站团支部"]
    moved = told("--as", "secretary", "huddle", "move", made["id"], "--from", "2099-09-16 15:00", "--until",
                 "2099-09-16 16:00", "--reason", "停气碰口")  # fmt: skip
    assert moved["day"] == "2099-09-16"
    assert told("--as", "secretary", "huddle", "off", made["id"], "--reason", "防汛")["state"] == "called_off"
    assert "没有" in run("--as", "secretary", "huddle", "plan", "--body", "义隆首站党支部", "--type", "x",
                         "--from", "2099-09-14 15:00", "--until", "2099-09-14 16:00")  # fmt: skip
    assert Activity.objects.count() == 1


def test_people_are_put_on_the_list_of_a_league_body(story):
    make_account(story.youth, "youth")
    assert [row["name"] for row in told("--as", "youth", "contact", "enrol", "义隆首站团支部")] == ["田小雨"]
    enrolled = told("--as", "youth", "contact", "enrol", "义隆首站团支部", "田小雨", "--since", "2026-09-14")
    assert enrolled == {"body": "义隆首站团支部", "enrolled": 1}
    with pytest.raises(NobodyCalled):
        run("--as", "youth", "contact", "enrol", "义隆首站团支部", "田小雨")
    with pytest.raises(NotAllowed):
        run("--as", "worker", "contact", "enrol", "义隆首站团支部")


def test_what_was_said_on_a_care_visit_is_read_on_the_record(story, monkeypatch, morning):
    monkeypatch.setattr(timezone, "now", lambda: morning)
    account = Account(findings={"family": Finding(Seen.CONCERN, "住院")}, note="家属住院")
    visit = record_visit(to=make_care(story), day=morning.date(), account=account, actor=story.chair, at=morning)
    told = Shell(story.chair, "contact").told("care", visit.pk)
    assert (told["note"], told["findings"][0]["note"]) == ("家属住院", "住院")
    assert Look.objects.count() == 1
    with pytest.raises((NotAllowed, NotFound)):
        run("--as", "secretary", "contact", "care", visit.pk)
    assert Look.objects.count() == 1
