"""A call-up goes out at once, through every channel that a person wants, whatever the hour; each is told once."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core import mail

from ronghe.domain.carriers.services.calling import add_team, call_off
from ronghe.domain.reminders.models import UrgentDelivery
from ronghe.domain.reminders.services.keeping import KEPT, forget_old
from ronghe.domain.reminders.services.sending import send_urgent
from ronghe.kernel.calendar.moments import SHANGHAI
from tests.domain.reminders.test_sending import settle
from tests.factories.carriers import make_call, make_story

pytestmark = pytest.mark.django_db
AT_NIGHT = datetime(2026, 9, 13, 2, 10, tzinfo=SHANGHAI)
"""A Sunday, deep in the quiet hours."""


@pytest.fixture
def story(settings):
    settings.DEFAULT_FROM_EMAIL = "ronghe@field.example"
    story = make_story(AT_NIGHT)
    for number, person in enumerate((*story.members[:2], story.next_captain)):
        settle(person, mail=f"p{number}@field.example")
    return story


def test_quiet_hours_hold_no_call_back(story):
    make_call(story, AT_NIGHT)
    assert UrgentDelivery.objects.count() == 2  # those in the team who left an address
    assert send_urgent() == 2

    assert sorted(message.to[0] for message in mail.outbox) == ["p0@field.example", "p1@field.example"]
    assert "抗洪救灾" in mail.outbox[0].subject
    assert "02:40" in mail.outbox[0].body
    assert not any(person.name in mail.outbox[0].body for person in story.members)
    assert send_urgent() == 0


def test_a_team_called_later_is_told_and_the_others_not_again(story):
    call = make_call(story, AT_NIGHT, by=story.clerk)
    send_urgent()
    add_team(call=call, team=story.next_team, actor=story.clerk, at=AT_NIGHT)
    send_urgent()
    call_off(call=call, reason="误报", actor=story.clerk, at=AT_NIGHT)
    send_urgent()

    assert [message.to[0] for message in mail.outbox][2:] == ["p2@field.example"]


def test_what_could_not_go_out_is_tried_again_and_given_up_in_the_end(story, monkeypatch):
    make_call(story, AT_NIGHT)

    def no_line(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", no_line)
    assert [send_urgent() for _ in range(4)] == [0, 0, 0, 0]
    assert set(UrgentDelivery.objects.values_list("state", "tries")) == {("failed", 3)}


def test_old_deliveries_are_thrown_away(story):
    make_call(story, AT_NIGHT)
    forget_old(at=AT_NIGHT + KEPT)
    assert UrgentDelivery.objects.count() == 2
    forget_old(at=AT_NIGHT + KEPT * 2)
    assert not UrgentDelivery.objects.exists()
