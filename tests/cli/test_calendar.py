"""`ronghe calendar`, `reminder` and `obligation`: the same acts as the page."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from ronghe.cli.main import cli
from ronghe.domain.obligations.models import Obligation
from ronghe.domain.reminders.models import ReminderMessage
from ronghe.domain.reminders.services.rounds import send_reminders
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed, NotFound
from tests.factories.calendars import adopt_two, plan
from tests.factories.org import make_account, make_person
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 9, 23, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_zone()
    adopt_two(story, since=date(2026, 7, 1))
    for login in ("lead", "clerk"):
        make_account(getattr(story, login), login)
    make_account(make_person("外人"), "outsider")
    return story


def run(*arguments):
    done = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def told(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_calendar_lists_moves_and_subscribes(story):
    meeting = plan(story, date(2026, 9, 24), 15, NOW)

    rows = told("--as", "lead", "calendar", "list", "--days", 9)
    assert [(row["day"], row["starts"], row["title"]) for row in rows] == [
        ("2026-09-24", "15:00", "周例会"), ("2026-09-25", None, "主题党日"), ("2026-09-30", None, "党课"),
    ]  # fmt: skip
    assert "周例会" in run("--as", "clerk", "calendar", "list", "--scope", f"zone-{story.zone.pk}")
    assert "2026-09-28" in run("--as", "lead", "calendar", "move", meeting.pk, "2026-09-28", "--reason", "停电")
    address = run("--as", "lead", "calendar", "subscribe").strip()
    assert Client().get(address).status_code == 200
    (feed,) = told("--as", "lead", "calendar", "feeds")
    assert "停用" in run("--as", "lead", "calendar", "revoke", feed["id"])
    assert Client().get(address).status_code == 404
    assert "共 0 个" in run("--as", "lead", "calendar", "feeds")


def test_others_find_nothing_of_the_calendar(story):
    meeting = plan(story, date(2026, 9, 24), 15, NOW)

    assert told("--as", "outsider", "calendar", "list") == []
    for wrong in (
        ("calendar", "list", "--scope", f"body-{story.body.pk}"),
        ("calendar", "move", meeting.pk, "2026-09-28", "--reason", "停电"),
        ("calendar", "subscribe", "--body", story.body.pk),
        ("calendar", "revoke", 1),
        ("reminder", "read", 1),
        ("obligation", "move", 1, "2026-09-28", "--reason", "停电"),
        ("obligation", "answer", 1, "--grant"),
    ):
        with pytest.raises(NotFound):
            run("--as", "outsider", *wrong)


def test_reminders_are_listed_read_and_put_off(story):
    send_reminders(at=NOW)
    message = ReminderMessage.objects.get(person=story.lead)

    (row,) = told("--as", "lead", "reminder", "list", "--waiting")
    assert {line["title"] for line in row["lines"]} == {"主题党日", "党课"}
    assert "主题党日" in run("--as", "lead", "reminder", "list")
    assert "2026-09-24 08:00" in run("--as", "lead", "reminder", "snooze", message.pk, "--until", "tomorrow")
    run("--as", "lead", "reminder", "read", message.pk)
    assert told("--as", "lead", "reminder", "list", "--waiting") == []


def test_settings_are_shown_and_changed(story):
    assert told("--as", "lead", "reminder", "settings")["send_at"] == "08:00"
    run("--as", "lead", "reminder", "settings", "--send-at", "07:50", "--quiet", "20:00", "07:00", "--free-days")
    assert told("--as", "lead", "reminder", "settings") == {
        "send_at": "07:50", "quiet_from": "20:00", "quiet_until": "07:00", "on_free_days": True,
    }  # fmt: skip
    assert "Error" in run("--as", "lead", "reminder", "settings", "--send-at", "²")


def test_duties_are_moved_asked_for_and_answered(story):
    september = Obligation.objects.get(planned_on=date(2026, 9, 25))

    assert "2026-09-28" in run("--as", "lead", "obligation", "move", september.pk, "2026-09-28", "--reason", "抢修")
    run("--as", "lead", "obligation", "ask", september.pk, "--reason", "停产检修")
    (asked,) = told("--as", "clerk", "obligation", "requests")
    assert (asked["body"], asked["count"], asked["state"]) == (story.body.name, 1, "asked")
    with pytest.raises(NotAllowed):
        run("--as", "lead", "obligation", "answer", asked["id"], "--grant")
    assert "同意免办" in run("--as", "clerk", "obligation", "answer", asked["id"], "--grant")
    assert "停产检修" in run("--as", "clerk", "obligation", "requests")


def test_who_is_behind(story):
    (row,) = told("--as", "clerk", "obligation", "behind")["items"]

    assert (row["body"], row["missed"], row["why"]) == (story.body.name, 2, ["vacant"])
    assert row["lines"][0]["people"] == ["刘丽萍"]
    assert "主题党日" in run("--as", "clerk", "obligation", "behind")
    assert told("--as", "outsider", "obligation", "behind")["items"] == []
