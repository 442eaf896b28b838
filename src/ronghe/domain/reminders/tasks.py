"""Every ten minutes: whose hour has come is reminded, and what waits in the channels goes out. Every night the old goes.

What cannot wait is sent by a job of its own as soon as it was asked for; the round sends what that one could not.
"""

from __future__ import annotations

from django.utils import timezone

from ronghe.domain.reminders.services.keeping import forget_old
from ronghe.domain.reminders.services.rounds import send_reminders as send
from ronghe.domain.reminders.services.sending import send_urgent as urge
from ronghe.domain.reminders.services.sending import send_waiting
from ronghe.kernel.jobs.jobs import job
from ronghe.kernel.jobs.schedules import every


@job(retries=2)
def send_reminders() -> None:
    now = timezone.now()
    send(at=now)
    send_waiting(at=now)
    urge()


@job(retries=2)
def send_urgent() -> None:
    urge()


@job(retries=3)
def forget_reminders() -> None:
    forget_old(at=timezone.now())


every("*/10 * * * *", "send_reminders", send_reminders)
every("50 0 * * *", "forget_reminders", forget_reminders)
