"""提醒 on the page, the bell, and the own settings."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.reminders.models import Reminder, ReminderMessage, ReminderSetting
from ronghe.domain.reminders.services.rounds import send_reminders
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.factories.calendars import adopt_two
from tests.factories.org import make_account

pytestmark = pytest.mark.django_db

REMINDERS = "/reminders/"


@pytest.fixture
def message(story, now, monkeypatch):
    """On 23 September the lead is told of two things."""
    make_account(story.lead)
    later = datetime(2026, 9, 23, 8, 0, tzinfo=SHANGHAI)
    monkeypatch.setattr(timezone, "now", lambda: later)
    adopt_two(story, since=date(2026, 9, 1))
    send_reminders(at=later)
    return ReminderMessage.objects.get(person=story.lead)


def unread(browser) -> int:
    return browser.get(REMINDERS).context["unread"]


def test_message_stands_with_its_lines_and_the_bell_counts_them(message, lead):
    answer = lead.get(REMINDERS)
    ((shown, is_waiting, lines),) = answer.context["messages_shown"]

    assert (shown, is_waiting) == (message, True)
    assert [(line.obligation.title, line.step, word) for line, _shape, _now, word in lines] == [
        ("主题党日", "ahead", "待办")
    ]
    assert unread(lead) == 1
    assert "提醒，1 条未读" in lead.get("/obligations/").content.decode()


def test_read_unread_and_read_all(message, lead):
    lead.post(f"{REMINDERS}{message.pk}/read/")
    assert (unread(lead), len(lead.get(REMINDERS, {"state": "waiting"}).context["messages_shown"])) == (0, 0)
    lead.post(f"{REMINDERS}{message.pk}/unread/")
    assert unread(lead) == 1
    lead.post(f"{REMINDERS}read/")
    assert unread(lead) == 0


def test_put_off_it_is_gone_until_then(message, lead):
    lead.post(f"{REMINDERS}{message.pk}/snooze/", {"until": "tomorrow"})

    assert unread(lead) == 0
    message.refresh_from_db()
    assert message.snoozed_until == datetime(2026, 9, 24, 8, 0, tzinfo=SHANGHAI)
    assert lead.post(f"{REMINDERS}{message.pk}/snooze/", {"until": "²"}).status_code == 302
    assert lead.get(REMINDERS).status_code == 200


def test_somebody_elses_message_is_not_there(message, member, stranger):
    for browser in (member, stranger):
        assert browser.get(REMINDERS).context["messages_shown"] == []
        for act in ("read", "unread", "snooze"):
            assert browser.post(f"{REMINDERS}{message.pk}/{act}/", {"until": "hour"}).status_code == 404


def test_settings_are_kept_and_refusals_said_beside_the_form(story, message, lead):
    wish = {"send_at": "09:30", "quiet_from": "20:00", "quiet_until": "08:00", "on_free_days": "on"}

    assert lead.post(f"{REMINDERS}settings/", wish)["Location"] == REMINDERS
    row = ReminderSetting.objects.get(person=story.lead)
    assert (row.send_at, row.on_free_days) == (time(9, 30), True)
    for wrong in ({"send_at": "07:00"}, {"send_at": "²"}, {"quiet_from": ""}, {"send_at": "25:00"}):
        assert lead.post(f"{REMINDERS}settings/", {**wish, **wrong}).status_code == 422


def test_address_is_asked_for_only_where_mail_is_set_up(message, lead, settings, story):
    assert "mail" not in lead.get(f"{REMINDERS}settings/").context["form"].fields
    settings.DEFAULT_FROM_EMAIL = "ronghe@field.example"
    wish = {"send_at": "08:00", "quiet_from": "21:00", "quiet_until": "07:30"}

    lead.post(f"{REMINDERS}settings/", {**wish, "mail": "liu@field.example"})
    shown = lead.get(f"{REMINDERS}settings/").context["form"].initial["mail"]
    lead.post(f"{REMINDERS}settings/", {**wish, "mail": shown})  # unchanged

    assert shown == "liu**********mple"
    assert ReminderSetting.objects.get(person=story.lead).mail_sealed is not None
    assert lead.post(f"{REMINDERS}settings/", {**wish, "mail": "刘"}).status_code == 422


def test_list_costs_at_most_eight_statements(story, message, lead, statements):
    few = statements(lead, REMINDERS)
    duties = list(Obligation.objects.filter(body=story.body)[:3])
    for n in range(1, 9):
        older = ReminderMessage.objects.create(person=story.lead, day=date(2026, 8, n), sent_at=message.sent_at)
        for duty in duties:
            Reminder.objects.get_or_create(
                obligation=duty, step="due_day" if n % 2 else "overdue", person=story.lead,
                defaults={"message": older},
            )  # fmt: skip

    assert statements(lead, REMINDERS) == few <= 8


def test_administrators_are_reminded_of_nothing(administrator):
    assert administrator.get(REMINDERS).status_code == 403
    assert 'href="/reminders/"' not in administrator.get("/administration/").content.decode()


def test_reminders_want_a_log_in(client):
    assert client.get(REMINDERS)["Location"] == f"/login/?next={REMINDERS}"
