"""Channels outside the platform: a registry, and a queue in which every message goes at most once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from ronghe.domain.reminders.enums import DeliveryState, ReminderStep
from ronghe.domain.reminders.models import ReminderDelivery, ReminderMessage, ReminderSetting, UrgentDelivery
from ronghe.kernel.sealed import open_text
from ronghe.kernel.words import _, counted

MOST_TRIES = 3
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a person besides the bell: whether it is set up here, whether this person wants it, and how to send.

    `send` and `urge` (what cannot wait, at any hour; nothing where the channel carries only the day's message) raise
    `OSError` where it is certain that nothing went out; it is then tried again.
    """

    name: str
    is_ready: Callable[[], bool]
    wants: Callable[[ReminderSetting], bool]
    send: Callable[[ReminderMessage, ReminderSetting], None]
    urge: Callable[[UrgentDelivery, ReminderSetting], None] | None = None


_CHANNELS: dict[str, Channel] = {}


def register_channel(channel: Channel) -> Channel:
    """Make a channel known; a later subject brings its own (short messages, a messenger)."""
    _CHANNELS[channel.name] = channel
    return channel


def channels() -> list[Channel]:
    """Return the channels that are set up on this installation."""
    return [channel for channel in _CHANNELS.values() if channel.is_ready()]


def queue_for_channels(message: ReminderMessage) -> None:
    """Note through which channels a new message has to go; sent it is later, outside this transaction."""
    ready = channels()
    if not ready:
        return
    setting = ReminderSetting.objects.filter(person_id=message.person_id).first()
    if setting is not None:
        ReminderDelivery.objects.bulk_create(
            ReminderDelivery(message=message, channel=channel.name) for channel in ready if channel.wants(setting)
        )


def send_waiting(*, at: datetime) -> int:
    """Send what waits in the channels and return how many went out.

    Each is marked before it is sent and unmarked only where it surely did not go: killed in between, it is never sent again.
    """
    known = {channel.name: channel for channel in channels()}
    rows = ReminderDelivery.objects.filter(state=DeliveryState.WAITING, channel__in=known)
    sent = 0
    for row in rows.select_related("message__person").order_by("pk")[:AT_ONCE]:
        mine = ReminderDelivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING)
        if not mine.update(state=DeliveryState.SENDING, tried_at=at, tries=F("tries") + 1):
            continue
        setting = ReminderSetting.objects.filter(person_id=row.message.person_id).first()
        state = DeliveryState.FAILED
        if setting is not None and known[row.channel].wants(setting):
            try:
                known[row.channel].send(row.message, setting)
                state, sent = DeliveryState.SENT, sent + 1
            except OSError:
                state = DeliveryState.WAITING if row.tries + 1 < MOST_TRIES else DeliveryState.FAILED
        ReminderDelivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING).update(state=state)
    return sent


def queue_urgent(*, key: str, people: Collection[int], subject: str, text: str, at: datetime) -> int:
    """Note that these people have to be told now, through every channel that each wants; quiet hours do not hold it back.

    Whoever was told of `key` before is not told again. Returns how many deliveries wait; they are sent by `send_urgent`.
    """
    ready = [channel for channel in channels() if channel.urge is not None]
    if not ready:
        return 0
    settings_of = ReminderSetting.objects.filter(person__in=people).order_by("pk")
    rows = [
        UrgentDelivery(
            key=key, person_id=setting.person_id, channel=channel.name, subject=subject[:120], text=text[:400],
            queued_at=at,
        )
        for setting in settings_of for channel in ready if channel.wants(setting)
    ]  # fmt: skip
    known = set(UrgentDelivery.objects.filter(key=key).order_by().values_list("person_id", "channel"))
    new = [row for row in rows if (row.person_id, row.channel) not in known]
    UrgentDelivery.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def send_urgent() -> int:
    """Send what cannot wait and return how many went out; each at most once, as `send_waiting`."""
    known = {channel.name: channel for channel in channels() if channel.urge is not None}
    sent = 0
    for row in UrgentDelivery.objects.filter(state=DeliveryState.WAITING, channel__in=known).order_by("pk")[:AT_ONCE]:
        mine = UrgentDelivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING)
        if not mine.update(state=DeliveryState.SENDING, tries=F("tries") + 1):
            continue
        setting = ReminderSetting.objects.filter(person_id=row.person_id).first()
        urge, state = known[row.channel].urge, DeliveryState.FAILED
        if setting is not None and urge is not None and known[row.channel].wants(setting):
            try:
                urge(row, setting)
                state, sent = DeliveryState.SENT, sent + 1
            except OSError:
                state = DeliveryState.WAITING if row.tries + 1 < MOST_TRIES else DeliveryState.FAILED
        UrgentDelivery.objects.filter(pk=row.pk, state=DeliveryState.SENDING).update(state=state)
    return sent


def _mail_is_ready() -> bool:
    """Mail is set up where the installation names a sender of its own."""
    return bool(settings.DEFAULT_FROM_EMAIL != "webmaster@localhost")


def _wants_mail(setting: ReminderSetting) -> bool:
    return bool(setting.mail_sealed)


def _send_mail(message: ReminderMessage, setting: ReminderSetting) -> None:
    assert setting.mail_sealed is not None  # wanted
    rows = message.reminders.select_related("obligation__body", "obligation__version").order_by("pk")
    lines = [
        _("%(step)s：%(title)s，%(body)s，%(day)s 到期")
        % {
            "step": ReminderStep(row.step).label, "title": row.obligation.title, "body": row.obligation.body.name,
            "day": row.obligation.due_on.isoformat(),
        }
        for row in rows
    ]  # fmt: skip
    subject = counted("融合提醒：%(count)s 件事", len(lines)) % {"count": len(lines)}
    EmailMessage(subject, "\n".join(lines), to=[open_text(setting.mail_sealed)]).send(fail_silently=False)


def _urge_by_mail(row: UrgentDelivery, setting: ReminderSetting) -> None:
    assert setting.mail_sealed is not None  # wanted
    EmailMessage(row.subject, row.text, to=[open_text(setting.mail_sealed)]).send(fail_silently=False)


MAIL = register_channel(Channel("mail", _mail_is_ready, _wants_mail, _send_mail, _urge_by_mail))
