"""What people are reminded of, gathered into one message a day, and how each wants to be reminded.

Nothing here is a record of merit: rows are thrown away after some months (`services.keeping`).
"""

from __future__ import annotations

from datetime import datetime, time
from typing import ClassVar

from django.db import models
from django.db.models import Q

from ronghe.domain.reminders.enums import DeliveryState, ReminderStep

SEND_AT = time(8, 0)
QUIET_FROM, QUIET_UNTIL = time(21, 0), time(7, 30)


class ReminderSetting(models.Model):
    """How one person wants to be reminded; whoever has no row is reminded as these defaults say."""

    person = models.OneToOneField("org.Person", on_delete=models.CASCADE, related_name="reminder_setting")
    send_at = models.TimeField(default=SEND_AT)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    on_free_days = models.BooleanField(default=False)
    mail_sealed = models.TextField(null=True)
    """The address to which the message goes as well, sealed; nothing where the bell is enough."""

    class Meta:
        db_table = "reminders_setting"

    def __str__(self) -> str:
        return f"#{self.person_id} {self.send_at:%H:%M}"


class MessageQuerySet(models.QuerySet["ReminderMessage"]):
    def waiting(self, at: datetime) -> MessageQuerySet:
        """Not read yet, and not put off beyond `at`."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at), read_at=None)


class ReminderMessage(models.Model):
    """Everything that one person is reminded of on one day."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="reminder_messages", db_index=False)
    day = models.DateField()
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[ReminderMessage]] = MessageQuerySet.as_manager()

    class Meta:
        db_table = "reminders_message"
        indexes = [
            models.Index("person", condition=Q(read_at=None), name="reminders_message_unread"),
            models.Index("day", name="reminders_message_day"),
        ]
        constraints = [models.UniqueConstraint("person", "day", name="reminders_message_once_a_day")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.person_id} {self.day}"


class Reminder(models.Model):
    """One line of a message: this obligation has come to this step."""

    message = models.ForeignKey(ReminderMessage, on_delete=models.CASCADE, related_name="reminders")
    obligation = models.ForeignKey("obligations.Obligation", on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="reminders", db_index=False)
    step = models.CharField(max_length=12, choices=ReminderStep.choices)
    is_escalated = models.BooleanField(default=False)
    """It goes to somebody who does not answer for it: the deputy or secretary, or the superior."""

    class Meta:
        db_table = "reminders_reminder"
        constraints = [models.UniqueConstraint("obligation", "step", "person", name="reminders_reminder_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.step} of {self.obligation_id}"

    def get_step_display(self) -> str:  # type: ignore[no-redef]
        return str(ReminderStep(self.step).label)


class ReminderRound(models.Model):
    """Everybody who wants the message at this time has been looked at on this day."""

    day = models.DateField()
    send_at = models.TimeField()

    class Meta:
        db_table = "reminders_round"
        constraints = [models.UniqueConstraint("day", "send_at", name="reminders_round_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.send_at:%H:%M}"


class ReminderDelivery(models.Model):
    """A message on its way through a channel outside the platform.

    It is marked as being sent before it is sent: a worker that dies between the two leaves it so, and it is never sent
    again, since nobody knows whether it went.
    """

    message = models.ForeignKey(ReminderMessage, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reminders_delivery"
        indexes = [models.Index("state", condition=Q(state=DeliveryState.WAITING), name="reminders_delivery_waiting")]
        constraints = [models.UniqueConstraint("message", "channel", name="reminders_delivery_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.channel} {self.state}"


class UrgentDelivery(models.Model):
    """A word that cannot wait on its way to one person through one channel, whatever the hour; sent at most once.

    `key` names what it is about: the same person is told of one thing once. It is marked before it is sent, as above.
    """

    key = models.CharField(max_length=64)
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="urgent_deliveries", db_index=False)
    channel = models.CharField(max_length=16)
    subject = models.CharField(max_length=120)
    text = models.CharField(max_length=400)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()

    class Meta:
        db_table = "reminders_urgent"
        indexes = [
            models.Index("state", condition=Q(state=DeliveryState.WAITING), name="reminders_urgent_waiting"),
            models.Index("queued_at", name="reminders_urgent_queued"),
        ]
        constraints = [models.UniqueConstraint("person", "key", "channel", name="reminders_urgent_once")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.channel} {self.state}"
