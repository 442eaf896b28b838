"""What the demonstration's people were reminded of in the last working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Max

from ronghe.demo.history import at
from ronghe.demo.organization import Field
from ronghe.domain.org.rules.reaches import local_day
from ronghe.domain.reminders.models import ReminderMessage
from ronghe.domain.reminders.services.keeping import read_message
from ronghe.domain.reminders.services.rounds import send_reminders
from ronghe.kernel.calendar.calendars import statutory_calendar
from ronghe.kernel.calendar.workdays import previous_working_day

DAYS = 3


def show_reminders(field: Field, since: date, now: datetime) -> None:  # noqa: ARG001 - every step gets them
    """Send the messages of three working days at their hour, today's last; of each person the latest is still unread."""
    calendar = statutory_calendar()
    days = [previous_working_day(calendar, local_day(now))]
    while len(days) < DAYS:
        days.append(previous_working_day(calendar, days[-1] - timedelta(days=1)))
    for day in reversed(days):
        send_reminders(at=at(day, 8, 0))
    unread = ReminderMessage.objects.order_by().values("person").annotate(last=Max("pk")).values("last")
    for message in ReminderMessage.objects.exclude(pk__in=list(unread.values_list("last", flat=True))):
        read_message(message=message, actor=message.person, at=at(message.day, 8, 20))
