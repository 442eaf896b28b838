"""A person's own reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from ronghe.domain.obligations.models import Obligation
from ronghe.domain.org.models import Person
from ronghe.domain.reminders.models import Reminder, ReminderMessage, ReminderSetting
from ronghe.domain.reminders.rules import READ_MESSAGE
from ronghe.kernel.access.listing import Listed, list_seen
from ronghe.kernel.sealed import masked, open_text


def messages_of(actor: Person, at: datetime) -> QuerySet[ReminderMessage]:
    """Return the actor's messages, the latest first; to be cut to one."""
    return READ_MESSAGE.narrow(actor, ReminderMessage.objects.all(), at=at).order_by("-day", "-pk")


def list_messages(
    actor: Person, at: datetime, *, only_waiting: bool = False, page: int = 1, size: int = 14
) -> Listed[ReminderMessage]:
    """Return one page of the actor's messages, the latest first, each with its `lines`: three statements more."""
    due: Any = Obligation.objects.with_state(timezone.localdate(at)).select_related("body", "version")
    lines = Reminder.objects.order_by("pk").prefetch_related(Prefetch("obligation", queryset=due))
    rows = ReminderMessage.objects.prefetch_related(Prefetch("reminders", queryset=lines, to_attr="lines"))
    if only_waiting:
        rows = rows.waiting(at)
    return list_seen(READ_MESSAGE, actor, rows, order_by=("-day",), at=at, page=page, size=size)


def waiting_for(actor: Any, at: datetime) -> QuerySet[Reminder]:
    """Return the lines of the actor's messages that were not read: what the bell counts.

    `actor` may be an `OuterRef` to a person, where the count is part of another statement.
    """
    put_off = Q(message__snoozed_until=None) | Q(message__snoozed_until__lte=at)
    return Reminder.objects.filter(put_off, message__person=actor, message__read_at=None)


def setting_of(actor: Person) -> ReminderSetting:
    """Return how the actor wants to be reminded; an unsaved row with the defaults where nothing was set."""
    return ReminderSetting.objects.filter(person=actor).first() or ReminderSetting(person=actor)


def mail_shown(setting: ReminderSetting) -> str:
    """Return the address with its middle hidden, "" where there is none: enough to know one's own."""
    return masked(open_text(setting.mail_sealed)) if setting.mail_sealed else ""
