"""日历, 订阅 and 提醒 through the API."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from django.utils import timezone

from ronghe.domain.calendars.models import CalendarFeed
from ronghe.domain.reminders.models import ReminderMessage
from ronghe.domain.reminders.services.rounds import send_reminders
from ronghe.domain.rhythm.models import Activity
from ronghe.kernel.access.models import Administrator
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.factories.calendars import adopt_two, plan
from tests.factories.org import make_account, make_body, make_person
from tests.factories.rhythm import make_zone

pytestmark = pytest.mark.django_db

CALENDAR, FEEDS, REMINDERS = "/api/v1/calendar/", "/api/v1/calendar/feeds", "/api/v1/reminders/"
SEPTEMBER = {"from_on": "2026-09-01", "until_on": "2026-10-01"}
NOW = datetime(2026, 9, 23, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def story(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    story = make_zone()
    adopt_two(story, since=date(2026, 9, 1))
    return story


def client_of(person) -> Client:
    client = Client()
    client.force_login(person.account or make_account(person))
    return client


def send(client, method: str, path: str, data=None):
    return getattr(client, method)(path, data, content_type="application/json")


def test_calendar_gives_entries_day_by_day(story):
    plan(story, date(2026, 9, 24), 15, NOW)

    rows = client_of(story.lead).get(CALENDAR, SEPTEMBER).json()

    assert [(row["day"], row["kind"], row["title"], row["state"]) for row in rows] == [
        ("2026-09-24", "activity", "周例会", "upcoming"), ("2026-09-25", "duty", "主题党日", "due"),
    ]  # fmt: skip
    assert (rows[1]["window_from"], rows[1]["movable_until"]) == ("2026-09-01", "2026-09-30")


def test_calendar_is_cut_to_a_kind_to_oneself_and_to_a_scope(story):
    plan(story, date(2026, 9, 24), 15, NOW)
    lead, member, clerk = client_of(story.lead), client_of(story.members[0]), client_of(story.clerk)

    assert len(lead.get(CALENDAR, {**SEPTEMBER, "kind": "activity"}).json()) == 1
    assert [row["kind"] for row in member.get(CALENDAR, {**SEPTEMBER, "mine": True}).json()] == ["activity"]
    assert len(clerk.get(CALENDAR, {**SEPTEMBER, "scope": f"zone-{story.zone.pk}"}).json()) == 2
    outsider = client_of(make_person("外人"))
    assert outsider.get(CALENDAR, {**SEPTEMBER, "scope": f"body-{story.body.pk}"}).status_code == 404


def test_spans_that_make_no_sense_are_refused(story):
    lead = client_of(story.lead)

    for wrong in (
        {"from_on": "2026-10-02", "until_on": "2026-10-01"},
        {"from_on": "2026-01-01", "until_on": "2028-01-01"},
    ):
        assert lead.get(CALENDAR, wrong).status_code == 422
    assert lead.get(CALENDAR, {"from_on": "0001-01-01", "until_on": "0001-02-01"}).json() == []


def test_activity_is_moved_at_its_hour(story):
    meeting = plan(story, date(2026, 9, 24), 15, NOW)
    path = f"{CALENDAR}activity/{meeting.pk}/move"

    done = send(client_of(story.lead), "post", path, {"day": "2026-09-28", "reason": "会议室占用"})

    assert done.status_code == 204
    assert Activity.objects.get(pk=meeting.pk).scheduled_from == datetime(2026, 9, 28, 15, tzinfo=SHANGHAI)
    wanted = {"day": "2026-09-29", "reason": "会议室占用"}
    assert send(client_of(story.members[0]), "post", path, wanted).status_code == 403
    assert send(client_of(make_person("外人")), "post", path, wanted).status_code == 404


def test_feed_is_made_shown_once_and_revoked(story):
    lead = client_of(story.lead)

    made = send(lead, "post", FEEDS, {}).json()
    assert Client().get(made["address"].removeprefix("http://testserver")).status_code == 200
    assert [(row["body"], row["address"]) for row in lead.get(FEEDS).json()] == [(None, None)]
    assert send(lead, "post", FEEDS, {}).status_code == 409
    assert send(lead, "post", FEEDS, {"body": make_body("别处").pk}).status_code == 404
    assert client_of(story.clerk).delete(f"{FEEDS}/{made['id']}").status_code == 404
    assert lead.delete(f"{FEEDS}/{made['id']}").status_code == 204
    assert CalendarFeed.objects.standing().count() == 0


def test_reminders_are_read_put_back_and_put_off(story):
    make_account(story.lead)
    send_reminders(at=NOW)
    lead, message = client_of(story.lead), ReminderMessage.objects.get(person=story.lead)
    path = f"{REMINDERS}{message.pk}"

    (row,) = lead.get(REMINDERS, {"waiting": True}).json()["items"]
    assert [(line["title"], line["step"], line["state"]) for line in row["lines"]] == [("主题党日", "ahead", "due")]
    assert send(lead, "post", f"{path}/read").json()["read_at"] is not None
    assert lead.get(REMINDERS, {"waiting": True}).json()["items"] == []
    assert lead.delete(f"{path}/read").json()["read_at"] is None
    assert send(lead, "post", f"{path}/snooze", {"until": "tomorrow"}).json()["snoozed_until"] == "2026-09-24T00:00:00Z"
    assert send(lead, "post", f"{path}/snooze", {"until": "never"}).status_code == 422
    assert send(client_of(story.clerk), "post", f"{path}/read").status_code == 404


def test_settings_are_the_persons_own(story):
    lead = client_of(story.lead)
    wanted = {"send_at": "09:00", "quiet_from": "20:00", "quiet_until": "08:00", "on_free_days": True}

    assert send(lead, "put", f"{REMINDERS}settings", wanted).json() == {
        "send_at": "09:00:00", "quiet_from": "20:00:00", "quiet_until": "08:00:00", "on_free_days": True, "mail": "",
    }  # fmt: skip
    assert send(lead, "put", f"{REMINDERS}settings", {**wanted, "send_at": "07:00"}).status_code == 422
    assert client_of(story.clerk).get(f"{REMINDERS}settings").json()["send_at"] == "08:00:00"


def test_administrators_get_nothing(story):
    admin = make_person("查守静")
    make_account(admin, administrator=Administrator.SYSTEM)
    client = client_of(admin)

    assert client.get(CALENDAR, {**SEPTEMBER, "scope": f"body-{story.body.pk}"}).status_code in {403, 404}


def test_calls_cost_the_same_for_few_and_many(story, django_assert_max_num_queries):
    make_account(story.lead)
    send_reminders(at=NOW)
    client = client_of(story.lead)
    client.get(REMINDERS)
    for n in range(10, 23):
        plan(story, date(2026, 9, 24), n, NOW)

    with django_assert_max_num_queries(6):
        client.get(REMINDERS)
    with django_assert_max_num_queries(9):
        client.get(CALENDAR, SEPTEMBER)
