"""When a reminder is given, and what became of sending it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderStep(models.TextChoices):
    """The steps of one obligation, in order; each goes to each person once."""

    OPENED = "opened", _("开始办")
    AHEAD = "ahead", _("快到期")
    DUE_DAY = "due_day", _("到期日")
    OVERDUE = "overdue", _("已过期，还在宽限")
    MISSED = "missed", _("漏办")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("没有发出")
