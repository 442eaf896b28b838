"""What a person does with the own reminders, the own settings, and what is thrown away."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from ronghe.domain.org.models import Person
from ronghe.domain.reminders.calc.quiet import Wish, is_quiet, next_morning
from ronghe.domain.reminders.models import ReminderMessage, ReminderRound, ReminderSetting, UrgentDelivery
from ronghe.domain.reminders.rules import READ_MESSAGE
from ronghe.kernel.calendar.moments import day_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.sealed import seal_text
from ronghe.kernel.words import N_

KEPT = timedelta(days=90)
AN_HOUR = timedelta(hours=1)
TOMORROW, IN_AN_HOUR = "tomorrow", "hour"


class SentWhileQuiet(DomainError):
    code = "sent_while_quiet"
    sentence = N_("%(send_at)s 在免打扰时间里，请改提醒时间或免打扰时间。")
    status = 422


class MailUnreadable(DomainError):
    code = "mail_unreadable"
    sentence = N_("邮箱地址写得不对，请检查。")
    status = 422


class SnoozeUnknown(DomainError):
    code = "snooze_unknown"
    sentence = N_("只能推后一小时，或推到明天。")
    status = 422


@transaction.atomic
def read_message(*, message: ReminderMessage, actor: Person, at: datetime) -> ReminderMessage:
    """Take note of a message; a second time changes nothing.

    :raises NotAllowed: it is somebody else's
    """
    READ_MESSAGE.require(actor, message, at=at)
    ReminderMessage.objects.filter(pk=message.pk, read_at=None).update(read_at=at, snoozed_until=None)
    message.refresh_from_db()
    return message


@transaction.atomic
def unread_message(*, message: ReminderMessage, actor: Person, at: datetime) -> ReminderMessage:
    """Put a message back among the unread.

    :raises NotAllowed: it is somebody else's
    """
    READ_MESSAGE.require(actor, message, at=at)
    ReminderMessage.objects.filter(pk=message.pk).update(read_at=None, snoozed_until=None)
    message.refresh_from_db()
    return message


@transaction.atomic
def read_all(*, actor: Person, at: datetime) -> int:
    """Take note of everything that waits, and return how many messages that were."""
    return ReminderMessage.objects.waiting(at).filter(person=actor).update(read_at=at, snoozed_until=None)


@transaction.atomic
def snooze_message(*, message: ReminderMessage, until: str, actor: Person, at: datetime) -> ReminderMessage:
    """Put a message off, for an hour or until tomorrow's hour; then it waits again.

    :raises NotAllowed: it is somebody else's
    :raises SnoozeUnknown: `until` is neither `hour` nor `tomorrow`
    """
    READ_MESSAGE.require(actor, message, at=at)
    if until not in {IN_AN_HOUR, TOMORROW}:
        raise SnoozeUnknown
    moment = at + AN_HOUR if until == IN_AN_HOUR else next_morning(timezone.localtime(at), wish_of(actor))
    ReminderMessage.objects.filter(pk=message.pk).update(read_at=None, snoozed_until=moment)
    message.refresh_from_db()
    return message


def wish_of(person: Person) -> Wish:
    """Return how `person` wants to be reminded."""
    row = ReminderSetting.objects.filter(person=person).first() or ReminderSetting(person=person)
    return Wish(row.send_at, row.quiet_from, row.quiet_until, row.on_free_days)


@transaction.atomic
def set_reminders(
    *, send_at: time, quiet_from: time, quiet_until: time, on_free_days: bool, actor: Person,
    at: datetime,  # noqa: ARG001 - every service is told the time
    mail: str | None = None,
) -> ReminderSetting:  # fmt: skip
    """Keep how the actor wants to be reminded. `mail` is the address, "" for none, nothing to leave it as it is.

    :raises SentWhileQuiet: the hour lies in the quiet hours, so nothing would ever come
    :raises MailUnreadable: that is no address
    """
    wish = Wish(send_at, quiet_from, quiet_until, on_free_days)
    if is_quiet(send_at, wish):
        raise SentWhileQuiet(send_at=f"{send_at:%H:%M}")
    values = {
        "send_at": send_at, "quiet_from": quiet_from, "quiet_until": quiet_until, "on_free_days": on_free_days,
    }  # fmt: skip
    if mail is not None:
        values |= {"mail_sealed": _sealed(mail.strip())}
    setting, _made = ReminderSetting.objects.update_or_create(person=actor, defaults=values)
    return setting


def _sealed(mail: str) -> str | None:
    if not mail:
        return None
    try:
        validate_email(mail)
    except ValidationError as error:
        raise MailUnreadable from error
    return seal_text(mail)


def forget_old(*, at: datetime) -> int:
    """Throw away what is older than ninety days, and return how many messages that were."""
    day = day_of(at) - KEPT
    ReminderRound.objects.filter(day__lt=day).delete()
    UrgentDelivery.objects.filter(queued_at__lt=at - KEPT).delete()
    _all, by_model = ReminderMessage.objects.filter(day__lt=day).delete()
    return by_model.get("reminders.ReminderMessage", 0)
