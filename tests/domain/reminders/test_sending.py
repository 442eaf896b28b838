"""The queue of channels: everything goes at most once; mail goes where it is set up and wanted."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.core import mail

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.reminders.models import Reminder, ReminderDelivery, ReminderMessage, ReminderSetting
from ronghe.domain.reminders.selectors import mail_shown, setting_of, waiting_for
from ronghe.domain.reminders.services import sending
from ronghe.domain.reminders.services.keeping import (
    MailUnreadable,
    SentWhileQuiet,
    SnoozeUnknown,
    forget_old,
    read_all,
    read_message,
    set_reminders,
    snooze_message,
    unread_message,
)
from ronghe.domain.reminders.services.sending import Channel, channels, queue_for_channels, send_waiting
from ronghe.kernel.calendar.moments import SHANGHAI
from ronghe.kernel.errors import NotAllowed
from tests.domain.playbooks.making import adopt, playbook
from tests.factories.org import make_body, make_person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 1, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def person():
    return make_person("周启明")


@pytest.fixture
def message(person):
    branch = make_body("北支部")
    adopt(branch, playbook(), date(2026, 9, 1))
    made = ReminderMessage.objects.create(person=person, day=AT.date(), sent_at=AT)
    duty = Obligation.objects.get(occurrence="2026-09-01")
    Reminder.objects.create(message=made, obligation=duty, person=person, step="opened")
    return made


@pytest.fixture
def by_mail(settings, person):
    settings.DEFAULT_FROM_EMAIL = "ronghe@field.example"
    settle(person, mail="zhou@field.example")


def settle(person, **given) -> ReminderSetting:
    usual = {"send_at": time(8), "quiet_from": time(21), "quiet_until": time(7, 30), "on_free_days": False}
    return set_reminders(**{**usual, **given}, actor=person, at=AT)


def states() -> list[str]:
    return list(ReminderDelivery.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.usefixtures("by_mail")
def test_mail_goes_once_to_whoever_wants_it(message):
    queue_for_channels(message)

    assert [send_waiting(at=AT), send_waiting(at=AT)] == [1, 0]
    (letter,) = mail.outbox
    assert (letter.to, letter.from_email) == (["zhou@field.example"], "ronghe@field.example")
    assert letter.subject == "融合提醒：1 件事"
    assert letter.body == "开始办：主题党日，北支部，2026-09-30 到期"
    assert states() == ["sent"]


def test_without_a_sender_there_is_no_mail(message, person):
    settle(person, mail="zhou@field.example")
    queue_for_channels(message)

    assert channels() == []
    assert states() == []


@pytest.mark.usefixtures("by_mail")
def test_whoever_gave_no_address_gets_none(message, person):
    settle(person, mail="")

    queue_for_channels(message)

    assert states() == []


@pytest.fixture
def pigeon(monkeypatch, by_mail):
    """A later channel that does what it is told."""
    acts: list = []

    def send(_message, _setting):
        act = acts.pop(0)
        if act is not None:
            raise act

    monkeypatch.setattr(sending, "_CHANNELS", {})
    sending.register_channel(Channel("pigeon", lambda: True, lambda _setting: True, send))
    return acts


def test_what_surely_did_not_go_is_tried_again_three_times(message, pigeon):
    pigeon += [OSError(), OSError(), OSError()]
    queue_for_channels(message)

    assert [(send_waiting(at=AT), states()) for _ in range(4)] == [
        (0, ["waiting"]), (0, ["waiting"]), (0, ["failed"]), (0, ["failed"]),
    ]  # fmt: skip


def test_worker_killed_while_sending_leaves_it_and_it_is_never_sent_again(message, pigeon):
    pigeon += [KeyboardInterrupt(), None]
    queue_for_channels(message)

    with pytest.raises(KeyboardInterrupt):
        send_waiting(at=AT)

    assert states() == ["sending"]
    assert send_waiting(at=AT) == 0
    assert pigeon == [None]


def test_address_is_sealed_and_shown_with_its_middle_hidden(person):
    setting = settle(person, mail="zhou@field.example")

    assert "zhou" not in setting.mail_sealed
    assert mail_shown(setting_of(person)) == "zho***********mple"
    assert settle(person).mail_sealed == setting.mail_sealed  # not given, so left as it is
    assert mail_shown(setting_of(make_person("外人"))) == ""


def test_settings_that_could_never_send_are_refused(person):
    with pytest.raises(SentWhileQuiet):
        settle(person, send_at=time(7, 29))
    with pytest.raises(MailUnreadable):
        settle(person, mail="周启明")
    assert settle(person, send_at=time(7, 30)).send_at == time(7, 30)


def test_message_is_read_put_back_and_put_off(message, person):
    assert waiting_for(person, AT).count() == 1
    read_message(message=message, actor=person, at=AT)
    assert waiting_for(person, AT).count() == 0
    unread_message(message=message, actor=person, at=AT)
    assert waiting_for(person, AT).count() == 1

    snoozed = snooze_message(message=message, until="tomorrow", actor=person, at=AT)

    assert snoozed.snoozed_until == datetime(2026, 9, 2, 8, 0, tzinfo=SHANGHAI)
    assert waiting_for(person, AT).count() == 0
    assert waiting_for(person, snoozed.snoozed_until).count() == 1
    assert snooze_message(message=message, until="hour", actor=person, at=AT).snoozed_until == AT.replace(hour=9)
    assert read_all(actor=person, at=AT.replace(hour=9)) == 1
    assert waiting_for(person, AT.replace(hour=9)).count() == 0


def test_nobody_touches_somebody_elses_message(message):
    other = make_person("外人")
    for act in (read_message, unread_message):
        with pytest.raises(NotAllowed):
            act(message=message, actor=other, at=AT)
    with pytest.raises(NotAllowed):
        snooze_message(message=message, until="hour", actor=other, at=AT)
    assert read_all(actor=other, at=AT) == 0


def test_only_the_two_ways_of_putting_off_are_known(message, person):
    with pytest.raises(SnoozeUnknown):
        snooze_message(message=message, until="never", actor=person, at=AT)


def test_what_is_ninety_days_old_stays_and_what_is_older_goes(message):
    assert forget_old(at=datetime(2026, 11, 30, 1, tzinfo=SHANGHAI)) == 0
    assert forget_old(at=datetime(2026, 12, 1, 1, tzinfo=SHANGHAI)) == 1
    assert Reminder.objects.count() == 0
